"""The Ledger room: everything that left through this profile, what became of it, and the proof."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from core.entries import call_of, entry_document, sent_again
from core.errors import OfferdeckError
from core.ledger import Entry, EntryState
from core.subjects import Subject
from core.verifying import LOOKING, Finding, verify
from tui.copying import Copyable
from tui.frame import Room
from tui.widgets.entry_detail import EntryDetail
from tui.widgets.ledger_pane import LedgerPane


class LedgerScreen(Room):
    """A list, and the entry under the cursor beside it where there is room; Enter opens it where there is not."""

    ROOM = "ledger"
    CSS_PATH = "ledger.tcss"
    AUTO_FOCUS = "#ledger-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", id="ledger.find", tooltip="Find by name, id, person, outcome; !x inverts"),
        Binding("V", "verify", "Verify", id="ledger.verify", tooltip="Look for a trace of an unknown entry"),
        Binding("M", "mark", "Mark", id="ledger.mark", tooltip="Say yourself what became of an unknown entry"),
        Binding("R", "again", "Send again", id="ledger.again", tooltip="Review the same request and send it again"),
        Binding("y", "app.copy_menu", "Copy", id="ledger.copy", tooltip="Copy curl, HTTP, JSON or the dispatch id"),
        Binding("v", "value", "Value", show=False, id="ledger.value", tooltip="The whole entry as JSON"),
        Binding("left_square_bracket", "tab(-1)", "Tab before", show=False, id="ledger.before", tooltip="Tab before"),
        Binding("right_square_bracket", "tab(1)", "Next tab", show=False, id="ledger.next", tooltip="Next tab"),
        Binding("ctrl+r,f5", "reload", "Refresh", id="ledger.reload", tooltip="Read the ledger again"),
    ]

    class Verified(Message):
        """Traces were looked for."""

        def __init__(self, entry: Entry, finding: Finding | None, error: OfferdeckError | None = None) -> None:
            super().__init__()
            self.entry = entry
            self.finding = finding
            self.error = error

    class Marked(Message):
        """A person's word was kept, or refused."""

        def __init__(self, error: OfferdeckError | None) -> None:
            super().__init__()
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self._findings: dict[str, Finding] = {}

    def compose_body(self) -> Iterable[Widget]:
        """The list and the entry."""
        yield LedgerPane(id="entries")
        yield EntryDetail(id="entry")

    def on_mount(self) -> None:
        """A write that settles shows by itself."""
        self.list, self.detail = self.query_one(LedgerPane), self.query_one(EntryDetail)
        self.app.run_moved.subscribe(self, lambda _: self.list.reload())
        self.focus_first()

    def focus_first(self) -> None:
        """The list."""
        self.query_one(LedgerPane).table.focus()

    def on_screen_resume(self) -> None:
        """Whatever left meanwhile is here."""
        if self.is_mounted:
            self._follow(self.app.subject)
            self.list.reload()

    def subject_changed(self, subject: Subject) -> None:
        """Another profile has another ledger; other colours are drawn anew."""
        if self.app.desk is not None and self.app.desk.profile.name != self.list.profile:
            self.list.reload()
        else:
            self.list.draw()

    def action_reload(self) -> None:
        """Read the ledger again."""
        self.list.reload()

    def action_find(self) -> None:
        """Open the find bar."""
        self.list.open_find()

    # -- one entry

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        return self.list.entry if self.is_mounted else None

    @on(LedgerPane.Shown)
    def _show_entry(self) -> None:
        entry = self.entry
        finding = self._findings.get(entry.id) if entry is not None else None
        self.detail.show(entry, self.app.deck.clock.now(), self.app.zone, finding)
        self.set_class(self.list.is_empty, "-empty")
        self.refresh_bindings()

    @on(LedgerPane.Opened)
    def _opened(self) -> None:
        self.add_class("-detail")
        self.detail.focus_tab()

    def action_tab(self, step: int) -> None:
        """Another tab of the entry, also from the list."""
        self.detail.action_tab(step)

    def action_back(self) -> None:
        """From the entry to the list, from what was found to everything."""
        if self.has_class("-full"):
            self.app.action_full()
        elif self.has_class("-detail") or self.detail.has_focus_within:
            self.remove_class("-detail")
            self.list.table.focus()
        elif self.list.search:
            self.list.find("")
        else:
            self.focus_first()

    def action_value(self) -> None:
        """The whole entry."""
        from tui.dialogs.value import ValueDialog

        if self.entry is not None:
            self.app.push_screen(ValueDialog("entry", json.dumps(entry_document(self.entry), indent=2)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only an unknown entry can be verified or marked, only a settled one sent again; the keys stay visible."""
        entry = self.entry
        if action in ("verify", "mark"):
            return True if entry is not None and entry.state is EntryState.UNKNOWN else None
        if action == "again":
            return True if entry is not None and entry.settled_at is not None else None
        return super().check_action(action, parameters)

    def action_verify(self) -> None:
        """Look for a trace on the other side."""
        if self.entry is not None:
            self._findings[self.entry.id] = LOOKING
            self._show_entry()
            self.add_class("-detail")
            self._verify(self.entry)

    @work(exclusive=True, group="verify")
    async def _verify(self, entry: Entry) -> None:
        desk = self.app.desk
        assert desk is not None
        try:
            self.post_message(self.Verified(entry, await verify(desk, entry)))
        except OfferdeckError as error:
            self.post_message(self.Verified(entry, None, error))

    @on(Verified)
    def _verified(self, event: Verified) -> None:
        self._findings.pop(event.entry.id, None)
        if event.finding is not None:
            self._findings[event.entry.id] = event.finding
        if event.error is not None:
            self.app.tell(event.error)
        self._show_entry()

    def action_mark(self) -> None:
        """A person's word on an unknown entry."""
        from tui.dialogs.mark import MarkDialog

        entry = self.entry
        if entry is not None:
            dialog = MarkDialog(entry, self._findings.get(entry.id))
            self.app.push_screen(dialog, lambda state: self._mark(entry, state))

    def _mark(self, entry: Entry, state: EntryState | None) -> None:
        if state is not None:
            self._keep_mark(entry, state)

    @work(group="mark")
    async def _keep_mark(self, entry: Entry, state: EntryState) -> None:
        try:
            await self.app.deck.ledger.mark(entry.id, state)
        except OfferdeckError as error:
            self.post_message(self.Marked(error))
        else:
            self.post_message(self.Marked(None))

    @on(Marked)
    def _was_marked(self, event: Marked) -> None:
        if event.error is not None:
            self.app.tell(event.error)
        self.list.reload()

    def action_again(self) -> None:
        """The same request as a new plan, through the review."""
        entry, desk = self.entry, self.app.desk
        if entry is None or desk is None:
            return
        try:
            self.app.review(sent_again(desk, entry))
        except OfferdeckError as error:
            self.app.tell(error)

    def copyables(self) -> list[Copyable]:
        """What `y` offers."""
        entry = self.entry
        if entry is None:
            return []
        call = call_of(entry)
        return [
            Copyable("d", "dispatch id", entry.reference, "" if entry.reference else "this entry has none"),
            Copyable("u", "curl", call.curl(entry.base_url)),
            Copyable("h", "HTTP request", call.http(entry.base_url)),
            Copyable("b", "request body", entry.body),
            Copyable("a", "answer", entry.answer_body, "" if entry.answer_body else "none was kept"),
            Copyable("j", "entry as JSON", json.dumps(entry_document(entry), ensure_ascii=False, indent=2)),
            Copyable("l", "command line", f"offerdeck ledger show {entry.id}"),
        ]
