"""The editor with lines as long as a whole email: broken, drawn and edited as Textual would, in linear time."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual._wrap import compute_wrap_offsets
from textual.expand_tabs import get_tab_widths
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Document, Selection, WrappedDocument

from tests.growth import assert_grows_linearly, cpu_s
from tests.screens.driver import until
from tests.screens.stage import Stage
from tui.widgets import line_breaks as breaking
from tui.widgets import tints as tinting
from tui.widgets.line_breaks import Broken, line_breaks, tab_widths
from tui.widgets.template_document import TemplateDocument
from tui.widgets.template_editor import TemplateEditor, Underline, Underlines
from tui.widgets.tints import LongTints, TextTints, tints
from tui.widgets.wrapping import Wrapping

MANY = 400_000
PIECES = [
    " ",
    "  ",
    "\t",
    "\t\t",
    "\u00a0",
    "\u3000",
    "é",
    "e\u0301",
    "日本",
    "❤️",
    "👩‍👩‍👧",
    "\u200d",
    "\ufe0f",
    "\u200b",
]
HTML = '<td style="padding:0 10px">Hello {{${first_name} | default: "x"}} number %d</td>'
# Textual loses these from what it draws, and counts cells wrongly behind them.
LOST = "\x07\x08\x0b\x0c\r\n"

words = st.one_of(
    st.text(st.sampled_from("ab{}%<>"), min_size=1, max_size=30),
    st.sampled_from([*PIECES, "x" * 50, "日" * 30, " " * 30]),
    st.text(st.characters(exclude_characters=LOST, exclude_categories=("Cs",)), max_size=5),
)
lines = st.lists(words, max_size=30).map(lambda pieces: "".join("".join(pieces).splitlines()))
texts = st.lists(lines, min_size=1, max_size=4).map("\n".join)
edits = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 12), st.one_of(words, texts)), max_size=5)


def place(document: Document, index: int) -> tuple[int, int]:
    row = 0
    while index > len(document.get_line(row)):
        index -= len(document.get_line(row)) + 1
        row += 1
    return row, index


def replace(document: Document, edit: tuple[int, int, str]) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Do one of `edits`; answers where it began, where it ended, and where it ends now."""
    size = len("\n".join(document.lines))
    at = edit[0] % (size + 1)
    start, end = place(document, at), place(document, min(size, at + edit[1]))
    return start, end, document.replace_range(start, end, edit[2]).end_location


@settings(max_examples=400, deadline=None)
@given(lines, st.integers(1, 40), st.sampled_from([1, 2, 4, 8]))
def test_a_line_breaks_where_textual_breaks_it(line: str, width: int, tab: int):
    theirs = get_tab_widths(line, tab)
    assert tab_widths(line, tab) == [cells for _, cells in theirs]
    assert line_breaks(line, width, tab_widths(line, tab)) == compute_wrap_offsets(line, width, tab, True, theirs)


@settings(max_examples=150, deadline=None)
@given(texts, st.integers(0, 30), edits)
def test_after_any_edits_the_text_is_broken_and_measured_as_if_it_were_new(
    text: str, width: int, edits: Sequence[tuple[int, int, str]]
):
    document = Document(text)
    ours = Wrapping(document, width)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(breaking, "_SHORT", 0)
        for edit in edits:
            ours.wrap_range(*replace(document, edit))
    fresh = WrappedDocument(document, width)
    assert [ours.get_offsets(row) for row in range(document.line_count)] == [
        fresh.get_offsets(row) for row in range(document.line_count)
    ]
    assert (ours.lines, ours.height) == (fresh.lines, fresh.height)
    cells = [(x, y) for y in range(fresh.height + 1) for x in (0, 1, width, width + 3)]
    assert [ours.offset_to_location(cell) for cell in cells] == [fresh.offset_to_location(cell) for cell in cells]  # type: ignore[arg-type]
    places = [(row, column) for row, line in enumerate(document.lines) for column in range(len(line) + 1)]
    assert [ours.location_to_offset(one) for one in places] == [fresh.location_to_offset(one) for one in places]
    for row in range(document.line_count):
        assert ours.get_sections(row) == fresh.get_sections(row)
        assert ours.get_tab_widths(row) == fresh.get_tab_widths(row)


@settings(max_examples=200, deadline=None)
@given(texts, edits)
def test_after_any_edits_the_colours_are_those_of_the_text_as_it_stands(
    text: str, edits: Sequence[tuple[int, int, str]]
):
    liquid = ["{{", "}}", "{% if x %}", "{%", "%}", "{% comment %}", "{% endcomment %}", " :save w"]
    document = TemplateDocument(text)
    for turn, (at, length, new) in enumerate(edits):
        replace(document, (at, length, new + liquid[(at + turn) % len(liquid)]))
        if at % 2:
            document.tints(at % document.line_count, 0, 1)
    fresh = TextTints(document.lines)
    sizes = [len(line) for line in document.lines]
    assert [document.tints(row, 0, size) for row, size in enumerate(sizes)] == [
        fresh.at(row, 0, size) for row, size in enumerate(sizes)
    ]
    assert document.text == "\n".join(document.lines)


def edited(line: str, pieces: Sequence[str], chance: Random) -> tuple[str, int]:
    """`line` with a piece more or some characters less, and where it begins to be another one."""
    at = chance.randrange(len(line) + 1)
    if len(line) > 150 or chance.random() < 0.3:
        return line[:at] + line[at + chance.randrange(12) :], at
    return line[:at] + chance.choice(pieces) + line[at:], at


@pytest.mark.parametrize("width", [4, 7, 11])
def test_what_is_left_of_a_line_after_an_edit_is_broken_right_without_being_read(
    width: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(breaking, "_SHORT", 0)
    chance, line = Random(width), "a bb " * 20
    known = Broken(line, line_breaks(line, width, [0]))
    for _ in range(3_000):
        line, _ = edited(
            line, ["a", " ", "   ", "日", "b c", "x" * 13, "日" * 9, "❤\ufe0f" * 7, "日\u200d日", "é "], chance
        )
        fresh = line_breaks(line, width, tab_widths(line, 4))
        assert line_breaks(line, width, tab_widths(line, 4), known) == fresh, repr(line)
        known = Broken(line, fresh)


def test_a_piece_of_a_long_line_has_the_colours_it_has_in_the_whole_line(monkeypatch: pytest.MonkeyPatch):
    pieces = ["{{", "}}", "}", "{", "{%", "%}", "{% if ", " :save w", "{% comment %}", "{% endcomment %}", "${a}", "te"]
    chance, line, kept = Random(3), "".join(pieces * 2), LongTints("")
    for _ in range(2_000):
        line, at = edited(line, pieces, chance)
        kept.cut(at)
        monkeypatch.setattr(tinting, "_MARGIN", 1)  # what is learnt from a piece that ends anywhere must be true
        for _ in range(3):
            start = min(max(0, at + chance.randrange(-9, 9)), len(line))
            kept.between(line, start, min(start + chance.randrange(9), len(line)))
        monkeypatch.setattr(tinting, "_MARGIN", 1_000)
        whole = tints(line, "")[0]
        for start in range(max(0, at - 9), min(at + 20, len(line))):
            kept.cut(len(line))
            found = kept.between(line, start, len(line))
            assert [one for one in found if one[1] > start] == [one for one in whole if one[1] > start], repr(line)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(st.sampled_from("(){}[]a "), max_size=12), min_size=1, max_size=4), st.integers(0, 10**6))
def test_a_bracket_finds_the_partner_that_textual_finds(rows: list[str], at: int):
    text = "\n".join(rows)
    document, theirs = TemplateDocument(text), TextArea(text)
    spot = place(document, at % (len(text) + 1))
    bracket = (document.get_line(spot[0])[spot[1] :] or " ")[0]
    assert document.partner(bracket, spot) == theirs.find_matching_bracket(bracket, spot)


spots = st.tuples(st.integers(0, 3), st.integers(0, 9))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(spots, spots)), spots, st.integers(0, 9))
def test_no_mark_that_touches_a_piece_of_a_line_is_forgotten(
    ends: list[tuple[tuple[int, int], tuple[int, int]]], place: tuple[int, int], length: int
):
    marks = [Underline(*min(one), *max(one), ink) for ink, one in enumerate(ends)]  # type: ignore[arg-type]
    row, start = place
    end = start + length
    found = Underlines(marks).between(place, (row, end))
    assert found == sorted(found, key=lambda mark: mark.ink)
    for mark in marks:
        span = mark.on(row, 10)
        if span is not None and span[0] < end and span[1] > start:
            assert mark in found


def seen(strip: Strip) -> list[tuple[str, object]]:
    return [(character, segment.style) for segment in strip.simplify() for character in segment.text]


def assert_drawn_as_textual_draws(editor: TemplateEditor) -> None:
    for y in range(editor.size.height):
        ours, theirs = editor._render_line(y), TextArea._render_line(editor, y)
        assert seen(ours) == seen(theirs), f"row {y}"
        assert ours.cell_length == theirs.cell_length


LONG = "".join(HTML % number + ("\t日本 ❤️ é" if number % 3 else "\u202e") for number in range(40))


@pytest.mark.parametrize("text", [LONG, f"one\n{LONG}\n\n{LONG}x\ntwo", "日本語" * 200, "x" * 500 + "\t" + "y" * 90])
async def test_rows_are_drawn_as_textual_draws_them_wherever_the_cursor_and_the_marks_are(text: str):
    editor = TemplateEditor()
    async with Stage(editor).run_test(size=(40, 12)) as pilot:
        editor.replace_all(text)
        await pilot.pause()
        editor.underlines = [
            Underline(0, 30, 0, 33, "danger"),
            Underline(0, 200, 2, 5, "warn"),
            Underline(1, 39, 1, 40, "ok"),
        ]
        end = editor.document.end
        for start, stop in (((0, 0), (0, 0)), ((0, 35), (0, 90)), (end, (0, 3)), ((1, 400), (0, 399)), (end, end)):
            editor.selection = Selection(start, stop)
            await pilot.pause()
            assert_drawn_as_textual_draws(editor)
        editor.shown_rows = frozenset({0, 1})
        for key in ("{", "日", "backspace", "enter", "ctrl+z", "ctrl+y", "up", "down", "home", "end", "pageup", "x"):
            await pilot.press(key)
            await pilot.pause()
            assert_drawn_as_textual_draws(editor)


async def test_keys_in_the_middle_of_a_long_line_move_edit_and_take_back_as_textual_does():
    ours, theirs = TemplateEditor(), TextArea(show_line_numbers=True, soft_wrap=True, id="theirs")
    keys = (
        "x up up right { { down home shift+down shift+down delete end a pagedown enter b ctrl+w pageup ctrl+z ctrl+z "
        "ctrl+y shift+end ctrl+x up down ctrl+right ctrl+left ctrl+v backspace ctrl+z ctrl+z ctrl+u ctrl+k ctrl+z"
    )
    places: list[list[object]] = []
    for editor in (ours, theirs):
        app = Stage(editor)
        app.CSS += "TextArea { border: none; padding: 0; scrollbar-size: 1 1; height: 1fr; }"
        said: list[object] = []
        async with app.run_test(size=(60, 14)) as pilot:
            editor.load_text(LONG.replace("\u202e", "-"))
            editor.move_cursor((0, len(LONG) // 2))
            await pilot.pause()
            for key in keys.split():
                await pilot.press(key)
                said.append((key, editor.selection, editor.text, editor.wrapped_document.height))
        places.append(said)
    assert places[0] == places[1]


def test_breaking_a_line_and_breaking_it_again_after_a_key_grow_with_the_line_and_no_faster():
    def first(size: int) -> None:
        text = (HTML * (size // len(HTML)))[:size]
        line_breaks(text, 40, tab_widths(text, 4))

    def typed(size: int) -> None:
        text = ("日本語 é " * (size // 6))[:size]
        document = Document(text)
        wrapped = Wrapping(document, 40)
        for _ in range(20):
            wrapped.wrap_range(*replace(document, (size // 2, 0, "x")))

    assert_grows_linearly(first, 100_000)
    assert_grows_linearly(typed, 20_000)


async def test_a_row_of_a_long_line_is_drawn_without_reading_the_line():
    editor = TemplateEditor()
    async with Stage(editor).run_test(size=(80, 24)) as pilot:
        took = []
        for size in (20_000, MANY):
            editor.load_text((HTML * (size // len(HTML) + 1))[:size])
            editor.move_cursor((0, size // 2))
            await pilot.pause()
            await until(pilot, lambda: editor.scroll_offset.y > 0, what="the cursor in sight")
            took.append(cpu_s(lambda: [editor._render_line(y) for y in range(24)]))
        assert took[1] < 4 * (took[0] + 0.004)  # the line is twenty times as long
