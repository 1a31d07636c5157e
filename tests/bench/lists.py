"""Tables and trees on a screen of 120x40: ours, the least a virtual list can be, and Textual's own."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

os.environ["TEXTUAL_FPS"] = "100000"  # else a paint waits for its sixtieth of a second and hides what it cost
os.environ["TEXTUAL_ANIMATIONS"] = "none"

from rich.segment import Segment
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.geometry import Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import DataTable, Tree

from core.jsontree import Node
from tests.bench.measure import Comparison, Side
from tests.screens.driver import screen_text
from tui import theme
from tui.theme import Inks
from tui.widgets.json_tree import JsonTree
from tui.widgets.lines import Cell
from tui.widgets.virtual_table import Column, VirtualTable

Row = tuple[str, str, str]
COLUMNS = (Column("0", "offer", None), Column("1", "type", 14), Column("2", "expires", 14, "right"))


class Floor(ScrollView, can_focus=True):
    """The least: a line is one string, the cursor is a reversed one."""

    BINDINGS = [Binding("down", "cursor_down"), Binding("pagedown", "page_down")]  # noqa: RUF012

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        self.rows, self.at = rows, 0
        self.virtual_size = Size(0, len(rows))

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        if index >= len(self.rows):
            return Strip.blank(self.size.width)
        one, two, three = self.rows[index]
        style = self.rich_style.without_color if index == self.at else self.rich_style
        return Strip([Segment(f"{one:<60}{two:<14}{three:>14}", style)]).adjust_cell_length(self.size.width)

    def action_cursor_down(self) -> None:
        self.refresh_line(self.at)
        self.at += 1
        self.refresh_line(self.at)
        if self.at >= self.scroll_offset.y + self.size.height:
            self.scroll_to(y=self.at - self.size.height + 1, animate=False)

    def action_page_down(self) -> None:
        self.at += self.size.height
        self.scroll_to(y=self.scroll_offset.y + self.size.height, animate=False)


def paint(row: Row, column: Column, ink: Inks, width: int) -> Cell:
    """One cell."""
    return row[int(column.key)], ink.ink if column.key == "0" else ink.dim


class Bench(App[None]):
    """Notes when it displayed something, the work of writing it for the terminal included."""

    CSS = "Screen { background: $ground; } #stage { height: 1fr; } #stage > * { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        theme.install(self)
        self.displayed = asyncio.Event()
        self.displayed_at = 0.0

    def compose(self) -> ComposeResult:
        yield Container(id="stage")

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        super()._display(screen, renderable)
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(self.console)
            self.displayed_at = time.perf_counter()
            self.displayed.set()

    async def until_displayed(self, holds: Callable[[], bool]) -> float:
        """When the display was made after which `holds()`; the time `holds` itself takes is taken off."""
        looked = 0.0
        while True:
            await asyncio.wait_for(self.displayed.wait(), 60)
            self.displayed.clear()
            at, begun = self.displayed_at, time.perf_counter()
            if holds():
                return at - looked
            looked += time.perf_counter() - begun


async def _calm(app: Bench) -> None:
    """Nothing waits to be drawn, and no garbage of the turn before is left to this one."""
    gc.collect()
    for _ in range(20):
        await asyncio.sleep(0)
    app.displayed.clear()


async def _show(app: Bench, make: Callable[[], Widget], words: str) -> tuple[float, Widget]:
    await _calm(app)
    begun = time.perf_counter()
    widget = make()
    await app.query_one("#stage").mount(widget)
    at = await app.until_displayed(lambda: words in screen_text(app))
    return (at - begun) * 1000, widget


async def _press(app: Bench, widget: Widget, action: str) -> float:
    await _calm(app)
    begun = time.perf_counter()
    await widget.run_action(action)
    return (await app.until_displayed(lambda: True) - begun) * 1000


def _ours(rows: list[Row]) -> VirtualTable[Row]:
    table: VirtualTable[Row] = VirtualTable(COLUMNS, paint=paint, key=lambda row: row[0])
    table.rows = rows
    return table


def _theirs(rows: list[Row]) -> DataTable[str]:
    table: DataTable[str] = DataTable(cursor_type="row")
    table.add_columns("offer", "type", "expires")
    table.add_rows(rows)
    return table


MAKERS: tuple[tuple[str, Callable[[list[Row]], Widget]], ...] = (
    ("VirtualTable", _ours),
    ("bare virtual ScrollView", Floor),
    ("DataTable", _theirs),
)


def _rows(count: int) -> list[Row]:
    return [(f"Offer number {number}", "percent", f"{number} d") for number in range(count)]


async def _in_app(work: Callable[[Bench], Awaitable[list[Comparison]]]) -> list[Comparison]:
    app = Bench()
    async with app.run_test(size=(120, 40)):
        return await work(app)


def rows(turns: int = 12) -> list[Comparison]:
    """From making the widget to its rows on the screen, for 1,000, 10,000 and 100,000 rows."""

    async def work(app: Bench) -> list[Comparison]:
        taken: dict[int, dict[str, list[float]]] = {}
        for count, times in ((1_000, turns), (10_000, turns), (100_000, turns)):
            data, taken[count] = _rows(count), {name: [] for name, _ in MAKERS}
            for turn in range(times + 1):
                for name, make in MAKERS:
                    if name == "DataTable" and turn > (1 if count == 100_000 else 4):
                        continue
                    took, widget = await _show(app, lambda make=make, data=data: make(data), "Offer number 20")
                    await widget.remove()
                    if turn:
                        taken[count][name].append(took)
        sides = {count: [Side(name, tuple(took)) for name, took in by.items()] for count, by in taken.items()}
        compared = [
            Comparison(f"show {count:,} rows", side[0], side[1], 1.5, tuple(side[2:])) for count, side in sides.items()
        ]
        most, least = sides[100_000][0], sides[1_000][0]
        named = Side("VirtualTable, 1,000 rows", least.turns)
        return [*compared, Comparison("show 100,000 rows, over 1,000", Side("100,000 rows", most.turns), named, 1.5)]

    return asyncio.run(_in_app(work))


def keys(turns: int = 200) -> list[Comparison]:
    """One line down and one page down in 10,000 rows, from the action to the paint."""

    async def work(app: Bench) -> list[Comparison]:
        data, compared = _rows(10_000), []
        for action, count in (("cursor_down", turns), ("page_down", turns)):
            taken: list[Side] = []
            made = []
            for name, make in MAKERS:
                _, widget = await _show(app, lambda make=make: make(data), "Offer number 20")
                widget.display = False
                made.append((name, widget, list[float]()))
            for turn in range(count // 20):
                for _, widget, took in made:
                    widget.display = True
                    widget.focus()
                    await asyncio.sleep(0.05)
                    for step in range(21):
                        one = await _press(app, widget, action)
                        if step and turn >= 0:
                            took.append(one)
                    widget.display = False
                    await asyncio.sleep(0.05)
            for name, widget, took in made:
                taken.append(Side(name, tuple(took)))
                await widget.remove()
            compared.append(Comparison(action, taken[0], taken[1], 2.0, (taken[2],), limit=16.7))
        return compared

    return asyncio.run(_in_app(work))


def _value(nodes: int) -> dict[str, Any]:
    return {"user_offers": [{f"key_{key}": f"value {key}" for key in range(19)} for _ in range(nodes // 20)]}


def _eager(value: dict[str, Any]) -> Tree[None]:
    tree: Tree[None] = Tree("root")
    tree.root.expand()
    offers = tree.root.add("user_offers", expand=True)
    for number, row in enumerate(value["user_offers"]):
        branch = offers.add(f"{number}", expand=True)
        for key, shown in row.items():
            branch.add_leaf(f"{key} {shown}")
    return tree


def tree(turns: int = 10) -> list[Comparison]:
    """A JSON value of 20,000 nodes, its list opened, against a bare virtual list of as many lines."""
    value = _value(20_000)
    lines = [(f"{number} {{19}}", "", "") for number in range(1_000)]

    def ours() -> JsonTree:
        made = JsonTree(value)
        made.show_path(("user_offers", 0))
        return made

    async def work(app: Bench) -> list[Comparison]:
        taken: dict[str, list[float]] = {"JsonTree": [], "bare virtual ScrollView": [], "Textual Tree, all open": []}
        makers: tuple[tuple[Callable[[], Widget], str], ...] = (
            (ours, "20 {19}"),
            (lambda: Floor(lines), "20 {19}"),
            (lambda: _eager(value), "key_9 value 9"),
        )
        for turn in range(turns + 1):
            for (name, took), (make, words) in zip(taken.items(), makers, strict=True):
                if name.startswith("Textual") and turn > 3:
                    continue
                once, widget = await _show(app, make, words)
                await widget.remove()
                if turn:
                    took.append(once)
        ours_side, floor, theirs = (Side(name, tuple(took)) for name, took in taken.items())
        note = f"nodes made before anything was opened further: {_made(JsonTree(value))}"
        # a lazy tree of Textual's own takes 48 ms where the whole one takes 823
        return [Comparison("JSON tree of 20,000 nodes", ours_side, theirs, 48 / 823, (floor,), notes=(note,))]

    return asyncio.run(_in_app(work))


def _made(shown: JsonTree) -> int:
    def count(node: Node) -> int:
        return 1 + sum(count(child) for child in node._children or ())

    return count(shown.model.root) if shown.model else 0
