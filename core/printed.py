"""Where a line of a rendered message came from: the expressions and tags that printed it, the fields they read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from core.clean import safe
from core.jsontree import path_text
from core.render import NAMESPACES, PrintedKind, PrintedSpan, Read, Rendered

Path = tuple[str | int, ...]

_BREAK = re.compile(r"\r\n|\r|\n")
_MOST_NAMED = 3


@dataclass(frozen=True)
class Printed:
    """The output of one render by lines. Its lines are those of `safe_lines(output)`: CR LF and CR break too."""

    rendered: Rendered

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _BREAK.finditer(self.rendered.output))]

    @cached_property
    def _ends(self) -> list[int]:
        return [span.end for span in self.rendered.spans]

    def on_line(self, number: int) -> tuple[PrintedSpan, ...]:
        """What expressions and tags printed on output line `number` (from 0), in order; text between is in none."""
        if not 0 <= number < len(self._starts):
            return ()
        start = self._starts[number]
        last = number + 1 == len(self._starts)
        end = len(self.rendered.output) + 1 if last else self._starts[number + 1]
        first = bisect_right(self._ends, start)
        found = []
        for span in self.rendered.spans[first:]:
            if span.start >= end:
                break
            found.append(span)
        return tuple(found)


def field_text(path: Path) -> str:
    """A field as a template writes it: `${first_name}`, `event_properties.${city}`, `wallet.payload.total_records`."""
    if len(path) >= 2 and path[0] == "attributes":
        return safe(f"${{{path[1]}}}{_after(path[2:])}")
    if len(path) >= 2 and path[0] in NAMESPACES:
        return safe(f"{path[0]}.${{{path[1]}}}{_after(path[2:])}")
    return safe(path_text(path))


def _after(path: Path) -> str:
    return path_text(("_", *path))[1:]


def origin_words(span: PrintedSpan) -> str:
    """Where one piece came from: a path, in words what stood in for it, or what a tag said by itself."""
    if span.kind in _SAID:
        return safe(_SAID[span.kind](span.path))
    path = field_text(span.path)
    if span.kind == "field":
        return path
    if span.kind == "default":
        return f"a default, for {path} is not there" if path else "a default"
    if span.kind == "literal":
        return "written in the template"
    if span.kind == "cycle":
        return f"{path}, by cycle" if path else "cycle"
    if span.kind == "error":
        return f"an error at {path}" if path else "an error"
    return f"computed from {path}" if path else "computed"


_SAID: Mapping[PrintedKind, Callable[[Path], str]] = {
    "increment": lambda path: f"the counter {path[0]}",
    "decrement": lambda path: f"the counter {path[0]}",
    "random": lambda _: "a random number",
    "tablerow": lambda _: "a row of tablerow",
    "promotion": lambda path: f"a code of the promotion list {path[1]}",
    "translation": lambda path: f"the translation {path[2]}" + (f" ({path[1]})" if path[1] else ""),
    "connected_content": lambda path: f"the answer to {path[0]} {path[1]}",
    "content_block": lambda path: f"the content block {path[1]}",
}


def line_words(spans: Sequence[PrintedSpan]) -> tuple[str, str]:
    """What printed a line of the message: `printed by line 17`, `wallet.payload.user_offers[0].name, 2 more`."""
    if not spans:
        return "text of the template", ""
    lines = list(dict.fromkeys(span.line for span in spans))
    numbers = ", ".join(map(str, lines[:_MOST_NAMED])) + (", …" if len(lines) > _MOST_NAMED else "")
    origins = list(dict.fromkeys(origin_words(span) for span in spans))
    more = f", {len(origins) - 1} more" if len(origins) > 1 else ""
    return f"printed by line{'s' * (len(lines) > 1)} {numbers}", f"{origins[0]}{more}"


def reads_at(reads: Sequence[Read], line: int, column: int) -> frozenset[Read]:
    """What the expression at `line` and `column` of the template read, else all that its line read."""
    on_line = [read for read in reads if read.line == line]
    inside = [read for read in on_line if read.column <= column <= read.column + len(read.expression)]
    return frozenset(inside or on_line)
