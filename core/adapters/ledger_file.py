"""The ledger's file: opened to write, with every commit flushed, or to look into where nothing can be written."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from core.adapters.private import open_private, refuse_link
from core.errors import Guarded

if TYPE_CHECKING:
    import sqlite3

SCHEMA = 1
_TABLE = """
CREATE TABLE entries (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, profile TEXT NOT NULL, environment TEXT NOT NULL, base_url TEXT NOT NULL,
    service TEXT NOT NULL, endpoint TEXT NOT NULL, method TEXT NOT NULL, target TEXT NOT NULL, body TEXT NOT NULL,
    digest TEXT NOT NULL, target_id TEXT NOT NULL, target_name TEXT NOT NULL, recipients TEXT NOT NULL,
    state TEXT NOT NULL, created_at TEXT NOT NULL, settled_at TEXT, status INTEGER, reason TEXT NOT NULL,
    warnings TEXT NOT NULL, reference TEXT NOT NULL, answer_body TEXT NOT NULL, elapsed_s REAL NOT NULL,
    attempts INTEGER NOT NULL, marked_by_person INTEGER NOT NULL, haystack TEXT NOT NULL
) STRICT;
CREATE INDEX entries_by_time ON entries (created_at);
CREATE INDEX entries_by_state ON entries (profile, state);
"""
_UNWRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT)


def open_to_write(path: Path, busy_s: float) -> sqlite3.Connection:
    """A connection whose commits are on disk when they return; the file is made where it is missing.

    Raises sqlite3.Error or OSError when the disk refuses, Guarded for a ledger of a newer offerdeck.
    """
    import sqlite3

    open_private(path)
    connection = sqlite3.connect(path, timeout=busy_s, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "fullfsync=ON"):
            connection.execute(f"PRAGMA {pragma}").fetchone()
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == 0:
            _lay_out(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(path: Path, busy_s: float) -> sqlite3.Connection:
    """A connection that writes nothing anywhere; an empty ledger where there is no file. Raises as `open_to_write()`.

    A ledger in WAL mode is read beside its journal; where there is none, and none can be made, the file is all there is
    and is read as one that nobody changes (sqlite.org, "Write-Ahead Logging", Read-Only Databases).
    """
    import sqlite3

    refuse_link(path.parent)
    refuse_link(path)
    connection: sqlite3.Connection | None = None
    if _has_content(path):
        journal = path.with_name(f"{path.name}-wal")
        where = f"file:{quote(str(path.absolute()))}?mode=ro" + ("" if _has_content(journal) else "&immutable=1")
        connection = sqlite3.connect(where, uri=True, timeout=busy_s, isolation_level=None, check_same_thread=False)
    else:
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        if _version(connection) == 0:
            _lay_out(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def is_unwritable(error: Exception) -> bool:
    """Whether `error` says that the disk takes nothing, so that the ledger may still be looked into."""
    import sqlite3

    if isinstance(error, OSError):
        return error.errno in _UNWRITABLE
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA:
        raise Guarded("The ledger was made by a newer offerdeck.", "Nothing leaves without it: update.")
    return version


def _lay_out(connection: sqlite3.Connection) -> None:
    for statement in filter(str.strip, _TABLE.split(";")):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version={SCHEMA}")


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
