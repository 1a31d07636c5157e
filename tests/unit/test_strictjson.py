"""JSON: what the standard has, and in words what it has not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.outcomes import Exchange
from core.strictjson import strict_json, typed_json

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
