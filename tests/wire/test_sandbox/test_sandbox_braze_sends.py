"""Trigger sends in the sandbox: what is accepted, what is refused, and what shows in the profile afterwards."""

from __future__ import annotations

import json
from typing import Any

import pytest

SEND = "/campaigns/trigger/send"
CANVAS = "/canvas/trigger/send"


async def received(desk: Any, name: str = "ana") -> list[str]:
    user = await desk.exported("campaigns_received", "canvases_received", name=name)
    return [row["name"] for key in ("campaigns_received", "canvases_received") for row in user.get(key, [])]


async def test_a_campaign_send_is_accepted_and_shows_in_the_profile(desk: Any, clock: Any) -> None:
    clock.advance(minutes=5)
    body = {
        "campaign_id": await desk.campaign(),
        "broadcast": False,
        "trigger_properties": {"offer_title": "Free coffee"},
        "recipients": [{"external_user_id": desk.user_id(), "trigger_properties": {"points": 3}}],
    }
    reply = await desk.braze(SEND, body)
    assert reply.status_code == 201
    assert reply.json()["message"] == "success" and reply.json()["dispatch_id"]
    entry = (await desk.exported("campaigns_received"))["campaigns_received"][0]
    assert (entry["api_campaign_id"], entry["last_received"]) == (body["campaign_id"], "2026-11-21T12:05:00.123Z")


async def test_a_canvas_send_is_accepted_with_either_name_of_its_properties(desk: Any) -> None:
    for name in ("context", "canvas_entry_properties"):
        body = {"canvas_id": await desk.canvas(), name: {"x": 1}, "recipients": [{"external_user_id": desk.user_id()}]}
        assert (await desk.braze(CANVAS, body)).status_code == 201
    entry = (await desk.exported("canvases_received"))["canvases_received"][0]
    assert entry["api_canvas_id"] == body["canvas_id"] and entry["steps_received"]


@pytest.mark.parametrize(
    ("name", "word"), [("Paused: autumn tasting", "paused"), ("Archived: spring opening", "archived")]
)
async def test_a_paused_or_archived_canvas_answers_with_a_notice_and_sends_nothing(
    desk: Any, name: str, word: str
) -> None:
    body = {"canvas_id": await desk.canvas(name), "recipients": [{"external_user_id": desk.user_id()}]}
    reply = await desk.braze(CANVAS, body)
    assert (reply.status_code, reply.json()["message"]) == (201, "success")
    assert reply.json()["notice"].startswith(f"The Canvas is {word}.")
    assert await received(desk) == []


async def test_drafts_other_schedules_and_unknown_ids_are_refused(desk: Any) -> None:
    recipients = [{"external_user_id": desk.user_id()}]
    for campaign in (await desk.campaign("Winter warmers"), await desk.campaign("Monthly statement"), "unknown"):
        reply = await desk.braze(SEND, {"campaign_id": campaign, "recipients": recipients})
        assert (reply.status_code, reply.json()["message"]) == (400, "Invalid Campaign ID")
    draft = {"canvas_id": await desk.canvas("Draft: holiday countdown"), "recipients": recipients}
    assert (await desk.braze(CANVAS, draft)).status_code == 400


async def test_the_second_trigger_of_a_once_only_campaign_is_skipped_without_a_word(desk: Any, clock: Any) -> None:
    body = {
        "campaign_id": await desk.campaign("Welcome, once only"),
        "recipients": [{"external_user_id": desk.user_id()}],
    }
    await desk.braze(SEND, body)
    first = await desk.exported("campaigns_received")
    clock.advance(hours=1)
    assert (await desk.braze(SEND, body)).json()["message"] == "success"
    assert await desk.exported("campaigns_received") == first


async def test_a_person_who_opted_out_or_is_unknown_gets_nothing_though_the_call_succeeds(desk: Any) -> None:
    campaign = await desk.campaign()
    for name in ("suspended", "unknown"):
        body = {"campaign_id": campaign, "recipients": [{"external_user_id": desk.user_id(name)}]}
        assert (await desk.braze(SEND, body)).json()["message"] == "success"
    assert await received(desk, "suspended") == []
    export = {"external_ids": [desk.user_id("unknown")], "fields_to_export": ["email"]}
    assert (await desk.braze("/users/export/ids", export)).json()["users"] == []


async def test_a_new_person_is_made_when_the_call_says_so(desk: Any) -> None:
    recipient = {
        "external_user_id": desk.user_id("unknown"),
        "send_to_existing_only": False,
        "attributes": {"email": "new@example.com", "shoe_size": 41},
    }
    await desk.braze(SEND, {"campaign_id": await desk.campaign(), "recipients": [recipient]})
    user = await desk.exported("email", "custom_attributes", "campaigns_received", name="unknown")
    assert (user["email"], user["custom_attributes"]) == ("new@example.com", {"shoe_size": 41})
    assert len(user["campaigns_received"]) == 1


async def test_recipients_are_found_by_alias_and_by_email_with_prioritization(desk: Any) -> None:
    campaign = await desk.campaign()
    alias = {"alias_name": desk.sandbox.customer("ana").external_id, "alias_label": "sessionm_external_id"}
    await desk.braze(SEND, {"campaign_id": campaign, "recipients": [{"user_alias": alias}]})
    by_email = {"email": "german@example.com", "prioritization": ["identified", "most_recently_updated"]}
    await desk.braze(SEND, {"campaign_id": campaign, "recipients": [by_email]})
    never = {"email": "arabic@example.com", "prioritization": ["unidentified"]}
    await desk.braze(SEND, {"campaign_id": campaign, "recipients": [never]})
    assert [len(await received(desk, name)) for name in ("ana", "german", "arabic")] == [1, 1, 0]


async def test_a_broadcast_reaches_everybody_who_can_be_reached(desk: Any) -> None:
    reply = await desk.braze(SEND, {"campaign_id": await desk.campaign(), "broadcast": True})
    assert reply.status_code == 201 and reply.json()["send_id"]
    assert len(await received(desk, "german")) == len(await received(desk, "many")) == 1
    assert await received(desk, "suspended") == []


ANA = {"external_user_id": "someone"}


@pytest.mark.parametrize(
    "change",
    [
        {"recipients": None},
        {"recipients": []},
        {"recipients": [], "broadcast": False},
        {"recipients": {}},
        {"recipients": ["someone"]},
        {"recipients": [{}]},
        {"recipients": [ANA] * 51},
        {"recipients": [ANA], "broadcast": True},
        {"recipients": [ANA], "broadcast": "false"},
        {"recipients": [ANA], "segment_id": "s"},
        {"recipients": [ANA], "canvas_id": "c"},
        {"recipients": [ANA], "context": {}},
        {"recipients": [ANA], "trigger_properties": ""},
        {"recipients": [ANA], "trigger_properties": {"x": "y" * 51_201}},
        {"recipients": [ANA], "audience": {}},
        {"recipients": [ANA], "audience": {"AND": []}},
        {"recipients": [ANA], "audience": {"OR": [{"first_name": {"comparison": "equals", "value": "x"}}]}},
        {"recipients": [ANA], "send_id": "s" * 65},
        {"recipients": [ANA], "send_id": "é"},
        {"recipients": [ANA], "attachments": [{"url": "https://files.example.com/a.pdf"}]},
        {"recipients": [ANA | {"user_alias": {"alias_name": "a", "alias_label": "b"}}]},
        {"recipients": [ANA | {"email": "a@example.com", "prioritization": ["identified"]}]},
        {"recipients": [{"email": "a@example.com"}]},
        {"recipients": [{"email": "a@example.com", "prioritization": ["identified", "unidentified"]}]},
        {"recipients": [{"email": "a@example.com", "prioritization": ["first"]}]},
        {"recipients": [{"user_alias": "a"}]},
        {"recipients": [{"user_alias": {"alias_name": "a"}}]},
        {"recipients": [ANA | {"send_to_existing_only": False}]},
        {"recipients": [ANA | {"send_to_existing_only": False, "attributes": {}}]},
        {"recipients": [ANA | {"send_to_existing_only": "false", "attributes": {"a": 1}}]},
        {"recipients": [ANA | {"external_id": "someone"}]},
        {"recipients": [ANA | {"trigger_properties": []}]},
        {"recipients": [{"external_user_id": 7}]},
        {"recipients": [{"external_id": "someone"}]},
    ],
)
async def test_a_wrong_body_is_a_400_and_nothing_is_sent(desk: Any, change: dict[str, Any]) -> None:
    body = {"campaign_id": await desk.campaign()} | change
    body = {key: value for key, value in body.items() if value is not None}
    aimed = json.loads(json.dumps(body).replace("someone", desk.user_id()))
    reply = await desk.braze(SEND, aimed)
    assert reply.status_code == 400
    assert reply.json()["message"] != "success"
    assert not desk.sandbox.world.braze.broadcasts
    assert await received(desk) == []


async def test_a_connected_audience_of_known_filters_is_taken(desk: Any) -> None:
    leaf = {"custom_attribute": {"custom_attribute_name": "vip", "comparison": "equals", "value": True}}
    opted = {"push_subscription_status": {"comparison": "is", "value": "opted_in"}}
    body = {
        "campaign_id": await desk.campaign(),
        "audience": {"AND": [leaf, {"OR": [opted]}]},
        "recipients": [{"external_user_id": desk.user_id()}],
    }
    assert (await desk.braze(SEND, body)).status_code == 201


async def test_fifty_recipients_and_fifty_kilobytes_are_still_taken(desk: Any) -> None:
    body = {
        "campaign_id": await desk.campaign(),
        "recipients": [{"external_user_id": f"u{index}"} for index in range(50)],
        "trigger_properties": {"x": "y" * (50 * 1024 - 8)},
    }
    assert (await desk.braze(SEND, body)).status_code == 201


async def test_campaign_fields_are_refused_on_a_canvas(desk: Any) -> None:
    base = {"canvas_id": await desk.canvas(), "recipients": [{"external_user_id": desk.user_id()}]}
    for extra in ({"trigger_properties": {}}, {"send_id": "x"}, {"attachments": []}, {"segment_id": "x"}):
        assert (await desk.braze(CANVAS, base | extra)).status_code == 400
    wrong = {"recipients": [{"external_user_id": desk.user_id(), "trigger_properties": {}}]}
    assert (await desk.braze(CANVAS, base | wrong)).status_code == 400
