"""Times of day and zones inside a text, as Ruby's Time.parse reads them: 17:55, 5 pm, 10h30, +02:00, EST."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo

from core.liquid.times_found import Found

# A text that names UTC is not quite one that is UTC for want of a name: `%-z` tells them apart.
NAMED_UTC = timezone(timedelta(), "UTC")

_HALF = r"[ap](?:m\b|\.m\.)"
# A colon may stand free, an hour mark may not; any word behind a time of day is its zone, even a month.
_TIME = re.compile(
    rf"""(?P<clock>
          [0-9]+\s*(?: :\s*[0-9]+(?:\s*:\s*[0-9]+(?:[.,][0-9]*)?)? | h(?:\s*[0-9]+m?(?:\s*[0-9]+s?)?)? )
          (?:\s*{_HALF})?
        | [0-9]+\s*{_HALF} )
    (?:\s*(?P<zone>
          (?:gmt|utc?)?[-+][0-9]+(?:[.,:][0-9]+(?::[0-9]+)?)?
        | (?:[^\W\d_]|[.\s])+(?:standard|daylight)\stime\b
        | [^\W\d_]+(?:\ dst)?\b ))?""",
    re.VERBOSE,
)
_CLOCK = re.compile(
    rf"""(?P<hour>[0-9]+)h?
    (?:\s*:?\s*(?P<minute>[0-9]+)m? (?:\s*:?\s*(?P<second>[0-9]+)(?:[.,](?P<fraction>[0-9]*))?s?)? )?
    (?:\s*(?P<half>{_HALF}))?""",
    re.VERBOSE,
)
_OFFSET = re.compile(r"([-+])([0-9]{2})(?:(:?)([0-9]{2})(?:\3([0-9]{2}))?)?")
_UTC_NAMES = frozenset({"utc", "z", "ut", "-00:00", "-0000", "-00"})
_ZONES = {"utc": 0, "gmt": 0, "z": 0, "ut": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6}
_ZONES |= {"pst": -8, "pdt": -7}
_ZONES |= {letter: hours for hours, letter in enumerate("abcdefghiklm", 1)}
_ZONES |= {letter: -hours for hours, letter in enumerate("nopqrstuvwxy", 1)}


def read_clock(found: Found) -> None:
    """The time of day in a text and the zone behind it."""
    match = found.cut(_TIME)
    inside = _CLOCK.match(match["clock"]) if match else None
    if match is None or inside is None:
        return
    parts = {name: int(inside[name]) for name in ("hour", "minute", "second") if inside[name]}
    if inside["half"]:
        ruby_integer(parts["hour"])
        parts["hour"] = parts["hour"] % 12 + (12 if inside["half"][0] == "p" else 0)
    found.parts |= parts
    if inside["fraction"] is not None:
        found.digits = inside["fraction"]
    if match["zone"]:
        found.zone = match["zone"]


def ruby_integer(number: int) -> int:
    """The number itself. Raises OverflowError for one at which Ruby stumbles."""
    if number >= 2**31:
        raise OverflowError("a number beyond Ruby's own")
    return number


def offset_of(zone: str | None) -> int | None:
    """The seconds a zone's name or offset in small letters is ahead of UTC; None for one Time.parse does not know."""
    if not zone:
        return None
    if match := _OFFSET.fullmatch(zone):
        seconds = (int(match[2]) * 60 + int(match[4] or 0)) * 60 + int(match[5] or 0)
        return -seconds if match[1] == "-" else seconds
    return _ZONES[zone] * 3600 if zone in _ZONES else None


def zone_of(name: str | None) -> tzinfo:
    """The zone of a name or an offset. Raises ValueError for an offset of a day or more."""
    if name in _UTC_NAMES:
        return NAMED_UTC
    seconds = offset_of(name)
    return timezone(timedelta(seconds=seconds), "") if seconds else UTC
