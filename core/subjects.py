"""The customer on the screen: each pane's value, its failure, its age; folded from answers, stale ones dropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from core.customers import BrazeLink, Customer, Points
from core.errors import OfferdeckError
from core.reads import Pane, PaneRead, Ticket
from core.tags import Tag
from core.wallets import Changes, Wallet, changes_between

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Part(Generic[Value]):
    """One pane: never read, loading, failed or read. A failed refresh keeps the older value beside the error."""

    value: Value | None = None
    error: OfferdeckError | None = None
    read_at: datetime | None = None
    loading: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything the cockpit knows of the customer it shows. `ticket` None: nobody has been looked up."""

    query: str = ""
    culture: str = "en-US"
    ticket: Ticket | None = None
    customer: Part[Customer] = Part()
    wallet: Part[Wallet] = Part()
    tags: Part[list[Tag]] = Part()
    points: Part[Points] = Part()
    trend: Part[list[float]] = Part()
    braze: Part[BrazeLink] = Part()
    changes: Changes = Changes()
    earlier_wallet: Wallet | None = None

    @property
    def is_loading(self) -> bool:
        """Whether any pane still waits for an answer."""
        return any(part.loading for part in (self.customer, self.wallet, self.tags, self.points, self.braze))

    @property
    def user_id(self) -> str:
        """SessionM's id of this customer, or nothing while it is not known."""
        if self.customer.value is not None:
            return self.customer.value.user_id
        return self.wallet.value.user_id if self.wallet.value is not None else ""

    @property
    def name(self) -> str:
        """The customer's name, else what was looked up."""
        return self.customer.value.name if self.customer.value is not None else self.query


def asked(query: str, culture: str, ticket: Ticket) -> Subject:
    """A customer just looked up: every pane loading."""
    loading: Part[Any] = Part(loading=True)
    return Subject(query, culture, ticket, loading, loading, loading, loading, loading, loading)


def asked_again(subject: Subject, ticket: Ticket, *panes: Pane, culture: str | None = None) -> Subject:
    """The same customer read again (all panes when none is named): values stay in place until fresh ones come."""
    fresh = replace(subject, ticket=ticket, culture=culture or subject.culture, earlier_wallet=subject.wallet.value)
    for pane in panes or tuple(Pane):
        fresh = replace(fresh, **{_FIELDS[pane]: replace(getattr(fresh, _FIELDS[pane]), loading=True)})
    return fresh


_FIELDS = {
    Pane.PROFILE: "customer",
    Pane.WALLET: "wallet",
    Pane.TAGS: "tags",
    Pane.POINTS: "points",
    Pane.TREND: "trend",
    Pane.BRAZE: "braze",
}


def told(subject: Subject, read: PaneRead) -> Subject:
    """`subject` with one more answer in it; an answer asked with another ticket changes nothing."""
    if read.ticket != subject.ticket:
        return subject
    field = _FIELDS[read.pane]
    before: Part[Any] = getattr(subject, field)
    if read.error is not None:
        failed = replace(before, error=read.error, loading=False)
        subject = replace(subject, **{field: failed})
        return _nothing_else_is_coming(subject, read) if read.pane is Pane.PROFILE else subject
    part = Part(read.value, None, read.read_at, loading=not read.is_last)
    if read.pane is Pane.WALLET:
        return _with_wallet(subject, part)
    return replace(subject, **{field: part})


def _with_wallet(subject: Subject, part: Part[Wallet]) -> Subject:
    wallet = part.value
    if wallet is None or not wallet.is_complete and subject.earlier_wallet is not None and part.loading:
        # While a re-read is on its way the older, complete wallet stays in view.
        return replace(subject, wallet=replace(subject.wallet, loading=True))
    changes = changes_between(subject.earlier_wallet, wallet) if subject.earlier_wallet is not None else Changes()
    return replace(subject, wallet=part, changes=changes)


def _nothing_else_is_coming(subject: Subject, read: PaneRead) -> Subject:
    """An email or external id that led to nobody: no other pane was asked, so none may go on loading."""
    if subject.user_id:
        return subject
    parts = {
        field: replace(getattr(subject, field), loading=False) for field in _FIELDS.values() if field != "customer"
    }
    return replace(subject, **parts)
