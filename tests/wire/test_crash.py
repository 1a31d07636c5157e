"""kill -9 at any moment: nothing goes twice, nothing that left is forgotten; a build without intents is caught."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.adapters.ledger import SqliteLedger
from core.ledger import Entry, EntryState

HERE = Path(__file__).parent
WORKERS = 4
ACCEPTED = b'{"message":"success","dispatch_id":"d"}'


@dataclass
class Programs:
    """Starts the program again and again, each time as a process of its own, one at a time."""

    nursery: asyncio.subprocess.Process

    async def start(self, first: int, end: int) -> int:
        """One more, at work on the rows from `first` up to `end`; gives its process id."""
        assert self.nursery.stdin is not None
        self.nursery.stdin.write(f"{first} {end}\n".encode())
        ready, pid = (await self._line()).split()
        assert ready == "ready"
        return int(pid)

    async def kill(self, pid: int) -> None:
        """kill -9 for the one that is at work."""
        os.kill(pid, signal.SIGKILL)
        assert await self._line() == "ended -9", "every kill must hit a program at work"

    async def finish(self, rows: int) -> None:
        """A last one that is left alone with all rows."""
        await self.start(0, rows)
        assert [await self._line(), await self._line()] == ["done", "ended 0"]

    async def _line(self) -> str:
        assert self.nursery.stdout is not None
        return (await self.nursery.stdout.readline()).decode().rstrip("\n")


class Harness:
    """A loopback vendor that counts rows, and programs that are started and killed."""

    def __init__(self, lab: Any, home: Path) -> None:
        self.lab, self.home = lab, home
        self.received: Counter[int] = Counter()
        self.arrived = asyncio.Event()
        self.answering = True
        self.chance = random.Random(7)

    async def vendor(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        found = re.search(rb'"external_user_id":"row(\d+)"', request)
        assert found
        self.received[int(found[1])] += 1
        self.arrived.set()
        if not self.answering:
            await asyncio.Event().wait()
        await asyncio.sleep(self.chance.uniform(0, 0.004))
        writer.write(self.lab.answer(201, ACCEPTED))
        await writer.drain()

    @asynccontextmanager
    async def programs(self, url: str, kind: str, *, workers: int = WORKERS) -> AsyncIterator[Programs]:
        """Where programs are started from."""
        words = [str(HERE / "crash_child.py"), str(self.home), url, str(workers), kind]
        environ = {"PYTHONPATH": str(HERE.parents[1]), "PATH": "/usr/bin:/bin"}
        pipe = asyncio.subprocess.PIPE
        nursery = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdin=pipe, stdout=pipe, env=environ, cwd=self.home
        )
        try:
            yield Programs(nursery)
            out, _ = await nursery.communicate(b"")
            assert (nursery.returncode, out) == (0, b"")
        finally:
            if nursery.returncode is None:
                nursery.kill()
                await nursery.communicate()

    async def receives(self, more: int) -> None:
        """Wait for `more` requests than were received so far."""
        wanted = self.received.total() + more
        while self.received.total() < wanted:
            self.arrived.clear()
            await self.arrived.wait()

    @property
    def rows(self) -> int:
        """How many rows were begun: all up to the last one received, and what may have been at work beside it."""
        return max(self.received, default=0) + 1 + WORKERS

    async def ledger(self) -> dict[str, list[Entry]]:
        """The entries of each row."""
        ledger = SqliteLedger(self.home / "data" / "ledger.sqlite")
        found: dict[str, list[Entry]] = {}
        for entry in await ledger.entries(limit=100_000):
            found.setdefault(entry.recipients[0], []).append(entry)
        await ledger.close()
        return found

    def doubles(self) -> int:
        return sum(count > 1 for count in self.received.values())


def judged(rows: int, received: Counter[int], entries: dict[str, list[Entry]]) -> tuple[int, int]:
    """How many rows were lost, and how many the ledger tells wrongly."""
    lost = wrong = 0
    for number in range(rows):
        states = [entry.state for entry in entries.get(f"row{number:05}", [])]
        left = [state for state in states if state is not EntryState.PLANNED]
        lost += not left or (received[number] == 0 and EntryState.UNKNOWN not in left)
        wrong += len(left) > 1 or (EntryState.SENT in left and received[number] != 1)
    return lost, wrong


@pytest.mark.parametrize("kind", ["real", "naive"])
async def test_killed_between_the_request_and_its_answer_it_is_unknown_and_not_sent_again(
    lab: Any, tmp_path: Path, kind: str
) -> None:
    harness = Harness(lab, tmp_path)
    harness.answering = False
    async with (
        lab.raw_server(harness.vendor) as server,
        harness.programs(server.url, kind, workers=1) as programs,
    ):
        pid = await programs.start(0, 1)
        await harness.receives(1)
        await programs.kill(pid)
        harness.answering = True
        await programs.finish(1)
    entries = await harness.ledger()
    if kind == "real":
        assert harness.received == {0: 1}
        assert [entry.state for entry in entries["row00000"]] == [EntryState.UNKNOWN]
    else:
        assert harness.received == {0: 2}, "the control: without the intent it goes twice"


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "kills"), [("real", 200), ("naive", 60)])
async def test_killed_at_random_nothing_is_doubled_or_lost(lab: Any, tmp_path: Path, kind: str, kills: int) -> None:
    harness, chance = Harness(lab, tmp_path), random.Random(8)
    async with lab.raw_server(harness.vendor) as server, harness.programs(server.url, kind) as programs:
        for _ in range(kills):
            pid = await programs.start(max(0, harness.rows - 50), 100_000)
            await harness.receives(chance.randrange(12))
            await asyncio.sleep(chance.uniform(0, 0.012))
            await programs.kill(pid)
        rows = harness.rows
        await programs.finish(rows)
    lost, wrong = judged(rows, harness.received, await harness.ledger())
    states = Counter(entry.state.value for found in (await harness.ledger()).values() for entry in found)
    doubled = harness.doubles()
    print(f"{kind}: {kills} kills, {rows} rows, {doubled} doubled, {lost} lost, {wrong} told wrongly, {dict(states)}")
    if kind == "real":
        assert (doubled, lost, wrong) == (0, 0, 0) and states["unknown"] > 0
    else:
        assert doubled > 0, "the control: this harness must catch a build without intents"
