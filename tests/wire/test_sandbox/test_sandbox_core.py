"""SessionM Core in the sandbox, over real HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest


async def test_a_customer_is_found_by_id_by_external_id_and_by_email(desk: Any) -> None:
    ana = desk.sandbox.customer("ana")
    by_id = (await desk.core(f"/users/{ana.user_id}")).json()
    by_external = (await desk.core(f"/external/users/{ana.external_id}")).json()
    by_email = (await desk.core(f"/users/search_users?email={ana.email}")).json()
    assert by_id["status"] == "ok"
    assert by_id == by_external
    assert [one["id"] for one in by_email["players"]] == [by_id["user"]["id"]] == [ana.user_id]


async def test_a_customer_is_found_by_mobile_number_and_nobody_is_an_empty_list(desk: Any) -> None:
    user = (await desk.core(f"/users/{desk.user_id()}")).json()["user"]
    number = user["phone_numbers"][0]["phone_number"]
    found = await desk.core("/users/search_users", params={"mobile_number": number})
    nobody = await desk.core("/users/search_users?email=nobody@example.com")
    assert desk.user_id() in [one["id"] for one in found.json()["players"]]
    assert nobody.json() == {"status": "ok", "players": []}


async def test_external_ids_in_any_script_are_found_percent_encoded(desk: Any) -> None:
    for name in ("japanese", "emoji", "hostile"):
        customer = desk.sandbox.customer(name)
        reply = await desk.core(f"/external/users/{quote(customer.external_id, safe='')}")
        assert reply.json()["user"]["id"] == customer.user_id


async def test_the_profile_grows_by_its_query_switches(desk: Any) -> None:
    bare = (await desk.core(f"/users/{desk.user_id()}")).json()["user"]
    switches = {"user[user_profile]": "true", "expand_incentives": "true", "show_identifiers": "true"}
    full = (await desk.core(f"/users/{desk.user_id()}", params=switches)).json()["user"]
    assert set(full) - set(bare) == {"user_profile", "tier_details", "identifiers"}
    assert full["tier_details"]["tier_levels"][0]["tier_overview"]["name"] == bare["tier"] == "Silver"
    assert full["created_at"][10] == " " and len(full["created_at"]) == 19


async def test_the_points_switch_of_the_tenant_takes_every_point_field_away(desk: Any) -> None:
    query = "?expand_incentives=true"
    user = (await desk.core(f"/users/{desk.user_id('nopoints')}{query}")).json()["user"]
    assert not {key for key in user if "point" in key or "tier" in key}


async def test_the_null_customer_has_null_for_every_list(desk: Any) -> None:
    path = f"/users/{desk.user_id('nulls')}"
    query = "?user[user_profile]=true&show_identifiers=true"
    user = (await desk.core(path + query)).json()["user"]
    assert [user[key] for key in ("phone_numbers", "proxy_ids", "identifiers", "user_profile")] == [None] * 4
    assert (await desk.core(f"{path}/tags")).json()["tags"] is None
    assert (await desk.core(f"{path}/campaigns")).json()["campaigns"] == {"tiles": None, "promotions": None}


async def test_the_word_ok_comes_in_both_cases(desk: Any) -> None:
    seen = {(await desk.core(f"/users/{desk.user_id(name)}")).json()["status"] for name in ("ana", "german")}
    assert seen == {"ok", "OK"}


async def test_a_tag_without_ttl_counts_up_each_time(desk: Any) -> None:
    path = f"/users/{desk.user_id()}/tags"
    for expected in (1, 2, 3):
        posted = await desk.core(path, method="POST", json={"tags": ["counted"]})
        assert posted.json()["tags"]["counted"] == expected
    assert (await desk.core(path)).json()["tags"]["counted"] == 3


async def test_a_tag_with_ttl_runs_down_by_the_clock_and_vanishes(desk: Any, clock: Any) -> None:
    external = f"/external/users/{desk.sandbox.customer('ana').external_id}/tags"
    await desk.core(external, method="POST", json={"tags": ["running", "too"], "ttl": 100})
    clock.advance(seconds=40)
    held = (await desk.core(external)).json()["tags"]
    assert held["running"]["ttl"] == held["too"]["ttl"] == 60
    clock.advance(seconds=60)
    assert "running" not in (await desk.core(external)).json()["tags"]


async def test_a_second_ttl_starts_the_tag_anew(desk: Any, clock: Any) -> None:
    path = f"/users/{desk.user_id()}/tags"
    for _ in range(2):
        posted = await desk.core(path, method="POST", json={"tags": ["again"], "ttl": 100})
        clock.advance(seconds=40)
    assert posted.json()["tags"]["again"]["ttl"] == 100


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing_data"),
        ({"tags": []}, "missing_data"),
        ({"tags": "one"}, "argument_error"),
        ({"tags": [""]}, "argument_error"),
        ({"tags": [7]}, "argument_error"),
        ({"tags": ["a"], "ttl": 0}, "argument_error"),
        ({"tags": ["a"], "ttl": "60"}, "argument_error"),
        ({"tags": ["a"], "ttl": True}, "argument_error"),
        ({"tags": ["a"], "ttl": None}, "argument_error"),
        ({"tags": ["a"], "user": "x"}, "argument_error"),
        ([], "argument_error"),
    ],
)
async def test_a_wrong_tag_body_is_an_error_inside_a_200_and_tags_nothing(desk: Any, body: Any, code: str) -> None:
    path = f"/users/{desk.user_id('empty')}/tags"
    reply = await desk.core(path, method="POST", json=body)
    assert (reply.status_code, reply.json()["status"], reply.json()["errors"]["code"]) == (200, "error", code)
    assert (await desk.core(path)).json()["tags"] == {}


async def test_tags_need_json_and_its_content_type(desk: Any) -> None:
    path = f"/users/{desk.user_id()}/tags"
    for more in (
        {"content": b'{"tags":["a"]}'},
        {"content": b"{", "headers": {"Content-Type": "application/json"}},
        {"content": b'{"tags":["a"],"ttl":NaN}', "headers": {"Content-Type": "application/json"}},
    ):
        assert (await desk.core(path, method="POST", **more)).json()["errors"]["code"] == "argument_error"


async def test_a_wrong_key_and_wrong_credentials_are_told_apart(desk: Any) -> None:
    secrets = desk.sandbox.secrets
    path = f"/users/{desk.user_id()}"
    wrong = [await desk.core(path, auth=pair) for pair in (None, ("", ""), (secrets["core_key"], "x"))]
    assert [one.status_code for one in wrong] == [401] * 3
    assert {one.json()["errors"]["code"] for one in wrong} == {"access_denied"}
    url = f"{desk.sandbox.core_url}/priv/v1/apps/0{secrets['core_key']}{path}"
    other = await desk.http.get(url, auth=(secrets["core_key"], secrets["core_secret"]))
    assert (other.status_code, other.json()["errors"]["code"]) == (401, "invalid_api_key")


@pytest.mark.parametrize("path", ["/users/nobody", "/external/users/nobody/tags"])
async def test_an_unknown_customer_is_a_404_by_name(desk: Any, path: str) -> None:
    reply = await desk.core(path)
    assert (reply.status_code, reply.json()["errors"]["code"]) == (404, "user_not_found")


@pytest.mark.parametrize("path", ["/user/x", "/users", "/nothing", "/users/{id}/", "/users/{id}/notes"])
async def test_an_unknown_path_is_a_404(desk: Any, path: str) -> None:
    reply = await desk.core(path.format(id=desk.user_id()))
    assert (reply.status_code, reply.json()["errors"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("query", ["?user[external_id]=x", "?expand_incentives=yes", "?show=1"])
async def test_a_query_that_the_docs_do_not_know_is_refused(desk: Any, query: str) -> None:
    reply = await desk.core(f"/users/{desk.user_id()}{query}")
    assert reply.json()["errors"]["code"] == "argument_error"


async def test_tags_cannot_be_deleted(desk: Any) -> None:
    assert (await desk.core(f"/users/{desk.user_id()}/tags", method="DELETE")).status_code == 404


async def test_the_timeline_joins_its_event_types_and_keeps_to_count_since_and_slugs(desk: Any) -> None:
    path = f"/users/{desk.user_id()}/timelines/ACCOUNT_AUDIT_LOG"
    whole = (await desk.core(path)).json()
    middle = whole["result"][10]["timestamp"]
    later = (await desk.core(f"{path}?since={middle}&count=5")).json()["result"]
    tags = (await desk.core(f"{path}?event_types=tag_added")).json()["result"]
    assert {row["event_stream_event_type_id"] for row in whole["result"]} == {one["id"] for one in whole["event_types"]}
    assert len(later) == 5 and all(row["timestamp"] >= middle for row in later)
    assert {row["event_stream_event_type_id"] for row in tags} == {13}
    assert (await desk.core(f"/users/{desk.user_id()}/timelines/NEW_VIEW")).status_code == 404


async def test_campaigns_come_per_customer_and_for_all(desk: Any) -> None:
    mine = (await desk.core(f"/users/{desk.user_id()}/campaigns")).json()["campaigns"]
    every = (await desk.core("/campaigns?page=1")).json()
    assert mine["tiles"][0]["custom_payload"] == {"braze_campaign_id": await desk.campaign()}
    assert every["campaigns"] == mine["tiles"]
