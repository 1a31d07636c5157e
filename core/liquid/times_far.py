"""Times that Python's datetime cannot hold: years beyond 1 to 9999, and parts of a microsecond."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import total_ordering

CYCLE_YEARS = 400  # after which the calendar begins anew, weekdays and all
CYCLE_SECONDS = 146_097 * 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_OF_FAR = {True: (datetime(2370, 1, 1, tzinfo=UTC), 1), False: (datetime(370, 1, 1, tzinfo=UTC), -4)}
_SECOND = timedelta(seconds=1)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class FarTime:
    """A time with the day and clock of `near`, `cycles` times 400 years later.

    `digits` are those of its second behind the microseconds. Compared with other times as times are.
    """

    near: datetime
    cycles: int
    digits: str = ""

    @property
    def year(self) -> int:
        """The year; 0 is the one before the first."""
        return self.near.year + self.cycles * CYCLE_YEARS

    def astimezone(self, zone: tzinfo) -> Moment:
        """The same time as seen in a zone."""
        return held(self.near.astimezone(zone), self.cycles, self.digits)

    def _key(self) -> tuple[int, int, str]:
        return seconds_of(self), self.near.microsecond, self.digits

    def __eq__(self, other: object) -> bool:
        if isinstance(other, datetime):
            other = FarTime(other, 0)
        return self._key() == other._key() if isinstance(other, FarTime) else NotImplemented

    def __lt__(self, other: Moment) -> bool:
        if isinstance(other, datetime):
            other = FarTime(other, 0)
        return self._key() < other._key()

    def __hash__(self) -> int:
        return hash(self._key())


Moment = datetime | FarTime


def held(near: datetime, cycles: int, digits: str = "") -> Moment:
    """The time `cycles` times 400 years after `near`, as a datetime if that can hold it."""
    digits = digits.rstrip("0")
    year = near.year + cycles * CYCLE_YEARS
    return near.replace(year=year) if not digits and 1 <= year <= 9999 else FarTime(near, cycles, digits)


def month_begins(year: int, month: int, zone: tzinfo) -> tuple[datetime, int]:
    """Midnight of a month's first day in a year of the same calendar far from both ends, and the cycles between.

    Raises ValueError for a month that is none.
    """
    cycles = 0 if 2 <= year <= 9998 else (year - (2400 if year > 9998 else 400)) // CYCLE_YEARS
    return datetime(year - cycles * CYCLE_YEARS, month, 1, tzinfo=zone), cycles


def from_seconds(seconds: int) -> Moment:
    """The time so many seconds after 1970 began, in UTC."""
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        cycles, rest = divmod(seconds, CYCLE_SECONDS)
        epoch, before = _EPOCH_OF_FAR[seconds > 0]
        return held(epoch + timedelta(seconds=rest), cycles - before)


def seconds_of(moment: Moment) -> int:
    """The whole seconds between 1970 and a time."""
    if isinstance(moment, FarTime):
        return (moment.near - _EPOCH) // _SECOND + moment.cycles * CYCLE_SECONDS
    return (moment - _EPOCH) // _SECOND


def in_zone(moment: Moment, zone: tzinfo) -> Moment:
    """The same time as seen in a zone."""
    if isinstance(moment, FarTime):
        return moment.astimezone(zone)
    try:
        return moment.astimezone(zone)
    except OverflowError:  # the first or last hours that a datetime can hold
        near, cycles = month_begins(moment.year, moment.month, UTC)
        return FarTime(moment.replace(year=near.year), cycles).astimezone(zone)


def day_of_year(moment: Moment) -> int:
    """1 to 366."""
    near = moment.near if isinstance(moment, FarTime) else moment
    return near.timetuple().tm_yday


def month_length(year: int, month: int) -> int | None:
    """The days of a month; None behind December. The month before January has as many as December."""
    if month > 12:
        return None
    return 28 + (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)) if month == 2 else _LENGTHS[month - 1]
