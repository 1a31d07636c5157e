"""Where Liquid stands in a line of a template, so that it can be coloured; every line in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

State = Literal["", "tag", "output", "comment"]
Kind = Literal["tag", "output", "option", "comment"]
Tint = tuple[int, int, Kind]

MOST_COLOURED = 2_000  # characters of one line; beyond that a line is plain, so that no line is slow
_OPENING = re.compile(r"\{%-?\s*([a-z_]*)|\{\{-?")
_IN_TAG = re.compile(r"-?%\}|\$\{[^}\n]*\}|\{\{|\}\}|(?<![\w:]):[a-z_]+|\b(?:limit|offset):|\"[^\"{]*\"|'[^'{]*'")
_COMMENT_END = re.compile(r"\{%-?\s*endcomment\s*-?%\}")
_OUTPUT_END = re.compile(r"-?\}\}(?!\})")


def tints(line: str, state: State) -> tuple[list[Tint], State]:
    """What to colour in one line that begins in `state`, and the state in which the next one begins."""
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


def states(lines: Iterator[str]) -> Iterator[State]:
    """The state in which each line begins."""
    state: State = ""
    for line in lines:
        yield state
        if len(line) <= MOST_COLOURED:
            state = tints(line, state)[1]
