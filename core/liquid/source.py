"""The author's text: HTML comments taken out as Braze does, and every offset led back to its line and column."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

_NEWLINE = re.compile("\n")
_HOLDS_LIQUID = re.compile(r"\{\{|\{%")


class Source:
    """A template without its HTML comments (Braze docs, "Using Liquid": they are removed before Liquid is read).

    `text` is what the lexer sees; `position()` and `excerpt()` speak of the author's own text. An unclosed comment is
    left where it is.
    """

    __slots__ = ("_cuts", "_lines", "_shifts", "author", "commented", "text")

    def __init__(self, author: str) -> None:
        self.author = author
        self.commented: list[tuple[int, int]] = []  # author offsets of removed comments that held Liquid
        pieces: list[str] = []
        self._cuts: list[int] = [0]  # offsets in `text` from which on ...
        self._shifts: list[int] = [0]  # ... this much has to be added to be in `author`
        at = length = 0
        while (start := author.find("<!--", at)) >= 0 and (end := author.find("-->", start + 4)) >= 0:
            end += 3
            pieces.append(author[at:start])
            length += start - at
            self._cuts.append(length)
            self._shifts.append(end - length)
            if _HOLDS_LIQUID.search(author, start, end):
                self.commented.append((start, end))
            at = end
        self.text = "".join([*pieces, author[at:]]) if pieces else author
        self._lines: list[int] | None = None

    def author_offset(self, offset: int) -> int:
        """Where the character at `offset` of `text` stands in the author's text; `~n` stands there at n."""
        if offset < 0:
            return ~offset
        return offset + self._shifts[bisect_right(self._cuts, offset) - 1]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of the character at `offset` of `text`."""
        return self.author_position(self.author_offset(offset))

    def author_position(self, at: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset in the author's text."""
        if self._lines is None:
            self._lines = [0, *_line_starts(self.author)]
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1


def _line_starts(text: str) -> Iterable[int]:
    return (match.end() for match in _NEWLINE.finditer(text))
