"""The engine as its callers see it: places of problems, the trace, limits, and nothing that escapes."""

from __future__ import annotations

import time
import tracemalloc
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.liquid.answers import Answer
from core.liquid.engine import Dataset, Engine
from core.render import PrintedSpan, Read, RenderData, Rendered
from tests.pipe import over_the_pipe

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def render(template: str, engine: Engine | None = None, **data: Any) -> Rendered:
    return (engine or Engine()).render(template, Dataset(RenderData.from_json(data)), connected="stub", now=NOW)


def places(made: Rendered) -> list[tuple[str, int, int, int, int]]:
    return [(one.rule, one.line, one.column, one.end_line, one.end_column) for one in made.problems]


SPAN = PrintedSpan(0, 1, 2, 3, "field", ("a", 0))


def test_a_problem_stands_where_the_author_wrote_it() -> None:
    made = render("Hi\n  {{ n | bogus }} and\n{% if n == 5 && n %}x{% endif %}", variables={"n": 5})
    assert places(made) == [("unknown-filter", 2, 10, 2, 15), ("unknown-operator", 3, 14, 3, 16)]


def test_an_html_comment_does_not_move_the_problems_behind_it() -> None:
    made = render("<!-- one\ntwo -->{{ n | bogus }}<!-- x -->\n<!-- y -->{{ n | nope }}", variables={"n": 5})
    assert places(made) == [("unknown-filter", 2, 15, 2, 20), ("unknown-filter", 3, 18, 3, 22)]


def test_problems_inside_wrapped_braces_and_inside_liquid_tags_have_their_place() -> None:
    made = render("{% if {{ n | bogus }} == 5 %}{% endif %}\n{% liquid\n  assign a = n | nope\n%}", variables={"n": 5})
    assert places(made) == [("unknown-filter", 1, 14, 1, 19), ("unknown-filter", 3, 18, 3, 22)]


def test_a_missing_end_points_at_the_tag_that_was_opened() -> None:
    made = render("a\n{% for x in list %}\n{% if x %}\n{% endfor %}")
    (problem,) = made.problems
    assert (made.status, problem.rule, problem.line, problem.column) == ("failed", "missing-end", 3, 1)
    assert "endif" in problem.hint


def test_a_problem_in_a_content_block_is_shown_where_the_block_is_called() -> None:
    made = render("a\n{{content_blocks.${B}}}", content_blocks={"B": "\n\n\n{{ 1 | bogus }}"})
    (problem,) = made.problems
    assert (problem.rule, problem.line, problem.column) == ("unknown-filter", 2, 3)
    assert "content block B" in problem.message


def test_misspelt_names_come_with_the_nearest_one() -> None:
    wallet = {"wallet": {"payload": {"user_offers": [], "available_points": 1}}}
    hints = {
        "{{ wallet.payload.user_ofers }}": "user_offers",
        "{{ walet.payload }}": "wallet",
        "{{ ${frist_name} }}": "${first_name}",
        "{{ first_name }}": "${first_name}",
        "{{ wallet | upcas }}": "upcase",
        "{% iff wallet %}": "if",
    }
    for template, near in hints.items():
        assert any(f"Did you mean {near}?" in one.hint for one in render(template, variables=wallet).problems), template


OFFERS = {"wallet": {"payload": {"user_offers": [{"title": "B", "tags": ["x", "y"]}, {"title": "A", "tags": []}]}}}


def reads(template: str, **data: Any) -> set[tuple[str, str, bool]]:
    made = render(template, **data)
    return {(one.expression, ".".join(map(str, one.path)), one.found) for one in made.reads}


def test_reads_are_traced_to_the_field_through_loops_filters_and_variables() -> None:
    root = "wallet.payload.user_offers"
    assert reads("{% for o in wallet.payload.user_offers %}{{ o.title }}{% endfor %}", variables=OFFERS) == {
        (root, root, True),
        ("o.title", f"{root}.0.title", True),
        ("o.title", f"{root}.1.title", True),
    }
    sorted_first = "{% assign s = wallet.payload.user_offers | sort: 'title' | first %}{{ s.title }}"
    assert ("s.title", f"{root}.1.title", True) in reads(sorted_first, variables=OFFERS)
    assert (f"{root}[0].tags.last", f"{root}.0.tags", True) not in reads("x", variables=OFFERS)


def test_scalars_of_a_loop_are_traced_to_their_index() -> None:
    template = "{% for t in wallet.payload.user_offers[0].tags reversed %}{{ t }}{% endfor %}"
    found = reads(template, variables=OFFERS)
    assert ("t", "wallet.payload.user_offers.0.tags.1", True) in found
    assert ("t", "wallet.payload.user_offers.0.tags.0", True) in found


def test_misses_are_traced_to_where_they_would_have_been() -> None:
    found = reads("{% assign o = wallet.payload.user_offers[1] %}{{ o.price.amount }}{{ nix }}", variables=OFFERS)
    assert ("o.price.amount", "wallet.payload.user_offers.1.price.amount", False) in found
    assert ("nix", "nix", False) in found


def test_attributes_and_connected_answers_are_traced_too() -> None:
    data = {
        "attributes": {"first_name": "Ann"},
        "custom_attribute": {"a": {"b": 1}},
        "connected_content": [{"url": "https://x.test", "body": {"n": 7}}],
    }
    found = reads(
        "{{${first_name}}}{{custom_attribute.${a}.b}}{% connected_content https://x.test :save r %}{{r.n}}", **data
    )
    assert ("${first_name}", "attributes.first_name", True) in found
    assert ("custom_attribute.${a}.b", "custom_attribute.a.b", True) in found
    assert ("r.n", "r.n", True) in found


def test_a_read_holds_a_short_excerpt() -> None:
    made = render("{{ a }}{{ b }}{{ c }}", variables={"a": "x" * 5_000, "b": [1, 2, 3], "c": {"d": 1}})
    assert [one.value for one in made.reads] == ["x" * 119 + "…", "3 items", "1 field"]


def test_a_thousand_offers_give_a_bounded_trace() -> None:
    offers = {"offers": [{"title": str(n), "points": n} for n in range(5_000)]}
    made = render("{% for o in offers %}{{ o.title }}{{ o.points }}{% endfor %}", variables=offers)
    assert made.status == "rendered"
    assert 100 <= len(made.reads) <= 110


def test_calls_tell_method_url_status_and_name() -> None:
    recorded = [{"method": "POST", "url": "https://x.test/w", "status": 200, "body": {}, "milliseconds": 40}]
    made = render("{% connected_content https://x.test/w :method post :save w %}", connected_content=recorded)
    (call,) = made.calls
    assert (call.method, call.url, call.status, call.saved_as, call.milliseconds) == (
        "POST",
        "https://x.test/w",
        200,
        "w",
        40,
    )


def test_the_same_data_serves_many_renders_unchanged() -> None:
    engine, dataset = Engine(), Dataset(RenderData.from_json({"variables": {"n": 5, "l": [2, 1]}}))
    template = "{% increment n %}{% assign l = l | sort %}{{ l }}{% cycle 'a', 'b' %}"
    made = [engine.render(template, dataset, connected="off", now=NOW).output for _ in range(3)]
    assert made == ["512a"] * 3


def test_a_rendered_survives_the_way_over_the_pipe() -> None:
    made = render(
        "{{ a.b | bogus }}{% assign n = 1 %}{% promotion('x') %}{% message_extras :key k :value v %}",
        variables={"a": {"b": 1}},
    )
    assert made.spans
    assert made.assigned == ("n",)
    assert over_the_pipe(made) == made
    assert set(made.to_json()) == {
        *("status", "output", "abort_reason", "problems", "reads", "calls", "message_extras", "promotions")
    }


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ([], "object"),
        ({"wallet": {}}, "wallet"),
        ({"attributes": []}, "attributes"),
        ({"content_blocks": {"A": 1}}, "content_blocks.A"),
        ({"catalogs": {"c": {"i": 5}}}, "catalogs.c.i"),
        ({"promotions": {"p": "x"}}, "promotions.p"),
        ({"connected_content": [{"method": "GET"}]}, "connected_content[0].url"),
        ({"connected_content": {}}, "connected_content"),
        ({"now": "yesterday"}, "now"),
        ({"now": 5}, "now"),
    ],
)
def test_wrong_data_is_refused_by_the_name_of_its_key(raw: object, names: str) -> None:
    with pytest.raises(InvalidInput, match=names.replace("[", r"\[")):
        RenderData.from_json(raw)


def test_data_survives_its_own_json() -> None:
    raw = {
        "attributes": {"first_name": "Ann"},
        "custom_attribute": {"a": [1, None]},
        "variables": {"wallet": {"x": 1}},
        "connected_content": [{"url": "https://x.test", "body": "b"}],
        "now": "2026-11-21T09:30:00+00:00",
    }
    assert RenderData.from_json(raw).to_json() == raw


HOSTILE = {
    "opening braces": "{{" * 8_000,
    "opening tags": "{% if x %}" * 1_600,
    "half tags": "{% if " * 2_700,
    "wrapped in wrapped": "{{" * 4_000 + "x" + "}}" * 4_000,
    "wrapped in a condition": "{% if " + "{{" * 4_000 + "x" + "}}" * 4_000 + " %}{% endif %}",
    "outer braces left open": "{{ a {{ b }}" * 1_300,
    "single closing braces": "{{ x }" * 2_700,
    "brackets": "{{ a" + "[" * 8_000 + "]" * 8_000 + " }}",
    "open brackets": "{{ a" + "[" * 16_000 + " }}",
    "assign's left side": "{% assign " + "a(" * 8_000 + "%}",
    "and": "{% if a " + "and b " * 2_700 + "%}{% endif %}",
    "when": "{% case a %}{% when " + "a or " * 3_200 + "%}{% endcase %}",
    "spaces": "{{ a" + " " * 16_000 + "}}{% if a" + " " * 16_000 + "%}{% endif %}",
    "quotes": "{{ " + "'" * 16_001 + " }}",
    "comments": "<!--" * 4_000,
    "html to strip": "{{ '" + "<" * 16_000 + "' | strip_html }}{{ '" + "<script" * 2_300 + "' | strip_html }}",
    "a date": "{{ '" + "1:" * 8_000 + "' | date: '%F' }}",
    "deep JSON": "{{ '" + "[" * 16_000 + "' | json_parse }}",
    "options": "{% connected_content http://x " + ":save a " * 2_000 + "%}",
    "cycle": "{% cycle " + "a:" * 8_000 + " %}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_sixteen_kilobytes_of_anything_are_read_in_linear_time(name: str) -> None:
    began = time.process_time()
    made = render(HOSTILE[name])
    assert time.process_time() - began < 2.0  # what a render may take; python-liquid's own reader takes 7 s
    assert made.status in ("rendered", "failed")


EXHAUSTING = {
    "limit-loops": "{% for a in (1..1000) %}{% for b in (1..1000) %}x{% endfor %}{% endfor %}",
    "limit-text": "{% assign s = 'xxxxxxxx' %}{% for a in (1..99) %}{% assign s = s | append: s %}{% endfor %}",
    "limit-number": "{% assign n = 99999 %}{% for a in (1..99) %}{% assign n = n | times: n %}{% endfor %}{{ n }}",
    "limit-range": "{% for a in (1..99999999999999999) %}x{% endfor %}",
    "limit-items": "{% assign l = 'a' | split: '' %}{% for i in (1..60) %}{% assign l = l | concat: l %}{% endfor %}",
    "limit-output": "{% assign s = 'x' | append: big %}{% for a in (1..99) %}{{ s }}{% endfor %}",
    "limit-size": "x" * 2_000_001,
    "too-deep": "{% if x %}" * 120 + "{% endif %}" * 120,
}


@pytest.mark.parametrize("rule", EXHAUSTING)
def test_what_would_exhaust_the_child_ends_as_a_problem_and_the_next_render_works(rule: str) -> None:
    engine = Engine()
    made = render(EXHAUSTING[rule], engine, variables={"big": "y" * 500_000})
    assert (made.status, made.output) == ("failed", "")
    assert rule in [one.rule for one in made.problems]
    assert render("{{ 1 | plus: 1 }}", engine).output == "2"


def test_a_real_email_of_400_kilobytes_renders() -> None:
    row = (
        "<tr><td style='padding:0'>Row {{ forloop.index }} {{${first_name} | default: 'friend'}}</td></tr><!-- x -->\n"
    )
    email = "<html><body><table>" + row * 4_000 + "</table></body></html>"
    assert len(email) > 400_000
    made = render(email, attributes={"first_name": "Ann"})
    assert made.status == "rendered"
    assert made.output.count("Ann") == 4_000


def test_ninety_nine_nested_ifs_are_fine() -> None:
    assert render("{% if true %}" * 99 + "x" + "{% endif %}" * 99).output == "x"


PIECES = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "${", "}", "{{${", "-", " ", "\n", "'", '"', "|", ":", ",", ".", "[", "]", "(", ")"),
        *("if", "endif", "for", "in", "endfor", "else", "case", "when", "assign", "=", "==", "and", "liquid", "raw"),
        *(
            "x",
            "wallet",
            "5",
            "2.5",
            "nil",
            "blank",
            "upcase",
            "date",
            "'%s'",
            "size",
            "first_name",
            "custom_attribute",
        ),
        *("connected_content", ":save", "abort_message", "content_blocks", "<!--", "-->", "comment", "endcomment", "é"),
        *("\ue000", "\x00", "“", "\u202e", "99999999999999999999", "capture", "message_extras", ":key", ":value"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_ends_as_text_or_a_problem(template: str) -> None:
    made = render(template, attributes={"first_name": "Ann"}, variables={"wallet": {"x": [1]}, "x": 2})
    assert made.status in ("rendered", "failed", "aborted")
    assert made.status != "failed" or made.problems
    lines = template.split("\n")
    for problem in made.problems:
        assert problem.rule != "internal-error", (template, problem)
        assert 1 <= problem.line <= problem.end_line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


def test_templates_of_any_length_are_remembered_within_one_measure_of_memory() -> None:
    engine = Engine()
    tracemalloc.start()
    try:
        for number in range(60):
            engine.parse(f"{'long ' * 20_000}{{{{ a{number} }}}}")
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 4_000_000
    assert engine.parse("short {{ a }}") is engine.parse("short {{ a }}")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
        max_leaves=4,
    ),
    st.text(),
)
def test_whatever_a_read_met_comes_over_the_pipe_as_it_was(value: Any, text: str) -> None:
    made = Rendered("rendered", text, reads=(Read(text, 1, 2, ("a", 0, text), True, value),), spans=(SPAN,))
    assert over_the_pipe(made) == made


def test_what_is_no_answer_is_refused_by_one_kind_of_error() -> None:
    for body in (b"", b"{}", b"[1]", b'{"rendered": 1}', b"\xff", b"[" * 100_000, b'{"rendered": {"status": "fine"}}'):
        with pytest.raises(ValueError, match=r"."):
            Answer.from_bytes(body)


def test_liquid_in_html_comments_is_told_where_each_comment_stands() -> None:
    made = render("abc<!-- {{x}} -->def\n<!-- {% if %}\n-->ghi{{ n | nope }}<!-- -->", variables={"n": 5})
    assert places(made) == [
        ("html-comment-liquid", 1, 4, 1, 18),
        ("html-comment-liquid", 2, 1, 3, 4),
        ("unknown-filter", 3, 14, 3, 18),
    ]


def test_an_html_comment_at_the_very_beginning_is_told_there() -> None:
    assert places(render("<!-- {{ 1 }} -->x")) == [("html-comment-liquid", 1, 1, 1, 17)]


BORROWED: dict[str, Any] = {
    "attributes": {"first_name": "Ann", "language": "de"},
    "content_blocks": {"Hi": "\n\n{{${first_name}}}{{content_blocks.${In}}}", "In": "{{ ${gender} }}"},
    "catalogs": {"menu": {"p1": {"t": "\n\n\n{{${first_name}}} {{ 1 | nope }}"}}},
    "translations": {"de": {"greet": "Hallo {{${first_name}}}"}},
    "connected_content": [{"url": "https://x.test/t", "status": 200, "body": "{{${first_name}}}"}],
}


@pytest.mark.parametrize(
    ("template", "expression", "column"),
    [
        ("{{ content_blocks.${Hi} }}", "content_blocks.${Hi}", 4),
        ("{% catalog_items menu p1 :rerender %}", "catalog_items", 1),
        ("{% translation greet %}{% endtranslation %}", "translation greet", 1),
        ("{% connected_content https://x.test/t :rerender %}", "connected_content", 1),
    ],
)
def test_what_borrowed_text_reads_is_put_down_to_what_called_it_in(template: str, expression: str, column: int) -> None:
    made = render(f"\n{template}", **BORROWED)
    assert Read(expression, 2, column, ("attributes", "first_name"), True, "Ann") in made.reads
    assert all(read.expression == expression for read in made.reads)


def test_a_miss_in_a_block_in_a_block_is_put_down_to_the_outer_one() -> None:
    made = render("{{content_blocks.${Hi}}}", **BORROWED)
    assert Read("content_blocks.${Hi}", 1, 3, ("attributes", "gender"), False, None) in made.reads


def test_a_mistake_in_a_cell_is_shown_at_the_tag_that_renders_it_and_its_columns_are_traced() -> None:
    made = render("\n\n  {% catalog_items menu p1 :rerender %}{{items[0].t | size}}", **BORROWED)
    (problem,) = [one for one in made.problems if one.rule == "unknown-filter"]
    assert (problem.line, problem.column) == (3, 3)
    assert "column t" in problem.message
    assert ("items", 0, "t") in [read.path for read in made.reads]


def test_a_loop_over_a_hash_traces_the_values_it_reads() -> None:
    made = render(
        "{% for pair in h reversed %}{{pair[0]}}={{pair[1]}} {{pair.last.c}}{% endfor %}",
        variables={"h": {"a": 1, "b": {"c": 2}, "d": 3}},
    )
    assert made.output == 'd=3 b={"c"=>2} 2a=1 '
    assert {(one.expression, one.path, one.value) for one in made.reads if one.found} == {
        ("h", ("h",), "3 fields"),
        *(("pair[1]", ("h", name), value) for name, value in (("a", 1), ("b", "1 field"), ("d", 3))),
        ("pair.last.c", ("h", "b", "c"), 2),
    }
    assert [one.path for one in made.spans if made.output[one.start : one.end] == "3"] == [("h", "d")]


def test_what_a_loop_over_a_pair_reads_is_no_field() -> None:
    made = render("{% for pair in h %}{% for one in pair %}{{one}}{% endfor %}{% endfor %}", variables={"h": {"a": 1}})
    assert made.output == "a1"
    assert {one.path for one in made.reads} <= {("h",), ("h", "a")}
