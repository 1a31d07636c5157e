"""Time as Ruby's Time.parse reads it, in UTC unless the text says otherwise."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_M = "(?:" + "|".join(_MONTHS) + ")"
_ZONES = {"utc": 0, "gmt": 0, "z": 0, "ut": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6}
_ZONES |= {"pst": -8, "pdt": -7}

_TIME = re.compile(
    r"(?<![\d:])(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?\s*([ap])?(?:\.?m\b\.?)?|\s*([ap])\.?m\b\.?)"
    r"(?:\s*((?:utc|gmt)?[-+]\d{1,2}(?::?\d{2})?(?::?\d{2})?|\b(?:z|utc?|gmt|[ecmp][sd]t)\b))?",
    re.ASCII,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?(?:[.,](\d+))?)?\s*(z|[-+]\d\d:?\d\d)?", re.ASCII)
_ISO = re.compile(r"(?<!\d)('?-?\d{2,4})-(\d{1,2})-(\d{1,2})(?!\d)", re.ASCII)
_YEAR_MONTH = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?![\d-])", re.ASCII)
_ORDINAL = re.compile(r"(?<!\d)(\d{4})-(\d{3})(?!\d)", re.ASCII)
_SLASH = re.compile(r"(?<!\d)(\d{1,4})/(\d{1,2})(?:/(\d{1,4}))?(?!\d)", re.ASCII)
_DASHES = re.compile(r"(?<!\d)(\d{1,2})-(\d{1,2})-(\d{3,4})(?!\d)", re.ASCII)
_HOUR = re.compile(r"(-\d{1,2})[t\s]+(\d{1,2})", re.ASCII)
_DOTS = re.compile(r"(?<!\d)(\d{1,4})\.(\d{1,2})\.(\d{1,4})(?!\d)", re.ASCII)
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s.-]*({_M})[a-z]*[.,]?[\s-]*('?\d{{2,4}})?(?!\d)", re.ASCII
)
_MONTH_DAY = re.compile(
    rf"\b({_M})[a-z]*[.,]?[\s-]*(\d{{1,4}})(?:st|nd|rd|th)?(?:\s*,?\s*('?\d{{2,4}}))?(?![\d:])", re.ASCII
)
_MONTH = re.compile(rf"\b({_M})[a-z]*\b", re.ASCII)
_DIGITS = re.compile(r"(?<!\d)(\d{6}|\d{2,4})(?!\d)", re.ASCII)
_PLAIN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(z|utc|[-+]\d\d:?\d\d)?)?", re.ASCII
)
_MAX_TEXT = 200


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
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    return _made((int(year), int(month), int(day)), (hour, minute, second, fraction, None), zone)


def _parse_parts(text: str, now: datetime) -> datetime | None:
    time = _TIME.search(text)
    clock: tuple[str | None, ...] = (None,) * 5
    zone = None
    rest = text
    if time:
        clock = (time[1], time[2], time[3], time[4], time[5] or time[6])
        zone = time[7]
        rest = f"{text[: time.start()]} {text[time.end() :]}"
        rest = re.sub(r"(\d)t\s", r"\1 ", rest)
    elif hour := _HOUR.search(text):
        clock = (hour[2], None, None, None, None)
        rest = text[: hour.end(1)]
    date = _date(rest, now)
    if date is None:
        if time is None:
            return None
        date = (now.year, now.month, now.day)
    return _made(date, clock, zone)


def _date(text: str, now: datetime) -> tuple[int, int, int] | None:
    if match := _ISO.search(text):
        return _year(match[1]), int(match[2]), int(match[3])
    if match := _DAY_MONTH.search(text):
        return (_year(match[3]) if match[3] else now.year), _month(match[2]), int(match[1])
    if match := _MONTH_DAY.search(text):
        if int(match[2]) > 31:
            return int(match[2]), _month(match[1]), 1
        return (_year(match[3]) if match[3] else now.year), _month(match[1]), int(match[2])
    for pattern in (_DASHES, _SLASH, _DOTS):
        if match := pattern.search(text):
            return _three(match[1], match[2], match[3], now)
    if match := _ORDINAL.search(text):
        day = datetime(int(match[1]), 1, 1, tzinfo=UTC) + timedelta(days=int(match[2]) - 1)
        return day.year, day.month, day.day
    if _YEAR_MONTH.search(text):
        return None
    if match := _MONTH.search(text):
        return now.year, _month(match[1]), 1
    match = _DIGITS.search(text)
    return _digits(match[1], now) if match else None


def _digits(text: str, now: datetime) -> tuple[int, int, int]:
    """Digits alone: a day, a day of the year, month and day, or a short date."""
    if len(text) == 3 and 0 < int(text) <= 366:
        day = datetime(now.year, 1, 1, tzinfo=UTC) + timedelta(days=int(text) - 1)
        return day.year, day.month, day.day
    parts = [int(text[at : at + 2]) for at in range(0, len(text), 2)]
    if len(parts) == 1:
        return now.year, now.month, parts[0]
    return (now.year, parts[0], parts[1]) if len(parts) == 2 else (_year(text[:2]), parts[1], parts[2])


def _three(first: str, second: str, third: str | None, now: datetime) -> tuple[int, int, int]:
    """Ruby reads 2020/12/25 as year first, 25/12/2020 as day first, 12/25 as month and day."""
    if third is None:
        return now.year, int(first), int(second)
    if len(first) > 2 or len(third) <= 2:
        return _year(first), int(second), int(third)
    return int(third), int(second), int(first)


def _year(text: str) -> int:
    digits = text.lstrip("'")
    year = int(digits)
    return year + (1900 if year >= 69 else 2000) if len(digits) <= 2 else year


def _month(text: str) -> int:
    return _MONTHS.index(text[:3]) + 1


def _made(date: tuple[int, int, int], clock: tuple[str | None, ...], zone: str | None) -> datetime:
    hour, minute, second = (int(part or 0) for part in clock[:3])
    fraction = int(((clock[3] or "") + "000000")[:6])
    if clock[4] and hour <= 12:
        hour = hour % 12 + (12 if clock[4] == "p" else 0)
    if hour > 24 or (hour == 24 and (minute or second)) or minute > 59 or second > 60:
        raise ValueError("not a time of day")
    year, month, day = date
    if day > 31:
        raise ValueError("not a day")
    # Ruby lets the days of a long month run over into the next one: 30 February is 2 March.
    moment = datetime(year, month, 1, tzinfo=_zone(zone)) + timedelta(
        days=day - 1, hours=hour, minutes=minute, seconds=second
    )
    return moment.replace(microsecond=fraction)


def _zone(text: str | None) -> tzinfo:
    if not text:
        return UTC
    match = re.search(r"([-+])(\d{1,2}):?(\d{2})?", text)
    if match is None:
        hours = _ZONES.get(text, 0)
        return timezone(timedelta(hours=hours), "") if hours else UTC
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes == 0:
        return UTC
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes), "")
