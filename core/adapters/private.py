"""Private files: folders 0700, files 0600, written whole or not at all, never through a symbolic link."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from pathlib import Path

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def make_private_folder(folder: Path) -> None:
    """`folder` and what is missing above it, open to its owner alone. Raises OSError, also for a symbolic link."""
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)  # `parents=True` would leave those above to the umask
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(20, "it is a symbolic link, which is not followed", str(folder))
    if sys.platform != "win32" and found.st_mode & 0o077:
        folder.chmod(0o700)


def open_private(path: Path, flags: int = os.O_RDWR | os.O_CREAT, *, keep_open: bool = False) -> int:
    """Create `path` (0600) where it is missing; its descriptor with `keep_open`, else -1. Raises OSError."""
    make_private_folder(path.parent)
    refuse_link(path)
    descriptor = os.open(path, flags | _NO_FOLLOW, 0o600)
    if sys.platform != "win32" and os.fstat(descriptor).st_mode & 0o077:
        os.fchmod(descriptor, 0o600)
    if keep_open:
        return descriptor
    os.close(descriptor)
    return -1


def write_private(path: Path, content: bytes) -> None:
    """Put `content` at `path` so that a crash leaves the old file or the new one. Raises OSError."""
    make_private_folder(path.parent)
    refuse_link(path)
    temporary = path.with_name(f".{path.name[:60]}.{secrets.token_hex(6)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def refuse_link(path: Path) -> None:
    """Raises OSError when `path` is a symbolic link."""
    if path.is_symlink():
        raise OSError(40, "it is a symbolic link, which is not followed", str(path))


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too; Windows cannot open folders and has no need."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
