"""Columns of text measured in terminal cells, not characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

GAP = "  "
_WIDE_PICTURE = "\ufe0f"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading; `shrinks` lets the column give way where the terminal is too narrow, down to 8 cells."""

    title: str
    align: Literal["left", "right"] = "left"
    shrinks: bool = False


def cells(text: str) -> int:
    """How many cells a terminal needs for `text`."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def _cells_of(char: str) -> int:
    if char == _WIDE_PICTURE:
        return 1
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def shortened(text: str, width: int) -> str:
    """`text` in at most `width` cells; an ellipsis stands for what is left out."""
    if cells(text) <= width:
        return text
    kept, used = "", 0
    for char in text:
        used += _cells_of(char)
        if used > width - 1:
            break
        kept += char
    return kept + "…"


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """The heading and a line for each row. `width` None leaves every cell whole."""
    widths = [max([cells(column.title), *(cells(row[index]) for row in rows)]) for index, column in enumerate(columns)]
    if width is not None:
        _fit(widths, columns, width)
    heading = [column.title for column in columns]
    return [_line(columns, row, widths) for row in (heading, *rows)]


def _fit(widths: list[int], columns: Sequence[Column], width: int) -> None:
    """Take cells from the widest column that may shrink until the line fits."""
    shrinking = [index for index, column in enumerate(columns) if column.shrinks]
    over = sum(widths) + len(GAP) * (len(widths) - 1) - width
    while over > 0 and shrinking:
        widest = max(shrinking, key=lambda index: widths[index])
        if widths[widest] <= 8:
            return
        widths[widest] -= 1
        over -= 1


def _line(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> str:
    parts = []
    for column, text, width in zip(columns, row, widths, strict=True):
        shown = shortened(text, width)
        space = " " * (width - cells(shown))
        parts.append(space + shown if column.align == "right" else shown + space)
    return GAP.join(parts).rstrip()
