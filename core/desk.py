"""The desk: every use case of one open profile, for the cockpit and the command line alike."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Protocol

from core.admission import Admitted
from core.answercache import AnswerCache
from core.braze.api import Braze
from core.calls import Call, Service
from core.connecting import Confirm, ConnectedFetch, Live
from core.customers import BrazeLink, Customer, CustomerRef, IdKind, find_refs
from core.errors import Guarded, NotFound, OfferdeckError
from core.gate import Gate
from core.ledger import Entry
from core.outcomes import Exchange
from core.planning import plan_send, plan_tags
from core.plans import Confirmation, Plan, Receipt
from core.ports import Clock, Ledger, Pulse
from core.profiles import Profile
from core.reads import Pane, PaneRead, Ticket
from core.render import Renders
from core.sends import Broadcast, MessageTemplate, Recipients, Target, TargetKind
from core.sessionm.api import SessionM
from core.streams import merged
from core.tags import Tag, Ttl
from core.templates import BrazeMessage, EmailTemplate, ListedTemplate
from core.wallets import Wallet
from core.workspace import Workspace

Read = Callable[[Call], Awaitable[Any]]


class Dispatch(Protocol):
    """The one way out for writes."""

    async def execute(
        self, plan: Plan, confirmation: Confirmation, *, on_wait: Callable[[float], None] | None = None
    ) -> Receipt:
        """Intent on disk, then the wire, then the receipt. Raises Guarded when a guard stops it."""
        ...


class _NotConnected:
    """Nobody to call: a desk made without a wire for connected content."""

    async def fetch(self, admitted: Admitted) -> Exchange:
        """Raises Guarded."""
        raise Guarded("Connected content cannot be called from here.", "Nothing left.")


class Desk:
    """One open profile. Reads raise our errors or carry them in a PaneRead; writes go plan, confirmation, receipt."""

    def __init__(
        self,
        profile: Profile,
        read: Read,
        dispatch: Dispatch,
        ledger: Ledger,
        gate: Gate,
        clock: Clock,
        pulse: Pulse,
        *,
        closing: Callable[[], Awaitable[None]] | None = None,
        connected: ConnectedFetch | None = None,
    ) -> None:
        self.profile = profile
        self.gate = gate
        self.clock = clock
        self.ledger = ledger
        self.read = read
        self._dispatch = dispatch
        self._pulse = pulse
        self._closing = closing
        self.sessionm = SessionM(read, clock, profile.retailer_id)
        self.braze = Braze(read)
        self.workspace = Workspace(self.braze)
        self._connected = connected or _NotConnected()
        self._answers = AnswerCache(clock)

    # -- reading a customer

    async def find_customer(self, text: str) -> Customer:
        """The customer behind a typed or pasted text: its ids are tried in turn until SessionM knows one.

        Raises InvalidInput when the text holds no id, NotFound when SessionM knows none of them.
        """
        return await self.known_by(*find_refs(text))

    async def known_by(self, *refs: CustomerRef) -> Customer:
        """The first customer that SessionM knows by one of `refs`. Raises NotFound naming them all."""
        missing: list[str] = []
        for ref in refs:
            try:
                return await self.sessionm.customer(ref)
            except NotFound:
                missing.append(f"{ref.kind.value} {ref.value}")
        hint = "Check the id, and that the profile is the right tenant."
        raise NotFound(f"SessionM knows no customer by {', '.join(missing)}.", hint, code="user_not_found")

    async def open_customer(self, text: str, ticket: Ticket, culture: str) -> AsyncGenerator[PaneRead, None]:
        """Everything the Customer screen shows, side by side, each pane as it arrives with its own failure.

        A SessionM id starts every pane at once; an email or external id is first turned into one.
        """
        try:
            first = find_refs(text)[0]
            found = None if first.kind is IdKind.USER_ID else await self.find_customer(text)
        except OfferdeckError as error:
            yield self._failed(ticket, Pane.PROFILE, error)
            return
        user_id = found.user_id if found is not None else first.value
        async with aclosing(self._panes(user_id, ticket, culture, tuple(Pane), found)) as reads:
            async for read in reads:
                yield read

    def read_panes(
        self, user_id: str, ticket: Ticket, culture: str, panes: Sequence[Pane]
    ) -> AsyncGenerator[PaneRead, None]:
        """Some panes of a customer whose id is known, side by side."""
        return self._panes(user_id, ticket, culture, panes, None)

    def _panes(
        self, user_id: str, ticket: Ticket, culture: str, panes: Sequence[Pane], found: Customer | None
    ) -> AsyncGenerator[PaneRead, None]:
        streams = []
        if Pane.PROFILE in panes or Pane.BRAZE in panes:
            streams.append(self._profile_and_braze(user_id, ticket, found))
        if Pane.WALLET in panes:
            streams.append(self.read_wallet(user_id, ticket, culture))
        if Pane.TAGS in panes:
            streams.append(self.read_tags(user_id, ticket))
        if Pane.POINTS in panes:
            streams.append(self._points(user_id, ticket, culture))
        if Pane.TREND in panes:
            streams.append(self._trend(user_id, ticket))
        return merged(*streams)

    async def read_wallet(self, user_id: str, ticket: Ticket, culture: str) -> AsyncGenerator[PaneRead, None]:
        """The wallet page by page; the last one has `is_last`."""
        try:
            async with aclosing(self.sessionm.wallet(user_id, culture)) as pages:
                wallet: Wallet | None = None
                async for wallet in pages:
                    yield self._read(ticket, Pane.WALLET, wallet, is_last=wallet.is_complete)
            if wallet is not None and not wallet.is_complete:
                yield self._read(ticket, Pane.WALLET, wallet)
        except OfferdeckError as error:
            yield self._failed(ticket, Pane.WALLET, error)

    async def read_tags(self, user_id: str, ticket: Ticket) -> AsyncGenerator[PaneRead, None]:
        """The tags."""
        yield await self._one(ticket, Pane.TAGS, self.sessionm.tags(user_id))

    async def _points(self, user_id: str, ticket: Ticket, culture: str) -> AsyncGenerator[PaneRead, None]:
        yield await self._one(ticket, Pane.POINTS, self.sessionm.points(user_id, culture))

    async def _trend(self, user_id: str, ticket: Ticket) -> AsyncGenerator[PaneRead, None]:
        yield await self._one(ticket, Pane.TREND, self.sessionm.points_per_day(user_id))

    async def _profile_and_braze(
        self, user_id: str, ticket: Ticket, found: Customer | None
    ) -> AsyncGenerator[PaneRead, None]:
        if found is None:
            profile = await self._one(
                ticket, Pane.PROFILE, self.sessionm.customer(CustomerRef(IdKind.USER_ID, user_id))
            )
        else:
            profile = self._read(ticket, Pane.PROFILE, found)
        yield profile
        if isinstance(profile.value, Customer):
            yield await self._one(ticket, Pane.BRAZE, self.braze.link(profile.value))
        elif profile.error is not None:
            yield self._failed(ticket, Pane.BRAZE, profile.error)

    async def _one(self, ticket: Ticket, pane: Pane, wanted: Awaitable[Any]) -> PaneRead:
        try:
            return self._read(ticket, pane, await wanted)
        except OfferdeckError as error:
            return self._failed(ticket, pane, error)

    def _read(self, ticket: Ticket, pane: Pane, value: object, *, is_last: bool = True) -> PaneRead:
        return PaneRead(ticket, pane, value, None, is_last, self.clock.now())

    def _failed(self, ticket: Ticket, pane: Pane, error: OfferdeckError) -> PaneRead:
        return PaneRead(ticket, pane, None, error, True, self.clock.now())

    # -- campaigns and Canvases

    def targets(self, kind: TargetKind) -> AsyncGenerator[list[Target], None]:
        """Campaigns or Canvases, a list per page."""
        return self.braze.targets(kind)

    async def target_details(self, target: Target) -> tuple[Target, tuple[MessageTemplate, ...]]:
        """A target with its state, and the texts of its messages."""
        return await self.braze.details(target)

    async def target_messages(self, target: Target) -> tuple[BrazeMessage, ...]:
        """The messages of a target, each whole."""
        return await self.braze.messages(target)

    # -- what messages are made of

    def templates(self) -> AsyncGenerator[list[ListedTemplate], None]:
        """Email templates, a list per page."""
        return self.braze.templates()

    async def template(self, listed: ListedTemplate) -> EmailTemplate:
        """An email template whole."""
        return await self.braze.template(listed.id)

    def live_renderer(self, renders: Renders, *, confirm: Confirm | None = None) -> Live:
        """A renderer for one look at a message whose connected content is really called, under this profile's guards.

        A POST that may change something is made when `confirm` says yes, without it never. Answers, Content Blocks and
        catalog items are kept by the desk; `workspace.forget()` reads the latter two anew.
        """
        return Live(renders, self.profile, self._connected, self.workspace, self._answers, self.clock, confirm=confirm)

    # -- writing

    def plan_tags(
        self,
        user_id: str,
        names: tuple[str, ...],
        ttl: Ttl | None,
        *,
        customer: Customer | None = None,
        current: Sequence[Tag] | None = None,
    ) -> Plan:
        """A plan to tag one customer."""
        return plan_tags(
            self.profile,
            user_id,
            names,
            ttl,
            plan_id=uuid.uuid4().hex,
            now=self.clock.now(),
            customer=customer,
            current=current,
        )

    def plan_send(
        self,
        target: Target,
        audience: Recipients | Broadcast,
        properties: Mapping[str, Any],
        *,
        customer: Customer | None = None,
        link: BrazeLink | None = None,
    ) -> Plan:
        """A plan to trigger a campaign or Canvas for named people."""
        return plan_send(
            self.profile,
            target,
            audience,
            properties,
            plan_id=uuid.uuid4().hex,
            now=self.clock.now(),
            customer=customer,
            link=link,
        )

    async def execute(
        self, plan: Plan, confirmation: Confirmation, *, on_wait: Callable[[float], None] | None = None
    ) -> Receipt:
        """Carry out a confirmed plan. Raises Guarded when a guard stops it before anything left.

        `on_wait` is told the seconds of each pause that the service asked for.
        """
        return await self._dispatch.execute(plan, confirmation, on_wait=on_wait)

    async def ledger_entries(self, search: str = "") -> Sequence[Entry]:
        """What left through this profile, newest first, at most 500."""
        return await self.ledger.entries(profile=self.profile.name, search=search)

    # -- how the services are

    def last_ms(self, service: Service) -> int | None:
        """Milliseconds of the latest complete answer of `service`; None before the first."""
        return self._pulse.last_ms(service)

    async def aclose(self) -> None:
        """Close the connections and let others write; a second call does nothing."""
        if self._closing is not None:
            closing, self._closing = self._closing, None
            await closing()
