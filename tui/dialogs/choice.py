"""A short list to choose from, each line with the key that takes it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType

from tui.theme import Inks
from tui.widgets.virtual_table import Column, VirtualTable

_NOTE = Column("note", "", None, min_width=10)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line. `reason` says why it cannot be taken; it stays visible."""

    key: str
    name: str
    note: str = ""
    reason: str = ""


class ChoiceList(VirtualTable[Choice]):
    """Posts `Chosen` for Enter, a double click, or the line's own key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", id="choice.choose", tooltip="Take this line"),
    ]
    DEFAULT_CSS = "ChoiceList { height: auto; min-height: 1; }"

    def __init__(self, choices: Sequence[Choice], *, name_width: int = 22, key_width: int = 2) -> None:
        columns = (Column("key", "", key_width), Column("name", "", name_width), _NOTE)
        super().__init__(columns, paint=_paint, key=lambda choice: choice.name, header=False)
        self.rows = choices
        self.styles.height = max(1, len(choices))
        self.styles.max_height = "100%"

    def draw(self, index: int, width: int, ink: Inks, *, selected: bool) -> list[Segment]:
        """The bar tells where the cursor is; bold type on the note beside the name would mislead."""
        return super().draw(index, width, ink, selected=False)

    def on_key(self, event: events.Key) -> None:
        """The line's own key takes it."""
        for row in self.rows:
            if isinstance(row, Choice) and event.character and row.key == event.character:
                event.stop()
                event.prevent_default()
                self.select(row.name)
                self.post_chosen()
                return


def _paint(choice: Choice, column: Column, ink: Inks, width: int) -> Text | tuple[str, Style]:
    if column.key == "key":
        return choice.key, ink.faint if choice.reason else ink.key
    if column.key == "name":
        return choice.name, ink.faint if choice.reason else ink.ink
    return choice.reason or choice.note, ink.faint if choice.reason else ink.dim
