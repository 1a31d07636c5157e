"""The Ledger room: everything that left through this profile, what became of it, and the proof."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from core.entries import call_of, entry_document
from core.errors import InvalidInput, OfferdeckError
from core.ledger import Entry, EntryState
from core.subjects import Subject
from core.verifying import Finding, verify
from tui.copying import Copyable
from tui.frame import Head, Room
from tui.theme import inks
from tui.widgets.entry_detail import EntryDetail
from tui.widgets.findbar import FindBar
from tui.widgets.ledger_list import COLUMNS, by_day, paint_entry
from tui.widgets.line_list import Found
from tui.widgets.virtual_table import VirtualTable

MOST = 500
_UNDER_WAY = (EntryState.PLANNED, EntryState.SENDING)
_WILL_APPEAR = (
    "A tag, a campaign or a Canvas stands here before its first byte leaves, and then with what became of it: "
    "accepted, rejected, not sent, or unknown. Request and answer are kept without secrets."
)


class LedgerScreen(Room):
    """A list, and the entry under the cursor beside it where there is room; Enter opens it where there is not."""

    ROOM = "ledger"
    CSS_PATH = "ledger.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", id="ledger.find", tooltip="Find by name, id, person, outcome; !x inverts"),
        Binding("V", "verify", "Verify", id="ledger.verify", tooltip="Look for a trace of an unknown entry"),
        Binding("M", "mark", "Mark", id="ledger.mark", tooltip="Say yourself what became of an unknown entry"),
        Binding("y", "app.copy_menu", "Copy", id="ledger.copy", tooltip="Copy curl, HTTP, JSON or the dispatch id"),
        Binding("left_square_bracket", "tab(-1)", "Tab before", show=False, id="ledger.before", tooltip="Tab before"),
        Binding("right_square_bracket", "tab(1)", "Next tab", show=False, id="ledger.next", tooltip="Next tab"),
        Binding("ctrl+r,f5", "reload", "Refresh", id="ledger.reload", tooltip="Read the ledger again"),
    ]

    class Loaded(Message):
        """The ledger was read."""

        def __init__(self, profile: str, entries: Sequence[Entry]) -> None:
            super().__init__()
            self.profile = profile
            self.entries = entries

    class Failed(Message):
        """The ledger could not be read, or a trace not be looked for."""

        def __init__(self, error: OfferdeckError) -> None:
            super().__init__()
            self.error = error

    class Verified(Message):
        """Traces were looked for."""

        def __init__(self, entry: Entry, finding: Finding) -> None:
            super().__init__()
            self.entry = entry
            self.finding = finding

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[Entry] = ()
        self._profile = ""
        self._search, self._inverted = "", False
        self._findings: dict[str, Finding] = {}
        self._error: OfferdeckError | None = None
        self._read = False

    def compose_body(self) -> Iterable[Widget]:
        """The list and the entry."""
        with Vertical(id="entries"):
            yield Head(id="ledger-head")
            yield FindBar(id="ledger-find")
            yield Static(id="ledger-empty", markup=False)
            yield VirtualTable[Entry](
                COLUMNS,
                paint=lambda entry, column, ink, width: paint_entry(entry, column, ink, width, self.app.zone),
                key=lambda entry: entry.id,
                id="ledger-list",
            )
        yield EntryDetail(id="entry")

    def on_mount(self) -> None:
        """A write that settles shows by itself."""
        super().on_mount()
        self.table, self.detail = self.query_one("#ledger-list", VirtualTable), self.query_one(EntryDetail)
        self.app.run_moved.subscribe(self, lambda _: self.action_reload())
        self.set_interval(1, self._tick)
        self.focus_first()

    def focus_first(self) -> None:
        """The list."""
        self.query_one("#ledger-list").focus()

    def on_screen_resume(self) -> None:
        """Whatever left meanwhile is here."""
        self._follow(self.app.subject)
        self.action_reload()

    def subject_changed(self, subject: Subject) -> None:
        """Another profile has another ledger; other colours are drawn anew."""
        if self.app.desk is not None and self.app.desk.profile.name != self._profile:
            self.action_reload()
        else:
            self._draw()

    def _tick(self) -> None:
        # What another program sends settles without a word to this one.
        if self.is_current and any(entry.state in _UNDER_WAY for entry in self._entries[:20]):
            self.action_reload()

    # -- reading

    def action_reload(self) -> None:
        """Read the ledger again."""
        if self.app.desk is not None:
            self._load(self._search, self._inverted)

    @work(exclusive=True, group="ledger")
    async def _load(self, search: str, inverted: bool) -> None:
        desk = self.app.desk
        assert desk is not None
        try:
            found = await desk.ledger_entries(search)
            if inverted and search:
                without = {entry.id for entry in found}
                found = [entry for entry in await desk.ledger_entries() if entry.id not in without]
        except OfferdeckError as error:
            self.post_message(self.Failed(error))
        else:
            self.post_message(self.Loaded(desk.profile.name, found))

    @on(Loaded)
    def _loaded(self, event: Loaded) -> None:
        self._entries, self._profile, self._error, self._read = event.entries, event.profile, None, True
        self._draw()
        if self._search:
            self.query_one(FindBar).tell(Found(len(self._entries), len(self._entries)))

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self._error = event.error
        self.app.tell(event.error)
        self._draw()

    def _draw(self) -> None:
        now, ink = self.app.deck.clock.now(), inks(self.app)
        self.table.rows = by_day(self._entries, now, self.app.zone)
        unknown = sum(entry.state is EntryState.UNKNOWN for entry in self._entries)
        count = f"{len(self._entries)}" if len(self._entries) < MOST else f"the newest {MOST}"
        left = Text.assemble(("Ledger", ink.bold), "   ")
        if self._read:
            left.append(f"{count} {'found' if self._search else 'entries' if count != '1' else 'entry'}", ink.dim)
            left.append(f" · {self._profile}", ink.dim)
        right = Text(f"! {unknown} unknown", ink.warn) if unknown else Text("newest first", ink.faint)
        self.query_one("#ledger-head", Head).show(left, right)
        self.query_one("#ledger-empty", Static).update(self._empty())
        self.set_class(not self._entries, "-empty")
        self._show_entry()
        self.refresh_bindings()

    def _empty(self) -> Text:
        ink = inks(self.app)
        if self._error is not None:
            return Text.assemble((self._error.message, ink.danger), "\n", (self._error.hint, ink.dim))
        if self.app.desk is None:
            return Text.assemble(("No profile is open.   ", ink.dim), ("p", ink.key), (" opens one", ink.dim))
        if not self._read:
            return Text("reading the ledger …", ink.faint)
        if self._search:
            return Text.assemble(
                (f"Nothing matches “{self._search}”.   ", ink.dim), ("esc", ink.key), (" shows all", ink.dim)
            )
        text = Text(f"Nothing has left through {self._profile} yet.\n\n", ink.ink)
        return text.append(_WILL_APPEAR, ink.dim)

    # -- one entry

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        return self.table.current

    def _show_entry(self) -> None:
        entry = self.entry
        finding = self._findings.get(entry.id) if entry is not None else None
        self.detail.show(entry, self.app.deck.clock.now(), self.app.zone, finding)

    @on(VirtualTable.Highlighted)
    def _highlighted(self) -> None:
        self._show_entry()
        self.refresh_bindings()

    @on(VirtualTable.Chosen)
    def _opened(self) -> None:
        if self.entry is not None:
            self.add_class("-detail")
            self.detail.focus_tab()

    def action_tab(self, step: int) -> None:
        """Another tab of the entry, also from the list."""
        self.detail.action_tab(step)

    def action_back(self) -> None:
        """From the entry to the list, from what was found to everything."""
        if self.has_class("-detail") or self.detail.has_focus_within:
            self.remove_class("-detail")
            self.table.focus()
        elif self._search:
            self._find("", False)
        else:
            self.focus_first()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only an unknown entry can be verified or marked; the keys stay visible."""
        if action in ("verify", "mark"):
            return True if self._entry_is_unknown() else None
        return super().check_action(action, parameters)

    def _entry_is_unknown(self) -> bool:
        return self.is_mounted and self.entry is not None and self.entry.state is EntryState.UNKNOWN

    def action_verify(self) -> None:
        """Look for a trace on the other side."""
        if self.entry is not None:
            self.app.say("Looking for a trace …")
            self._verify(self.entry)

    @work(exclusive=True, group="verify")
    async def _verify(self, entry: Entry) -> None:
        try:
            if self.app.desk is None:
                raise InvalidInput("No profile is open.", "Press p to open one.")
            self.post_message(self.Verified(entry, await verify(self.app.desk, entry)))
        except OfferdeckError as error:
            self.post_message(self.Failed(error))

    @on(Verified)
    def _verified(self, event: Verified) -> None:
        self._findings[event.entry.id] = event.finding
        self._show_entry()
        self.add_class("-detail")

    def action_mark(self) -> None:
        """A person's word on an unknown entry."""
        from tui.dialogs.mark import MarkDialog

        entry = self.entry
        if entry is not None:
            finding = self._findings.get(entry.id)
            self.app.push_screen(MarkDialog(entry, finding), lambda state: self._marked(entry, state))

    def _marked(self, entry: Entry, state: EntryState | None) -> None:
        if state is not None:
            self._mark(entry, state)

    @work(group="mark")
    async def _mark(self, entry: Entry, state: EntryState) -> None:
        try:
            await self.app.deck.ledger.mark(entry.id, state)
        except OfferdeckError as error:
            self.post_message(self.Failed(error))
        self.action_reload()

    def copyables(self) -> list[Copyable]:
        """What `y` offers."""
        entry = self.entry
        if entry is None:
            return []
        call = call_of(entry)
        reference = "" if entry.reference else "this entry has none"
        return [
            Copyable("d", "dispatch id", entry.reference, reference),
            Copyable("u", "curl", call.curl(entry.base_url)),
            Copyable("h", "HTTP request", call.http(entry.base_url)),
            Copyable("b", "request body", entry.body),
            Copyable("a", "answer", entry.answer_body, "" if entry.answer_body else "none was kept"),
            Copyable("j", "entry as JSON", json.dumps(entry_document(entry), ensure_ascii=False, indent=2)),
            Copyable("l", "command line", f"offerdeck ledger show {entry.id}"),
        ]

    # -- find

    def action_find(self) -> None:
        """Open the find bar."""
        self.query_one(FindBar).open()

    def _find(self, text: str, inverted: bool) -> None:
        self._search, self._inverted = text, inverted
        self.action_reload()

    @on(FindBar.Changed)
    def _search_changed(self, event: FindBar.Changed) -> None:
        event.stop()
        self._find(event.text, event.inverted)

    @on(FindBar.Closed)
    def _search_closed(self, event: FindBar.Closed) -> None:
        event.stop()
        if not event.kept:
            self._find("", False)
        self.table.focus()

    @on(FindBar.Moved)
    def _search_moved(self, event: FindBar.Moved) -> None:
        event.stop()
        self.table.move(self.table.cursor + event.by, direction=event.by)
