"""The filters date and time_zone (Braze docs, "Filters"; the reading and writing is Ruby's)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.liquid.context import Context
from core.liquid.filters import braze_filter
from core.liquid.strftime import strftime
from core.liquid.times import parse
from core.liquid.values import Value, to_s

_DIGITS = re.compile(r"\d+", re.ASCII)
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
    """The value in strftime's words; a value that means no time passes unchanged."""
    shape = to_s(pattern)
    moment = to_time(context, value) if shape else None
    return value if moment is None else strftime(moment, shape)


@braze_filter("time_zone", takes=(1, 1), context=True)
def time_zone(context: Context, value: Value, zone: Value) -> Value:
    """The time in another zone, for `date`; an unknown zone leaves it in UTC (inferred)."""
    moment = to_time(context, value)
    try:
        return value if moment is None else moment.astimezone(_zone(zone))
    except OverflowError:  # the first or last hours of the calendar
        return moment


def _zone(name: Value) -> tzinfo:
    text = to_s(name).strip()
    if match := _OFFSET.fullmatch(text.zfill(5) if text.lstrip("-").isdecimal() else text):
        minutes = min(int(match[2]) * 60 + int(match[3]), 1439)
        return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes), "")
    try:
        return ZoneInfo(text) if text not in ("", "UTC") else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
