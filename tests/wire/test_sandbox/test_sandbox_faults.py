"""Each fault on the wire, and whether the write behind it took place."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from typing import Any

import httpx
import pytest

from core.sandbox import Sandbox
from core.sandbox.faults import APPLIED, NAMES, Fault, FaultBoard


async def post_tag(desk: Any) -> httpx.Response:
    reply: httpx.Response = await desk.core(f"/users/{desk.user_id('empty')}/tags", method="POST", json={"tags": ["t"]})
    return reply


def counted(desk: Any) -> int:
    person = desk.sandbox.world.by_user_id[desk.user_id("empty")]
    return person.tags["t"].count if "t" in person.tags else 0


@pytest.mark.parametrize(
    ("name", "raised"),
    [
        ("reset-before-read", (httpx.ReadError, httpx.WriteError)),
        ("reset-after-read", (httpx.ReadError,)),
        ("reset-after-apply", (httpx.ReadError,)),
        ("close-after-accept", (httpx.RemoteProtocolError, httpx.ReadError)),
        ("cut-body", (httpx.RemoteProtocolError,)),
        ("hang", (httpx.ReadTimeout,)),
        ("hang-after-apply", (httpx.ReadTimeout,)),
    ],
)
async def test_a_broken_exchange_is_an_error_at_the_client(desk: Any, name: str, raised: tuple[type, ...]) -> None:
    desk.http.timeout = httpx.Timeout(0.3)
    desk.sandbox.inject(name, times=1)
    with pytest.raises(raised):
        await post_tag(desk)
    assert len(desk.sandbox.requests) == (0 if name in ("reset-before-read", "close-after-accept") else 1)
    assert counted(desk) == (1 if name in APPLIED else 0)
    assert (await post_tag(desk)).status_code == 200


@pytest.mark.parametrize(
    ("name", "status"),
    [("401", 401), ("403", 403), ("404", 404), ("429", 429), ("500", 500), ("status-error", 200)],
)
async def test_a_refusal_comes_in_the_words_of_each_vendor_and_nothing_is_done(
    desk: Any, name: str, status: int
) -> None:
    desk.sandbox.inject(name)
    core = await post_tag(desk)
    connect = await desk.connect("/offers/api/2.0/offers/get_user_offers")
    braze = await desk.braze("/campaigns/trigger/send", {"campaign_id": "x"})
    assert [one.status_code for one in (core, connect, braze)] == [status] * 3
    assert core.json()["status"] == connect.json()["status"] == "error"
    assert core.json()["errors"]["code"] and connect.json()["errors"]["error"]
    assert braze.json()["message"] != "success"
    assert counted(desk) == 0


async def test_a_429_names_its_reset_by_the_servers_own_date(desk: Any, clock: Any) -> None:
    desk.sandbox.inject("429=7", service="braze")
    reply = await desk.braze("/campaigns/list")
    assert int(reply.headers["x-ratelimit-reset"]) - int(clock.now.timestamp()) in (7, 8)
    assert reply.headers["x-ratelimit-remaining"] == "0"
    assert reply.headers["date"] == "Sat, 21 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize("name", ["502-html", "503-html", "504-html", "504-after-apply"])
async def test_a_gateway_answers_in_html(desk: Any, name: str) -> None:
    desk.sandbox.inject(name)
    reply = await post_tag(desk)
    assert reply.status_code == int(name[:3]) and reply.headers["content-type"].startswith("text/html")
    assert counted(desk) == (1 if name in APPLIED else 0)


@pytest.mark.parametrize("name", ["truncated-json", "non-json-200", "empty-200", "deep-json", "oversized-json"])
async def test_a_success_that_cannot_be_read_was_applied_all_the_same(desk: Any, name: str) -> None:
    desk.sandbox.inject(name)
    reply = await post_tag(desk)
    assert reply.status_code == 200
    if name == "oversized-json":
        assert len(reply.content) > 8 * 1024 * 1024
    else:
        with pytest.raises((ValueError, RecursionError)):
            json.loads(reply.content)
    assert counted(desk) == 1


async def test_a_redirect_leads_nowhere_and_shows_if_it_is_followed(desk: Any) -> None:
    desk.sandbox.inject("redirect", times=1)
    assert (await post_tag(desk)).status_code == 302
    assert [one.path for one in desk.sandbox.requests if "redirected" in one.path] == []
    desk.sandbox.inject("redirect", times=1)
    await desk.core(f"/users/{desk.user_id()}", follow_redirects=True)
    assert [one.path for one in desk.sandbox.requests if "redirected" in one.path] == ["/redirected"]


async def test_a_gzip_bomb_is_small_on_the_wire_and_three_hundred_megabytes_unpacked(desk: Any) -> None:
    desk.sandbox.inject("gzip-bomb")
    url = f"{desk.sandbox.braze_url}/campaigns/list"
    async with desk.http.stream("GET", url, headers={"Authorization": "Bearer x"}) as reply:
        packed = b"".join([chunk async for chunk in reply.aiter_raw()])
    unpacker, size = zlib.decompressobj(31), 0
    rest = packed
    while rest:
        size += len(unpacker.decompress(rest, 1 << 20))
        rest = unpacker.unconsumed_tail
    assert unpacker.eof and size == 300_000_000
    assert len(packed) < 500_000


async def test_a_slow_drip_outlasts_every_read_timeout(desk: Any) -> None:
    desk.sandbox.inject("slow-drip=60")
    desk.http.timeout = httpx.Timeout(0.5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.8):
            await post_tag(desk)


async def test_latency_delays_and_leaves_the_answer_alone(desk: Any) -> None:
    desk.sandbox.inject("latency=150", times=1)
    began = time.perf_counter()
    reply = await post_tag(desk)
    assert time.perf_counter() - began > 0.14 and reply.json()["tags"]["t"] == 1


async def test_latency_and_another_fault_add_up(desk: Any) -> None:
    desk.sandbox.inject("latency=120")
    desk.sandbox.inject("500")
    began = time.perf_counter()
    assert (await post_tag(desk)).status_code == 500
    assert time.perf_counter() - began > 0.11


async def test_a_fault_keeps_to_its_service_its_path_and_its_times(desk: Any) -> None:
    desk.sandbox.inject("500", service="core", path="/tags", times=2)
    assert (await desk.core(f"/users/{desk.user_id()}")).status_code == 200
    assert (await desk.braze("/campaigns/list")).status_code == 200
    assert [(await post_tag(desk)).status_code for _ in range(3)] == [500, 500, 200]
    desk.sandbox.inject("500")
    desk.sandbox.clear_faults()
    assert (await post_tag(desk)).status_code == 200


async def test_faults_may_be_set_listed_and_lifted_over_http_from_any_service(desk: Any) -> None:
    for base in (desk.sandbox.core_url, desk.sandbox.connect_url, desk.sandbox.braze_url):
        control = f"{base}/__sandbox__/faults"
        made = await desk.http.post(control, json={"name": "503-html", "service": "core", "path": "/tags", "times": 1})
        assert (made.status_code, (await desk.http.get(control)).json()) == (201, {"faults": ["503-html"]})
        assert (await post_tag(desk)).status_code == 503
        await desk.http.post(control, json={"name": "hang"})
        assert (await desk.http.delete(control)).json() == {"faults": []}
        assert (await post_tag(desk)).status_code == 200


@pytest.mark.parametrize("body", [b"{}", b"[]", b"x", b'{"name":"flood"}', b'{"name":"500","service":"disk"}'])
async def test_a_wrong_fault_over_http_is_a_400(desk: Any, body: bytes) -> None:
    assert (await desk.http.post(f"{desk.sandbox.core_url}/__sandbox__/faults", content=body)).status_code == 400


async def test_requests_are_listed_over_http_and_control_calls_are_not_among_them(desk: Any) -> None:
    await post_tag(desk)
    listed = (await desk.http.get(f"{desk.sandbox.braze_url}/__sandbox__/requests")).json()["requests"]
    kept = desk.sandbox.requests
    assert [(one["service"], one["method"], one["body"]) for one in listed] == [("core", "POST", '{"tags":["t"]}')]
    assert kept[0].json == {"tags": ["t"]} and kept[0].path == listed[0]["path"]
    assert kept[0].headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("500", Fault("500")),
        ("429", Fault("429", 3)),
        ("429=9@braze*2", Fault("429", 9, "braze", None, 2)),
        ("latency=250@core:/tags", Fault("latency", 250, "core", "/tags")),
        ("hang:/users/track", Fault("hang", 0, None, "/users/track")),
    ],
)
def test_a_fault_is_read_as_it_is_typed(text: str, fault: Fault) -> None:
    assert Fault.parse(text) == fault


@pytest.mark.parametrize("text", ["", "flood", "500=3", "500@disk", "429=x", "hang*", "hang*two"])
def test_a_mistyped_fault_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"fault|service"):
        Fault.parse(text)


async def test_faults_given_at_the_start_are_in_force(clock: Any) -> None:
    sandbox = await Sandbox.start(clock=clock, faults=("500@braze*1",))
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            codes = [(await http.get(f"{sandbox.braze_url}/catalogs")).status_code for _ in range(2)]
        assert codes == [500, 401]
    finally:
        await sandbox.stop()


def test_every_name_can_be_put_in_force() -> None:
    board = FaultBoard(NAMES)
    assert tuple(board.names()) == NAMES
