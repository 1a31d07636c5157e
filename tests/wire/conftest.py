"""What the wire tests share: a profile on loopback, its secrets, a clock that only moves when told, raw servers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.adapters.clock import SystemClock
from core.adapters.ledger import SqliteLedger
from core.adapters.vault import MemoryVault
from core.adapters.wire import HttpWire
from core.calls import Call, Effect, Service, encode_json
from core.outcomes import Exchange, Failure
from core.plans import Confirmation, Plan, PlanKind
from core.profiles import Profile
from core.secret import Secret

SECRETS = {
    "core_key": "core-key/with+signs=CANARY1",
    "core_secret": "core-secret-CANARY2",
    "connect_authorization": "Y29ubmVjdDpDQU5BUlkz",
    "braze_key": "braze-key-CANARY4",
}
CLOSED_PORT_URL = "http://127.0.0.1:1"


class ManualClock:
    """A clock that moves by what is slept, at once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 12, 0, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic_s(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


@dataclass
class RawServer:
    """A socket that answers as the test says, and keeps every byte it was sent."""

    behave: Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
    requests: list[bytes] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
                )
                request = head + await reader.readexactly(length)
                self.requests.append(request)
                await self.behave(request, writer)
                if writer.is_closing():
                    return


def answer(status: int, body: bytes, *headers: str) -> bytes:
    """A well-framed HTTP answer."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextlib.asynccontextmanager
async def raw_server(
    behave: Callable[[bytes, asyncio.StreamWriter], Awaitable[None]] | bytes,
) -> AsyncIterator[RawServer]:
    """A server on loopback that gives `behave` (bytes: always these)."""

    async def always(request: bytes, writer: asyncio.StreamWriter) -> None:
        assert isinstance(behave, bytes)
        writer.write(behave)
        await writer.drain()

    raw = RawServer(always if isinstance(behave, bytes) else behave)
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await raw.serve(reader, writer)
        except asyncio.CancelledError:
            return
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    raw.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield raw
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0)


def profile_at(url: str, **settings: Any) -> Profile:
    """A sandbox profile with all three services at `url`."""
    given: dict[str, Any] = {"name": "demo", "environment": "sandbox", "secrets": "memory"} | settings
    retailer = "11111111-2222-3333-4444-555555555555"
    return Profile.make(core_url=url, connect_url=url, braze_url=url, retailer_id=retailer, **given)


async def vault_with(profile: Profile, secrets: dict[str, str] | None = None) -> MemoryVault:
    """A memory vault that holds `secrets` for `profile`."""
    vault = MemoryVault()
    for name, value in (SECRETS if secrets is None else secrets).items():
        await vault.write(profile, name, Secret(value))
    return vault


@contextlib.asynccontextmanager
async def wire_to(
    url: str, *, call_s: float = 5.0, connect_s: float = 2.0, slot_s: float = 5.0
) -> AsyncIterator[HttpWire]:
    """A wire to `url` with short deadlines."""
    profile = profile_at(url)
    wire = HttpWire(
        profile, await vault_with(profile), SystemClock(), connect_s=connect_s, call_s=call_s, slot_s=slot_s
    )
    try:
        yield wire
    finally:
        await wire.aclose()


def send_call(*recipients: str) -> Call:
    """A campaign send as the cockpit builds it."""
    body = {
        "campaign_id": "c-1",
        "broadcast": False,
        "recipients": [{"external_user_id": name} for name in recipients or ("LM-1",)],
    }
    path = ("campaigns", "trigger", "send")
    return Call("braze.campaigns.trigger.send", Service.BRAZE, "POST", path, Effect.WRITE, body=encode_json(body))


def plan_for(
    wire_profile: Profile,
    call: Call,
    now: datetime,
    *,
    plan_id: str = "plan-1",
    recipients: tuple[str, ...] = ("LM-1",),
) -> Plan:
    """A plan for `call` without a phrase."""
    return Plan(
        id=plan_id,
        kind=PlanKind.CAMPAIGN,
        profile=wire_profile.name,
        environment=wire_profile.environment,
        base_url=wire_profile.url(call.service),
        call=call,
        target_id="c-1",
        target_name="Points expiring",
        recipients=recipients,
        lines=(),
        warnings=(),
        made_at=now,
    )


def yes(plan: Plan) -> Confirmation:
    """A person's yes to `plan`."""
    return Confirmation(plan.id, plan.digest, plan.phrase)


class ScriptedWire:
    """A wire that gives prepared exchanges (or raises, or does what a function does), and counts."""

    def __init__(self, profile: Profile, *script: Any) -> None:
        self.profile = profile
        self.script = list(script)
        self.calls: list[Call] = []

    async def exchange(self, call: Call) -> Exchange:
        self.calls.append(call)
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, BaseException):
            raise step
        if callable(step):
            step = await step(call)
        assert isinstance(step, Exchange)
        return step

    async def aclose(self) -> None:
        return


def came(status: int | None, body: object = None, failure: Failure | None = None, **headers: str) -> Exchange:
    """An exchange; `body` is bytes or what becomes JSON; header names with `_` for `-`."""
    raw = body if isinstance(body, bytes) else b"" if body is None else encode_json(body)
    return Exchange(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw, failure, 0.01)


class OpenGate:
    """A gate that lets everything pass."""

    def check(self, plan: Plan) -> None:
        return


@pytest.fixture
def lab() -> SimpleNamespace:
    """The helpers above, for tests to reach: no path tricks are needed so."""
    helpers = (answer, raw_server, profile_at, vault_with, wire_to, send_call, plan_for, yes, came)
    return SimpleNamespace(
        **{helper.__name__: helper for helper in (*helpers, ManualClock, OpenGate, ScriptedWire)},
        SECRETS=SECRETS,
        CLOSED_PORT_URL=CLOSED_PORT_URL,
    )


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[SqliteLedger]:
    found = SqliteLedger(tmp_path / "data" / "ledger.sqlite")
    yield found
    await found.close()


@pytest.fixture(autouse=True)
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing here may touch the person's own folders."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OFFERDECK_HOME", str(tmp_path / "offerdeck"))
    yield
