"""Users in the sandbox's Braze: what export tells and what track changes."""

from __future__ import annotations

from typing import Any

import pytest

EXPORT = "/users/export/ids"
TRACK = "/users/track"


async def test_export_finds_people_by_every_identifier_and_lists_unknown_ids(desk: Any) -> None:
    ana = desk.user_id()
    whole = (await desk.braze(EXPORT, {"external_ids": [ana, "x"], "fields_to_export": ["braze_id", "phone"]})).json()
    user = whole["users"][0]
    assert whole["invalid_user_ids"] == ["x"] and whole["message"] == "success"
    alias = {"alias_name": desk.sandbox.customer("ana").external_id, "alias_label": "sessionm_external_id"}
    for identifier in (
        {"user_aliases": [alias]},
        {"email_address": "ana@example.com"},
        {"phone": user["phone"]},
        {"braze_id": user["braze_id"]},
    ):
        found = (await desk.braze(EXPORT, identifier | {"fields_to_export": ["external_id"]})).json()["users"]
        assert {"external_id": ana} in found


async def test_export_gives_the_wanted_fields_only_and_leaves_empty_ones_out(desk: Any) -> None:
    wanted = ("first_name", "custom_attributes", "campaigns_received")
    assert set(await desk.exported(*wanted)) == {"first_name", "custom_attributes"}


async def test_an_active_customer_has_events_and_a_phone_and_an_idle_one_none(desk: Any) -> None:
    ana = await desk.exported("custom_events", "devices")
    assert {row["name"]: row["count"] for row in ana["custom_events"]}["offer_viewed"] == 2
    assert len(ana["devices"]) == 1
    assert await desk.exported("custom_events", "devices", name="empty") == {}


async def test_the_hostile_customer_attacks_from_braze_too(desk: Any) -> None:
    user = await desk.exported("first_name", "custom_attributes", "home_city", name="hostile")
    assert "\x1b]52;c;" in user["first_name"] and "\x1b[31m" in user["home_city"]
    assert any("[@click=app.bell]" in str(value) for value in user["custom_attributes"].values())


async def test_the_mismatched_customer_is_found_by_email_under_another_id(desk: Any) -> None:
    ours = desk.user_id("mismatch")
    body = {"fields_to_export": ["external_id"]}
    by_id = (await desk.braze(EXPORT, body | {"external_ids": [ours]})).json()
    by_email = (await desk.braze(EXPORT, body | {"email_address": "mismatch@example.com"})).json()
    assert by_id["users"] == []
    assert by_email["users"][0]["external_id"] not in ("", ours)


@pytest.mark.parametrize(
    "body",
    [
        {"external_ids": ["a"]},
        {"external_ids": ["a"], "fields_to_export": []},
        {"external_ids": ["a"], "fields_to_export": ["wallet"]},
        {"external_ids": ["a"] * 51, "fields_to_export": ["email"]},
        {"external_ids": "a", "fields_to_export": ["email"]},
        {"external_user_ids": ["a"], "fields_to_export": ["email"]},
        {"fields_to_export": ["email"]},
        {"email_address": "a@example.com", "phone": "1", "fields_to_export": ["email"]},
        {"user_aliases": ["a"], "fields_to_export": ["email"]},
    ],
)
async def test_a_wrong_export_is_a_400(desk: Any, body: dict[str, Any]) -> None:
    assert (await desk.braze(EXPORT, body)).status_code == 400


async def test_attributes_are_kept_changed_and_removed(desk: Any) -> None:
    ana = {"external_id": desk.user_id()}
    first = ana | {"first_name": "Anna", "visits": {"inc": 5}, "preferred_channel": {"add": ["sms"]}, "size": "M"}
    reply = await desk.braze(TRACK, {"attributes": [first]})
    assert (reply.status_code, reply.json()) == (201, {"attributes_processed": 1, "message": "success"})
    second = ana | {"size": None, "preferred_channel": {"remove": ["email"]}}
    await desk.braze(TRACK, {"attributes": [second]})
    user = await desk.exported("first_name", "custom_attributes")
    assert user["first_name"] == "Anna"
    assert user["custom_attributes"]["visits"] == 19 and "size" not in user["custom_attributes"]
    assert user["custom_attributes"]["preferred_channel"] == ["push", "sms"]


async def test_events_and_purchases_are_counted(desk: Any) -> None:
    base = {"external_id": desk.user_id("empty"), "time": "2026-11-20T10:00:00Z"}
    purchase = base | {"product_id": "tea", "currency": "USD", "price": 3.5, "quantity": 2}
    reply = await desk.braze(TRACK, {"events": [base | {"name": "seen"}] * 2, "purchases": [purchase]})
    assert reply.json() == {"events_processed": 2, "purchases_processed": 1, "message": "success"}
    user = await desk.exported("custom_events", "purchases", "total_revenue", name="empty")
    assert user["custom_events"][0]["count"] == 2 == user["purchases"][0]["count"]
    assert user["total_revenue"] == 7.0


async def test_an_unknown_person_is_made_unless_existing_only(desk: Any) -> None:
    unknown = {"external_id": desk.user_id("unknown"), "email": "u@example.com"}
    await desk.braze(TRACK, {"attributes": [unknown | {"_update_existing_only": True}]})
    export = {"external_ids": [desk.user_id("unknown")], "fields_to_export": ["email"]}
    assert (await desk.braze(EXPORT, export)).json()["users"] == []
    await desk.braze(TRACK, {"attributes": [unknown]})
    assert (await desk.exported("email", name="unknown"))["email"] == "u@example.com"


async def test_bad_objects_are_named_and_good_ones_kept(desk: Any) -> None:
    good = {"external_id": desk.user_id(), "mark": 1}
    body = {"attributes": [good, {"mark": 2}, {"external_id": "x", "email": "none"}], "events": [good]}
    reply = await desk.braze(TRACK, body)
    errors = [(one["input_array"], one["index"]) for one in reply.json()["errors"]]
    assert (reply.status_code, reply.json()["attributes_processed"]) == (201, 1)
    assert errors == [("attributes", 1), ("attributes", 2), ("events", 0)]
    assert (await desk.exported("custom_attributes"))["custom_attributes"]["mark"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"attributes": []},
        {"attributes": {}},
        {"attributes": [{"first_name": "x"}]},
        {"attributes": [{"external_id": "a"}] * 76},
        {"attributes": [{"external_id": "a"}] * 50, "events": [{"external_id": "a"}] * 26},
        {"events": [{"external_id": "a", "name": "x"}]},
        {"events": [{"external_id": "a", "name": "x", "time": "now"}]},
        {"purchases": [{"external_id": "a", "product_id": "x", "currency": "usd", "price": 1, "time": "2026-01-01"}]},
        {"purchases": [{"external_id": "a", "product_id": "x", "currency": "USD", "price": "1", "time": "2026-01-01"}]},
        {"users": []},
    ],
)
async def test_a_track_call_with_nothing_usable_is_a_400(desk: Any, body: dict[str, Any]) -> None:
    reply = await desk.braze(TRACK, body)
    assert reply.status_code == 400 and reply.json()["message"] != "success"
