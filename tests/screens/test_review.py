"""The review and its receipt by keys alone: nothing leaves by accident, nothing twice, and every outcome is told."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta

import pytest

from core.plans import Plan
from core.profiles import Environment
from core.sends import Recipients, TargetKind
from core.tags import parse_ttl
from tests.screens.driver import until
from tests.screens.writing_stage import Cockpit, cockpit
from tui.dialogs.receipt import ReceiptDialog
from tui.dialogs.review import Reads, ReviewDialog
from tui.widgets.action import Action
from tui.writing import CopyWanted


def tag_plan(it: Cockpit, *names: str, ttl: str = "") -> Plan:
    """A plan to tag the customer on the screen."""
    app = it.app
    assert app.desk is not None
    until_ = parse_ttl(ttl, app.deck.clock.now())
    user_id, tags = app.subject.user_id, app.subject.tags.value
    return app.desk.plan_tags(user_id, names or ("a",), until_, customer=app.subject.customer.value, current=tags)


async def review(it: Cockpit, *names: str) -> Plan:
    """Open the review of a tagging."""
    plan = tag_plan(it, *names)
    it.app.review(plan)
    await it.comes_to("ReviewDialog")
    return plan


def go(it: Cockpit) -> Action:
    """The button that sends."""
    return it.app.screen.query_one("#review-go", Action)


async def test_the_review_says_what_to_whom_how_and_byte_for_byte():
    async with cockpit() as it:
        plan = tag_plan(it, "winback_q3", "[/b]", ttl="36h")
        it.app.review(plan, reads=Reads("Ana", (("subject", "100 points, 3 offers [/b]"),)))
        await it.comes_to("ReviewDialog")
        await it.sees("129600 s = 1 d 12 h", "will create", "[/b]", "will change", "winback_q3", "Set 2 tags")
        await it.sees(f"plan {plan.short_id}", f"sha {plan.digest[:8]}", "expires in 9:5", "There is no undo.")
        await it.sees("POST", "{core_key}", '"ttl": 129600', "Ana will read", "100 points, 3 offers [/b]")
        assert it.focused == "review-cancel"


@pytest.mark.parametrize("keys", [("enter",), ("escape",), ("space",), ("left", "enter"), ("tab", "tab", "enter")])
async def test_every_way_out_but_the_yes_sends_nothing(keys: tuple[str, ...]):
    async with cockpit() as it:
        await review(it)
        await it.press(*keys)
        await it.comes_to("CustomerScreen")
        assert it.writes == []
        assert await it.ledger() == []


@pytest.mark.parametrize("times", [6, pytest.param(50, marks=pytest.mark.slow)])
async def test_a_storm_of_enters_sends_nothing_from_the_review_the_composer_and_the_unlocking(times: int):
    async with cockpit(environment=Environment.PRODUCTION) as it:
        desk = it.app.desk
        assert desk is not None
        await review(it)
        await it.press(*["enter"] * times)
        assert it.dialog == "CustomerScreen"
        await it.press("T")
        await it.comes_to("TagComposer")
        await it.type("a")
        for storm in (["enter"] * times, ["ctrl+j"] * times, ["enter"] * (times + 1)):
            await it.press(*storm)
            assert it.writes == []
        while it.dialog != "CustomerScreen":
            await it.press("escape")
        desk.gate.lock()
        await it.press("U")
        await it.comes_to("UnlockDialog")
        await it.press(*["enter"] * times)
        assert desk.gate.unlocked_for is None
        assert it.writes == []


@pytest.mark.parametrize("times", [5, pytest.param(200, marks=pytest.mark.slow)])
async def test_double_presses_send_once_for_each_review(times: int):
    async with cockpit() as it:
        assert it.app.desk is not None
        async with aclosing(it.app.desk.targets(TargetKind.CANVAS)) as pages:
            (target, *_) = await anext(pages)
        for number in range(times):
            it.app.review(it.app.desk.plan_send(target, Recipients((f"LM-{number}",)), {}))
            await it.comes_to("ReviewDialog")
            await it.press("right")
            button = go(it)
            button.action_press()
            button.action_press()
            await it.press("enter", "enter")
            await it.comes_to("ReceiptDialog")
            await until(it.pilot, lambda: not it.app.runs.under_way, what="the receipt")
            await it.press("escape")
        assert len(it.writes) == times
        assert {entry.state for entry in await it.ledger()} == {"sent"}
        assert len({request.body for request in it.writes}) == times


async def test_both_presses_of_a_double_press_in_one_batch_of_keys_send_once():
    async with cockpit() as it:
        await review(it)
        await it.press("right", "enter", "enter", "enter")
        await it.sees("✓ accepted")
        await it.press("enter")
        assert it.dialog == "ReceiptDialog"
        assert len(it.writes) == 1


async def test_production_waits_for_the_name_to_the_letter_and_says_so():
    async with cockpit(environment=Environment.PRODUCTION) as it:
        await review(it, "vip", "gold")
        await it.sees("Production: type the tags to go on", "vip, gold", "waits for the tags")
        assert go(it).disabled
        await it.press("right", "enter")
        await it.comes_to("CustomerScreen")
        await review(it, "vip", "gold")
        await it.press("shift+tab")
        await it.type("vip, Gold")
        await it.press(*["enter"] * 20)
        assert it.dialog == "ReviewDialog"
        await it.press("tab", "tab", "enter")
        assert it.writes == []
        while it.dialog != "CustomerScreen":
            await it.press("escape")
        await review(it, "vip", "gold")
        await it.press("shift+tab")
        await it.type("vip, gold")
        await it.press("tab", "tab")
        assert it.focused == "review-go"
        await it.press("enter")
        await it.sees("✓ accepted")
        assert len(it.writes) == 1


async def test_a_name_taken_back_disables_the_button_again():
    async with cockpit(environment=Environment.PRODUCTION) as it:
        await review(it, "vip")
        await it.press("shift+tab")
        await it.type("vip")
        assert not go(it).disabled
        await it.press("backspace")
        assert go(it).disabled


async def test_an_expired_review_says_so_and_cannot_be_answered_with_yes():
    async with cockpit() as it:
        await review(it)
        await it.press("right")
        assert it.focused == "review-go"
        clock = it.app.deck.clock
        later = clock.now() + timedelta(minutes=11)
        clock.now = lambda: later  # type: ignore[method-assign]
        go(it).action_press()
        await it.sees("expired", "review again")
        assert go(it).disabled
        assert it.focused == "review-cancel"
        await it.press("enter")
        await it.comes_to("CustomerScreen")
        assert it.writes == []


async def test_locked_production_says_why_and_u_unlocks_it_by_its_name():
    async with cockpit(environment=Environment.PRODUCTION, unlocked=False) as it:
        await review(it, "vip")
        await it.sees("read-only: U unlocks it")
        await it.press("U")
        await it.comes_to("UnlockDialog")
        await it.type("dem")
        await it.press("enter", "tab", "enter")
        await it.comes_to("ReviewDialog")
        await it.press("U")
        await it.comes_to("UnlockDialog")
        await it.type("demo")
        await it.press("enter")
        assert it.focused == "unlock-go"
        await it.press("enter")
        await it.comes_to("ReviewDialog")
        await it.sees("unlocked 4:5", "waits for the tags")
        await it.press("escape", "U")
        await it.sees("read-only")
        assert it.app.desk is not None
        assert it.app.desk.gate.unlocked_for is None
        assert it.writes == []


async def test_a_502_is_unknown_and_says_what_it_may_mean_and_what_to_do():
    async with cockpit() as it:
        it.sandbox.inject("502-html", service="core", path="/tags", times=1)
        await review(it, "spring26")
        await it.press("right", "enter")
        await it.sees(
            "! unknown", "it may have been accepted", "never repeated by itself", "Ledger", "adds 1 once more"
        )
        await it.sees("no difference to what was shown before")
        (entry,) = await it.ledger()
        assert entry.state == "unknown"
        assert len(it.writes) == 1


async def test_a_429_shows_the_wait_and_goes_again_once():
    async with cockpit() as it:
        it.sandbox.inject("429=2", service="core", path="/tags", times=1)
        await review(it, "spring26")
        await it.press("right", "enter")
        await it.sees("waiting", "SessionM Core asked for a pause", "goes again in")
        await it.press("enter", "enter")
        assert it.dialog == "ReceiptDialog"
        await it.sees("✓ accepted", "2 attempts", seconds=10)
        (entry,) = await it.ledger()
        assert (entry.state, entry.attempts) == ("sent", 2)


async def test_a_refusal_is_told_in_the_vendors_words_and_the_composer_keeps_its_text():
    async with cockpit() as it:
        it.sandbox.inject("404", service="core", path="/tags", times=1)
        await it.press("T")
        await it.comes_to("TagComposer")
        await it.type("spring26")
        await it.press("f8")
        await it.comes_to("ReviewDialog")
        await it.press("right", "enter")
        await it.sees("✗ rejected", "SessionM Core refused the request (404)", "Nothing was done.")
        await it.press("escape")
        await it.comes_to("TagComposer")
        await it.sees("spring26")


async def test_leaving_the_receipt_never_cuts_the_write():
    async with cockpit() as it:
        it.sandbox.inject("latency=2000", service="core", path="/tags", times=1)
        plan = await review(it, "spring26")
        await it.press("right", "enter")
        await it.comes_to("ReceiptDialog")
        await it.sees("sending", "the write goes on")
        await it.press("escape")
        assert it.dialog == "CustomerScreen"
        assert it.app.runs.under_way
        await it.press("3", "1")
        await until(it.pilot, lambda: not it.app.runs.under_way, what="the end of the run")
        (entry,) = await it.ledger()
        assert (entry.id, entry.state) == (plan.id, "sent")
        await until(
            it.pilot, lambda: any(t.name == "spring26" for t in it.app.subject.tags.value or ()), what="the tag"
        )


async def test_a_yes_given_twice_to_the_app_is_one_run():
    async with cockpit() as it:
        plan = await review(it)
        dialog = it.app.screen
        assert isinstance(dialog, ReviewDialog)
        await it.press("right", "enter")
        await it.comes_to("ReceiptDialog")
        receipt = it.app.screen
        assert isinstance(receipt, ReceiptDialog)
        again = it.app.write(plan, receipt.run_followed.confirmation)
        assert again is receipt.run_followed
        await it.sees("✓ accepted")
        await asyncio.sleep(0)
        assert len(it.writes) == 1


async def test_y_asks_for_a_curl_line_without_secrets():
    async with cockpit() as it:
        await review(it)
        await it.press("y")
        wish = next(message for message in it.heard if isinstance(message, CopyWanted))
        assert wish.text.startswith("curl -X POST")
        assert "$CORE_SECRET" in wish.text
        assert not any(secret in wish.text for secret in it.sandbox.secrets.values())


@pytest.mark.parametrize("size", [(160, 40), (120, 40), (80, 24), (60, 20)])
async def test_buttons_and_phrase_stay_in_sight_in_every_layout(size: tuple[int, int]):
    async with cockpit(environment=Environment.PRODUCTION, size=size) as it:
        await review(it, *(f"tag_{number}" for number in range(30)))
        await it.sees("Cancel", "Set 30 tags", "Production", "Review this tagging")
        region = go(it).region
        assert region.bottom < size[1]
        assert region.height == 1
