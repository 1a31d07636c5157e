"""Locks between programs: held by one, lifted by the system when its holder ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from core.adapters.private import open_private
from core.errors import Guarded

if TYPE_CHECKING:
    from core.adapters.files import Places


class FileLock:
    """A lock on a file; the holder's pid stands in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this very object holds it."""
        return self._descriptor is not None

    def acquire(self, *, wait: bool = False) -> bool:
        """Take it; False when somebody else holds it and `wait` is not set. Raises OSError."""
        if self.held:
            return True
        descriptor = open_private(self._path, keep_open=True)
        try:
            taken = _lock(descriptor, wait=wait)
            if taken:
                os.ftruncate(descriptor, 0)
                os.lseek(descriptor, 0, os.SEEK_SET)
                os.write(descriptor, f"{os.getpid()}\n".encode())
                self._descriptor = descriptor
        finally:
            if not self.held:
                os.close(descriptor)
        return taken

    def holder(self) -> int | None:
        """The pid in the file; None when it names nobody."""
        try:
            found = re.fullmatch(rb"([0-9]{1,10})\s*", self._path.read_bytes()[:20])
        except OSError:
            return None
        return int(found[1]) if found else None

    def release(self) -> None:
        """Give it back; nothing happens when it is not held."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, 0)
                _unlock(descriptor)  # closing is not enough while a child that is being started holds a copy
            os.close(descriptor)


class ProfileLock:
    """The right to write for the profile of a name: one program at a time; the others only read and learn its pid."""

    def __init__(self, places: Places, name: str) -> None:
        self._path = places.data / "locks" / f"{name}.lock"
        self._lock = FileLock(self._path)

    def acquire(self) -> bool:
        """Take it, or keep it; False when another holds it. Raises Guarded when the folder cannot be used."""
        try:
            return self._lock.acquire()
        except OSError as error:
            raise Guarded(
                f"Could not lock {self._path}: {error.strerror or error}.",
                "Nothing leaves without it. Check the folder; see: offerdeck locate",
            ) from error

    @property
    def held(self) -> bool:
        """Whether this program may write."""
        return self._lock.held

    @property
    def holder_pid(self) -> int | None:
        """Who holds it; None when nobody is known to."""
        return os.getpid() if self._lock.held else self._lock.holder()

    def release(self) -> None:
        """Let another program write."""
        self._lock.release()


def lock_open_file(descriptor: int) -> bool:
    """Lock a file that is open, until its descriptor is closed; False when somebody else has it. Raises OSError."""
    return _lock(descriptor, wait=False)


if sys.platform == "win32":
    import msvcrt

    _BEHIND_THE_PID = 1 << 30

    def _lock(descriptor: int, *, wait: bool) -> bool:
        os.lseek(descriptor, _BEHIND_THE_PID, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _BEHIND_THE_PID, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
