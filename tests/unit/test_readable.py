"""HTML as people read it: what shows, what is hidden, and that no input makes it slow."""

from __future__ import annotations

import pytest

from core.readable import MAX_CHARACTERS, Line, Span, is_html, plain_lines, readable
from tests.growth import assert_grows_linearly


def words(lines: list[Line]) -> str:
    return "\n".join("".join(span.text for span in line) for line in lines)


def test_headings_paragraphs_and_lists_come_out_as_a_person_reads_them():
    lines = readable(
        "<h1>Hi Ana</h1>\n<p>You have\n  100 points.</p><ul><li>Free coffee</li>\n<li>20 % off</li></ul><p>Bye</p>"
    )
    assert words(lines) == "Hi Ana\n\nYou have 100 points.\n\n  • Free coffee\n  • 20 % off\n\nBye"
    assert lines[0] == (Span("Hi Ana", "heading"),)


def test_numbered_lists_count_and_inner_lists_stand_further_in():
    assert words(readable("<ol><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ol>")) == (
        "  1. a\n  2. b\n    • c\n  3. d"
    )


def test_a_link_shows_where_it_leads_and_a_long_target_shows_its_cut():
    assert words(readable('Go to <a href="https://x.test/a">the shop</a> now')) == "Go to the shop https://x.test/a now"
    long = words(readable(f'<a href="https://x.test/{"q" * 90}">shop</a>'))
    assert long.endswith("…")
    assert len(long) == len("shop ") + 60


def test_cells_of_a_row_stand_side_by_side_and_rows_below_each_other():
    assert words(
        readable("<table><tr><td>Offer</td><td>Until</td></tr><tr><td>Cake</td><td>Sunday</td></tr></table>")
    ) == ("Offer   Until\nCake   Sunday")


@pytest.mark.parametrize(
    "hidden",
    [
        "<style>p { color: red }</style>",
        "<script>let a = '<p>no</p>'</script>",
        "<head><title>no</title></head>",
        '<div style="font-size:1px; display : none">no <div>nor this</div> no</div>',
        "<!-- no <p>nor this</p> -->",
        "<!doctype html>",
        '<img src="x" width="1" height="1" alt="no">',
        "<p hidden>no</p>",
    ],
)
def test_what_a_mail_program_hides_is_not_shown(hidden: str):
    assert words(readable(f"<p>before</p>{hidden}<p>after</p>")) == "before\n\nafter"


def test_entities_become_characters_and_a_picture_its_description():
    assert words(readable("Fish &amp; chips &#127881; <img alt='a cup' src=x> &lt;")) == "Fish & chips 🎉 [a cup] <"


def test_preformatted_text_keeps_its_lines():
    assert words(readable("<pre>a\n  b</pre>")) == "a\n  b"


@pytest.mark.parametrize(
    "broken", ["<p>one", "one</p></div>", "<div><b>one</div>", "<<p>one", "<ul></ul></ol>one</li>"]
)
def test_broken_html_still_shows_its_words(broken: str):
    assert "one" in words(readable(broken))


def test_a_lone_angle_bracket_is_text():
    assert words(readable("1 < 2 and <p>3 > 2</p>")) == "1 < 2 and\n\n3 > 2"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<p>a</p>", True),
        (' {"a": "<b>x</b>"}', False),
        ("1 < 2", False),
        ("a <unknown> b", False),
        ("<P CLASS='a'>", True),
    ],
)
def test_html_is_told_by_its_tags(text: str, html: bool):
    assert is_html(text) is html


@pytest.mark.parametrize("piece", ["<!--", "<a ", "<", "<a href='", '<p "', "<!", "</", "&", "<a b='<"])
def test_no_repetition_makes_it_slow(piece: str):
    def read(size: int) -> None:
        text = piece * (size // len(piece))
        readable(text)
        is_html(text)

    assert_grows_linearly(read, 100_000)


def test_beyond_a_million_characters_it_says_what_is_missing():
    assert "5 more characters" in words(readable("a" * (MAX_CHARACTERS + 5)))


def test_text_without_tags_stays_as_it_is():
    assert words(plain_lines("a\n\n  b")) == "a\n\n  b"
