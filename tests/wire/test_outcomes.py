"""The outcome table over real sockets: what the vendor got, and what the program says about it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.adapters.clock import SystemClock
from core.adapters.ledger import SqliteLedger
from core.adapters.wire import HttpWire
from core.braze.calls import list_call, trigger_call
from core.calls import Call, Service
from core.dispatch import Dispatcher
from core.ledger import EntryState
from core.outcomes import Exchange, Failure, Outcome, judge
from core.plans import Receipt
from core.profiles import Profile
from core.reading import read_json
from core.sandbox import Sandbox
from core.sends import Recipients, TargetKind
from core.sessionm.answers import tags_from_json
from core.sessionm.calls import post_tags_call, tags_call

CANVAS = TargetKind.CANVAS


class Rig:
    """The sandbox and a dispatcher with short deadlines and no patience."""

    def __init__(self, lab: Any, sandbox: Sandbox, wire: HttpWire, ledger: SqliteLedger, clock: Any) -> None:
        self.lab, self.sandbox, self.wire, self.ledger, self.clock = lab, sandbox, wire, ledger, clock
        self.dispatcher = Dispatcher(wire, ledger, clock, lab.OpenGate(), jitter=lambda: 0.5)
        self.ana = sandbox.customer("ana")

    def tag(self) -> Call:
        return post_tags_call(self.ana.user_id, ("outcome test",), None)

    async def send(self, name: str = "Offer expiring reminder", kind: TargetKind = TargetKind.CAMPAIGN) -> Call:
        room = "campaigns" if kind is TargetKind.CAMPAIGN else "canvases"
        pages = [await read_json(self.wire, list_call(kind, page), SystemClock()) for page in range(2)]
        (found,) = [row["id"] for page in pages for row in page[room] if row["name"] == name]
        self.sandbox.requests.clear()
        return trigger_call(kind, found, Recipients((self.ana.external_id,)), {})

    async def execute(self, call: Call) -> Receipt:
        recipients = (self.ana.external_id,)
        plan = self.lab.plan_for(self.wire.profile, call, self.clock.now(), recipients=recipients)
        receipt = await self.dispatcher.execute(plan, self.lab.yes(plan))
        entry = await self.ledger.entry(plan.id)
        assert entry is not None and entry.state == EntryState(receipt.outcome.value)
        assert (entry.status, entry.reason, entry.attempts) == (receipt.status, receipt.reason, receipt.attempts)
        return receipt

    async def times_tagged(self) -> int:
        self.sandbox.clear_faults()
        answer = await read_json(self.wire, tags_call(self.ana.user_id), SystemClock())
        return sum(tag.count or 0 for tag in tags_from_json(answer, self.clock.now()) if tag.name == "outcome test")


@pytest.fixture
async def rig(lab: Any, clock: Any, ledger: SqliteLedger) -> AsyncIterator[Rig]:
    sandbox = await Sandbox.start(seed=7)
    profile = Profile.make(
        name="demo",
        environment="sandbox",
        core_url=sandbox.core_url,
        connect_url=sandbox.connect_url,
        braze_url=sandbox.braze_url,
        retailer_id=sandbox.settings["retailer_id"],
        secrets="memory",
    )
    wire = HttpWire(profile, await lab.vault_with(profile, sandbox.secrets), SystemClock(), call_s=0.6)
    sandbox.prepare()
    yield Rig(lab, sandbox, wire, ledger, clock)
    await wire.aclose()
    await sandbox.stop()


SENT, REJECTED, NOT_SENT, UNKNOWN = Outcome.SENT, Outcome.REJECTED, Outcome.NOT_SENT, Outcome.UNKNOWN


@pytest.mark.parametrize("room", ["tag", "send"])
@pytest.mark.parametrize(
    ("fault", "outcome", "attempts", "received"),
    [
        ("reset-before-read", UNKNOWN, 1, 0),
        ("close-after-accept", UNKNOWN, 1, 0),
        ("reset-after-read", UNKNOWN, 1, 1),
        ("reset-after-apply", UNKNOWN, 1, 1),
        ("hang", UNKNOWN, 1, 1),
        ("hang-after-apply", UNKNOWN, 1, 1),
        ("truncated-json", UNKNOWN, 1, 1),
        ("cut-body", UNKNOWN, 1, 1),
        ("slow-drip", UNKNOWN, 1, 1),
        ("gzip-bomb", UNKNOWN, 1, 1),
        ("non-json-200", UNKNOWN, 1, 1),
        ("empty-200", UNKNOWN, 1, 1),
        ("oversized-json", UNKNOWN, 1, 1),
        ("deep-json", UNKNOWN, 1, 1),
        ("401", REJECTED, 1, 1),
        ("403", REJECTED, 1, 1),
        ("404", REJECTED, 1, 1),
        ("redirect", REJECTED, 1, 1),
        ("429", NOT_SENT, 4, 4),
        ("500", REJECTED, 1, 1),
        ("502-html", UNKNOWN, 1, 1),
        ("503-html", UNKNOWN, 1, 1),
        ("504-html", UNKNOWN, 1, 1),
        ("504-after-apply", UNKNOWN, 1, 1),
    ],
)
async def test_each_fault_of_a_vendor_has_its_outcome(
    rig: Rig, room: str, fault: str, outcome: Outcome, attempts: int, received: int
) -> None:
    call = rig.tag() if room == "tag" else await rig.send()
    rig.sandbox.inject(fault)
    receipt = await rig.execute(call)
    assert (receipt.outcome, receipt.attempts, len(rig.sandbox.requests)) == (outcome, attempts, received), receipt


async def test_without_a_fault_it_is_accepted_once(rig: Rig) -> None:
    receipt = await rig.execute(rig.tag())
    assert (receipt.outcome, receipt.attempts, await rig.times_tagged()) == (SENT, 1, 1)


async def test_a_send_is_accepted_with_its_dispatch_id(rig: Rig) -> None:
    receipt = await rig.execute(await rig.send())
    assert receipt.outcome is SENT and receipt.reference and receipt.warnings == ()


async def test_a_paused_canvas_is_accepted_with_the_vendors_warning(rig: Rig) -> None:
    receipt = await rig.execute(await rig.send("Paused: autumn tasting", CANVAS))
    assert receipt.outcome is SENT and receipt.warnings[0].startswith("The Canvas is paused.")


async def test_an_error_inside_a_200_of_sessionm_is_a_refusal(rig: Rig) -> None:
    rig.sandbox.inject("status-error")
    assert (await rig.execute(rig.tag())).outcome is REJECTED
    assert await rig.times_tagged() == 0


async def test_a_pause_is_waited_out_and_the_same_is_accepted_once(rig: Rig) -> None:
    rig.sandbox.inject("429", service="core", times=2)
    receipt = await rig.execute(rig.tag())
    assert (receipt.outcome, receipt.attempts) == (SENT, 3)
    assert len(rig.clock.slept) == 2 and all(1 <= wait <= 5 for wait in rig.clock.slept)
    assert await rig.times_tagged() == 1


@pytest.mark.parametrize(
    "fault", ["reset-after-apply", "hang-after-apply", "504-after-apply", "truncated-json", "cut-body"]
)
async def test_what_the_vendor_did_without_saying_so_is_not_done_twice(rig: Rig, fault: str) -> None:
    rig.sandbox.inject(fault, service="core")
    assert (await rig.execute(rig.tag())).outcome is UNKNOWN
    assert await rig.times_tagged() == 1


# What the sandbox cannot do: the steps before a request, and answers no vendor documents


async def written(lab: Any, url: str, clock: Any, *, call_s: float = 0.6) -> tuple[Outcome, Exchange]:
    """The outcome and the last exchange of a send to `url`."""
    async with lab.wire_to(url, call_s=call_s, connect_s=0.3) as wire:
        exchange: Exchange = await wire.exchange(lab.send_call())
    return judge(Service.BRAZE, exchange).outcome, exchange


async def test_a_refused_connection_means_nothing_left(lab: Any, clock: Any) -> None:
    outcome, exchange = await written(lab, lab.CLOSED_PORT_URL, clock)
    assert (outcome, exchange.failure, exchange.detail) == (NOT_SENT, Failure.REFUSED, "Connection refused")


async def test_an_unknown_host_means_nothing_left(lab: Any, clock: Any) -> None:
    outcome, exchange = await written(lab, "https://no-such-host.invalid", clock, call_s=20)
    assert (outcome, exchange.failure) == (NOT_SENT, Failure.DNS)


async def test_a_host_that_does_not_pick_up_means_nothing_left(lab: Any, clock: Any) -> None:
    with contextlib.ExitStack() as stack:
        deaf = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # fills the queue that nobody serves
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        outcome, exchange = await written(lab, f"http://127.0.0.1:{deaf.getsockname()[1]}", clock)
    assert (outcome, exchange.failure) == (NOT_SENT, Failure.CONNECT_TIMEOUT)


async def test_a_host_that_never_shakes_hands_means_nothing_left(lab: Any, clock: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome, exchange = await written(lab, f"https://127.0.0.1:{silent.getsockname()[1]}", clock)
    assert (outcome, exchange.failure, exchange.detail) == (NOT_SENT, Failure.CONNECT_TIMEOUT, "")


async def test_a_host_that_hangs_up_on_the_handshake_means_nothing_left(lab: Any, clock: Any) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        outcome, exchange = await written(lab, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", clock)
    assert (outcome, exchange.failure) == (NOT_SENT, Failure.TLS)


def self_signed(folder: Path) -> ssl.SSLContext:
    from datetime import datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now()
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1).not_valid_before(now - timedelta(days=2)).not_valid_after(now + timedelta(days=2))
    )
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def test_a_certificate_nobody_vouches_for_means_nothing_left(lab: Any, clock: Any, tmp_path: Path) -> None:
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.read(10))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=self_signed(tmp_path))
    async with server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        outcome, exchange = await written(lab, url, clock, call_s=5)
    assert (outcome, exchange.failure, seen) == (NOT_SENT, Failure.TLS, [])
    assert "certificate" in exchange.detail


async def test_a_call_that_gets_no_free_connection_means_nothing_left(lab: Any) -> None:
    async def hang(request: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with lab.raw_server(hang) as server, lab.wire_to(server.url, call_s=1.0, slot_s=0.2) as wire:
        exchanges = await asyncio.gather(*(wire.exchange(lab.send_call()) for _ in range(32)))
    failures = [exchange.failure for exchange in exchanges]
    assert failures == [Failure.TIMEOUT] * 16 + [Failure.POOL_TIMEOUT] * 16 and len(server.requests) == 16
    outcomes = [judge(Service.BRAZE, exchange).outcome for exchange in exchanges]
    assert outcomes == [UNKNOWN] * 16 + [NOT_SENT] * 16


async def test_a_connection_that_breaks_while_the_request_is_written_is_unknown(lab: Any, clock: Any) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.transport.abort()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    call = Call("x", Service.BRAZE, "POST", ("a",), lab.send_call().effect, body=b"x" * 30_000_000)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, lab.wire_to(url) as wire:
        exchange = await wire.exchange(call)
    assert exchange.failure is Failure.CLOSED and judge(Service.BRAZE, exchange).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("raw", "outcome", "failure"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Le", UNKNOWN, Failure.CLOSED),
        (b"\x00\x01\x02 nonsense\r\n\r\n", UNKNOWN, Failure.CLOSED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}", UNKNOWN, Failure.CLOSED),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", UNKNOWN, Failure.CLOSED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", UNKNOWN, Failure.CLOSED),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n", UNKNOWN, Failure.CLOSED),
        (b'HTTP/1.1 200 OK\r\n\r\n{"message":"success"}', SENT, None),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{"message":"success"}', SENT, None),
        (
            b'HTTP/1.1 200 OK\r\nContent-Length: 21\r\nSet-Cookie: \xff\xfe=\x80\r\n\r\n{"message":"success"}',
            SENT,
            None,
        ),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{"message":"Success"}', UNKNOWN, None),
        (b"HTTP/1.1 204 No Content\r\n\r\n", UNKNOWN, None),
        (b"HTTP/1.1 408 X\r\nContent-Length: 2\r\n\r\n{}", UNKNOWN, None),
        (b"HTTP/1.1 413 X\r\nContent-Length: 2\r\n\r\n{}", REJECTED, None),
        (b"HTTP/1.1 415 X\r\nContent-Length: 2\r\n\r\n{}", REJECTED, None),
        (b"HTTP/1.1 422 X\r\nContent-Length: 2\r\n\r\n{}", REJECTED, None),
        (b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", UNKNOWN, None),
        (b'HTTP/1.1 500 X\r\nContent-Length: 15\r\n\r\n{"message":"x"}', REJECTED, None),
        (b"HTTP/1.1 307 X\r\nLocation: https://[\r\nContent-Length: 0\r\n\r\n", REJECTED, None),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 X\r\nContent-Length: 2\r\n\r\n{}", REJECTED, None),
        (b"", UNKNOWN, Failure.CLOSED),
    ],
)
async def test_odd_answers_have_their_outcome(
    lab: Any, clock: Any, raw: bytes, outcome: Outcome, failure: Failure | None
) -> None:
    async def behave(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        writer.close()

    async with lab.raw_server(behave) as server:
        assert [await written(lab, server.url, clock)][0][0] is outcome
        assert (await written(lab, server.url, clock))[1].failure is failure
    assert len(server.requests) == 2


async def test_an_idle_connection_that_the_service_has_closed_is_not_used_again(lab: Any) -> None:
    async def once(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(lab.answer(200, b'{"message":"success"}'))
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with lab.raw_server(once) as server, lab.wire_to(server.url) as wire:
        for _ in range(20):
            assert judge(Service.BRAZE, await wire.exchange(lab.send_call())).outcome is SENT
            await asyncio.sleep(0.005)


async def test_at_most_four_kilobytes_of_a_failed_answer_are_kept(rig: Rig) -> None:
    rig.sandbox.inject("oversized-json", service="core")
    await rig.execute(rig.tag())
    entry = await rig.ledger.entry("plan-1")
    assert entry is not None and 4000 < len(entry.answer_body) <= 4096 and entry.status == 200
