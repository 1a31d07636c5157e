"""What a call of the message is answered with: the wallet at hand, as far as the call asks for it, or a live answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.desk import Desk
from tests.screens.cockpit import Cockpit, cockpit, id_of
from tests.screens.test_message import message, room, to_the_message

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


CALL = """{% connected_content @URL :method post @HEADERS :content_type application/json :body
{"retailer_id":"@RETAILER","user_id":"{{${user_id}}}","culture":"@CULTURE","skip":0,"take":@TAKE}
:save w %}{{w.payload.user_offers | size}} offers"""


def call(running: Cockpit, *, culture: str = "en-US", take: int = 1000, header: str = "") -> str:
    """A message that asks for the wallet and counts what came."""
    profile = running.app.desk.profile
    words = {
        "@URL": profile.connect_url + "/offers/api/2.0/offers/get_user_offers",
        "@HEADERS": header and ':headers {"Authorization":"Basic ' + header + '"}',
        "@RETAILER": profile.retailer_id,
        "@CULTURE": culture,
        "@TAKE": str(take),
    }
    text = CALL
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


AUTHORIZED = "{{content_blocks.${connect_authorization}}}"


def rules(running: Cockpit) -> set[str]:
    view = room(running).view
    return {problem.rule for problem in view.rendered.problems} if view is not None else set()


async def replaced(running: Cockpit, text: str) -> None:
    room(running).writing.editor.replace_all(text)
    await running.until(lambda: room(running).draft.text == text and room(running).view is not None, "the text")


async def test_the_wallet_at_hand_answers_a_call_that_asks_for_it_and_says_where_one_asks_for_more_or_other() -> None:
    async with cockpit() as running:
        await to_the_message(running)
        await replaced(running, call(running, header=AUTHORIZED))
        await running.until(lambda: "12 offers" in message(running), "the wallet")
        assert "connected-differs" not in rules(running)
        await replaced(running, call(running, header=AUTHORIZED, take=2))
        await running.until(lambda: "2 offers" in message(running) and "12" not in message(running), "two of them")
        await replaced(running, call(running, header=AUTHORIZED, culture="de-DE"))
        await running.shows("asks for culture", "for culture")
        await replaced(running, call(running))
        await running.shows("has no header")


async def test_a_live_answer_serves_that_request_alone_and_is_forgotten_by_key() -> None:
    async with cockpit() as running:
        await to_the_message(running)
        await replaced(running, call(running))
        await running.until(lambda: "12 offers" in message(running), "the wallet at hand")
        await running.press("escape", "L")
        await running.shows("401", "live answers, ^R forgets them")
        await running.press("left_square_bracket", "left_square_bracket")
        await running.until(lambda: "0 offers" in message(running), "what the call was answered")
        await replaced(running, call(running, header=AUTHORIZED))
        await running.until(lambda: "12 offers" in message(running), "the wallet at hand again")
        await replaced(running, call(running))
        await running.until(lambda: "0 offers" in message(running), "the live answer again")
        await running.press("ctrl+r")
        await running.until(lambda: "12 offers" in message(running), "the live answer forgotten")
        await running.hides("live answers")


async def test_what_was_typed_and_looked_up_for_one_tenant_stays_there() -> None:
    async with cockpit() as running:
        app, opening = running.app, running.deck.open

        async def named(name: str) -> Desk:
            desk = await opening("demo")
            desk.profile = replace(desk.profile, name=name)
            return desk

        running.deck.open = named  # type: ignore[method-assign]
        running.app.look_up(id_of("ben"))
        await to_the_message(running)
        await replaced(running, "{{ n }} things")
        await running.press("escape", "d")
        await running.shows("Data of your own")
        await running.press('text:{"variables": {"n": 41}}', "ctrl+s")
        await running.until(lambda: "41 things" in message(running), "the data")
        app.open_profile("other")
        await running.until(lambda: "41" not in message(running) and app.profile_name == "other", "the other tenant")
        asked = len(running.sandbox.requests)
        app.action_previous_customer()
        assert not app._previous and len(running.sandbox.requests) == asked
        app.open_profile("demo")
        await running.until(lambda: "41 things" in message(running), "the data again")
