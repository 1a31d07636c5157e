"""The panes of the Message room on their own: colours, wrapping, problems, trace."""

from __future__ import annotations

import time

import pytest
from rich.cells import cell_len
from rich.text import Text
from textual import events

from core.channels.view import Block
from core.fieldtree import field_lines
from core.readable import Span, plain_lines
from core.render import NOT_MADE, ConnectedCall, Problem, Read, RenderData
from tests.growth import assert_grows_linearly
from tests.screens.driver import until, widget_text
from tests.screens.stage import Stage
from tui import theme
from tui.theme import inks
from tui.widgets.block_lines import BlockLines
from tui.widgets.flow import Flow
from tui.widgets.problem_list import ProblemList, count_words
from tui.widgets.template_editor import TemplateEditor, Underline
from tui.widgets.text_lines import TextLines, breaks, hang_of
from tui.widgets.tints import tints
from tui.widgets.trace_pane import TraceTree

ESC = "\x1b"


def coloured(line: str, state: str = "") -> list[tuple[str, str]]:
    found, _ = tints(line, state)  # type: ignore[arg-type]
    return [(line[start:end], kind) for start, end, kind in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>{{${first_name} | default: 'x'}}</p>", [("{{${first_name} | default: 'x'}}", "output")]),
        ("{% if {{${x}}} == 2 %}y", [("{% if", "tag"), ("{{${x}}}", "output"), ("%}", "tag")]),
        ("{% assign a = ${zip code} %}", [("{% assign", "tag"), ("${zip code}", "output"), ("%}", "tag")]),
        ("{%- x :save w -%}", [("{%- x", "tag"), (":save", "option"), ("-%}", "tag")]),
        ('{% x "Basic {{k}}" %}', [("{% x", "tag"), ("{{k}}", "output"), ("%}", "tag")]),
        (
            "{% comment %}{{a}}{% endcomment %}{{b}}",
            [("{% comment %}{{a}}{% endcomment %}", "comment"), ("{{b}}", "output")],
        ),
        ("no liquid } } here", []),
    ],
)
def test_liquid_is_coloured(line: str, expected: list[tuple[str, str]]):
    assert coloured(line) == expected


def test_a_tag_over_several_lines_stays_a_tag():
    assert tints("{% connected_content https://x", "")[1] == "tag"
    assert coloured("  :method post", "tag") == [(":method", "option")]
    assert tints("  :save w %} {{", "tag")[1] == "output"
    assert tints("{% comment %} {{ %}", "")[1] == "comment"
    assert tints("", "tag")[1] == "tag"


@pytest.mark.parametrize("piece", ["{{", "{%", "{% if ", "${", "'", "{% comment %}", "{{${a}}}"])
def test_no_line_makes_colouring_slow(piece: str):
    before = time.perf_counter()
    tints(piece * (2_000 // len(piece)), "")
    assert time.perf_counter() - before < 0.5


@pytest.mark.parametrize(
    "text", ["one two three four", "日本語のテキスト abc 日本", "x" * 50, "    indented words go on", ""]
)
@pytest.mark.parametrize(("width", "hang"), [(10, 0), (10, 4), (7, 2)])
def test_rows_fit_their_width_and_lose_nothing(text: str, width: int, hang: int):
    starts = breaks(text, width, hang)
    rows = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    assert "".join(rows) == text
    assert all(cell_len(row.rstrip()) <= width - (hang if number else 0) for number, row in enumerate(rows))


def test_a_word_longer_than_a_row_begins_where_it_stands():
    assert breaks("POST https://x.example/a/b", 10) == [0, 10, 20]
    assert breaks("one https://x.e two", 10) == [0, 10]
    assert breaks("see https://x.e two", 12) == [0, 4, 16]


def test_an_item_goes_on_under_its_words():
    assert hang_of("  • Free coffee", 40) == 4
    assert hang_of("  12. Cake", 40) == 6
    assert hang_of("plain", 40) == 0
    assert hang_of(" " * 30 + "far in", 40) == 0


async def test_long_text_wraps_scrolls_and_is_found():
    lines = TextLines()
    app = Stage(lines)
    async with app.run_test(size=(30, 6)) as pilot:
        lines.lines = plain_lines(
            "  • Free espresso with any cake until Sunday\n[/b] [@click=app.boom]x[/]\n" + "z\n" * 40
        )
        await pilot.pause()
        shown = widget_text(lines).split("\n")
        assert [row[1:] for row in shown[:3]] == [
            "  • Free espresso with any",
            "    cake until Sunday",
            "[/b] [@click=app.boom]x[/]",
        ]
        assert lines.find("sunday").total == 1
        assert lines.cursor == 1
        await pilot.resize_terminal(60, 6)
        await until(pilot, lambda: "any cake until Sunday" in widget_text(lines), what="the line on one row")
        assert app.acted == 0


def lit(lines: TextLines) -> list[str]:
    """What is marked as found, row by row."""
    ground = inks(lines.app).match.bgcolor
    rows = [lines.render_line(row) for row in range(lines.size.height)]
    marked = ("".join(one.text for one in row if one.style and one.style.bgcolor == ground) for row in rows)
    return [words for words in marked if words]


async def test_a_row_that_wide_characters_fill_to_the_last_cell_loses_no_letter():
    words = "Corner Coffee: hi Ana ☕ Free coffee for 抹茶ラテ until Friday"
    for width in range(24, 40):
        lines = BlockLines()
        app = Stage(lines)
        async with app.run_test(size=(width, 12)) as pilot:
            lines.show([Block("bubble", tuple(plain_lines(words)))])
            await pilot.pause()
            shown = widget_text(lines).replace("▌", "")
            assert "".join(shown.split()) == "".join(words.split()), width


async def test_words_are_found_where_their_line_is_broken_and_marked_on_both_sides():
    lines = TextLines()
    app = Stage(lines)
    async with app.run_test(size=(30, 6)) as pilot:
        link = Span("https://x.example/long/wallet?u=1", "faint")
        lines.lines = [(Span("  • Free espresso with any cake", "strong"), Span(" until 25 November")), (link,)]
        await pilot.pause()
        assert str(lines.find("with any CAKE until")) == "1 of 1"
        assert lines.cursor == 0
        assert lit(lines) == ["with any ", "cake until"]
        assert str(lines.find("/wallet?u")) == "1 of 1"
        assert "".join(lit(lines)) == "/wallet?u" and len(lit(lines)) == 2
        assert lines.find("gone").total == 0


async def test_without_finds_the_rows_that_hold_nothing_of_it():
    lines = TextLines()
    app = Stage(lines)
    async with app.run_test(size=(17, 6)) as pilot:
        lines.lines = plain_lines("one two three four five six seven\nother")
        await pilot.pause()
        shown = [row[1:].rstrip() for row in widget_text(lines).split("\n")]
        assert shown[:3] == ["one two three", "four five six", "seven"]
        assert lines.matches("three four", inverted=True) == [2, 3]
        assert lines.matches("three four", inverted=False) == [0]


async def test_a_match_that_goes_on_below_the_view_comes_into_it():
    lines = TextLines()
    app = Stage(lines)
    async with app.run_test(size=(17, 4)) as pilot:
        lines.lines = plain_lines("a\nb\nc\none two three four five six seven\n" + "z\n" * 9)
        await pilot.pause()
        lines.find("three four")
        await until(pilot, lambda: lit(lines) == ["three ", "four"], what="both rows")


async def test_rows_of_one_line_of_many_pieces_hold_their_own_words_in_their_own_tone():
    lines = TextLines()
    app = Stage(lines)
    async with app.run_test(size=(24, 8)) as pilot:
        lines.lines = [tuple(Span(f"n{number} ", "plain" if number % 2 else "strong") for number in range(40))]
        await pilot.pause()
        words = [f"n{number}" for number in range(40)]
        shown = widget_text(lines).replace("▌", " ").split()
        assert shown == words[: len(shown)] and len(shown) > 20
        bold = [
            word
            for row in range(6)
            for segment in lines.render_line(row)
            if segment.style is not None and segment.style.bold
            for word in segment.text.replace("▌", " ").split()
        ]
        assert bold == [word for word in shown if int(word[1:]) % 2 == 0][: len(bold)] and len(bold) > 8
        assert lines.find("n39").total == 1


async def test_a_line_of_thousands_of_pieces_is_drawn_and_searched_row_by_row():
    lines = TextLines()
    app = Stage(lines)
    async with app.run_test(size=(40, 20)) as pilot:

        def work(size: int) -> None:
            lines.lines = [tuple(Span(f"piece {number} ") for number in range(size))]
            for index in range(lines.line_count()):
                lines.draw(index, 38, inks(app), selected=False)
            lines.matches("piece 7", inverted=False)

        assert_grows_linearly(work, 1_500)
        await pilot.pause()


async def test_half_a_megabyte_shows_at_once():
    lines = TextLines()
    app = Stage(lines)
    async with app.run_test(size=(80, 20)) as pilot:
        before = time.perf_counter()
        lines.lines = plain_lines(("words and more words " * 20_000) + "\n" + "日本語 " * 20_000)
        await pilot.pause()
        assert time.perf_counter() - before < 2
        assert lines.line_count() > 4_000


def problem(line: int, column: int, message: str, hint: str = "", severity: str = "error") -> Problem:
    return Problem("rule", severity, message, hint, line, column, line, column + 3)  # type: ignore[arg-type]


async def test_problems_stand_errors_first_with_their_hints_and_the_cursor_walks_over_problems():
    listed = ProblemList()
    app = Stage(listed)
    async with app.run_test(size=(40, 12)) as pilot:
        listed.problems = [
            problem(
                9,
                27,
                "There is no [/b] expires here, as far as one can see.",
                "Did you mean expiration_date?",
                "warning",
            ),
            problem(12, 1, f"Broken{ESC}[2J."),
        ]
        await pilot.pause()
        shown = widget_text(listed).split("\n")
        assert shown[0][1:] == "✗ 12:1 Broken\\x1b[2J."
        assert shown[1][1:].startswith("! 9:27 There is no [/b] expires")
        assert "Did you mean" in widget_text(listed)
        listed.focus()
        await pilot.press("down")
        assert listed.current is not None
        assert listed.current.line == 9
        assert count_words(listed.problems) == "1 error · 1 warning"
        listed.problems = []
        await pilot.pause()
        assert not listed.display


async def test_no_word_of_a_problem_is_cut_at_any_width_beside_a_scrollbar():
    words = "Check the divisor first. Braze's pages leave this open: the switch can be not-sent."
    hint = "Save wallet first, in this very message: the answer of another field is not seen here."
    listed = ProblemList()
    app = Stage(listed)
    async with app.run_test(size=(24, 8)) as pilot:
        listed.problems = [problem(line, 39, words, hint) for line in (1, 2, 3)]
        for width in range(28, 48):
            await pilot.resize_terminal(width, 12)
            await pilot.pause()
            room = listed.line_width - 1
            rows = [
                "".join(one.text for one in listed.draw(index, room, inks(app), selected=False))
                for index in range(listed.line_count())
            ]
            assert listed.show_vertical_scrollbar
            assert " ".join(" ".join(rows).split()) == " ".join(f"✗ {line}:39 {words} {hint}" for line in (1, 2, 3))


async def test_the_trace_keeps_the_line_in_sight_when_room_is_short():
    data = RenderData(variables={"wallet": {"expiration_date": "2026-11-22T18:00:00Z", "name": "二杯目のラテ"}})
    reads = [Read("x", 9, 1, ("wallet", name), name != "gone", None) for name in ("expiration_date", "name", "gone")]
    tree = TraceTree()
    app = Stage(tree)
    async with app.run_test(size=(28, 8)) as pilot:
        tree.fields = field_lines(reads, data)
        await pilot.pause()
        rows = [row[1:] for row in widget_text(tree).split("\n")]
        assert rows[:4] == [
            "wallet {2}",
            "├ expiration_date    line 9",
            "├ name 二杯目のラテ  line 9",
            "└ gone ✗ missing     line 9",
        ]


async def test_the_trace_gives_up_the_stump_of_a_value_and_the_end_of_a_name_for_the_line():
    data = RenderData(variables={"wallet": {"expiration_date": "2026-11-22T18:00:00Z", "user_identifier": "001cac96"}})
    tree = TraceTree()
    app = Stage(tree)
    async with app.run_test(size=(22, 8)) as pilot:
        tree.fields = field_lines([Read("x", 9, 1, ("wallet", "expiration_date"), True, None)], data)
        await pilot.pause()
        rows = [row[1:] for row in widget_text(tree).split("\n")]
        assert rows[1:3] == ["├ expiration…  line 9", "└ user_identifier"]


async def test_an_expression_lights_the_field_as_it_met_it_and_not_what_another_one_got_under_that_name():
    points = ("wallet", "payload", "available_points")
    answer = {"url": "https://c.example/w", "status": 200, "body": '{"payload": {"available_points": 5}}'}
    data = RenderData(connected_content=(answer,))
    calls = [ConnectedCall("GET", "https://c.example/w", 200, "wallet", 12)]
    missed, got = Read("x", 3, 1, points, False, None, NOT_MADE), Read("x", 5, 1, points, True, 5, 0)
    tree = TraceTree()
    app = Stage(tree)
    async with app.run_test(size=(40, 10)) as pilot:
        tree.fields = field_lines([missed, got], data, calls)
        await pilot.pause()
        assert [" ".join(row[1:].split()) for row in widget_text(tree).split("\n")[:6]] == [
            "wallet null",
            "└ payload",
            "└ available_points ✗ missing line 3",
            "wallet {2} of call 1",
            "├ payload {1}",
            "│ └ available_points 5 line 5",
        ]
        for read, value in ((missed, ""), (got, "5")):
            tree.lit = frozenset({read})
            lit = [one for one in tree.fields if not one.reads.isdisjoint(tree.lit)]
            assert [(one.path, one.value) for one in lit] == [(points, value)]


async def test_the_lines_of_the_trace_stand_at_the_right_and_what_is_missing_keeps_its_sign():
    offer = {"name": "Free coffee", "expiration_date": "2026-11-22T18:00:00Z"}
    data = RenderData(variables={"wallet": {"payload": {"available_points": 1240, "user_offers": [offer]}}})
    first = ("wallet", "payload", "user_offers", 0)
    reads = [
        *(Read("x", line, 1, ("wallet", "payload", "available_points"), True, 1240) for line in (5, 24)),
        Read("x", 27, 1, (*first, "expiration_date"), True, offer["expiration_date"]),
        Read("x", 28, 1, (*first, "redemption_end_date"), False, None),
        *(Read("x", line, 1, ("wallet", "tier"), False, None) for line in (1, 2, 3, 4)),
    ]
    tree = TraceTree()
    app = Stage(tree)
    async with app.run_test(size=(33, 10)) as pilot:
        tree.fields = field_lines(reads, data)
        await pilot.pause()
        assert [row[1:] for row in widget_text(tree).split("\n")[:8]] == [
            "wallet {1}",
            "├ payload {2}",
            "│ ├ available_po… 1240  lines 5…",
            "│ └ user_offers [1]",
            "│   └ 0 {2}",
            "│     ├ expiration_date  line 27",
            "│     └ redemption_e… ✗  line 28",
            "└ tier ✗ missing  lines 1, 2, 3…",
        ]


async def test_what_a_terminal_would_obey_is_one_sign_in_the_editor_and_stays_in_the_text():
    editor = TemplateEditor()
    app = Stage(editor)
    hostile = f"a{ESC}]52;c;x\x07b\u202ec\u200bd\te"
    async with app.run_test(size=(40, 6)) as pilot:
        app.post_message(events.Paste(hostile))
        await until(pilot, lambda: editor.text == hostile, what="the pasted text")
        assert "a¤]52;c;x¤b¤c¤d" in widget_text(editor)
        editor.underlines = [Underline(0, 1, 0, 4, "danger")]
        await pilot.pause()
        assert editor.text == hostile


async def test_another_text_can_be_taken_back_by_undo():
    editor = TemplateEditor()
    app = Stage(editor)
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("o", "n", "e")
        editor.replace_all("two\r\nthree")
        assert editor.text == "two\nthree"
        await pilot.press("ctrl+z")
        assert editor.text == "one"
        editor.go_to(99, 99)
        assert editor.place == (1, 4)


async def test_the_editor_follows_the_colours_of_the_app():
    editor = TemplateEditor()
    app = Stage(editor)
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("left_curly_bracket", "left_curly_bracket", "x")
        await pilot.pause()

        def ink() -> str:
            return str(editor.get_line(0).spans[0].style)

        dark = ink()
        app.theme = theme.LIGHT
        await pilot.pause()
        assert ink() != dark


async def test_pieces_go_on_below_whole():
    flow = Flow()
    app = Stage(flow)
    async with app.run_test(size=(30, 6)) as pilot:
        flow.show([[Text("rendered"), Text("7 fields read"), Text("6 ms")], [Text("[/b]")]], lead=Text("DATA "))
        await pilot.pause()
        assert widget_text(flow) == "DATA rendered · 7 fields read\n     6 ms\n     [/b]"
