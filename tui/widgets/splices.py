"""What stays of thousands of lines when a key changes one, found and joined without a look at each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import compress
from operator import ne
from typing import NamedTuple

Row = tuple[int, int, int, int]  # of a line: its number, from, to, indent


class Kept(NamedTuple):
    """How many items in front and how many behind are as they were; together never more than there are."""

    first: int
    behind: int


NOTHING_KEPT = Kept(0, 0)


def kept(most: int, *pairs: tuple[Sequence[object], Sequence[object]]) -> Kept:
    """How much stays of each pair's first sequence in its second, at most `most` items, in front as many as can be."""
    first = min(next(compress(range(most), map(ne, *pair)), most) for pair in pairs)
    rest = most - first
    return Kept(first, min(next(compress(range(rest), map(ne, *map(reversed, pair))), rest) for pair in pairs))


class Splice(NamedTuple):
    """Rows after a change. The `first` of them stand where they stood; those from `behind` on stood from `tail` on."""

    rows: list[Row]
    first: int
    tail: int
    behind: int


def spliced(rows: list[Row], same: Kept, counts: tuple[int, int], fresh: Iterable[list[Row]], most: int) -> Splice:
    """`rows` with those of the lines that are not the `same` replaced by `fresh`, which has a list for each such line.

    `counts` are the lines before and after. Lines that would begin behind `most` rows have none; of `rows` cut in that
    way nothing can be kept `behind`.
    """
    first, tail = bisect_left(rows, (same.first,)), bisect_left(rows, (counts[0] - same.behind,))
    joined = rows[:first]
    for some in fresh:
        if len(joined) >= most:
            break
        joined += some
    behind, shift = len(joined), counts[1] - counts[0]
    joined += [(line + shift, start, end, hang) for line, start, end, hang in rows[tail:]] if shift else rows[tail:]
    if len(joined) >= most:
        del joined[bisect_left(joined, (joined[most - 1][0] + 1,)) :]
    return Splice(joined, first, tail, behind)
