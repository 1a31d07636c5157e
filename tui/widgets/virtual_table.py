"""A table over any sequence of rows that draws only the lines in view."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from rich.segment import Segment
from rich.text import Text
from textual.message import Message
from textual.strip import Strip

from tui import glyphs
from tui.theme import Inks
from tui.widgets.line_list import LineList
from tui.widgets.lines import Cell, cell_segments, matched

Row = TypeVar("Row")

_GAP = 2
_RIGHT_AIR = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `width` in cells, None takes what the others leave (shared when several do).

    Where the table is too narrow for all of them, columns go, the lowest `drop_order` first; 0 never goes.
    """

    key: str
    title: str
    width: int | None
    align: Literal["left", "right"] = "left"
    min_width: int = 0
    drop_order: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A line among the rows that names the group below; the cursor passes over it."""

    text: str
    note: str = ""


def lay_out(columns: Sequence[Column], width: int) -> tuple[tuple[Column, int], ...]:
    """The columns that fit into `width` cells, each with its own width; with a gap of two cells between them."""
    kept = list(columns)

    def needed() -> int:
        least = sum(column.min_width or 1 if column.width is None else column.width for column in kept)
        return least + _GAP * max(0, len(kept) - 1)

    while needed() > width and (spare := [column for column in kept if column.drop_order]):
        kept.remove(min(spare, key=lambda column: column.drop_order))
    rest = [column for column in kept if column.width is None]
    left = width - _GAP * max(0, len(kept) - 1) - sum(column.width or 0 for column in kept)
    widths: list[tuple[Column, int]] = []
    for column in kept:
        if column.width is None:
            share = max(1, left // len(rest)) if column is not rest[-1] else max(1, left)
            left -= share
            rest = rest[1:]
            widths.append((column, share))
        else:
            widths.append((column, column.width))
    return tuple(widths)


class VirtualTable(LineList, Generic[Row]):
    """Rows under a cursor; 100,000 cost what 1,000 do, because a row is drawn when it comes into view.

    `paint` answers what one cell shows (a `Text`, or a string with its style; never markup), `key` names a row so that
    the cursor stays on it when `rows` changes, `search_text` is what find looks into. A row may be a `Heading`.
    """

    class Highlighted(Message):
        """The cursor stands on another row, or the row under it changed; `row` is None when there is none."""

        def __init__(self, table: VirtualTable[Any], row: Any) -> None:
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> VirtualTable[Any]:
            """The table."""
            return self.table

        def can_replace(self, message: Message) -> bool:
            """Only the newest place of the cursor matters."""
            return isinstance(message, VirtualTable.Highlighted) and message.table is self.table

    class Chosen(Message):
        """A row was opened, with Enter or a double click."""

        def __init__(self, table: VirtualTable[Any], row: Any) -> None:
            super().__init__()
            self.table = table
            self.row = row

        @property
        def control(self) -> VirtualTable[Any]:
            """The table."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        paint: Callable[[Row, Column, Inks, int], Cell],
        key: Callable[[Row], Hashable],
        search_text: Callable[[Row], str] | None = None,
        empty: str | Text = "",
        header: bool = True,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(empty=empty, id=id, classes=classes)
        self._columns = tuple(columns)
        self._paint = paint
        self._key = key
        self._search_text = search_text
        self._header = header
        self._rows: Sequence[Row | Heading] = ()
        self._haystack: list[str] | None = None
        self._sorted: tuple[str, bool] | None = None
        self._layout_for: tuple[int, tuple[tuple[Column, int], ...]] = (-1, ())
        self._told: object = None

    @property
    def rows(self) -> Sequence[Row | Heading]:
        """What the table shows; setting it keeps the cursor on the row with the same key."""
        return self._rows

    @rows.setter
    def rows(self, rows: Sequence[Row | Heading]) -> None:
        before = self.current
        wanted = None if before is None else self._key(before)
        self._rows = rows
        self._haystack = None
        self.settle(self._index_of(wanted, self._cursor) if before is not None else max(self._cursor, 0))
        if self.current is not self._told and self.current != self._told:
            self.post_highlighted()

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        row = self._rows[self._cursor] if 0 <= self._cursor < len(self._rows) else None
        return None if isinstance(row, Heading) else row

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns; setting them draws everything again."""
        return self._columns

    @columns.setter
    def columns(self, columns: Sequence[Column]) -> None:
        self._columns = tuple(columns)
        self._layout_for = (-1, ())
        self._drawn.clear()
        self.refresh()

    def mark_sorted(self, key: str | None, *, descending: bool = False) -> None:
        """Show a triangle beside the title of the column the owner sorted by."""
        self._sorted = None if key is None else (key, descending)
        self.refresh()

    def select(self, key: Hashable) -> bool:
        """Put the cursor on the row with that key; False when there is none."""
        if (index := self._index_of(key, -1)) < 0:
            return False
        self.move(index)
        return True

    def _index_of(self, key: Hashable, fallback: int) -> int:
        """Where the row with `key` is now: looked for at the cursor first, then everywhere."""
        count = len(self._rows)
        if 0 <= self._cursor < count and self._row_key(self._cursor) == key:
            return self._cursor
        return next((i for i in range(count) if self._row_key(i) == key), min(fallback, count - 1))

    def _row_key(self, index: int) -> Hashable:
        row = self._rows[index]
        return row if isinstance(row, Heading) else self._key(row)

    # Lines

    def line_count(self) -> int:
        return len(self._rows)

    def line_key(self, index: int) -> Hashable:
        return self._row_key(index)

    def line_value(self, index: int) -> object:
        return self._rows[index]

    def skips(self, index: int) -> bool:
        return isinstance(self._rows[index], Heading)

    @property
    def header_height(self) -> int:
        return 1 if self._header else 0

    def _laid_out(self, width: int) -> tuple[tuple[Column, int], ...]:
        if self._layout_for[0] != width:
            self._layout_for = (width, lay_out(self._columns, max(0, width - _RIGHT_AIR)))
        return self._layout_for[1]

    def _joined(self, cells: list[list[Segment]], width: int) -> list[Segment]:
        line: list[Segment] = []
        for number, cell in enumerate(cells):
            if number:
                line.append(Segment(" " * _GAP))
            line += cell
        used = sum(segment.cell_length for segment in line)
        if used > width:
            return list(Strip(line).adjust_cell_length(width))
        return [*line, Segment(" " * (width - used))] if used < width else line

    def draw_header(self, width: int, ink: Inks) -> list[Segment]:
        signs = glyphs.current()
        cells = []
        for column, cells_wide in self._laid_out(width):
            title = column.title
            if self._sorted and self._sorted[0] == column.key:
                title = f"{title} {signs.descending if self._sorted[1] else signs.ascending}"
            cells.append(cell_segments((title, ink.faint), cells_wide, column.align, self.app.console, signs.ellipsis))
        return self._joined(cells, width)

    def draw(self, index: int, width: int, ink: Inks, *, selected: bool) -> list[Segment]:
        row, console, ellipsis = self._rows[index], self.app.console, glyphs.current().ellipsis
        if isinstance(row, Heading):
            text = Text.assemble((row.text, ink.dim + ink.strong), "  ", (row.note, ink.faint))
            return cell_segments(text, width, "left", console, ellipsis)
        cells = []
        hit = bool(self._needle) and not self._inverted and self._holds(row)
        for column, cells_wide in self._laid_out(width):
            content = self._paint(row, column, ink, cells_wide)
            if hit:
                content = matched(content, self._needle, ink.match)
            cell = cell_segments(content, cells_wide, column.align, console, ellipsis)
            if selected and column.width is None:
                cell = list(Segment.apply_style(cell, None, ink.strong))
            cells.append(cell)
        return self._joined(cells, width)

    def _holds(self, row: Row) -> bool:
        return self._search_text is not None and self._needle in self._search_text(row).lower()

    def matches(self, needle: str, *, inverted: bool) -> list[int]:
        if self._search_text is None:
            return []
        if self._haystack is None:
            look = self._search_text
            self._haystack = ["\n" if isinstance(row, Heading) else look(row).lower() for row in self._rows]
        return [i for i, hay in enumerate(self._haystack) if hay != "\n" and (needle in hay) is not inverted]

    def post_highlighted(self) -> None:
        self._told = self.current
        self.post_message(self.Highlighted(self, self.current))

    def post_chosen(self) -> None:
        self.post_message(self.Chosen(self, self.current))
