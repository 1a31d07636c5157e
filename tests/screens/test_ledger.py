"""The Ledger room by keys alone, on real HTTP: what left, what became of it, the proof."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from core.desk import Desk
from core.ledger import EntryState
from core.plans import Confirmation, Plan
from core.sends import Recipients, Target, TargetKind
from core.tags import parse_ttl
from tests.screens.cockpit import Cockpit, cockpit
from tui.screens.ledger import LedgerScreen
from tui.widgets.ledger_pane import LedgerPane

HOSTILE = "Free [/b] [@click=app.quit]coffee[/] \x1b]52;c;aGk=\x07 \u202eevil"


def desk(running: Cockpit) -> Desk:
    assert running.app.desk is not None
    return running.app.desk


async def carry_out(running: Cockpit, plan: Plan) -> None:
    await desk(running).execute(plan, Confirmation(plan.id, plan.digest))


async def campaign(running: Cockpit) -> Target:
    async for page in desk(running).targets(TargetKind.CAMPAIGN):
        return page[0]
    raise AssertionError("no campaign")


async def send(running: Cockpit, *people: str) -> Target:
    target = await campaign(running)
    to = Recipients(people or (running.app.subject.user_id,))
    await carry_out(running, desk(running).plan_send(target, to, {"offer_title": HOSTILE}))
    return target


async def send_into_the_dark(running: Cockpit) -> Target:
    """A send that Braze works on and that loses its answer."""
    running.sandbox.inject("reset-after-apply", path="/trigger", times=1)
    return await send(running)


async def tag(running: Cockpit, *names: str) -> None:
    ttl = parse_ttl("30d", running.deck.clock.now())
    await carry_out(running, desk(running).plan_tags(running.app.subject.user_id, names or ("vip",), ttl))


@asynccontextmanager
async def ledger(customer: str = "ana", *, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Cockpit]:
    """The cockpit with a tag and an accepted send behind it, standing in the Ledger room."""
    async with cockpit(customer, size=size) as running:
        await tag(running)
        await send(running)
        await running.press("6")
        await running.shows("2 entries", "vip", "accepted")
        yield running


def entry_state(running: Cockpit) -> EntryState:
    entry = running.app.screen.query_one(LedgerPane).entry
    assert entry is not None
    return entry.state


async def test_an_empty_ledger_says_what_will_appear():
    async with cockpit() as running:
        await running.press("6")
        await running.shows("Nothing has left through demo yet.", "before its first byte leaves", "Ana Prado")


async def test_what_left_stands_newest_first_with_its_outcome_and_opens_beside_the_list():
    async with ledger() as running:
        await running.shows("today", "campaign", "Braze accepted it.", "dispatch id", "Details")
        assert running.text.index("campaign") < running.text.index("vip")
        await running.press("down")
        await running.shows("SessionM Core accepted it.", "sessionm.tags.post")


async def test_a_write_that_settles_while_one_looks_appears_by_itself():
    async with ledger() as running:
        plan = desk(running).plan_tags(running.app.subject.user_id, ("late_one",), None)
        running.app.write(plan, Confirmation(plan.id, plan.digest))
        await running.shows("3 entries", "late_one")


async def test_what_another_program_sends_settles_on_the_screen_too():
    async with ledger() as running:
        (sent, *_) = await desk(running).ledger_entries("campaign")
        other = replace(sent, id="f" * 32, state=EntryState.PLANNED, settled_at=None, reference="", answer_body="")
        await running.deck.ledger.plan(other)
        await running.deck.ledger.claim(other.id)
        await running.press("ctrl+r")
        await running.shows("3 entries", "sending")
        await running.deck.ledger.settle(replace(sent, id=other.id, state=EntryState.REJECTED))
        await running.shows("✗ rejected")
        await running.hides("sending")


async def test_brackets_walk_through_request_answer_and_curl_without_any_secret():
    async with ledger() as running:
        await running.press("right_square_bracket")
        await running.shows("POST /campaigns/trigger/send HTTP/1.1", "Bearer {braze_key}", '"broadcast": false')
        await running.press("right_square_bracket")
        await running.shows("201", '"message": "success"')
        await running.press("right_square_bracket")
        await running.shows("curl -X POST", "$BRAZE_KEY")
        await running.press("right_square_bracket")
        await running.shows("endpoint")
        secrets = running.sandbox.secrets.values()
        assert not any(secret in running.text for secret in secrets)


async def test_find_asks_the_ledger_and_escape_shows_everything_again():
    async with ledger() as running:
        await running.press("slash", "text:vip", "enter")
        await running.shows("1 entry with “vip”")
        await running.press("escape")
        await running.shows("2 entries")
        await running.press("slash", "exclamation_mark", "text:vip")
        await running.shows("1 entry with “vip”", "campaign")
        await running.press("escape", "slash", "text:nothing here")
        await running.shows("Nothing matches “nothing here”.")


async def test_a_trace_in_braze_proves_that_an_unknown_send_arrived_and_it_can_be_marked_so():
    async with cockpit() as running:
        await send_into_the_dark(running)
        await running.press("6")
        await running.shows("! unknown", "It may have been", "1 unknown", "verify")
        await running.press("V")
        await running.shows("It arrived: Braze shows", "received 20")
        assert entry_state(running) is EntryState.UNKNOWN
        await running.press("M")
        await running.shows("What became of it?", "Nothing is sent by marking", "It arrived")
        await running.press("enter")
        await running.hides("What became of it?")
        assert entry_state(running) is EntryState.UNKNOWN
        await running.press("M", "tab", "enter")
        await running.shows("✓ accepted", "a person said so")
        await running.until(lambda: entry_state(running) is EntryState.SENT, "the mark")


async def test_no_trace_in_braze_proves_nothing_and_says_so():
    async with cockpit() as running:
        running.sandbox.inject("reset-after-read", path="/trigger", times=1)
        await send(running, "unknown-to-braze-77")
        await running.press("6")
        await running.shows("unknown")
        await running.press("V")
        await running.shows("Nothing is proved", "unknown to Braze")
        assert entry_state(running) is EntryState.UNKNOWN


async def test_another_accepted_send_of_the_same_campaign_spoils_the_proof():
    async with cockpit() as running:
        await send_into_the_dark(running)
        await send(running)
        await running.press("6")
        await running.shows("2 entries")
        await running.press("down", "V")
        await running.shows("Nothing is proved", "another send of ours")


async def test_a_known_outcome_can_be_neither_verified_nor_marked():
    async with ledger() as running:
        before = len(running.sandbox.requests)
        await running.press("V", "M")
        assert isinstance(running.app.screen, LedgerScreen)
        assert len(running.sandbox.requests) == before


async def test_sending_an_unknown_one_again_asks_for_its_name_in_the_review():
    async with cockpit() as running:
        target = await send_into_the_dark(running)
        await running.press("6")
        await running.shows("unknown")
        sends = len([one for one in running.sandbox.requests if one.path.endswith("/trigger/send")])
        await running.press("R")
        await running.shows("Review this send", "may reach people twice", target.name)
        await running.press("right", "enter", "escape")
        assert len([one for one in running.sandbox.requests if one.path.endswith("/trigger/send")]) == sends


async def test_the_copy_menu_offers_what_the_entry_has_and_says_what_it_lacks():
    async with ledger() as running:
        await running.press("down", "y")
        await running.shows("dispatch id", "this entry has none", "curl", "offerdeck ledger show")
        await running.press("d")
        await running.shows("this entry has none")
        await running.press("j")
        await running.shows("Handed to the terminal", "entry as JSON")
        document = json.loads(running.app.clipboard)
        assert document["kind"] == "tag"
        assert not any(secret in running.app.clipboard for secret in running.sandbox.secrets.values())


@pytest.mark.parametrize("size", [(160, 40), (120, 40), (80, 24), (60, 20)])
async def test_every_layout_shows_list_and_entry_and_no_line_is_broken(size):
    async with ledger("hostile", size=size) as running:
        await running.press("enter")
        await running.shows("Details", "Braze accepted it.")
        for _ in range(4):
            await running.press("right_square_bracket")
            await running.pilot.pause()
            strips = running.app.screen._compositor.render_strips()
            assert all(strip.cell_length == size[0] for strip in strips)
            assert not any(character in running.text for character in "\x1b\x07\x9b\u202e")
        await running.press("escape")
        await running.shows("2 entries")
