"""Tags of a customer: counters and expiring ones, TTLs as people type them, and the request that sets them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from math import ceil
from typing import Any

from core.errors import InvalidInput
from core.moments import date_words, exact_span_words


class TagKind(StrEnum):
    """A tag counts or it expires, never both (docs.sessionm.com, Core customers tags)."""

    COUNTER = "counter"
    EXPIRING = "expiring"
    UNKNOWN = "unknown"  # the answer did not say


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as read back. `count` of a counter, `expires_at` (UTC) of an expiring tag; None where the API gave none."""

    name: str
    kind: TagKind
    count: int | None
    expires_at: datetime | None
    raw: Any = None


def soonest_first(tags: Iterable[Tag]) -> list[Tag]:
    """Expiring tags by their end, then those whose end is not told, then counters by name."""
    order = {TagKind.EXPIRING: 0, TagKind.UNKNOWN: 1, TagKind.COUNTER: 2}

    def rank(tag: Tag) -> tuple[int, float, str]:
        end = tag.expires_at.timestamp() if tag.expires_at else float("inf")
        return (order[tag.kind], end, tag.name.casefold())

    return sorted(tags, key=rank)


@dataclass(frozen=True, slots=True)
class TagChange:
    """One line of the difference between two reads: `+ winback_q3  expiring`."""

    sign: str  # "+", "-" or "~"
    name: str
    words: str


def tag_changes(before: Iterable[Tag], after: Iterable[Tag]) -> list[TagChange]:
    """What a write did to the tags, seen by reading them again."""
    old, new = {tag.name: tag for tag in before}, {tag.name: tag for tag in after}
    changes = [TagChange("+", name, _value_words(new[name])) for name in new if name not in old]
    changes += [
        TagChange("~", name, f"{_value_words(old[name])} → {_value_words(new[name])}")
        for name in new
        if name in old and _differs(old[name], new[name])
    ]
    return changes + [TagChange("-", name, _value_words(old[name])) for name in old if name not in new]


def _differs(old: Tag, new: Tag) -> bool:
    if (old.kind, old.count) != (new.kind, new.count):
        return True
    if old.expires_at is None or new.expires_at is None:
        return old.expires_at != new.expires_at
    # An end worked out from "seconds left" moves by the time between two reads.
    return abs(new.expires_at - old.expires_at) > timedelta(seconds=5)


def _value_words(tag: Tag) -> str:
    if tag.kind is TagKind.COUNTER:
        return f"counter × {tag.count}" if tag.count is not None else "counter"
    if tag.expires_at is not None:
        return f"expires {tag.expires_at:%Y-%m-%d %H:%M} UTC"
    return tag.kind.value


@dataclass(frozen=True, slots=True)
class Ttl:
    """A time to live: whole seconds, at least 1, and the moment (UTC) it leads to when counted from now.

    That the API counts in seconds follows from Braze's samples (2592000 = 30 days); the unit is not documented.
    """

    seconds: int
    ends_at: datetime

    def words(self, zone: tzinfo | None, now: datetime) -> str:
        """`2592000 s = 30 d 00 h, until 21 Dec 22:14`."""
        span = exact_span_words(timedelta(seconds=self.seconds))
        return f"{self.seconds} s = {span}, until {date_words(self.ends_at, zone, now)}"


_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"(?:\d+\s*(?:weeks?|days?|hours?|minutes?|mins?|seconds?|secs?|[wdhms])\s*)+", re.IGNORECASE)
_PART = re.compile(r"(\d+)\s*([wdhms])", re.IGNORECASE)
_TTL_HINT = "Type 30d, 36h, 90m, a number of seconds, or a date like 2026-12-24 18:00."


def parse_ttl(text: str, now: datetime, zone: tzinfo | None = None) -> Ttl | None:
    """A TTL as people type it; None for nothing (a counter tag). Dates without a zone are in `zone` (None: local).

    Raises InvalidInput for a date that has passed, zero, or anything else.
    """
    value = text.strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        seconds = _digits(value)
    elif _SPAN.fullmatch(value):
        seconds = sum(_digits(number) * _UNITS[unit.lower()] for number, unit in _PART.findall(value))
    else:
        seconds = _seconds_until(value, now, zone)
    if seconds < 1:
        raise InvalidInput(f"The TTL {value[:40]!r} is over before it begins.", _TTL_HINT)
    try:
        return Ttl(seconds, now + timedelta(seconds=seconds))
    except OverflowError as error:
        raise InvalidInput(f"The TTL {value[:40]!r} ends after the year 9999.", _TTL_HINT) from error


def _digits(text: str) -> int:
    if len(text) > 15:
        raise InvalidInput(f"The TTL {text[:20]}… ends after the year 9999.", _TTL_HINT)
    return int(text)


def _seconds_until(text: str, now: datetime, zone: tzinfo | None) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"{text[:40]!r} is not a TTL.", _TTL_HINT) from error
    try:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone) if zone is not None else moment.astimezone()
        # Up to the next whole second: the tag lives at least until the moment that was typed.
        return ceil((moment - now).total_seconds())
    except (OverflowError, ValueError) as error:  # the first and last days there are, seen from some zone
        raise InvalidInput(f"{text[:40]!r} is out of reach.", _TTL_HINT) from error


def parse_tag_names(text: str) -> tuple[str, ...]:
    """Tags separated by commas, spaces or line breaks; each once, in order. Raises InvalidInput when there is none.

    SessionM documents no limit on characters, length or number; a name with a space is given on the command line.
    """
    names = tuple(dict.fromkeys(name for name in re.split(r"[,\s]+", text) if name))
    return check_tag_names(names)


def check_tag_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, each once. Raises InvalidInput for none, an empty one, or one with control characters."""
    unique = tuple(dict.fromkeys(names))
    if not unique:
        raise InvalidInput("There is no tag to set.", "Type one or several, separated by spaces or commas.")
    for name in unique:
        if not name.strip():
            raise InvalidInput("A tag is empty.", "Leave it out.")
        if not name.isprintable():
            raise InvalidInput(f"The tag {name!r} holds characters that cannot be seen.", "Type it again.")
    return unique


def tag_warnings(names: tuple[str, ...], ttl: Ttl | None, current: Iterable[Tag] | None) -> tuple[str, ...]:
    """What SessionM's documentation warns of, for this very request against the tags the customer has now."""
    known = {tag.name: tag for tag in current or ()}
    warnings = []
    for name in names:
        tag = known.get(name)
        if tag is None:
            continue
        if ttl is None and tag.kind is TagKind.COUNTER:
            count = f" ({tag.count} → {tag.count + 1})" if tag.count is not None else ""
            warnings.append(f"{name} is there as a counter: this adds 1{count}.")
        elif ttl is not None and tag.kind is TagKind.EXPIRING:
            warnings.append(f"{name} is there and expires: its clock starts anew.")
        elif tag.kind is not TagKind.UNKNOWN:
            given = "with a TTL" if ttl else "without a TTL"
            warnings.append(f"{name} is there as {tag.kind.value}; what posting it {given} does is not documented.")
    if ttl is None:
        warnings.append("Without a TTL these are counters: posting again adds 1.")
    return (*warnings, "No way to take a tag back is documented.")
