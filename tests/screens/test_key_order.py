"""What is typed behind a key belongs to what the key opens, however busy the widget is that the key went through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.widgets import Input

from tests.screens.cockpit import Cockpit, cockpit
from tests.screens.test_message import room, settle, to_the_message, write

WRITTEN = "Hi {{${first_name}}}"


def type_at_once(running: Cockpit, *keys: str) -> None:
    """Keys as a terminal delivers them, all before the first is obeyed; `text:...` types."""
    for key in keys:
        if not key.startswith("text:"):
            running.app.post_message(events.Key(key, key if len(key) == 1 else None))
        for character in key.removeprefix("text:") if key.startswith("text:") else "":
            running.app.post_message(events.Key(_character_to_key(character), character))


@asynccontextmanager
async def busy(running: Cockpit) -> AsyncIterator[None]:
    """The widget with the focus works on one stroke until the block ends."""
    gate, begun = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await gate.wait()

    assert running.app.focused is not None
    running.app.focused.call_later(work)
    await begun.wait()
    yield
    for _ in range(50):  # the keys are on their way to the app, to the widget and no further
        await asyncio.sleep(0)
    gate.set()


def typed(running: Cockpit) -> str:
    """What stands in the dialog's field."""
    fields = running.app.screen.query(Input)
    return fields.first().value if fields else ""


@asynccontextmanager
async def written(*, in_the_editor: bool) -> AsyncIterator[Cockpit]:
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, WRITTEN)
        await running.until(lambda: room(running).view is not None, "the render")
        if not in_the_editor:
            await running.press("escape")
        yield running


async def test_a_path_typed_behind_f9_goes_into_the_dialog_and_not_into_the_template(tmp_path: Path) -> None:
    path = tmp_path / "other.liquid"
    path.write_text("the other one")
    async with written(in_the_editor=True) as running:
        message = room(running)
        async with busy(running):
            type_at_once(running, "f9", f"text:{path}", "enter")
        await running.until(lambda: message.draft.name == "other.liquid", "the other template")
        assert message.draft.text == "the other one"
        assert "live-wallet" not in message.draft.name


@pytest.mark.parametrize("key", ["ctrl+s", "ctrl+p", "f2"])
async def test_words_typed_behind_a_key_stand_in_the_field_that_it_opens(key: str) -> None:
    async with written(in_the_editor=True) as running:
        message = room(running)
        async with busy(running):
            type_at_once(running, key, "text:zqz")
        await running.until(lambda: typed(running) == "zqz", f"the words in the field behind {key}")
        assert message.draft.text == WRITTEN


@pytest.mark.parametrize(
    "key", ["C", "w", "M", "d", "c", "y", "x", "p", "question_mark", "f1", "colon", "ctrl+p", "ctrl+o", "o", "f9"]
)
async def test_escape_behind_a_key_closes_what_the_key_opened_and_leaves_the_room_alone(key: str) -> None:
    async with written(in_the_editor=False) as running:
        message, opened = room(running), []
        running.app.screen_change_signal.subscribe(message, opened.append, immediate=True)
        async with busy(running):
            type_at_once(running, key, "escape")
        await running.until(lambda: len(opened) == 2, f"a dialog behind {key} opened and closed")
        await settle(running)
        assert running.app.screen is message
        assert running.app.current_mode == "message"


async def test_words_typed_behind_a_slash_are_looked_for() -> None:
    async with written(in_the_editor=False) as running:
        async with busy(running):
            type_at_once(running, "slash", "text:Sfo")
        await running.until(lambda: any(one.value == "Sfo" for one in running.app.screen.query(Input)), "the words")
        assert running.app.current_mode == "message"


async def test_a_letter_behind_an_arrow_is_written_where_the_arrow_led() -> None:
    async with written(in_the_editor=True) as running:
        async with busy(running):
            type_at_once(running, "home", "text:a", "end", "text:z")
        await running.until(lambda: len(room(running).draft.text) == len(WRITTEN) + 2, "both letters")
        assert room(running).draft.text == f"a{WRITTEN}z"


async def test_keys_behind_one_that_closes_a_dialog_reach_the_room() -> None:
    async with written(in_the_editor=True) as running:
        message = room(running)
        await running.press("f9")
        await running.shows("Open a template")
        async with busy(running):
            type_at_once(running, "escape", "text:!", "end", "text:?")
        await running.until(lambda: len(message.draft.text) == len(WRITTEN) + 2, "both letters")


async def test_leaving_does_not_wait_for_a_widget_that_is_busy() -> None:
    async with written(in_the_editor=True) as running, busy(running):
        type_at_once(running, "f9", "text:abc", "ctrl+q")
        for _ in range(50):
            await asyncio.sleep(0)
        assert running.app._exit
