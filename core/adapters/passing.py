"""Files for another program's eyes: private, gone with the program that wrote them, swept up when it could not."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from core.adapters.locks import lock_open_file

PAGE = ".html"
_PREFIX = "offerdeck-"
_PLAINLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class PassingFile:
    """A file (0600) of a name of its own in `folder`, empty at first; a lock on it says that its program lives.

    Making one removes what programs that were killed left of its kind there. Raises OSError.
    """

    def __init__(self, folder: Path, suffix: str) -> None:
        sweep(folder, suffix)
        self._descriptor = -1
        while self._descriptor < 0:
            self.path = folder / f"{_PREFIX}{secrets.token_hex(8)}{suffix}"
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _PLAINLY, 0o600)
            if not lock_open_file(self._descriptor) or os.fstat(self._descriptor).st_nlink == 0:
                self.remove()  # another program swept just now and took it for a dead one's

    def write(self, content: bytes) -> None:
        """Put `content` in place of what was there; nobody need survive a crash in the middle. Raises OSError."""
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        while content:
            content = content[os.write(self._descriptor, content) :]

    def remove(self) -> None:
        """Nothing stays behind; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)  # first: Windows removes no file that is open
            self._descriptor = -1
            with suppress(OSError):
                self.path.unlink(missing_ok=True)


def sweep_pages(folder: Path) -> None:
    """`sweep()` of the pages for a browser."""
    sweep(folder, PAGE)


def sweep(folder: Path, suffix: str) -> None:
    """Remove the passing files of ours in `folder` whose program has ended. Never raises."""
    with suppress(OSError):
        for path in folder.glob(f"{_PREFIX}*{suffix}"):
            with suppress(OSError):
                if _is_left(path):
                    path.unlink()


def _is_left(path: Path) -> bool:
    """Whether it is a plain file of this very person that nobody holds. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | _PLAINLY)
    try:
        found = os.fstat(descriptor)
        is_ours = not hasattr(os, "getuid") or found.st_uid == os.getuid()
        return stat.S_ISREG(found.st_mode) and is_ours and lock_open_file(descriptor)
    finally:
        os.close(descriptor)
