"""Texts to copy: JSON raw, tables tame, command lines that a shell reads back as they were."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.clean import safe_lines
from core.copies import (
    json_text,
    liquid_text,
    markdown_table,
    offer_markdown,
    offer_row,
    tags_command,
    tsv,
    wallet_command,
)
from core.offers import Offer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_bare_string_is_copied_as_itself_and_anything_else_as_json():
    assert json_text("Free\ncoffee") == "Free\ncoffee"
    assert json_text("Free\r\ncoffee\t日本") == "Free\r\ncoffee\t日本"
    assert json.loads(json_text({"a": [1, None]})) == {"a": [1, None]}


@given(st.text() | st.sampled_from(["\u200fقهوة", "\x1b[2J", "a\rb", "\x7f"]))
def test_what_would_be_obeyed_where_it_is_pasted_is_copied_as_json(value):
    copied = json_text(value)
    assert safe_lines(copied) == copied.replace("\r\n", "\n")
    assert copied == value or json.loads(copied) == value
    assert json.loads(json_text([value])) == [value]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=6))
def test_a_row_keeps_its_number_of_cells_and_starts_no_formula(cells):
    row = tsv(cells)
    assert row.count("\t") == len(cells) - 1
    assert "\n" not in row
    assert "\r" not in row
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.split("\t"))


def test_an_offers_row_has_iso_dates_and_empty_cells_for_what_is_not_there():
    offer = Offer({"id": "u1", "name": "=1+1", "expiration_date": "2026-12-24T18:00:00Z", "offer_type": None}, 0)
    assert tsv(offer_row(offer, NOW)) == "'=1+1\t\tissued\t2026-12-24T18:00:00Z\t\t\tu1"


def test_bars_in_markdown_cells_stay_inside_their_cell():
    table = markdown_table(("a", "b"), [("x|y", "back\\slash")])
    assert table.splitlines()[2] == "| x\\|y | back\\\\slash |"
    assert offer_markdown(Offer({"name": "a|b"}, 0), NOW).count("\n") == 2


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=20))
def test_command_lines_are_read_back_by_a_shell_word_for_word(user, profile):
    assert shlex.split(wallet_command(user, profile)) == ["offerdeck", "wallet", user, "--profile", profile]
    assert shlex.split(tags_command(user, profile)) == ["offerdeck", "tags", user, "--profile", profile]
    assert shlex.split(wallet_command(user, profile, "de-DE"))[-2:] == ["--culture", "de-DE"]


def test_a_field_as_liquid_prints_that_field_or_is_refused():
    assert [
        liquid_text(path)
        for path in (
            ("attributes", "first_name"),
            ("custom_attribute", "favourite shop", 0, "name"),
            ("wallet", "payload", "user_offers", 2, "name"),
            ("wallet", "full name"),
            ("event_properties",),
        )
    ] == [
        "{{${first_name}}}",
        "{{custom_attribute.${favourite shop}[0].name}}",
        "{{wallet.payload.user_offers[2].name}}",
        '{{wallet["full name"]}}',
        "{{event_properties}}",
    ]
    for path in (
        ("promotions", "list", 0),
        ("attributes", "a}b"),
        ("wallet", 'a"b'),
        ("wallet", "a\x1bb"),
        ("wallet", "a\u202eb"),
    ):
        assert liquid_text(path) == ""
