"""A whole value, however long: it wraps, scrolls and can be copied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from core.clean import safe_lines
from tui.copying import Copyable
from tui.dialogs.dialog import Dialog
from tui.theme import inks

MOST_SHOWN = 60_000


class ValueDialog(Dialog[None]):
    """Shows `text`; what would be obeyed by a terminal is escaped, a copy has it as it is."""

    DEFAULT_CSS = """
    ValueDialog {
        & > .box { width: 100; }
        & #value-scroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & #value-text { height: auto; }
        &.-low { & > .box { height: 100%; } & #value-scroll { height: 1fr; } }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", id="value.copy", tooltip="Copy the whole value"),
        Binding("v", "close", "Close", show=False, id="value.close", tooltip="Back"),
    ]

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self._title = name
        self._text = text

    def heading(self) -> Text:
        """What it is and how much."""
        ink, size = inks(self.app), len(self._text)
        shown = f"{MOST_SHOWN} of {size} characters" if size > MOST_SHOWN else f"{size} characters"
        return Text.assemble((safe_lines(self._title), ink.bold), "   ", (shown, ink.faint))

    def compose_box(self) -> Iterable[Widget]:
        """The value."""
        with VerticalScroll(id="value-scroll"):
            text = Text(safe_lines(self._text[:MOST_SHOWN]), inks(self.app).ink)
            yield Static(text if self._text else Text("empty", inks(self.app).faint), id="value-text")

    def on_mount(self) -> None:
        """The arrows scroll."""
        self.query_one("#value-scroll").focus()

    def action_copy(self) -> None:
        """Copy all of it."""
        self.app.copy(Copyable("v", self._title, self._text))
