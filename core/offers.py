"""An offer as it sits in a customer's wallet, and the state that is derived from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

NIL_GUID = "00000000-0000-0000-0000-000000000000"


class OfferState(StrEnum):
    """Where an offer stands now. The wire's own state numbers are undocumented, so this is derived."""

    ISSUED = "issued"  # held and usable
    WAITING = "waiting"  # held, its window has not begun
    BLOCKED = "blocked"  # held, inside its window, marked as not redeemable
    REDEEMED = "redeemed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Offer:
    """One row of `user_offers`. Texts are cleaned for showing; `raw` is the row as it came, unknown keys and all.

    `id` is the user offer id (what redeem and revoke act on), `offer_id` the version, `root_offer_id` the family.
    Moments are UTC; None means null, absent or unreadable, and `raw` tells which. `group_id` is None for the nil GUID.
    """

    index: int
    id: str
    offer_id: str
    root_offer_id: str
    group_id: str | None
    category_id: str | None
    type: str
    name: str
    description: str
    terms: str
    starts_at: datetime | None
    ends_at: datetime | None
    acquired_at: datetime | None
    redemption_starts_at: datetime | None
    redemption_ends_at: datetime | None
    expires_at: datetime | None
    redeemed_at: datetime | None
    is_redeemable: bool | None
    pos_discount_id: str
    raw: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What identifies this row between two reads of the wallet."""
        return self.id or f"{self.offer_id}#{self.index}"

    @property
    def last_moment(self) -> datetime | None:
        """When it stops being usable: the earlier of the end of redemption and the expiration; None is never."""
        ends = [end for end in (self.redemption_ends_at, self.expires_at) if end is not None]
        return min(ends, default=None)

    @property
    def first_moment(self) -> datetime | None:
        """When it becomes usable: the start of redemption, else the start of the offer."""
        return self.redemption_starts_at or self.starts_at

    def state(self, now: datetime) -> OfferState:
        """The state at `now` (UTC): redeemed, then expired, then waiting, then blocked, else issued."""
        if self.redeemed_at is not None:
            return OfferState.REDEEMED
        last, first = self.last_moment, self.first_moment
        if last is not None and last <= now:
            return OfferState.EXPIRED
        if first is not None and first > now:
            return OfferState.WAITING
        return OfferState.BLOCKED if self.is_redeemable is False else OfferState.ISSUED

    def remaining(self, now: datetime) -> timedelta | None:
        """How long it stays usable; None when it never ends."""
        last = self.last_moment
        return None if last is None else last - now


def expiry_rank(offer: Offer, now: datetime) -> tuple[int, float, str]:
    """Sorts by what runs out first: usable ones by their end, endless ones, waiting ones, then what is over."""
    state = offer.state(now)
    last = offer.last_moment
    seconds = last.timestamp() if last is not None else float("inf")
    if state in (OfferState.ISSUED, OfferState.BLOCKED):
        return (0, seconds, offer.name)
    if state is OfferState.WAITING:
        first = offer.first_moment
        return (1, first.timestamp() if first else 0.0, offer.name)
    over = offer.redeemed_at or last
    return (2, -over.timestamp() if over else 0.0, offer.name)
