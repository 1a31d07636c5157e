"""Time as Ruby's Time.parse reads it, in UTC unless the text says otherwise."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from core.liquid.times_clock import clock, zone
from core.liquid.times_days import day, left_number
from core.liquid.times_digits import Parts, microseconds

_PLAIN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(z|utc|[-+]\d\d:?\d\d)?)?", re.ASCII
)
_COMPACT = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?)?\s*(z|[-+]\d\d:?\d\d)?", re.ASCII
)
_MAX_TEXT = 200
_FILLED = ("year", "month", "day", "hour", "minute", "second")


def parse(text: str, now: datetime) -> datetime | None:
    """The time a text means, as Ruby's Time.parse reads it with `now` filling in what is missing; None for no time.

    Hour 24 is the next day's midnight. A text without a zone is UTC.
    """
    if len(text) > _MAX_TEXT:
        return None
    try:
        return _parse_plain(text) or _parse_parts(text.strip().lower(), now)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=4096)
def _parse_plain(text: str) -> datetime | None:
    text = text.strip().lower()
    match = _PLAIN.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, date, hour, minute, second, fraction, offset = match.groups()
    clock = (int(hour or 0), int(minute or 0), int(second or 0), microseconds(fraction or ""))
    return _made((int(year), int(month), int(date)), clock, offset)


def _parse_parts(text: str, now: datetime) -> datetime | None:
    parts, offset, rest = clock(text)
    found, behind, rest = day(rest)
    parts |= found
    if not parts:
        return None
    parts |= left_number(rest, parts)
    return _completed(parts, offset or behind, now)


def _completed(parts: Parts, offset: str | None, now: datetime) -> datetime:
    """`now`, as seen in the zone, gives everything that is larger than the largest part; what is smaller is the least.

    Raises ValueError for parts that are no time.
    """
    local = now.astimezone(zone(offset))
    if "yday" in parts:
        parts = {"year": local.year} | parts
        parts |= _day_of_year(parts["year"], parts["yday"])
    for name in _FILLED:
        if name in parts:
            break
        parts = parts | {name: getattr(local, name)}
    year, month, date, hour, minute, second = (
        parts.get(name, 1 if name in ("month", "day") else 0) for name in _FILLED
    )
    return _made((year, month, date), (hour, minute, second, parts.get("microsecond", 0)), offset)


def _day_of_year(year: int, count: int) -> Parts:
    found = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=count - 1)
    if found.year != year:
        raise ValueError("not a day of the year")
    return {"month": found.month, "day": found.day}


def _made(date: tuple[int, int, int], clock: tuple[int, int, int, int], offset: str | None) -> datetime:
    hour, minute, second, microsecond = clock
    if hour > 24 or (hour == 24 and (minute or second)) or minute > 59 or second > 60:
        raise ValueError("not a time of day")
    year, month, day = date
    if not 1 <= day <= 31:
        raise ValueError("not a day")
    # Ruby lets the days of a long month run over into the next one: 30 February is 2 March.
    moment = datetime(year, month, 1, tzinfo=zone(offset)) + timedelta(
        days=day - 1, hours=hour, minutes=minute, seconds=second
    )
    return moment.replace(microsecond=microsecond)
