"""Days inside a text, as Ruby's Time.parse reads them: 2020-12-25, 25 Dec 2020, 12/25, H31.04.30, 5th."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.liquid.times_digits import Parts, digits, year

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_M = "(?:" + "|".join(_MONTHS) + ")"
_ERAS = {"m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}  # the year before an emperor's first

_ISO = re.compile(r"(?<!\d)('?-?\d+)-(\d{1,2})-(\d{1,2})(?!\d)", re.ASCII)
_ERA = re.compile(r"\b([mtshr])(\d+)\.(\d+)\.(\d+)", re.ASCII)
_WEEK = re.compile(r"\b(?:(?:\d\d){0,2}-?)?w\d\d(?:-?\d)?\b", re.ASCII)
_NO_YEAR = re.compile(r"--(\d\d)-?(\d\d)\b", re.ASCII)
_ORDINAL = re.compile(r"\b(\d{4})-(\d{3})(?!\d)", re.ASCII)
_DASHES = re.compile(r"(?<!\d)(\d{1,2})-(\d{1,2})-(\d{3,4})(?!\d)", re.ASCII)
_SLASH = re.compile(r"(?<!\d)(\d{1,4})/\s*(\d{1,4})(?:\D\s*(\d{1,4}))?(?!\d)", re.ASCII)
_DOTS = re.compile(r"(?<!\d)(\d{1,4})\.(\d{1,2})\.(\d{1,4})(?!\d)", re.ASCII)
_DAY_MONTH = re.compile(
    rf"(?<!\d)('?\d{{1,4}})(?:st|nd|rd|th)?[\s./-]*({_M})[a-z]*[.,]?[\s/-]*('?\d{{1,4}})?(?!\d)", re.ASCII
)
_MONTH_DAY = re.compile(
    rf"\b({_M})[a-z]*[.,]?[\s/-]*('?\d{{1,4}})(?:st|nd|rd|th)?(?:\s*[,/-]?\s*('?\d{{1,4}}))?(?![\d:])", re.ASCII
)
_MONTH = re.compile(rf"\b({_M})[a-z]*\b", re.ASCII)
_YEAR = re.compile(r"'(\d+)\b", re.ASCII)
_DAY = re.compile(r"(?<!\d)(\d+)(?:st|nd|rd|th)\b", re.ASCII)
_NUMBER = re.compile(r"\s*(\d{1,2})\s*", re.ASCII)


def day(text: str) -> tuple[Parts, str | None, str]:
    """The day in a text without its time of day, a zone if digits bring one, and the text without the day.

    Raises ValueError for digits that mean a year before Christ.
    """
    for pattern, read in _READERS:
        if match := pattern.search(text):
            return read(match), None, f"{text[: match.start()]} {text[match.end() :]}"
    parts, zone = digits(text)
    return parts, zone, "" if parts else text


def left_number(text: str, parts: Parts) -> Parts:
    """What a lone number means beside `parts`: the hour of a day, or the day of an hour."""
    match = _NUMBER.fullmatch(text)
    number = int(match[1]) if match else -1
    if "hour" in parts and "day" not in parts and 1 <= number <= 31:
        return {"day": number}
    if "day" in parts and "hour" not in parts and 0 <= number <= 24:
        return {"hour": number}
    return {}


def _numbered(match: re.Match[str]) -> Parts:
    """Ruby reads 2020/12/25 as year first, 25/12/2020 as day first, 12/25 as month and day, 12/2020 as a month."""
    first, second, third = match[1], match[2], match[3]
    if third is None:
        if len(first) > 2:
            return {"year": int(first), "month": int(second)}
        return {"month": int(first), "year" if len(second) > 2 else "day": int(second)}
    if len(first) > 2 or len(third) <= 2:
        return {"year": year(first), "month": int(second), "day": int(third)}
    return {"year": int(third), "month": int(second), "day": int(first)}


def _named(month: str, number: str, other: str | None) -> Parts:
    """A month's name with one number or two: the first is the day, unless it is written like a year."""
    parts = {"month": _MONTHS.index(month[:3]) + 1}
    if number[0] == "'" or len(number) > 2:
        number, other = other or "", number
    if number:
        parts["day"] = int(number.lstrip("'"))
    if other:
        parts["year"] = year(other)
    return parts


def _iso(match: re.Match[str]) -> Parts:
    return {"year": year(match[1]), "month": int(match[2]), "day": int(match[3])}


def _era(match: re.Match[str]) -> Parts:
    return {"year": _ERAS[match[1]] + int(match[2]), "month": int(match[3]), "day": int(match[4])}


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Parts]], ...] = (
    (_ISO, _iso),
    (_DAY_MONTH, lambda match: _named(match[2], match[1], match[3])),
    (_MONTH_DAY, lambda match: _named(match[1], match[2], match[3])),
    (_ERA, _era),
    (_DASHES, _numbered),
    (_SLASH, _numbered),
    (_DOTS, _numbered),
    (_WEEK, lambda match: {}),  # the week of a year says nothing
    (_NO_YEAR, lambda match: {"month": int(match[1]), "day": int(match[2])}),
    (_ORDINAL, lambda match: {"year": int(match[1]), "yday": int(match[2])}),
    (_YEAR, lambda match: {"year": year(match[1])}),
    (_MONTH, lambda match: {"month": _MONTHS.index(match[1]) + 1}),
    (_DAY, lambda match: {"day": int(match[1])}),
)
