"""The Send room: a campaign or Canvas, who gets it, what it carries, and the review that stands before it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from core.composing import Usage, group_values, template_keys
from core.errors import Guarded, InvalidInput, OfferdeckError
from core.offers import Offer
from core.plans import Plan
from core.sends import MessageTemplate, PropertyGroup, Target, TargetKind
from core.subjects import Subject
from tui.frame import LookUp, Room
from tui.widgets.compose_pane import ComposePane
from tui.widgets.property_form import PropertyForm
from tui.widgets.request_pane import RequestPane
from tui.widgets.target_list import Listing, TargetList
from tui.writing import refusal_words

if TYPE_CHECKING:
    from core.desk import Desk

# Details cost a call: only a target that the cursor rests on is asked for.
RESTS_S = 0.25


class SendScreen(Room):
    """Three columns where there is room, two with the request in the list's place, one at a time on narrow screens."""

    ROOM = "send"
    CSS_PATH = "send.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S,f8", "review", "Review", id="send.review", tooltip="Open the review; nothing leaves yet"),
        # First, for in a text area F6 would select a line.
        Binding("f6", "json", "Form / JSON", priority=True, id="send.json", tooltip="A form or JSON text"),
        Binding("J", "json", show=False, id="send.json_letter", tooltip="The properties as a form or as JSON text"),
        Binding(
            "r,ctrl+t", "request", "Request", id="send.request", tooltip="The exact request, where it has no column"
        ),
        Binding(
            "ctrl+r,f5", "reload", "Refresh", show=False, id="send.reload", tooltip="The list and the customer again"
        ),
    ]

    class Listed(Message):
        """A page of targets, or the end of the list (`targets` None), or its failure."""

        def __init__(
            self, desk: Desk, kind: TargetKind, targets: list[Target] | None, error: OfferdeckError | None = None
        ) -> None:
            super().__init__()
            self.desk, self.kind, self.targets, self.error = desk, kind, targets, error

    class Detailed(Message):
        """The details of one target, or their failure."""

        def __init__(
            self,
            desk: Desk,
            asked: Target,
            target: Target | None,
            templates: tuple[MessageTemplate, ...] = (),
            error: OfferdeckError | None = None,
        ) -> None:
            super().__init__()
            self.desk, self.asked, self.target, self.templates, self.error = desk, asked, target, templates, error

    def compose_body(self) -> Iterable[Widget]:
        """What, to whom and with what, the request."""
        yield TargetList(id="targets")
        yield ComposePane(id="compose")
        yield RequestPane(id="request")

    def on_mount(self) -> None:
        """Lists are read when the room is first seen; the offer chosen elsewhere fills the form."""
        super().on_mount()
        self.targets, self.pane = self.query_one(TargetList), self.query_one(ComposePane)
        self.kind = TargetKind.CAMPAIGN
        self._desk: Desk | None = None
        self._listings: dict[TargetKind, Listing] = {}
        self._templates: dict[str, tuple[MessageTemplate, ...]] = {}
        self._offer: Offer | None = None
        self._offer_of = ""
        self._resting: Timer | None = None
        self.watch(self.app, "chosen_offer", self._offer_chosen)
        self.set_interval(1, self._tick)
        self.query_one(LookUp).value = self.app.subject.name
        self.subject_changed(self.app.subject)
        self.focus_first()

    def focus_first(self) -> None:
        """The list."""
        self.targets.table.focus()

    def subject_changed(self, subject: Subject) -> None:
        """Another customer is another recipient, and the offer of the one before is not theirs."""
        if self.app.desk is not self._desk:
            self._begin(self.app.desk)
        if self._offer is not None and subject.user_id != self._offer_of:
            self._offer, self.app.chosen_offer = None, None
            self.pane.set_form(self.pane.form.dropped(PropertyGroup.OFFER))
        self.pane.aim_at(subject.user_id)
        self._draw()

    def _begin(self, desk: Desk | None) -> None:
        """Everything known of Braze belonged to the profile before."""
        self._desk, self._listings, self._templates = desk, {}, {}
        self._show_kind(self.kind)

    def _offer_chosen(self, offer: Offer | None) -> None:
        if offer is not None and offer is not self._offer:
            self._offer, self._offer_of = offer, self.app.subject.user_id
            values = group_values(PropertyGroup.OFFER, offer, None, None)
            self.pane.set_form(self.pane.form.refilled(PropertyGroup.OFFER, values))

    # -- what Braze lists

    @on(TargetList.KindWanted)
    def _other_kind(self, event: TargetList.KindWanted) -> None:
        self._show_kind(event.kind)

    def _show_kind(self, kind: TargetKind) -> None:
        self.kind = kind
        if self._desk is not None and kind not in self._listings:
            self._listings[kind] = Listing(loading=True)
            self._list(self._desk, kind)
        self._show_targets()

    @work(group="targets")
    async def _list(self, desk: Desk, kind: TargetKind) -> None:
        try:
            async with aclosing(desk.targets(kind)) as pages:
                async for page in pages:
                    self.post_message(self.Listed(desk, kind, page))
            self.post_message(self.Listed(desk, kind, None))
        except OfferdeckError as error:
            self.post_message(self.Listed(desk, kind, None, error))

    @on(Listed)
    def _listed(self, event: Listed) -> None:
        if event.desk is not self._desk:
            return
        before = self._listings[event.kind]
        there = {target.id for target in before.targets}
        fresh = tuple(target for target in event.targets or () if target.id not in there)
        self._listings[event.kind] = replace(
            before, targets=(*before.targets, *fresh), loading=event.targets is not None, error=event.error
        )
        self._show_targets()

    def _show_targets(self) -> None:
        listing = self._listings.get(self.kind, Listing())
        self.targets.show(self.kind, listing, self.app.deck.clock.now())
        self._draw()

    @on(TargetList.Highlighted)
    def _highlighted(self) -> None:
        """Ask for details once the cursor rests."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(RESTS_S, self._ask_details)
        self._draw()

    def _ask_details(self) -> None:
        target = self.targets.target
        if target is not None and self._desk is not None and target.id not in self._templates:
            self._detail(self._desk, target)

    @on(TargetList.IdTyped)
    def _id_typed(self, event: TargetList.IdTyped) -> None:
        """An id that may not be listed: it stands first, its name comes with its details."""
        listing = self._listings.get(event.kind, Listing())
        if all(target.id != event.target_id for target in listing.targets):
            typed = Target(event.kind, event.target_id, "")
            self._listings[event.kind] = replace(listing, targets=(typed, *listing.targets))
        self._show_targets()
        self.targets.table.select(event.target_id)
        self._ask_details()

    @work(exclusive=True, group="details")
    async def _detail(self, desk: Desk, target: Target) -> None:
        try:
            full, templates = await desk.target_details(target)
        except OfferdeckError as error:
            self.post_message(self.Detailed(desk, target, None, (), error))
        else:
            self.post_message(self.Detailed(desk, target, full, templates))

    @on(Detailed)
    def _detailed(self, event: Detailed) -> None:
        if event.desk is not self._desk:
            return
        if event.target is None:
            if event.error is not None:
                self.app.tell(event.error)
            return
        kind = event.asked.kind
        listing = self._listings[kind]
        self._templates[event.asked.id] = event.templates
        details = {**listing.details, event.asked.id: event.target}
        self._listings[kind] = replace(listing, details=details)
        self._show_targets()

    # -- what would be sent

    def plan(self) -> Plan:
        """The plan as it stands. Raises InvalidInput or Guarded with the reason why there is none."""
        desk, subject, target = self._desk, self.app.subject, self.targets.target
        if desk is None:
            raise InvalidInput("No profile is open.", "Press p to open one.")
        if target is None:
            raise InvalidInput(f"No {self.kind.noun} is chosen.", "Choose one from the list.")
        recipients, properties = self.pane.recipients, self.pane.properties
        is_among = subject.user_id in recipients.ids
        return desk.plan_send(
            target,
            recipients,
            properties,
            customer=subject.customer.value if is_among else None,
            link=subject.braze.value if is_among else None,
        )

    @property
    def reason(self) -> str:
        """Why there can be no review now, or nothing."""
        try:
            self.plan()
        except (InvalidInput, Guarded) as error:
            return error.message
        return refusal_words(self._desk) if self._desk is not None else ""

    def _usage(self) -> Usage | None:
        target = self.targets.target
        if target is None or target.id not in self._templates:
            return None
        try:
            given = self.pane.properties
        except InvalidInput:
            return None
        return Usage.of(template_keys(target.kind, self._templates[target.id]), given)

    def _draw(self) -> None:
        self.pane.show(self.app.subject, self._offer, self._usage())
        try:
            plan, wrong = self.plan(), ""
        except (InvalidInput, Guarded) as error:
            plan, wrong = None, error.message
        self.query_one(RequestPane).show(plan, wrong)
        self.pane.tell(self.reason)

    def _tick(self) -> None:
        if self.is_current:
            self.pane.tell(self.reason)

    @on(ComposePane.Changed)
    def _changed(self) -> None:
        self._draw()

    @on(PropertyForm.GroupWanted)
    def _switch_group(self, event: PropertyForm.GroupWanted) -> None:
        form, group, subject = self.pane.form, event.group, self.app.subject
        if form.has(group):
            form = form.without_group(group)
        else:
            values = group_values(group, self._offer, subject.points.value, self.targets.target)
            form = form.with_group(group, values)
            if not form.has(group):
                self.query_one(PropertyForm).action_add()
        self.pane.set_form(form)

    # -- what the keys do

    @on(TargetList.Opened)
    def _opened(self) -> None:
        self.add_class("-compose")
        self.query_one(PropertyForm).table.focus()

    @on(ComposePane.ReviewWanted)
    def _review_wanted(self) -> None:
        self.action_review()

    def action_review(self) -> None:
        """The review of what stands here, if it can go out."""
        if self.is_current and not self.reason:
            self.app.review(self.plan())

    def action_json(self) -> None:
        """The properties as a form, or as JSON text."""
        self.add_class("-compose")
        self.remove_class("-request")
        self.pane.turn()

    def action_request(self) -> None:
        """The request in the place of another column, or back."""
        if self.toggle_class("-request").has_class("-request"):
            self.query_one(RequestPane).focus()
        else:
            self.focus_first()

    def action_back(self) -> None:
        """Out of an open line, out of the request, back to the list."""
        if self.pane.back() or self.targets.back():
            return
        self.remove_class("-request", "-compose")
        self.focus_first()

    def action_reload(self) -> None:
        """Read the list again, and the customer with it."""
        self._listings.pop(self.kind, None)
        self._show_kind(self.kind)
        self.app.action_reload()
