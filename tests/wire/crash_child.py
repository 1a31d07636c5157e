"""Programs that send rows until they are killed: `crash_child.py HOME URL WORKERS LEDGER`.

A row that the ledger does not know is sent; one that was planned and never claimed is planned anew; all others are
left alone. With LEDGER `naive` the intent is not written, only the outcome: the build that the harness must catch.

A line `FIRST END` on stdin starts one for the rows from FIRST up to END, a process of its own. It says `ready PID`
and, with all rows done, `done`; when it has ended, its exit code follows (`ended -9` for a kill). All are forked
from this one, which has imported everything and opened nothing.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx  # noqa: F401 - what the wire imports late is here before the first fork

from core.adapters.clock import SystemClock
from core.adapters.ledger import SqliteLedger
from core.adapters.vault import MemoryVault
from core.adapters.wire import HttpWire
from core.calls import Call, Effect, Service, encode_json
from core.dispatch import Dispatcher
from core.ledger import Entry, EntryState
from core.plans import Confirmation, Plan, PlanKind
from core.profiles import Profile
from core.secret import Secret


class NaiveLedger:
    """Writes down what has happened, after it has."""

    def __init__(self, inner: SqliteLedger) -> None:
        self._inner = inner
        self._intents: dict[str, Entry] = {}

    async def plan(self, entry: Entry) -> None:
        self._intents[entry.id] = entry

    async def claim(self, entry_id: str) -> bool:
        return True

    async def settle(self, entry: Entry) -> None:
        await self._inner.plan(self._intents[entry.id])
        await self._inner.claim(entry.id)
        await self._inner.settle(entry)


class OpenGate:
    """Lets everything pass."""

    def check(self, plan: Plan) -> None:
        return


def plan_of(profile: Profile, row: str, attempt: int, clock: SystemClock) -> Plan:
    body = {"campaign_id": "c", "broadcast": False, "recipients": [{"external_user_id": row}]}
    path = ("campaigns", "trigger", "send")
    call = Call("braze.campaigns.trigger.send", Service.BRAZE, "POST", path, Effect.WRITE, body=encode_json(body))
    return Plan(
        id=f"{row}-{attempt}",
        kind=PlanKind.CAMPAIGN,
        profile=profile.name,
        environment=profile.environment,
        base_url=profile.braze_url,
        call=call,
        target_id="c",
        target_name="C",
        recipients=(row,),
        lines=(),
        warnings=(),
        made_at=clock.now(),
    )


async def attempt_of(ledger: SqliteLedger, row: str) -> int | None:
    """The number of the attempt that `row` may have now; None when one may have left already."""
    for attempt in range(1, 1000):
        entry = await ledger.entry(f"{row}-{attempt}")
        if entry is None:
            return attempt
        if entry.state is not EntryState.PLANNED:
            return None
    raise AssertionError(f"{row} was planned a thousand times")


async def main(home: Path, url: str, workers: int, kind: str, rows: Iterator[int]) -> None:
    clock, ledger, vault = SystemClock(), SqliteLedger(home / "data" / "ledger.sqlite"), MemoryVault()
    profile = Profile.make(
        name="demo",
        environment="sandbox",
        core_url=url,
        connect_url=url,
        braze_url=url,
        retailer_id="11111111-2222-3333-4444-555555555555",
        secrets="memory",
    )
    await vault.write(profile, "braze_key", Secret("braze-key"))
    wire = HttpWire(profile, vault, clock)
    kept = NaiveLedger(ledger) if kind == "naive" else ledger
    dispatcher = Dispatcher(wire, kept, clock, OpenGate(), jitter=random.random)  # type: ignore[arg-type]
    await ledger.recover(profile.name)
    print("ready", os.getpid(), flush=True)

    async def work() -> None:
        for number in rows:
            row = f"row{number:05}"
            attempt = await attempt_of(ledger, row)
            if attempt is not None:
                plan = plan_of(profile, row, attempt, clock)
                await dispatcher.execute(plan, Confirmation(plan.id, plan.digest))

    await asyncio.gather(*(work() for _ in range(workers)))
    await ledger.close()
    await wire.aclose()
    print("done", flush=True)


for line in sys.stdin:
    first, end = map(int, line.split())
    pid = os.fork()
    if pid == 0:
        asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4], iter(range(first, end))))
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    print("ended", os.waitstatus_to_exitcode(status), flush=True)
