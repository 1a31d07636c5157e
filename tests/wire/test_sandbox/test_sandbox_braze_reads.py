"""Lists, details, content and the rules of every Braze call in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest


async def every(desk: Any, query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for page in range(9):
        part = (await desk.braze(f"/campaigns/list?page={page}{query}")).json()["campaigns"]
        rows += part
        if len(part) < 100:
            break
    return rows


async def test_campaigns_come_a_hundred_a_page_and_archived_ones_on_demand(desk: Any) -> None:
    first = (await desk.braze("/campaigns/list")).json()
    shown, whole = await every(desk), await every(desk, "&include_archived=true")
    assert len(first["campaigns"]) == 100 and first["message"] == "success"
    assert 100 < len(shown) < len(whole) == 134
    assert (await desk.braze("/campaigns/list?page=9")).json()["campaigns"] == []
    assert set(first["campaigns"][0]) == {"id", "last_edited", "name", "is_api_campaign", "tags"}


async def test_the_newest_campaign_comes_first_when_asked_and_edits_can_be_filtered(desk: Any) -> None:
    shown, turned = await every(desk), await every(desk, "&sort_direction=desc")
    late = await every(desk, "&last_edit.time[gt]=2026-01-01T00:00:00")
    assert turned == shown[::-1]
    assert late and len(late) < len(shown) and all(row["last_edited"] > "2026-01-01" for row in late)


async def test_details_hold_raw_liquid_on_the_live_wallet(desk: Any) -> None:
    detail = (await desk.braze(f"/campaigns/details?campaign_id={await desk.campaign()}")).json()
    mail = next(one for one in detail["messages"].values() if one["channel"] == "email")
    assert "api_trigger_properties.${offer_title}" in mail["subject"]
    assert f"{{% connected_content {desk.sandbox.connect_url}/offers/api/2.0/offers/get_user_offers" in mail["body"]
    assert desk.sandbox.settings["retailer_id"] in mail["body"]
    assert not [value for value in desk.sandbox.secrets.values() if value in mail["body"]]


async def test_every_listed_campaign_and_canvas_has_details_with_its_state(desk: Any) -> None:
    states, channels = set(), set()
    for row in await every(desk, "&include_archived=true"):
        detail = (await desk.braze(f"/campaigns/details?campaign_id={row['id']}")).json()
        assert (detail["name"], detail["tags"]) == (row["name"], row["tags"])
        states.add((detail["archived"], detail["draft"], detail["enabled"]))
        channels |= {message["channel"] for message in detail["messages"].values()}
    assert states >= {(False, False, True), (True, False, True), (False, True, False), (False, False, False)}
    assert channels >= {"email", "ios_push", "android_push", "sms", "webhook"}
    canvases = (await desk.braze("/canvas/list?include_archived=true")).json()["canvases"]
    assert len(canvases) == 14
    for row in canvases:
        detail = (await desk.braze(f"/canvas/details?canvas_id={row['id']}")).json()
        assert detail["variants"][0]["first_step_ids"] == [detail["steps"][0]["id"]]


async def test_templates_blocks_and_segments_are_listed_and_told_in_detail(desk: Any) -> None:
    templates = (await desk.braze("/templates/email/list?limit=5&offset=2")).json()
    assert templates["count"] == len(templates["templates"]) == 5
    chosen = templates["templates"][0]
    info = (await desk.braze(f"/templates/email/info?email_template_id={chosen['email_template_id']}")).json()
    assert info["template_name"] == chosen["template_name"] and info["body"]
    blocks = (await desk.braze("/content_blocks/list")).json()
    block = next(one for one in blocks["content_blocks"] if one["name"] == "footer")
    path = f"/content_blocks/info?content_block_id={block['content_block_id']}&include_inclusion_data=true"
    detail = (await desk.braze(path)).json()
    assert block["liquid_tag"] == "{{content_blocks.${footer}}}" and "content" not in block
    assert "Alder Street" in detail["content"] and detail["inclusion_data"] == []
    assert (await desk.braze("/segments/list")).json()["segments"]


async def test_catalog_items_page_through_the_link_header(desk: Any) -> None:
    catalogs = {one["name"]: one for one in (await desk.braze("/catalogs")).json()["catalogs"]}
    path, seen = "/catalogs/shops/items", []
    while path:
        reply = await desk.braze(path)
        seen += [row["id"] for row in reply.json()["items"]]
        path = reply.links["next"]["url"] if "next" in reply.links else ""
    assert len(seen) == len(set(seen)) == catalogs["shops"]["num_items"] == 127
    assert (await desk.braze("/catalogs/menu/items/matcha")).json()["items"][0]["title"] == "抹茶ラテ"
    assert "link" not in (await desk.braze("/catalogs/menu/items")).headers


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/catalogs/none/items", 404, "catalog-not-found"),
        ("/catalogs/menu/items/none", 404, "item-not-found"),
        ("/catalogs/menu/items?cursor=x", 400, "invalid-cursor"),
    ],
)
async def test_catalog_errors_have_their_own_shape(desk: Any, path: str, status: int, code: str) -> None:
    reply = await desk.braze(path)
    assert (reply.status_code, reply.json()["errors"][0]["id"]) == (status, code)


@pytest.mark.parametrize(
    "path",
    [
        "/campaigns/list?page=-1",
        "/campaigns/list?sort_direction=up",
        "/campaigns/list?limit=5",
        "/campaigns/list?last_edit.time[gt]=yesterday",
        "/campaigns/details",
        "/campaigns/details?campaign_id=none",
        "/canvas/details?canvas_id=none",
        "/templates/email/info?email_template_id=none",
        "/templates/email/list?limit=1001",
        "/templates/email/list?modified_after=yesterday",
        "/content_blocks/list?offset=0",
        "/content_blocks/list?modified_after=2026-02-01&modified_before=2026-01-01",
        "/content_blocks/info",
        "/segments/list?include_archived=true",
    ],
)
async def test_a_wrong_query_is_a_400(desk: Any, path: str) -> None:
    reply = await desk.braze(path)
    assert reply.status_code == 400 and reply.json()["message"] != "success"


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", 'Bearer "{0}"', "{0}", "Basic {0}", "bearer {0}"])
async def test_any_other_authorization_is_a_401(desk: Any, given: str) -> None:
    value = given.format(desk.sandbox.secrets["braze_key"])
    reply = await desk.braze("/campaigns/list", headers={"Authorization": value})
    assert (reply.status_code, reply.json()) == (401, {"message": "Unauthorized"})


async def test_a_key_without_the_permission_reads_but_neither_sends_nor_tracks(desk: Any) -> None:
    key = desk.sandbox.limited_braze_key
    assert (await desk.braze("/campaigns/list", key=key)).status_code == 200
    export = {"external_ids": ["x"], "fields_to_export": ["email"]}
    assert (await desk.braze("/users/export/ids", export, key=key)).status_code == 200
    for path in ("/campaigns/trigger/send", "/canvas/trigger/send", "/users/track"):
        reply = await desk.braze(path, {}, key=key)
        assert (reply.status_code, reply.json()["message"]) == (403, "Access Denied")


async def test_a_trailing_slash_a_wrong_verb_and_a_wrong_path_are_refused(desk: Any) -> None:
    assert (await desk.braze("/campaigns/list/")).status_code == 403
    assert (await desk.braze("/campaigns/list", {})).status_code == 404
    assert (await desk.braze("/users/track")).status_code == 404
    assert (await desk.braze("/nothing")).status_code == 404


async def test_a_body_needs_its_content_type_its_syntax_and_a_size(desk: Any) -> None:
    key = {"Authorization": f"Bearer {desk.sandbox.secrets['braze_key']}"}
    typed = key | {"Content-Type": "application/json"}
    plain = await desk.braze("/users/track", content=b"{}", headers=key)
    broken = await desk.braze("/users/track", content=b"{,}", headers=typed)
    huge = await desk.braze("/users/track", content=b" " * (4 * 1024 * 1024 + 1), headers=typed)
    assert [plain.status_code, broken.status_code, huge.status_code] == [415, 400, 413]
    assert "error" in broken.json() and "message" not in broken.json()


async def test_the_rate_limit_headers_count_down_to_the_clock_hour(desk: Any, clock: Any) -> None:
    first = await desk.braze("/campaigns/list")
    second = await desk.braze("/canvas/list")
    remaining = [int(reply.headers["x-ratelimit-remaining"]) for reply in (first, second)]
    assert remaining == [249_999, 249_998]
    assert int(first.headers["x-ratelimit-reset"]) == int(clock.now.timestamp()) // 3600 * 3600 + 3600
    clock.advance(hours=1)
    assert (await desk.braze("/campaigns/list")).headers["x-ratelimit-remaining"] == "249999"


async def test_the_fifty_first_catalog_read_of_a_minute_is_a_429_and_the_next_minute_is_free(
    desk: Any, clock: Any
) -> None:
    replies = [await desk.braze("/catalogs") for _ in range(51)]
    assert [one.status_code for one in replies] == [200] * 50 + [429]
    assert replies[-1].headers["x-ratelimit-remaining"] == "0"
    clock.advance(minutes=1)
    assert (await desk.braze("/catalogs")).status_code == 200
