"""The table: its cursor, its columns, its scrolling and what it costs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import overload

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.style import Style
from rich.text import Text

from tests.screens.driver import drawn, rows, screen_text, until, widget_text
from tests.screens.stage import COLUMNS, Offer, Stage, offers, table
from tui.widgets.lines import cell_segments, fit, fit_text, line_segments, steady
from tui.widgets.virtual_table import Column, Heading, VirtualTable, lay_out


async def test_the_cursor_stays_on_the_same_row_when_rows_come_go_and_change_places():
    shown = table(offers(20))
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("j", "j", "down", "k")
        assert shown.current == Offer("o2", "Offer 2")
        shown.rows = [Offer("new", "New one"), *reversed(offers(20))]
        assert shown.current == Offer("o2", "Offer 2")
        shown.rows = [Offer("o2", "Offer 2", "3 d"), *offers(5)]
        assert shown.current == Offer("o2", "Offer 2", "3 d")
        shown.rows = [row for row in offers(20) if row.id != "o2"]
        assert shown.current is not None
        shown.rows = []
        assert shown.current is None
        shown.rows = offers(2)
        assert shown.current == Offer("o0", "Offer 0")


async def test_fresh_rows_leave_the_view_where_it_was():
    shown = table(offers(100))
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        for _ in range(3):
            await pilot.press("pagedown")
        await pilot.pause()
        before = widget_text(shown)
        shown.rows = offers(100)
        await pilot.pause()
        assert widget_text(shown) == before
        shown.rows = offers(100) + offers(50, start=100)
        await pilot.pause()
        assert widget_text(shown) == before


async def test_a_row_with_new_contents_looks_new_at_once():
    shown = table(offers(5))
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        shown.rows = [Offer("o0", "Offer 0"), Offer("o1", "Renamed"), *offers(3, start=2)]
        await pilot.pause()
        assert "Renamed" in widget_text(shown)
        assert "Offer 1" not in widget_text(shown)


async def test_fresh_rows_keep_the_cursor_in_view():
    shown = table(offers(100))
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("down", "down")
        shown.rows = offers(60, start=200) + offers(100)
        await pilot.pause()
        assert "▌" in widget_text(shown)
        assert shown.current == Offer("o2", "Offer 2")


async def test_keys_walk_by_line_by_page_and_to_both_ends():
    shown = table(offers(100))
    app = Stage(shown)
    async with app.run_test(size=(60, 11)) as pilot:
        for key, index in (
            ("up", 0),
            ("down", 1),
            ("pagedown", 10),
            ("pagedown", 19),
            ("pageup", 10),
            ("end", 99),
            ("down", 99),
            ("pagedown", 99),
            ("home", 0),
            ("G", 99),
            ("g", 0),
        ):
            await pilot.press(key)
            assert shown.cursor == index, key
            await pilot.pause()
            assert "▌" in widget_text(shown), key


async def test_headings_are_passed_over_and_the_first_one_comes_into_view_with_its_row():
    shown = table([Heading("TODAY"), *offers(2), Heading("LATER", "from 7 days"), *offers(20, start=2)])
    app = Stage(shown)
    async with app.run_test(size=(60, 8)) as pilot:
        assert shown.cursor == 1
        await pilot.press("down", "down")
        assert shown.cursor == 4
        await pilot.press("up")
        assert shown.cursor == 2
        await pilot.press("end", "home")
        await pilot.pause()
        assert shown.cursor == 1
        assert "TODAY" in widget_text(shown)
        assert "LATER  from 7 days" in widget_text(shown)
        await pilot.click(shown, offset=(5, 1))
        assert shown.cursor == 1
        shown.rows = [Heading("ALONE")]
        assert shown.current is None
        await pilot.press("down", "enter")


async def test_enter_and_a_double_click_choose_and_a_click_selects():
    shown = table(offers(30))
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("down", "enter")
        chosen = [event.row for event in app.heard if isinstance(event, VirtualTable.Chosen)]
        assert chosen == [Offer("o1", "Offer 1")]
        await pilot.click(shown, offset=(5, 4))
        assert shown.cursor == 3
        await pilot.click(shown, offset=(5, 6), times=2)
        chosen = [event.row for event in app.heard if isinstance(event, VirtualTable.Chosen)]
        assert chosen == [Offer("o1", "Offer 1"), Offer("o5", "Offer 5")]
        await pilot.click(shown, offset=(5, 0))
        assert shown.cursor == 5


async def test_the_owner_hears_of_a_new_row_and_of_new_contents_but_not_of_the_same_again():
    shown = table(offers(5))
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("down")
        await until(pilot, lambda: app.heard[-1:] != [], what="a highlight")
        assert app.heard[-1].row == Offer("o1", "Offer 1")
        told = len(app.heard)
        shown.rows = offers(5)
        await pilot.pause()
        assert len(app.heard) == told
        shown.rows = [Offer(row.id, row.name, "now") for row in offers(5)]
        await pilot.pause()
        assert [event.row.ends for event in app.heard[told:]] == ["now"]


async def test_the_mouse_wheel_scrolls_and_leaves_the_cursor_where_it_is():
    shown = table(offers(100))
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        shown.scroll_down(animate=False)
        shown.scroll_down(animate=False)
        await pilot.pause()
        assert shown.scroll_y > 0
        assert shown.cursor == 0
        assert rows(app) == 100


async def test_find_goes_to_matches_round_the_end_and_back():
    shown = table(offers(30))
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        assert str(shown.find("OFFER 2")) == "1 of 11"
        assert shown.cursor == 2
        await pilot.press("n")
        assert shown.cursor == 20
        await pilot.press("N", "N")
        assert shown.cursor == 29
        await pilot.press("n")
        assert shown.cursor == 2
        assert str(shown.find("nothing like it")) == "no match"
        assert shown.cursor == 2
        found = shown.find("1", inverted=True)
        assert found.total == 30 - 12
        assert shown.find("").total == 0


async def test_repaint_draws_a_countdown_again_and_refreshes_only_lines_that_changed():
    left = {"o1": "3 s"}
    shown: VirtualTable[Offer] = VirtualTable(
        COLUMNS,
        paint=lambda row, column, ink, width: (left.get(row.id, "4 d") if column.key == "ends" else row.name, ink.ink),
        key=lambda row: row.id,
    )
    shown.rows = offers(5)
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert "3 s" in screen_text(app)
        left["o1"] = "2 s"
        touched: list[int] = []
        refresh = shown.refresh_line
        shown.refresh_line = lambda y: (touched.append(y), refresh(y))[1]  # type: ignore[method-assign]
        shown.repaint()
        await pilot.pause()
        assert touched == [2]
        assert "2 s" in screen_text(app)
        assert "3 s" not in screen_text(app)


async def test_an_empty_table_says_why():
    shown = table([], empty="No offers in this wallet")
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        assert "No offers in this wallet" in screen_text(app)
        shown.empty = "SessionM did not answer: r tries again"
        await pilot.pause()
        assert "r tries again" in screen_text(app)
        shown.rows = offers(1)
        await pilot.pause()
        assert "r tries again" not in screen_text(app)


def test_columns_share_the_width_and_the_least_important_go_first():
    wide = lay_out(COLUMNS, 60)
    assert [(column.key, width) for column, width in wide] == [("name", 36), ("type", 8), ("ends", 12)]
    narrow = lay_out(COLUMNS, 30)
    assert [(column.key, width) for column, width in narrow] == [("name", 16), ("ends", 12)]
    both = lay_out((Column("a", "", None), Column("b", "", None), Column("c", "", 5)), 30)
    assert [width for _, width in both] == [10, 11, 5]


class Endless(Sequence[Offer]):
    """A hundred thousand rows that exist only when asked for, and count how often."""

    def __init__(self) -> None:
        self.made = 0

    def __len__(self) -> int:
        return 100_000

    @overload
    def __getitem__(self, index: int) -> Offer: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Offer]: ...
    def __getitem__(self, index: int | slice) -> Offer | Sequence[Offer]:
        assert isinstance(index, int)
        if index >= 100_000:
            raise IndexError
        self.made += 1
        return Offer(f"o{index}", f"Offer {index}")


async def test_a_hundred_thousand_rows_are_touched_only_where_they_are_seen():
    many = Endless()
    shown = table(many)
    app = Stage(shown)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("pagedown", "down", "end")
        await pilot.pause()
        assert "Offer 99999" in screen_text(app)
        assert many.made < 1_000


async def test_showing_many_rows_takes_no_longer_than_showing_few():
    app = Stage(table())
    shown = app.widgets[0]
    async with app.run_test(size=(120, 40)) as pilot:
        took = {}
        for count in (1_000, 100_000):
            fresh, best = offers(count), 9.0
            for _ in range(5):
                shown.rows = []
                await pilot.pause()
                begun = time.perf_counter()
                shown.rows = fresh
                shown.render_lines(shown.size.region)
                best = min(best, time.perf_counter() - begun)
            took[count] = best
    assert took[100_000] < 5 * took[1_000] + 0.002


texts = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60) | st.sampled_from(
    [
        "二杯目のラテが半額",
        "무료 사이즈 업그레이드",
        "שלום עולם",
        "👩‍👩‍👧‍👦❤️🇩🇪",
        "e\u0301\u0302" * 20,
        "\u200d\u200da\u200db",
        "a\nb\tc\rd",
    ]
)
CONSOLE = Console(width=200)


@given(texts, st.integers(0, 50))
@settings(max_examples=500, deadline=None)
def test_a_cell_is_exactly_as_wide_as_its_column_whatever_the_text(text: str, width: int):
    for content in ((text, Style()), Text(text), Text.assemble(text[:3], (text[3:], "bold"))):
        for align in ("left", "right"):
            segments = cell_segments(content, width, align, CONSOLE)  # type: ignore[arg-type]
            assert sum(segment.cell_length for segment in segments) == width
            assert not any(character in segment.text for segment in segments for character in "\n\r\t\u200d\ufe0f")


@given(st.lists(texts, max_size=4), st.integers(0, 50))
@settings(max_examples=300, deadline=None)
def test_pieces_in_a_line_are_exactly_as_wide_as_the_line(pieces: list[str], width: int):
    segments = line_segments([(piece, Style()) for piece in pieces], width)
    assert sum(segment.cell_length for segment in segments) == width
    whole = "".join(steady(piece) for piece in pieces)
    shown = "".join(segment.text for segment in segments)
    assert shown.rstrip() == whole.rstrip() or "…" in shown or width == 0


@given(texts, st.integers(1, 50))
@settings(max_examples=300, deadline=None)
def test_a_cut_text_says_so_and_a_short_one_stays_as_it_is(text: str, width: int):
    styled = Text(text)
    for shown, whole in ((fit(text, width), text), (fit_text(styled, width).plain, styled.plain)):
        assert shown == steady(whole) or shown.endswith("…")


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=8), st.sampled_from([20, 37, 60, 100]))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
async def test_every_line_is_exactly_as_wide_as_the_table_whatever_the_rows(pairs: list[tuple[str, str]], width: int):
    shown = table([Offer(f"o{number}", name, ends) for number, (name, ends) in enumerate(pairs)])
    app = Stage(shown)
    async with app.run_test(size=(width, 12)) as pilot:
        await pilot.pause()
        lines = list(drawn(shown))
        assert {sum(segment.cell_length for segment in line) for line in lines} == {width}


async def test_wide_characters_keep_the_columns_straight():
    shown = table(
        [Offer("a", "二杯目のラテが半額"), Offer("b", "plain"), Offer("c", "family 👩‍👩‍👧 ❤️"), Offer("d", "x" * 99)]
    )
    app = Stage(shown)
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        starts = set()
        for line in list(drawn(shown))[1:5]:
            cells = 0
            for segment in line:
                if segment.text.startswith("percent"):
                    starts.add(cells)
                cells += segment.cell_length
        assert len(starts) == 1
