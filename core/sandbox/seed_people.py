"""The seeded customers: who they are and what each is there to show. All made up, all at example.com."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from core.sandbox import seed_wallets
from core.sandbox.seed_offers import OfferSeed, ahead


@dataclass(frozen=True, slots=True)
class Persona:
    """A customer before ids: `tags` map a name to a count (a counter) or to a lifetime (an expiring tag)."""

    name: str
    summary: str
    first_name: str
    last_name: str
    offers: Callable[[], tuple[OfferSeed, ...]]
    external_id: str
    locale: str = "en-US"
    country: str = "US"
    city: str = "Portland"
    dob: str | None = "1990-02-03"
    gender: str | None = "f"
    tier: str | None = "Silver"
    points: int = 120
    life_time_points: int = 900
    audit_rows: int = 12
    tags: dict[str, int | timedelta] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()


ANA = Persona(
    "ana",
    "ordinary: 12 offers, one ends in 2 h 10 min, tags, points, Silver",
    "Ana",
    "Prado",
    seed_wallets.ana,
    "CRM-000123",
    points=1240,
    life_time_points=8900,
    audit_rows=64,
    tags={
        "winback_q3": 3,
        "store_visit": 14,
        "cart_abandoner": ahead(hours=5, minutes=12),
        "vip_weekend": ahead(days=2, hours=3),
        "churn_risk": ahead(days=26),
    },
    profile={"preferred_channel": ["email", "push"], "favourite_store": "Alder Street", "newsletter": True},
    custom={"favourite_drink": "flat white", "visits": 14, "preferred_channel": ["email", "push"], "vip": False},
)

PEOPLE: tuple[Persona, ...] = (
    ANA,
    Persona(
        "empty",
        "an empty wallet, no tags, no points yet",
        "Ben",
        "Ostrow",
        seed_wallets.empty,
        "CRM-000200",
        tier="Bronze",
        points=0,
        life_time_points=0,
        audit_rows=0,
    ),
)
