"""One line of cells: fitted to a width, counted in cells, never read as markup."""

from __future__ import annotations

from typing import Literal

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip

Cell = Text | tuple[str, Style]

# Terminals disagree about the width of what these join or select, so a column that must stay straight goes without.
_UNSTEADY = {0x200D: None, 0xFE0E: None, 0xFE0F: None, 0x0A: " ", 0x09: " ", 0x0D: " "}


def steady(text: str) -> str:
    """`text` as one line whose width every terminal agrees on: no joiners or variation selectors, breaks as spaces."""
    return text if text.isascii() and text.isprintable() else text.translate(_UNSTEADY)


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in at most `width` cells, its end replaced by `ellipsis` when cut."""
    text = steady(text)
    if (len(text) if text.isascii() else cell_len(text)) <= width:
        return text
    return set_cell_size(text, width - 1) + ellipsis if width > 0 else ""


def fit_text(text: Text, width: int, ellipsis: str = "…") -> Text:
    """A styled `text` in at most `width` cells, styles kept; the argument stays as it is."""
    if (plain := steady(text.plain)) != text.plain:
        text = _restyled(text, plain)
    if cell_len(plain) <= width:
        return text
    text = text.copy()
    text.truncate(max(width - 1, 0), overflow="crop")
    if width > 0:
        text.append(ellipsis)
    return text


def _restyled(text: Text, plain: str) -> Text:
    """`text` with the code points that `steady` drops taken out of their spans too."""
    if len(plain) == len(text.plain):
        fresh = text.copy()
        fresh.plain = plain
        return fresh
    fresh = Text(style=text.style, no_wrap=True)
    for piece in text.divide(range(1, len(text.plain))):
        if kept := steady(piece.plain):
            part = piece.copy()
            part.plain = kept
            fresh.append_text(part)
    return fresh


def cell_segments(
    content: Cell, width: int, align: Literal["left", "right"], console: Console, ellipsis: str = "…"
) -> list[Segment]:
    """Segments of exactly `width` cells showing `content`, cut with `ellipsis` or padded on the side `align` leaves."""
    if isinstance(content, Text):
        segments = list(fit_text(content, width, ellipsis).render(console, end=""))
    else:
        segments = [Segment(fit(content[0], width, ellipsis), content[1])]
    used = sum(segment.cell_length for segment in segments)
    if used > width:
        return list(Strip(segments).adjust_cell_length(width))
    if used < width:
        space = Segment(" " * (width - used))
        segments = [*segments, space] if align == "left" else [space, *segments]
    return segments


def matched(content: Cell, needle: str, style: Style) -> Cell:
    """`content` with every occurrence of `needle` (case ignored) in `style`."""
    text = content if isinstance(content, Text) else Text(content[0], style=content[1])
    low, wanted = text.plain.lower(), needle.lower()
    if not wanted or wanted not in low or len(low) != len(text.plain):
        return content
    text, at = text.copy(), 0
    while (at := low.find(wanted, at)) >= 0:
        text.stylize(style, at, at + len(wanted))
        at += len(wanted)
    return text
