"""A room whose send is kept as it is prepared: there again after a crash, and sent by nothing but its review."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer

from core.desk import Desk
from core.errors import Guarded, InvalidInput, OfferdeckError
from core.outcomes import Outcome
from core.plans import Plan
from core.runs import Run
from core.senddrafts import SendDraft, SendDrafts
from tui.screens.drafting import KEEP_AFTER_S
from tui.screens.targets import TargetRoom
from tui.widgets.compose_pane import ComposePane

_UNSAVED = "the send being prepared"


class KeptSendRoom(TargetRoom):
    """Keeps target, recipients and properties for the profile that is open; a subclass has a ComposePane."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("B", "bring_back", "Bring back", show=False, id="send.back", tooltip="The send that was put aside"),
    ]

    class Restored(Message):
        """What was kept for a profile, or None."""

        def __init__(self, profile: str, draft: SendDraft | None, *, was_aside: bool = False) -> None:
            super().__init__()
            self.profile, self.draft, self.was_aside = profile, draft, was_aside

    def __init__(self) -> None:
        super().__init__()
        self._keep_timer: Timer | None = None
        self._draft: SendDraft | None = None  # what stands here
        self._kept: SendDraft | None = None
        self._keeps_for = ""  # the profile whose draft was read, and may be written over

    @property
    def pane(self) -> ComposePane:
        """Recipients and properties."""
        return self.query_one(ComposePane)

    def plan(self) -> Plan:
        """The plan as it stands."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """An accepted send needs no keeping."""
        self._drafts = SendDrafts(self.app.deck.drafts)
        self.app.run_moved.subscribe(self, self._run_moved)

    def begin(self, desk: Desk | None) -> None:
        """What was prepared belongs to the profile before; that of this one comes back."""
        before, name = self._keeps_for, desk.profile.name if desk is not None else ""
        if before and before != name:
            self._keep()
            self.pane.clear()
            self._keeps_for, self._kept = "", None
        super().begin(desk)
        if name and name != before:
            self._read_kept(name)

    @work(group="send drafts")
    async def _read_kept(self, profile: str) -> None:
        draft: SendDraft | None = None
        try:
            draft = await self._drafts.kept(profile)
        except OfferdeckError as error:
            self.app.post_message(self.app.Failed(error))
        self.post_message(self.Restored(profile, draft))

    @on(Restored)
    def _take_restored(self, event: Restored) -> None:
        if self.desk is None or event.profile != self.desk.profile.name:
            return
        self._keeps_for = event.profile
        if event.was_aside and event.draft is None:
            self.app.say("No send was put aside.")
        elif event.draft is not None and (event.was_aside or self.pane.is_untouched):
            self._show_draft(event.draft)
            self.app.say("The send you were preparing is back.", "Nothing of it has left.")
        elif event.draft is not None:
            self._put_aside(event.profile, event.draft)
            self.app.say("A send you were preparing is kept.", "B brings it back in place of this one.")
        self._keep_soon()

    def _show_draft(self, draft: SendDraft) -> None:
        if draft.target_id:
            self._show_kind(draft.kind)
            self.choose_target(draft.kind, draft.target_id)
        self.pane.restore(draft.to, draft.form, draft.json_text)

    @work(group="send drafts")
    async def action_bring_back(self) -> None:
        """The send that was put aside, in place of the one that stands here, which is put aside for it."""
        profile, draft = self._keeps_for, self._prepared()
        if not profile:
            return
        try:
            aside = await self._drafts.aside(profile)
        except OfferdeckError as error:
            self.app.post_message(self.app.Failed(error))
            return
        if aside is None or await self._write(self._drafts.put_aside(profile, draft)):
            self.post_message(self.Restored(profile, aside, was_aside=True))

    # -- keeping

    def _prepared(self) -> SendDraft | None:
        """What stands here; None while nobody has prepared anything."""
        if self.pane.is_untouched:
            return None
        target, pane = self.targets.target, self.pane
        return SendDraft(self.kind, target.id if target is not None else "", pane.to_text, pane.form, pane.wrong_json)

    def targets_changed(self) -> None:
        """Another target is another draft."""
        self._keep_soon()

    @on(ComposePane.Changed)
    def _keep_soon(self) -> None:
        """Not put off by further keys: at most this much typing can be lost."""
        self._draft = self._prepared()
        if self._keep_timer is None and self._keeps_for:
            self._keep_timer = self.set_timer(KEEP_AFTER_S, self._keep)

    def _keep(self) -> None:
        if self._keep_timer is not None:
            self._keep_timer.stop()
            self._keep_timer = None
        if self._keeps_for and self._draft != self._kept:
            self._kept = self._draft
            self._save(self._keeps_for, self._draft)

    @work(group="send drafts")
    async def _save(self, profile: str, draft: SendDraft | None) -> None:
        await self._write(self._drafts.keep(profile, draft))

    @work(group="send drafts")
    async def _put_aside(self, profile: str, draft: SendDraft) -> None:
        await self._write(self._drafts.put_aside(profile, draft))

    async def _write(self, writing: Awaitable[object]) -> bool:
        """Whether it reached the disk; a disk that refuses is said, and quitting asks then."""
        try:
            await writing
        except OfferdeckError as error:
            self.app.unsaved.add(_UNSAVED)
            self.app.post_message(self.app.Failed(error))
            return False
        self.app.unsaved.discard(_UNSAVED)
        return True

    def _run_moved(self, run: Run) -> None:
        """What was accepted stands here still, and is kept again once something of it is changed."""
        receipt = run.standing.receipt
        if receipt is None or receipt.outcome is not Outcome.SENT or run.plan.profile != self._keeps_for:
            return
        try:
            is_this_one = self.plan().call.digest == run.plan.call.digest
        except (InvalidInput, Guarded):
            return
        if is_this_one:
            self._draft = self._kept = self._prepared()
            self._save(self._keeps_for, None)

    async def on_unmount(self) -> None:
        """The last keys typed before the program ends."""
        if self._keep_timer is not None and self._keeps_for:
            await self._write(self._drafts.keep(self._keeps_for, self._draft))
