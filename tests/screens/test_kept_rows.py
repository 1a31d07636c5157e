"""Lines wrapped again only where they changed look as if they had been wrapped from nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels.view import Block
from core.readable import Line, Span
from tests.screens.stage import Stage
from tui.widgets import text_lines
from tui.widgets.block_lines import BlockLines
from tui.widgets.lines import steady
from tui.widgets.splices import Kept, kept
from tui.widgets.text_lines import TextLines, breaks, hang_of, label_width

SPANS = st.builds(
    Span,
    st.sampled_from(
        [
            *(
                "one",
                "two ",
                "a word and another one and many more of them",
                "日本語のテキスト",
                "x" * 70,
                " ",
                "  • item",
            ),
            *("👩\u200d🍳 cook", "tab\tbed", "Subject   ", "  12. a longer item that goes on and on"),
        ]
    ),
    st.sampled_from(["plain", "strong", "heading", "link", "faint"]),
)
LINES = st.one_of(st.just(()), st.lists(SPANS, min_size=1, max_size=3).map(tuple))
KINDS = st.sampled_from(["plain", "plain", "card", "bubble", "heading"])
BLOCKS = st.builds(Block, KINDS, st.lists(LINES, min_size=1, max_size=6).map(tuple))
WIDTHS = st.sampled_from([0, 0, 0, 0, 0, 1, 7, 20, 30, 52, 64, 90])  # 0: as before
EDITS = st.tuples(st.integers(0, 8), st.integers(0, 2), st.lists(BLOCKS, max_size=2), WIDTHS)


class Sized(BlockLines):
    """As wide as it is told, and as if it had the focus."""

    cells = 30

    @property
    def line_width(self) -> int:
        return self.cells

    @property
    def text_width(self) -> int:
        return max(self.cells - 2, 1)

    def _state(self, index: int) -> int:
        return 2 if index == self._cursor else 0

    def picture(self) -> list[object]:
        """Every row as it is drawn."""
        self.render_line(0)
        return [self._strip(index, self.line_width) for index in range(self.line_count())]


def from_nothing(lines: BlockLines, most: int) -> list[tuple[int, int, int, int]]:
    """The rows there should be, each line looked at."""
    rows: list[tuple[int, int, int, int]] = []
    for number, line in enumerate(lines.lines):
        text, room = "".join(span.text for span in line), lines.room_of(number, lines.text_width)
        assert steady(text) == text
        hang = label_width(line, room) or hang_of(text, room)
        starts = breaks(text, room, hang)
        ends = [*starts[1:], len(text)]
        rows += [
            (number, start, end, hang * (at > 0)) for at, (start, end) in enumerate(zip(starts, ends, strict=True))
        ]
        if len(rows) >= most:
            break
    return rows


@pytest.mark.parametrize("most", [12, 50_000])
async def test_after_any_edits_rows_drawings_and_finds_are_those_of_lines_set_from_nothing(
    monkeypatch: pytest.MonkeyPatch, most: int
):
    monkeypatch.setattr(text_lines, "_MOST_ROWS", most)
    shown, fresh = Sized(), Sized()
    app = Stage(TextLines(), shown, fresh)
    async with app.run_test(size=(100, 30)):

        @settings(max_examples=150, deadline=None)
        @given(
            st.lists(BLOCKS, max_size=8),
            st.lists(EDITS, min_size=1, max_size=6),
            st.integers(0, 20),
            st.sampled_from(["", "one", "a", "日", "zz"]),
        )
        def check(
            blocks: list[Block], edits: list[tuple[int, int, list[Block], int]], cursor: int, needle: str
        ) -> None:
            shown.show(blocks)
            for at, gone, come, width in edits:
                shown.find(needle)
                shown.move(cursor)
                shown.picture()
                shown.cells = fresh.cells = width or shown.cells
                blocks = [*blocks[:at], *come, *blocks[at + gone :]]
                shown.show([Block(one.kind, tuple(map(again, one.lines))) for one in blocks])
                shown.on_resize()  # the next layout says so; new lines may come before it
                fresh.lines = ()
                fresh.show(blocks)
                assert shown.lines == fresh.lines
                fresh.find(needle)
                fresh.move(shown.cursor)
                assert shown._rows == fresh._rows == from_nothing(shown, most)
                assert shown.picture() == fresh.picture()
                assert shown.matches("o", inverted=False) == fresh.matches("o", inverted=False)

        check()


def again(line: Line) -> Line:
    """An equal line that is another object, as the next render has it."""
    return tuple(Span("".join([*span.text]), span.tone) for span in line)


@given(st.lists(st.sampled_from("ab"), max_size=9), st.lists(st.sampled_from("ab"), max_size=9))
def test_what_is_kept_is_the_same_at_either_end_and_as_much_as_can_be(before: list[str], after: list[str]):
    most = min(len(before), len(after))
    first, behind = kept(most, (before, after))
    assert before[:first] == after[:first]
    assert first == most or before[first] != after[first]
    assert before[len(before) - behind :] == after[len(after) - behind :]
    assert first + behind == most or before[-1 - behind] != after[-1 - behind]


def test_of_two_pairs_that_much_is_kept_of_which_both_are_the_same():
    assert kept(4, ("abcd", "abxcd"), ("1111", "11111")) == Kept(2, 2)
    assert kept(3, ("aaa", "aaa"), ("112", "122")) == Kept(1, 1)


async def test_one_changed_line_of_thousands_takes_a_fraction_of_all():
    lines = TextLines()
    app = Stage(lines)
    async with app.run_test(size=(60, 20)) as pilot:
        base = [
            (Span(f"offer {number} is on and on until some day in a long time from now"),) for number in range(8_000)
        ]

        def took(texts: list[list[Line]]) -> float:
            found = []
            for one in texts:
                before = time.process_time()
                lines.lines = one
                found.append(time.process_time() - before)
            return min(found)

        whole = took([[(Span(f"{turn} {line[0].text}"),) for line in base] for turn in range(4)])
        lines.lines = base
        front = took([[(Span(f"{turn} new"),), *map(again, base)] for turn in range(8)])
        assert front < whole / 3
        await pilot.pause()
