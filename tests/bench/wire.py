"""Calls through the wire against a bare httpx client and against the ideal, on a loopback server of its own process."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from tests.bench.measure import Comparison, Side

LANES = 16
CALLS = 320
SLOW_MS = 50
_ANSWER = b'{"message":"success","dispatch_id":"x"}'
_HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(_ANSWER)


def wire(turns: int = 5) -> list[Comparison]:
    """One call after the other, then 16 at a time to a server that takes 50 ms."""
    return asyncio.run(_measured(turns))


async def _measured(turns: int) -> list[Comparison]:
    return [await _alone(turns), await _side_by_side(turns)]


async def _alone(turns: int) -> Comparison:
    """Milliseconds for one call out of 320 in a row: ours adds keys, deadlines, the cap and the redaction."""
    sides: dict[str, list[float]] = {"the wire": [], "bare httpx": []}
    async with _server(0) as url, _clients(url) as (ours, bare):
        for _ in range(turns + 1):
            for name, call in (("the wire", ours), ("bare httpx", bare)):
                begun = time.perf_counter()
                for _ in range(CALLS):
                    await call()
                sides[name].append((time.perf_counter() - begun) * 1000 / CALLS)
    made = [Side(name, tuple(taken[1:])) for name, taken in sides.items()]
    return Comparison("one call", made[0], made[1], 1 / 0.8)


async def _side_by_side(turns: int) -> Comparison:
    """Milliseconds for 320 calls, 16 in flight; the ideal is 20 rounds of 50 ms."""
    ideal_ms = CALLS / LANES * SLOW_MS
    sides: dict[str, list[float]] = {"the wire": [], "bare httpx": []}
    async with _server(SLOW_MS) as url, _clients(url) as (ours, bare):
        for _ in range(turns + 1):
            for name, call in (("the wire", ours), ("bare httpx", bare)):
                begun = time.perf_counter()
                await asyncio.gather(*(_lane(call) for _ in range(LANES)))
                sides[name].append((time.perf_counter() - begun) * 1000)
    made = [Side(name, tuple(taken[1:])) for name, taken in sides.items()]
    ideal = Side("ideal", (ideal_ms,) * turns)
    rates = ", ".join(f"{side.name} {CALLS / side.median * 1000:.0f}/s" for side in (*made, ideal))
    return Comparison(f"{LANES} at a time, {SLOW_MS} ms each", made[0], ideal, 1 / 0.93, (made[1],), notes=(rates,))


async def _lane(call: Callable[[], Awaitable[object]]) -> None:
    for _ in range(CALLS // LANES):
        await call()


@asynccontextmanager
async def _clients(url: str) -> AsyncIterator[tuple[Callable[[], Awaitable[object]], Callable[[], Awaitable[object]]]]:
    """A trigger send through the wire, and the same bytes through a bare client."""
    import httpx

    from core.adapters.clock import SystemClock
    from core.adapters.vault import MemoryVault
    from core.adapters.wire import HttpWire
    from core.braze.calls import trigger_call
    from core.profiles import FIELDS_OF_SERVICE, Profile
    from core.secret import Secret
    from core.sends import Recipients, TargetKind

    profile = Profile.make(
        name="bench",
        environment="sandbox",
        core_url=url,
        connect_url=url,
        braze_url=url,
        retailer_id="11111111-2222-3333-4444-555555555555",
    )
    vault = MemoryVault()
    for fields in FIELDS_OF_SERVICE.values():
        for field in fields:
            await vault.write(profile, field, Secret("k" * 40))
    ours = HttpWire(profile, vault, SystemClock())
    call = trigger_call(TargetKind.CAMPAIGN, "c-1", Recipients.parse(["user-1"]), {"offer_id": "42"})
    headers = {"Authorization": "Bearer " + "k" * 40, "Content-Type": "application/json"}

    async def by_wire() -> None:
        exchange = await ours.exchange(call)
        assert exchange.status == 201, exchange

    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=LANES), trust_env=False) as client:

        async def bare() -> None:
            answer = await client.post(f"{url}/campaigns/trigger/send", content=call.body, headers=headers)
            assert answer.status_code == 201

        try:
            yield by_wire, bare
        finally:
            await ours.aclose()


@asynccontextmanager
async def _server(delay_ms: int) -> AsyncIterator[str]:
    words = [sys.executable, "-m", "tests.bench.wire", str(delay_ms)]
    server = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(await server.stdout.readline())}"
    finally:
        server.kill()
        await server.wait()


async def _serve(delay_ms: int) -> None:
    """Answers every request with the same JSON after `delay_ms`; connections are kept."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0))
                await asyncio.sleep(delay_ms / 1000)
                writer.write(_HEAD + _ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
