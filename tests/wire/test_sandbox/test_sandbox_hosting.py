"""The sandbox as a program meets it: ports, threads, keep-alive, seeds and what it says of itself."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from typing import Any
from uuid import UUID

import httpx
import pytest

from core.sandbox import Sandbox, start_in_thread
from core.sandbox.seed import Seed, customer_id


async def test_it_describes_itself_as_the_command_prints_it(desk: Any) -> None:
    told = json.loads(json.dumps(desk.sandbox.describe()))
    assert set(told) == {"core_url", "connect_url", "braze_url", "secrets", "settings", "customers"}
    assert set(told["secrets"]) == {
        *("core_key", "core_secret", "connect_authorization"),
        *("braze_key", "braze_import_key", "segment_partner_key"),
    }
    assert told["customers"] == [one.user_id for one in desk.sandbox.customers]
    assert told["settings"] == {"retailer_id": desk.sandbox.settings["retailer_id"], "culture": "en-US"}


async def test_secrets_are_distinct_fake_and_in_the_vendors_forms(desk: Any) -> None:
    secrets = desk.sandbox.secrets
    assert len(set(secrets.values())) == 6
    int(secrets["core_key"], 16)
    assert b"sandbox" in base64.b64decode(secrets["connect_authorization"])
    assert all("sandbox" in secrets[key] for key in secrets if key not in ("core_key", "connect_authorization"))


async def test_an_id_is_known_from_the_seed_alone(desk: Any) -> None:
    assert customer_id(Seed(7), "ana") == desk.user_id()
    assert UUID(desk.user_id()).version == 4


async def test_at_least_fourteen_customers_with_distinct_ids_at_example_com(desk: Any) -> None:
    customers = desk.sandbox.customers
    assert len(customers) >= 14 and customers[0].name == "ana"
    for key in ("name", "user_id", "external_id", "email"):
        assert len({getattr(one, key) for one in customers}) == len(customers)
    assert all(one.email.endswith("@example.com") and str(UUID(one.user_id)) == one.user_id for one in customers)
    with pytest.raises(KeyError, match="ana"):
        desk.sandbox.customer("nobody")


async def test_every_customer_answers_on_all_three_services(desk: Any) -> None:
    for customer in desk.sandbox.customers:
        if customer.name == "slow":
            continue
        path = f"/users/{customer.user_id}"
        user = (await desk.core(f"{path}?user[user_profile]=true&expand_incentives=true")).json()["user"]
        assert (user["id"], user["email"]) == (customer.user_id, customer.email)
        assert (await desk.core(f"{path}/tags")).status_code == 200
        assert (await desk.core(f"{path}/campaigns")).status_code == 200
        assert (await desk.wallet(customer.name))["user_id"] == customer.user_id
        body = {"email_address": customer.email, "fields_to_export": ["external_id"]}
        found = (await desk.braze("/users/export/ids", body)).json()["users"]
        assert (found == []) is (customer.name == "unknown")


async def test_the_slow_customer_takes_two_and_a_half_seconds_everywhere(desk: Any) -> None:
    slow = desk.user_id("slow")
    began = time.perf_counter()
    export = {"external_ids": [slow], "fields_to_export": ["email"]}
    calls = (desk.core(f"/users/{slow}"), desk.wallet("slow"), desk.braze("/users/export/ids", export))
    done: list[float] = []
    for call in asyncio.as_completed(calls):
        await call
        done.append(time.perf_counter() - began)
    assert all(2.4 < one < 4 for one in done)


async def test_one_connection_carries_many_requests(desk: Any) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(desk.sandbox.braze_url.rpartition(":")[2]))
    for _ in range(3):
        writer.write(b"GET /catalogs HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 401 ")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
    writer.write(b"GET /catalogs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (await reader.read()).startswith(b"HTTP/1.1 401 ")
    writer.close()


async def test_nonsense_on_the_wire_ends_that_connection_only(desk: Any) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(desk.sandbox.core_url.rpartition(":")[2]))
    writer.write(b"\x16\x03\x01 hello\r\n\r\n")
    assert await reader.read() == b""
    writer.close()
    assert (await desk.core(f"/users/{desk.user_id()}")).status_code == 200


def three_free_ports() -> int:
    """The first of three neighbouring ports that nobody holds."""
    for port in range(20_000 + os.getpid() % 20_000, 60_000, 3):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for offset in range(3):
                stack.enter_context(socket.create_server(("127.0.0.1", port + offset)))
            return port
    raise LookupError("no three free ports")


async def test_a_port_takes_the_two_after_it_and_a_taken_port_is_an_error() -> None:
    port = three_free_ports()
    sandbox = await Sandbox.start(port=port)
    try:
        urls = (sandbox.core_url, sandbox.connect_url, sandbox.braze_url)
        assert urls == tuple(f"http://127.0.0.1:{port + offset}" for offset in range(3))
        with pytest.raises(OSError, match="in use"):
            await Sandbox.start(port=port)
    finally:
        await sandbox.stop()


async def until_read(sandbox: Sandbox, count: int) -> None:
    """Wait until the sandbox has read `count` requests, or fail after two seconds."""
    for _ in range(400):
        if len(sandbox.requests) >= count:
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"{len(sandbox.requests)} of {count} requests were read")


async def test_stopping_frees_the_ports_even_while_a_client_waits(clock: Any) -> None:
    sandbox = await Sandbox.start(clock=clock, faults=("hang",))
    async with httpx.AsyncClient(trust_env=False) as http:
        waiting = asyncio.create_task(http.get(f"{sandbox.core_url}/x"))
        await until_read(sandbox, 1)
        async with asyncio.timeout(2):
            await sandbox.stop()
        with pytest.raises(httpx.TransportError):
            await waiting
        with pytest.raises(httpx.ConnectError):
            await http.get(f"{sandbox.core_url}/x")


def test_a_thread_hosts_it_and_is_ready_at_once() -> None:
    with start_in_thread(seed=3, latency_ms=1) as handle:
        reply = httpx.get(f"{handle.sandbox.braze_url}/campaigns/list", trust_env=False)
        assert reply.status_code == 401
        handle.sandbox.inject("500", times=1)
        assert httpx.get(f"{handle.sandbox.core_url}/x", trust_env=False).status_code == 500
        assert [one.service for one in handle.sandbox.requests] == ["braze", "core"]
        url = handle.sandbox.core_url
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)
    handle.stop()


def test_importing_it_brings_no_client_no_screen_and_no_seed() -> None:
    code = "import sys, core.sandbox; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    unwanted = {
        "httpx",
        "h11",
        "textual",
        "rich",
        "core.sandbox.state",
        "core.sandbox.braze",
        "core.sandbox.seed_people",
    }
    assert "core.sandbox.sandbox" in loaded and not unwanted & set(loaded)
