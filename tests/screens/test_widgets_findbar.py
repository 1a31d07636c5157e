"""The find bar by keys: it opens, counts, turns round, closes, and text in it stays text."""

from __future__ import annotations

from textual.widgets import Input

from tests.screens.driver import screen_text, until
from tests.screens.stage import Stage, offers, table
from tui.widgets.findbar import FindPane
from tui.widgets.json_tree import JsonTree


class FindStage(Stage):
    def on_mount(self) -> None:
        self.query_one(FindPane).lines.focus()


async def test_slash_opens_the_bar_and_typing_goes_to_the_first_match_and_counts():
    shown = table(offers(30))
    app = FindStage(FindPane(shown))
    async with app.run_test(size=(60, 12)) as pilot:
        assert not app.query_one(FindPane).bar.is_open
        await pilot.press("slash", *"offer", "space", "2")
        await until(pilot, lambda: "1 of 11" in screen_text(app), what="the count")
        assert shown.cursor == 2
        await pilot.press("down")
        await until(pilot, lambda: "2 of 11" in screen_text(app), what="the next match")
        await pilot.press("enter", "n")
        await until(pilot, lambda: shown.cursor == 21, what="the match after that")
        assert shown.has_focus
        assert not app.query_one(FindPane).bar.is_open
        await pilot.press("escape")
        assert not shown.finding


async def test_an_exclamation_mark_turns_the_find_round():
    shown = table(offers(30))
    app = FindStage(FindPane(shown))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("slash", "exclamation_mark", "1")
        await until(pilot, lambda: "1 of 18" in screen_text(app), what="the rows without a 1")


async def test_escape_closes_the_bar_gives_the_focus_back_and_ends_the_find():
    shown = table(offers(30))
    app = FindStage(FindPane(shown))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("slash", "7", "escape")
        await until(pilot, lambda: shown.has_focus, what="the focus back on the table")
        assert not shown.finding
        assert shown.cursor == 7
        await pilot.press("slash")
        await pilot.pause()
        assert app.query_one(Input).value == "7"
        await pilot.press("3")
        assert app.query_one(Input).value == "3"


async def test_nothing_found_is_said_and_keys_are_text_inside_the_bar():
    tree = JsonTree({"a": {"j": 1}})
    app = FindStage(FindPane(tree))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("slash", "n", "N", "g", "slash", "j")
        await until(pilot, lambda: "no match" in screen_text(app), what="the word that nothing matches")
        assert app.query_one(Input).value == "nNg/j"
        assert tree.current_path == ("a",)


async def test_find_in_a_tree_opens_what_is_closed():
    tree = JsonTree({"a": {"deep": {"er": "needle"}}})
    app = FindStage(FindPane(tree))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.press("slash", *"needle")
        await until(pilot, lambda: tree.current_path == ("a", "deep", "er"), what="the closed match")
