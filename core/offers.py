"""An offer as it sits in a customer's wallet, and the state that is derived from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from core.moments import parse_moment
from core.shapes import flag, line, text

NIL_GUID = "00000000-0000-0000-0000-000000000000"


class OfferState(StrEnum):
    """Where an offer stands now. The wire's own state numbers are undocumented, so this is derived."""

    ISSUED = "issued"  # held and usable
    WAITING = "waiting"  # held, its window has not begun
    BLOCKED = "blocked"  # held, inside its window, marked as not redeemable
    REDEEMED = "redeemed"
    EXPIRED = "expired"


def _moment(*keys: str) -> cached_property[datetime | None]:
    return cached_property(lambda offer: parse_moment(_first(offer.raw, keys)))


def _line(*keys: str) -> cached_property[str]:
    return cached_property(lambda offer: line(_first(offer.raw, keys)))


def _text(*keys: str) -> cached_property[str]:
    return cached_property(lambda offer: text(_first(offer.raw, keys)))


def _group(*keys: str) -> cached_property[str | None]:
    return cached_property(lambda offer: _not_nil(line(_first(offer.raw, keys))))


def _first(row: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((row[key] for key in keys if row.get(key) is not None), None)


def _not_nil(guid: str) -> str | None:
    return guid if guid and guid != NIL_GUID else None


class Offer:
    """One row of `user_offers`; `raw` is the row as it came, unknown keys and all, `index` its place in the wallet.

    A field is read from the row when somebody first asks for it, so that a wallet of thousands opens at once. Texts
    are fit to show; what is sent or rendered is taken from `raw`. Moments are UTC; None means null, absent or
    unreadable, and `raw` tells which. `id` is the user offer id (what redeem and revoke act on), `offer_id` the
    version, `root_offer_id` the family; `group_id` and `category_id` are None for the nil GUID. Spellings:
    docs.sessionm.com (Connect offers), Braze docs (partner page "SessionM"); those that only public clients show are
    read when present and never required.
    """

    def __init__(self, raw: Mapping[str, Any], index: int) -> None:
        self.raw = raw
        self.index = index

    id = _line("id", "user_offer_id")
    offer_id = _line("offer_id")
    root_offer_id = _line("root_offer_id")
    group_id = _group("offer_group_id")
    category_id = _group("offer_category_id", "category_id")
    type = _line("offer_type")
    name = _line("name", "title")
    description = _text("description")
    terms = _text("terms")
    starts_at = _moment("start_date")
    ends_at = _moment("end_date")
    acquired_at = _moment("acquire_date")
    redemption_starts_at = _moment("redemption_start_date")
    redemption_ends_at = _moment("redemption_end_date")
    expires_at = _moment("expiration_date")
    redeemed_at = _moment("redeem_date")
    is_redeemable = cached_property(lambda offer: flag(offer.raw.get("is_redeemable")))
    pos_discount_id = _line("pos_discount_id")

    def __repr__(self) -> str:
        return f"Offer({self.name!r}, {self.key!r})"

    @property
    def key(self) -> str:
        """What identifies this row between two reads of the wallet."""
        return self.id or f"{self.offer_id}#{self.index}"

    @cached_property
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
