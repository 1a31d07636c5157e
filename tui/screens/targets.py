"""Reading campaigns and Canvases for a room: page by page, details when the cursor rests, by a typed id."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.timer import Timer

from core.errors import OfferdeckError
from core.sends import MessageTemplate, Target, TargetKind
from tui.frame import Room
from tui.widgets.target_list import Listing, TargetList

if TYPE_CHECKING:
    from core.desk import Desk

# Details cost a call: only a target that the cursor rests on is asked for.
RESTS_S = 0.25


class TargetRoom(Room):
    """A room with a `TargetList`. Answers asked through another desk than the open one are dropped."""

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

    def __init__(self) -> None:
        super().__init__()
        self.kind = TargetKind.CAMPAIGN
        self.desk: Desk | None = None
        self._listings: dict[TargetKind, Listing] = {}
        self._templates: dict[str, tuple[MessageTemplate, ...]] = {}
        self._resting: Timer | None = None

    @property
    def targets(self) -> TargetList:
        """The list."""
        return self.query_one(TargetList)

    def targets_changed(self) -> None:
        """More is known of the targets, or the cursor stands on another; a subclass draws what follows from it."""

    def templates_of(self, target: Target) -> tuple[MessageTemplate, ...] | None:
        """The message texts of `target`; None while its details are not read."""
        return self._templates.get(target.id)

    def begin(self, desk: Desk | None) -> None:
        """Everything known of Braze belonged to the profile before."""
        self.desk, self._listings, self._templates = desk, {}, {}
        self._show_kind(self.kind)

    @on(TargetList.KindWanted)
    def _other_kind(self, event: TargetList.KindWanted) -> None:
        self._show_kind(event.kind)

    def _show_kind(self, kind: TargetKind) -> None:
        self.kind = kind
        if self.desk is not None and kind not in self._listings:
            self._listings[kind] = Listing(loading=True)
            self._list(self.desk, kind)
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
        if event.desk is not self.desk:
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
        self.targets_changed()

    @on(TargetList.Highlighted)
    def _highlighted(self) -> None:
        """Ask for details once the cursor rests."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(RESTS_S, self._ask_details)
        self.targets_changed()

    def _ask_details(self) -> None:
        target = self.targets.target
        if target is not None and self.desk is not None and target.id not in self._templates:
            self._detail(self.desk, target)

    @on(TargetList.IdTyped)
    def _id_typed(self, event: TargetList.IdTyped) -> None:
        self.choose_target(event.kind, event.target_id)

    def choose_target(self, kind: TargetKind, target_id: str) -> None:
        """An id that may not be listed: it stands first, its name comes with its details."""
        listing = self._listings.get(kind, Listing())
        if all(target.id != target_id for target in listing.targets):
            typed = Target(kind, target_id, "")
            self._listings[kind] = replace(listing, targets=(typed, *listing.targets))
        self._show_targets()
        self.targets.table.select(target_id)
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
        if event.desk is not self.desk:
            return
        asked, listing = event.asked, self._listings[event.asked.kind]
        failures = {target_id: error for target_id, error in listing.failures.items() if target_id != asked.id}
        if event.target is None:
            failures |= {asked.id: event.error} if event.error is not None else {}
            self._listings[asked.kind] = replace(listing, failures=failures)
        else:
            self._templates[asked.id] = event.templates
            details = {**listing.details, asked.id: event.target}
            self._listings[asked.kind] = replace(listing, details=details, failures=failures)
        self._show_targets()

    def action_reload(self) -> None:
        """Read the list again, and the customer with it."""
        self._listings.pop(self.kind, None)
        self._show_kind(self.kind)
        self.app.action_reload()
