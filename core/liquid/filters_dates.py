"""The filters date and time_zone (Braze docs, "Filters"; the reading and writing is Ruby's)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.liquid.context import Context
from core.liquid.faults import ArgumentFault
from core.liquid.filters import braze_filter
from core.liquid.strftime import strftime
from core.liquid.switches import left_open
from core.liquid.times import parse
from core.liquid.values import Value, to_s

_DIGITS = re.compile(r"\d+", re.ASCII)
_EMPTY_ZONE = ("missing-default", "The time zone is empty here")
_OFFSET = re.compile(r"([-+]?)(\d{1,2}):?(\d{2})", re.ASCII)


def to_time(context: Context, value: Value) -> datetime | None:
    """The time a value means: now or today in any case, Unix seconds, a text; None for none."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    if isinstance(value, str):
        if value.lower() in ("now", "today"):
            return context.now
        if not _DIGITS.fullmatch(value):
            return parse(value, context.now)
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(value))
    except (OverflowError, ValueError):
        return None


@braze_filter("date", takes=(1, 1), context=True)
def date(context: Context, value: Value, pattern: Value) -> Value:
    """The value in strftime's words; a value that means no time passes unchanged.

    Raises ArgumentFault for words that end inside a directive.
    """
    shape = to_s(pattern)
    moment = to_time(context, value) if shape else None
    try:
        return value if moment is None else strftime(moment, shape)
    except ValueError as error:
        raise ArgumentFault(str(error)) from error


@braze_filter("time_zone", takes=(1, 1), context=True)
def time_zone(context: Context, value: Value, zone: Value) -> Value:
    """The time in another zone, for `date`; an unknown one is a switch. Raises ArgumentFault if that says so."""
    moment = to_time(context, value)
    if moment is None:
        return value
    found = _zone(zone)
    if found is None:
        return _without_zone(context, value, moment, zone)
    try:
        return moment.astimezone(found)
    except OverflowError:  # the first or last hours of the calendar
        return moment


def _without_zone(context: Context, value: Value, moment: datetime, zone: Value) -> Value:
    reading = context.data.switches.bad_time_zone
    if reading == "error":
        raise ArgumentFault(f"Invalid Timezone: {to_s(zone)}")
    name, taken = to_s(zone), "the value stays" if reading == "unchanged" else "UTC is taken"
    rule, what = ("unknown-time-zone", f"There is no time zone {name}") if name else _EMPTY_ZONE
    advice = "Write it as Europe/Berlin." if name else "Assign it with a default first."
    context.report(rule, *context.place, f"{what}; {taken}.", f"{advice} {left_open('bad_time_zone')}")
    return value if reading == "unchanged" else moment.astimezone(UTC)


def _zone(name: Value) -> tzinfo | None:
    text = to_s(name).strip()
    if match := _OFFSET.fullmatch(text.zfill(5) if text.lstrip("-").isdecimal() else text):
        minutes = min(int(match[2]) * 60 + int(match[3]), 1439)
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes), "")
    try:
        return UTC if text == "UTC" else ZoneInfo(text) if text else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
