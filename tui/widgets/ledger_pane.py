"""The ledger of the open profile as a pane: read, searched, shown; it follows what settles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text
from textual import on, work
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from core.errors import OfferdeckError
from core.ledger import Entry, EntryState
from tui.frame import Head
from tui.theme import Inks, inks
from tui.widgets.findbar import FindBar
from tui.widgets.ledger_list import COLUMNS, by_day, paint_entry
from tui.widgets.line_list import Found
from tui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from tui.app import OfferdeckApp

MOST = 500
_UNDER_WAY = (EntryState.PLANNED, EntryState.SENDING)
_WILL_APPEAR = (
    "A tag, a campaign or a Canvas stands here before its first byte leaves, and then with what became of it: "
    "accepted, rejected, not sent, or unknown. Request and answer are kept without secrets."
)


class LedgerPane(Vertical):
    """Posts `Shown` when what it shows changed or the cursor moved, `Opened` for Enter."""

    DEFAULT_CSS = """
    LedgerPane { background: $pane; padding: 0 2;
        & #ledger-head { margin-bottom: 1; }
        & #ledger-empty { display: none; height: 1fr; padding: 0 1; }
        &.-empty #ledger-empty { display: block; }
        &.-empty #ledger-list { height: 2; }
    }
    """
    app: OfferdeckApp

    class Shown(Message):
        """Another entry is under the cursor, or the same one in another state."""

    class Opened(Message):
        """An entry was opened."""

    class Loaded(Message):
        """The ledger was read."""

        def __init__(self, profile: str, search: str, entries: Sequence[Entry]) -> None:
            super().__init__()
            self.profile = profile
            self.search = search
            self.entries = entries

    class Failed(Message):
        """It could not be read."""

        def __init__(self, error: OfferdeckError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.profile = ""
        self.search, self.inverted = "", False
        self._entries: Sequence[Entry] = ()
        self._error: OfferdeckError | None = None
        self._was_read = False

    def compose(self) -> Iterator[Widget]:
        """Head, find bar, list; below its titles a few words while there is nothing in it."""
        yield Head(id="ledger-head")
        yield FindBar(id="ledger-find")
        yield VirtualTable[Entry](
            COLUMNS,
            paint=lambda entry, column, ink, width: paint_entry(entry, column, ink, width, self.app.zone),
            key=lambda entry: entry.id,
            id="ledger-list",
        )
        yield Static(id="ledger-empty")

    def on_mount(self) -> None:
        """What another program sends settles without a word to this one, so what is open is looked at again."""
        self.set_interval(1, self._look_again)

    @property
    def table(self) -> VirtualTable[Entry]:
        """The list."""
        return self.query_one("#ledger-list", VirtualTable)

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        return self.table.current

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self._entries

    def _look_again(self) -> None:
        if self.screen.is_current and any(entry.state in _UNDER_WAY for entry in self._entries[:20]):
            self.reload()

    # -- reading

    def reload(self) -> None:
        """Read the ledger again; what is shown stays until then."""
        if self.app.desk is not None:
            self._load(self.search, self.inverted)
        else:
            self.draw()

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
            self.post_message(self.Loaded(desk.profile.name, search, found))

    @on(Loaded)
    def _loaded(self, event: Loaded) -> None:
        event.stop()
        if event.search != self.search:
            return
        self._entries, self.profile, self._error, self._was_read = event.entries, event.profile, None, True
        self.draw()
        if self.search:
            self.query_one(FindBar).tell(Found(len(self._entries), len(self._entries)))

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        event.stop()
        self._error = event.error
        self.app.tell(event.error)
        self.draw()

    # -- showing

    def draw(self) -> None:
        """Show what was read last, in the colours of now."""
        ink = inks(self.app)
        self.table.rows = by_day(self._entries, self.app.deck.clock.now(), self.app.zone)
        self.query_one("#ledger-head", Head).show(*self._head(ink))
        self.query_one("#ledger-empty", Static).update(self._empty(ink))
        self.set_class(self.is_empty, "-empty")
        self.post_message(self.Shown())

    def _head(self, ink: Inks) -> tuple[Text, Text]:
        left = Text.assemble(("Ledger", ink.bold), "   ")
        if self._was_read:
            count = len(self._entries)
            many = f"the newest {MOST}" if count >= MOST else "1 entry" if count == 1 else f"{count} entries"
            left.append(f"{many} with “{self.search}”" if self.search else many, ink.dim)
            left.append(f" · {self.profile}", ink.dim)
        unknown = sum(entry.state is EntryState.UNKNOWN for entry in self._entries)
        return left, Text(f"! {unknown} unknown", ink.warn) if unknown else Text("newest first", ink.faint)

    def _empty(self, ink: Inks) -> Text:
        if self._error is not None:
            return Text.assemble((self._error.message, ink.danger), "\n", (self._error.hint, ink.dim))
        if self.app.desk is None:
            return Text.assemble(("No profile is open.   ", ink.dim), ("p", ink.key), (" opens one", ink.dim))
        if not self._was_read:
            return Text("reading the ledger …", ink.faint)
        if self.search:
            text = Text(f"Nothing matches “{self.search}”.   ", ink.dim)
            return text.append("esc", ink.key).append(" shows all", ink.dim)
        text = Text(f"Nothing has left through {self.profile} yet.\n\n", ink.ink)
        return text.append(_WILL_APPEAR, ink.dim)

    @on(VirtualTable.Highlighted)
    def _highlighted(self, event: VirtualTable.Highlighted) -> None:
        event.stop()
        self.post_message(self.Shown())

    @on(VirtualTable.Chosen)
    def _chosen(self, event: VirtualTable.Chosen) -> None:
        event.stop()
        if self.entry is not None:
            self.post_message(self.Opened())

    # -- find

    def open_find(self) -> None:
        """Open the find bar."""
        self.query_one(FindBar).open()

    def find(self, text: str, *, inverted: bool = False) -> None:
        """Show what holds `text` (with `inverted`: what does not); nothing shows all."""
        self.search, self.inverted = text, inverted
        self.reload()

    @on(FindBar.Changed)
    def _find_changed(self, event: FindBar.Changed) -> None:
        event.stop()
        self.find(event.text, inverted=event.inverted)

    @on(FindBar.Closed)
    def _find_closed(self, event: FindBar.Closed) -> None:
        event.stop()
        if not event.kept:
            self.find("")
        self.table.focus()

    @on(FindBar.Moved)
    def _find_moved(self, event: FindBar.Moved) -> None:
        event.stop()
        self.table.move(self.table.cursor + event.by, direction=event.by)
