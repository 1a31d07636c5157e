"""Sending by keys alone: chosen, filled, reviewed, accepted, in the ledger; and everything that must not go."""

from __future__ import annotations

import json

import pytest

from core.clean import safe_lines
from core.errors import Guarded
from core.profiles import Environment
from core.sandbox.seed_offers import OfferSeed, ahead, plain
from core.sends import Broadcast
from tests.screens.driver import until
from tests.screens.writing_stage import Cockpit, cockpit
from tui.screens.send import SendScreen
from tui.widgets.compose_pane import ComposePane
from tui.widgets.property_form import PropertyForm
from tui.widgets.target_list import TargetList

REMINDER = "Offer expiring reminder"


def room(it: Cockpit) -> SendScreen:
    assert isinstance(it.app.screen, SendScreen)
    return it.app.screen


async def choose(it: Cockpit, name: str = "expiring rem") -> None:
    """From the Customer screen: take the first offer to the Send room, find a campaign and wait for its details."""
    await it.press("S")
    await it.comes_to("SendScreen")
    await it.sees("134")
    await it.press("slash")
    await it.type(name)
    await it.press("enter")
    await it.sees("enabled", "✓ 3 read")


async def test_a_campaign_is_found_filled_reviewed_accepted_and_in_the_ledger():
    async with cockpit() as it:
        await choose(it)
        await it.sees("ids agree ✓", "1 of 50", "offer_title", "Free coffee", "○ 5 not read", '"broadcast": false')
        await it.press("S")
        await it.comes_to("ReviewDialog")
        await it.sees("Review this send", REMINDER, "ids agree", '"broadcast": false', "Trigger campaign")
        await it.sees("the message reads 3 of 8", "Ana will read", "Free coffee ends soon")
        assert it.focused == "review-cancel"
        assert it.writes == []
        await it.press("tab", "enter")
        await it.comes_to("ReceiptDialog")
        await it.sees("✓ accepted", "dispatch id", "not yet delivered", "HTTP 201")
        (request,) = it.writes
        (entry,) = await it.ledger()
        assert entry.reference in it.text
        assert entry.state == "sent"
        assert entry.body == request.body.decode()
        body = json.loads(entry.body)
        assert body["broadcast"] is False
        assert body["recipients"] == [{"external_user_id": it.app.subject.user_id}]
        assert body["trigger_properties"]["offer_title"] == "Free coffee"
        await it.press("tab", "enter")
        await it.comes_to("SendScreen")


@pytest.mark.parametrize("title", ["\u200fقهوة مجانية\u200f 20%", "\x1b]52;c;aGk=\x07Coffee \u202eeerf\r\n\x9b31m"])
async def test_a_title_is_shown_escaped_on_every_screen_and_leaves_as_it_came(title: str):
    def is_safe() -> bool:
        return safe_lines(it.text) == it.text

    offer = OfferSeed("verbatim", plain(title, f"description {title}", f"terms {title}"), expires=ahead(days=2))
    async with cockpit(offers=(offer,)) as it:
        assert is_safe()
        await choose(it)
        pane = room(it).query_one(ComposePane)
        for keys in (("enter", "down", "enter"), ("enter",), ("f6",), ("f6",)):  # to a row and in, out, JSON, form
            await it.press(*keys)
            await it.pilot.pause()
            assert is_safe()
            assert pane.properties["offer_title"] == title
        await it.press("S")
        await it.comes_to("ReviewDialog")
        await it.sees("Ana will read")
        assert is_safe()
        await it.press("right", "enter")
        await it.sees("✓ accepted")
        assert is_safe()
        (request,) = it.writes
        assert json.dumps(title, ensure_ascii=False).encode() in request.body
        assert request.json["trigger_properties"]["terms_and_conditions"] == f"terms {title}"
        await it.press("escape", "6")
        await it.sees("newest first")
        for key in ("enter", "right_square_bracket", "right_square_bracket", "right_square_bracket"):
            await it.press(key)
            assert is_safe()


async def test_a_number_leaves_as_it_was_typed_into_the_form_and_stays_so_through_the_json_text():
    async with cockpit(size=(120, 64)) as it:
        await choose(it)
        await it.press("enter", "a")
        await it.type("price")
        await it.press("enter")
        await it.type("1.1")
        await it.type("0")
        await it.press("enter", "f6")
        await it.sees('"price": 1.10')
        await it.press("f6", "S")
        await it.comes_to("ReviewDialog")
        await it.sees('"price": 1.10')
        await it.press("right", "enter")
        await it.sees("✓ accepted")
        (request,) = it.writes
        assert b'"price":1.10' in request.body
        await it.press("escape", "6")
        await it.sees("newest first")
        await it.press("enter", "right_square_bracket")
        await it.sees('"price": 1.10')


async def test_both_kinds_are_listed_page_by_page_and_searched_by_name_and_tag():
    async with cockpit() as it:
        await it.press("3")
        await it.comes_to("SendScreen")
        await it.sees("134")
        table = room(it).query_one(TargetList).table
        await it.press("slash")
        await it.type("日本")
        await until(it.pilot, lambda: len(table.rows) == 1, what="one by its tag")
        await it.press("escape")
        assert len(table.rows) == 134
        await it.press("right_square_bracket")
        await it.sees("Canvases", "14", "Welcome journey")
        await it.press("end")
        await it.sees("delivery")


async def test_a_canvas_takes_its_properties_as_context_and_a_paused_one_warns():
    async with cockpit() as it:
        await it.press("S")
        await it.comes_to("SendScreen")
        await it.press("right_square_bracket")
        await it.sees("14")
        await it.press("slash")
        await it.type("paused")
        await it.press("enter")
        await it.sees("stopped", "✓ 1 read", '"context"')
        await it.press("S")
        await it.comes_to("ReviewDialog")
        await it.sees("Trigger Canvas", "This Canvas is stopped")
        await it.press("right", "enter")
        await it.sees("✓ accepted", "The Canvas is paused")


async def test_an_id_that_is_typed_stands_first_and_gets_its_name_from_the_details():
    async with cockpit() as it:
        await it.press("3")
        await it.sees("134")
        wanted = next(row for row in room(it).query_one(TargetList).table.rows if row.name == REMINDER)
        await it.press("f9")
        await it.type(wanted.id)
        await it.press("enter")
        await it.sees(REMINDER, "email, ios_push")
        assert room(it).plan().target_id == wanted.id
        await it.press("number_sign")
        await it.type("nobody-has-this")
        await it.press("enter")
        await it.sees("not known yet", "Braze refused")
        assert "Whether this campaign is enabled is not known." in room(it).plan().warnings


async def test_a_list_that_cannot_be_read_says_so_and_refresh_reads_it():
    async with cockpit() as it:
        it.sandbox.inject("401", service="braze", path="/campaigns/list", times=1)
        await it.press("3")
        await it.sees("(401)", "^R retry", "No campaign is chosen.")
        await it.press("f8")
        assert it.dialog == "SendScreen"
        await it.press("ctrl+r")
        await it.sees("134", "enabled")


async def test_the_form_marks_what_the_template_reads_misses_and_does_not_read():
    async with cockpit() as it:
        await choose(it)
        form = room(it).query_one(PropertyForm)
        await it.press("enter")
        assert it.app.focused is form.table
        marks = {entry.key: entry.mark for entry in form.table.rows}
        assert marks["offer_title"] == "read"
        assert marks["logo"] == "unread"
        await it.press("o")
        await it.sees("! 3 missing")
        await it.press("o")
        await it.sees("✓ 3 read")


async def test_a_property_is_edited_added_and_removed_and_keeps_its_kind():
    async with cockpit() as it:
        await choose(it)
        pane = room(it).query_one(ComposePane)
        await it.press("enter", "down", "enter", "ctrl+u")
        await it.type("Gratis [/b] Kaffee")
        await it.press("escape")
        assert pane.properties["offer_title"] == "Gratis [/b] Kaffee"
        await it.press("a")
        await it.type("points")
        await it.press("enter")
        await it.type("42")
        await it.press("enter")
        assert pane.properties["points"] == 42
        await it.press("end", "d")
        assert "points" not in pane.properties


async def test_the_json_text_is_the_form_and_an_error_says_line_and_column_and_stops_the_review():
    async with cockpit() as it:
        await choose(it)
        pane = room(it).query_one(ComposePane)
        await it.press("f6")
        await it.sees('"offer_title": "Free coffee"')
        await it.press("ctrl+home")
        await it.type("x")
        await it.sees("line 1, column 1")
        assert pane.query_one("#compose-review").disabled
        await it.press("f8", "f6")
        assert it.dialog == "SendScreen"
        assert pane.is_json
        await it.press("backspace", "right")
        await it.type('"mine": [1, 2],')
        await it.press("f6")
        assert not pane.is_json
        assert pane.properties["mine"] == [1, 2]
        await it.sees("mine", "[1, 2]")


async def test_typed_recipients_are_counted_and_refused_with_the_reason_in_the_line():
    async with cockpit() as it:
        await choose(it)
        pane = room(it).query_one(ComposePane)
        pane.query_one("#compose-to").focus()
        await it.press("end", "enter")
        await it.type("LM-1")
        await it.sees("2 of 50", "and 1 more")
        await it.press("f8")
        await it.comes_to("ReviewDialog")
        await it.sees("2 people")
        await it.press("escape")
        await it.press("enter")
        await it.type("LM-1")
        await it.sees("is named twice")
        await it.press("f8")
        assert it.dialog == "SendScreen"
        pane.query_one("#compose-to").focus()
        await it.press(*["backspace"] * 50)
        await it.sees("There is no recipient.", "on the screen, is not", "0 of 50")
        assert it.writes == []


async def test_another_customer_is_another_recipient_and_takes_the_offer_of_the_one_before_away():
    async with cockpit() as it:
        await choose(it)
        first = it.app.subject.user_id
        await it.press("f2")
        await it.type(it.sandbox.customer("mismatch").user_id)
        await it.press("enter")
        await it.sees("Fritz Amsel", "✗ Braze knows")
        pane = room(it).query_one(ComposePane)
        assert first not in pane.recipients.ids
        assert "offer_title" not in pane.properties
        assert it.app.chosen_offer is None
        assert "the recipient may not be found" in room(it).plan().warnings[0]


@pytest.mark.parametrize("times", [6, pytest.param(50, marks=pytest.mark.slow)])
async def test_a_storm_of_enters_anywhere_in_the_room_sends_nothing(times: int):
    async with cockpit() as it:
        await choose(it)
        chain = list(it.app.screen.focus_chain)
        assert len(chain) >= 4
        for widget in chain:
            while it.dialog != "SendScreen":
                await it.press("escape")
            widget.focus()
            await it.press(*["enter"] * times)
            assert it.writes == []


async def test_a_read_only_profile_says_so_in_the_line_and_opens_no_review():
    async with cockpit(environment=Environment.PRODUCTION, unlocked=False) as it:
        await choose(it)
        await it.sees("read-only", "U unlocks")
        await it.press("S", "f8")
        assert it.dialog == "SendScreen"


async def test_a_whole_segment_cannot_be_planned_from_this_room():
    async with cockpit() as it:
        await choose(it)
        desk, target = it.app.desk, room(it).targets.target
        assert desk is not None
        assert target is not None
        with pytest.raises(Guarded, match="whole segment"):
            desk.plan_send(target, Broadcast(target.name), {})
        assert "whole" not in " ".join(binding.description.lower() for binding in SendScreen.BINDINGS)


async def test_a_campaign_named_in_markup_runs_nothing():
    async with cockpit() as it:
        await it.press("S")
        await it.sees("134")
        await it.press("slash")
        await it.type("hello")
        await it.press("enter")
        await it.sees("[@click=app.bell]x[/]", "enabled")
        await it.press("S")
        await it.comes_to("ReviewDialog")
        await it.sees("Hello [/b] [@click=app.bell]x[/]")
        await it.press("right", "enter")
        await it.sees("✓ accepted", "Hello [/b]")


@pytest.mark.parametrize("size", [(160, 40), (120, 40), (80, 24), (60, 20)])
async def test_every_layout_leads_to_the_receipt(size: tuple[int, int]):
    async with cockpit(size=size) as it:
        await it.press("S")
        await it.comes_to("SendScreen")
        await until(it.pilot, lambda: not room(it)._listings[room(it).kind].loading, what="the list")
        await it.press("slash")
        await it.type("expiring rem")
        await it.press("enter", "enter")
        assert it.app.focused is room(it).query_one(PropertyForm).table
        await it.press("S")
        await it.comes_to("ReviewDialog")
        await it.press("right", "enter")
        await it.sees("✓ accepted")
        assert len(it.writes) == 1
