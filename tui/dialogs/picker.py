"""A list to choose from by typing: words narrow it, arrows walk, Enter takes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.dialogs.dialog import Dialog
from tui.theme import Inks, inks
from tui.widgets.virtual_table import Column, Heading, VirtualTable

Result = TypeVar("Result")
_COLUMNS = (
    Column("name", "", None, min_width=20),
    Column("note", "", 34, drop_order=1),
)


@dataclass(frozen=True, slots=True)
class Pick:
    """One line: `value` is what Enter gives; `group` is the heading it stands under."""

    key: Hashable
    name: str
    note: str
    group: str
    value: Any


class Picker(Dialog[Result]):
    """A subclass fills `picks` as they come and answers `picked()`; texts are shown as they are, never as markup."""

    PLACEHOLDER: ClassVar[str] = "words to look for"
    DEFAULT_CSS = """
    Picker {
        & > .box { width: 96; height: 80%; }
        & #pick-list { height: 1fr; margin: 1 0 0 0; }
        & #pick-state { height: auto; margin: 1 0 0 0; color: $dim; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Open", id="pick.take", tooltip="Take the line under the cursor"),
        Binding("down", "step(1)", "Next", show=False, id="pick.down", tooltip="The next line"),
        Binding("up", "step(-1)", "Before", show=False, id="pick.up", tooltip="The line before"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="pick.page_down", tooltip="A page down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="pick.page_up", tooltip="A page up"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._picks: list[Pick] = []
        self._asked_for = 0

    def compose_box(self) -> Iterable[Widget]:
        """Field, list, how far the list has come."""
        yield Input(placeholder=self.PLACEHOLDER, id="pick-words", compact=True)
        table: VirtualTable[Pick] = VirtualTable(
            _COLUMNS, paint=_paint, key=lambda pick: pick.key, header=False, id="pick-list"
        )
        table.can_focus = False
        yield table
        yield Static(id="pick-state")

    def on_mount(self) -> None:
        """The field takes the keys; the list follows them."""
        self.query_one(Input).focus()
        self._fill()

    @property
    def words(self) -> str:
        """What was typed."""
        return self.query_one(Input).value

    @property
    def list(self) -> VirtualTable[Pick]:
        """The list."""
        return self.query_one("#pick-list", VirtualTable)

    @property
    def picks(self) -> Sequence[Pick]:
        """All there is to choose from, in order of their groups."""
        return self._picks

    @picks.setter
    def picks(self, picks: Sequence[Pick]) -> None:
        self._picks = [*picks]
        if self.is_mounted:
            self._fill()

    def say(self, words: str, *, danger: bool = False) -> None:
        """One line under the list."""
        ink = inks(self.app)
        self.query_one("#pick-state", Static).update(Text(words, ink.danger if danger else ink.dim))

    @property
    def nothing_words(self) -> str:
        """What stands in the list when nothing in it fits."""
        return "nothing fits"

    def restart(self) -> None:
        """Empty the field, for a list of something else."""
        self.query_one(Input).value = ""

    def _fill(self) -> None:
        needles = self.words.casefold().split()
        rows: list[Pick | Heading] = []
        group = ""
        for pick in self._picks:
            if all(needle in f"{pick.name} {pick.note} {pick.group}".casefold() for needle in needles):
                if pick.group != group:
                    group = pick.group
                    rows.append(Heading(group))
                rows.append(pick)
        self.list.rows = rows
        self.list.empty = self.nothing_words if self._picks else ""

    @on(Input.Changed, "#pick-words")
    def _narrow(self) -> None:
        self._fill()
        self.list.action_first()

    @on(Input.Submitted, "#pick-words")
    def _entered(self) -> None:
        self.action_take()

    @on(VirtualTable.Chosen)
    def _clicked(self) -> None:
        self.action_take()

    def action_take(self) -> None:
        """Take the line under the cursor."""
        pick = self.list.current
        if isinstance(pick, Pick):
            self.picked(pick)

    def action_step(self, by: int) -> None:
        """Walk the list from the field."""
        self.list.move(self.list.cursor + by, direction=by)

    def action_page(self, by: int) -> None:
        """A page of the list."""
        if by > 0:
            self.list.action_page_down()
        else:
            self.list.action_page_up()

    def picked(self, pick: Pick) -> None:
        """What Enter does with a line."""
        self.dismiss(pick.value)


def _paint(pick: Pick, column: Column, ink: Inks, width: int) -> tuple[str, Style]:
    return (pick.name, ink.ink) if column.key == "name" else (pick.note, ink.dim)
