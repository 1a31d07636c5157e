"""What goes between the renderer and its child comes out as it went in, whatever JSON can hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.liquid.frames import decoded, encoded

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_whole_comes_back(value: Any) -> None:
    assert decoded(encoded(value)) == value


@pytest.mark.parametrize(
    ("text", "comes"), [("a\ud83d", "a\ufffd"), ("\ude00b", "\ufffdb"), ("\ud83d\ude00", "😀"), ("é\ud83d", "é\ufffd")]
)
def test_half_a_character_is_the_replacement_and_two_halves_are_one(text: str, comes: str) -> None:
    assert decoded(encoded({text: [text]})) == {comes: [comes]}


def test_what_no_json_holds_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    for odd in (endless, object()):
        with pytest.raises(ValueError, match=r"no JSON|ircular"):
            encoded(odd)
    with pytest.raises(ValueError):
        decoded(json.dumps("x").encode()[:-1])
