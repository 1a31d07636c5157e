"""The ledger as a list: when, outcome, what, to whom, reference; newest first, a heading for each day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from rich.style import Style
from rich.text import Text

from core.clean import safe
from core.ledger import Entry, EntryState
from core.moments import date_words
from tui import glyphs
from tui.theme import Inks
from tui.widgets.customer_card import short_id
from tui.widgets.virtual_table import Column, Heading

COLUMNS = (
    Column("when", "when", 8),
    Column("outcome", "outcome", 11),
    Column("kind", "kind", 8, drop_order=2),
    Column("target", "what", None, min_width=14),
    Column("to", "to whom", 13, drop_order=3),
    Column("reference", "dispatch id", 13, drop_order=1),
)


def outcome_sign(entry: Entry, ink: Inks) -> tuple[str, Style]:
    """The shape and the colour of an entry's state."""
    signs = glyphs.current()
    return {
        EntryState.PLANNED: (signs.bullet, ink.dim),
        EntryState.SENDING: (signs.clock, ink.accent),
        EntryState.SENT: (signs.check, ink.ok),
        EntryState.REJECTED: (signs.cross, ink.danger),
        EntryState.NOT_SENT: (signs.ring, ink.dim),
        EntryState.UNKNOWN: (signs.warn, ink.warn),
    }[entry.state]


def outcome_text(entry: Entry, ink: Inks) -> Text:
    """`✓ accepted`; a person's word on an unknown one is told from a service's."""
    sign, style = outcome_sign(entry, ink)
    return Text.assemble((f"{sign} {entry.state.words}", style), ("*" if entry.marked_by_person else "", ink.warn))


def people_words(entry: Entry, room: int) -> str:
    """The one recipient, cut in the middle, or how many there are."""
    if len(entry.recipients) == 1:
        return short_id(entry.recipients[0], room)
    return f"{len(entry.recipients)} people"


def target_words(entry: Entry) -> str:
    """The name of what was sent or the tags that were set; the id where the name is not known."""
    return safe(entry.target_name or entry.target_id)


def by_day(entries: Sequence[Entry], now: datetime, zone: tzinfo | None) -> list[Entry | Heading]:
    """The entries under a heading for each day: `today`, `yesterday`, `20 Nov`."""
    listed: list[Entry | Heading] = []
    day = ""
    for entry in entries:
        its_day = date_words(entry.created_at, zone, now).rsplit(" ", 1)[0]
        if its_day != day:
            day = its_day
            listed.append(Heading(day))
        listed.append(entry)
    return listed


def paint_entry(entry: Entry, column: Column, ink: Inks, width: int, zone: tzinfo | None) -> Text | tuple[str, Style]:
    """One cell."""
    if column.key == "when":
        return f"{entry.created_at.astimezone(zone):%H:%M:%S}", ink.dim
    if column.key == "outcome":
        return outcome_text(entry, ink)
    if column.key == "kind":
        return entry.kind.value, ink.dim
    if column.key == "target":
        return target_words(entry), ink.ink
    if column.key == "to":
        return people_words(entry, width), ink.dim
    return short_id(entry.reference, width) or glyphs.current().dash, ink.faint
