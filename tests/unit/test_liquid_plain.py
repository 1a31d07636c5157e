"""The short way through the compiler gives what the long way gives."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from core.liquid import plain
from core.liquid.engine import Dataset, Engine
from core.render import RenderData, Rendered

NOW = datetime(2026, 11, 22, tzinfo=UTC)
DATA = Dataset(
    RenderData.from_json({"attributes": {"a": "A"}, "variables": {"a": {"b": [1, "x"]}, "n": 5, "s": "hello", "or": 1}})
)
VALUES = ["a", "a.b", "a.b.size", "a-b", "n", "s", "nosuch", "nil", "true", "blank", "empty", "or", "band", "a.or"]
VALUES += [
    "“x”",
    "'“'",
    "'x'",
    '"y z"',
    "'a | b: c, d'",
    "'or'",
    "''",
    "5",
    "-2",
    "2.5",
    "1.",
    "5a",
    "(1..2)",
    "a[0]",
    "${a}",
    "{{n}}",
]
GLUE = [
    " ",
    "",
    "  ",
    "\n",
    " | ",
    "|",
    ": ",
    ":",
    ", ",
    ",",
    " == ",
    "==",
    " != ",
    " contains ",
    " < ",
    " and ",
    " or ",
]
GLUE += [
    " | upcase",
    "| append: ",
    " | default: ",
    " | nosuch",
    " | slice: 1, 2",
    " | lstrip",
    " | split",
    ".",
    "'",
    "?",
    "-",
]
INSIDE = st.lists(st.one_of(st.sampled_from(VALUES), st.sampled_from(GLUE)), min_size=1, max_size=7).map("".join)
FRAMES = ["{{%s}}", "{{- %s -}}", "{%% if %s %%}T{%% else %%}F{%% endif %%}", "{%% assign q = %s %%}{{ q }}"]


def render(template: str) -> Rendered:
    return Engine().render(template, DATA, connected="off", now=NOW)


def test_plain_markup_goes_the_short_way_and_odd_markup_does_not() -> None:
    assert plain.filtered(" a.b | append: 'x', n | upcase ") == (
        (1, 4),
        (((7, 13), [(15, 18), (20, 21)]), ((24, 30), [])),
    )
    assert plain.condition("a.b >= 'x y'") == ((None, (0, 3), ">=", (7, 12)),)
    assert plain.condition(" a or b") == (
        (None, (1, 2), None, (-1, -1)),
        ("or", (6, 7), None, (-1, -1)),
    )
    for odd in ("", "a b", "a |", "a | f: b: 1", "'a", "a[b]", "{{a}}", "2.5", "a | f x", "a.", "a == b"):
        assert plain.filtered(odd) is None, odd
    for odd in ("", "a==b", "a == b and", "and", "a-and-b and c", "a | f", "a = b", "a == b c", "'x or y' == z"):
        assert plain.condition(odd) is None, odd


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(FRAMES), INSIDE)
def test_both_ways_render_report_and_trace_alike(frame: str, inside: str) -> None:
    template = frame % inside
    short = render(template)
    off = {"filtered": lambda _: None, "condition": lambda _: None, "atom": lambda _: False}
    with mock.patch.multiple(plain, **off):
        long = render(template)
    assert dataclasses.asdict(short) == dataclasses.asdict(long)
