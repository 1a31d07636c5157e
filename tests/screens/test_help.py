"""Help and palette by keys alone: both read the bindings that really act."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.screens.cockpit import cockpit
from tui.commands import Palette
from tui.dialogs.edit_data import EditData
from tui.dialogs.help import HelpDialog
from tui.keynames import commands_of, key_name
from tui.screens.ledger import LedgerScreen
from tui.widgets.template_editor import TemplateEditor


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_help_tells_every_key_that_acts_here_and_escape_closes_it(size):
    async with cockpit(size=size) as running:
        commands = commands_of(running.app.screen)
        focused = running.app.focused
        await running.press("f1")
        await running.shows("Keys", "List")
        told = "\n".join(str(widget.render()) for widget in running.app.screen.query("#help-columns Static"))
        for command in commands:
            assert command.words.split()[0] in told
            assert all(key_name(key) in told for key in command.keys[:4])
        assert all(pair in told for pair in ("↓ j", "F2 ^L", "^R F5", "F1 ?"))
        assert told.index("List") < told.index("Customer") < told.index("Everywhere")
        await running.press("escape")
        await running.until(lambda: not isinstance(running.app.screen, HelpDialog), "the room again")
        assert running.app.focused is focused


async def test_help_in_a_text_field_speaks_of_the_field():
    async with cockpit() as running:
        await running.press("f2", "f1")
        await running.shows("Look-up", "Everywhere")


async def test_help_in_the_editor_begins_with_the_keys_of_the_room():
    async with cockpit() as running:
        await running.press("2")
        await running.until(lambda: isinstance(running.app.focused, TemplateEditor), "the focus in the editor")
        await running.press("f1")
        await running.shows("Cursor up", "letters after esc")
        assert running.text.index("Read the message in $PAGER") < running.text.index("Cursor up")


async def test_a_question_mark_in_a_text_field_is_text():
    async with cockpit() as running:
        await running.press("f2", "question_mark")
        assert running.app.screen.query_one("#look-up", Input).value.endswith("?")


async def test_the_palette_finds_fuzzily_shows_the_key_and_runs_the_command():
    async with cockpit() as running:
        await running.press("ctrl+p")
        await running.shows("what do you want to do?", "Sort", "s")
        await running.press("text:ldgr")
        await running.shows("Everything that left")
        line = next(line for line in running.text.splitlines() if "Everything that left" in line)
        assert line.split("Everything that left")[1].split()[0] == "6"
        await running.press("enter")
        await running.until(lambda: isinstance(running.app.screen, LedgerScreen), "the ledger")


async def test_the_palette_runs_a_command_of_the_focused_pane_on_that_pane():
    async with cockpit() as running:
        await running.press("colon", "text:sort")
        await running.shows("Next order")
        await running.press("enter")
        await running.shows("sort: name")


async def test_the_palette_does_not_offer_what_cannot_be_done():
    async with cockpit() as running:
        await running.press("6")
        await running.shows("Nothing has left")
        await running.press("ctrl+p", "text:verify")
        await running.shows("No matches found")
        await running.press("escape")
        await running.until(lambda: not isinstance(running.app.screen, Palette), "the room again")


async def test_light_and_dark_change_everything_that_is_drawn_and_only_textuals_own_commands_are_gone():
    async with cockpit() as running:
        await running.press("ctrl+p", "text:light")
        await running.shows("Light / dark")
        await running.press("enter")
        await running.until(lambda: running.app.theme == "offerdeck-light", "the light theme")
        await running.press("ctrl+p")
        await running.shows("Sort")
        assert "Screenshot" not in running.text
        assert "Maximize" not in running.text


async def test_actions_of_the_row_are_the_same_as_the_keys():
    async with cockpit() as running:
        await running.press("x")
        await running.shows("Actions", "Compose tags for this customer", "The request that read this")
        await running.press("s")
        await running.shows("sort: name")
        await running.press("x", "text:i")
        await running.shows("Where from", "payload.user_offers[")


async def test_the_palette_runs_letter_commands_while_a_text_field_has_the_focus():
    async with cockpit() as running:
        await running.press("2")
        await running.until(lambda: isinstance(running.app.focused, TemplateEditor), "the editor")
        await running.press("ctrl+p", "text:data of your own")
        await running.shows("Data of your own above the customer's")
        await running.press("enter")
        await running.until(lambda: isinstance(running.app.screen, EditData), "the dialog")
