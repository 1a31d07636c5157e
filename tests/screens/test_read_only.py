"""A cockpit that may not write says so in the bar, in words and a sign, and goes on reading."""

from __future__ import annotations

import pytest

from core.adapters.ledger import SqliteLedger
from core.adapters.locks import ProfileLock
from core.deck import Deck
from tests.screens.cockpit import Cockpit
from tests.screens.test_send_drafts import a_profile
from tests.unwritable import reachable_folder, unwritable
from tests.wire.test_ledger import entry
from tui.app import OfferdeckApp


async def test_while_another_program_writes_the_bar_says_who(tmp_path):
    deck = Deck.create({"OFFERDECK_HOME": str(tmp_path)})
    deck.profiles.save(a_profile("mine"))
    lock = ProfileLock(deck.places, "mine")
    assert lock.acquire()
    app = OfferdeckApp(deck, profile="mine")
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        running = Cockpit(app, pilot, deck)
        await running.shows(f"! read-only: process {lock.holder_pid} writes")
    lock.release()
    await deck.close()


@pytest.mark.parametrize("width", [80, 120])
async def test_on_a_disk_that_takes_nothing_the_cockpit_stays_up_reads_its_ledger_and_says_why_it_cannot_write(width):
    with reachable_folder() as folder:
        deck = Deck.create({"OFFERDECK_HOME": str(folder)})
        deck.profiles.save(a_profile("mine"))
        writer = SqliteLedger(deck.places.ledger)
        await writer.plan(entry(profile="mine"))
        await writer.close()
        app = OfferdeckApp(deck, profile="mine")
        async with app.run_test(size=(width, 30), notifications=True) as pilot:
            with unwritable(folder):
                running = Cockpit(app, pilot, deck)
                await running.shows("! read-only: no ledger")
                app.action_room("ledger")
                await running.shows("Points expiring", "newest first")
                await running.press("U")
                await running.shows("Nothing leaves without it")
        await deck.close()
