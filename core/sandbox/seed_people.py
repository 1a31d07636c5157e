"""The seeded customers: who they are and what each is there to show. All made up, all at example.com."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from core.sandbox import seed_scripts as scripts
from core.sandbox import seed_wallets as wallets
from core.sandbox.seed_offers import OfferSeed, ahead
from core.sandbox.seed_texts import BY_KEY, HOSTILE


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
    wallets.ana,
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


_HOSTILE_TAGS: dict[str, int | timedelta] = {
    text[:80]: (index + 1 if index % 2 else ahead(hours=6 + index)) for index, (_, text) in enumerate(HOSTILE[:14])
}
_HOSTILE_ATTRIBUTES: dict[str, Any] = {f"{key} {text[:20]}": text for key, text in HOSTILE} | {
    "nested": {BY_KEY["colour"]: [BY_KEY["markup close"], BY_KEY["clipboard"]]},
}

PEOPLE: tuple[Persona, ...] = (
    ANA,
    Persona(
        "empty",
        "an empty wallet, no tags, no points yet",
        "Ben",
        "Ostrow",
        wallets.empty,
        "CRM-000200",
        tier="Bronze",
        points=0,
        life_time_points=0,
        audit_rows=0,
    ),
    Persona(
        "soon",
        "everything expires within the hour, tags in minutes",
        "Cleo",
        "Winter",
        wallets.soon,
        "CRM-000201",
        tags={"flash_sale": ahead(minutes=3), "last_call": ahead(minutes=47)},
    ),
    Persona("spent", "expired and redeemed rows only", "Dario", "Keller", wallets.spent, "CRM-000202", points=15),
    Persona(
        "many",
        "1,312 offers: two pages, every state",
        "Edda",
        "Lindqvist",
        wallets.many,
        "CRM-000203",
        tier="Gold",
        points=88_420,
        life_time_points=412_000,
        audit_rows=1_250,
        tags={f"segment_{index:03d}": index + 1 for index in range(60)},
    ),
    Persona(
        "japanese",
        "Japanese texts, wide and half-width",
        "美咲",
        "佐藤",
        scripts.japanese,
        "CRM-日本-0204",
        locale="ja-JP",
        country="JP",
        city="京都",
        tags={"抹茶好き": 4, "再来店": ahead(days=3)},
        custom={"好きな飲み物": "抹茶ラテ"},
    ),
    Persona(
        "korean",
        "Korean texts, composed and decomposed; tags without values",
        "서연",
        "김",
        scripts.korean,
        "CRM-000205",
        locale="ko-KR",
        country="KR",
        city="서울",
        tags={"단골": 9, "신규": ahead(days=1)},
        flags=frozenset({"bare_tags"}),
    ),
    Persona(
        "arabic",
        "Arabic and Hebrew texts, right to left",
        "ليلى",
        "حداد",
        scripts.arabic,
        "CRM-000206",
        locale="ar-AE",
        country="AE",
        city="دبي",
        tags={"عميل_مميز": 2},
    ),
    Persona(
        "emoji",
        "emoji of every width",
        "Zoë 🦊",
        "O’Neil-Žižek",
        scripts.emoji,
        "CRM-🦊-0207",
        tags={"🔥hot": ahead(hours=30), "👨‍👩‍👧": 1},
        custom={"mood": "🙂", "flag": "🏴󠁧󠁢󠁳󠁣󠁴󠁿"},
    ),
    Persona(
        "hostile",
        "escape sequences, OSC 52, C1, markup, bidi, NUL, endless texts",
        f"Mallory{BY_KEY['clipboard']}",
        f"{BY_KEY['markup action']}{BY_KEY['bidi']}{BY_KEY['nul']}",
        wallets.hostile,
        "CRM-[/]-0208",
        city=BY_KEY["colour"],
        tags=_HOSTILE_TAGS,
        profile=_HOSTILE_ATTRIBUTES,
        custom=_HOSTILE_ATTRIBUTES,
    ),
    Persona(
        "mismatch",
        "Braze holds another external id; found there by email only",
        "Fritz",
        "Amsel",
        wallets.few,
        "CRM-000209",
        tags={"merged_2024": 1},
        flags=frozenset({"other_braze_id"}),
    ),
    Persona(
        "unknown",
        "unknown to Braze",
        "Greta",
        "Novak",
        wallets.few,
        "CRM-000210",
        flags=frozenset({"unknown_to_braze"}),
    ),
    Persona(
        "nopoints",
        "no points feature: no point fields, balances refused",
        "Hugo",
        "Brandt",
        wallets.few,
        "CRM-000211",
        tier=None,
        flags=frozenset({"no_points"}),
    ),
    Persona(
        "suspended",
        "suspended in SessionM, unsubscribed in Braze",
        "Ines",
        "Moreau",
        wallets.few,
        "CRM-000212",
        tags={"fraud_review": ahead(days=90)},
        flags=frozenset({"suspended"}),
    ),
    Persona(
        "nulls",
        "null wherever a list or an object might be",
        "Jo",
        "Null",
        wallets.empty,
        "CRM-000213",
        dob=None,
        gender=None,
        tier=None,
        flags=frozenset({"nulls"}),
    ),
    Persona(
        "german",
        "texts in German, English and Japanese; answers OK in upper case; tags as a list",
        "Jürgen",
        "Weißmüller-Öztürk",
        wallets.german,
        "CRM-000214",
        locale="de-DE",
        country="DE",
        city="Köln",
        tags={"stammkunde": 21, "gutschein_märz": ahead(days=12)},
        flags=frozenset({"upper_ok", "tag_list"}),
        custom={"lieblingsgetränk": "Käffchen"},
    ),
    Persona(
        "slow", "every answer takes 2.5 seconds", "Kim", "Later", wallets.few, "CRM-000215", flags=frozenset({"slow"})
    ),
)
