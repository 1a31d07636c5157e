"""A person's word on a write whose outcome is unknown."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from core.ledger import Entry, EntryState
from core.verifying import Finding
from tui.dialogs.dialog import Dialog
from tui.theme import inks
from tui.widgets.action import Action
from tui.widgets.customer_card import short_id
from tui.widgets.entry_detail import finding_text
from tui.widgets.labels import Fact, Facts
from tui.widgets.ledger_list import target_words

_STATES = {"mark-sent": EntryState.SENT, "mark-not": EntryState.NOT_SENT}


class MarkDialog(Dialog[EntryState]):
    """Gives the state a person chose; None when they did not."""

    HEADING = "What became of it?"
    DEFAULT_CSS = """
    MarkDialog {
        & > .box { width: 76; border: round $warn; }
        & #mark-words { margin: 1 0; }
        & #mark-buttons { height: 1; }
    }
    """

    def __init__(self, entry: Entry, finding: Finding | None) -> None:
        super().__init__()
        self._entry = entry
        self._finding = finding

    def compose_box(self) -> Iterable[Widget]:
        """What it was, what is known, the ways on."""
        ink, entry = inks(self.app), self._entry
        people = short_id(entry.recipients[0], 40) if len(entry.recipients) == 1 else f"{len(entry.recipients)} people"
        yield Facts([Fact(entry.kind.value, target_words(entry)), Fact("to", people), Fact("known", entry.reason)])
        words = Text("Nothing is sent by marking. The ledger keeps that you said it, not the service.", ink.dim)
        if self._finding is not None:
            words = Text("\n\n").join([finding_text(self._finding, ink), words])
        else:
            words.append("\nVerify first with V where you can: it only reads.", ink.dim)
        yield Static(words, id="mark-words")
        with Horizontal(id="mark-buttons"):
            yield Action("Cancel", id="mark-cancel")
            yield Action("It was accepted", id="mark-sent")
            yield Action("It was not sent", id="mark-not")

    def on_mount(self) -> None:
        """Cancel holds the focus."""
        self.query_one("#mark-cancel").focus()

    @on(Action.Pressed)
    def _said(self, event: Action.Pressed) -> None:
        self.dismiss(_STATES.get(event.action.id or ""))
