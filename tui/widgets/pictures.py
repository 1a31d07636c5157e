"""Small pictures, one line each, for what people look at rather than read."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from tui.glyphs import Glyphs
from tui.glyphs import current as current_glyphs
from tui.theme import Inks

_SOON_DAYS = 7
_SHORT = 0.15
_HALF = 0.5


def _levels(values: Sequence[float], glyphs: Glyphs) -> str:
    """One block per value, the highest full; nothing, less than nothing and no number at all is the lowest."""
    top = max((value for value in values if math.isfinite(value)), default=0.0)
    if top <= 0:
        return glyphs.spark[0] * len(values)
    steps = len(glyphs.spark) - 1
    shares = [min(max(value / top, 0.0), 1.0) if math.isfinite(value) else 0.0 for value in values]
    return "".join(glyphs.spark[math.ceil(share * steps)] for share in shares)


def _buckets(values: Sequence[float], width: int) -> list[float]:
    """`values` as `width` numbers: the highest of each stretch, or each one repeated where there are fewer."""
    count = len(values)
    spans = ((at * count // width, max((at + 1) * count // width, at * count // width + 1)) for at in range(width))
    return [max(values[start:end]) for start, end in spans]


def sparkline(
    values: Sequence[float], width: int, inks: Inks, glyphs: Glyphs | None = None, *, style: Style | None = None
) -> Text:
    """`values` over time as blocks of eight heights in `width` cells, oldest first; a faint line when empty."""
    signs = glyphs or current_glyphs()
    if width <= 0:
        return Text("")
    if not values:
        return Text(signs.spark[0] * width, style=inks.faint)
    return Text(_levels(_buckets(values, width), signs), style=style or inks.accent)


def expiry_strip(counts_per_day: Sequence[int], inks: Inks, glyphs: Glyphs | None = None) -> Text:
    """How many end on each day from today on, one cell a day: today red, the next seven amber, later in the accent."""
    blocks = _levels(counts_per_day, glyphs or current_glyphs())
    return Text.assemble(
        (blocks[:1], inks.danger if counts_per_day and counts_per_day[0] else inks.faint),
        (blocks[1 : 1 + _SOON_DAYS], inks.warn),
        (blocks[1 + _SOON_DAYS :], inks.accent),
    )


def _bar(fraction: float, width: int, full: Style, rest: Style, glyphs: Glyphs) -> Text:
    width = max(width, 0)
    share = min(max(fraction, 0.0), 1.0) if math.isfinite(fraction) else 0.0
    halves = round(share * width * 2)
    if share > 0 and width:
        halves = max(halves, 1)
    done = glyphs.bar_full * (halves // 2) + glyphs.bar_half * (halves % 2)
    return Text.assemble((done, full), (glyphs.bar_rest * (width - len(done)), rest))


def life_bar(
    fraction: float, width: int, inks: Inks, glyphs: Glyphs | None = None, *, style: Style | None = None
) -> Text:
    """What is left of a life, 0.0 to 1.0, as a thin line: red when short, amber below half. `style` overrides that."""
    told = style or (inks.danger if fraction < _SHORT else inks.warn if fraction < _HALF else inks.accent)
    return _bar(fraction, width, told, inks.faint, glyphs or current_glyphs())


def progress(fraction: float, width: int, inks: Inks, glyphs: Glyphs | None = None) -> Text:
    """How far something has come, 0.0 to 1.0, as a thin line in the accent."""
    return _bar(fraction, width, inks.accent, inks.faint, glyphs or current_glyphs())
