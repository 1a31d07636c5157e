"""Days inside a text, as Ruby's Time.parse reads them: 2020-12-25, 25 Dec 2020, 12/25, H31.04.30, 5th."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.liquid.times_digits import read_digits
from core.liquid.times_found import Found

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_M = "(" + "|".join(_MONTHS) + ")"
_AGE = r"(c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?"
_ERAS = {"m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}  # the year before an emperor's first

_WEEKDAY = re.compile(r"\b(?:sun|mon|tue|wed|thu|fri|sat)[^-/\d\s]*")
_DAY_MONTH = re.compile(rf"('?[0-9]+)[^-\d\s]*\s*{_M}[^-\d\s']*(?:\s*{_AGE}\s*('?-?[0-9]+(?:(?:st|nd|rd|th)\b)?))?")
_MONTH_DAY = re.compile(rf"\b{_M}[^-\d\s']*\s*('?[0-9]+)[^-\d\s']*(?:\s*,?\s*{_AGE}\s*('?-?[0-9]+))?")
_DASHES = re.compile(r"('?[-+]?[0-9]+)-([0-9]+)-('?-?[0-9]+)")
_ERA = re.compile(r"\b([mtshr])([0-9]+)\.([0-9]+)\.([0-9]+)")
_DAY_DASH = re.compile(rf"('?-?[0-9]+)-{_M}[^-/.]*-('?-?[0-9]+)")
_MONTH_DASH = re.compile(rf"\b{_M}[^-/.]*-('?-?[0-9]+)(?:-('?-?[0-9]+))?")
_SLASHES = re.compile(r"('?-?[0-9]+)/\s*('?[0-9]+)(?:\D\s*('?-?[0-9]+))?")
_DOTS = re.compile(r"('?-?[0-9]+)\.\s*('?[0-9]+)\.\s*('?-?[0-9]+)")
_WEEK = re.compile(r"\b(?:[0-9]{2}(?:[0-9]{2})?)?-?w[0-9]{2}(?:-?[0-9])?\b|-w-[0-9]\b")
_NO_YEAR = re.compile(r"--([0-9]{2})?-([0-9]{2})\b")
_NO_YEAR_SHORT = re.compile(r"--([0-9]{2})([0-9]{2})?\b")
_YEAR_DAY = re.compile(r"\b([0-9]{2}|[0-9]{4})-([0-9]{3})\b")
_NO_YEAR_DAY = re.compile(r"[,.](?:[0-9]{2}|[0-9]{4})-[0-9]{3}\b")
_LONE_YEAR_DAY = re.compile(r"\b-([0-9]{3})\b")
_NO_LONE_DAY = re.compile(r"[0-9]-[0-9]{3}\b")
_YEAR = re.compile(r"'([0-9]+)\b")
_MONTH = re.compile(rf"\b{_M}\S*")
_DAY = re.compile(r"([0-9]+)(?:st|nd|rd|th)\b")
_BEFORE_CHRIST = re.compile(r"\b(?:bc\b|bce\b|b\.c\.|b\.c\.e\.)")
_NUMBER = re.compile(r"\s*([0-9]{1,2})\s*")


def read_weekday(found: Found) -> None:
    """A weekday says nothing, and is in nobody's way."""
    found.cut(_WEEKDAY)


def read_day(found: Found) -> None:
    """The day of a text without its time of day: what the first way to write one that fits says, and no more."""
    if not any(read(found) for read in _READERS):
        read_digits(found)
    if found.cut(_BEFORE_CHRIST):
        found.before_christ = True
    _read_lone_number(found)


def _read_lone_number(found: Found) -> None:
    """What is left is the day of an hour, or the hour of a day."""
    match, parts = _NUMBER.fullmatch(found.text), found.parts
    number = int(match[1]) if match else -1
    if "hour" in parts and "day" not in parts and 1 <= number <= 31:
        parts["day"] = number
    elif "day" in parts and "hour" not in parts and 0 <= number <= 24:
        parts["hour"] = number


def _reader(pattern: re.Pattern[str], take: Callable[[Found, re.Match[str]], None]) -> Callable[[Found], bool]:
    def read(found: Found) -> bool:
        match = found.cut(pattern)
        if match is not None:
            take(found, match)
        return match is not None

    return read


def _month(name: str) -> str:
    return str(_MONTHS.index(name) + 1)


def _day_month(found: Found, match: re.Match[str]) -> None:
    found.before_christ = (match[3] or "").startswith("b")
    found.date(match[4], _month(match[2]), match[1])


def _month_day(found: Found, match: re.Match[str]) -> None:
    found.before_christ = (match[3] or "").startswith("b")
    found.date(match[4], _month(match[1]), match[2])


def _era(found: Found, match: re.Match[str]) -> None:
    found.parts |= {"year": _ERAS[match[1]] + int(match[2]), "month": int(match[3]), "day": int(match[4])}


def _numbers(*names: str) -> Callable[[Found, re.Match[str]], None]:
    def take(found: Found, match: re.Match[str]) -> None:
        found.parts |= {name: int(text) for name, text in zip(names, match.groups(), strict=True) if text}

    return take


def _year_day(found: Found) -> bool:
    """2020-123, unless it is the fraction of something; or -123 on its own."""
    if not _NO_YEAR_DAY.search(found.text) and (match := found.cut(_YEAR_DAY)):
        _numbers("year", "yday")(found, match)
    elif not _NO_LONE_DAY.search(found.text) and (match := found.cut(_LONE_YEAR_DAY)):
        _numbers("yday")(found, match)
    else:
        return False
    return True


_READERS: tuple[Callable[[Found], bool], ...] = (
    _reader(_DAY_MONTH, _day_month),
    _reader(_MONTH_DAY, _month_day),
    _reader(_DASHES, lambda found, match: found.date(*match.groups())),
    _reader(_ERA, _era),
    _reader(_DAY_DASH, lambda found, match: found.date(match[3], _month(match[2]), match[1])),
    _reader(_MONTH_DASH, lambda found, match: found.date(match[3], _month(match[1]), match[2])),
    _reader(_SLASHES, lambda found, match: found.date(*match.groups())),
    _reader(_DOTS, lambda found, match: found.date(*match.groups())),
    _reader(_WEEK, lambda found, match: None),  # the week of a year says nothing
    _reader(_NO_YEAR, _numbers("month", "day")),
    _reader(_NO_YEAR_SHORT, _numbers("month", "day")),
    _year_day,
    _reader(_YEAR, _numbers("year")),
    _reader(_MONTH, lambda found, match: found.parts.update(month=int(_month(match[1])))),
    _reader(_DAY, _numbers("day")),
)
