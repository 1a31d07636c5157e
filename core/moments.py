"""Moments and spans: SessionM's and Braze's dates in all their forms, and the words people read for them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

_FRACTION = re.compile(r"(\.\d{6})\d+")
_BRAZE_UTC = re.compile(r" UTC$")


def parse_moment(value: object) -> datetime | None:
    """A vendor's date as a moment in UTC, or None for anything that is not one (null, empty, unreadable).

    Core sends `YYYY-MM-DD HH:MM:SS` without a zone, taken as UTC; Connect ISO 8601 with 0 to 7 fractional digits;
    timelines epoch seconds; Braze's export adds ` UTC` (docs.sessionm.com, Core customers and Connect offers;
    Braze docs, /users/export/ids). That Core's zone-less dates are UTC is not documented.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, OSError, ValueError):
            return None
    if not isinstance(value, str) or len(value) < 10:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        try:
            moment = datetime.fromisoformat(_BRAZE_UTC.sub("+00:00", _FRACTION.sub(r"\1", value)))
        except ValueError:
            return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None


def span_words(span: timedelta) -> str:
    """A span in two units at most, as it counts down: `58 min`, `2 h 10 min`, `1 d 06 h`, `12 d`, `45 s`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02d} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours:02d} h" if days < 3 else f"{days} d"


def exact_span_words(span: timedelta) -> str:
    """A span in days and hours however long it is: `12 d 04 h`; below a day as in `span_words()`."""
    seconds = max(0, int(span.total_seconds()))
    days, hours = divmod(seconds // 3600, 24)
    return f"{days} d {hours:02d} h" if days else span_words(span)


def age_words(span: timedelta) -> str:
    """How old something is: `just now`, `4 s old`, `3 min old`, `2 h 10 min old`."""
    return "just now" if span < timedelta(seconds=2) else f"{span_words(span)} old"


def ago_words(moment: datetime, now: datetime) -> str:
    """A past moment seen from `now`: `3 d ago`, `58 min ago`; a future one `in 4 d`."""
    return f"{span_words(now - moment)} ago" if moment <= now else f"in {span_words(moment - now)}"


def date_words(moment: datetime, zone: tzinfo | None, now: datetime) -> str:
    """A moment for people: `today 23:59`, `24 Dec 18:00`, `3 Jan 2027 09:00`, in `zone` (None: this machine's)."""
    local, here = moment.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    days = (local.date() - here.date()).days
    if days in (-1, 0, 1):
        return f"{('yesterday', 'today', 'tomorrow')[days + 1]} {clock}"
    month = f"{local.day} {_MONTHS[local.month - 1]}"
    return f"{month} {clock}" if local.year == here.year else f"{month} {local.year} {clock}"


# Not strftime's %b: the words of this program are English whatever the locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC to the second, as exports want it: `2026-12-24T17:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
