"""Times: what Python's datetime cannot hold, and how it stands beside what it can."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.liquid.engine import Dataset, Engine
from core.liquid.strftime import strftime
from core.liquid.times import parse
from core.liquid.times_far import CYCLE_SECONDS, FarTime, from_seconds, in_zone, seconds_of
from core.render import Problem, RenderData

NOW = datetime(2024, 3, 1, 1, 2, 3, tzinfo=UTC)
SECONDS = st.integers(-(10**14), 10**14)
HOURS = st.integers(-23, 23)


@given(SECONDS)
def test_seconds_survive_being_a_time(seconds: int) -> None:
    assert seconds_of(from_seconds(seconds)) == seconds
    assert strftime(from_seconds(seconds), "%s") == str(seconds)


@given(SECONDS, HOURS)
def test_a_zone_changes_the_clock_and_not_the_time(seconds: int, hours: int) -> None:
    moment = from_seconds(seconds)
    moved = in_zone(moment, timezone(timedelta(hours=hours)))
    assert moved == moment
    assert hash(moved) == hash(moment)
    assert strftime(moved, "%s %z") == f"{seconds} {hours:+03}00"


@given(SECONDS, SECONDS)
def test_times_compare_as_their_seconds_do(one: int, other: int) -> None:
    assert (from_seconds(one) < from_seconds(other)) == (one < other)
    assert (from_seconds(one) >= from_seconds(other)) == (one >= other)
    assert (from_seconds(one) == from_seconds(other)) == (one == other)


@given(st.integers(-62_000_000_000, 253_000_000_000), st.integers(1, 10**9))
def test_four_hundred_years_change_the_year_alone(seconds: int, cycles: int) -> None:
    near, far = from_seconds(seconds), from_seconds(seconds + cycles * CYCLE_SECONDS)
    assert far.year == near.year + 400 * cycles
    for pattern in ("%m-%d %H:%M:%S", "%A %j %U %W %V %u %y %g"):
        assert strftime(far, pattern) == strftime(near, pattern)


def test_what_a_datetime_can_hold_is_one() -> None:
    assert isinstance(from_seconds(253_402_300_799), datetime)
    assert isinstance(from_seconds(253_402_300_800), FarTime)
    back = in_zone(from_seconds(253_402_300_800), timezone(timedelta(hours=-1)))
    assert isinstance(back, datetime)
    assert back.year == 9999
    assert isinstance(parse("2020-12-25 10:00:00.123456000", NOW), datetime)
    assert isinstance(parse("2020-12-25 10:00:00.1234567", NOW), FarTime)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31 23:59:59"])
@pytest.mark.parametrize("zone", ["-0800", "+0800", "Pacific/Kiritimati", "America/Adak"])
def test_the_ends_of_the_calendar_have_time_zones_too(text: str, zone: str) -> None:
    made, problems = printed(f"{{{{ '{text}' | time_zone: '{zone}' | date: '%s' }}}}")
    assert (made, problems) == (printed(f"{{{{ '{text}' | date: '%s' }}}}")[0], ())


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        ("1700000000000", "divided_by: 1000 "),
        ("1700000000000000", "1000000 "),
        ("'1700000000000000000'", "1000000000 "),
    ],
)
def test_a_number_too_fine_for_seconds_is_told_with_what_to_divide_it_by(number: str, advice: str) -> None:
    (problem,) = printed(f"Sent\n in {{{{ {number} | date: '%Y' }}}}")[1]
    assert (problem.rule, problem.line) == ("date-milliseconds", 2)
    assert advice in problem.hint


def test_a_number_that_no_division_mends_is_told_as_such() -> None:
    (problem,) = printed("{{ 123456789012345678901234567890 | date: '%Y' }}")[1]
    assert "billion" in problem.message
    assert "divided_by" not in problem.hint


def test_a_time_of_thousands_of_digits_ends_the_render() -> None:
    made = Engine().render(f"{{{{ '{'9' * 5_000}' | date: '%Y' }}}}", Dataset(RenderData()), connected="off", now=NOW)
    assert (made.status, [one.rule for one in made.problems]) == ("failed", ["limit-number"])


def printed(template: str) -> tuple[str, tuple[Problem, ...]]:
    """What a template prints, and its problems."""
    made = Engine().render(template, Dataset(RenderData()), connected="off", now=NOW)
    return made.output, made.problems
