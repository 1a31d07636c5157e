"""One line of cells: fitted to a width, counted in cells, never read as markup, with nothing a terminal obeys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Span, Text
from textual.strip import Strip

from core.clean import safe, safe_lines

Cell = Text | tuple[str, Style]

# Terminals disagree about the width of what these join, select or tint, so what must stay straight goes without.
_JOINERS = dict.fromkeys((0x200D, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)))
_UNSTEADY = {**_JOINERS, 0x0A: " ", 0x09: " ", 0x0D: " "}


def steady(text: str) -> str:
    """`text` as one line whose width every terminal agrees on: no joiners, selectors or tints; breaks as spaces.

    What a terminal would obey is escaped here too, should whoever made the line have forgotten it.
    """
    return text if text.isascii() and text.isprintable() else safe(text.translate(_UNSTEADY))


def unjoined(text: Text) -> Text:
    """`text` as `steady()` has it, its styles and line breaks kept; the argument stays as it is."""
    if text.plain == safe_lines(text.plain.translate(_JOINERS)):
        return text
    fresh = Text(style=text.style)
    for character in text.divide(range(1, len(text.plain))):
        if ord(character.plain) not in _JOINERS:
            fresh.append_text(_escaped(character))
    return fresh


def _escaped(character: Text) -> Text:
    """One styled character, or the escape that is shown in its place in the same style."""
    shown = safe_lines(character.plain)
    if shown == character.plain:
        return character
    return Text(shown, character.style, spans=[Span(0, len(shown), span.style) for span in character.spans])


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` in at most `width` cells, its end replaced by `ellipsis` when cut."""
    text = steady(text)
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1) + ellipsis if width > 0 else ""


def fit_text(text: Text, width: int, ellipsis: str = "…") -> Text:
    """A styled `text` on one line of at most `width` cells, styles kept; the argument stays as it is."""
    text = unjoined(text)
    if (plain := steady(text.plain)) != text.plain:
        text = text.copy()
        text.plain = plain
    if cell_len(plain) <= width:
        return text
    text = text.copy()
    text.truncate(max(width - 1, 0), overflow="crop")
    if width > 0:
        text.append(ellipsis)
    return text


def cell_segments(
    content: Cell, width: int, align: Literal["left", "right"], console: Console, ellipsis: str = "…"
) -> list[Segment]:
    """Segments of exactly `width` cells showing `content`, cut with `ellipsis` or padded on the side `align` leaves."""
    if isinstance(content, Text):
        segments = list(fit_text(content, width, ellipsis).render(console, end=""))
    else:
        plain, style = content
        shown = fit(plain, width, ellipsis)
        spare = width - cell_len(shown)
        if spare >= 0 and not (style.bgcolor or style.underline or style.strike or style.reverse):
            return [Segment(shown + " " * spare if align == "left" else " " * spare + shown, style)]
        segments = [Segment(shown, style)]
    used = sum(segment.cell_length for segment in segments)
    if used > width:
        return list(Strip(segments).adjust_cell_length(width))
    if used < width:
        space = Segment(" " * (width - used))
        segments = [*segments, space] if align == "left" else [space, *segments]
    return segments


def line_segments(pieces: Sequence[tuple[str, Style]], width: int, ellipsis: str = "…") -> list[Segment]:
    """Segments of exactly `width` cells showing `pieces` one after the other, cut with `ellipsis` or padded behind."""
    clean = [(steady(text), style) for text, style in pieces]
    shown = [(plain, style, cell_len(plain)) for plain, style in clean if plain]
    total = sum(cells for _, _, cells in shown)
    room = width if total <= width else width - 1
    segments: list[Segment] = []
    for plain, style, cells in shown:
        if cells > room:
            segments.append(Segment((set_cell_size(plain, room) if room > 0 else "") + ellipsis, style))
            return segments if width > 0 else []
        segments.append(Segment(plain, style))
        room -= cells
    return [*segments, Segment(" " * room)] if room > 0 else segments


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
