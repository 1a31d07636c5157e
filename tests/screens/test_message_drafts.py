"""What is typed survives: a killed process, a closed program, a full disk."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from core.adapters.files import Drafts
from core.deck import Deck
from core.drafting import Shelf
from core.errors import InvalidInput
from core.messages import Draft, FileMark
from tests.screens.driver import screen_text, until
from tui.app import OfferdeckApp
from tui.dialogs.dialog import Dialog
from tui.screens.message import MessageScreen
from tui.widgets.template_editor import TemplateEditor

TYPED = "Hi {{${first_name}}}, 日本 [/b]"

_TYPIST = """
import asyncio, sys
from textual import events
from core.deck import Deck
from tui.app import OfferdeckApp
from tui.dialogs.dialog import Dialog
from tui.widgets.template_editor import TemplateEditor

async def main():
    app = OfferdeckApp(Deck.create({"OFFERDECK_HOME": sys.argv[1]}), profile=None)
    async with app.run_test(size=(100, 30)) as pilot:
        while not isinstance(app.screen, Dialog):
            await pilot.pause(0.01)
        await pilot.press("escape")
        app.action_room("message")
        while not isinstance(app.focused, TemplateEditor):
            await pilot.pause(0.01)
        app.post_message(events.Paste(sys.argv[2]))
        while True:
            await pilot.pause(1)

asyncio.run(main())
"""


async def to_the_message(pilot: Pilot[None], app: OfferdeckApp) -> None:
    """Past the dialog that asks for a first profile."""
    await until(pilot, lambda: isinstance(app.screen, Dialog), what="the question for a profile")
    await pilot.press("escape")
    app.action_room("message")
    await until(pilot, lambda: isinstance(app.focused, TemplateEditor), what="the focus in the editor")


def wait_for_draft(child: subprocess.Popen[bytes], drafts: Drafts) -> None:
    deadline = time.monotonic() + 30
    while TYPED[:10] not in (drafts.load("message") or ""):
        assert child.poll() is None
        assert time.monotonic() < deadline, "no draft within 30 s"
        time.sleep(0.02)


async def test_a_killed_process_loses_at_most_the_last_moments_of_typing(tmp_path: Path):
    drafts = Drafts(Deck.create({"OFFERDECK_HOME": str(tmp_path)}).places)
    child = await asyncio.to_thread(subprocess.Popen, [sys.executable, "-c", _TYPIST, str(tmp_path), TYPED])
    try:
        await asyncio.to_thread(wait_for_draft, child, drafts)
    finally:
        child.send_signal(signal.SIGKILL)
        await asyncio.to_thread(child.wait)
    assert child.returncode == -signal.SIGKILL

    deck = Deck.create({"OFFERDECK_HOME": str(tmp_path)})
    app = OfferdeckApp(deck, profile=None)
    async with app.run_test(size=(100, 30)) as pilot:
        await to_the_message(pilot, app)
        await until(pilot, lambda: "Hi {{${first_name}}}" in screen_text(app), what="the text of before")
        screen = app.screen
        assert isinstance(screen, MessageScreen)
        assert screen.draft.text == TYPED
        assert not screen.draft.is_saved
    await deck.close()


async def test_closing_the_program_keeps_the_keys_just_typed(tmp_path: Path):
    deck = Deck.create({"OFFERDECK_HOME": str(tmp_path)})
    app = OfferdeckApp(deck, profile=None)
    async with app.run_test(size=(100, 30)) as pilot:
        await to_the_message(pilot, app)
        await pilot.press("a", "b", "c")
    await deck.close()
    kept = await Shelf(deck.drafts).working()
    assert kept is not None
    assert kept.text == "abc"


async def test_a_disk_that_refuses_is_said_and_quitting_asks(tmp_path: Path):
    deck = Deck.create({"OFFERDECK_HOME": str(tmp_path)})
    (deck.places.data).mkdir(parents=True)
    (deck.places.data / "drafts").write_text("a file where the folder should be")
    app = OfferdeckApp(deck, profile=None)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await to_the_message(pilot, app)
        await pilot.press("a")
        await until(pilot, lambda: "Could not write" in screen_text(app), what="the refusal")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: "message draft" in screen_text(app), what="the question before leaving")
    await deck.close()


async def test_the_shelf_keeps_saved_drafts_apart_and_never_drops_an_unsaved_one(tmp_path: Path):
    shelf = Shelf(Drafts(Deck.create({"OFFERDECK_HOME": str(tmp_path)}).places))
    assert await shelf.working() is None
    await shelf.save(Draft("untitled.liquid", "one", is_saved=False), "first")
    await shelf.save(Draft("first", "two", is_saved=False), "second")
    await shelf.put_aside(Draft("second", "three", is_saved=False))
    await shelf.put_aside(Draft("second", "   ", is_saved=False))
    await shelf.put_aside(Draft("third", "saved already"))
    assert await shelf.names() == ("second (unsaved)", "second", "first")
    taken = [await shelf.take(name) for name in await shelf.names()]
    assert [draft.text for draft in taken if draft] == ["three", "two", "one"]
    assert await shelf.take("nothing") is None
    working = await shelf.working()
    assert working == Draft("second", "two", is_saved=True)
    with pytest.raises(InvalidInput):
        await shelf.save(Draft(), "")


async def test_unsaved_texts_of_one_name_or_one_file_never_take_each_others_place(tmp_path: Path):
    shelf = Shelf(Drafts(Deck.create({"OFFERDECK_HOME": str(tmp_path)}).places))
    folder = "/" + "a long folder/" * 12
    files = [FileMark(f"{folder}{name}/sms.liquid", "0" * 64) for name in ("one", "two")]
    drafts = [Draft(text=text, is_saved=False) for text in ("first", "second", "first")]
    drafts += [Draft("sms.liquid", text, is_saved=False, file=file) for file in files for text in ("third", "fourth")]
    for draft in drafts:
        await shelf.put_aside(draft)
    names = await shelf.names()
    assert len(names) == 6, "the same text is kept once"
    taken = [await shelf.take(name) for name in names]
    assert sorted((draft.text, draft.file.path if draft.file else "") for draft in taken if draft) == sorted(
        {(draft.text, draft.file.path if draft.file else "") for draft in drafts}
    )
    assert {draft.name for draft in taken if draft and draft.file} == {"sms.liquid"}
    await shelf.saved_to_file(replace(drafts[-1], is_saved=True))
    assert len(await shelf.names()) == 5, "what its file holds now is no unsaved text any more"


async def test_two_cockpits_at_once_keep_a_draft_each_and_nothing_typed_is_lost(tmp_path: Path):
    places = Deck.create({"OFFERDECK_HOME": str(tmp_path)}).places
    files = [Drafts(places) for _ in range(3)]
    first, second, third = map(Shelf, files)
    for number, shelf in enumerate((first, second, third)):
        assert await shelf.working() is None
        await shelf.keep(Draft("mine", f"text {number}", is_saved=False))
    for number, shelf in enumerate((first, second, third)):
        kept = await shelf.working()
        assert kept is not None and kept.text == f"text {number}"
    for one in files:
        one.let_go()
    after = Shelf(Drafts(places))
    working = await after.working()
    assert working is not None and working.text == "text 0"
    names = await after.names()
    taken = [await after.take(name) for name in names]
    assert sorted(draft.text for draft in taken if draft) == ["text 1", "text 2"]
    assert await Shelf(files[1]).working() is None, "what was adopted is not left behind once more"


async def test_what_the_second_cockpit_left_is_the_working_draft_where_the_first_left_none(tmp_path: Path):
    places = Deck.create({"OFFERDECK_HOME": str(tmp_path)}).places
    files = [Drafts(places) for _ in range(2)]
    await Shelf(files[0]).working()
    await Shelf(files[1]).keep(Draft("mine", "typed", is_saved=False))
    for one in files:
        one.let_go()
    for _ in range(2):
        drafts = Drafts(places)
        working = await Shelf(drafts).working()
        assert working is not None and working.text == "typed"
        drafts.let_go()
