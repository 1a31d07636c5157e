"""JSON: what the standard has, and in words what it has not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.numerals import plain_numbers, written_json
from core.outcomes import Exchange
from core.strictjson import exact_json, strict_json, typed_json

NO_JSON = ["", "NaN", "[Infinity]", "-Infinity", "1e999", '{"a": -1e999}', "1" * 5000, "[" * 100_000, "{'a': 1}", "01"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_whatever_can_be_written_is_read_as_it_was(value: Any) -> None:
    assert strict_json(json.dumps(value)) == typed_json(json.dumps(value), "This is") == value


@pytest.mark.parametrize("text", NO_JSON, ids=range(len(NO_JSON)))
def test_everything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        strict_json(text)
    with pytest.raises(ValueError, match=r".+"):
        Exchange(200, {}, text.encode(), None, 0.0).json()
    with pytest.raises(InvalidInput, match="The data is not JSON: "):
        typed_json(text, "The data is")


def test_a_slip_is_found_by_line_and_column() -> None:
    with pytest.raises(InvalidInput, match="at line 2, column 3"):
        typed_json("{\n  a: 1}", "This is")


NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,2})?", fullmatch=True)
WRITTEN = st.recursive(
    NUMBERS | st.just("null") | st.text(max_size=3).map(json.dumps),
    lambda inner: (
        st.lists(inner).map(lambda parts: f"[{','.join(parts)}]")
        | st.dictionaries(st.text(max_size=3).map(json.dumps), inner).map(
            lambda pairs: "{" + ",".join(f"{name}:{value}" for name, value in pairs.items()) + "}"
        )
    ),
)


@given(WRITTEN)
def test_numbers_are_written_to_the_digit_as_they_were_read(text: str) -> None:
    value = exact_json(text)
    assert written_json(value, is_compact=True, ascii_only=True) == text
    assert value == plain_numbers(value) == strict_json(text)
    assert json.dumps(plain_numbers(value)) == json.dumps(strict_json(text))


@given(WRITTEN, st.sampled_from([None, 0, 2]))
def test_shown_text_is_laid_out_as_json_lays_it_out_and_keeps_the_digits(text: str, indent: int | None) -> None:
    shown = written_json(exact_json(text), indent=indent)
    assert written_json(exact_json(shown), is_compact=True, ascii_only=True) == text
    without = written_json(strict_json(text), indent=indent)
    assert without == json.dumps(strict_json(text), ensure_ascii=False, indent=indent)
    assert [len(line) - len(line.lstrip()) for line in shown.split("\n")] == [
        len(line) - len(line.lstrip()) for line in without.split("\n")
    ]
