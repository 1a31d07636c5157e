"""The card: who this is, on both sides, with points, tags and what was last received."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from rich.text import Text
from textual.app import RenderResult
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.widget import Widget

from core.clean import safe
from core.customers import IdMatch
from core.moments import ago_words, exact_span_words, span_words
from core.subjects import Subject
from core.tags import Tag, TagKind, soonest_first
from tui import glyphs
from tui.theme import Inks, inks
from tui.widgets.labels import Fact, Mark, Tone, facts_text, title, wrap
from tui.widgets.lines import fit, fit_text
from tui.widgets.pictures import life_bar, progress, sparkline

_URGENT, _SOON, _FULL = timedelta(days=1), timedelta(days=14), timedelta(days=30)


def number_words(value: float) -> str:
    """A figure with thin groups: `1 240`, `12.5`."""
    whole = f"{value:,.0f}" if value == int(value) else f"{value:,}"
    return whole.replace(",", " ")


def short_id(value: str, room: int) -> str:
    """An id cut in its middle to `room` cells: `6f1c0a52…a001`."""
    shown = safe(value)
    if len(shown) <= room:
        return shown
    return f"{shown[: max(1, room - 5)]}{glyphs.current().ellipsis}{shown[-4:]}"


def card_text(subject: Subject, width: int, ink: Inks, now: datetime, zone: tzinfo | None) -> Text:
    """The whole card in `width` cells."""
    blocks = [_who(subject, width, ink), _identity(subject, width, ink), _points(subject, width, ink)]
    blocks += [_tags(subject, width, ink, now), _received(subject, width, ink, now)]
    whole = Text("\n\n").join(block for block in blocks if block.plain)
    return Text("\n").join(fit_text(line, width) for line in whole.split("\n", allow_blank=True))


def _who(subject: Subject, width: int, ink: Inks) -> Text:
    customer, error = subject.customer.value, subject.customer.error
    if customer is None:
        if error is not None:
            told = wrap(Text(error.message, ink.danger), width) + wrap(Text(error.hint, ink.dim), width)
            return Text("\n").join([*told, _retry(ink)])
        if subject.ticket is None:
            hint = Text("No customer yet. Type an id or an email above, or paste a ticket line.", ink.dim)
            return Text("\n").join(wrap(hint, width))
        return Text.assemble((fit(safe(subject.query), width), ink.bold), "\n", ("reading …", ink.faint))
    lines = [Text(fit(customer.name, width), ink.bold)]
    lines += [Text(fit(value, width), ink.dim) for value in (customer.email, customer.phone) if value]
    standing = Text()
    if customer.opted_in is not None:
        standing.append("opted in" if customer.opted_in else "opted out", ink.ok if customer.opted_in else ink.warn)
    if customer.suspended:
        standing.append(" · " if standing.plain else "").append("! suspended", ink.danger + ink.strong)
    elif customer.account_status:
        status = "good standing" if customer.account_status == "good" else customer.account_status
        standing.append(" · " if standing.plain else "", ink.dim).append(status, ink.dim)
    if customer.test_account:
        standing.append(" · test account", ink.warn)
    if error is not None:
        lines.append(Text(fit(error.message, width), ink.danger))
    return Text("\n").join([*lines, standing])


def _retry(ink: Inks) -> Text:
    return Text.assemble(("^R", ink.key), (" retry", ink.dim))


def _identity(subject: Subject, width: int, ink: Inks) -> Text:
    customer, braze = subject.customer.value, subject.braze
    if customer is None:
        return Text()
    room = max(9, width - 22)
    facts = [Fact("SessionM", short_id(customer.user_id, room))]
    if braze.value is not None:
        link = braze.value
        known = short_id(link.user.external_id or link.user.braze_id, room) if link.user else ""
        facts.append(
            {
                IdMatch.MATCH: Fact("Braze", known, Text("same", ink.ok), Mark.GOOD),
                IdMatch.MISMATCH: Fact("Braze", known, Text("differs", ink.danger), Mark.BAD),
                IdMatch.MISSING: Fact("Braze", "missing", mark=Mark.WARN, tone=Tone.WARN),
            }[link.match]
        )
    elif braze.error is not None:
        facts.append(Fact("Braze", "failed", mark=Mark.BAD, tone=Tone.DANGER, note=braze.error.message))
    else:
        facts.append(Fact("Braze", glyphs.current().ellipsis, tone=Tone.FAINT))
    others = customer.identifiers or ((("external", customer.external_id),) if customer.external_id else ())
    facts += [Fact(fit(kind.upper() or "external", 8), short_id(value, room + 8)) for kind, value in others[:4]]
    body, _ = facts_text(facts, width, ink, label_width=8)
    found_by = braze.value.via if braze.value and braze.value.match is IdMatch.MISMATCH else ""
    return Text("\n").join([title("IDENTITY", ink, note=f"found by {found_by}" if found_by else ""), body])


def _points(subject: Subject, width: int, ink: Inks) -> Text:
    customer, points = subject.customer.value, subject.points
    if subject.ticket is None or (customer is None and points.value is None and points.error is None):
        return Text()
    lines = [title("POINTS", ink)]
    wallet = subject.wallet.value
    told = [
        points.value.available if points.value else None,
        customer.available_points if customer else None,
        wallet.available_points if wallet else None,
    ]
    available = next((value for value in told if value is not None), None)
    if available is None:
        error = points.error
        words = "reading …" if points.loading else f"not told: {error.message}" if error else "this tenant shows none"
        lines.append(Text(fit(words, width), ink.faint if points.loading else ink.dim))
    else:
        line = Text.assemble((number_words(available), ink.accent + ink.strong), (" available", ink.dim))
        lifetime = number_words(points.value.lifetime) if points.value and points.value.lifetime is not None else ""
        if lifetime and line.cell_len + len(lifetime) + len(" ·  lifetime") <= width:
            line.append(" · ", ink.dim).append(lifetime, ink.ink).append(" lifetime", ink.dim)
        lines.append(line)
    if customer is not None and customer.tier:
        lines.append(_tier(customer.tier, customer.next_tier_percentage, customer.next_tier_points, width, ink))
    trend = subject.trend.value
    if trend is not None and any(trend):
        lines.append(Text.assemble(("90 days ", ink.dim), sparkline(trend, min(23, width - 9), ink)))
    return Text("\n").join(lines)


def _tier(name: str, percentage: float | None, to_go: float | None, width: int, ink: Inks) -> Text:
    line = Text(fit(name, 12), ink.ink)
    if percentage is None:
        return line
    # A tenant may give 0.62 or 62; both mean the same part of the way.
    fraction = percentage / 100 if percentage > 1 else percentage
    ending = f" {number_words(to_go)} to go" if to_go is not None else f" {fraction:.0%}"
    return (
        line.append(" ")
        .append_text(progress(fraction, max(4, width - line.cell_len - len(ending) - 2), ink))
        .append(ending, ink.dim)
    )


def _tags(subject: Subject, width: int, ink: Inks, now: datetime) -> Text:
    part = subject.tags
    if subject.ticket is None or (subject.customer.value is None and part.value is None):
        return Text()
    lines = [title("TAGS", ink, note="soonest first" if part.value else "")]
    if part.value is None:
        if part.error is not None and not part.loading:
            lines += [*wrap(Text(part.error.message, ink.danger), width), _retry(ink)]
        else:
            lines.append(Text("reading …", ink.faint))
    elif not part.value:
        lines.append(Text("none", ink.dim))
    else:
        lines += [_tag_line(tag, width, ink, now) for tag in soonest_first(part.value)]
    if part.value is not None and part.error is not None:
        lines.append(Text(fit(f"not refreshed: {part.error.message}", width), ink.danger))
    return Text("\n").join(lines)


def _tag_line(tag: Tag, width: int, ink: Inks, now: datetime) -> Text:
    name_room = max(8, min(18, width - 17))
    line = Text(fit(tag.name, name_room), ink.ink)
    line.pad_right(name_room - line.cell_len + 1)
    if tag.kind is TagKind.COUNTER:
        count = f"{glyphs.current().times} {tag.count}" if tag.count is not None else "counter"
        line.append(count, ink.ink)
        return line.append("a counter".rjust(max(11, width - line.cell_len)), ink.dim)
    if tag.expires_at is None:
        words = "expires, clock not told" if tag.kind is TagKind.EXPIRING else "kind not told"
        return line.append(fit(words, width - line.cell_len), ink.dim)
    left = tag.expires_at - now
    ending = "expired" if left <= timedelta(0) else exact_span_words(left) if left >= _URGENT else span_words(left)
    style = ink.danger if left < _URGENT else ink.warn if left < _SOON else ink.ink
    bar_room = max(3, width - line.cell_len - max(9, len(ending)) - 1)
    bar_style = ink.danger if left < _URGENT else ink.warn if left < _SOON else ink.accent
    line.append_text(life_bar(left / _FULL, bar_room, ink, style=bar_style))
    return line.append(ending.rjust(width - line.cell_len), style)


def _received(subject: Subject, width: int, ink: Inks, now: datetime) -> Text:
    link = subject.braze.value
    if link is None or link.user is None:
        return Text()
    lines = [title("LAST RECEIVED", ink, note="Braze")]
    for item in link.user.received[:4]:
        when = ago_words(item.at, now) if item.at else glyphs.current().dash
        name = fit(item.name, max(8, width - 12))
        lines.append(
            Text.assemble((name, ink.ink), " " * max(1, width - Text(name).cell_len - len(when)), (when, ink.dim))
        )
    if not link.user.received:
        lines.append(Text("nothing", ink.dim))
    return Text("\n").join(lines)


class _CardBody(Widget):
    DEFAULT_CSS = "_CardBody { height: auto; }"

    def __init__(self, card: CustomerCard) -> None:
        super().__init__()
        self._card = card

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._card.draw(width).plain.count("\n") + 1

    def render(self) -> RenderResult:
        return self._card.draw(self.size.width)


class CustomerCard(VerticalScroll, can_focus=True):
    """The card as a scrolling pane. Set `subject`; `tick()` moves the countdowns on."""

    DEFAULT_CSS = "CustomerCard { padding: 0 1 0 2; scrollbar-size-vertical: 1; }"

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._subject = Subject()
        self._now: datetime | None = None
        self._zone: tzinfo | None = None
        self._body = _CardBody(self)

    def compose(self) -> Iterator[Widget]:
        """One line-drawn body."""
        yield self._body

    def show(self, subject: Subject, now: datetime, zone: tzinfo | None) -> None:
        """Draw `subject` as it is at `now`."""
        self._subject, self._now, self._zone = subject, now, zone
        self._body.refresh(layout=True)

    def tick(self, now: datetime) -> None:
        """Let the countdowns move on; nothing else changes, so nothing is laid out."""
        self._now = now
        self._body.refresh()

    def draw(self, width: int) -> Text:
        """The card in `width` cells."""
        if self._now is None:
            return Text()
        return card_text(self._subject, max(width, 20), inks(self.app), self._now, self._zone)
