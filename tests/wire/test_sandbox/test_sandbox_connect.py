"""SessionM Connect in the sandbox: wallets and points, over real HTTP."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.sandbox import Sandbox

WALLET = "/offers/api/2.0/offers/get_user_offers"
BALANCES = "/incentives/api/1.0/user_points/all_balances"
AUDIT = "/incentives/api/1.0/point_audit_logs/fetch_point_audit_logs"
AUDIT_2 = "/incentives/api/2.0/user_points/fetch_point_audit_logs"


async def test_anas_wallet_holds_twelve_offers_in_every_state(desk: Any, clock: Any) -> None:
    payload = await desk.wallet()
    rows = {row["name"]: row for row in payload["user_offers"]}
    ends = datetime.fromisoformat(rows["Free coffee"]["expiration_date"])
    assert len(rows) == payload["total_records"] == 12
    assert timedelta(0) <= clock.now - (ends - timedelta(hours=2, minutes=10)) < timedelta(seconds=1)
    assert sum(datetime.fromisoformat(row["start_date"]) > clock.now for row in rows.values()) == 1
    assert sum(row["redeem_date"] is not None for row in rows.values()) == 1
    assert any(row["expiration_date"] is None for row in rows.values())
    assert not rows["Birthday cake slice"]["is_redeemable"] and rows["Free coffee"]["is_redeemable"]
    assert "抹茶ラテ 1杯無料" in rows and "무료 사이즈 업그레이드" in rows


async def test_an_offer_stops_being_redeemable_when_its_time_is_over(desk: Any, clock: Any) -> None:
    clock.advance(hours=2, minutes=11)
    rows = {row["name"]: row for row in (await desk.wallet())["user_offers"]}
    assert not rows["Free coffee"]["is_redeemable"]


async def test_dates_carry_from_none_to_seven_fractional_digits(desk: Any) -> None:
    dates = [row["start_date"] for row in (await desk.wallet())["user_offers"]]
    seen = {len(re.sub(r".*?(\.(\d+))?Z", r"\2", date)) for date in dates}
    assert {0, 1, 2, 3, 4, 5, 6, 7} == seen


async def test_rows_that_wait_for_an_outside_system_show_on_demand_only(desk: Any) -> None:
    hidden = await desk.wallet()
    shown = await desk.wallet(include_pending_extended_data=True)
    assert shown["total_records"] == hidden["total_records"] + 1
    assert [row["pending_extended_data"] for row in shown["user_offers"] if "pending_extended_data" in row] == [True]


async def test_three_ids_per_offer_differ_except_for_free_rows_of_the_store(desk: Any) -> None:
    rows = (await desk.wallet())["user_offers"]
    same = [row["name"] for row in rows if row["offer_id"] == row["root_offer_id"]]
    assert same == ["A tote bag from the reward store"]
    assert len({row["id"] for row in rows}) == len(rows)


async def test_every_group_of_a_row_is_named_and_the_nil_guid_is_one(desk: Any) -> None:
    payload = await desk.wallet()
    groups = {group["id"] for group in payload["offer_groups"]}
    assert {row["offer_group_id"] for row in payload["user_offers"]} <= groups
    assert "00000000-0000-0000-0000-000000000000" in groups


async def test_1312_offers_come_in_two_pages_without_a_gap(desk: Any) -> None:
    first = await desk.wallet("many", skip=0, take=1000)
    second = await desk.wallet("many", skip=1000, take=1000)
    ids = [row["id"] for row in first["user_offers"] + second["user_offers"]]
    assert first["total_records"] == second["total_records"] == 1312 == len(ids) == len(set(ids))
    assert len(first["user_offers"]) == 1000


@pytest.mark.parametrize(
    ("culture", "name"),
    [
        ("en-US", "Free coffee"),
        ("de-DE", "Gratis-Kaffee"),
        ("ja-JP", "コーヒー1杯無料"),
        ("de", "Gratis-Kaffee"),
        ("fr-FR", "Free coffee"),
    ],
)
async def test_texts_follow_the_culture_and_fall_back_to_english(desk: Any, culture: str, name: str) -> None:
    assert (await desk.wallet("german", culture=culture))["user_offers"][0]["name"] == name


async def test_the_same_seed_makes_the_same_wallet_and_another_seed_other_ids(desk: Any, clock: Any) -> None:
    mine = desk.user_id()
    for seed, same in ((7, True), (8, False)):
        other = await Sandbox.start(seed=seed, clock=clock)
        try:
            assert (other.customer("ana").user_id == mine) is same
            assert (other.secrets == desk.sandbox.secrets) is same
        finally:
            await other.stop()


async def test_the_null_customer_has_null_lists_in_the_wallet_too(desk: Any) -> None:
    payload = await desk.wallet("nulls")
    assert [payload[key] for key in ("user_offers", "offer_groups", "offer_categories")] == [None] * 3
    assert (await desk.connect(BALANCES, name="nulls")).json()["payload"]["details"] is None
    assert (await desk.connect(AUDIT, name="nulls")).json()["payload"]["results"] is None


async def test_empty_soon_and_spent_wallets_are_what_they_say(desk: Any, clock: Any) -> None:
    assert (await desk.wallet("empty"))["user_offers"] == []
    ends = [datetime.fromisoformat(row["expiration_date"]) for row in (await desk.wallet("soon"))["user_offers"]]
    assert all(clock.now < end < clock.now + timedelta(hours=1) for end in ends) and len(ends) == 8
    spent = (await desk.wallet("spent"))["user_offers"]
    assert not any(row["is_redeemable"] for row in spent) and len(spent) == 7


async def test_the_hostile_wallet_carries_the_bytes_that_attack(desk: Any) -> None:
    text = str([row["name"] for row in (await desk.wallet("hostile"))["user_offers"]])
    whole = "".join(row["name"] for row in (await desk.wallet("hostile"))["user_offers"])
    for payload in ("\x1b]52;c;", "\x9d52;c;", "\x9b31m", "\x00", "\u202e", "[/]", "[@click=app.bell]", "\u2028"):
        assert payload in whole, text


async def test_balances_add_up_and_are_refused_without_the_points_feature(desk: Any) -> None:
    payload = (await desk.connect(BALANCES, {"culture": "en-US"})).json()["payload"]
    total = payload["summary"]["total_points"]
    assert total == sum(row["available_balance"] for row in payload["details"]) == 1240
    refused = await desk.connect(BALANCES, name="nopoints")
    assert (refused.status_code, refused.json()["status"]) == (200, "error")
    assert not {"total_points", "available_points"} & set(await desk.wallet("nopoints"))


async def test_the_audit_log_pages_and_spreads_over_ninety_days(desk: Any, clock: Any) -> None:
    whole = (await desk.connect(AUDIT)).json()["payload"]["results"]
    page = (await desk.connect(AUDIT_2, {"skip": 10, "take": 5})).json()["payload"]["results"]
    ages = [(clock.now - datetime.fromisoformat(row["time_of_occurrence"])).days for row in whole]
    assert page == whole[10:15] and len(whole) == 64
    assert ages == sorted(ages) and ages[-1] > 80


async def test_the_audit_log_keeps_to_its_dates_and_kinds(desk: Any, clock: Any) -> None:
    day = (clock.now - timedelta(days=30)).isoformat()
    recent = (await desk.connect(AUDIT, {"from_date": day, "to_date": clock.now.isoformat()})).json()
    only = {"modification_types": ["expire"], "exclude_specified_modification_types": False}
    expired = (await desk.connect(AUDIT, only)).json()["payload"]["results"]
    assert all(row["time_of_occurrence"] >= day[:10] for row in recent["payload"]["results"])
    assert 0 < len(recent["payload"]["results"]) < 64
    assert {row["audit_type"] for row in expired} == {4}


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (WALLET, {"retailer_id": "x"}),
        (WALLET, {"retailer_id": None}),
        (WALLET, {"retailer_id": "00000000-0000-4000-8000-000000000000"}),
        (WALLET, {"user_id": "CRM-000123"}),
        (WALLET, {"user_id": "00000000-0000-4000-8000-000000000000"}),
        (WALLET, {"take": 1001}),
        (WALLET, {"take": 0}),
        (WALLET, {"take": "10"}),
        (WALLET, {"skip": -1}),
        (WALLET, {"skip": True}),
        (WALLET, {"culture": "en_US"}),
        (WALLET, {"culture": None}),
        (WALLET, {"include_pending_extended_data": "false"}),
        (WALLET, {"state": "issued"}),
        (BALANCES, {"skip": 0}),
        (AUDIT, {"take": 1001}),
        (AUDIT, {"from_date": "yesterday"}),
        (AUDIT, {"from_date": "2024-01-01", "to_date": "2026-01-01"}),
        (AUDIT, {"modification_types": ["a", "b", "c", "d", "e", "f"]}),
        (AUDIT_2, {"from_date": "2026-01-01"}),
    ],
)
async def test_a_wrong_field_is_refused_inside_a_200(desk: Any, path: str, change: dict[str, Any]) -> None:
    reply = await desk.connect(path, change)
    assert reply.status_code == 200
    assert reply.json()["status"] == "error" and reply.json()["errors"]["error"]


@pytest.mark.parametrize("given", ["", "Basic", "Basic x", "Bearer {0}", "{0}", "Basic {0}="])
async def test_any_other_authorization_is_a_401(desk: Any, given: str) -> None:
    value = given.format(desk.sandbox.secrets["connect_authorization"])
    reply = await desk.connect(WALLET, headers={"Authorization": value})
    assert (reply.status_code, reply.json()["status"]) == (401, "error")


async def test_paths_need_their_service_prefix_and_only_posts_are_taken(desk: Any) -> None:
    assert (await desk.connect("/api/2.0/offers/get_user_offers")).status_code == 404
    assert (await desk.connect(WALLET + "/")).status_code == 404
    headers = {"Authorization": f"Basic {desk.sandbox.secrets['connect_authorization']}"}
    assert (await desk.http.get(desk.sandbox.connect_url + WALLET, headers=headers)).status_code == 405
    assert (await desk.http.post(desk.sandbox.connect_url + WALLET, headers=headers, content=b"{}")).status_code == 415
