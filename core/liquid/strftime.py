"""Time as Ruby's strftime writes it, flags and widths included."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from core.liquid.times_clock import NAMED_UTC
from core.liquid.times_far import CYCLE_SECONDS, CYCLE_YEARS, FarTime, Moment, day_of_year, seconds_of

# Only an offset has colons, and they stand behind its width; only some letters have another shape, which is the same.
_DIRECTIVE = re.compile(r"%([-0^#_]*)(\d{0,4})(?:E(?=[cCxXyY])|O(?=[deHkIlmMSuUVwWy]))?(:{0,3}z|[a-zA-Z%])", re.ASCII)
_UNFINISHED = re.compile(r"%[-0^#_]*\d*\Z", re.ASCII)
# What is larger by how much in a year whose calendar is the same.
_LATER = {"Y": CYCLE_YEARS, "G": CYCLE_YEARS, "C": CYCLE_YEARS // 100, "s": CYCLE_SECONDS}
_COMBINED = {
    "c": "%a %b %e %H:%M:%S %Y",
    "D": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
    "v": "%e-%^b-%4Y",
    "x": "%m/%d/%y",
    "X": "%H:%M:%S",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


# directive -> what it counts, width, padding
_NUMBERS: dict[str, tuple[Callable[[datetime], int], int, str]] = {
    "Y": (lambda t: t.year, 4, "0"),
    "C": (lambda t: t.year // 100, 2, "0"),
    "y": (lambda t: t.year % 100, 2, "0"),
    "m": (lambda t: t.month, 2, "0"),
    "d": (lambda t: t.day, 2, "0"),
    "e": (lambda t: t.day, 2, " "),
    "j": (day_of_year, 3, "0"),
    "H": (lambda t: t.hour, 2, "0"),
    "k": (lambda t: t.hour, 2, " "),
    "I": (lambda t: t.hour % 12 or 12, 2, "0"),
    "l": (lambda t: t.hour % 12 or 12, 2, " "),
    "M": (lambda t: t.minute, 2, "0"),
    "S": (lambda t: t.second, 2, "0"),
    "s": (seconds_of, 1, "0"),
    "U": (lambda t: (day_of_year(t) - 1 + 7 - t.isoweekday() % 7) // 7, 2, "0"),
    "W": (lambda t: (day_of_year(t) - 1 + 7 - t.weekday()) // 7, 2, "0"),
    "V": (lambda t: t.isocalendar()[1], 2, "0"),
    "G": (lambda t: t.isocalendar()[0], 4, "0"),
    "g": (lambda t: t.isocalendar()[0] % 100, 2, "0"),
    "u": (lambda t: t.isoweekday(), 1, "0"),
    "w": (lambda t: t.isoweekday() % 7, 1, "0"),
}


def strftime(moment: Moment, pattern: str) -> str:
    """`moment` in the words of `pattern`; an unknown directive stays as it is.

    Raises ValueError for a pattern that ends inside a directive.
    """
    out: list[str] = []
    near, far = (moment.near, moment) if isinstance(moment, FarTime) else (moment, None)
    for literal, flags, digits, letter in _parts(pattern):
        if not letter:
            out.append(literal)
            continue
        text = _directive(near, far, flags, digits, letter)
        out.append(literal if text is None else text)
    return "".join(out)


@lru_cache(maxsize=256)
def _parts(pattern: str) -> tuple[tuple[str, str, str, str], ...]:
    """Text as (text, "", "", ""), directives as (as written, flags, width, letter)."""
    parts: list[tuple[str, str, str, str]] = []
    at = 0
    for match in _DIRECTIVE.finditer(pattern):
        parts.append((pattern[at : match.start()], "", "", ""))
        parts.append((match[0], match[1], match[2], match[3]))
        at = match.end()
    if _UNFINISHED.search(pattern, at):
        raise ValueError(f"invalid format: {pattern}")
    return (*parts, (pattern[at:], "", "", ""))


def _directive(moment: datetime, far: FarTime | None, flags: str, digits: str, letter: str) -> str | None:
    if known := _NUMBERS.get(letter):
        count, width, padding = known
        number = count(moment)
        if far is not None:
            number += far.cycles * _LATER.get(letter, 0)
        # A year before Christ has its sign in front of four digits.
        least = int(digits) if digits else width + (number < 0 and width == 4)
        return _padded(number, least, padding, flags)
    asked = int(digits or 0)
    if letter in _COMBINED:
        text = strftime(far or moment, _COMBINED[letter])
        return (text.upper() if "^" in flags else text).rjust(asked, _filler(flags))
    if letter[-1] == "z":
        named = moment.tzinfo is NAMED_UTC and "-" in flags
        return _offset(moment.utcoffset() or timedelta(), flags, asked, len(letter) - 1, minus=named)
    if letter in "NL":
        places = asked or (9 if letter == "N" else 3)
        return f"{moment.microsecond:06}{far.digits if far else ''}"[:places].ljust(places, "0")
    word = _word(moment, letter)
    return None if word is None else _cased(word, letter, flags, asked)


def _word(moment: datetime, letter: str) -> str | None:
    if letter in "aA":
        name = _DAYS[moment.weekday()]
        return name[:3] if letter == "a" else name
    if letter in "bhB":
        name = _MONTHS[moment.month - 1]
        return name if letter == "B" else name[:3]
    if letter in "pP":
        half = "AM" if moment.hour < 12 else "PM"
        return half if letter == "p" else half.lower()
    return {"Z": moment.tzname() or "", "n": "\n", "t": "\t", "%": "%"}.get(letter)


def _filler(flags: str) -> str:
    """The last flag that says something of it decides."""
    return "0" if flags.rstrip("^#")[-1:] == "0" else " "


def _cased(text: str, letter: str, flags: str, width: int) -> str:
    if "^" in flags:
        text = text.upper()
    elif "#" in flags:
        text = text.lower() if letter in "pZ" else text.upper()
    if not text:  # a zone without a name
        return ""
    return text if "-" in flags else text.rjust(width, _filler(flags))


def _padded(number: int, width: int, padding: str, flags: str) -> str:
    for flag in flags:
        if flag == "-":
            return str(number)
        padding = {"0": "0", "_": " "}.get(flag, padding)
    return str(number).zfill(width) if padding == "0" else str(number).rjust(width)


@lru_cache(maxsize=256)
def _offset(offset: timedelta, flags: str, width: int, colons: int, *, minus: bool) -> str:
    """An offset as +0100, +01:00, +01:00:00 or as short as it may be, padded with zeros behind its sign.

    `minus`: none at all is -0000.
    """
    seconds = int(offset.total_seconds())
    sign, seconds = ("-", -seconds) if minus or seconds < 0 else ("+", seconds)
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    more = [f"{minutes:02}", f"{rest:02}"][: (1, 1, 2, 2 if rest else 1 if minutes else 0)[colons]]
    tail = "".join((":" if colons else "") + part for part in more)
    width = max(width, 3 + len(tail))
    if flags.rstrip("^#")[-1:] == "_":
        return f"{sign}{hours}{tail}".rjust(width)
    return sign + f"{hours:02}{tail}".rjust(width - 1, "0")
