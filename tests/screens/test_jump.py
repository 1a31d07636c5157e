"""Jump mode: a letter over every place the focus can go, laid out as on the keyboard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from tests.screens.cockpit import cockpit
from tui.dialogs.jump import JumpOverlay, lay_out

PLACES = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), max_size=40, unique=True)


@given(PLACES)
def test_no_letter_is_given_twice_and_up_to_twenty_six_places_all_get_one(places):
    letters = lay_out([Region(x, y, 10, 1) for x, y in places])
    given_out = [letter for letter in letters if letter]
    assert len(set(given_out)) == len(given_out)
    assert len(given_out) == min(len(places), 26)


def test_few_places_lie_on_the_home_row_from_left_to_right():
    assert lay_out([Region(80, 0, 9, 1), Region(0, 5, 9, 9), Region(40, 5, 9, 9)]) == ["l", "a", "g"]


def test_more_places_take_the_upper_row_for_what_stands_higher():
    letters = lay_out([Region(x * 10, y, 5, 1) for y in range(3) for x in range(5)])
    rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
    heights = [next(row for row, keys in enumerate(rows) if letter in keys) for letter in letters]
    assert heights == sorted(heights)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_every_place_has_a_letter_and_pressing_it_goes_there(size):
    async with cockpit(size=size) as running:
        room = running.app.screen
        targets = [widget for widget in room.focus_chain if widget.is_on_screen]
        await running.press("ctrl+o")
        overlay = running.app.screen
        assert isinstance(overlay, JumpOverlay)
        assert set(overlay._targets.values()) == set(targets)
        letter = next(letter for letter, widget in overlay._targets.items() if widget.id == "look-up")
        await running.press(letter)
        await running.until(lambda: running.app.screen is room, "the room again")
        await running.until(lambda: running.app.focused is not None and running.app.focused.id == "look-up", "focus")


async def test_escape_and_a_letter_that_stands_nowhere_leave_the_focus_where_it_was():
    async with cockpit() as running:
        before = running.app.focused
        for key in ("escape", "z", "ctrl+o"):
            await running.press("ctrl+o")
            assert isinstance(running.app.screen, JumpOverlay)
            await running.press(key)
            await running.until(lambda: not isinstance(running.app.screen, JumpOverlay), f"the room after {key}")
            assert running.app.focused is before


async def test_jumping_inside_a_dialog_stays_in_the_dialog():
    async with cockpit() as running:
        await running.press("p")
        await running.shows("Profiles")
        dialog = running.app.screen
        await running.press("ctrl+o")
        overlay = running.app.screen
        assert isinstance(overlay, JumpOverlay)
        assert {widget.screen for widget in overlay._targets.values()} == {dialog}
