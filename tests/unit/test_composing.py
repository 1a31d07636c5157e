"""Composing a send: what is typed keeps its kind, groups come and go, a template's keys are found."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calls import encode_json
from core.clean import safe
from core.composing import (
    Form,
    Row,
    Usage,
    group_values,
    parse_recipient_lines,
    properties_text,
    shown_key,
    shown_value,
    template_keys,
    typed_key,
    typed_value,
)
from core.customers import PointAccount, Points
from core.errors import InvalidInput
from core.sends import MessageTemplate, PropertyGroup, Target, TargetKind, parse_properties, parse_set

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6)


def same(one: Any, other: Any) -> bool:
    return repr(one) == repr(other)


@given(VALUES)
def test_a_value_shown_and_typed_again_is_the_same_value(value: Any):
    assert same(typed_value(shown_value(value)), value)


@given(st.text() | st.sampled_from(['"', '"a"', '"\u200f"', '"\\u200f"', '"\\"a\\""', "\x85", "a\nb"]))
def test_a_key_shown_and_typed_again_is_the_same_key(key: str):
    assert typed_key(shown_key(key)) == key
    assert safe(shown_key(key)) == shown_key(key)
    form = Form((Row(key, 1),))
    assert form.put(0, shown_key(key), "1") == form


@given(st.text())
def test_a_shown_value_is_one_line_without_anything_a_terminal_obeys(text: str):
    shown = shown_value(text)
    assert safe(shown) == shown


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),
        ('"42"', "42"),
        ("true", True),
        ("null", None),
        ('{"a": [1]}', {"a": [1]}),
        ("Free coffee", "Free coffee"),
        (" padded ", " padded "),
        ("NaN", "NaN"),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
        ("[" * 100_000, "[" * 100_000),
        ('"\\ud800"', '"\\ud800"'),
        ("", ""),
    ],
)
def test_what_is_typed_is_json_where_it_can_be_and_text_where_not(text: str, value: Any):
    assert same(typed_value(text), value)


@pytest.mark.parametrize("text", ["1.10", "1.0", "1e3", "-0", "1E+2", "0.1000000000000000055", "9" * 40, "007", "+5"])
def test_a_number_typed_into_the_form_or_the_json_text_goes_out_as_typed(text: str):
    wire = text if text not in ("007", "+5") else f'"{text}"'
    form = Form((Row("x", 1),)).put(0, "x", text)
    assert form.rows[0].text == text
    assert encode_json(form.properties()) == f'{{"x":{wire}}}'.encode()
    told = Form().told(parse_properties(properties_text(form.properties())))
    assert encode_json(told.properties()) == f'{{"x":{wire}}}'.encode()
    assert parse_set([f"x={text}"]) == form.properties()
    assert encode_json(parse_set([f"x={text}"])) == f'{{"x":{wire}}}'.encode()


@pytest.mark.parametrize(("before", "after"), [("1.1", "1.10"), ("1", "1.0"), ("1", "true"), ("0", "-0")])
def test_values_that_python_takes_for_equal_are_other_forms(before: str, after: str):
    form = Form().put(0, "x", before)
    assert form.put(0, "x", after) != form
    assert form.put(0, "x", before) == form


def test_recipients_are_lines_and_go_out_byte_for_byte():
    assert parse_recipient_lines("a b\n\nÜ-1\r\n日本\n").ids == ("a b", "Ü-1", "日本")


@pytest.mark.parametrize(
    ("text", "words"), [("a\n b", "Line 2"), ("a\t", "Line 1"), ("", "no recipient"), ("a\na", "twice")]
)
def test_recipients_that_would_not_arrive_as_meant_are_refused(text: str, words: str):
    with pytest.raises(InvalidInput, match=words):
        parse_recipient_lines(text)


def test_a_group_comes_filled_and_leaves_what_nobody_knows_unsent():
    form = Form().with_group(PropertyGroup.POINTS, {"point_account_name": "Base"})
    assert form.properties() == {"point_account_name": "Base"}
    assert [row.key for row in form.rows] == ["point_award_amount", "point_account_name"]
    assert form.put(0, "point_award_amount", "50").properties()["point_award_amount"] == 50


def test_a_group_switched_off_and_on_brings_back_what_was_typed():
    form = Form().with_group(PropertyGroup.POINTS, {}).put(0, "point_award_amount", "50")
    off = form.without_group(PropertyGroup.POINTS)
    assert off.properties() == {}
    assert off.with_group(PropertyGroup.POINTS, {"point_account_name": "other"}).properties() == {
        "point_award_amount": 50
    }


def test_another_offer_replaces_every_value_of_the_one_before_even_typed_and_parked_ones():
    form = Form((Row("mine", 1),)).with_group(PropertyGroup.OFFER, {"offer_id": "A", "offer_title": "Ana's"})
    typed = form.put(2, "offer_title", "typed for Ana")
    fresh = typed.refilled(PropertyGroup.OFFER, {"offer_id": "B"})
    assert fresh.properties() == {"mine": 1, "offer_id": "B"}
    parked = typed.without_group(PropertyGroup.OFFER).dropped(PropertyGroup.OFFER)
    assert parked.with_group(PropertyGroup.OFFER, {}).properties() == {"mine": 1}


def test_a_value_left_as_it_was_keeps_its_kind():
    form = Form((Row("id", "42"),))
    assert form.put(0, "id", form.rows[0].text).properties() == {"id": "42"}
    assert form.put(0, "id", "42").properties() == {"id": 42}


def test_a_key_without_a_name_or_there_twice_is_refused():
    with pytest.raises(InvalidInput, match="no name"):
        Form((Row(" ", 1),)).properties()
    with pytest.raises(InvalidInput, match="twice"):
        Form((Row("a", 1), Row("a", 2))).properties()


def test_the_json_text_and_the_form_are_the_same_properties():
    form = Form().with_group(PropertyGroup.OFFER, {"offer_id": "A", "offer_title": "[/b]\u202e\x1b"})
    text = properties_text(form.properties())
    assert "\u202e" not in text
    assert form.told(parse_properties(text)) == form.told(form.properties())
    changed = form.told({"new": [1], "offer_id": "B"})
    assert changed.properties() == {"new": [1], "offer_id": "B"}
    assert changed.rows[1].group is PropertyGroup.OFFER
    assert "description" in [row.key for row in changed.rows]


def test_groups_are_filled_from_what_is_known():
    points = Points(1, 2, (PointAccount("Base Points", 1, 2),))
    target = Target(TargetKind.CAMPAIGN, "c-1", "Points expiring")
    assert group_values(PropertyGroup.POINTS, None, points, None) == {"point_account_name": "Base Points"}
    assert group_values(PropertyGroup.CAMPAIGN, None, None, target) == {
        "campaign_id": "c-1",
        "campaign_name": "Points expiring",
    }
    assert group_values(PropertyGroup.EVENT, None, points, target) == {}
    assert group_values(PropertyGroup.OFFER, None, points, target) == {}


def template(text: str) -> MessageTemplate:
    return MessageTemplate("v", "email", "body", text)


def test_a_campaign_reads_trigger_properties_and_a_canvas_its_context():
    texts = [
        template("{{api_trigger_properties.${offer_title} | upcase}} {{ context.${not_me} }}"),
        template("{% if {{api_trigger_properties.${points}}} > 1 %}{{api_trigger_properties.${offer_title}}}"),
        template("{{my_context.${no}}} {{context.${tier}}} {{canvas_entry_properties.${ old }}}"),
        template("{{api_trigger_properties.${broken"),
    ]
    assert template_keys(TargetKind.CAMPAIGN, texts) == ("offer_title", "points")
    assert template_keys(TargetKind.CANVAS, texts) == ("not_me", "tier", "old")


def test_the_usage_says_what_is_read_missing_and_read_by_nobody():
    usage = Usage.of(("a", "b"), ("a", "c"))
    assert (usage.used, usage.missing, usage.unused) == (("a",), ("b",), ("c",))
