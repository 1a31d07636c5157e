"""What can be copied from where one stands, and a look at it before it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text
from textual import on
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from core.clean import safe_lines
from tui.copying import Copyable
from tui.dialogs.choice import Choice, ChoiceList
from tui.dialogs.dialog import Dialog
from tui.theme import inks
from tui.widgets.virtual_table import VirtualTable

_SHOWN = 2_000


class CopyMenu(Dialog[Copyable]):
    """Gives what was chosen. Enter takes the line under the cursor, its letter takes it at once."""

    HEADING = "Copy"
    DEFAULT_CSS = """
    CopyMenu {
        & > .box { width: 84; }
        & #copy-look { height: auto; max-height: 10; margin: 1 0 0 0; padding: 0 1; background: $bar;
            scrollbar-size-vertical: 1; }
    }
    """

    def __init__(self, found: Sequence[Copyable]) -> None:
        super().__init__()
        self._found = {what.name: what for what in found}

    def compose_box(self) -> Iterable[Widget]:
        """The ways and what the chosen one would copy."""
        yield ChoiceList([Choice(what.key, what.name, _note(what), what.reason) for what in self._found.values()])
        with VerticalScroll(id="copy-look", can_focus=False):
            yield Static(id="copy-text")

    @on(VirtualTable.Highlighted)
    def _show(self, event: VirtualTable.Highlighted) -> None:
        what, ink = self._found[event.row.name], inks(self.app)
        shown = safe_lines(what.text[:_SHOWN])
        text = Text(shown or what.reason, ink.ink if what.text else ink.faint)
        if len(what.text) > _SHOWN:
            text.append(" …", ink.faint)
        self.query_one("#copy-text", Static).update(text)
        self.query_one("#copy-look").scroll_to(y=0, animate=False)

    @on(VirtualTable.Chosen)
    def _take(self, event: VirtualTable.Chosen) -> None:
        what = self._found[event.row.name]
        if not what.reason:
            self.dismiss(what)


def _note(what: Copyable) -> str:
    """The beginning of it on one line, or how much it is."""
    lines = what.text.count("\n") + 1
    if lines > 1:
        return f"{lines} lines"
    return safe_lines(what.text[:200])
