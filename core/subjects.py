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
NO_CHANGES = Changes()


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
    changes: Changes = NO_CHANGES
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
    fields = [_FIELDS[pane] for pane in panes or tuple(Pane)]
    loading: dict[str, Any] = {field: replace(getattr(subject, field), loading=True) for field in fields}
    wallet = subject.wallet.value
    return replace(subject, ticket=ticket, culture=culture or subject.culture, earlier_wallet=wallet, **loading)


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
        subject = _replaced(subject, field, replace(before, error=read.error, loading=False))
        return _nothing_else_is_coming(subject) if read.pane is Pane.PROFILE else subject
    part: Part[Any] = Part(read.value, None, read.read_at, loading=not read.is_last)
    return _with_wallet(subject, part) if read.pane is Pane.WALLET else _replaced(subject, field, part)


def _replaced(subject: Subject, field: str, part: Part[Any]) -> Subject:
    changed: dict[str, Any] = {field: part}
    return replace(subject, **changed)


def _with_wallet(subject: Subject, part: Part[Wallet]) -> Subject:
    earlier = subject.earlier_wallet
    if part.value is None or (part.loading and earlier is not None):
        # While a re-read is on its way the older, complete wallet stays in view.
        return replace(subject, wallet=replace(subject.wallet, loading=True))
    changes = changes_between(earlier, part.value) if earlier is not None else NO_CHANGES
    return replace(subject, wallet=part, changes=changes)


def _nothing_else_is_coming(subject: Subject) -> Subject:
    """An email or external id that led to nobody: no other pane was asked, so none may go on loading."""
    if subject.user_id:
        return subject
    rest = [field for field in _FIELDS.values() if field != "customer"]
    parts: dict[str, Any] = {field: replace(getattr(subject, field), loading=False) for field in rest}
    return replace(subject, **parts)
