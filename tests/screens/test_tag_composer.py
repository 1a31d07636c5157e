"""Tagging by keys alone: composed, reviewed, received, seen in the tags pane."""

from __future__ import annotations

import pytest

from tests.screens.writing_stage import Cockpit, cockpit
from tui.widgets.action import Action


async def test_tags_with_a_ttl_are_reviewed_accepted_and_seen_in_the_tags_pane():
    async with cockpit() as it:
        await it.press("T")
        await it.comes_to("TagComposer")
        await it.type("winback_q3, spring26")
        await it.press("enter")
        await it.type("30d")
        await it.sees("2592000 s = 30 d 00 h, until", "winback_q3 is there as counter", '"ttl":2592000')
        await it.press("enter")
        assert it.focused == "tag-review"
        assert it.writes == []
        await it.press("enter")
        await it.comes_to("ReviewDialog")
        assert it.focused == "review-cancel"
        await it.sees(
            "Review this tagging", "1 person", "Ana Prado", "Set 2 tags", "There is no undo.", "expires in 9:5"
        )
        assert it.writes == []
        await it.press("right", "enter")
        await it.comes_to("ReceiptDialog")
        await it.sees("✓ accepted", "SessionM Core accepted it.", "+ spring26", "~ winback_q3", "HTTP 200")
        assert len(it.writes) == 1
        await it.press("escape")
        await it.comes_to("CustomerScreen")
        assert "spring26" in {tag.name for tag in it.app.subject.tags.value or ()}
        await it.sees("spring26")
        (entry,) = await it.ledger()
        assert entry.state == "sent"
        assert entry.body == '{"tags":["winback_q3","spring26"],"ttl":2592000}'


async def compose(it: Cockpit, names: str = "", ttl: str = "") -> None:
    """Open the composer and type into its fields."""
    await it.press("T")
    await it.comes_to("TagComposer")
    await it.type(names)
    await it.press("enter")
    await it.type(ttl)


@pytest.mark.parametrize(
    ("ttl", "words"),
    [
        ("30d", "2592000 s = 30 d 00 h, until"),
        ("36h", "129600 s = 1 d 12 h, until"),
        ("20000", "20000 s = 5 h 33 min, until"),
        ("2999-12-24 18:00", "24 Dec 2999 18:00"),
    ],
)
async def test_a_ttl_is_told_in_seconds_and_as_the_date_it_leads_to(ttl: str, words: str):
    async with cockpit() as it:
        await compose(it, "a", ttl)
        await it.sees(words)


async def test_what_cannot_go_out_is_told_in_the_line_and_leads_to_no_review():
    async with cockpit() as it:
        await compose(it)
        await it.sees("no tag is typed yet")
        await it.press("f8")
        assert it.dialog == "TagComposer"
        await it.type("yesterday")
        await it.press("shift+tab")
        await it.type("a")
        await it.sees("'yesterday' is not a TTL.")
        await it.press("f8", "enter", "enter", "enter")
        assert it.dialog == "TagComposer"


async def test_each_tag_is_warned_of_against_the_tags_there_are():
    async with cockpit() as it:
        await compose(it, "winback_q3 vip_weekend")
        await it.sees("winback_q3 is there as a counter: this adds 1 (3 → 4).", "vip_weekend is there as expiring")
        await it.sees("posting again adds 1", "No way to take a tag back is documented.")
        await it.type("1d")
        await it.sees("vip_weekend is there and expires: its clock starts anew.")


async def test_the_request_is_shown_as_http_and_as_curl_without_any_secret():
    async with cockpit() as it:
        await compose(it, "a")
        await it.sees("HTTP/1.1", "Authorization: Basic base64({core_key}:{core_secret})")
        await it.press("f6")
        await it.sees("curl -X POST", '"$CORE_KEY:$CORE_SECRET"')
        assert not any(secret in it.text for secret in it.sandbox.secrets.values())


async def test_leaving_keeps_the_text_for_this_customer_and_for_no_other():
    async with cockpit() as it:
        await compose(it, "half_typed", "3d")
        await it.press("escape", "T")
        await it.sees("half_typed", "259200 s")
        await it.press("escape", "f2")
        await it.type(it.sandbox.customer("empty").user_id)
        await it.press("enter")
        await it.sees("Ben Ostrow", "The wallet is empty.")
        await it.press("T")
        await it.comes_to("TagComposer")
        assert "half_typed" not in it.text


async def test_the_tag_of_a_customer_without_tags_is_new():
    async with cockpit("empty") as it:
        await compose(it, "[/b]\\x")
        await it.press("f8")
        await it.comes_to("ReviewDialog")
        await it.press("right", "enter")
        await it.sees("+ [/b]\\x", "counter × 1")


async def test_from_the_receipt_6_leads_to_the_ledger_and_leaves_no_dialog_behind():
    async with cockpit() as it:
        await compose(it, "q4_test", "36h")
        await it.press("f8")
        await it.comes_to("ReviewDialog")
        await it.press("right", "enter")
        await it.sees("+ q4_test")
        await it.press("6")
        await it.comes_to("LedgerScreen")
        await it.sees("q4_test", "accepted")
        await it.press("1")
        await it.comes_to("CustomerScreen")


async def test_presses_that_arrive_before_the_review_covers_the_button_open_one_review():
    async with cockpit() as it:
        await it.press("T")
        await it.comes_to("TagComposer")
        await it.type("winback")
        await it.sees("1 tag")
        composer = it.app.screen
        button = composer.query_one("#tag-review", Action)
        for _ in range(50):
            composer.post_message(Action.Pressed(button))
        await it.comes_to("ReviewDialog")
        await it.pilot.pause()
        assert [type(screen).__name__ for screen in it.app.screen_stack].count("ReviewDialog") == 1
        await it.press("escape")
        await it.comes_to("TagComposer")
