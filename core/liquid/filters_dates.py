"""The filters date and time_zone (Braze docs, "Filters"; the reading and writing is Ruby's)."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.liquid.context import Context
from core.liquid.faults import ArgumentFault, LimitReached
from core.liquid.filters import braze_filter
from core.liquid.strftime import strftime
from core.liquid.switches import left_open
from core.liquid.times import parse
from core.liquid.times_far import Moment, from_seconds, in_zone
from core.liquid.values import Value, to_s

_DIGITS = re.compile(r"\d+", re.ASCII)
_MAX_DIGITS = 4_000
_YEAR_10000 = 253_402_300_800
_FINER = {"milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}
_EMPTY_ZONE = ("missing-default", "The time zone is empty here")
_OFFSET = re.compile(r"([-+]?)(\d{1,2}):?(\d{2})", re.ASCII)


def to_time(context: Context, value: Value) -> Moment | None:
    """The time a value means: now or today in any case, Unix seconds, a text; None for none.

    Raises LimitReached for thousands of digits.
    """
    if isinstance(value, Moment):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        return context.now if value.lower() in ("now", "today") else _parsed(context, value)
    if isinstance(value, str) and len(value) > _MAX_DIGITS:
        raise LimitReached("limit-number", "A time has more than 4,000 digits.", "Look at what is given to date.")
    moment = from_seconds(int(value))
    if moment.year > 9999:
        _tell_milliseconds(context, int(value), moment.year)
    return moment


def _parsed(context: Context, text: str) -> Moment | None:
    try:
        return parse(text, context.now)
    except OverflowError as error:
        raise ArgumentFault("internal", "A number in this date is too large to be one.") from error


def _tell_milliseconds(context: Context, seconds: int, year: int) -> None:
    told = f"The year of this is {year}" if year < 10**9 else "This lies more than a billion years ahead"
    finer = next(((name, parts) for name, parts in _FINER.items() if seconds // parts < _YEAR_10000), None)
    if finer is None:
        told, advice = f"{told}: date counts the seconds since 1970.", "Look at where the number comes from."
    else:
        name, parts = finer
        told, advice = f"{told}: date counts seconds, these are {name}.", f"Write | divided_by: {parts} before it."
    context.report("date-milliseconds", *context.place, told, advice)


@braze_filter("date", takes=(1, 1), context=True)
def date(context: Context, value: Value, pattern: Value) -> Value:
    """The value in strftime's words; a value that means no time passes unchanged.

    Raises ArgumentFault for words that end inside a directive.
    """
    shape = to_s(pattern)
    moment = to_time(context, value) if shape else None
    if moment is None:
        if shape and isinstance(value, str) and value.strip():
            message = f"{value[:40]!r} cannot be read as a date; it stays as it is."
            context.report("date-unread", *context.place, message, "Give dates as 2026-01-31 or 2026-01-31T09:30:00Z.")
        return value
    try:
        return strftime(moment, shape)
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
    return in_zone(moment, found)


def _without_zone(context: Context, value: Value, moment: Moment, zone: Value) -> Value:
    reading = context.data.switches.bad_time_zone
    if reading == "error":
        raise ArgumentFault(f"Invalid Timezone: {to_s(zone)}")
    name, taken = to_s(zone), "the value stays" if reading == "unchanged" else "UTC is taken"
    rule, what = ("unknown-time-zone", f"There is no time zone {name}") if name else _EMPTY_ZONE
    advice = "Write it as Europe/Berlin." if name else "Assign it with a default first."
    if name or not context.data.is_bare:
        context.report(rule, *context.place, f"{what}; {taken}.", f"{advice} {left_open('bad_time_zone')}")
    return value if reading == "unchanged" else in_zone(moment, UTC)


def _zone(name: Value) -> tzinfo | None:
    text = to_s(name).strip()
    if match := _OFFSET.fullmatch(text.zfill(5) if text.lstrip("-").isdecimal() else text):
        minutes = min(int(match[2]) * 60 + int(match[3]), 1439)
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes), "")
    try:
        return UTC if text == "UTC" else ZoneInfo(text) if text else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
