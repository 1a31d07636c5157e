"""From a line of the message back to the template and the data, and from the template to the data."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clean import safe_lines
from core.printed import Printed, line_words, origin_words, reads_at
from core.render import PrintedKind, PrintedSpan, Read, Rendered

NAME = PrintedSpan(3, 6, 1, 4, "field", ("attributes", "first_name"))
OFFER = PrintedSpan(8, 14, 5, 3, "field", ("wallet", "payload", "user_offers", 0, "name"))
MESSAGE = Rendered("rendered", output="Hi Ana\r\nCoffee\rbye", spans=(NAME, OFFER))


def test_a_line_knows_the_expressions_that_printed_it():
    printed = Printed(MESSAGE)
    assert [printed.on_line(number) for number in (-1, 0, 1, 2, 3)] == [(), (NAME,), (OFFER,), (), ()]


def test_a_span_over_several_lines_is_on_each_of_them_and_no_other():
    printed = Printed(Rendered("rendered", output="a\nb\nc\nd", spans=(PrintedSpan(2, 5, 1, 1, "computed"),)))
    assert [bool(printed.on_line(number)) for number in range(4)] == [False, True, True, False]


@given(st.text("ab\r\n", max_size=40))
def test_lines_are_those_the_screen_shows(output: str):
    shown = safe_lines(output).split("\n")
    spans = tuple(PrintedSpan(at, at + 1, 1, at + 1, "literal") for at in range(len(output)) if output[at] in "ab")
    printed = Printed(Rendered("rendered", output=output, spans=spans))
    assert [len(printed.on_line(number)) for number in range(len(shown))] == [len(line) for line in shown]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (OFFER, "wallet.payload.user_offers[0].name"),
        (PrintedSpan(0, 1, 1, 1, "default", ("attributes", "x")), "a default, for ${x} is not there"),
        (PrintedSpan(0, 1, 1, 1, "default"), "a default"),
        (PrintedSpan(0, 1, 1, 1, "field", ("custom_attribute", "pets", 0, "name")), "custom_attribute.${pets}[0].name"),
        (PrintedSpan(0, 1, 1, 1, "field", ("attributes", "zip code", "a")), "${zip code}.a"),
        (PrintedSpan(0, 1, 1, 1, "literal"), "written in the template"),
        (PrintedSpan(0, 1, 1, 1, "computed", ("a", "b")), "computed from a.b"),
        (PrintedSpan(0, 1, 1, 1, "computed"), "computed"),
        (PrintedSpan(0, 1, 1, 1, "cycle", ("a", 0)), "a[0], by cycle"),
        (PrintedSpan(0, 1, 1, 1, "cycle"), "cycle"),
        (PrintedSpan(0, 1, 1, 1, "increment", ("n",)), "the counter n"),
        (PrintedSpan(0, 1, 1, 1, "decrement", ("n",)), "the counter n"),
        (PrintedSpan(0, 1, 1, 1, "random"), "a random number"),
        (PrintedSpan(0, 1, 1, 1, "tablerow"), "a row of tablerow"),
        (PrintedSpan(0, 1, 1, 1, "promotion", ("promotions", "x", 0)), "a code of the promotion list x"),
        (PrintedSpan(0, 1, 1, 1, "translation", ("translations", "de", "hi")), "the translation hi (de)"),
        (PrintedSpan(0, 1, 1, 1, "translation", ("translations", "", "hi")), "the translation hi"),
        (PrintedSpan(0, 1, 1, 1, "connected_content", ("GET", "https://x")), "the answer to GET https://x"),
        (PrintedSpan(0, 1, 1, 1, "content_block", ("content_blocks", "Footer")), "the content block Footer"),
        (PrintedSpan(0, 1, 1, 1, "error"), "an error"),
        (PrintedSpan(0, 1, 1, 1, "error", ("attributes", "x")), "an error at ${x}"),
    ],
)
def test_an_origin_is_said_in_words(span: PrintedSpan, words: str):
    assert origin_words(span) == words


def test_every_kind_of_source_has_words():
    for kind in get_args(PrintedKind):
        assert origin_words(PrintedSpan(0, 1, 1, 1, kind, ("a", "b", "c")))


@pytest.mark.parametrize("kind", ["field", "promotion", "connected_content", "error"])
def test_a_hostile_key_is_shown_as_an_escape(kind: PrintedKind):
    assert "\x1b" not in "".join(line_words([PrintedSpan(0, 1, 1, 1, kind, ("a", "\x1b[2J"))]))


def test_a_line_names_its_first_origin_and_says_how_many_more():
    spans = [PrintedSpan(at, at + 1, 2 + at, 1, "field", ("list", at)) for at in range(5)]
    assert line_words(spans) == ("printed by lines 2, 3, 4, …", "list[0], 4 more")
    assert line_words([OFFER, OFFER]) == ("printed by line 5", "wallet.payload.user_offers[0].name")
    assert line_words([]) == ("text of the template", "")


def test_the_cursor_in_an_expression_finds_what_it_read_and_elsewhere_what_its_line_read():
    reads = [Read("a.b", 3, 5, ("a", "b"), True, 1), Read("c", 3, 20, ("c",), False, None)]
    assert reads_at(reads, 3, 6) == {reads[0]}
    assert reads_at(reads, 3, 21) == {reads[1]}
    assert reads_at(reads, 3, 1) == {*reads}
    assert reads_at(reads, 2, 6) == frozenset()
