"""A template that is opened begins from nothing: no word of the one before stands under its name."""

from __future__ import annotations

from pathlib import Path

from tests.screens.cockpit import Cockpit, cockpit
from tests.screens.test_message import Stubborn, message, room, seen, to_the_message, write


async def open_file(running: Cockpit, path: Path) -> None:
    """F9 and the path, as a person types them."""
    await running.press("f9")
    await running.shows("Open a template")
    await running.press(f"text:{path}", "enter")
    await running.until(lambda: room_is_shown(running) and room(running).draft.name == path.name, f"{path.name} opened")


def room_is_shown(running: Cockpit) -> bool:
    return type(running.app.screen).__name__ == "MessageScreen"


async def test_a_template_that_is_opened_shows_nothing_of_the_one_before_while_it_is_rendered(tmp_path: Path) -> None:
    second = tmp_path / "second.liquid"
    second.write_text("slow second")
    async with cockpit() as running:
        renderer = running.deck._renderer = Stubborn()  # type: ignore[assignment]
        await to_the_message(running)
        await write(running.pilot, "first message")
        await running.until(lambda: "first message for Ana" in message(running), "the first message")
        await running.shows("✓ rendered", "PROBLEMS  none")
        await open_file(running, second)
        await running.until(lambda: renderer.is_asked("slow second", "Ana"), "the second asked for")
        await running.shows("second.liquid", "being rendered")
        assert "first message" not in running.text
        assert "✓ rendered" not in running.text
        assert "PROBLEMS  none" not in running.text
        renderer.permit_all()
        await running.until(lambda: "slow second for Ana" in message(running), "the second message")


async def test_a_template_that_cannot_be_rendered_when_it_is_opened_says_why_in_place_of_the_one_before(
    tmp_path: Path,
) -> None:
    broken = tmp_path / "broken.liquid"
    broken.write_text("Hello {{${first_name}}}\n{% if x %}")
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "good words for {{${first_name}}}")
        await running.until(lambda: "good words for Ana" in message(running), "the first message")
        await open_file(running, broken)
        await running.until(lambda: "This cannot be rendered yet." in message(running), "the reason")
        assert "2:1" in message(running)
        assert "good words" not in running.text
        assert "the last render that worked" not in running.text
        await write(running.pilot, "x")
        await running.until(lambda: room(running).draft.text.startswith("x"), "the key")
        await running.until(lambda: not room(running).is_rendering, "the render")
        assert "good words" not in running.text


async def test_calls_made_for_one_template_are_not_told_under_another(tmp_path: Path) -> None:
    other = tmp_path / "other.liquid"
    other.write_text("this calls nobody")
    async with cockpit() as running:
        await to_the_message(running)
        url = running.app.desk.profile.connect_url + "/nothing/here"
        await write(running.pilot, "{% connected_content " + url + " :save x %}{{x}}done")
        await running.until(lambda: room(running).view is not None, "the render")
        await running.press("escape", "L")
        await running.shows("Called live", "/nothing/here")
        await running.press("escape")
        running.app.action_room("message")
        await open_file(running, other)
        await running.until(lambda: room(running).view is not None, "the other message")
        await running.until(lambda: "this calls nobody" in message(running), "the message, not its calls")
        await running.press("escape", "right_square_bracket", "right_square_bracket")
        await running.until(lambda: "the message calls nobody" in message(running), "an empty tab")
        assert "Called live" not in running.text
        assert "/nothing/here" not in seen(running, room(running).reading)


async def opening(running: Cockpit, words: str) -> None:
    """The dialog, narrowed to `words`."""
    await running.pilot.press("escape", "o")
    await running.shows("Open a template")
    await write(running.pilot, words)


async def test_a_content_block_opens_as_a_template_and_a_credential_does_not():
    async with cockpit() as running:
        await to_the_message(running)
        await opening(running, "greeting")
        await running.shows("CONTENT BLOCKS")
        await running.pilot.press("enter")
        await running.until(lambda: "Hello Ana" in message(running), "the block rendered for the customer")
        assert (room(running).draft.name, room(running).draft.origin) == ("greeting", "content block")
        await opening(running, "connect_auth")
        await running.shows("a credential, not read")
        await running.pilot.press("enter")
        await running.shows("connect_authorization holds a credential")
        assert not [one for one in running.sandbox.requests if one.path.startswith("/content_blocks/info")][1:]


async def test_a_catalog_shows_its_columns_and_items_and_an_item_opens_as_what_reads_it():
    async with cockpit(size=(80, 24)) as running:
        await to_the_message(running)
        await opening(running, "shops")
        await running.shows("127 items")
        await running.pilot.press("enter")
        await running.shows("The first 50 of 127 items. Columns: id string,", "seats number,", "opened time")
        await running.pilot.press("escape")
        await running.shows("STARTERS")
        await write(running.pilot, "menu catalogs")
        await running.pilot.press("enter")
        await running.shows("Oolong · 3.8 · true", "3 items")
        await write(running.pilot, "oolong")
        await running.pilot.press("enter")
        await running.until(lambda: room(running).draft.name == "menu · oolong", "the item")
        await running.until(lambda: "price: 3.8" in message(running), "what it prints")
        paths = [one.path for one in running.sandbox.requests if "/catalogs" in one.path]
        assert paths == ["/catalogs", "/catalogs/shops/items", "/catalogs/menu/items"]
