"""Sends: recipients, properties typed by people, and what never becomes a whole segment."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.braze.calls import trigger_call
from core.calls import encode_json
from core.errors import InvalidInput
from core.offers import Offer
from core.sends import (
    MAX_PROPERTIES_BYTES,
    Recipients,
    TargetKind,
    holds_liquid,
    offer_properties,
    parse_properties,
    parse_set,
)

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=10,
)


@pytest.mark.parametrize(
    "ids", [(), ("",), ("  ",), ("a", "a"), ("a", "b\n"), ("a\u202eb",), ("\udcff",), tuple(map(str, range(51)))]
)
def test_nobody_doubles_unseen_ids_and_crowds_are_refused(ids: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        Recipients.parse(ids)


def test_fifty_people_are_one_call() -> None:
    assert len(Recipients.parse(map(str, range(50))).ids) == 50


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(TargetKind),
    st.text(min_size=1, max_size=20),
    st.lists(st.text(max_size=12), max_size=60),
    st.dictionaries(st.text(max_size=8), JSON, max_size=4),
)
def test_every_body_names_its_people_and_says_that_it_is_no_broadcast(
    kind: TargetKind, target: str, ids: list[str], properties: dict[str, Any]
) -> None:
    with contextlib.suppress(InvalidInput):
        call = trigger_call(kind, target, Recipients.parse(ids), properties)
        assert call.body is not None
        body = json.loads(call.body)
        assert body["broadcast"] is False
        assert [one["external_user_id"] for one in body["recipients"]] == ids
        assert 1 <= len(ids) <= 50
        assert body.get("trigger_properties", body.get("context", {})) == properties
        assert not {"audience", "segment_id", "attachments"} & body.keys()


@pytest.mark.parametrize("target", ["", "  ", "c1\x00", "c\u200b1", "\udcff"])
def test_a_target_nobody_can_see_is_refused(target: str) -> None:
    with pytest.raises(InvalidInput):
        trigger_call(TargetKind.CAMPAIGN, target, Recipients.parse(["u"]), {})


def test_properties_stop_at_fifty_thousand_bytes_of_utf_8() -> None:
    room = MAX_PROPERTIES_BYTES - len(encode_json({"k": ""}))
    people = Recipients.parse(["u"])
    assert trigger_call(TargetKind.CANVAS, "c", people, {"k": "x" * room}).body
    for text in ("x" * (room + 1), "日" * (room // 3 + 1)):
        with pytest.raises(InvalidInput, match="50 KB"):
            trigger_call(TargetKind.CANVAS, "c", people, {"k": text})


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_properties_written_as_json_are_read_as_they_were(properties: dict[str, Any]) -> None:
    assert parse_properties(json.dumps(properties)) == properties
    with contextlib.suppress(UnicodeEncodeError):
        encode_json(parse_properties(json.dumps(properties)))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("[1]", "one JSON object"),
        ("null", "one JSON object"),
        ('{"a": }', "line 1, column 7"),
        ('{\n "a": 1,\n}', "line 3, column 1"),
        ('{"a": NaN}', "NaN"),
        ('{"a": 1e999}', "1e999"),
        ('{"a": ' + "1" * 5000 + "}", "not JSON"),
        ('{"a": "\\ud800"}', "half a character"),
        ('{"a": ' + "[" * 60 + "]" * 60 + "}", "too deep"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "not JSON"),
    ],
)
def test_properties_that_cannot_go_out_are_refused_in_words(typed: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_properties(typed)
    assert said in refused.value.message


def test_nothing_typed_is_no_properties() -> None:
    assert parse_properties(" \n") == {}


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_properties_that_encode_or_is_refused(typed: str) -> None:
    with contextlib.suppress(InvalidInput):
        encode_json(parse_properties(typed))


def test_set_reads_json_where_it_is_json_and_text_elsewhere() -> None:
    words = ["a=42", "b=true", "c=null", 'd={"x": [1]}', "e=two words", "f=", "g=a=b", 'h="42"', " i =007", "j=NaN"]
    assert parse_set(words) == {
        "a": 42,
        "b": True,
        "c": None,
        "d": {"x": [1]},
        "e": "two words",
        "f": "",
        "g": "a=b",
        "h": "42",
        "i": "007",
        "j": "NaN",
    }


@pytest.mark.parametrize("word", ["novalue", "=x", " =x", "a=\udcff"])
def test_a_word_that_is_no_pair_is_refused(word: str) -> None:
    with pytest.raises(InvalidInput):
        parse_set([word])


@settings(deadline=None)
@given(st.text(min_size=1, max_size=5).filter(lambda key: key.strip() and "=" not in key), st.text(max_size=40))
def test_any_value_of_set_encodes_or_is_refused(key: str, value: str) -> None:
    with contextlib.suppress(InvalidInput):
        encode_json(parse_set([f"{key}={value}"]))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{{ x }}", True),
        ({"a": [{"b": "{% if %}"}]}, True),
        ({"{{x}}": 1}, True),
        (("u1", "{{${user_id}}}"), True),
        ({"a": "{ { }", "b": ["}}", 1, None]}, False),
    ],
)
def test_liquid_is_seen_wherever_it_stands(value: object, expected: bool) -> None:
    assert holds_liquid(value) is expected


def test_an_offer_fills_its_group_with_sessionms_own_values() -> None:
    row = {
        "id": "uo",
        "offer_id": "o",
        "name": "Free \x1b coffee",
        "description": None,
        "expiration_date": "2026-12-02T12:00:00.1234567Z",
        "media": [{"uri": "https://img.example/1.png"}, {"uri": "https://img.example/2.png"}],
        "unknown": 1,
    }
    assert offer_properties(Offer(row, 0)) == {
        "offer_id": "o",
        "offer_title": "Free \x1b coffee",
        "user_offer_id": "uo",
        "logo": "https://img.example/1.png",
        "expiration_date": "2026-12-02T12:00:00.1234567Z",
    }
    assert offer_properties(Offer({"media": None}, 0)) == {}
