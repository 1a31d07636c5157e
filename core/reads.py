"""What a screen gets when it reads: each answer with its ticket, so that a stale one can be told and dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.errors import OfferdeckError


class Pane(StrEnum):
    """A part of the Customer screen that is read on its own and fails on its own."""

    PROFILE = "profile"
    WALLET = "wallet"
    TAGS = "tags"
    POINTS = "points"
    TREND = "trend"
    BRAZE = "braze"


@dataclass(frozen=True, slots=True)
class Ticket:
    """What an answer was asked for: profile, customer as looked up, and the number of the asking."""

    profile: str
    customer: str
    generation: int


@dataclass(frozen=True, slots=True)
class PaneRead:
    """An answer, or its failure, for one pane. `value` is a Customer, Wallet, list of Tag, Points, list of floats or

    BrazeLink. `is_last` is False while more pages follow. `read_at` is UTC.
    """

    ticket: Ticket
    pane: Pane
    value: Any
    error: OfferdeckError | None
    is_last: bool
    read_at: datetime


class Tickets:
    """Hands out tickets and tells whether an answer still belongs to what is on the screen."""

    def __init__(self) -> None:
        self._current: Ticket | None = None
        self._generation = 0

    def issue(self, profile: str, customer: str) -> Ticket:
        """A new ticket; every earlier one is stale from now on."""
        self._generation += 1
        self._current = Ticket(profile, customer, self._generation)
        return self._current

    def void(self) -> None:
        """Nothing is asked for any more: every answer is stale."""
        self._current = None

    def is_current(self, ticket: Ticket) -> bool:
        """Whether an answer with `ticket` may be shown."""
        return ticket == self._current
