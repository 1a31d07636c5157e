"""An offer as a row of the wallet: its sign, name, type and countdown, and what is new about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from rich.style import Style
from rich.text import Text

from core.moments import date_words, span_words
from core.offers import Offer, OfferState
from tui import glyphs
from tui.theme import Inks
from tui.widgets.lines import fit
from tui.widgets.virtual_table import Column

COLUMNS = (
    Column("state", "", 1),
    Column("name", "offer", None, min_width=18),
    Column("type", "type", 16, drop_order=1),
    Column("expires", "expires", 13, align="right"),
)
_URGENT, _SOON = timedelta(days=1), timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Row:
    """One offer as the list shows it at one moment; `news` is `new`, `changed`, `gone` or nothing."""

    offer: Offer
    state: OfferState
    news: str


@dataclass(frozen=True, slots=True)
class RowPainter:
    """Paints rows as they stand at `now`; with `as_dates` an end is a date in `zone` rather than a countdown."""

    now: datetime
    zone: tzinfo | None
    as_dates: bool

    def cell(self, row: Row, column: Column, ink: Inks, width: int) -> Text | tuple[str, Style]:
        """What stands in a column of a row of `width` cells."""
        over = row.state in (OfferState.EXPIRED, OfferState.REDEEMED) or row.news == "gone"
        if column.key == "state":
            return self._sign(row, ink)
        if column.key == "name":
            name = row.offer.name or "no name"
            style = ink.struck if row.news == "gone" else ink.faint if over else ink.ink
            if row.state in (OfferState.WAITING, OfferState.BLOCKED):
                style = ink.dim
            if row.news in ("new", "changed"):
                line = Text(fit(name, max(4, width - len(row.news) - 4)), style)
                return line.append("  ").append(f" {row.news} ", ink.chip if row.news == "new" else ink.chip_warn)
            return name, style
        if column.key == "type":
            return row.offer.type.replace("_", " "), ink.faint if over else ink.dim
        return self._ending(row, ink)

    def _sign(self, row: Row, ink: Inks) -> tuple[str, Style]:
        signs = glyphs.current()
        if row.state is OfferState.ISSUED and self._is_urgent(row):
            return signs.clock, ink.danger
        return {
            OfferState.ISSUED: (signs.check, ink.ok),
            OfferState.WAITING: (signs.ring, ink.dim),
            OfferState.BLOCKED: (signs.warn, ink.warn),
            OfferState.REDEEMED: (signs.dot, ink.faint),
            OfferState.EXPIRED: (signs.cross, ink.faint),
        }[row.state]

    def _is_urgent(self, row: Row) -> bool:
        left = row.offer.remaining(self.now)
        return left is not None and left < _URGENT

    def _ending(self, row: Row, ink: Inks) -> tuple[str, Style]:
        offer, now = row.offer, self.now
        if row.news == "gone":
            return "gone", ink.faint
        if row.state is OfferState.REDEEMED and offer.redeemed_at is not None:
            return f"redeemed {_one_unit(now - offer.redeemed_at)}", ink.faint
        if row.state is OfferState.EXPIRED and offer.last_moment is not None:
            return f"expired {_one_unit(now - offer.last_moment)}", ink.faint
        if row.state is OfferState.WAITING and offer.first_moment is not None:
            return f"starts in {_one_unit(offer.first_moment - now)}", ink.dim
        left = offer.remaining(now)
        if left is None:
            return "never", ink.dim
        if self.as_dates and offer.last_moment is not None:
            style = ink.danger if left < _URGENT else ink.warn if left < _SOON else ink.ink
            return date_words(offer.last_moment, self.zone, now), style
        return span_words(left), ink.danger if left < _URGENT else ink.warn if left < _SOON else ink.ink


def _one_unit(span: timedelta) -> str:
    return " ".join(span_words(span).split(" ")[:2])
