"""An app with nothing but the theme and the widgets a test puts on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from tui import theme
from tui.theme import Inks
from tui.widgets.json_tree import JsonTree
from tui.widgets.labels import Facts
from tui.widgets.lines import Cell
from tui.widgets.virtual_table import Column, VirtualTable


class Stage(App[None]):
    """Shows `widgets`; `acted` counts how often data ran the action `boom`, `heard` keeps what the widgets said."""

    CSS = "Screen { background: $ground; } Facts { height: auto; }"

    def __init__(self, *widgets: Widget, look: str = theme.DARK) -> None:
        super().__init__(ansi_color=True if look == theme.ANSI else None)
        theme.install(self, look)
        self.widgets = widgets
        self.acted = 0
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield from self.widgets

    def on_mount(self) -> None:
        self.widgets[0].focus()

    def action_boom(self) -> None:
        self.acted += 1

    def on_virtual_table_highlighted(self, event: VirtualTable.Highlighted) -> None:
        self.heard.append(event)

    def on_virtual_table_chosen(self, event: VirtualTable.Chosen) -> None:
        self.heard.append(event)

    def on_json_tree_chosen(self, event: JsonTree.Chosen) -> None:
        self.heard.append(event)

    def on_facts_chosen(self, event: Facts.Chosen) -> None:
        self.heard.append(event)


@dataclass(frozen=True, slots=True)
class Offer:
    """A row made up for these tests."""

    id: str
    name: str
    ends: str = "4 d"


COLUMNS = (
    Column("name", "offer", None, min_width=10),
    Column("type", "type", 8, drop_order=1),
    Column("ends", "expires", 12, "right"),
)


def paint(row: Offer, column: Column, ink: Inks, width: int) -> Cell:
    """One cell of an offer."""
    shown = {"name": row.name, "type": "percent", "ends": row.ends}[column.key]
    return shown, ink.ink


def table(rows: Sequence[Any] = (), **extra: Any) -> VirtualTable[Offer]:
    """A table of offers."""
    made: VirtualTable[Offer] = VirtualTable(
        COLUMNS, paint=paint, key=lambda row: row.id, search_text=lambda row: row.name, **extra
    )
    made.rows = rows
    return made


def offers(count: int, *, start: int = 0) -> list[Offer]:
    """`count` offers with ids from `start` on."""
    return [Offer(f"o{number}", f"Offer {number}") for number in range(start, start + count)]
