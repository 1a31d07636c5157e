"""The wire: exact bytes out, values back, no secret left in them."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.adapters.clock import SystemClock
from core.adapters.redaction import redact_bytes, spellings
from core.adapters.vault import MemoryVault
from core.adapters.wire import BODY_CAP_BYTES, HttpWire
from core.calls import Call, Effect, Service, Slot
from core.errors import CredentialsRefused, SecretMissing
from core.outcomes import Failure
from core.profiles import FIELDS_OF_SERVICE
from core.secret import MASK, Secret


def core_call(user: str = "42") -> Call:
    path = ("priv", "v1", "apps", Slot("core_key"), "users", user)
    return Call("sessionm.user", Service.CORE, "GET", path, Effect.READ, (("q", "a b&c"),))


def head_of(request: bytes) -> dict[bytes, bytes]:
    lines = request.split(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return {name.lower(): value for name, value in (line.split(b": ", 1) for line in lines)}


@pytest.mark.parametrize("user", ["42", "a/b", "a%2Fb", "ä ö", "x?y#z", "a+b", "…", "a\\b", "|<>^`{}", "a..b", "%"])
async def test_an_id_goes_out_byte_for_byte(lab: Any, user: str) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as server, lab.wire_to(server.url) as wire:
        await wire.exchange(core_call(user))
    target = server.requests[0].split(b" ")[1].decode()
    shown = core_call(user).target.replace("{core_key}", "core-key%2Fwith%2Bsigns%3DCANARY1")
    assert target == shown


async def test_each_service_gets_its_own_authorization_and_nothing_else(lab: Any) -> None:
    pair = base64.b64encode(f"{lab.SECRETS['core_key']}:{lab.SECRETS['core_secret']}".encode()).decode()
    wanted = {
        Service.CORE: f"Basic {pair}",
        Service.CONNECT: f"Basic {lab.SECRETS['connect_authorization']}",
        Service.BRAZE: f"Bearer {lab.SECRETS['braze_key']}",
    }
    async with lab.raw_server(lab.answer(200, b"{}")) as server, lab.wire_to(server.url) as wire:
        for service in Service:
            await wire.exchange(Call("x", service, "POST", ("a",), Effect.READ, body=b"{}"))
    for service, request in zip(Service, server.requests, strict=True):
        head = head_of(request)
        assert head[b"authorization"].decode() == wanted[service]
        assert head[b"accept-encoding"] == b"identity" and head[b"content-type"] == b"application/json"
        assert set(head) == {
            *(
                b"authorization",
                b"accept",
                b"accept-encoding",
                b"user-agent",
                b"content-type",
                b"content-length",
                b"host",
            )
        }


async def test_a_base_address_with_a_path_keeps_it(lab: Any) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as server, lab.wire_to(server.url + "/proxy/x") as wire:
        await wire.exchange(Call("x", Service.BRAZE, "GET", ("a",), Effect.READ))
    assert server.requests[0].startswith(b"GET /proxy/x/a HTTP/1.1\r\n")


async def test_cookies_are_not_kept_and_redirects_not_followed(lab: Any) -> None:
    moved = lab.answer(302, b"", "Location: http://[bad", "Set-Cookie: a=b")
    async with lab.raw_server(moved) as server, lab.wire_to(server.url) as wire:
        first = await wire.exchange(core_call())
        second = await wire.exchange(core_call())
    assert (first.status, second.status, len(server.requests)) == (302, 302, 2)
    assert b"cookie" not in head_of(server.requests[1])


async def test_proxies_of_the_environment_are_not_used(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, lab.CLOSED_PORT_URL)
    async with lab.raw_server(lab.answer(200, b"{}")) as server, lab.wire_to(server.url) as wire:
        assert (await wire.exchange(core_call())).status == 200


async def test_the_answer_carries_status_headers_body_and_time(lab: Any) -> None:
    raw = lab.answer(201, b'{"a":1}', "X-RateLimit-Reset: 5")
    async with lab.raw_server(raw) as server, lab.wire_to(server.url) as wire:
        assert wire.last_ms(Service.CORE) is None
        exchange = await wire.exchange(core_call())
        assert wire.last_ms(Service.CORE) == round(exchange.elapsed_s * 1000)
    assert (exchange.status, exchange.body, exchange.failure) == (201, b'{"a":1}', None)
    assert exchange.headers["x-ratelimit-reset"] == "5" and 0 < exchange.elapsed_s < 2


async def test_thousands_of_headers_hold_nobody_up_and_each_is_read(lab: Any) -> None:
    many = [f"X-{n}: {n}" for n in range(6_000)]
    behave = lab.answer(200, b"{}", "Content-Type: a", "Content-Type: b", *many)
    async with lab.raw_server(behave) as server, lab.wire_to(server.url) as wire:
        await wire.exchange(core_call())  # what is imported late
        began = time.process_time()
        exchange = await wire.exchange(core_call())
        took_s = time.process_time() - began
    assert (exchange.headers["content-type"], exchange.headers["x-5999"]) == ("a, b", "5999")
    assert took_s < 0.35


async def test_a_body_of_the_cap_is_read_and_one_byte_more_is_not(lab: Any) -> None:
    for size, failure in ((BODY_CAP_BYTES, None), (BODY_CAP_BYTES + 1, Failure.TOO_LARGE)):
        async with lab.raw_server(lab.answer(200, b"x" * size)) as server, lab.wire_to(server.url) as wire:
            exchange = await wire.exchange(core_call())
        assert (exchange.status, exchange.failure) == (200, failure)
        assert len(exchange.body) == (size if failure is None else 4096)


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip", "x"])
async def test_an_encoding_nobody_asked_for_is_not_unpacked(lab: Any, encoding: str) -> None:
    raw = lab.answer(200, b"\x1f\x8b", f"Content-Encoding: {encoding}")
    async with lab.raw_server(raw) as server, lab.wire_to(server.url) as wire:
        exchange = await wire.exchange(core_call())
    assert (exchange.status, exchange.failure, exchange.body) == (200, Failure.ENCODED, b"")


async def test_secrets_are_read_once_and_again_after_a_401(lab: Any) -> None:
    class Counting(MemoryVault):
        reads: list[str]

        async def read(self, profile: Any, field: str) -> Secret:
            self.reads.append(field)
            return await super().read(profile, field)

    status = {"now": 200}

    async def behave(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(lab.answer(status["now"], b"{}"))
        await writer.drain()

    async with lab.raw_server(behave) as server:
        profile, vault = lab.profile_at(server.url), Counting()
        vault.reads = []
        for field, value in lab.SECRETS.items():
            await vault.write(profile, field, Secret(value))
        wire = HttpWire(profile, vault, SystemClock())
        await asyncio.gather(*(wire.exchange(core_call()) for _ in range(5)))
        assert vault.reads == ["core_key", "core_secret"]
        status["now"] = 401
        await wire.exchange(core_call())
        await wire.exchange(core_call())
        assert vault.reads == ["core_key", "core_secret"] * 2
        await wire.aclose()


async def test_without_a_secret_nothing_leaves(lab: Any) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as server:
        profile = lab.profile_at(server.url)
        wire = HttpWire(
            profile, await lab.vault_with(profile, {"core_key": "k", "braze_key": "a\r\nX-Evil: 1"}), SystemClock()
        )
        with pytest.raises(SecretMissing, match="offerdeck auth set demo core_secret"):
            await wire.exchange(core_call())
        with pytest.raises(CredentialsRefused, match="a character that no key has"):
            await wire.exchange(Call("x", Service.BRAZE, "GET", ("a",), Effect.READ))
        await wire.aclose()
    assert server.requests == []


async def test_a_closed_wire_lets_nothing_out(lab: Any) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as server, lab.wire_to(server.url) as wire:
        await wire.aclose()
        exchange = await wire.exchange(core_call())
    assert (exchange.failure, server.requests) == (Failure.GUARD, [])


async def test_never_more_than_sixteen_connections(lab: Any) -> None:
    open_now, most, full = 0, 0, asyncio.Event()

    async def behave(request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        if open_now == 16:
            asyncio.get_running_loop().call_later(0.05, full.set)
        await full.wait()
        open_now -= 1
        writer.write(lab.answer(200, b"{}"))
        await writer.drain()

    async with lab.raw_server(behave) as server, lab.wire_to(server.url) as wire:
        exchanges = await asyncio.gather(*(wire.exchange(core_call(str(n))) for n in range(60)))
    assert {exchange.status for exchange in exchanges} == {200} and most == 16


async def test_an_echoed_secret_is_redacted_in_body_and_log(lab: Any, caplog: pytest.LogCaptureFixture) -> None:
    async def echo(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(
            lab.answer(200, json.dumps({"you": request.decode()}).encode(), "Location: /" + lab.SECRETS["core_key"])
        )
        await writer.drain()

    with caplog.at_level(logging.DEBUG):
        async with lab.raw_server(echo) as server, lab.wire_to(server.url) as wire:
            exchange = await wire.exchange(core_call())
    assert b"CANARY1" in server.requests[0], "the control: the secret did leave"
    kept = repr(exchange) + caplog.text + json.dumps(exchange.headers)
    pair = base64.b64encode(f"{lab.SECRETS['core_key']}:{lab.SECRETS['core_secret']}".encode()).decode()
    for trace in ("CANARY1", "CANARY2", pair, pair[8:-8]):
        assert trace not in kept
    assert MASK.encode() in exchange.body


@pytest.mark.parametrize("field", ["core_key", "core_secret", "connect_authorization"])
async def test_what_braze_keeps_never_tells_a_secret_of_sessionm_though_nobody_called_it(lab: Any, field: str) -> None:
    block = json.dumps({"content": f"apps/{lab.SECRETS[field]}/users"}).encode()
    async with lab.raw_server(lab.answer(200, block)) as server, lab.wire_to(server.url) as wire:
        exchange = await wire.exchange(Call("x", Service.BRAZE, "GET", ("content_blocks", "info"), Effect.READ))
    assert json.loads(exchange.body)["content"] == f"apps/{MASK}/users"


class _Slow(MemoryVault):
    """A keyring whose answer for what Braze itself does not need waits until it may come."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def read(self, profile: Any, field: str) -> Secret:
        if field != "braze_key":
            self.asked.set()
            await self.may_answer.wait()
        return await super().read(profile, field)


@pytest.mark.parametrize("first", ["given up", "under way"])
async def test_no_call_to_braze_is_answered_before_every_secret_is_looked_for(lab: Any, first: str) -> None:
    block = json.dumps({"content": f"apps/{lab.SECRETS['core_secret']}/users"}).encode()
    async with lab.raw_server(lab.answer(200, block)) as server:
        profile, vault = lab.profile_at(server.url), _Slow()
        for field, value in lab.SECRETS.items():
            await vault.write(profile, field, Secret(value))
        wire, call = HttpWire(profile, vault, SystemClock()), Call("x", Service.BRAZE, "GET", ("a",), Effect.READ)
        calls = [asyncio.create_task(wire.exchange(call))]
        await vault.asked.wait()
        if first == "given up":
            calls.pop().cancel()
            await asyncio.sleep(0)
        calls.append(asyncio.create_task(wire.exchange(call)))
        asyncio.get_running_loop().call_later(0.1, vault.may_answer.set)
        exchanges = await asyncio.gather(*calls)
        await wire.aclose()
    assert [json.loads(one.body)["content"] for one in exchanges] == [f"apps/{MASK}/users"] * len(calls)


async def test_a_secret_at_the_end_of_what_is_kept_of_a_failed_body_leaves_no_half(lab: Any) -> None:
    secret = lab.SECRETS["core_key"].encode()
    body = b"x" * (4096 - 12) + secret + b"y" * 8_400_000
    async with lab.raw_server(lab.answer(200, body)) as server, lab.wire_to(server.url) as wire:
        exchange = await wire.exchange(core_call())
    assert exchange.failure is Failure.TOO_LARGE
    assert secret[:12] not in exchange.body


async def test_nothing_of_httpx_that_is_logged_names_the_target(lab: Any, caplog: pytest.LogCaptureFixture) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as server, lab.wire_to(server.url) as wire:
        await wire.exchange(core_call())
        logging.getLogger("httpx").setLevel(logging.DEBUG)
        logging.getLogger("httpcore").setLevel(logging.DEBUG)
        try:
            with caplog.at_level(logging.DEBUG):
                await wire.exchange(core_call())
        finally:
            for name in ("httpx", "httpcore"):
                logging.getLogger(name).setLevel(logging.WARNING)
    assert caplog.records, "the control: httpcore does log at this level"
    assert "CANARY" not in caplog.text


@given(st.text(min_size=6, max_size=40), st.binary(max_size=5), st.binary(max_size=5))
def test_any_spelling_of_a_secret_is_found(secret: str, before: bytes, after: bytes) -> None:
    from urllib.parse import quote

    if len(secret.encode("utf-8", "surrogatepass")) < 6:
        return
    forms = spellings([Secret(secret)])
    raw = secret.encode("utf-8", "surrogatepass")
    for spelled in (raw, quote(raw, safe="").encode(), json.dumps(secret)[1:-1].encode(), raw.hex().encode()):
        assert spelled not in redact_bytes(b"<" + spelled + b">", forms)
    packed = base64.b64encode(before + raw + after)
    if len(raw) > 9:
        assert redact_bytes(packed, forms) != packed


def test_auth_tokens_are_redacted_whatever_they_hold() -> None:
    text = r'{"auth_token": "v2--a\"b", "name": "auth", "auth_token":""}'
    assert redact_bytes(text.encode(), ()).decode() == '{"auth_token": "•••", "name": "auth", "auth_token":"•••"}'


def test_a_long_answer_with_many_backslashes_is_redacted_in_time() -> None:
    body = b'{"auth_token": "' + b"\\" * 2_000_000
    assert redact_bytes(body, ()) == body


async def test_a_thousand_random_switches_never_mix_up_key_and_host(lab: Any) -> None:
    import random

    chance = random.Random(7)
    async with (
        lab.raw_server(lab.answer(200, b"{}")) as one,
        lab.raw_server(lab.answer(200, b"{}")) as two,
    ):
        vault, wires = MemoryVault(), []
        for name, server in (("one", one), ("two", two)):
            profile = lab.profile_at(server.url, name=name)
            for field in lab.SECRETS:
                await vault.write(profile, field, Secret(f"{field}-of-{name}"))
            wires.append(HttpWire(profile, vault, SystemClock()))
        calls = [Call("x", service, "GET", (Slot(FIELDS_OF_SERVICE[service][0]),), Effect.READ) for service in Service]
        for _ in range(100):
            await asyncio.gather(*(chance.choice(wires).exchange(chance.choice(calls)) for _ in range(10)))
        for wire in wires:
            await wire.aclose()
    assert len(one.requests) + len(two.requests) == 1000
    for mark, server in ((b"one", one), (b"two", two)):
        for request in server.requests:
            scheme, _, value = head_of(request)[b"authorization"].partition(b" ")
            plain = base64.b64decode(value) if scheme == b"Basic" and b"-of-" not in value else value
            assert plain.count(b"-of-" + mark) == plain.count(b"-of-") >= 1
            assert request.split(b" ")[1].endswith(b"-of-" + mark)
