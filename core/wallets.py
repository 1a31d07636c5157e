"""A customer's offer wallet: the pages read so far, what runs out when, and what changed since the last look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.offers import Offer, OfferState, expiry_rank


@dataclass(frozen=True, slots=True)
class Label:
    """A group or category of offers: id and name."""

    id: str
    name: str
    sort_order: int = 0


@dataclass(frozen=True, slots=True)
class Wallet:
    """What `get_user_offers` told, page by page. `total_records` is SessionM's own count; None when it gave none.

    `document` is the answer as it came, the rows of all pages joined: what a message renders against.
    """

    user_id: str
    culture: str
    offers: tuple[Offer, ...]
    total_records: int | None
    available_points: float | None
    groups: tuple[Label, ...]
    categories: tuple[Label, ...]
    read_at: datetime
    document: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether every offer that SessionM counts has been read."""
        return self.total_records is None or len(self.offers) >= self.total_records

    @property
    def count_words(self) -> str:
        """`12 of 12`, `1000 of 1312`, or `12` when SessionM gave no total."""
        return f"{len(self.offers)}" if self.total_records is None else f"{len(self.offers)} of {self.total_records}"

    def group_name(self, offer: Offer) -> str:
        """The name of the offer's group, or an empty string."""
        return next((group.name for group in self.groups if group.id == offer.group_id), "")

    def category_name(self, offer: Offer) -> str:
        """The name of the offer's category, or an empty string."""
        return next((label.name for label in self.categories if label.id == offer.category_id), "")


class SortBy(StrEnum):
    """Orders of the wallet list."""

    EXPIRY = "expiry"
    NAME = "name"
    TYPE = "type"
    ACQUIRED = "issued"


def sorted_offers(offers: Iterable[Offer], by: SortBy, now: datetime) -> list[Offer]:
    """The offers in the order a person asked for; ties by name."""
    if by is SortBy.NAME:
        return sorted(offers, key=lambda offer: offer.name.casefold())
    if by is SortBy.TYPE:
        return sorted(offers, key=lambda offer: (offer.type, *expiry_rank(offer, now)))
    if by is SortBy.ACQUIRED:
        return sorted(offers, key=lambda offer: -(offer.acquired_at.timestamp() if offer.acquired_at else 0.0))
    return sorted(offers, key=lambda offer: expiry_rank(offer, now))


def matching(offers: Sequence[Offer], text: str, now: datetime, *, inverted: bool = False) -> list[Offer]:
    """Offers in whose name, description, ids, type or state `text` occurs, without regard to case."""
    needle = text.casefold()
    if not needle:
        return list(offers)
    return [offer for offer in offers if (needle in search_text(offer, now)) is not inverted]


def search_text(offer: Offer, now: datetime) -> str:
    """Everything of an offer a person may search for, case-folded."""
    parts = (offer.name, offer.description, offer.type, offer.id, offer.offer_id, offer.root_offer_id)
    return "\n".join((*parts, offer.pos_discount_id, offer.state(now))).casefold()


def expiring_per_day(offers: Iterable[Offer], now: datetime, days: int = 30) -> list[int]:
    """How many usable offers end in each of the next `days` spans of 24 hours, counted from `now`."""
    counts = [0] * days
    for offer in offers:
        remaining = offer.remaining(now)
        if remaining is not None and offer.state(now) in (OfferState.ISSUED, OfferState.BLOCKED):
            day = int(remaining.total_seconds() // 86_400)
            if 0 <= day < days:
                counts[day] += 1
    return counts


@dataclass(frozen=True, slots=True)
class Changes:
    """What a fresh read shows against the one before: keys that appeared, changed or left."""

    appeared: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    left: tuple[Offer, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.appeared or self.changed or self.left)

    @property
    def words(self) -> str:
        """`2 new, 1 changed, 1 left`, or `no change`."""
        named = ((len(self.appeared), "new"), (len(self.changed), "changed"), (len(self.left), "left"))
        return ", ".join(f"{count} {word}" for count, word in named if count) or "no change"


def changes_between(before: Wallet, after: Wallet) -> Changes:
    """Compares two complete reads of one customer's wallet in one culture; anything else gives no changes."""
    same = (before.user_id, before.culture) == (after.user_id, after.culture)
    if not same or not before.is_complete or not after.is_complete:
        return Changes()
    old = {offer.key: offer for offer in before.offers}
    new = {offer.key: offer for offer in after.offers}
    return Changes(
        appeared=frozenset(new.keys() - old.keys()),
        changed=frozenset(key for key in new.keys() & old.keys() if new[key].raw != old[key].raw),
        left=tuple(old[key] for key in old.keys() - new.keys()),
    )
