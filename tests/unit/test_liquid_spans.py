"""Which expression printed which stretch of the output, out of which field; and which variables a template makes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.liquid.engine import Dataset, Engine
from core.render import RenderData, Rendered

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OFFERS = [{"name": "Coffee", "tags": ["hot", "new"]}, {"name": "Cake", "tags": []}]
DATA: dict[str, Any] = {
    "attributes": {"first_name": "Ann"},
    "custom_attribute": {"pets": [{"name": "Rex"}]},
    "variables": {"wallet": {"payload": {"user_offers": OFFERS, "available_points": 120}}, "city": "Bern", "list": [1]},
    "content_blocks": {"Footer": "-- {{ city }} {{content_blocks.${Inner}}}", "Inner": "({{ ${first_name} }})"},
    "catalogs": {"menu": {"7": {"title": "Tea"}}},
    "connected_content": [{"url": "https://x.test", "body": {"n": 7}}],
}
OFFER = ("wallet", "payload", "user_offers")


def render(template: str) -> Rendered:
    made = Engine().render(template, Dataset(RenderData.from_json(DATA)), connected="stub", now=NOW)
    assert made.status == "rendered", made.problems
    return made


def spans(template: str) -> list[tuple[str, str, tuple[str | int, ...]]]:
    made = render(template)
    return [(made.output[one.start : one.end], one.kind, one.path) for one in made.spans]


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("a {{ city }} b", [("Bern", "field", ("city",))]),
        ("{{${first_name}}}", [("Ann", "field", ("attributes", "first_name"))]),
        ("{{ ${first_name} | upcase }}", [("ANN", "field", ("attributes", "first_name"))]),
        ("{{custom_attribute.${pets}[0].name}}", [("Rex", "field", ("custom_attribute", "pets", 0, "name"))]),
        ("{{ wallet.payload.user_offers[-1]['name'] }}", [("Cake", "field", (*OFFER, 1, "name"))]),
        ("{{ wallet.payload.user_offers.first.tags.last }}", [("new", "field", (*OFFER, 0, "tags", 1))]),
        ("{{ wallet.payload.user_offers.size }}", [("2", "field", OFFER)]),
        ("{{ wallet.payload.user_offers | map: 'name' | join }}", [("Coffee Cake", "field", OFFER)]),
        ("{{ 'x' }}{{ 5 }}", [("x", "literal", ()), ("5", "literal", ())]),
        ("{{ 'x' | upcase }}{{ (1..3) }}", [("X", "computed", ()), ("1..3", "computed", ())]),
        ("{{ 'in ' | append: city }}", [("in Bern", "field", ("city",))]),
        ("{{ ${last_name} | default: 'you' }}", [("you", "default", ("attributes", "last_name"))]),
        ("{{ ${last_name} | default: city }}", [("Bern", "default", ("attributes", "last_name"))]),
        ("{{ ${first_name} | default: 'you' }}", [("Ann", "field", ("attributes", "first_name"))]),
        ("{{ nil | default: 'you' | upcase }}", [("YOU", "default", ())]),
        ("{{ ${last_name} }}{{ nothing }}{{ '' }}", []),
        ("{% increment n %}{% echo city %}", [("Bern", "field", ("city",))]),
        ("{% connected_content https://x.test :save r %}{{ r.n }}", [("7", "field", ("r", "n"))]),
        ("{% catalog_items menu 7 %}{{ items[0].title }}", [("Tea", "field", ("items", 0, "title"))]),
    ],
)
def test_each_printed_piece_knows_its_field(template: str, printed: list[tuple[str, str, tuple[Any, ...]]]) -> None:
    assert spans(template) == printed


def test_loops_give_the_path_with_the_index() -> None:
    loop = "{% for o in wallet.payload.user_offers %}{{ forloop.index }}{{ o.name }}{% for t in o.tags reversed %}"
    assert spans(loop + "{{ t }}{% endfor %}{% endfor %}") == [
        ("1", "computed", ()),
        ("Coffee", "field", (*OFFER, 0, "name")),
        ("new", "field", (*OFFER, 0, "tags", 1)),
        ("hot", "field", (*OFFER, 0, "tags", 0)),
        ("2", "computed", ()),
        ("Cake", "field", (*OFFER, 1, "name")),
    ]
    assert spans("{% if city %}{% case city %}{% when 'Bern' %}{{ city }}{% endcase %}{% endif %}") == [
        ("Bern", "field", ("city",))
    ]


def test_a_variable_of_the_template_leads_back_to_the_field_it_was_made_of() -> None:
    points = ("wallet", "payload", "available_points")
    assert spans("{% assign p = wallet.payload.available_points | plus: 1 %}{{ p }}") == [("121", "computed", points)]
    assert spans("{% assign o = wallet.payload.user_offers | last %}{{ o.name }}") == [
        ("Cake", "field", (*OFFER, 1, "name"))
    ]
    assert spans("{% assign x = city %}{% assign x = 5 %}{{ x }}") == [("5", "computed", ())]
    assert spans("{% assign x = city %}{% for x in (1..2) %}{{ x }}{% endfor %}") == [
        ("1", "computed", ()),
        ("2", "computed", ()),
    ]


def test_captured_text_is_shown_piece_by_piece_at_the_variable_that_prints_it() -> None:
    captured = "{% capture c %}in {{ city }}, {{ ${first_name} }}!{% endcapture %}"
    pieces = [
        ("in ", "literal", ()),
        ("Bern", "field", ("city",)),
        (", ", "literal", ()),
        ("Ann", "field", ("attributes", "first_name")),
        ("!", "literal", ()),
    ]
    assert spans(captured + "{{ c }}") == spans(captured + "{% assign d = c %}{{ d }}") == pieces
    assert spans(captured + "{{ c | upcase }}") == [("IN BERN, ANN!", "computed", ("attributes", "first_name"))]
    assert {(one.line, one.column) for one in render(captured + "\n{{ c }}").spans} == {(2, 4)}
    assert spans(captured + "{% for c in list %}{{ c }}{% endfor %}") == [("1", "field", ("list", 0))]


def test_a_content_block_is_shown_piece_by_piece_where_it_is_called() -> None:
    made = render("x\n {{content_blocks.${Footer}}}")
    assert spans("{{content_blocks.${Footer}}}") == [
        ("-- ", "literal", ()),
        ("Bern", "field", ("city",)),
        (" ", "literal", ()),
        ("(", "literal", ()),
        ("Ann", "field", ("attributes", "first_name")),
        (")", "literal", ()),
    ]
    assert {(one.line, one.column) for one in made.spans} == {(2, 4)}


def test_spans_stand_at_the_expression_in_the_authors_text() -> None:
    template = "<!-- {{ x }}\n -->a{{city}}\n{%- liquid\n  echo city | upcase\n%}{{-   {{city}} }}"
    assert [(one.line, one.column) for one in render(template).spans] == [(2, 8), (4, 8), (5, 9)]


def test_no_more_than_five_thousand_spans_are_kept_and_the_first_ones() -> None:
    made = render("{% for i in (1..6000) %}{{ i }},{% endfor %}")
    assert len(made.spans) == 5_000
    assert made.output[made.spans[-1].start : made.spans[-1].end] == "5000"
    many = render("{% capture c %}{% for i in (1..3000) %}{{ i }},{% endfor %}{% endcapture %}{{ c }}{{ c }}")
    assert len(many.spans) == 5_000


def test_what_is_not_printed_has_no_spans() -> None:
    made = Engine().render("{{ 5 }}{% abort_message %}", Dataset(RenderData()), connected="off", now=NOW)
    assert (made.status, made.spans) == ("aborted", ())


def test_the_variables_a_template_makes_are_told_and_loop_variables_are_not_among_them() -> None:
    template = """{% assign z = 1 %}{% if false %}{% capture a %}{% endcapture %}{% endif %}{% increment i %}
    {% decrement d %}{% for o in list %}{% endfor %}{% tablerow t in list %}{% endtablerow %}
    {% connected_content https://x.test :save r %}{% catalog_items menu 7 %}"""
    assert render(template).assigned == ("a", "d", "i", "items", "r", "z")
    broken = Engine().render("{% assign q = 1 %}{% if %}", Dataset(RenderData()), connected="off", now=NOW)
    assert (broken.status, broken.assigned) == ("failed", ("q",))


VALUES = {
    "city": "Bern",
    "${first_name}": "Ann",
    "wallet.payload.user_offers[0].name": "Coffee",
    "wallet.payload.available_points": "120",
    "'lit'": "lit",
    "nothing": "",
    "nothing | default: 'D'": "D",
    "city | upcase": "BERN",
    "c": "<Bern>",
}
FRAMES = [
    ("{%% if city %%}%s{%% endif %%}", 1),
    ("{%% for i in (1..2) %%}%s{%% endfor %%}", 2),
    ("{%% unless city %%}%s{%% endunless %%}", 0),
    ("{%% liquid\n assign q = 1 %%}%s", 1),
    (" text\n%s", 1),
    ("<!-- gone -->%s", 1),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FRAMES), st.sampled_from([*VALUES])), max_size=12))
def test_spans_are_in_order_disjoint_and_hold_what_their_expression_printed(parts: Any) -> None:
    template, expected = "{% capture c %}<{{ city }}>{% endcapture %}", []
    for (frame, times), expression in parts:
        before = template + frame.split("%s")[0].replace("%%", "%") + "{{ "
        place = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        template += frame % ("{{ " + expression + " }}")
        expected += [(place, VALUES[expression])] * (times if VALUES[expression] else 0)
    made = render(template)
    at, printed = 0, []
    for one in made.spans:
        assert at <= one.start < one.end <= len(made.output)
        at = one.end
        text, place = made.output[one.start : one.end], (one.line, one.column)
        if text in ("Bern", ">") and printed and printed[-1][1].startswith("<") and printed[-1][1][-1] != ">":
            printed[-1] = (place, printed[-1][1] + text)  # the pieces of the captured text belong together
        else:
            printed.append((place, text))
    assert printed == expected
