"""Writes of the cockpit: review, the run that the app drives, the receipt that follows it; and the unlocking."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.signal import Signal

from core.errors import Guarded

# The app imports this before its first frame; what only a write needs is imported when there is one.
if TYPE_CHECKING:
    from core.deck import Deck
    from core.desk import Desk
    from core.offers import Offer
    from core.plans import Confirmation, Plan
    from core.reads import Pane
    from core.runs import Run, Runs
    from core.subjects import Subject
    from core.tags import Tag
    from tui.dialogs.review import Reads


class CopyWanted(Message):
    """A person wants `text` on the clipboard; `label` says what it is."""

    def __init__(self, text: str, label: str) -> None:
        super().__init__()
        self.text = text
        self.label = label


class RunMoved(Message):
    """A run stands elsewhere than before."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run


def refusal_words(desk: Desk) -> str:
    """Why nothing may be written now, as short as the line beside a button; empty when writes may pass."""
    if desk.gate.refusal is None:
        return ""
    if desk.gate.shut is not None:
        return f"read-only: {desk.gate.shut_words}   U says why"
    return "read-only: U unlocks it"


class Writing(App[None]):
    """The one way from a plan to the world: `review()`, and behind its yes `write()`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("U", "unlock", "Unlock", show=False, id="app.unlock", tooltip="Let production write for five minutes"),
    ]

    deck: Deck
    desk: Desk | None
    subject: reactive[Subject]
    chosen_offer: reactive[Offer | None] = reactive(None, init=False)

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self.run_moved: Signal[Run] = Signal(self, "run_moved")
        self.tag_texts: dict[str, tuple[str, str]] = {}

    @cached_property
    def runs(self) -> Runs:
        """The writes of this sitting."""
        from core.runs import Runs

        return Runs()

    def review(self, plan: Plan, *, reads: Reads | None = None, then: Callable[[Run], None] | None = None) -> None:
        """Show `plan` for a yes or no. After a yes it goes out; `then` gets the run once its receipt is closed.

        While a review is open there is no other one: keys pressed in a burst reach a button before it is covered.
        """
        from tui.dialogs.receipt import ReceiptDialog
        from tui.dialogs.review import ReviewDialog

        if any(isinstance(screen, ReviewDialog) for screen in self.screen_stack):
            return
        tags_before = self._tags_of(plan)

        def answered(confirmation: Confirmation | None) -> None:
            if confirmation is None:
                return
            run = self.write(plan, confirmation)

            def closed(room: str | None) -> None:
                if then is not None:
                    then(run)
                if room is not None:
                    # Afterwards, for what `then` closes must still lie on top of this room.
                    self.call_later(self.action_room, room)

            self.push_screen(ReceiptDialog(run, tags_before=tags_before), closed)

        self.push_screen(ReviewDialog(plan, reads=reads), answered)

    def write(self, plan: Plan, confirmation: Confirmation) -> Run:
        """Send a confirmed plan, once however often this is called; the run belongs to the app and to no screen.

        Raises Guarded when no profile is open.
        """
        if self.desk is None:
            raise Guarded("No profile is open.", "Nothing left. Press p to open one.")
        run, is_new = self.runs.begin(plan, confirmation, self.deck.clock)
        if is_new:
            self._drive(run, self.desk)
        return run

    @work(group="write")
    async def _drive(self, run: Run, desk: Desk) -> None:
        def tell(moved: Run) -> None:
            self.post_message(RunMoved(moved))

        await run.drive(desk.execute, tell)

    def on_run_moved(self, message: RunMoved) -> None:
        """Whoever follows the run hears of it; what it changed is read again."""
        self.run_moved.publish(message.run)
        if message.run.may_have_changed:
            self._read_what_changed(message.run.plan)

    def _read_what_changed(self, plan: Plan) -> None:
        from core.plans import PlanKind
        from core.reads import Pane

        if self.subject.user_id in plan.recipients:
            pane = Pane.TAGS if plan.kind is PlanKind.TAG else Pane.BRAZE
            # A new ticket makes answers under way stale, so what still loads is asked for again too.
            self.read_again(*(() if self.subject.is_loading else (pane,)))

    def action_room(self, room: str) -> None:
        """Go to a room."""
        raise NotImplementedError

    def read_again(self, *panes: Pane, culture: str | None = None) -> None:
        """Read panes of the customer again."""
        raise NotImplementedError

    def _tags_of(self, plan: Plan) -> tuple[Tag, ...] | None:
        tags = self.subject.tags.value
        return tuple(tags) if tags is not None and plan.recipients == (self.subject.user_id,) else None

    def action_unlock(self) -> None:
        """Ask for the profile's name and let it write for five minutes; while it may write, lock it."""
        from tui.dialogs.unlock import UnlockDialog

        desk = self.desk
        if desk is None or isinstance(self.screen, UnlockDialog):
            return
        if desk.gate.unlocked_for is not None:
            desk.gate.lock()
            self.notify(f"{desk.profile.name} is read-only again.", markup=False)
            self.gate_moved()
        elif (shut := desk.gate.shut) is not None:
            self.notify(shut.hint, title=shut.message, severity="warning", markup=False)
        elif desk.profile.starts_read_only:
            self.push_screen(UnlockDialog(desk.profile), lambda given: self._unlock(desk) if given else None)
        else:
            self.notify(f"{desk.profile.name} is not locked: only production is.", markup=False)

    def _unlock(self, desk: Desk) -> None:
        desk.gate.unlock()
        self.gate_moved()

    def gate_moved(self) -> None:
        """Writes may pass now, or no longer: whoever follows the customer draws that again."""
        self.mutate_reactive(type(self).subject)
