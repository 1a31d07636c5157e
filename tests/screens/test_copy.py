"""Copying and looking closer by keys alone: the menu, the way it says it went, whole values, where from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.screens.cockpit import Cockpit, cockpit, id_of
from tests.screens.test_message import room, to_the_message, write
from tui.dialogs.copy_menu import CopyMenu
from tui.dialogs.value import MOST_SHOWN, ValueDialog


async def test_y_offers_what_stands_under_the_cursor_and_enter_copies_the_line():
    async with cockpit() as running:
        await running.press("y")
        await running.shows("Copy", "value", "JSON path", "row (TSV)", "curl", "command line", "Markdown")
        await running.press("down", "enter")
        await running.shows("Handed to the terminal (OSC 52).", "JSON path, 22 bytes. Some terminals ignore it.")
        assert running.app.clipboard == "payload.user_offers[0]"


@pytest.mark.parametrize(
    ("key", "beginning"),
    [
        ("v", '{\n  "id": "'),
        ("r", "Free coffee\tmanual_fulfillment\tissued\t20"),
        ("u", "curl -X POST "),
        ("m", "| name | type | state |"),
    ],
)
async def test_the_letter_of_a_line_copies_it_at_once(key, beginning):
    async with cockpit() as running:
        await running.press("y", key)
        await running.shows("Handed to the terminal")
        assert running.app.clipboard.startswith(beginning)
        assert not any(secret in running.app.clipboard for secret in running.sandbox.secrets.values())


async def test_the_command_line_names_customer_and_profile():
    async with cockpit() as running:
        await running.press("y", "l")
        await running.until(lambda: bool(running.app.clipboard), "a copy")
        assert running.app.clipboard == f"offerdeck wallet {id_of('ana')} --profile demo"


async def test_on_a_node_of_the_json_tree_its_path_and_its_value_are_offered():
    async with cockpit() as running:
        await running.press("enter", "right_square_bracket", "slash", "text:description", "enter", "y")
        await running.shows("payload.user_offers[0].description", ".description")
        await running.press("v")
        await running.until(lambda: bool(running.app.clipboard), "a copy")
        assert running.app.clipboard == "One small coffee of your choice"


async def test_on_the_card_the_customers_ids_are_offered():
    async with cockpit() as running:
        await running.press("shift+tab", "y")
        await running.shows("SessionM id", "email", "tags command line")
        await running.press("e")
        await running.until(lambda: bool(running.app.clipboard), "a copy")
        assert running.app.clipboard == "ana@example.com"


async def test_a_terminal_without_a_clipboard_gets_a_private_file_and_the_toast_says_which():
    async with cockpit(environ={"TERM": "linux"}) as running:
        await running.press("y", "p")
        await running.shows("Kept in", "copied.txt", "has no clipboard")
        assert running.app.clipboard == ""
        kept = running.deck.places.cache / "copied.txt"
        assert kept.read_text() == "payload.user_offers[0]"


async def test_a_copy_that_did_not_happen_is_never_claimed():
    async with cockpit(environ={"TERM": "linux"}) as running:
        home = Path(running.deck.places.cache).parent
        (home / "cache").write_text("in the way")
        await running.press("y", "p")
        await running.shows("Nothing was copied")
        assert "Kept in" not in running.text


async def test_nothing_is_offered_before_anybody_is_looked_up():
    async with cockpit() as running:
        running.app.subject = type(running.app.subject)()
        await running.press("tab", "y")
        await running.shows("There is nothing to copy here.")
        assert not isinstance(running.app.screen, CopyMenu)


async def test_v_shows_a_whole_value_and_y_copies_all_of_it():
    async with cockpit() as running:
        await running.press("v")
        await running.shows("Free coffee", "characters", '"offer_type": "manual_fulfillment"')
        await running.press("y")
        await running.until(lambda: bool(running.app.clipboard), "a copy")
        assert json.loads(running.app.clipboard)["name"] == "Free coffee"


async def test_a_value_too_long_to_show_says_how_much_is_shown():
    async with cockpit() as running:
        running.app.push_screen(ValueDialog("long", "x" * (MOST_SHOWN + 5)))
        await running.shows(f"{MOST_SHOWN} of {MOST_SHOWN + 5} characters")


async def test_i_shows_the_request_behind_an_offer_and_the_path_in_its_answer():
    async with cockpit() as running:
        await running.press("down", "i")
        await running.shows("payload.user_offers[", "POST /offers/api/2.0/offers/get_user_offers", '"skip": 0')
        await running.shows("Basic {connect_authorization}", "$CONNECT_AUTHORIZATION")
        assert not any(secret in running.text for secret in running.sandbox.secrets.values())


async def test_i_on_the_card_walks_through_the_reads_behind_it():
    async with cockpit() as running:
        await running.press("shift+tab", "i")
        await running.shows("profile", "tags", "Braze", "/priv/v1/apps/{core_key}/users/")
        await running.press("left_square_bracket")
        await running.shows("POST /users/export/ids", "Bearer {braze_key}")
        await running.press("y", "p")
        await running.until(lambda: running.app.clipboard == "users[0]", "the path")


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_the_hostile_customer_steers_no_dialog(size):
    async with cockpit("hostile", size=size) as running:
        for keys in (("y",), ("v",), ("i",), ("x",), ("f1",), ("c",), ("p",), ("ctrl+p",), ("ctrl+o",)):
            for _ in range(6):
                await running.press("down")
            await running.press(*keys)
            await running.pilot.pause(0.05)
            strips = running.app.screen._compositor.render_strips()
            assert all(strip.cell_length == size[0] for strip in strips)
            assert not any(character in running.text for character in "\x1b\x07\x9b\x00\u202e\u2066")
            styles = [segment.style for strip in strips for segment in strip if segment.style is not None]
            assert not any("app." in str(style.meta) or style.link for style in styles)
            await running.press("escape")
        assert running.app.is_running


async def in_the_trace(running: Cockpit, template: str, *keys: str) -> None:
    """The copy menu of a field of the trace."""
    await to_the_message(running)
    await write(running.pilot, template)
    await running.until(lambda: "Trace" in running.text and "line 1" in running.text, "the trace")
    room(running).tracing.tree_lines.focus()
    await running.press("home", *keys, "y")
    await running.shows("Copy", "JSON path", "raw output")


@pytest.mark.parametrize(
    ("key", "copied"),
    [
        ("v", "Free coffee"),
        ("l", "{{wallet.payload.user_offers[0].name}}"),
        ("p", "wallet.payload.user_offers[0].name"),
        ("t", "{{wallet.payload.user_offers[0].name}}"),
    ],
)
async def test_on_a_field_of_the_trace_its_value_and_its_path_are_offered(key, copied):
    async with cockpit() as running:
        await in_the_trace(running, "{{wallet.payload.user_offers[0].name}}", "slash", "text:name", "enter")
        await running.press(key)
        await running.until(lambda: running.app.clipboard == copied, f"a copy of {copied}")


async def test_of_a_holder_in_the_trace_all_that_it_holds_is_copied():
    async with cockpit() as running:
        await in_the_trace(running, "{{wallet.payload.user_offers[0].name}}", "slash", "text:user_offers", "enter")
        await running.press("v")
        await running.until(lambda: bool(running.app.clipboard), "a copy")
        wallet = running.app.subject.wallet.value.document
        assert json.loads(running.app.clipboard) == wallet["payload"]["user_offers"]


async def test_of_a_missing_field_the_path_is_copied_and_its_value_says_why_not():
    async with cockpit() as running:
        await in_the_trace(running, "{{${first_nam}}}")
        await running.shows("nothing is there", "attributes.first_nam")
        await running.press("l")
        await running.until(lambda: running.app.clipboard == "{{${first_nam}}}", "the Liquid")


async def test_outside_the_trace_no_field_is_offered():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "{{${first_name}}}")
        await running.until(lambda: room(running).view is not None, "the render")
        await running.press("escape", "y")
        await running.shows("Copy", "raw output")
        assert "JSON path" not in running.text
