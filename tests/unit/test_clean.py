"""Text from outside: every code point a terminal would obey becomes a visible escape, all others stay."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clean import safe, safe_lines, shown_json

EVERY = [chr(point) for point in range(sys.maxunicode + 1)]
# The visible number and verse signs of Arabic, Syriac and Kaithi, and the two joiners that spelling needs.
HARMLESS_FORMATS = set("\u200c\u200d\u06dd\u070f\u08e2\u0890\u0891\U000110bd\U000110cd") | {
    chr(point) for point in range(0x600, 0x606)
}
# What a terminal or a reader's eye would obey.
DANGEROUS = {
    char
    for char in EVERY
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or 0xE0000 <= ord(char) <= 0xE0FFF
} - HARMLESS_FORMATS


def obeyed(text: str, allowed: str = "") -> set[str]:
    return (set(text) & DANGEROUS) - set(allowed)


@pytest.mark.parametrize(("clean", "allowed"), [(safe, ""), (safe_lines, "\n\t")])
def test_of_all_1114112_code_points_none_is_left_that_is_obeyed(clean: Callable[[str], str], allowed: str) -> None:
    assert len(EVERY) == 1_114_112
    left = clean("".join(EVERY))
    assert obeyed(left, allowed) == set()
    assert len(obeyed("".join(EVERY), allowed)) > 2_100, "the control: there was something to find"


def test_what_is_not_dangerous_stays_as_it_is() -> None:
    kept = "".join(char for char in EVERY if safe(char) == char)
    assert len(kept) > 1_105_000 and safe(kept) == kept
    for text in (
        "日本語",
        "한국어",
        "مرحبا",
        "👩‍👩‍👧",
        "naïve – “quotes” …",
        "می‌خواهم",
        "[/b] {{x}} $(y)",
        "\u0600\u06dd",
    ):
        assert safe(text) == safe_lines(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;aGk=\x07", r"\x1b]52;c;aGk=\x07"),
        ("a\nb\tc\r", r"a\x0ab\x09c\x0d"),
        ("\x9b31m\x7f\x00", r"\x9b31m\x7f\x00"),
        ("abc\u202etxt.exe", r"abc\u202etxt.exe"),
        ("\u2028\ufeff\xad", r"\u2028\ufeff\xad"),
        ("\U000e0041\U000e007f", r"\U000e0041\U000e007f"),
        ("\ud83d", r"\ud83d"),
    ],
)
def test_each_becomes_an_escape_that_can_be_read(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_lines_keep_breaks_and_tabs_and_lose_carriage_returns() -> None:
    assert safe_lines("a\r\nb\rc\n\td\x1b\u2029e") == "a\nb\nc\n\td\\x1b\\u2029e"


@given(st.text(st.characters()))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert safe(safe(text)) == safe(text) and safe_lines(safe_lines(text)) == safe_lines(text)
    assert obeyed(safe(text)) == set() and obeyed(safe_lines(text), "\n\t") == set()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, st.sampled_from([None, 2]))
def test_shown_json_is_safe_and_means_the_very_same_value(value: object, indent: int | None) -> None:
    shown = shown_json(value, indent=indent)
    assert obeyed(shown, "\n") == set()
    assert json.loads(shown) == value


def test_every_code_point_comes_back_from_shown_json() -> None:
    everything = "".join(char for char in EVERY if unicodedata.category(char) != "Cs")
    shown = shown_json({everything: everything})
    assert obeyed(shown) == set() and json.loads(shown) == {everything: everything}
    assert "\\u200f" in shown and "\u200c" in shown and "日" in shown, "only what would be obeyed is escaped"
