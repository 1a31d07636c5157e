"""Which expression printed which stretch of the output, out of which field; and which variables a template makes."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.liquid.engine import Dataset, Engine
from core.liquid.trace import MAX_SPANS
from core.render import RenderData, Rendered

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OFFERS = [{"name": "Coffee", "tags": ["hot", "new"]}, {"name": "Cake", "tags": []}]
DATA: dict[str, Any] = {
    "attributes": {"first_name": "Ann"},
    "custom_attribute": {"pets": [{"name": "Rex"}]},
    "variables": {"wallet": {"payload": {"user_offers": OFFERS, "available_points": 120}}, "city": "Bern", "list": [1]},
    "content_blocks": {"Footer": "-- {{ city }} {{content_blocks.${Inner}}}", "Inner": "({{ ${first_name} }})"},
    "catalogs": {"menu": {"7": {"title": "Tea"}}},
    "connected_content": [
        {"url": "https://x.test", "body": {"n": 7}},
        {"url": "https://x.test/text", "body": "Hi {{ city }}!"},
        {"url": "https://x.test/broken", "body": "{% if %}"},
        {"method": "POST", "url": "https://x.test/text?q=Bern", "body": "ok"},
    ],
    "promotions": {"spring": ["S-1", "S-2"]},
    "translations": {"": {"bye": "Adieu"}, "de-CH": {"hi": "Grüezi {{ ${first_name} }}!"}},
    "locale": "de_ch",
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
        ("{% assign n = 1 %}{% echo city %}", [("Bern", "field", ("city",))]),
        ("{% connected_content https://x.test :save r %}{{ r.n }}", [("7", "field", ("r", "n"))]),
        ("{% catalog_items menu 7 %}{{ items[0].title }}", [("Tea", "field", ("items", 0, "title"))]),
    ],
)
def test_each_printed_piece_knows_its_field(template: str, printed: list[tuple[str, str, tuple[Any, ...]]]) -> None:
    assert spans(template) == printed


TEXT_CALL = ("connected_content", ("GET", "https://x.test/text"))


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("{% cycle 'a', city %}", [("a", "cycle", ())]),
        ("{% cycle city, 'a' %}", [("Bern", "cycle", ("city",))]),
        ("{{ city }}{% cycle 'g': 'a', 'b' %}", [("Bern", "field", ("city",)), ("a", "cycle", ())]),
        ("{% cycle nothing, 'a' %}", []),
        ("{% increment n %}-{% increment n %}", [("0", "increment", ("n",)), ("1", "increment", ("n",))]),
        ("{% decrement n %}", [("-1", "decrement", ("n",))]),
        ("{% random 1 %}", [("0", "random", ())]),
        ("a {% promotion('spring') %} b", [("S-1", "promotion", ("promotions", "spring", 0))]),
        ("{% promotion('no') %}", []),
        ("{% translation bye %}Bye{% endtranslation %}", [("Adieu", "translation", ("translations", "", "bye"))]),
        ("{% translation no %}to {{ city }}{% endtranslation %}", [("Bern", "field", ("city",))]),
        (
            "{% translation hi %}Hi{% endtranslation %}",
            [
                ("Grüezi ", "translation", ("translations", "de-CH", "hi")),
                ("Ann", "field", ("attributes", "first_name")),
                ("!", "translation", ("translations", "de-CH", "hi")),
            ],
        ),
        ("{% connected_content https://x.test/text %}", [("Hi {{ city }}!", *TEXT_CALL)]),
        (
            "{% connected_content https://x.test/text :rerender %}",
            [("Hi ", *TEXT_CALL), ("Bern", "field", ("city",)), ("!", *TEXT_CALL)],
        ),
        (
            "{% connected_content https://x.test/text?q={{city}} :method post %}",
            [("ok", "connected_content", ("POST", "https://x.test/text?q=Bern"))],
        ),
        (
            "{{content_blocks.${Inner}}}{% connected_content https://x.test/broken :rerender %}",
            [
                ("(", "content_block", ("content_blocks", "Inner")),
                ("Ann", "field", ("attributes", "first_name")),
                (")", "content_block", ("content_blocks", "Inner")),
            ],
        ),
        ("{% message_extras :key a :value b %}{% catalog_items menu 7 %}", []),
        ("{{ 1 | divided_by: 0 }}", [("Liquid error: divided by 0", "error", ())]),
        (
            "{{ wallet.payload.available_points | divided_by: 0 }}",
            [("Liquid error: divided by 0", "error", ("wallet", "payload", "available_points"))],
        ),
        (
            "{{ city }}{% include 'x' %}",
            [("Bern", "field", ("city",)), ("Liquid error: This liquid context does not allow includes.", "error", ())],
        ),
        (
            "{% if city > 1 %}x{% endif %}",
            [("Liquid error: comparison of String with 1 failed", "error", ())],
        ),
        (
            "{% ifchanged %}a {{ city }}{% endifchanged %}{% ifchanged %}a {{ city }}{% endifchanged %}",
            [("Bern", "field", ("city",))],
        ),
        (
            "{% capture c %}<{% promotion('spring') %}>{% endcapture %}{{ c }}",
            [("<", "literal", ()), ("S-1", "promotion", ("promotions", "spring", 0)), (">", "literal", ())],
        ),
    ],
)
def test_what_a_tag_says_by_itself_knows_its_tag_and_what_that_named(
    template: str, printed: list[tuple[str, str, tuple[Any, ...]]]
) -> None:
    assert spans(template) == printed


def test_a_table_knows_which_of_its_text_is_the_tags_own() -> None:
    made = spans("{% tablerow t in wallet.payload.user_offers cols: 1 %}{{ t.name }}{% endtablerow %}")
    assert "".join(text for text, kind, _ in made if kind == "tablerow") == (
        '<tr class="row1">\n<td class="col1"></td></tr>\n<tr class="row2"><td class="col1"></td></tr>\n'
    )
    assert [one for one in made if one[1] != "tablerow"] == [
        ("Coffee", "field", (*OFFER, 0, "name")),
        ("Cake", "field", (*OFFER, 1, "name")),
    ]


def test_what_a_tag_says_stands_at_the_tag() -> None:
    template = """a
 {% cycle 'a' %}{% promotion('spring') %}
{% translation hi %}x{% endtranslation %}
{%- liquid
  random 1
  connected_content https://x.test/text
%}
  {% include 'x' %}{{ 1 | divided_by: 0 }}"""
    places = [(2, 2), (2, 17), (3, 1), (3, 1), (3, 1), (5, 3), (6, 3), (8, 3), (8, 23)]
    assert [(one.line, one.column) for one in render(template).spans] == places


def test_what_a_tag_reads_of_the_data_is_traced_as_a_read() -> None:
    made = render("{% translation bye %}{% endtranslation %}\n {% promotion('spring') %}")
    assert [(one.expression, one.line, one.column, one.path, one.value) for one in made.reads] == [
        ("translation bye", 1, 1, ("translations", "", "bye"), "Adieu"),
        ("promotion('spring')", 2, 2, ("promotions", "spring", 0), "S-1"),
    ]
    page = Dataset(RenderData.from_json({"variables": {"landing_page_url": "https://l.test"}}))
    landed = Engine().render("{% landing_page_url %}", page, connected="off", now=NOW)
    assert [(one.kind, one.path) for one in landed.spans] == [("field", ("landing_page_url",))]
    assert [one.path for one in landed.reads] == [("landing_page_url",)]


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
        ("-- ", "content_block", ("content_blocks", "Footer")),
        ("Bern", "field", ("city",)),
        (" ", "content_block", ("content_blocks", "Footer")),
        ("(", "content_block", ("content_blocks", "Inner")),
        ("Ann", "field", ("attributes", "first_name")),
        (")", "content_block", ("content_blocks", "Inner")),
    ]
    assert {(one.line, one.column) for one in made.spans} == {(2, 4)}


def test_spans_stand_at_the_expression_in_the_authors_text() -> None:
    template = "<!-- {{ x }}\n -->a{{city}}\n{%- liquid\n  echo city | upcase\n%}{{-   {{city}} }}"
    assert [(one.line, one.column) for one in render(template).spans] == [(2, 8), (4, 8), (5, 9)]


def test_no_more_than_five_thousand_spans_are_kept_and_the_first_ones() -> None:
    made = render("{% for i in (1..6000) %}{{ i }},{% endfor %}")
    assert len(made.spans) == 5_000
    assert made.output[made.spans[-1].start : made.spans[-1].end] == "5000"
    said = render("{% for i in (1..6000) %}{% cycle 'a' %}{% endfor %}")
    assert len(said.spans) == 5_000
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


OWN = string.ascii_lowercase  # what the author writes between tags; nothing that is printed holds any of it
SAYING = """
{{ S }}
{{ N | plus: 1 }}
{{ 1 | divided_by: 'x' }}
{{ c }}
{{ c | upcase }}
{{ c | append: N }}
{{content_blocks.${B}}}
{% cycle 'A', S, 7 %}
{% increment n %}
{% decrement n %}
{% random %}
{% random 9 %}
{% promotion('P') %}
{% connected_content https://x.test/T %}
{% connected_content https://x.test/T :rerender %}
{% connected_content https://x.test/broken :rerender %}
{% translation %}{% endtranslation %}
{% translation T %}x{% endtranslation %}
{% include 'X' %}
{% if S > 1 %}x{% endif %}
<!-- GONE -->
"""
AROUND = """
{% if S %}@{% endif %}
{% for i in (1..2) %}@{% endfor %}
{% ifchanged %}@{% endifchanged %}
{% tablerow i in (1..3) cols: 2 %}@{% endtablerow %}
{% translation no %}@{% endtranslation %}
{% capture c %}@{% endcapture %}{{ c }}
"""
SAID = st.recursive(
    st.sampled_from(SAYING.splitlines()) | st.text(OWN, min_size=1, max_size=3),
    lambda inner: st.builds(
        str.replace,
        st.sampled_from(AROUND.strip().splitlines()),
        st.just("@"),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=20,
)
PRINTS: dict[str, Any] = {
    "variables": {"S": "SOME", "N": 4},
    "content_blocks": {"B": "-{{ S }}{% cycle '1', '2' %}{% promotion('P') %}-"},
    "connected_content": [
        {"url": "https://x.test/T", "body": "<{{ S }}>"},
        {"url": "https://x.test/broken", "body": "{% if %}"},
    ],
    "promotions": {"P": ["CODE"]},
    "translations": {"": {"T": "T {{ N }}{% random 5 %}"}},
}


@settings(max_examples=300, deadline=None)
@given(st.lists(SAID, max_size=8).map("".join))
def test_whatever_is_printed_knows_its_source_and_only_the_authors_own_text_has_none(template: str) -> None:
    made = Engine().render(template, Dataset(RenderData.from_json(PRINTS)), connected="stub", now=NOW)
    assume(not any(problem.rule == "limit-output" for problem in made.problems))  # captures that print captures
    assert made.status == "rendered"
    left, at = "", 0
    for one in made.spans:
        assert at <= one.start < one.end <= len(made.output)
        left += made.output[at : one.start]
        at = one.end
    assert set(left + made.output[at:] * (len(made.spans) < MAX_SPANS)) <= set(OWN)


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
