"""What is crooked on a screen, counted in cells: halves of wide characters, and columns that do not end together."""

from __future__ import annotations

import re

from wcwidth import wcwidth

from tests.terminal.terminal import Terminal

_BAR = " ▁▂▃▄▅▆▇█"


def cells(terminal: Terminal, row: int) -> list[str]:
    """A line cell by cell; behind a wide character stands an empty one."""
    line = terminal.screen.buffer[row]
    return [line[column].data for column in range(terminal.screen.columns)]


def halves(terminal: Terminal) -> list[str]:
    """Where one half of a wide character was written over."""
    found = []
    for row in range(terminal.screen.lines):
        line = cells(terminal, row)
        for column, (this, following) in enumerate(zip(line, [*line[1:], " "], strict=True)):
            if (bool(this) and wcwidth(this[0]) == 2) is not (following == ""):
                found.append(f"line {row}, column {column}: {this!r} before {following!r}")
    return found


def wallet_rows(terminal: Terminal) -> tuple[int, list[str]]:
    """How many offers the list shows, and what is wrong with their columns."""
    top, name, edge = _heading(terminal)
    count, wrong = 0, []
    for row in range(top + 1, terminal.screen.lines):
        line = cells(terminal, row)
        if "/ find" in "".join(line):
            break
        if line[name - 3] not in "✓◔●✗○!":
            continue
        count += 1
        before, last, after = line[name - 2] + line[name - 1], line[edge], line[edge + 1]
        if before.strip() or not last.strip() or after.strip():
            wrong.append(f"line {row}: {before!r} before the name, {last!r} at the edge, {after!r} behind it")
    return count, wrong


def _heading(terminal: Terminal) -> tuple[int, int, int]:
    """The line of the list's heading, the column of the names, and the last column of what ends when."""
    for row in range(terminal.screen.lines):
        line = cells(terminal, row)
        if found := re.search(r"(offer\b).*expires( ▲)?", "".join(line)):
            return row, found.start(1), found.end() - 1
    raise AssertionError(f"there is no wallet on the screen:\n{terminal.text}")


def card_edges(terminal: Terminal) -> set[int]:
    """The columns in which the clocks and counters of the tags end; straight is one."""
    _, name, _ = _heading(terminal)
    edges = set()
    for row in range(terminal.screen.lines):
        line = cells(terminal, row)[: name - 4]
        while line and line[-1] in _BAR:
            line.pop()
        if re.search(r" (\d+ (h|d|min)|a counter)$", "".join(line)) and not re.search("[●◔✓✗]", "".join(line)):
            edges.add(len(line))
    return edges
