"""Time as Ruby's Time.parse reads it, in UTC unless the text says otherwise."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from core.liquid.times_clock import offset_of, read_clock, ruby_integer, zone_of
from core.liquid.times_days import read_day, read_weekday
from core.liquid.times_far import Moment, day_of_year, held, in_zone, month_begins, month_length
from core.liquid.times_found import Found

_PLAIN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?\s*(z|utc|[-+]\d\d:?\d\d)?)?", re.ASCII
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,6}))?)?)?(z|[-+]\d{4})?", re.ASCII)
_NOISE = re.compile(r"(?:[^-+',./:@\w\[\]]|_)+")
_MAX_TEXT = 128  # characters: Ruby's own
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_LEAST = {"month": 1, "day": 1}
_UNITS = (("second", 60), ("minute", 60), ("hour", 24))

Parts = dict[str, int]


def parse(text: str, now: datetime) -> Moment | None:
    """The time a text means, as Ruby's Time.parse reads it with `now` filling in what is missing; None for no time.

    Hour 24 is the next day's midnight. A text without a zone is UTC. Raises OverflowError where Ruby stumbles over a
    large number.
    """
    if len(text) > _MAX_TEXT:
        return None
    try:
        return _parse_plain(text) or _parse_parts(text.lower(), now)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _parse_plain(text: str) -> datetime | None:
    text = text.strip().lower()
    match = _PLAIN.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    clock = int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "").ljust(6, "0"))
    try:
        return datetime(int(year), int(month), int(day), *clock, tzinfo=zone_of(offset))
    except ValueError:  # 30 February, hour 24, second 60, the year 0
        return None


@lru_cache(maxsize=4096)
def _found(text: str) -> Found:
    """What a text in small letters says, whenever it is read."""
    found = Found(_NOISE.sub(" ", text))
    read_weekday(found)
    read_clock(found)
    read_day(found)
    found.settle()
    return found


def _parse_parts(text: str, now: datetime) -> Moment | None:
    found = _found(text)
    if not found.parts and found.digits is None:
        return None
    seen = now if offset_of(found.zone) is None else now.astimezone(zone_of(found.zone))
    if "yday" in found.parts:
        return _day_of_year(found, seen)
    return _made(found, _completed(found.parts, seen))


def _completed(parts: Parts, now: datetime) -> Parts:
    """`now` gives everything that is larger than the largest part; what is smaller is the least."""
    full = dict(parts)
    for name in _PARTS:
        if name in parts:
            break
        full[name] = getattr(now, name)
    return {name: _LEAST.get(name, 0) for name in _PARTS} | full


def _day_of_year(found: Found, now: datetime) -> Moment:
    """Ruby takes all months to be of 31 days, sees which day of the year comes out, and goes back by the difference."""
    count = found.parts["yday"]
    if not 1 <= count <= 366:
        raise ValueError("not a day of the year")
    month, day = (count - 1) // 31 + 1, (count - 1) % 31 + 1
    parts = _completed({"year": now.year} | found.parts | {"month": month, "day": day}, now)
    guess = _made(found, parts)
    day += count - day_of_year(guess)
    length = month_length(parts["year"], month) or 31
    if day > length:
        if month == 12:
            raise ValueError("not a day of the year")
        month, day = month + 1, day - length
    return _made(found, parts | {"month": month, "day": day})


def _made(found: Found, parts: Parts) -> Moment:
    """The time of complete parts. Raises ValueError if there is none."""
    zone, offset = zone_of(found.zone), offset_of(found.zone)
    if offset:
        parts = _in_utc(parts, offset)
    year, month, day, hour, minute, second = (parts[name] for name in _PARTS)
    for number, bits in ((month, 4), (day, 5), (hour, 5), (minute, 6), (second, 6)):
        if ruby_integer(number) >= 2**bits:
            raise ValueError("not a time")
    if hour > 24 or (hour == 24 and (minute or second)) or minute > 59 or second > 60:
        raise ValueError("not a time of day")
    if day < 1 or not 1 <= month <= 12:
        raise ValueError("not a day")
    # Ruby lets the days of a long month run over into the next one: 30 February is 2 March.
    near, cycles = month_begins(year, month, UTC if offset else zone)
    near += timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)
    digits = (found.digits or "").ljust(6, "0")
    return in_zone(held(near.replace(microsecond=int(digits[:6])), cycles, digits[6:]), zone)


def _in_utc(parts: Parts, offset: int) -> Parts:
    """Ruby's own way to take an offset off: only what it touches is carried over, and it looks at a month's length
    only where it goes beyond it."""
    parts = dict(parts)
    way, left = (-1, offset) if offset > 0 else (1, -offset)
    for name, size in _UNITS:
        left, step = divmod(left, size)
        if step:
            over, parts[name] = divmod(parts[name] + way * step, size)
            left += way * over
    year, month, day = parts["year"], parts["month"], parts["day"] + way * left
    if left and way > 0 and day > (month_length(year, month) or day):
        year, month, day = (year, month + 1, 1) if month != 12 else (year + 1, 1, 1)
    elif left and way < 0 and day < 1:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        day = month_length(year, month) or 0
    return parts | {"year": year, "month": month, "day": day}
