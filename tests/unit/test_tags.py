"""Tags: TTLs as people type them, names, warnings, and the difference between two reads."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.tags import (
    Tag,
    TagKind,
    Ttl,
    check_tag_names,
    parse_tag_names,
    parse_ttl,
    soonest_first,
    tag_changes,
    tag_warnings,
)

NOW = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)
BERLIN_WINTER = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("30d", 2_592_000),
        ("36h", 129_600),
        ("90m", 5_400),
        ("45 min", 2_700),
        ("2 weeks", 1_209_600),
        ("1d 12h", 129_600),
        ("1D12H", 129_600),
        ("20000", 20_000),
        ("1", 1),
        (" 5 s ", 5),
        ("2026-11-21 22:14", 3_600),
        ("2026-11-22T21:14:00+00:00", 86_400),
        ("2026-11-22T01:14+03:00", 3_600),
    ],
)
def test_a_ttl_is_read_as_people_type_it(typed: str, seconds: int) -> None:
    ttl = parse_ttl(typed, NOW, UTC)
    assert ttl == Ttl(seconds, NOW + timedelta(seconds=seconds))


def test_a_date_without_a_zone_is_in_the_zone_of_the_person() -> None:
    ttl = parse_ttl("2026-12-24 18:00", NOW, BERLIN_WINTER)
    assert ttl is not None
    assert ttl.ends_at == datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    assert ttl.words(BERLIN_WINTER, NOW) == f"{ttl.seconds} s = 32 d 19 h, until 24 Dec 18:00"


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_typed_is_a_counter(typed: str) -> None:
    assert parse_ttl(typed, NOW) is None


@pytest.mark.parametrize(
    "typed",
    [
        "0",
        "0d",
        "-5",
        "5 months",
        "1.5h",
        "soon",
        "2026-11-21 20:00",
        "30d ago",
        "1e5",
        "9" * 400,
        "9" * 15 + "w",
        "٣٠",
    ],
)
def test_what_is_no_ttl_or_over_before_it_begins_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        parse_ttl(typed, NOW, UTC)


@pytest.mark.parametrize("typed", ["0001-01-01", "9999-12-31T23:59:59-23:59"])
def test_the_ends_of_time_are_refused_or_read_but_never_crash(typed: str) -> None:
    with contextlib.suppress(InvalidInput):
        parse_ttl(typed, NOW)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_ttl_of_at_least_a_second_or_nothing_or_refused(typed: str) -> None:
    with contextlib.suppress(InvalidInput):
        ttl = parse_ttl(typed, NOW, UTC)
        assert ttl is None or (ttl.seconds >= 1 and ttl.ends_at == NOW + timedelta(seconds=ttl.seconds))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 999), st.sampled_from("wdhms")), min_size=1, max_size=4))
def test_spans_add_up(parts: list[tuple[int, str]]) -> None:
    seconds = sum(count * {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}[unit] for count, unit in parts)
    typed = " ".join(f"{count}{unit}" for count, unit in parts)
    if seconds:
        ttl = parse_ttl(typed, NOW)
        assert ttl is not None
        assert ttl.seconds == seconds
    else:
        with pytest.raises(InvalidInput):
            parse_ttl(typed, NOW)


def test_names_are_parted_by_commas_spaces_and_lines_and_kept_once() -> None:
    assert parse_tag_names(" winback_q3, vip\nemail_nps_9  vip,") == ("winback_q3", "vip", "email_nps_9")


@pytest.mark.parametrize("names", [(), ("",), ("  ",), ("a\x1b[0m",), ("a\u202eb",), ("a\u200bb",), ("\ud800",)])
def test_names_nobody_can_see_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        check_tag_names(names)


def test_names_are_kept_byte_for_byte() -> None:
    assert check_tag_names((" a b ", "東京", "[/b]", "x" * 500)) == (" a b ", "東京", "[/b]", "x" * 500)


COUNTER = Tag("visits", TagKind.COUNTER, 3, None)
EXPIRING = Tag("vip", TagKind.EXPIRING, None, NOW + timedelta(days=2))


def test_the_warnings_tell_what_this_very_post_does_to_what_is_there() -> None:
    counted = tag_warnings(("visits",), None, [COUNTER])
    assert "adds 1 (3 → 4)" in counted[0]
    assert "counters" in counted[1]
    restarted = tag_warnings(("vip",), Ttl(60, NOW), [EXPIRING])
    assert "starts anew" in restarted[0]
    mixed = tag_warnings(("visits", "vip"), Ttl(60, NOW), [COUNTER, EXPIRING])
    assert "not documented" in mixed[0]
    for warnings in (counted, restarted, mixed, tag_warnings(("new",), None, None)):
        assert "take a tag back" in warnings[-1]


def test_tags_are_sorted_by_what_ends_first() -> None:
    later = Tag("later", TagKind.EXPIRING, None, NOW + timedelta(days=9))
    untold = Tag("untold", TagKind.EXPIRING, None, None)
    unknown = Tag("what", TagKind.UNKNOWN, None, None)
    assert soonest_first([COUNTER, unknown, untold, later, EXPIRING]) == [EXPIRING, later, untold, unknown, COUNTER]


def test_two_reads_show_what_came_changed_and_went() -> None:
    counted = Tag("visits", TagKind.COUNTER, 4, None)
    new = Tag("new", TagKind.EXPIRING, None, NOW)
    changes = tag_changes([COUNTER, EXPIRING], [counted, new])
    assert [(change.sign, change.name) for change in changes] == [("+", "new"), ("~", "visits"), ("-", "vip")]
    assert changes[1].words == "counter × 3 → counter × 4"


def test_an_end_worked_out_from_seconds_left_is_not_a_change() -> None:
    moved = Tag("vip", TagKind.EXPIRING, None, NOW + timedelta(days=2, seconds=4))
    assert tag_changes([EXPIRING], [moved]) == []
    reset = Tag("vip", TagKind.EXPIRING, None, NOW + timedelta(days=9))
    assert [change.sign for change in tag_changes([EXPIRING], [reset])] == ["~"]
