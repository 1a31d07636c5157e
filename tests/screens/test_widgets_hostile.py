"""Ten thousand strings made to break or steer a terminal program, through every widget: nothing runs or breaks."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget
from textual.widgets import Input, Static

from core.clean import safe
from core.composing import Form, Row, Usage
from tests.screens.driver import drawn
from tests.screens.stage import Offer, Stage, table
from tui.theme import DARK, inks_of
from tui.widgets.findbar import FindPane
from tui.widgets.json_tree import JsonTree
from tui.widgets.labels import Fact, Facts, title
from tui.widgets.line_list import LineList
from tui.widgets.lines import cell_segments, matched
from tui.widgets.property_form import PropertyForm
from tui.widgets.virtual_table import Heading

PIECES = (
    "[/]", "[/b]", "[b", "[@click=app.boom]x[/]", "[@click='app.boom()']", "[link=file:///etc/passwd]x[/link]", "[red]",
    "[[", "]]", "\\[", "[on red]", "[$accent]", "[blink]", "[@mouse.down=app.boom]", "\x1b[31m", "\x1b]52;c;aGk=\x07",
    "\x1b]8;;http://x\x07", "\x9b", "\x00", "\x07", "\x08", "\r", "\n", "\t", "\x7f", "\u202e", "\u2066", "\u200b",
    "\u200d", "\ufeff", "\ufe0f", "\U000e0041", "\ud800", "\u2028", "é\u0301\u0302\u0303",
    "二杯目", "한국", "שלום", "👩‍👩‍👧", "🇩🇪",
    "=cmd|' /C calc'!A0", "{{ x }}", "{% raw %}", "${y}", "%s", "%n", "'", '"', "<b>", "&amp;", "x" * 300, " " * 50, "",
)  # fmt: skip
COUNT = 10_000
OBEYED = {
    chr(point) for point in (*range(0x20), *range(0x7F, 0xA0), 0x200B, 0x202E, 0x2066, 0xFEFF, 0xD800, 0x2028, 0xE0041)
}


def hostile(count: int = COUNT) -> Iterator[str]:
    """`count` strings of 0 to 6 pieces, the same ones every time."""
    dice = random.Random(20261122)
    for _ in range(count):
        yield "".join(dice.choices(PIECES, k=dice.randrange(7)))


def dangers(lines: Iterable[list[Segment]], width: int) -> list[str]:
    """What is wrong with drawn lines: something clickable or linked, an obeyed code point, another width."""
    wrong = []
    for line in lines:
        for segment in line:
            if segment.style is not None and (segment.style.link or _clickable(segment.style)):
                wrong.append(f"{segment.text!r} can be clicked")
            wrong += [f"{character!r} reached the terminal" for character in OBEYED & set(segment.text)]
        if (cells := sum(segment.cell_length for segment in line)) != width:
            wrong.append(f"{cells} cells")
    return wrong


def _clickable(style: Style) -> bool:
    return any(name.startswith("@") for name in style.meta)


async def look_through(shown: LineList, app: Stage, *, step: int) -> list[str]:
    async with app.run_test(size=(90, step)) as pilot:
        await pilot.pause()
        wrong = []
        for top in range(0, shown.line_count(), step - 1):
            shown.scroll_to(y=top, animate=False)
            wrong += dangers(drawn(shown), shown.size.width)
        for y in range(0, step, 7):
            await pilot.click(shown, offset=(8, y))
        await pilot.press("end", "home")
        assert app.acted == 0
        return wrong


async def test_the_check_itself_sees_an_action_in_a_markup_string():
    app = Stage(Static("[@click=app.boom]x[/]"))
    async with app.run_test(size=(20, 3)) as pilot:
        await pilot.pause()
        assert dangers(drawn(app.widgets[0]), 20)
        await pilot.click(app.widgets[0], offset=(0, 0))
        assert app.acted == 1
    assert dangers([[Segment("\x1b[31m" + "x" * 9)]], 9)


async def test_rows_and_headings_of_a_table_uncleaned():
    rows = [
        Heading(text, text) if number % 50 == 0 else Offer(f"o{number}", text, text[:20])
        for number, text in enumerate(hostile())
    ]
    shown = table(rows)
    assert await look_through(shown, Stage(shown), step=300) == []


async def test_keys_and_values_of_a_json_tree_uncleaned():
    strings = list(hostile())
    shown = JsonTree({"list": strings, "keys": dict.fromkeys(strings, 1)})
    app = Stage(shown)
    shown.open_all(limit=2 * COUNT)
    assert shown.line_count() > COUNT
    assert await look_through(shown, app, step=300) == []


async def test_facts_titles_and_what_an_empty_table_says_uncleaned():
    ink = inks_of(DARK)
    facts, head, bare = Facts(selectable=True), Static(markup=False), table()
    app = Stage(facts, head, bare)
    wrong: list[str] = []
    async with app.run_test(size=(90, 220)) as pilot:
        texts = list(hostile())
        for at in range(0, COUNT, 100):
            some = texts[at : at + 100]
            facts.facts = [Fact(text[:30], text, text, key=text) for text in some[:80:4]]
            head.update(title(some[0], ink, note=some[1]))
            bare.empty = some[2]
            await pilot.pause()
            widget: Widget
            for widget in (facts, head, bare):
                wrong += dangers(drawn(widget), widget.size.width)
        await pilot.click(facts, offset=(12, 2))
        assert app.acted == 0
    assert wrong == []


async def test_properties_in_their_rows_and_in_the_line_that_edits_one():
    rows = tuple(Row(key, text) for key, text in zip(dict.fromkeys(hostile(400)), hostile(), strict=False))
    form, shown = Form(tuple(row for row in rows if "\ud800" not in row.key + row.value)), PropertyForm()
    app = Stage(shown)
    async with app.run_test(size=(90, 40)) as pilot:
        shown.show(form, Usage.of(["\x1b[31m", "\u202e"], [row.key for row in form.rows]))
        shown.table.focus()
        for _ in range(40):
            await pilot.press("enter")
            widget: Widget
            for widget in (shown.table, *shown.query(Input)):
                assert dangers(drawn(widget), widget.size.width) == []
            await pilot.press("enter", "down")
        await pilot.press("end", "enter")
        assert dangers(drawn(shown.query_one("#form-key")), shown.query_one("#form-key").size.width) == []
        assert shown.query_one("#form-key", Input).value == '"\\u202e"', "a key that the template reads, escaped"
        assert shown._form == form, "a row that was opened and closed is what it was"
        assert app.acted == 0


async def test_what_is_typed_into_the_find_bar():
    shown = table([Offer(f"o{number}", text) for number, text in enumerate(hostile(500))])
    pane = FindPane(shown)

    class FindStage(Stage):
        def on_mount(self) -> None:
            shown.focus()

    app = FindStage(pane)
    async with app.run_test(size=(90, 20)) as pilot:
        await pilot.press("slash")
        for text in hostile(100):
            shown.find(safe(text))
            await pilot.pause()
            assert dangers(drawn(shown), shown.size.width) == []
        await pilot.press(*"[/b]", "enter")
        assert app.acted == 0


def test_a_match_inside_a_cut_or_joined_text_changes_no_width():
    ink = inks_of(DARK)
    for text in hostile(2_000):
        content = matched((text, ink.ink), "x", ink.match)
        segments = cell_segments(content, 20, "left", Console(width=80))
        assert sum(segment.cell_length for segment in segments) == 20
