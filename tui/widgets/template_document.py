"""The text of a template while it is edited: joined once, coloured where it changed, its brackets found by sight."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.widgets.text_area import Document, EditResult, Location

from tui.widgets.tints import TextTints, Tint

_BRACKET = re.compile(r"[()\[\]{}]")
_STRETCH = 1_000  # characters of a long line read at a time
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}


_BREAK = re.compile(r"\r\n|\r|\n")


class _Verbatim(str):
    """A text that breaks where an editor breaks it: Textual would at form feeds and U+2028 too, and lose them."""

    def splitlines(self, keepends: bool = False) -> list[str]:
        """Without the last one where that is empty; `keepends` is not asked for."""
        lines = _BREAK.split(self)
        return lines if lines[-1] else lines[:-1]


class TemplateDocument(Document):
    """Textual's document that knows the Liquid in it."""

    def __init__(self, text: str) -> None:
        super().__init__(_Verbatim(text))
        self._joined: str | None = None
        self._tints = TextTints(self.lines)

    @property
    def text(self) -> str:
        """The whole text, the same object until it changes."""
        if self._joined is None:
            self._joined = super().text
        return self._joined

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Another text in place of what stood from `start` to `end`."""
        top, bottom = sorted((start, end))
        last = self.line_count - 1
        self._joined = None
        result = super().replace_range(start, end, _Verbatim(text))
        self._tints.edited(min(top[0], last), top[1], min(bottom[0], last), result.end_location[0])
        return result

    def tints(self, row: int, start: int, end: int) -> list[Tint]:
        """Where Liquid stands in a line from column `start` to before `end`, and perhaps around it."""
        return self._tints.at(row, start, end)

    def partner(self, bracket: str, place: Location) -> Location | None:
        """Where the bracket at `place` is closed, or opened; None when nowhere, or when it is none."""
        if bracket in _CLOSING:
            return _closed(self._brackets_from(*place), _CLOSING)
        if bracket in _OPENING:
            return _closed(self._brackets_to(*place), _OPENING)
        return None

    def _brackets_from(self, row: int, column: int) -> Iterator[tuple[str, int, int]]:
        for at in range(row, self.line_count):
            for match in _BRACKET.finditer(self.lines[at], column):
                yield match[0], at, match.start()
            column = 0

    def _brackets_to(self, row: int, column: int) -> Iterator[tuple[str, int, int]]:
        """The same from right to left, `place` first."""
        line = self.lines[row][: column + 1]
        while True:
            for stop in range(len(line), 0, -_STRETCH):
                start = max(0, stop - _STRETCH)
                for match in reversed(list(_BRACKET.finditer(line, start, stop))):
                    yield match[0], row, match.start()
            if not row:
                return
            row -= 1
            line = self.lines[row]


def _closed(brackets: Iterator[tuple[str, int, int]], partners: dict[str, str]) -> Location | None:
    """Where the first of some brackets finds its partner; one that fits no open one is passed over."""
    awaited: list[str] = []
    for bracket, row, column in brackets:
        if bracket in partners:
            awaited.append(partners[bracket])
        elif awaited[-1] == bracket:
            awaited.pop()
            if not awaited:
                return row, column
    return None
