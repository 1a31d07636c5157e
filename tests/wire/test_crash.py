"""kill -9 at any moment: nothing goes twice, nothing that left is forgotten; a build without intents is caught."""

from __future__ import annotations

import asyncio
import random
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from core.adapters.ledger import SqliteLedger
from core.ledger import Entry, EntryState

HERE = Path(__file__).parent
ACCEPTED = b'{"message":"success","dispatch_id":"d"}'


class Harness:
    """A loopback vendor that counts rows, and programs that are started and killed."""

    def __init__(self, lab: Any, home: Path) -> None:
        self.lab, self.home = lab, home
        self.received: Counter[str] = Counter()
        self.arrived = asyncio.Event()
        self.answering = True
        self.chance = random.Random(7)

    async def vendor(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        found = re.search(rb'"external_user_id":"(row\d+)"', request)
        assert found
        self.received[found[1].decode()] += 1
        self.arrived.set()
        if not self.answering:
            await asyncio.Event().wait()
        await asyncio.sleep(self.chance.uniform(0, 0.004))
        writer.write(self.lab.answer(201, ACCEPTED))
        await writer.drain()

    async def start(self, url: str, rows: int, kind: str, *, workers: int = 4) -> asyncio.subprocess.Process:
        words = [str(HERE / "crash_child.py"), str(self.home), url, str(rows), str(workers), kind]
        environ = {"PYTHONPATH": str(HERE.parents[1]), "PATH": "/usr/bin:/bin"}
        child = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdout=asyncio.subprocess.PIPE, env=environ, cwd=self.home
        )
        assert child.stdout is not None and await child.stdout.readline() == b"ready\n"
        return child

    async def finish(self, url: str, rows: int, kind: str) -> None:
        """A last program that is left alone."""
        child = await self.start(url, rows, kind)
        out, _ = await child.communicate()
        assert (child.returncode, out) == (0, b"done\n")

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


def judged(rows: int, received: Counter[str], entries: dict[str, list[Entry]]) -> tuple[int, int]:
    """How many rows were lost, and how many the ledger tells wrongly."""
    lost = wrong = 0
    for number in range(rows):
        row = f"row{number:05}"
        states = [entry.state for entry in entries.get(row, [])]
        left = [state for state in states if state is not EntryState.PLANNED]
        lost += not left or (received[row] == 0 and EntryState.UNKNOWN not in left)
        wrong += len(left) > 1 or (EntryState.SENT in left and received[row] != 1)
    return lost, wrong


@pytest.mark.parametrize("kind", ["real", "naive"])
async def test_killed_between_the_request_and_its_answer_it_is_unknown_and_not_sent_again(
    lab: Any, tmp_path: Path, kind: str
) -> None:
    harness = Harness(lab, tmp_path)
    harness.answering = False
    async with lab.raw_server(harness.vendor) as server:
        child = await harness.start(server.url, 1, kind, workers=1)
        await harness.arrived.wait()
        child.kill()
        await child.communicate()
        harness.answering = True
        await harness.finish(server.url, 1, kind)
    entries = await harness.ledger()
    if kind == "real":
        assert harness.received == {"row00000": 1}
        assert [entry.state for entry in entries["row00000"]] == [EntryState.UNKNOWN]
    else:
        assert harness.received == {"row00000": 2}, "the control: without the intent it goes twice"


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "kills"), [("real", 200), ("naive", 60)])
async def test_killed_at_random_nothing_is_doubled_or_lost(lab: Any, tmp_path: Path, kind: str, kills: int) -> None:
    harness, rows = Harness(lab, tmp_path), kills * 25
    async with lab.raw_server(harness.vendor) as server:
        for _ in range(kills):
            child = await harness.start(server.url, rows, kind)
            await asyncio.sleep(harness.chance.uniform(0, 0.2))
            assert child.returncode is None, "every kill must hit a program at work"
            child.kill()
            await child.communicate()
        await harness.finish(server.url, rows, kind)
    lost, wrong = judged(rows, harness.received, await harness.ledger())
    states = Counter(entry.state.value for found in (await harness.ledger()).values() for entry in found)
    doubled = harness.doubles()
    print(f"{kind}: {kills} kills, {rows} rows, {doubled} doubled, {lost} lost, {wrong} told wrongly, {dict(states)}")
    if kind == "real":
        assert (doubled, lost, wrong) == (0, 0, 0) and states["unknown"] > 0
    else:
        assert doubled > 0, "the control: this harness must catch a build without intents"
