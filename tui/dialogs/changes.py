"""What changed in the wallet since the read before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from core.walletdiff import OfferChange
from tui import glyphs
from tui.dialogs.dialog import Dialog
from tui.theme import Inks, inks


class ChangesDialog(Dialog[None]):
    """New, changed and gone offers; of a changed one each field before and after."""

    HEADING = "Changed since the read before"
    DEFAULT_CSS = """
    ChangesDialog {
        & > .box { width: 92; }
        & #changes-scroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & #changes-text { height: auto; }
        &.-low { & > .box { height: 100%; } & #changes-scroll { height: 1fr; } }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("D", "close", "Close", show=False, id="changes.close", tooltip="Back"),
    ]

    def __init__(self, changes: Sequence[OfferChange], words: str) -> None:
        super().__init__()
        self._changes = changes
        self._words = words

    def heading(self) -> Text:
        """And which two reads."""
        ink = inks(self.app)
        return Text.assemble((self.HEADING, ink.bold), "   ", (self._words, ink.faint))

    def compose_box(self) -> Iterable[Widget]:
        """The changes."""
        with VerticalScroll(id="changes-scroll"):
            yield Static(changes_text(self._changes, inks(self.app)), id="changes-text")

    def on_mount(self) -> None:
        """The arrows scroll."""
        self.query_one("#changes-scroll").focus()


def changes_text(changes: Sequence[OfferChange], ink: Inks) -> Text:
    """Each offer with a sign, a word and a colour."""
    if not changes:
        return Text("Nothing changed.", ink.dim)
    signs = {"new": ("+", ink.ok), "changed": ("~", ink.warn), "gone": ("-", ink.danger)}
    text = Text()
    for change in changes:
        sign, style = signs[change.kind]
        text.append("\n" if text.plain else "").append(f"{sign} {change.kind:<8}", style)
        text.append(change.name or "no name", ink.bright)
        for field in change.fields:
            text.append(f"\n    {field.key}  ", ink.dim).append(field.before or glyphs.current().dash, ink.struck)
            text.append(f" {glyphs.current().arrow} ", ink.dim).append(field.after or glyphs.current().dash, ink.ink)
    return text
