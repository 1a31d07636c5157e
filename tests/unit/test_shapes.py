"""Reading loosely shaped JSON: every function takes anything and gives the wanted type or an absence."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clean import safe, safe_lines
from core.shapes import LOST, flag, ident, is_whole, line, mapping, number, rows, text, whole

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20))
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)),
    max_leaves=12,
)


@settings(deadline=None)
@given(ANYTHING)
def test_each_gives_its_type_or_an_absence_for_anything(value: Any) -> None:
    assert isinstance(mapping(value), dict)
    assert all(isinstance(row, dict) for row in rows(value))
    assert safe(line(value)) == line(value)
    assert safe_lines(text(value)) == text(value)
    assert ident(value) == line(value) or (ident(value) == LOST + line(value) and not is_whole(ident(value)))
    assert flag(value) in (True, False, None)
    found, counted = number(value), whole(value)
    assert found is None or math.isfinite(found)
    assert counted is None or isinstance(counted, int)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (3.5, 3.5),
        ("3.5", 3.5),
        ("x", None),
        (True, None),
        (None, None),
        ("nan", None),
        ("inf", None),
        (float("inf"), None),
        (10**400, None),
        ([], None),
    ],
)
def test_a_number_is_finite_and_never_a_boolean(value: object, expected: float | None) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(3, 3), (3.0, 3), ("3", 3), (3.5, None), ("3.5", None), (1e20, None)])
def test_a_whole_number_has_no_fraction(value: object, expected: int | None) -> None:
    assert whole(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), (False, False), ("true", True), ("FALSE", False), (1, None), ("", None)]
)
def test_a_flag_may_be_written_as_a_word(value: object, expected: bool | None) -> None:
    assert flag(value) is expected


def test_an_id_that_holds_what_cannot_be_seen_is_shown_escaped_and_marked_as_one_to_leave_alone() -> None:
    assert ident("a\x1b[2Jb") == "\ufffda\\x1b[2Jb"
    assert not is_whole(ident("a\x1b[2Jb"))
    assert ident("CRM-日本-[/b]") == "CRM-日本-[/b]"
    assert is_whole("CRM-日本-[/b]") and is_whole("a\\x1b[2Jb") and is_whole(ident(42))
    assert not any(map(is_whole, ("a\x1b", "a\u200f", "cut \ufffd")))
