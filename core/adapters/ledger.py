"""The ledger on disk: SQLite with every commit flushed, so that an intent is there before its first byte leaves."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from core.adapters.ledger_file import is_unwritable, open_to_read, open_to_write
from core.adapters.threads import OneThread
from core.calls import Service
from core.errors import Guarded, InvalidInput
from core.ledger import Entry, EntryState
from core.plans import PlanKind

if TYPE_CHECKING:
    import sqlite3

BUSY_S = 5.0
MOST = 1_000_000  # rows that one question may ask for
MARKS = (EntryState.SENT, EntryState.REJECTED, EntryState.NOT_SENT)

_COLUMNS = (
    *("id", "kind", "profile", "environment", "base_url", "service", "endpoint", "method", "target", "body", "digest"),
    *("target_id", "target_name", "recipients", "state", "created_at", "settled_at", "status", "reason", "warnings"),
    *("reference", "answer_body", "elapsed_s", "attempts", "marked_by_person", "haystack"),
)
_INSERT = f"INSERT INTO entries ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608
_SELECT = f"SELECT {', '.join(_COLUMNS[:-1])} FROM entries"  # noqa: S608
_SETTLE = (
    "UPDATE entries SET state=?, settled_at=?, status=?, reason=?, warnings=?, reference=?, answer_body=?, elapsed_s=?,"
    " attempts=?, marked_by_person=?, haystack=? WHERE id=? AND state=?"
)

_Result = TypeVar("_Result")


class SqliteLedger:
    """Fills the `Ledger` port with one file, one connection and one thread. Raises Guarded when the disk refuses."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = OneThread("ledger")
        self._connection: sqlite3.Connection | None = None

    async def plan(self, entry: Entry) -> None:
        """Put `entry` on disk as planned. Raises Guarded when its id is taken or the disk refuses."""
        if entry.state is not EntryState.PLANNED:
            raise Guarded("Only a planned write can be put into the ledger.", "Nothing left.")

        def work(connection: sqlite3.Connection) -> bool:
            known = connection.execute("SELECT 1 FROM entries WHERE id=?", (entry.id,)).fetchone()
            if known is None:
                connection.execute(_INSERT, _row(entry))
            return known is None

        if not await self._do(work):
            raise Guarded("This plan is in the ledger already.", "Nothing left again. See the ledger.")

    async def claim(self, entry_id: str) -> bool:
        """`planned -> sending`, on disk; False when somebody else took it."""

        def sending(entry: Entry) -> Entry:
            return replace(entry, state=EntryState.SENDING)

        def work(connection: sqlite3.Connection) -> bool:
            return _move(connection, entry_id, EntryState.PLANNED, sending)

        return await self._do(work)

    async def settle(self, entry: Entry) -> None:
        """Write the final state of a claimed entry. Raises Guarded when it was not claimed."""

        def work(connection: sqlite3.Connection) -> bool:
            return _move(connection, entry.id, EntryState.SENDING, lambda _: entry)

        if not await self._do(work):
            raise Guarded("This entry of the ledger is not being sent.", "Its state was left as it is.")

    async def recover(self, profile: str) -> int:
        """Every `sending` of `profile` becomes `unknown`; gives how many. Only under the profile's lock."""
        now = datetime.now(UTC)

        def ended(entry: Entry) -> Entry:
            reason = "The program ended before the answer came. It may have been accepted."
            return replace(entry, state=EntryState.UNKNOWN, settled_at=now, reason=reason)

        def work(connection: sqlite3.Connection) -> int:
            open_entries = connection.execute(
                "SELECT id FROM entries WHERE profile=? AND state=?", (profile, EntryState.SENDING.value)
            ).fetchall()
            return sum(_move(connection, name, EntryState.SENDING, ended) for (name,) in open_entries)

        return await self._do(work)

    async def left_sending(self) -> Sequence[str]:
        """The profiles with an entry that is being sent, or was when its program died."""

        def work(connection: sqlite3.Connection) -> list[str]:
            query = "SELECT DISTINCT profile FROM entries WHERE state=? ORDER BY profile"
            return [name for (name,) in connection.execute(query, (EntryState.SENDING.value,))]

        return await self._look(work)

    async def entries(
        self, *, profile: str | None = None, search: str = "", limit: int = 500, before: datetime | None = None
    ) -> Sequence[Entry]:
        """Newest first; `search` matches all its words in any order, without case; `before` is a time of creation."""
        conditions, values = ["1"], list[str | int]()
        if profile is not None:
            conditions.append("profile=?")
            values.append(profile)
        if before is not None:
            conditions.append("created_at<?")
            values.append(_moment(before))
        for word in search.casefold().split():
            conditions.append(r"haystack LIKE ? ESCAPE '\'")
            values.append(f"%{_literal(word)}%")
        query = f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY created_at DESC, rowid DESC LIMIT ?"

        def work(connection: sqlite3.Connection) -> list[Entry]:
            return [_entry(row) for row in connection.execute(query, (*map(_plain, values), min(limit, MOST)))]

        return await self._look(work)

    async def entry(self, entry_id: str) -> Entry | None:
        """One entry by its id or an unambiguous beginning of it."""

        def work(connection: sqlite3.Connection) -> Entry | None:
            exact = connection.execute(f"{_SELECT} WHERE id=?", (_plain(entry_id),)).fetchone()
            if exact is not None:
                return _entry(exact)
            pattern = _plain(_literal(entry_id) + "%")
            found = connection.execute(f"{_SELECT} WHERE id LIKE ? ESCAPE '\\' LIMIT 2", (pattern,)).fetchall()
            return _entry(found[0]) if entry_id and len(found) == 1 else None

        return await self._look(work)

    async def mark(self, entry_id: str, state: EntryState) -> None:
        """A person's word on an `unknown` entry; `marked_by_person` keeps the fact that it was one.

        Raises InvalidInput for any other entry, and for a state that is no outcome.
        """
        if state not in MARKS:
            raise InvalidInput(f"{state.words!r} is not an outcome.", "Choose accepted, rejected or not sent.")

        def said(entry: Entry) -> Entry:
            return replace(entry, state=state, marked_by_person=True)

        def work(connection: sqlite3.Connection) -> bool:
            return _move(connection, entry_id, EntryState.UNKNOWN, said)

        if not await self._do(work):
            raise InvalidInput("Only an entry whose outcome is unknown can be marked.", "See the ledger.")

    async def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            await self._thread.do(self._connection.close)
            self._connection = None
        self._thread.stop()

    async def _do(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        return await self._thread.do(lambda: self._guarded(lambda: self._changed(work)))

    async def _look(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        return await self._thread.do(lambda: self._guarded(lambda: self._seen(work)))

    def _guarded(self, ask: Callable[[], _Result]) -> _Result:
        """What `ask` gives. Raises Guarded, in words, for whatever the disk has against it."""
        import sqlite3

        try:
            return ask()
        except (sqlite3.Error, OSError) as error:
            raise Guarded(
                f"The ledger cannot be used: {_words(error)}.",
                f"Nothing leaves without it. Make room for, or allow writing to, {self._path.parent}",
            ) from error

    def _changed(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """`work` in one transaction that is on disk when this returns."""
        connection = self._open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _seen(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """`work`, which only reads: a disk that takes nothing can still be looked into."""
        import sqlite3

        try:
            connection = self._open()
        except (sqlite3.Error, OSError) as error:
            if not is_unwritable(error):
                raise
            with closing(open_to_read(self._path, BUSY_S)) as only_read:
                return work(only_read)
        return work(connection)

    def _open(self) -> sqlite3.Connection:
        """The connection, made at first use. Raises Guarded for a ledger of a newer offerdeck."""
        if self._connection is None:
            self._connection = open_to_write(self._path, BUSY_S)
        return self._connection


def _move(connection: sqlite3.Connection, entry_id: str, state: EntryState, change: Callable[[Entry], Entry]) -> bool:
    """Take the entry out of `state`, and nobody else can; False when it is not in it."""
    row = connection.execute(f"{_SELECT} WHERE id=?", (entry_id,)).fetchone()
    if row is None:
        return False
    values = _row(change(_entry(row)))[_COLUMNS.index("state") :]
    del values[1]  # created_at stays
    return connection.execute(_SETTLE, (*values, entry_id, state.value)).rowcount == 1


def _row(entry: Entry) -> list[object]:
    """The values of `_COLUMNS`."""
    shaped: dict[str, object] = {
        "recipients": json.dumps(entry.recipients, ensure_ascii=False),
        "warnings": json.dumps(entry.warnings, ensure_ascii=False),
        "created_at": _moment(entry.created_at),
        "settled_at": entry.settled_at and _moment(entry.settled_at),
        "marked_by_person": int(entry.marked_by_person),
        "haystack": _haystack(entry),
    }
    return [_plain(shaped[name] if name in shaped else getattr(entry, name)) for name in _COLUMNS]


def _plain(value: object) -> object:
    """Enumerations as their text, and no lone surrogates, which SQLite cannot store."""
    return str(value).encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _haystack(entry: Entry) -> str:
    names = (entry.id, entry.kind, entry.target_id, entry.target_name, entry.endpoint, entry.profile)
    fate = (entry.state, entry.state.words, entry.reason, entry.reference, *entry.warnings)
    return "\n".join((*names, *entry.recipients, *fate, entry.target, entry.body, entry.answer_body)).casefold()


def _entry(row: Sequence[object]) -> Entry:
    values = dict(zip(_COLUMNS[:-1], row, strict=True))
    values |= {
        "kind": PlanKind(str(values["kind"])),
        "service": Service(str(values["service"])),
        "state": EntryState(str(values["state"])),
        "recipients": tuple(json.loads(str(values["recipients"]))),
        "warnings": tuple(json.loads(str(values["warnings"]))),
        "created_at": datetime.fromisoformat(str(values["created_at"])),
        "settled_at": datetime.fromisoformat(str(values["settled_at"])) if values["settled_at"] else None,
        "marked_by_person": bool(values["marked_by_person"]),
    }
    return Entry(**values)  # type: ignore[arg-type]


def _moment(moment: datetime) -> str:
    """Always of one length, so that the order of texts is the order of times."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _words(error: Exception) -> str:
    """SQLite's or the system's own words, in lower case, without a path."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:]
