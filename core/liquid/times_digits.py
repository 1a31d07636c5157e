"""Runs of digits that mean a time to Ruby's Time.parse: 20201225, 1225, 201225T1011, and the price 1,000.50."""

from __future__ import annotations

import re

from core.liquid.times_found import Found

_RUN = re.compile(
    r"(?P<sign>[-+]?)(?P<run>[0-9]{2,14})(?:\s*t?\s*(?P<clock>[0-9]{2,6})?(?:[.,](?P<fraction>[0-9]*))?)?"
    r"(?:\s*(?P<zone>z\b|[-+][0-9]{1,4}\b|\[[-+]?[0-9][^\]]*\]))?"
)
_CLOCK = ("hour", "minute", "second")
_SHORT = {2: ("day",), 4: ("month", "day"), 6: ("year", "month", "day")}
_FROM_THE_END = ("second", "minute", "hour", "day", "month")


def read_digits(found: Found) -> None:
    """The first run of two digits or more, with the zone behind it.

    A run that ends in a fraction ends in seconds, and what is left of it are minutes, hours, a day. Any other is a
    date, or a day of the year if the count of its digits is odd.
    """
    match = found.cut(_RUN)
    if match is None:
        return
    run, clock, fraction = match["run"], match["clock"] or "", match["fraction"]
    read = _backward if fraction is not None and not clock else _forward
    found.parts |= read(found, match["sign"], run)
    if len(clock) % 2 == 0:
        found.parts |= (
            _backward(found, "", clock) if fraction is not None else dict(zip(_CLOCK, _pairs(clock), strict=False))
        )
    if fraction is not None:
        found.digits = fraction
    if zone := match["zone"]:
        found.zone = zone[1:-1].partition(":")[2] or zone[1:-1] if zone[0] == "[" else zone


def _forward(found: Found, sign: str, run: str) -> dict[str, int]:
    """A date in digits, or a year and a day of it."""
    count = len(run)
    if count in (3, 5, 7):
        return {"yday": int(run[-3:])} | ({"year": int(sign + run[:-3])} if count > 3 else {})
    if count % 2:
        return {}
    if count in _SHORT:
        parts = dict(zip(_SHORT[count], _pairs(run), strict=True))
    else:
        found.short = False
        parts = {"year": int(run[:4])} | dict(zip(("month", "day", *_CLOCK), _pairs(run[4:]), strict=False))
    if sign == "-" and "year" in parts:
        parts["year"] = -parts["year"]
    return parts


def _backward(found: Found, sign: str, run: str) -> dict[str, int]:
    """Seconds, minutes, hours and so on from the end of a run; an odd digit in front stands alone."""
    count = len(run)
    if count > 7 and count % 2:
        return {}
    low, front = run[-10:], run[:-10]
    groups = [low[max(at - 2, 0) : at] for at in range(len(low), 0, -2)]
    parts = dict(zip(_FROM_THE_END, map(int, groups), strict=False))
    if not front:
        return parts
    if len(front) == 4:
        found.short = False
    return parts | {"year": int(sign + front)}


def _pairs(run: str) -> list[int]:
    return [int(run[at : at + 2]) for at in range(0, len(run), 2)]
