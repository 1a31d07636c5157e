"""The wire for connected content: what leaves, where to, and what is refused; each guard is also taken away."""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from core import admission
from core.adapters import connected_wire
from core.adapters.clock import SystemClock
from core.adapters.connected_wire import BODY_CAP_BYTES, ConnectedWire
from core.admission import Admitted, CallRequest, admit
from core.errors import CredentialsRefused, Guarded, SecretMissing
from core.outcomes import Failure
from core.profiles import Profile
from core.secret import Secret

HOST = "api.example"


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and key for api.example alone."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    words += ["-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(path), "-out", str(path.with_suffix(".crt"))]
    subprocess.run(words, check=True, capture_output=True)
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@asynccontextmanager
async def tls_server(pem: Path, answer: bytes) -> AsyncIterator[tuple[int, list[bytes], list[str | None]]]:
    """HTTPS on loopback: its port, what it was sent, and the names asked for in TLS."""
    requests: list[bytes] = []
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.sni_callback = lambda _, name, __: names.append(name)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], requests, names


def staging(lab: Any, **settings: Any) -> Profile:
    made: Profile = lab.profile_at("https://core.example", environment="staging", **settings)
    return made


def trusting(pem: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(pem.with_suffix(".crt")))


def leads_to(*places: tuple[str, int]) -> Callable[[str, int], Any]:
    async def resolve(host: str, port: int) -> list[tuple[str, int]]:
        return list(places)

    return resolve


def anywhere(_: str) -> bool:
    return True


@asynccontextmanager
async def wire_at(lab: Any, profile: Profile, **settings: Any) -> AsyncIterator[ConnectedWire]:
    secrets = settings.pop("secrets", None)
    wire = ConnectedWire(profile, await lab.vault_with(profile, secrets), SystemClock(), **settings)
    try:
        yield wire
    finally:
        await wire.aclose()


def call(url: str, profile: Profile, method: str = "GET", **more: Any) -> Admitted:
    return admit(CallRequest(method, url, **more), profile)


def head_of(request: bytes) -> dict[str, str]:
    lines = request.decode().split("\r\n\r\n")[0].split("\r\n")[1:]
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


async def test_the_name_stays_in_tls_and_host_while_the_judged_address_is_dialled(lab: Any, pem: Path) -> None:
    profile = staging(lab, connected_content_hosts=(HOST,))
    async with tls_server(pem, lab.answer(200, b'{"a":1}')) as (port, requests, names):
        judged: list[str] = []

        def judge(address: str) -> bool:
            judged.append(address)
            return True

        settings = {"resolve": leads_to(("127.0.0.1", port)), "is_allowed": judge, "trust": trusting(pem)}
        async with wire_at(lab, profile, **settings) as wire:
            exchange = await wire.fetch(call(f"https://{HOST}/a?b=ä", profile, headers=(("X-One", "1"),)))
    assert (exchange.status, exchange.body, exchange.failure) == (200, b'{"a":1}', None)
    assert (judged, names) == (["127.0.0.1"], [HOST])
    head = head_of(requests[0])
    assert requests[0].startswith(b"GET /a?b=%C3%A4 HTTP/1.1\r\n")
    assert (head["host"], head["accept-encoding"], head["x-one"]) == (HOST, "identity", "1")
    assert set(head) == {"host", "accept-encoding", "user-agent", "x-one"}


async def test_a_certificate_of_another_name_or_of_nobody_trusted_is_refused(lab: Any, pem: Path) -> None:
    profile = staging(lab, connected_content_hosts=(HOST, "other.example"))
    for host, trust in (("other.example", trusting(pem)), (HOST, None)):
        async with tls_server(pem, lab.answer(200, b"{}")) as (port, requests, _):
            settings = {"resolve": leads_to(("127.0.0.1", port)), "is_allowed": anywhere, "trust": trust}
            async with wire_at(lab, profile, **settings) as wire:
                exchange = await wire.fetch(call(f"https://{host}/", profile))
        assert (exchange.status, exchange.failure, requests) == (None, Failure.TLS, [])


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "64:ff9b::7f00:1", "168.63.129.16"]
)
async def test_a_name_that_leads_inside_is_refused_before_anything_is_dialled(lab: Any, address: str) -> None:
    profile = staging(lab, connected_content_hosts=(HOST,))
    async with wire_at(lab, profile, resolve=leads_to((address, 443))) as wire:
        with pytest.raises(Guarded, match="not an address of the public internet"):
            await wire.fetch(call(f"https://{HOST}/", profile))


async def test_without_the_address_guard_the_call_would_reach_loopback(lab: Any, pem: Path) -> None:
    profile = staging(lab, connected_content_hosts=(HOST,))
    async with tls_server(pem, lab.answer(200, b"{}")) as (port, requests, _):
        settings: dict[str, Any] = {"resolve": leads_to(("127.0.0.1", port)), "trust": trusting(pem)}
        async with wire_at(lab, profile, **settings) as wire:
            with pytest.raises(Guarded):
                await wire.fetch(call(f"https://{HOST}/", profile))
        assert requests == []
        async with wire_at(lab, profile, **settings, is_allowed=anywhere) as wire:
            assert (await wire.fetch(call(f"https://{HOST}/", profile))).status == 200
        assert len(requests) == 1


async def test_a_name_with_one_public_and_one_inner_address_is_refused(lab: Any) -> None:
    profile = staging(lab, connected_content_hosts=(HOST,))
    async with wire_at(lab, profile, resolve=leads_to(("8.8.8.8", 443), ("10.0.0.1", 443))) as wire:
        with pytest.raises(Guarded, match=r"10\.0\.0\.1"):
            await wire.fetch(call(f"https://{HOST}/", profile))


async def test_the_name_is_looked_up_once_so_that_it_cannot_change_its_mind(lab: Any, pem: Path) -> None:
    profile = staging(lab, connected_content_hosts=(HOST,))
    async with tls_server(pem, lab.answer(200, b"{}")) as (port, requests, _):
        asked: list[str] = []

        async def resolve(host: str, _: int) -> list[tuple[str, int]]:
            asked.append(host)
            return [("127.0.0.1", port)] if len(asked) == 1 else [("127.0.0.2", 1)]

        async with wire_at(lab, profile, resolve=resolve, is_allowed=anywhere, trust=trusting(pem)) as wire:
            assert (await wire.fetch(call(f"https://{HOST}/", profile))).status == 200
    assert (asked, len(requests)) == ([HOST], 1)


async def test_an_address_that_refuses_gives_way_to_the_next(lab: Any, pem: Path) -> None:
    profile = staging(lab, connected_content_hosts=(HOST,))
    async with tls_server(pem, lab.answer(200, b"{}")) as (port, _, __):
        places = leads_to(("127.0.0.1", 1), ("127.0.0.1", port))
        async with wire_at(lab, profile, resolve=places, is_allowed=anywhere, trust=trusting(pem)) as wire:
            assert (await wire.fetch(call(f"https://{HOST}/", profile))).status == 200


async def test_a_name_nobody_knows_and_a_lookup_that_hangs_are_failures_in_time(lab: Any) -> None:
    profile = staging(lab, connected_content_hosts=(HOST,))

    async def unknown(*_: Any) -> list[tuple[str, int]]:
        raise socket.gaierror(socket.EAI_NONAME, "no")

    async def hangs(*_: Any) -> list[tuple[str, int]]:
        await asyncio.Event().wait()
        return []

    for resolve, failure in ((unknown, Failure.DNS), (hangs, Failure.CONNECT_TIMEOUT)):
        async with wire_at(lab, profile, resolve=resolve, call_s=0.1) as wire, asyncio.timeout(5):
            assert (await wire.fetch(call(f"https://{HOST}/", profile))).failure is failure


def test_a_lookup_that_hangs_holds_nobody_up_who_wants_to_leave(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: released.wait(20) and [])

    async def look() -> Failure | None:
        profile = staging(lab, connected_content_hosts=(HOST,))
        async with wire_at(lab, profile, call_s=0.1) as wire:
            return (await wire.fetch(call(f"https://{HOST}/", profile))).failure

    began_at_s = time.monotonic()
    try:
        assert asyncio.run(look()) is Failure.CONNECT_TIMEOUT
        assert time.monotonic() - began_at_s < 5
    finally:
        released.set()


async def test_a_name_that_cannot_be_asked_for_is_a_failure_and_no_crash(lab: Any) -> None:
    host = "a" * 64 + ".example"
    profile = staging(lab, connected_content_hosts=(host,))
    async with wire_at(lab, profile) as wire:
        assert (await wire.fetch(call(f"https://{host}/", profile))).failure is Failure.DNS


async def test_the_sandbox_is_called_as_it_is_and_a_name_for_it_must_stay_on_this_machine(lab: Any) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as server:
        profile = lab.profile_at(server.url)
        async with wire_at(lab, profile) as wire:
            assert (await wire.fetch(call(f"{server.url}/x", profile))).status == 200
        by_name = lab.profile_at(server.url.replace("127.0.0.1", "localhost"))
        async with wire_at(lab, by_name, resolve=leads_to(("8.8.8.8", 80))) as wire:
            with pytest.raises(Guarded):
                await wire.fetch(call(by_name.core_url, by_name))
    assert head_of(server.requests[0])["host"] == server.url.removeprefix("http://")


async def test_placeholders_become_secrets_on_the_wire_and_nowhere_else(lab: Any) -> None:
    pair = base64.b64encode(f"{lab.SECRETS['core_key']}:{lab.SECRETS['core_secret']}".encode()).decode()
    echo = f'{{"a":"{pair}","b":"{lab.SECRETS["connect_authorization"]}","c":"{lab.SECRETS["core_key"]}"}}'.encode()
    async with lab.raw_server(lab.answer(200, echo, f"X-Echo: {pair}")) as server:
        profile = lab.profile_at(server.url)
        headers = (("A", "Basic <core_authorization>"), ("B", "Basic <connect_authorization>"))
        asked = call(
            f"{server.url}/<appkey_core>/x?k=<appkey_core>", profile, "POST", headers=headers, body="<appkey_core>"
        )
        async with wire_at(lab, profile) as wire:
            exchange = await wire.fetch(asked)
    sent = server.requests[0].decode()
    quoted = "core-key%2Fwith%2Bsigns%3DCANARY1"
    assert sent.startswith(f"POST /{quoted}/x?k={quoted} HTTP/1.1\r\n") and sent.endswith(lab.SECRETS["core_key"])
    head = head_of(server.requests[0])
    assert (head["a"], head["b"]) == (f"Basic {pair}", f"Basic {lab.SECRETS['connect_authorization']}")
    shown = repr((exchange, asked, wire))
    assert exchange.headers["x-echo"] == "•••"
    assert not any(secret in shown for secret in (*lab.SECRETS.values(), pair, quoted))


async def test_a_secret_that_is_not_stored_or_cannot_stand_in_a_header_stops_the_call(lab: Any) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as server:
        profile = lab.profile_at(server.url)
        asked = call(server.url, profile, headers=(("A", "Basic <connect_authorization>"),))
        async with wire_at(lab, profile, secrets={"core_key": "0123456"}) as wire:
            with pytest.raises(SecretMissing):
                await wire.fetch(asked)
            assert (await wire.fetch(call(server.url, profile))).status == 200
        async with wire_at(lab, profile, secrets={"connect_authorization": "a\r\nB: evil"}) as wire:
            with pytest.raises(CredentialsRefused) as refused:
                await wire.fetch(asked)
    assert "evil" not in str(refused.value) and len(server.requests) == 1


def strays(lab: Any, pem: Path, port: int, profile: Profile) -> Any:
    settings: dict[str, Any] = {"resolve": leads_to(("127.0.0.1", port)), "is_allowed": anywhere}
    return wire_at(lab, profile, **settings, trust=trusting(pem))


@pytest.mark.parametrize("field", ["core_key", "core_secret", "connect_authorization", "braze_key"])
@pytest.mark.parametrize("spelled", [str, lambda text: base64.b64encode(f"a:{text}".encode()).decode()])
async def test_a_secret_spelled_out_in_a_message_stays_off_hosts_that_are_not_its_own(
    lab: Any, pem: Path, field: str, spelled: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = staging(lab, connected_content_hosts=(HOST,))
    async with tls_server(pem, lab.answer(200, b"{}")) as (port, requests, _):
        headers = (("Authorization", f"Basic {spelled(lab.SECRETS[field])}"),)
        async with strays(lab, pem, port, profile) as wire:
            with pytest.raises(Guarded, match="not its host"):
                await wire.fetch(call(f"https://{HOST}/", profile, headers=headers))
        assert requests == []
        monkeypatch.setattr(ConnectedWire, "_check_strays", lambda *_: None)
        async with strays(lab, pem, port, profile) as wire:
            await wire.fetch(call(f"https://{HOST}/", profile, headers=headers))
        assert len(requests) == 1


async def test_without_the_placeholder_guard_a_secret_would_leave_for_another_host(
    lab: Any, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = staging(lab, connected_content_hosts=(HOST,))
    asked = CallRequest("GET", f"https://{HOST}/", (("Authorization", "Basic <connect_authorization>"),))
    with pytest.raises(Guarded):
        admit(asked, profile)
    monkeypatch.setattr(admission, "_check_placeholders", lambda *_: None)
    async with tls_server(pem, lab.answer(200, b"{}")) as (port, requests, _), strays(lab, pem, port, profile) as wire:
        await wire.fetch(admit(asked, profile))
    assert lab.SECRETS["connect_authorization"].encode() in requests[0]


async def test_redirects_are_not_followed(lab: Any) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as other:
        moved = lab.answer(302, b"", f"Location: {other.url}/", "Set-Cookie: a=b")
        async with lab.raw_server(moved) as server:
            profile = lab.profile_at(server.url)
            async with wire_at(lab, profile) as wire:
                first = await wire.fetch(call(server.url, profile))
                await wire.fetch(call(server.url, profile))
    assert (first.status, other.requests, len(server.requests)) == (302, [], 2)
    assert "cookie" not in head_of(server.requests[1])


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip"])
async def test_an_encoding_nobody_asked_for_is_not_unpacked(lab: Any, encoding: str) -> None:
    async with lab.raw_server(lab.answer(200, b"\x1f\x8b", f"Content-Encoding: {encoding}")) as server:
        profile = lab.profile_at(server.url)
        async with wire_at(lab, profile) as wire:
            exchange = await wire.fetch(call(server.url, profile))
    assert (exchange.failure, exchange.body) == (Failure.ENCODED, b"")


async def test_a_body_of_the_cap_is_read_and_one_byte_more_is_not(lab: Any) -> None:
    assert BODY_CAP_BYTES == 1_000_000
    for size, failure in ((BODY_CAP_BYTES, None), (BODY_CAP_BYTES + 1, Failure.TOO_LARGE)):
        async with lab.raw_server(lab.answer(200, b"x" * size)) as server:
            profile = lab.profile_at(server.url)
            async with wire_at(lab, profile) as wire:
                exchange = await wire.fetch(call(server.url, profile))
        assert exchange.failure is failure and len(exchange.body) == (size if failure is None else 4096)


async def test_a_body_that_drips_ends_at_the_deadline_of_the_whole_call(lab: Any) -> None:
    async def drip(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with lab.raw_server(drip) as server:
        profile = lab.profile_at(server.url)
        async with wire_at(lab, profile, call_s=0.3) as wire:
            exchange = await wire.fetch(call(server.url, profile))
    assert exchange.failure is Failure.TIMEOUT and 0.25 < exchange.elapsed_s < 1.0
    assert connected_wire.CALL_S == 2.0


async def test_proxies_of_the_environment_are_not_used(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, lab.CLOSED_PORT_URL)
    async with lab.raw_server(lab.answer(200, b"{}")) as server:
        profile = lab.profile_at(server.url)
        async with wire_at(lab, profile) as wire:
            assert (await wire.fetch(call(server.url, profile))).status == 200


async def test_no_connection_is_kept_for_another_name_at_the_same_address(lab: Any) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as server:
        profile = lab.profile_at(server.url)
        opened: list[int] = []
        serve = server.serve

        async def counted(reader: Any, writer: Any) -> None:
            opened.append(1)
            await serve(reader, writer)

        server.serve = counted
        async with wire_at(lab, profile) as wire:
            for _ in range(3):
                await wire.fetch(call(server.url, profile))
    assert len(opened) == 3


async def test_a_secret_stored_later_is_used_and_a_refused_one_is_read_again(lab: Any) -> None:
    answers = iter((lab.answer(200, b"{}"), lab.answer(401, b"{}"), lab.answer(200, b"{}")))

    async def next_one(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(next(answers))
        await writer.drain()

    async with lab.raw_server(next_one) as server:
        profile = lab.profile_at(server.url)
        asked = call(server.url, profile, headers=(("A", "<connect_authorization>"),))
        vault = await lab.vault_with(profile, {"core_key": "0123456"})
        wire = ConnectedWire(profile, vault, SystemClock())
        with pytest.raises(SecretMissing):
            await wire.fetch(asked)
        for field, value in (lab.SECRETS | {"connect_authorization": "first-value"}).items():
            await vault.write(profile, field, Secret(value))
        await wire.fetch(asked)
        await vault.write(profile, "connect_authorization", Secret("second-value"))
        for _ in range(2):
            await wire.fetch(asked)
        await wire.aclose()
    assert [head_of(request)["a"] for request in server.requests] == ["first-value", "first-value", "second-value"]


async def test_a_wire_closed_while_a_name_is_looked_up_calls_nobody(lab: Any) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as server:
        profile = lab.profile_at(server.url)
        looking, closed = asyncio.Event(), asyncio.Event()

        async def resolve(host: str, port: int) -> list[tuple[str, int]]:
            looking.set()
            await closed.wait()
            return [(host, port)]

        async with wire_at(lab, profile, resolve=resolve) as wire:
            fetching = asyncio.create_task(wire.fetch(call(server.url, profile)))
            await looking.wait()
            await wire.aclose()
            closed.set()
            assert (await fetching).failure is Failure.GUARD
    assert server.requests == []


async def test_a_closed_wire_calls_nobody(lab: Any) -> None:
    async with lab.raw_server(lab.answer(200, b"{}")) as server:
        profile = lab.profile_at(server.url)
        async with wire_at(lab, profile) as wire:
            await wire.aclose()
            assert (await wire.fetch(call(server.url, profile))).failure is Failure.GUARD
    assert server.requests == []
