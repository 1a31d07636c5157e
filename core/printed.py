"""Where a line of a rendered message came from: the expressions that printed it and the fields they read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.clean import safe
from core.jsontree import path_text
from core.render import NAMESPACES, PrintedSpan, Read, Rendered

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
        """What expressions printed on output line `number` (from 0), in order; text of the template is in none."""
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
    """Where one piece came from: a path, or in words what stood in for it."""
    path = field_text(span.path)
    if span.kind == "field":
        return path
    if span.kind == "default":
        return f"a default, for {path} is not there" if path else "a default"
    if span.kind == "literal":
        return "written in the template"
    return f"computed from {path}" if path else "computed"


def line_words(spans: Sequence[PrintedSpan]) -> tuple[str, str]:
    """What printed a line of the message: `printed by line 17`, `wallet.payload.user_offers[0].name, 2 more`."""
    if not spans:
        return "text of the template", ""
    lines = list(dict.fromkeys(span.line for span in spans))
    numbers = ", ".join(map(str, lines[:_MOST_NAMED])) + (", …" if len(lines) > _MOST_NAMED else "")
    origins = list(dict.fromkeys(origin_words(span) for span in spans))
    more = f", {len(origins) - 1} more" if len(origins) > 1 else ""
    return f"printed by line{'s' * (len(lines) > 1)} {numbers}", f"{origins[0]}{more}"


def reads_at(reads: Sequence[Read], line: int, column: int) -> frozenset[Path]:
    """The fields that the expression at `line` and `column` of the template read, else all that its line read."""
    on_line = [read for read in reads if read.line == line]
    inside = [read for read in on_line if read.column <= column <= read.column + len(read.expression)]
    return frozenset(read.path for read in inside or on_line)
