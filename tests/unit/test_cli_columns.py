"""The command line's tables: measured in cells, whole in a pipe, fitted on a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.cli.columns import Column, cells, shortened, table

COLUMNS = (Column("STATE"), Column("ENDS IN", "right"), Column("OFFER", shrinks=True), Column("ID"))


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("日本", 4),
        ("e\u0301", 1),
        ("서연", 4),
        ("👩\u200d🍳", 4),
        ("❤\ufe0f", 2),
        ("ليلى", 4),
        ("ｶﾅ", 2),
        ("", 0),
    ],
)
def test_a_terminal_needs_this_many_cells(text: str, width: int) -> None:
    assert cells(text) == width


@settings(deadline=None)
@given(st.text(max_size=30), st.integers(1, 30))
def test_a_shortened_text_fits_and_a_fitting_one_is_left_alone(text: str, width: int) -> None:
    short = shortened(text, width)
    assert cells(short) <= width
    assert (short == text) is (cells(text) <= width)


def test_every_column_begins_at_one_cell_in_every_line() -> None:
    rows = [("issued", "2 h", "抹茶ラテ 1杯無料", "u1"), ("expired", "", "Café", "u2"), ("issued", "12 d", "", "u3")]
    lines = table(COLUMNS, rows, None)
    starts = {cells(line[: line.rindex(key)]) for line, key in zip(lines, ("ID", "u1", "u2", "u3"), strict=True)}
    assert len(starts) == 1
    assert lines[1].startswith("issued       2 h  ")


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.just("issued"), st.just("2 h"), st.text(max_size=60), st.just("u1")), max_size=4),
    st.integers(40, 90),
)
def test_on_a_terminal_no_line_is_wider_than_the_screen(rows: list[tuple[str, ...]], width: int) -> None:
    assert all(cells(line) <= width for line in table(COLUMNS, rows, width))


def test_in_a_pipe_nothing_is_cut() -> None:
    assert "x" * 500 in table(COLUMNS, [("issued", "", "x" * 500, "u1")], None)[1]
