"""The Send room: a campaign or Canvas, who gets it, what it carries, and the review that stands before it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from core.composing import Usage, group_values, template_keys
from core.errors import Guarded, InvalidInput, OfferdeckError
from core.offers import Offer
from core.planning import with_usage
from core.plans import Plan
from core.readouts import read_out, send_data
from core.render import RenderData
from core.sends import MessageTemplate, PropertyGroup
from core.subjects import Subject
from tui.dialogs.review import Reads
from tui.frame import LookUp
from tui.screens.send_keeping import KeptSendRoom
from tui.widgets.compose_pane import ComposePane
from tui.widgets.pane_tabs import PaneTabs
from tui.widgets.property_form import PropertyForm
from tui.widgets.request_pane import RequestPane
from tui.widgets.target_list import TargetList
from tui.writing import refusal_words

RENDERS_S = 4.0
_TABS = (("targets", "Target"), ("compose", "Compose"), ("request", "Request"))


class SendScreen(KeptSendRoom):
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

    class ReadOut(Message):
        """What the recipient of `plan` will read, as far as it was rendered in time."""

        def __init__(self, plan: Plan, parts: tuple[tuple[str, str], ...]) -> None:
            super().__init__()
            self.plan, self.parts = plan, parts

    def __init__(self) -> None:
        super().__init__()
        self._offer: Offer | None = None
        self._offer_of = ""
        self._rendering = False

    def compose_body(self) -> Iterable[Widget]:
        """What, to whom and with what, the request."""
        yield PaneTabs(id="send-tabs")
        yield TargetList(id="targets")
        yield ComposePane(id="compose")
        yield RequestPane(id="request")

    def on_mount(self) -> None:
        """Lists are read when the room is first seen; the offer chosen elsewhere fills the form."""
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
        if self.app.desk is not self.desk:
            self.begin(self.app.desk)
        if self._offer is not None and subject.user_id != self._offer_of:
            self._offer, self.app.chosen_offer = None, None
            self.pane.set_form(self.pane.form.dropped(PropertyGroup.OFFER))
        self.pane.aim_at(subject.user_id)
        self._draw()

    def targets_changed(self) -> None:
        """What would be sent is drawn again."""
        super().targets_changed()
        self._draw()

    def _offer_chosen(self, offer: Offer | None) -> None:
        if offer is not None and offer is not self._offer:
            self._offer, self._offer_of = offer, self.app.subject.user_id
            values = group_values(PropertyGroup.OFFER, offer, None, None)
            self.pane.set_form(self.pane.form.refilled(PropertyGroup.OFFER, values))

    # -- what would be sent

    def plan(self) -> Plan:
        """The plan as it stands. Raises InvalidInput or Guarded with the reason why there is none."""
        desk, subject, target = self.desk, self.app.subject, self.targets.target
        if desk is None:
            raise InvalidInput("No profile is open.", "Press p to open one.")
        if target is None:
            raise InvalidInput(f"No {self.kind.noun} is chosen.", "Choose one from the list.")
        recipients, properties = self.pane.recipients, self.pane.properties
        is_among = subject.user_id in recipients.ids
        plan = desk.plan_send(
            target,
            recipients,
            properties,
            customer=subject.customer.value if is_among else None,
            link=subject.braze.value if is_among else None,
        )
        usage = self._usage()
        return plan if usage is None else with_usage(plan, usage)

    @property
    def reason(self) -> str:
        """Why there can be no review now, or nothing."""
        try:
            self.plan()
        except (InvalidInput, Guarded) as error:
            return error.message
        return refusal_words(self.desk) if self.desk is not None else ""

    def _usage(self) -> Usage | None:
        target = self.targets.target
        templates = self.templates_of(target) if target is not None else None
        if target is None or templates is None:
            return None
        try:
            given = self.pane.properties
        except InvalidInput:
            return None
        return Usage.of(template_keys(target.kind, templates), given)

    def _draw(self) -> None:
        self._draw_tabs()
        self.pane.show(self.app.subject, self._offer, self._usage())
        try:
            plan, wrong = self.plan(), ""
        except (InvalidInput, Guarded) as error:
            plan, wrong = None, error.message
        self.query_one(RequestPane).show(plan, wrong)
        self.pane.tell(self.reason)

    def _draw_tabs(self) -> None:
        current = next((name for name in ("request", "compose") if self.has_class(f"-{name}")), "targets")
        self.query_one("#send-tabs", PaneTabs).show(_TABS, current)

    @on(PaneTabs.Chosen)
    def _tab_chosen(self, event: PaneTabs.Chosen) -> None:
        self._turn_to(event.key)

    def _turn_to(self, pane: str) -> None:
        """Bring a pane forward where not all have room."""
        self.set_class(pane == "request", "-request")
        self.set_class(pane == "compose", "-compose")
        self._draw_tabs()

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
        self._turn_to("compose")
        self.query_one(PropertyForm).table.focus()

    @on(ComposePane.ReviewWanted)
    def _review_wanted(self) -> None:
        self.action_review()

    def action_review(self) -> None:
        """The review of what stands here, if it can go out; with the message rendered where it is known."""
        if not self.is_active or self.reason or self._rendering:
            return
        plan, target, desk, subject = self.plan(), self.targets.target, self.desk, self.app.subject
        templates = self.templates_of(target) if target is not None else None
        if target is None or desk is None or not templates or subject.user_id not in plan.recipients:
            self.app.review(plan)
            return
        self._rendering = True
        self._read_out(plan, templates, send_data(subject, desk.profile, target.kind, self.pane.properties))

    @work(exclusive=True, group="read out")
    async def _read_out(self, plan: Plan, templates: tuple[MessageTemplate, ...], data: RenderData) -> None:
        parts: tuple[tuple[str, str], ...] = ()
        with suppress(TimeoutError, OfferdeckError):  # a preview that does not come keeps nobody from the review
            async with asyncio.timeout(RENDERS_S):
                parts = await read_out(self.app.deck.renderer(), templates, data)
        self.post_message(self.ReadOut(plan, parts))

    @on(ReadOut)
    def _review(self, event: ReadOut) -> None:
        self._rendering = False
        customer = self.app.subject.customer.value
        if self.is_active and customer is not None:
            who = customer.first_name or customer.name
            self.app.review(event.plan, reads=Reads(who, event.parts) if event.parts else None)

    def action_json(self) -> None:
        """The properties as a form, or as JSON text."""
        self._turn_to("compose")
        self.pane.turn()

    def action_request(self) -> None:
        """The request in the place of another column, or back."""
        if self.has_class("-request"):
            self._turn_to("targets")
            self.focus_first()
        else:
            self._turn_to("request")
            self.query_one(RequestPane).focus()

    def action_back(self) -> None:
        """Out of an open line, out of the request, back to the list."""
        if self.pane.back() or self.targets.back():
            return
        self._turn_to("targets")
        self.focus_first()
