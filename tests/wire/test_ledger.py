"""The ledger on disk: durable, claimed once, searchable, and honest when the disk refuses."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.adapters.ledger import SqliteLedger
from core.calls import Service
from core.errors import Guarded, InvalidInput
from core.ledger import Entry, EntryState
from core.plans import PlanKind
from tests.unwritable import reachable_folder, unwritable

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def entry(number: int = 1, **changes: Any) -> Entry:
    made = Entry(
        id=f"id-{number:04}",
        kind=PlanKind.CAMPAIGN,
        profile="demo",
        environment="sandbox",
        base_url="http://127.0.0.1:1",
        service=Service.BRAZE,
        endpoint="braze.campaigns.trigger.send",
        method="POST",
        target="/campaigns/trigger/send",
        body='{"x":1}',
        digest="d" * 64,
        target_id="c-1",
        target_name="Points expiring",
        recipients=("LM-1",),
        state=EntryState.PLANNED,
        created_at=NOON + timedelta(seconds=number),
    )
    return replace(made, **changes)


def settled(made: Entry, state: EntryState = EntryState.SENT, **changes: Any) -> Entry:
    return replace(made, state=state, settled_at=made.created_at, status=201, reason="Braze accepted it.", **changes)


async def ids(ledger: SqliteLedger, **question: Any) -> list[str]:
    return [found.id for found in await ledger.entries(**question)]


async def test_an_entry_comes_back_as_it_was_put(ledger: SqliteLedger) -> None:
    hard = entry(recipients=("a", 'b"', "日本"), target_name="50%_\\'", body='{"a":"\u20ac"}')
    await ledger.plan(hard)
    assert await ledger.entry(hard.id) == hard
    assert await ledger.claim(hard.id)
    full = settled(hard, warnings=("w",), reference="r", answer_body="{}", elapsed_s=0.25, attempts=2)
    await ledger.settle(full)
    assert await ledger.entry(hard.id) == full


@given(st.text(), st.lists(st.text(), max_size=3), st.text())
@settings(max_examples=40, deadline=None)
def test_any_text_can_be_kept_and_found(name: str, recipients: list[str], body: str) -> None:
    import tempfile

    async def work(folder: str) -> None:
        ledger = SqliteLedger(Path(folder) / "l.sqlite")
        made = entry(target_name=name, recipients=tuple(recipients), body=body)
        await ledger.plan(made)
        assert await ledger.entry(made.id) == made
        assert await ids(ledger, search=name) == [made.id]
        await ledger.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(work(folder))


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}


async def test_folder_and_files_are_private(ledger: SqliteLedger) -> None:
    await ledger.plan(entry())
    files = ("ledger.sqlite", "ledger.sqlite-shm", "ledger.sqlite-wal")
    assert modes(ledger._path.parent) == {"data": 0o700} | dict.fromkeys(files, 0o600)


async def test_every_commit_is_flushed_to_the_disk(ledger: SqliteLedger) -> None:
    await ledger.plan(entry())
    connection: Any = ledger._connection

    def pragma(name: str) -> Any:
        return ledger._thread.do(lambda: connection.execute(f"PRAGMA {name}").fetchone()[0])

    assert (await pragma("journal_mode"), await pragma("synchronous")) == ("wal", 2)


async def test_an_id_is_taken_once(ledger: SqliteLedger) -> None:
    await ledger.plan(entry())
    with pytest.raises(Guarded, match="in the ledger already"):
        await ledger.plan(entry(target_name="another"))
    assert len(await ledger.entries()) == 1


async def test_only_a_planned_entry_can_be_put_and_only_a_claimed_one_settled(ledger: SqliteLedger) -> None:
    with pytest.raises(Guarded):
        await ledger.plan(entry(state=EntryState.SENDING))
    await ledger.plan(entry())
    with pytest.raises(Guarded, match="not being sent"):
        await ledger.settle(settled(entry()))
    assert await ledger.claim("id-0001") is True
    assert await ledger.claim("id-0001") is False
    assert await ledger.claim("nobody") is False
    await ledger.settle(settled(entry()))
    with pytest.raises(Guarded):
        await ledger.settle(settled(entry(), EntryState.REJECTED))
    assert await ledger.claim("id-0001") is False


async def test_of_four_programs_one_gets_each_entry(ledger: SqliteLedger) -> None:
    for number in range(60):
        await ledger.plan(entry(number))
    others = [SqliteLedger(ledger._path) for _ in range(4)]

    async def take_all(other: SqliteLedger) -> list[str]:
        return [name for number in range(60) if await other.claim(name := f"id-{number:04}")]

    taken = await asyncio.gather(*(take_all(other) for other in others))
    assert sorted(name for names in taken for name in names) == [f"id-{number:04}" for number in range(60)]
    for other in others:
        await other.close()


async def test_recovery_turns_what_was_being_sent_into_unknown(ledger: SqliteLedger) -> None:
    for number, profile in enumerate(["demo", "demo", "other", "demo"]):
        await ledger.plan(entry(number, profile=profile))
    for number in (0, 2, 3):
        assert await ledger.claim(f"id-{number:04}")
    await ledger.settle(settled(entry(3)))
    assert await ledger.recover("demo") == 1
    assert await ledger.recover("demo") == 0
    found = {one.id: one for one in await ledger.entries()}
    assert [one.state for _, one in sorted(found.items())] == ["unknown", "planned", "sending", "sent"]
    assert found["id-0000"].settled_at is not None and "ended before" in found["id-0000"].reason


async def test_newest_come_first_and_pages_follow(ledger: SqliteLedger) -> None:
    for number in range(10):
        await ledger.plan(entry(number, profile="other" if number == 4 else "demo"))
    first = await ledger.entries(limit=3)
    assert [one.id for one in first] == ["id-0009", "id-0008", "id-0007"]
    assert await ids(ledger, limit=2, before=first[-1].created_at) == ["id-0006", "id-0005"]
    assert await ids(ledger, profile="other") == ["id-0004"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("POINTS", ["id-0002", "id-0001"]),
        ("straße", ["id-0003"]),
        ("STRASSE", ["id-0003"]),
        ("50%", ["id-0003"]),
        ("5_%", []),
        ("%", ["id-0003"]),
        ("_", ["id-0003"]),
        ("\\", ["id-0003"]),
        ("accepted", ["id-0002"]),
        ("crm-77", ["id-0001"]),
        ("dispatch-9 points", ["id-0002"]),
        ("points nobody", []),
        ("", ["id-0003", "id-0002", "id-0001"]),
    ],
)
async def test_search_matches_as_typed_and_without_case(ledger: SqliteLedger, search: str, found: list[str]) -> None:
    await ledger.plan(entry(1, recipients=("CRM-77",)))
    await ledger.plan(entry(2))
    await ledger.claim("id-0002")
    await ledger.settle(settled(entry(2), reference="DISPATCH-9"))
    await ledger.plan(entry(3, target_name="Straße 50%_\\ off"))
    assert await ids(ledger, search=search) == found


async def test_an_entry_is_found_by_an_unambiguous_beginning(ledger: SqliteLedger) -> None:
    for number in (1, 2, 12):
        await ledger.plan(entry(number))
    await ledger.plan(replace(entry(50), id="id-00"))
    for asked, wanted in [
        ("id-0002", "id-0002"),
        ("id-001", "id-0012"),
        ("id-00", "id-00"),
        ("id-0", None),
        ("", None),
    ]:
        one = await ledger.entry(asked)
        assert (one.id if one else None) == wanted
    assert await ledger.entry("id_0002") is None and await ledger.entry("%2") is None


async def test_a_person_can_mark_only_what_is_unknown(ledger: SqliteLedger) -> None:
    await ledger.plan(entry())
    with pytest.raises(InvalidInput):
        await ledger.mark("id-0001", EntryState.SENT)
    await ledger.claim("id-0001")
    await ledger.recover("demo")
    with pytest.raises(InvalidInput, match="not an outcome"):
        await ledger.mark("id-0001", EntryState.PLANNED)
    await ledger.mark("id-0001", EntryState.SENT)
    marked = await ledger.entry("id-0001")
    assert marked and (marked.state, marked.marked_by_person) == (EntryState.SENT, True)
    assert "ended before" in marked.reason, "the fact that it was unknown stays"
    with pytest.raises(InvalidInput):
        await ledger.mark("id-0001", EntryState.NOT_SENT)


def read_only(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    folder = path.parent
    path.unlink()
    folder.rmdir()
    folder.write_text("a file where the folder should be")


def nonsense(path: Path) -> None:
    path.write_bytes(b"this is no database" * 100)
    for suffix in ("-wal", "-shm"):
        Path(str(path) + suffix).unlink(missing_ok=True)


def linked(path: Path) -> None:
    elsewhere = path.with_name("elsewhere")
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()


@pytest.mark.parametrize("spoil", [read_only, nonsense, linked, newer])
async def test_a_ledger_that_cannot_be_used_is_a_guard_that_says_why(
    ledger: SqliteLedger, spoil: Callable[[Path], None]
) -> None:
    await ledger.plan(entry())
    await ledger.close()
    await asyncio.to_thread(spoil, ledger._path)
    fresh = SqliteLedger(ledger._path)
    with pytest.raises(Guarded) as caught:
        await fresh.plan(entry(2))
    assert "ledger" in caught.value.message and "Nothing leaves without it" in caught.value.hint
    await fresh.close()


async def test_a_full_disk_is_a_guard_and_the_ledger_works_again_with_room(ledger: SqliteLedger) -> None:
    await ledger.plan(entry(1))
    connection: Any = ledger._connection
    pages = await ledger._thread.do(lambda: connection.execute("PRAGMA page_count").fetchone()[0])
    await ledger._thread.do(lambda: connection.execute(f"PRAGMA max_page_count={pages}").fetchone())
    with pytest.raises(Guarded, match="database or disk is full"):
        await ledger.plan(entry(2, body="x" * 100_000))
    assert await ids(ledger) == ["id-0001"]
    await ledger._thread.do(lambda: connection.execute("PRAGMA max_page_count=100000").fetchone())
    await ledger.plan(entry(2, body="x" * 100_000))
    assert await ids(ledger) == ["id-0002", "id-0001"]


async def test_a_database_locked_by_a_stranger_is_a_guard(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.adapters.ledger.BUSY_S", 0.05)
    await ledger.plan(entry())
    other = SqliteLedger(ledger._path)
    connection: Any = ledger._connection
    await ledger._thread.do(lambda: connection.execute("BEGIN IMMEDIATE"))
    with pytest.raises(Guarded, match="locked"):
        await other.plan(entry(2))
    await ledger._thread.do(lambda: connection.execute("ROLLBACK"))
    await other.plan(entry(2))
    await other.close()


@pytest.mark.parametrize("is_open_elsewhere", [False, True], ids=["closed", "left by a program that was killed"])
async def test_on_a_disk_that_takes_nothing_the_ledger_is_read_and_every_write_refused_in_words(
    is_open_elsewhere: bool,
) -> None:
    with reachable_folder() as folder:
        path = folder / "data" / "ledger.sqlite"
        writer = SqliteLedger(path)
        await writer.plan(entry(1))
        await writer.claim("id-0001")
        if not is_open_elsewhere:
            await writer.close()
        with unwritable(folder):
            reader = SqliteLedger(path)
            assert await ids(reader) == ["id-0001"]
            assert await reader.entry("id-0001") == entry(1, state=EntryState.SENDING)
            assert await reader.left_sending() == ["demo"]
            for write in (reader.plan(entry(2)), reader.claim("id-0001"), reader.recover("demo")):
                with pytest.raises(Guarded, match="The ledger cannot be used: permission denied"):
                    await write
            assert await ids(reader) == ["id-0001"]
        await reader.plan(entry(2))
        assert await ids(reader) == ["id-0002", "id-0001"], "once the disk takes something again, so does the ledger"
        await reader.close()
        await writer.close()


async def test_where_there_is_no_ledger_and_none_can_be_made_nothing_has_left() -> None:
    with reachable_folder() as folder, unwritable(folder):
        reader = SqliteLedger(folder / "data" / "ledger.sqlite")
        assert await ids(reader) == []
        with pytest.raises(Guarded, match="permission denied"):
            await reader.plan(entry())
        await reader.close()


async def test_reading_waits_for_nobody_who_writes(ledger: SqliteLedger) -> None:
    await ledger.plan(entry())
    other = SqliteLedger(ledger._path)
    assert await ids(other) == ["id-0001"]
    connection: Any = ledger._connection
    await ledger._thread.do(lambda: connection.execute("BEGIN IMMEDIATE"))
    assert await ids(other) == ["id-0001"]
    await ledger._thread.do(lambda: connection.execute("ROLLBACK"))
    await other.close()


async def test_a_closed_ledger_opens_again_when_asked(ledger: SqliteLedger) -> None:
    await ledger.plan(entry())
    await ledger.close()
    await ledger.close()
    assert await ids(ledger) == ["id-0001"]


def test_importing_the_ledger_does_not_import_sqlite() -> None:
    import subprocess
    import sys

    script = "import sys, core.adapters.ledger, core.dispatch; print('sqlite3' in sys.modules, 'httpx' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=30)
    assert done.stdout == "False False\n", done.stderr
