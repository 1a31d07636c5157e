"""What a seeded offer is, and short ways to write one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

Texts = dict[str, tuple[str, str, str]]
"""Culture to name, description, terms; en-US stands in for a culture that is missing."""


def ago(*, days: float = 0, hours: float = 0, minutes: float = 0) -> timedelta:
    """A moment before the sandbox was started."""
    return -timedelta(days=days, hours=hours, minutes=minutes)


def ahead(*, days: float = 0, hours: float = 0, minutes: float = 0) -> timedelta:
    """A moment after the sandbox was started."""
    return timedelta(days=days, hours=hours, minutes=minutes)


@dataclass(frozen=True, slots=True)
class OfferSeed:
    """An offer in a wallet; moments count from the start of the sandbox, `expires` None is never.

    `digits` are the fractional digits of its dates; `pending` rows wait for an outside system and show on demand only.
    """

    key: str
    texts: Texts
    kind: str = "manual_fulfillment"
    group: str | None = None
    category: str | None = None
    acquired: timedelta = field(default_factory=lambda: ago(days=3, minutes=17))
    starts: timedelta = field(default_factory=lambda: ago(days=10))
    redeem_from: timedelta | None = None
    expires: timedelta | None = None
    redeemed: timedelta | None = None
    pos: str | None = None
    digits: int = 0
    pending: bool = False
    from_store: bool = False


def plain(name: str, description: str = "", terms: str = "One per visit. Not combinable.") -> Texts:
    """Texts in en-US only."""
    return {"en-US": (name, description, terms)}


def spoken(en: tuple[str, str, str], de: tuple[str, str, str], ja: tuple[str, str, str]) -> Texts:
    """Texts in the three cultures of the sandbox's tenant."""
    return {"en-US": en, "de-DE": de, "ja-JP": ja}
