"""Where Liquid stands in a line of a template, so that it can be coloured; every line in linear time."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal

State = Literal["", "tag", "output", "comment"]
Kind = Literal["tag", "output", "option", "comment"]
Tint = tuple[int, int, Kind]

_LONG = 2_000  # characters of one line; of a longer one only what is looked at is coloured
_MARGIN = 1_000  # what is read behind that, so that a tag is told from a comment and a text in quotes has its end
_OPENING = re.compile(r"\{%-?\s*([a-z_]*)|\{\{-?")
_IN_TAG = re.compile(r"-?%\}|\$\{[^}\n]*\}|\{\{|\}\}|(?<![\w:]):[a-z_]+|\b(?:limit|offset):|\"[^\"{]*\"|'[^'{]*'")
_COMMENT_END = re.compile(r"\{%-?\s*endcomment\s*-?%\}")
_OUTPUT_END = re.compile(r"-?\}\}(?!\})")


def tints(line: str, state: State, ends: list[int] | None = None) -> tuple[list[Tint], State]:
    """What to colour in one line that begins in `state`, and the state in which the next one begins.

    `ends` is given each column behind which nothing depends on what stands before it.
    """
    found: list[Tint] = []
    at = 0
    while at < len(line) or state:
        if state == "comment":
            end = _COMMENT_END.search(line, at)
            stop = end.end() if end else len(line)
            found.append((at, stop, "comment"))
            at, state = stop, "" if end else "comment"
        elif state == "output":
            end = _OUTPUT_END.search(line, at)
            stop = end.end() if end else len(line)
            found.append((at, stop, "output"))
            at, state = stop, "" if end else "output"
        elif state == "tag":
            at, state = _through_tag(line, at, found)
        if ends is not None and not state:
            ends.append(at)
        if at >= len(line):
            break
        if not state:
            opening = _OPENING.search(line, at)
            if opening is None:
                break
            at = opening.start() if opening[1] is None else opening.end()
            if opening[1] is None:
                state = "output"
            elif opening[1] == "comment":
                at, state = opening.start(), "comment"
            else:
                found.append((opening.start(), opening.end(), "tag"))
                state = "tag"
    return [tint for tint in found if tint[0] < tint[1]], state


def _through_tag(line: str, at: int, found: list[Tint]) -> tuple[int, State]:
    """Colour from inside a tag to its end or the line's."""
    inner = 0  # where an output inside the tag began, plus one
    for match in _IN_TAG.finditer(line, at):
        word = match[0]
        if word == "{{":
            inner = inner or match.start() + 1
        elif word == "}}":
            found.append((max(inner - 1, at), match.end(), "output"))
            inner = 0
        elif word.endswith("%}"):
            found.append((match.start(), match.end(), "tag"))
            return match.end(), ""
        elif inner:
            continue
        elif word[0] == "$":
            found.append((match.start(), match.end(), "output"))
        elif word[0] not in "\"'":
            found.append((match.start(), match.end(), "option"))
    return len(line), "tag"


class LongTints:
    """The colours of a line too long to be read as a whole after each key."""

    def __init__(self, state: State) -> None:
        self.state = state  # in which the line begins
        self._ends = [0]  # as `tints` gives them, as far as the line has been read
        self._known: tuple[int, int, list[Tint]] = (0, 0, [])

    def cut(self, column: int) -> None:
        """The line is another one from `column` on."""
        del self._ends[max(1, bisect_left(self._ends, column - 1)) :]
        self._known = (0, 0, [])

    def between(self, line: str, start: int, end: int) -> list[Tint]:
        """What to colour from `start` to before `end`, and perhaps around it."""
        first, last, found = self._known
        if not first <= start <= end <= last:
            first = self._ends[bisect_right(self._ends, start) - 1]
            last = min(end + _MARGIN, len(line))
            read = line[first : last + _MARGIN]
            ends: list[int] = []
            found = [
                (one + first, two + first, kind) for one, two, kind in tints(read, "" if first else self.state, ends)[0]
            ]
            sure = first + len(read) - 1
            self._ends += [first + one for one in ends if self._ends[-1] < first + one < sure]
            self._known = (first, last, found)
        at = bisect_left(found, start, key=lambda tint: tint[1])
        return found[at : bisect_left(found, end, key=lambda tint: tint[0])]


class TextTints:
    """The colours of a whole text, line by line; an edit costs the lines it touched and those it recoloured."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines  # the very list that the edits change
        self._start()

    def _start(self) -> None:
        self._states: list[State] = [""] * len(self._lines)
        self._stale: tuple[int, int] | None = (0, len(self._lines))  # right for the first; unknown up to the last
        self._long: dict[int, LongTints] = {}

    def edited(self, top: int, column: int, bottom: int, new_bottom: int) -> None:
        """The lines `top` to `bottom` became those to `new_bottom`; `top` is the same up to `column`."""
        more = new_bottom - bottom
        self._states[top + 1 : bottom + 1] = [""] * (new_bottom - top)
        first, last = self._stale or (top, new_bottom)
        self._stale = (min(first, top), max(last + more, new_bottom))
        if top in self._long:
            self._long[top].cut(column)
        if more or bottom > top:
            self._long = {row: kept for row, kept in self._long.items() if row <= top}
        if len(self._states) != len(self._lines):
            self._start()

    def at(self, row: int, start: int, end: int) -> list[Tint]:
        """What to colour in a line from `start` to before `end`, and perhaps around it."""
        line, state = self._lines[row], self._state(row)
        if len(line) <= _LONG:
            return tints(line, state)[0]
        kept = self._long.get(row)
        if kept is None or kept.state != state:
            kept = self._long[row] = LongTints(state)
        return kept.between(line, start, end)

    def _state(self, row: int) -> State:
        if self._stale is not None:
            self._read_on(*self._stale)
            self._stale = None
        return self._states[row]

    def _read_on(self, row: int, last: int) -> None:
        """Set the states behind `row`, down to where they are as they were; up to `last` they are not known."""
        state = self._states[row] if row else ""
        for at in range(row, len(self._lines) - 1):
            line = self._lines[at]
            if len(line) <= _LONG:
                state = tints(line, state)[1]
            if at >= last and self._states[at + 1] == state:
                break
            self._states[at + 1] = state
