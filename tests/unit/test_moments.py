"""Moments: the vendors' dates in all their forms, and the words for spans."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.moments import (
    age_words,
    ago_words,
    date_words,
    exact_span_words,
    iso,
    parse_moment,
    span_words,
)

NOW = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        ("2026-01-05 10:20:30", datetime(2026, 1, 5, 10, 20, 30, tzinfo=UTC)),
        ("2026-01-05T10:20:30Z", datetime(2026, 1, 5, 10, 20, 30, tzinfo=UTC)),
        ("2026-01-05T10:11:30.307Z", datetime(2026, 1, 5, 10, 11, 30, 307_000, tzinfo=UTC)),
        ("2026-01-05T10:11:29.5715897Z", datetime(2026, 1, 5, 10, 11, 29, 571_589, tzinfo=UTC)),
        ("2026-01-05T10:11:29.1+02:00", datetime(2026, 1, 5, 8, 11, 29, 100_000, tzinfo=UTC)),
        ("2020-07-10 15:00:00.000 UTC", datetime(2020, 7, 10, 15, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 5, tzinfo=UTC)),
        (1_700_000_000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1_700_000_000.5, datetime(2023, 11, 14, 22, 13, 20, 500_000, tzinfo=UTC)),
    ],
)
def test_every_documented_form_is_read_as_utc(sent: object, moment: datetime) -> None:
    assert parse_moment(sent) == moment


@pytest.mark.parametrize("sent", [None, "", "never", True, [], {}, "0000-00-00 00:00:00", float("nan"), 1e300, 10**400])
def test_what_is_no_date_is_an_absence(sent: object) -> None:
    assert parse_moment(sent) is None


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.integers(), st.floats(), st.from_regex(r"[0-9]{4}-[0-9:T. +Z-]{6,24}")))
def test_nothing_a_vendor_sends_crashes_and_a_moment_is_always_utc(sent: object) -> None:
    moment = parse_moment(sent)
    assert moment is None or moment.tzinfo is UTC


@settings(deadline=None)
@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from([0, 1, 3, 6]), st.integers(-14, 14))
def test_a_moment_survives_being_written_in_any_zone(moment: datetime, digits: int, hours: int) -> None:
    moment = min(max(moment, datetime(2, 1, 1, tzinfo=UTC)), datetime(9998, 1, 1, tzinfo=UTC))
    kept = moment.replace(microsecond=moment.microsecond // 10 ** (6 - digits) * 10 ** (6 - digits))
    written = kept.astimezone(timezone(timedelta(hours=hours))).isoformat()
    assert parse_moment(written) == kept


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-9), "0 s"),
        (timedelta(seconds=45), "45 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=58, seconds=59), "58 min"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(hours=24), "1 d 00 h"),
        (timedelta(days=1, hours=6), "1 d 06 h"),
        (timedelta(days=3), "3 d"),
        (timedelta(days=12, hours=4), "12 d"),
    ],
)
def test_a_span_counts_down_in_two_units_at_most(span: timedelta, words: str) -> None:
    assert span_words(span) == words


def test_an_exact_span_keeps_its_hours_however_long_it_is() -> None:
    assert exact_span_words(timedelta(days=12, hours=4)) == "12 d 04 h"
    assert exact_span_words(timedelta(hours=2, minutes=10)) == "2 h 10 min"


def test_words_for_ages_and_dates() -> None:
    assert age_words(timedelta(seconds=1)) == "just now"
    assert age_words(timedelta(minutes=3)) == "3 min old"
    assert ago_words(NOW - timedelta(days=3), NOW) == "3 d ago"
    assert ago_words(NOW + timedelta(days=4), NOW) == "in 4 d"
    assert date_words(NOW + timedelta(hours=2), UTC, NOW) == "today 23:14"
    assert date_words(NOW + timedelta(hours=3), UTC, NOW) == "tomorrow 00:14"
    assert date_words(NOW - timedelta(days=1), UTC, NOW) == "yesterday 21:14"
    assert date_words(datetime(2026, 12, 24, 18, tzinfo=UTC), UTC, NOW) == "24 Dec 18:00"
    assert date_words(datetime(2027, 1, 3, 9, tzinfo=UTC), UTC, NOW) == "3 Jan 2027 09:00"


def test_today_is_the_day_of_the_person_and_not_of_utc() -> None:
    tokyo = timezone(timedelta(hours=9), "JST")
    assert date_words(NOW, tokyo, NOW) == "today 06:14"
    assert date_words(NOW + timedelta(hours=18), tokyo, NOW) == "tomorrow 00:14"


def test_exports_are_iso_in_utc() -> None:
    assert iso(datetime(2026, 12, 24, 18, tzinfo=timezone(timedelta(hours=1)))) == "2026-12-24T17:00:00Z"
