"""Where a line breaks on the screen: as Textual's TextArea breaks it, in a time a person cannot feel."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, get_character_cell_size
from textual._wrap import compute_wrap_offsets

_CHUNK = re.compile(r"\S+\s*|\s+")  # a word and the space behind it: these stay together
_FULL_WIDTH = 2
_SHORT = 500  # such a line is broken anew as fast as compared


def _is_plain(text: str) -> bool:
    """Whether every character takes one cell, so that nothing has to be measured."""
    return text.isascii() and text.isprintable()


def cells_of(text: str) -> int:
    """The cells that a text takes on the screen, tabs taking none."""
    return len(text) if _is_plain(text) else cell_len(text)


def tab_widths(line: str, tab_width: int) -> list[int]:
    """The cells of each tab in `line`; a 0 follows for the text behind the last one.

    A tab ends at a multiple of `tab_width`, so that each depends on nothing but the text since the one before.
    """
    if "\t" not in line:
        return [0] if line else []
    *parts, rest = line.split("\t")
    widths = [tab_width - cells_of(part) % tab_width for part in parts]
    return [*widths, 0] if rest else widths


@dataclass(frozen=True, slots=True)
class Broken:
    """A line and the columns at which it was broken."""

    line: str
    breaks: list[int]


def line_breaks(line: str, width: int, tabs: Sequence[int], before: Broken | None = None) -> list[int]:
    """The columns at which `line` goes on in the next row of `width` cells, `tabs` being what `tab_widths` gave.

    They are those of Textual 8 for every line, including its answer for tabs inside of a word too long for a row.
    `before` is a line of which most is left in this one, broken at the same width: what is left is not broken again.
    """
    if width < max(_FULL_WIDTH, *tabs, 0):
        sections = list(zip(line.split("\t"), tabs, strict=False))
        return compute_wrap_offsets(line, width, max(tabs, default=1), precomputed_tab_sections=sections)
    breaking = _Breaking(line, width, tabs)
    if before is None or len(line) < _SHORT or "\t" in line or "\t" in before.line:
        return breaking.breaks()
    return breaking.breaks_after(before)


def _agreed(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _agreed_end(one: str, other: str, most: int) -> int:
    """How many characters, up to `most`, two texts end with in common."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


class _Breaking:
    """One line while it is broken into rows."""

    def __init__(self, line: str, width: int, tabs: Sequence[int]) -> None:
        self.line, self.width, self.tabs = line, width, tabs
        self.found: list[int] = []
        self.tabs_seen = 0  # left of where the line has been read to
        self.tabs_folded = 0  # in words too long for a row; Textual looks up a tab's width by this
        self.old: list[int] = []
        self.settled = len(line)  # behind this column the line is an old one, which had `shift` columns less
        self.shift = 0

    def breaks_after(self, before: Broken) -> list[int]:
        """All of them, from left to right, reading only where they can differ from those of another line."""
        line, old = self.line, before.breaks
        same = _agreed(line, before.line)
        self.settled = len(line) - _agreed_end(line, before.line, min(len(line), len(before.line)) - same)
        self.shift = len(line) - len(before.line)
        self.old = old
        kept = bisect_left(old, self._word_before(same))  # a word that ends before the change stays where it is
        self.found = old[:kept]
        return self.breaks(old[kept - 1] if kept else 0)

    def _word_before(self, column: int) -> int:
        """Where the last word begins that `column` is in, or behind."""
        read = self.line[:column].rstrip()
        return len(read) - len(read.rsplit(None, 1)[-1]) if read else 0

    def _joins(self, column: int) -> bool:
        """Whether the old line went on in a new row here too; then it goes on as it did."""
        if column <= self.settled:
            return False
        at = bisect_left(self.old, column - self.shift)
        if at == len(self.old) or self.old[at] != column - self.shift:
            return False
        self.found.extend([one + self.shift for one in self.old[at + 1 :]])
        return True

    def breaks(self, start: int = 0) -> list[int]:
        """All of them, from left to right; those up to `start`, where a row begins, are known."""
        line, width, found = self.line, self.width, self.found
        at = row = start  # where the next word begins, and the row does
        used = 0  # the cells between the two
        while at < len(line):
            if not used and at == row and found and self._joins(at):
                break
            piece = line[at : at + width - used + 1]
            if not _is_plain(piece):
                at, row, used = self._word(at, row, used)
                continue
            if len(piece) <= width - used:
                break
            fitting = piece.rstrip()
            word = at + len(fitting) - len(fitting.rsplit(None, 1)[-1]) if fitting else at
            if word > at or at > row:
                at = row = word
                used = 0
                found.append(word)
            else:
                at, row, used = self._word(at, row, used)
        return found

    def _word(self, at: int, row: int, used: int) -> tuple[int, int, int]:
        """Place one word, whatever is in it."""
        match = _CHUNK.match(self.line, at)
        assert match is not None  # any character begins one
        word, end = match[0], match.end()
        tabs = word.count("\t") if "\t" in word else 0
        cells = cells_of(word) + sum(self.tabs[self.tabs_seen : self.tabs_seen + tabs])
        if used + cells > self.width:
            if at > row:
                self.found.append(at)
                return at, at, 0
            used = 0
            if cells > self.width:
                row = self._fold(word, at)
                before = self.line.count("\t", at, row) if tabs else 0
                inside = self.tabs[self.tabs_seen + before : self.tabs_seen + tabs]
                cells = cells_of(self.line[row:end]) + sum(inside)
        self.tabs_seen += tabs
        return end, row, used + cells

    def _fold(self, word: str, at: int) -> int:
        """Break a word that is longer than a row; answers where its last row begins."""
        if _is_plain(word):
            self.found.extend(range(at + self.width, at + len(word), self.width))
            return at + (len(word) - 1) // self.width * self.width
        total, row, width = 0, at, self.width
        for column, character in enumerate(word, at):
            if character == "\t":
                cells = self.tabs[self.tabs_folded]
                self.tabs_folded += 1
            else:
                cells = get_character_cell_size(character)
            if total + cells > width:
                self.found.append(column)
                row, total = column, 0
            total += cells
        return row
