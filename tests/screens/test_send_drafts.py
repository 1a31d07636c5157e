"""A send being prepared survives: a killed process, another profile, another offer; and never goes by itself."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.adapters.files import Drafts
from core.composing import Form
from core.deck import Deck
from core.profiles import Profile
from core.senddrafts import SendDraft, SendDrafts
from tests.screens.cockpit import Cockpit
from tests.screens.writing_stage import cockpit
from tui.app import OfferdeckApp
from tui.screens.send import SendScreen

_TYPIST = """
import asyncio, sys
from textual import events
from core.deck import Deck
from tui.app import OfferdeckApp
from tui.screens.send import SendScreen
from tui.widgets.property_form import PropertyForm
from tui.widgets.virtual_table import VirtualTable

async def main():
    app = OfferdeckApp(Deck.create({"OFFERDECK_HOME": sys.argv[1]}), profile="mine")
    async with app.run_test(size=(120, 40)) as pilot:
        while app.desk is None:
            await pilot.pause(0.01)
        app.action_room("send")
        while not (isinstance(app.focused, VirtualTable) and isinstance(app.screen, SendScreen)):
            await pilot.pause(0.01)
        app.screen.choose_target(app.screen.kind, "campaign-of-before")
        app.screen.query_one("#compose-to").focus()
        app.post_message(events.Paste("LM-1\\nLM-2"))
        while "LM-2" not in app.screen.pane.to_text:
            await pilot.pause(0.01)
        app.screen.query_one(PropertyForm).action_add()
        await pilot.press(*"price", "enter", "1", "full_stop", "1", "0")
        while True:
            await pilot.pause(1)

asyncio.run(main())
"""


def a_profile(name: str) -> Profile:
    closed = "http://127.0.0.1:9"
    return Profile.make(
        name=name,
        environment="sandbox",
        core_url=closed,
        connect_url=closed,
        braze_url=closed,
        retailer_id="d35ba835-e971-43bf-9920-bff0c47a29dc",
        secrets="environment",
    )


def wait_for_draft(child: subprocess.Popen[bytes], drafts: Drafts) -> None:
    deadline = time.monotonic() + 12
    while "1.10" not in (drafts.load("send mine") or ""):
        assert child.poll() is None
        assert time.monotonic() < deadline, f"no draft within 12 s: {drafts.load('send mine')}"
        time.sleep(0.02)


@asynccontextmanager
async def sending_from(home: Path, profile: str) -> AsyncIterator[Cockpit]:
    deck = Deck.create({"OFFERDECK_HOME": str(home)})
    app = OfferdeckApp(deck, profile=profile)
    try:
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            running = Cockpit(app, pilot, deck)
            await running.until(lambda: app.desk is not None, "the profile")
            app.action_room("send")
            await running.until(lambda: isinstance(app.screen, SendScreen), "the room")
            yield running
    finally:
        await deck.close()


async def test_a_killed_process_loses_at_most_the_last_moments_of_a_send_being_prepared(tmp_path: Path):
    deck = Deck.create({"OFFERDECK_HOME": str(tmp_path)})
    deck.profiles.save(a_profile("mine"))
    deck.profiles.save(a_profile("other"))
    child = await asyncio.to_thread(subprocess.Popen, [sys.executable, "-c", _TYPIST, str(tmp_path)])
    try:
        await asyncio.to_thread(wait_for_draft, child, deck.drafts)
    finally:
        child.send_signal(signal.SIGKILL)
        await asyncio.to_thread(child.wait)

    async with sending_from(tmp_path, "other") as running:
        await running.shows("other", "0 of 50")
        assert "LM-1" not in running.text
        running.app.open_profile("mine")
        await running.shows("The send you were preparing is back.", "LM-1", "LM-2", "price", "1.10", "2 of 50")
        screen = running.app.screen
        assert isinstance(screen, SendScreen)
        target = screen.targets.target
        assert target is not None and target.id == "campaign-of-before"
        running.app.open_profile("other")
        await running.hides("LM-1")
    assert await deck.ledger.entries() == []
    await deck.close()


@pytest.mark.parametrize("outcome", ["accepted", "refused"])
async def test_an_accepted_send_is_kept_no_longer_and_a_refused_one_is(outcome: str):
    async with cockpit() as it:
        drafts = it.app.deck.drafts
        await it.press("S")
        await it.comes_to("SendScreen")
        await it.sees("134", "enabled")
        screen = it.app.screen
        assert isinstance(screen, SendScreen)
        screen.pane.set_form(screen.pane.form.put(99, "price", "1.10"))
        await it.sees("price")
        while "price" not in (drafts.load("send demo") or ""):
            await it.pilot.pause(0.01)
        if outcome == "refused":
            it.sandbox.inject("403@braze:/campaigns/trigger/send")
        screen.action_review()
        await it.comes_to("ReviewDialog")
        await it.press("right", "enter")
        await it.comes_to("ReceiptDialog")
        if outcome == "accepted":
            await it.sees("✓ accepted")
            while drafts.load("send demo") is not None:
                await it.pilot.pause(0.01)
        else:
            await it.sees("✗")
            await it.pilot.pause(0.5)
            assert "price" in (drafts.load("send demo") or "")
        await it.press("escape")
        await it.comes_to("SendScreen")
        assert screen.pane.properties["price"] == 1.1


async def test_a_draft_that_meets_another_send_waits_aside_and_comes_back_by_key():
    async with cockpit() as it:
        deck = it.app.deck
        await SendDrafts(deck.drafts).keep("demo", SendDraft(to="LM-before", form=Form().put(0, "mine", "1.0")))
        await it.press("S")  # with the offer under the cursor
        await it.comes_to("SendScreen")
        await it.sees("134", "offer_title")
        screen = it.app.screen
        assert isinstance(screen, SendScreen)
        assert "offer_title" in screen.pane.properties
        while deck.drafts.load("send demo aside") is None:
            await it.pilot.pause(0.01)
        await it.press("B")
        await it.sees("LM-before", "mine")
        assert screen.pane.properties == {"mine": 1.0}
        await it.press("B")
        await it.sees("offer_title")
        assert "offer_title" in screen.pane.properties
        assert it.writes == []
