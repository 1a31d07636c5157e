"""Times of day and zones inside a text, as Ruby's Time.parse reads them: 17:55, 5 pm, 10h30, +02:00, EST."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo

from core.liquid.times_digits import Parts, microseconds

_HALF = r"[ap](?:m\b|\.m\.)"
# A colon may stand free, an hour mark may not; any word behind a time of day is its zone, even a month.
_TIME = re.compile(
    rf"""(?P<clock>
          \d+\s*(?: :\s*\d+(?:\s*:\s*\d+(?:[.,]\d*)?)? | h(?:\s*\d+m?(?:\s*\d+s?)?)? )(?:\s*{_HALF})?
        | \d+\s*{_HALF} )
    (?:\s*(?P<zone>
          (?:gmt|utc?)?[-+]\d+(?:[.,:]\d+(?::\d+)?)?
        | [a-z.\s]+(?:standard|daylight)\stime\b
        | (?u:[^\W\d_]+(?:\ dst)?\b) ))?""",
    re.VERBOSE | re.ASCII,
)
_CLOCK = re.compile(
    rf"""(?P<hour>\d+)h?
    (?:\s*:?\s*(?P<minute>\d+)m? (?:\s*:?\s*(?P<second>\d+)(?:[.,](?P<fraction>\d*))?s?)? )?
    (?:\s*(?P<half>{_HALF}))?""",
    re.VERBOSE | re.ASCII,
)
_OFFSET = re.compile(r"([-+])(\d\d)(?:(:?)(\d\d)(?:\3(\d\d))?)?", re.ASCII)
_ZONES = {"utc": 0, "gmt": 0, "z": 0, "ut": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6}
_ZONES |= {"pst": -8, "pdt": -7}
_ZONES |= {letter: hours for hours, letter in enumerate("abcdefghiklm", 1)}
_ZONES |= {letter: -hours for hours, letter in enumerate("nopqrstuvwxy", 1)}


def clock(text: str) -> tuple[Parts, str | None, str]:
    """The time of day in a text, the zone behind it, and the text without both; no parts if there is none."""
    match = _TIME.search(text)
    inside = _CLOCK.match(match["clock"]) if match else None
    if match is None or inside is None:
        return {}, None, text
    parts = {name: int(inside[name]) for name in ("hour", "minute", "second") if inside[name]}
    if inside["half"]:
        parts["hour"] = parts["hour"] % 12 + (12 if inside["half"][0] == "p" else 0)
    if inside["fraction"] is not None:
        parts["microsecond"] = microseconds(inside["fraction"])
    return parts, match["zone"], f"{text[: match.start()]} {text[match.end() :]}"


def zone(text: str | None) -> tzinfo:
    """The zone of a name or an offset in small letters; UTC for one that Time.parse does not know.

    Raises ValueError for an offset of a day or more.
    """
    if not text:
        return UTC
    if match := _OFFSET.fullmatch(text):
        hours, minutes, seconds = int(match[2]), int(match[4] or 0), int(match[5] or 0)
        offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    else:
        offset = timedelta(hours=_ZONES.get(text, 0))
    if not offset:
        return UTC
    return timezone(-offset if text[0] == "-" else offset, "")
