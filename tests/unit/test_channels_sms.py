"""SMS: what counts how much, and where a text is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels.sms import count_sms
from tests.growth import assert_grows_linearly

GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà09azAZ"
EXTENDED = "^{}\\[~]|€\f"


def units(text: str) -> int:
    """Counted another way: one character after the other."""
    if all((character.isascii() and character.isalnum()) or character in GSM + EXTENDED for character in text):
        return sum(2 if character in EXTENDED else 1 for character in text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def test_every_character_of_the_basic_table_counts_one_and_of_the_extension_two() -> None:
    for character in GSM:
        assert (count_sms(character).encoding, count_sms(character).units) == ("GSM-7", 1), character
    for character in EXTENDED:
        assert (count_sms(character).encoding, count_sms(character).units) == ("GSM-7", 2), character


@pytest.mark.parametrize("character", ["ç", "`", "’", "“", "á", "–", "\t", "😀", "\x1b", "\u2126", "\xa0", "\u0300"])
def test_what_the_tables_lack_makes_it_ucs2(character: str) -> None:
    assert count_sms(f"Hi {character}").encoding == "UCS-2"


@pytest.mark.parametrize(
    ("text", "count", "room", "total"),
    [
        ("", 1, 160, 0),
        ("a" * 160, 1, 160, 160),
        ("a" * 161, 2, 306, 161),
        ("a" * 306, 2, 306, 306),
        ("a" * 307, 3, 459, 307),
        ("a" * 159 + "€", 2, 306, 161),
        ("a" * 158 + "€", 1, 160, 160),
        ("ж" * 70, 1, 70, 70),
        ("ж" * 71, 2, 134, 71),
        ("ж" * 134, 2, 134, 134),
        ("ж" * 135, 3, 201, 135),
        ("😀" * 35, 1, 70, 70),
        ("😀" * 36, 2, 134, 72),
        ("a" * 70 + "’", 2, 134, 71),
    ],
)
def test_segments_hold_what_the_pages_say(text: str, count: int, room: int, total: int) -> None:
    made = count_sms(text)
    assert (len(made.segments), made.room, made.units) == (count, room, total)


@pytest.mark.parametrize(
    ("text", "too_long"), [("a" * 1530, False), ("a" * 1531, True), ("ж" * 670, False), ("ж" * 671, True)]
)
def test_ten_segments_are_sent_and_no_more(text: str, too_long: bool) -> None:
    assert count_sms(text).too_long is too_long


def test_an_escaped_character_and_a_surrogate_pair_are_never_cut_in_half() -> None:
    assert [len(one) for one in count_sms("a" * 152 + "€" + "a" * 10).segments] == [152, 11]
    assert [len(one) for one in count_sms("a" * 151 + "€" + "a" * 10).segments] == [152, 10]
    assert [len(one) for one in count_sms("ж" * 65 + "😀" + "ж" * 10).segments] == [66, 10]
    assert [len(one) for one in count_sms("ж" * 66 + "😀" + "ж" * 10).segments] == [66, 11]


def test_the_first_character_that_makes_it_ucs2_is_told() -> None:
    made = count_sms("Don’t “wait”")
    assert (made.foreign, made.foreign_at) == ("’", 3)
    assert (count_sms("€5").foreign, count_sms("€5").foreign_at) == ("", -1)


def test_a_text_of_plain_characters_is_cut_every_153_or_67() -> None:
    text = "".join(chr(ord("a") + at % 26) for at in range(400))
    assert count_sms(text).segments == (text[:153], text[153:306], text[306:])
    assert count_sms(f"ж{text[:99]}").segments == (f"ж{text[:66]}", text[66:99])


def test_what_it_would_take_without_foreign_characters_is_known() -> None:
    assert count_sms("a" * 161).gsm_segments == 2
    assert [count_sms("ж" + "a" * size).gsm_segments for size in (1, 159, 160)] == [1, 1, 2]


TEXTS = st.text(st.one_of(st.sampled_from(GSM + EXTENDED), st.sampled_from("ж’😀"), st.characters()), max_size=400)


RUNS = st.lists(st.tuples(st.sampled_from("ab€{ж😀"), st.integers(0, 170)), max_size=6)
LONG_TEXTS = RUNS.map(lambda runs: "".join(character * count for character, count in runs))


@settings(deadline=None)
@given(st.one_of(TEXTS, LONG_TEXTS))
def test_segments_are_the_text_none_is_too_full_and_none_could_take_the_next_character(text: str) -> None:
    made = count_sms(text)
    assert "".join(made.segments) == text
    assert made.units == units(text)
    if len(made.segments) > 1:
        size = made.room // len(made.segments)
        weigh = units if made.encoding == "GSM-7" else lambda part: len(part.encode("utf-16-le", "surrogatepass")) // 2
        assert all(0 < weigh(part) <= size for part in made.segments)
        for part, following in zip(made.segments, made.segments[1:], strict=False):
            assert weigh(part + following[0]) > size


@pytest.mark.parametrize("piece", ["a", "€", "😀", "ж", "a€", "a😀"])
def test_a_long_text_is_cut_at_one_pace(piece: str) -> None:
    assert count_sms(piece * 400_000).too_long
    assert_grows_linearly(lambda size: count_sms(piece * size), 50_000)


def test_the_tables_have_the_127_and_10_characters_of_the_standard() -> None:
    known = [count_sms(chr(point)).units for point in range(0x3000) if count_sms(chr(point)).encoding == "GSM-7"]
    assert (known.count(1), known.count(2)) == (127, 10)
