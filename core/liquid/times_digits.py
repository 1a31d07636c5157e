"""Runs of digits that mean a time to Ruby's Time.parse: 20201225, 1225, 201225T1011, and the price 1,000.50."""

from __future__ import annotations

import re

# What a text says of year, month, day, yday, hour, minute, second and microsecond; the rest is missing.
Parts = dict[str, int]

_RUN = re.compile(
    r"(?P<sign>[-+]?)(?P<run>\d{2,14})(?:\s*t?\s*(?P<clock>\d{2,6})?(?P<fraction>[.,]\d*)?)?"
    r"(?P<zone>z\b|[-+]\d{1,4}\b)?",
    re.ASCII,
)
_CLOCK = ("hour", "minute", "second")
_SHORT = {2: ("day",), 4: ("month", "day"), 6: ("year", "month", "day")}
_FROM_THE_END = ("second", "minute", "hour", "day", "month")


def digits(text: str) -> tuple[Parts, str | None]:
    """What the first run of two digits or more says, with the zone behind it; nothing for none.

    A run that ends in a fraction ends in seconds, and what is left of it are minutes, hours, a day. Any other is a
    date, or a day of the year if the count of its digits is odd. Raises ValueError for a year before Christ.
    """
    match = _RUN.search(text)
    if match is None:
        return {}, None
    run, clock, fraction = match["run"], match["clock"] or "", match["fraction"]
    if fraction is not None and not clock:
        parts = _backward(run)
    else:
        parts = _forward(run)
        if match["sign"] == "-" and "year" in parts:
            raise ValueError("a year before Christ")
        if len(clock) % 2 == 0:
            parts |= dict(zip(_CLOCK, _pairs(clock), strict=False)) if fraction is None else _backward(clock)
    if fraction is not None:
        parts["microsecond"] = microseconds(fraction[1:])
    return parts, match["zone"]


def _forward(run: str) -> Parts:
    """A date in digits, or a year and a day of it."""
    count = len(run)
    if count in _SHORT:
        parts = dict(zip(_SHORT[count], _pairs(run), strict=True))
        return parts | {"year": year(run[:2])} if count == 6 else parts
    if count in (3, 5, 7):
        return {"yday": int(run[-3:])} | ({"year": year(run[:-3])} if count > 3 else {})
    if count % 2:
        return {}
    return {"year": int(run[:4])} | dict(zip(("month", "day", *_CLOCK), _pairs(run[4:]), strict=False))


def _backward(run: str) -> Parts:
    """Seconds, minutes, hours and so on from the end of a run; an odd digit in front stands alone."""
    count = len(run)
    if count > 7 and count % 2:
        return {}
    low, front = run[-10:], run[:-10]
    groups = [low[max(at - 2, 0) : at] for at in range(len(low), 0, -2)]
    parts = dict(zip(_FROM_THE_END, map(int, groups), strict=False))
    return parts | {"year": year(front)} if front else parts


def _pairs(run: str) -> list[int]:
    return [int(run[at : at + 2]) for at in range(0, len(run), 2)]


def year(text: str) -> int:
    """A year as written; two digits mean 1969 to 2068."""
    short = text.lstrip("'")
    number = int(short)
    return number + (1900 if number >= 69 else 2000) if len(short) <= 2 else number


def microseconds(fraction: str) -> int:
    """The digits behind a second's mark, cut off to microseconds."""
    return int(fraction[:6].ljust(6, "0"))
