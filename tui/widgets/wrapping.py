"""A text as rows on the screen: an edit costs what it changed, and no question costs the whole text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from textual._cells import cell_width_to_column_index
from textual.expand_tabs import expand_tabs_inline
from textual.geometry import Offset, clamp
from textual.widgets.text_area import Location, WrappedDocument

from tui.widgets.line_breaks import Broken, cells_of, line_breaks, tab_widths


class Wrapping(WrappedDocument):
    """Textual's wrapped document, with its answers."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Break every line anew."""
        self._width = width
        self._tab_width = tab_width or self._tab_width
        self._offset_to_line_info, self._line_index_to_offsets = [], []
        self._wrap_offsets, self._tab_width_cache = [], []
        self._broken: list[str] = []  # the lines as they were when they were broken
        self._put(self.document.lines, 0, 0, 0, 0)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Break those lines anew that an edit touched; to be called behind it."""
        lines = self.document.lines
        old_last, new_last = len(self._wrap_offsets) - 1, len(lines) - 1
        first = clamp(start[0], 0, min(old_last, new_last))
        bottom = clamp(old_end[0], 0, old_last)
        top, bottom = min(first, bottom), max(first, bottom)
        last = max(first, clamp(new_end[0], 0, new_last))
        begin, end = self._line_index_to_offsets[top][0], self._line_index_to_offsets[bottom][-1] + 1
        self._put(lines[top : last + 1], top, bottom + 1, begin, end)

    def _put(self, lines: Sequence[str], top: int, bottom: int, begin: int, end: int) -> None:
        """Have `lines` where those from `top` to before `bottom` were, in the rows from `begin` to before `end`."""
        tabs = [tab_widths(line, self._tab_width) for line in lines]
        breaks = self._breaks(lines, tabs, top, bottom)
        if list(map(len, breaks)) != list(map(len, self._wrap_offsets[top:bottom])):
            self._put_rows(breaks, top, bottom, begin, end)
        self._wrap_offsets[top:bottom] = breaks
        self._tab_width_cache[top:bottom] = tabs
        self._broken[top:bottom] = lines

    def _put_rows(self, breaks: Sequence[Sequence[int]], top: int, bottom: int, begin: int, end: int) -> None:
        """Count rows anew: there are more or less of them."""
        info = [(index, part) for index, found in enumerate(breaks, top) for part in range(len(found) + 1)]
        rows: list[list[int]] = []
        row = begin
        for found in breaks:
            rows.append(list(range(row, row + len(found) + 1)))
            row += len(found) + 1
        if shift := len(breaks) - (bottom - top):
            moved = [(index + shift, part) for index, part in self._offset_to_line_info[end:]]
            self._offset_to_line_info[end:] = moved
        if shift := row - end:
            lower = self._line_index_to_offsets
            lower[bottom:] = [[offset + shift for offset in offsets] for offsets in lower[bottom:]]
        self._offset_to_line_info[begin:end] = info
        self._line_index_to_offsets[top:bottom] = rows

    def _breaks(self, lines: Sequence[str], tabs: Sequence[Sequence[int]], top: int, bottom: int) -> list[list[int]]:
        """The breaks of `lines`; of those before, the first and the last one may be left in large part."""
        if not self._width:
            return [[] for _ in lines]
        known: dict[int, Broken] = {}
        if top < bottom:
            first, last = (Broken(self._broken[at], self._wrap_offsets[at]) for at in (top, bottom - 1))
            known = {0: first, len(lines) - 1: last}
            if len(lines) == 1:
                known[0] = max(first, last, key=lambda one: len(one.line))
        return [
            line_breaks(line, self._width, widths, known.get(index))
            for index, (line, widths) in enumerate(zip(lines, tabs, strict=True))
        ]

    @property
    def height(self) -> int:
        """Rows of the whole text."""
        return len(self._offset_to_line_info)

    @property
    def rows(self) -> Sequence[tuple[int, int]]:
        """For each row of the text its line and which of the line's rows it is."""
        return self._offset_to_line_info

    def section(self, line_index: int, section: int) -> tuple[int, int]:
        """The columns of one row of a line, the end exclusive; `section` counts from 0, or back from -1."""
        breaks = self.get_offsets(line_index)
        section %= len(breaks) + 1
        end = breaks[section] if section < len(breaks) else len(self.document[line_index])
        return breaks[section - 1] if section else 0, end

    def get_sections(self, line_index: int) -> list[str]:
        """A line as the rows it takes."""
        line = self.document[line_index]
        edges = (0, *self.get_offsets(line_index), len(line))
        return [line[start:end] for start, end in pairwise(edges)]

    def location_to_offset(self, location: Location) -> Offset:
        """The cell of a place in the text."""
        line_index, column = location
        section = bisect_right(self.get_offsets(line_index), column)
        start, end = self.section(line_index, section)
        before = expand_tabs_inline(self.document[line_index][start : min(column, end)], self._tab_width)
        return Offset(cells_of(before), self._line_index_to_offsets[line_index][section])

    def get_target_document_column(self, line_index: int, x_offset: int, y_offset: int) -> int:
        """The column nearest to cell `x_offset` of row `y_offset` of a line, which may count back from -1."""
        start, end = self.section(line_index, y_offset)
        line = self.document[line_index]
        column = start + cell_width_to_column_index(line[start:end], x_offset, self._tab_width)
        return column if end == len(line) else min(column, end - 1)
