"""The cockpit: one open profile, one customer, and the rooms around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import tzinfo
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from core.errors import InvalidInput, OfferdeckError
from tui import glyphs, rooms, theme
from tui.base_app import BaseApp
from tui.crashing import Crashing
from tui.frame import LookUp, Room
from tui.housekeeping import Housekeeping
from tui.key_order import KeyOrder
from tui.writing import Writing

if TYPE_CHECKING:
    from core.deck import Deck
    from core.desk import Desk
    from core.reads import Pane, PaneRead, Tickets
    from core.subjects import Subject
    from core.visited import Visited

# The first frame is drawn before the rooms, the wallet's values and the libraries behind a profile are imported; this
# module and `tui.frame` therefore import late what that frame does not show.


class OfferdeckApp(Housekeeping, KeyOrder, Crashing, Writing, BaseApp):
    """Owns the desk and the customer; screens watch `subject` and post what people want."""

    TITLE = "offerdeck"
    ENABLE_COMMAND_PALETTE = True
    MODES: ClassVar = rooms.MODES
    DEFAULT_MODE = "start"
    BINDINGS: ClassVar[list[BindingType]] = [
        # First, so that what is typed right behind it reaches the field and never acts as keys.
        Binding("f2,ctrl+l", "look_up", "Look up", priority=True, id="app.look_up", tooltip="Look up a customer"),
        Binding("ctrl+r,f5", "reload", "Refresh", id="app.refresh", tooltip="Read everything on screen again"),
        Binding(
            "minus", "previous_customer", "Previous", show=False, id="app.previous", tooltip="Customer before this"
        ),
        *rooms.KEYS,
        Binding("ctrl+q", "quit", "Quit", id="app.quit", priority=True, tooltip="Leave offerdeck"),
    ]

    # Set in `_start()`, before any room that watches it is made.
    subject: reactive[Subject] = reactive(cast("Subject", None), init=False)

    class ProfileOpened(Message):
        """A profile is open: `app.desk` is its desk."""

    class ReadArrived(Message):
        """An answer for one pane."""

        def __init__(self, read: PaneRead) -> None:
            super().__init__()
            self.read = read

    class Failed(Message):
        """Something a person asked for failed as a whole."""

        def __init__(self, error: OfferdeckError) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self, deck: Deck, *, profile: str | None, query: str = "", zone: tzinfo | None = None, colours: str = theme.DARK
    ) -> None:
        super().__init__(ansi_color=colours == theme.ANSI)
        theme.install(self, colours)
        self.deck = deck
        self.zone = zone
        self.profile_name = profile or ""
        self.desk: Desk | None = None
        self._opening_query = query
        self._tickets: Tickets
        self.visited: Visited
        self._previous = ""

    def on_mount(self) -> None:
        """The first frame stands; everything that costs begins behind it."""
        self.call_after_refresh(self._start)

    @work(exclusive=True, group="start")
    async def _start(self) -> None:
        await asyncio.to_thread(_import_the_rest)
        from core.reads import Tickets
        from core.subjects import Subject
        from core.visited import Visited

        self._tickets, self.visited, self.subject = Tickets(), Visited(), Subject()
        await self.switch_mode("customer")
        if self.profile_name:
            self.open_profile(self.profile_name)
        else:
            self.choose_profile()

    @work(exclusive=True, group="profile")
    async def open_profile(self, name: str) -> None:
        """Open `name` and let go of the profile before; answers on their way to the old one are stale."""
        self._tickets.void()
        self.workers.cancel_group(self, "read")
        self._stop_calling()
        before = self.desk
        try:
            self.desk = await self.deck.open(name)
        except OfferdeckError as error:
            self.post_message(self.Failed(error))
            return
        if name != self.profile_name:
            self._previous = ""  # somebody of another tenant
        self.profile_name = name
        # A write still on its way keeps its desk; that one is closed when the program ends.
        if before is not None and not self.requests_in_flight():
            await before.aclose()
        from core.subjects import Subject

        self.visited.forget()
        self.subject = Subject(culture=self.desk.profile.culture)
        self.gate_moved()  # nobody on the screen before and after is the same subject, and still another desk
        self.post_message(self.ProfileOpened())

    def _stop_calling(self) -> None:
        """Live calls go out for the customer and the profile they were asked for, or not at all."""
        for worker in self.workers:
            if worker.group == "live":
                worker.cancel()

    def on_offerdeck_app_profile_opened(self) -> None:
        """Show the customer the program was started for."""
        query, self._opening_query = self._opening_query or self.deck.demo_customer, ""
        if query:
            self.look_up(query)

    def look_up(self, text: str) -> None:
        """Read everything about the customer in `text`."""
        from core.subjects import asked

        if self.desk is None:
            self.post_message(self.Failed(InvalidInput("No profile is open.", "Press p to open one.")))
            return
        if self.subject.query and self.subject.query != text:
            self._previous = self.subject.query
        self._stop_calling()
        ticket = self._tickets.issue(self.desk.profile.name, text)
        self.subject = asked(text, self.subject.culture, ticket)
        self._read(self.desk.open_customer(text, ticket, self.subject.culture))

    def read_again(self, *panes: Pane, culture: str | None = None) -> None:
        """Read the panes named (all of them when none is) again, values staying in place meanwhile."""
        from core.reads import Pane
        from core.subjects import asked_again

        desk, subject = self.desk, self.subject
        if desk is None or not subject.query:
            return
        if not subject.user_id:
            self.look_up(subject.query)
            return
        ticket = self._tickets.issue(desk.profile.name, subject.query)
        self.subject = asked_again(subject, ticket, *panes, culture=culture)
        self._read(desk.read_panes(subject.user_id, ticket, self.subject.culture, panes or tuple(Pane)))

    @work(exclusive=True, group="read")
    async def _read(self, reads: AsyncGenerator[PaneRead, None]) -> None:
        try:
            async with aclosing(reads) as answers:
                async for read in answers:
                    self.post_message(self.ReadArrived(read))
        except OfferdeckError as error:
            self.post_message(self.Failed(error))

    def on_offerdeck_app_read_arrived(self, message: ReadArrived) -> None:
        """Fold an answer in; a stale one changes nothing."""
        from core.subjects import told

        if self._tickets.is_current(message.read.ticket):
            self.subject = told(self.subject, message.read)
            self.visited.keep(self.subject)

    def on_offerdeck_app_failed(self, message: Failed) -> None:
        """Say what happened and what to do."""
        self.tell(message.error)

    def repaint_rooms(self) -> None:
        """Everything drawn by hand follows the customer, so that is told again."""
        self.mutate_reactive(OfferdeckApp.subject)

    def tell(self, error: OfferdeckError) -> None:
        """An error as a toast that stays until it is dismissed."""
        self.notify(error.hint, title=error.message, severity="error", timeout=3600, markup=False)

    def action_room(self, room: str) -> None:
        """Go to a room; it keeps its state while another is shown."""
        self.switch_mode(room)

    def action_look_up(self) -> None:
        """Focus the look-up, old text selected."""
        field = self.screen.query_one(LookUp)
        self.screen.set_focus(field)
        field.action_select_all()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The look-up is in rooms; a dialog has none."""
        if action == "look_up":
            return isinstance(self.screen, Room)
        return super().check_action(action, parameters)

    def action_reload(self) -> None:
        """Read the customer again, and what messages borrow from Braze when one asks for it next."""
        if self.desk is not None:
            self.desk.workspace.forget()
        self.read_again()

    def action_previous_customer(self) -> None:
        """Back to the customer before this one."""
        if self._previous:
            self.look_up(self._previous)


def run(deck: Deck, *, profile: str | None, query: str = "") -> int:
    """Run the cockpit until it is left; gives the exit code."""
    glyphs.use(glyphs.choose(deck.environ))
    app = OfferdeckApp(deck, profile=profile, query=query, colours=theme.choose(deck.environ))
    asyncio.run(_until_left(app))
    return app.return_code or 0


async def _until_left(app: OfferdeckApp) -> None:
    """The app, then what it leaves open: locks, connections, the ledger, the render child, a demo's folder."""
    try:
        await app.run_async()
    finally:
        await app.deck.close()


def _import_the_rest() -> None:
    for name in ("core.adapters.wire", "core.desk", "core.dispatch", "core.reading", "tui.screens.customer"):
        import_module(name)
