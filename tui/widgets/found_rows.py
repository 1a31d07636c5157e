"""Where words stand in lines that are broken into rows: found as they are written, whatever row they go on in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from tui.widgets.splices import Row


def lowered(text: str) -> str:
    """`text` in lower case, every character in its place: one that would become two stays."""
    low = text.lower()
    return low if len(low) == len(text) else "".join([one if len(one.lower()) != 1 else one.lower() for one in text])


def places(text: str, needle: str) -> list[int]:
    """Where `needle` begins in `text`, in order, also inside of one found before."""
    found: list[int] = []
    at = text.find(needle) if needle else -1
    while at >= 0:
        found.append(at)
        at = text.find(needle, at + 1)
    return found


def places_in(text: str, needle: str, start: int, end: int) -> list[int]:
    """Where a `needle` begins that reaches into `text[start:end]`; looks at no more than it must."""
    first = max(start - len(needle) + 1, 0)
    return [first + at for at in places(text[first : end + len(needle) - 1], needle)]


def rows_found(rows: Sequence[Row], text_of: Callable[[int], str], needle: str, *, inverted: bool) -> list[int]:
    """The rows in which `needle` begins, `inverted` those that hold nothing of it; `text_of` gives a line lowered."""
    found: list[int] = []
    line, begins, ends = -1, list[int](), list[int]()
    for index, (number, start, end, _) in enumerate(rows):
        if number != line:
            line, begins = number, places(text_of(number), needle)
            ends = [at + len(needle) for at in begins]
        before = bisect_left(begins, end)
        if (before <= bisect_right(ends, start)) if inverted else (bisect_left(begins, start) < before):
            found.append(index)
    return found
