"""Template files that a person opened: read whole, written back only while they still hold what was opened."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from core.adapters.texts import CAP_BYTES, decode_text
from core.clean import safe
from core.errors import InvalidInput
from core.messages import FileMark

_BOM = b"\xef\xbb\xbf"
_PLAIN = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY", "O_NONBLOCK"))
_ELSEWHERE = "Your text is kept here. Save it under another name with F12."


class TemplateFiles:
    """Fills the `FileStore` port. Blocks."""

    def read(self, path: str) -> tuple[FileMark, str]:
        """The file at `path`, where links lead to it now, and its text without a byte order mark.

        Raises InvalidInput when it is missing, unreadable, no ordinary file, larger than 8 MB or not UTF-8.
        """
        shown = safe(path)
        try:
            whole = os.path.realpath(path)
            _, content = _held(Path(whole), os.O_RDONLY)
        except (OSError, ValueError) as error:
            raise InvalidInput(f"Could not read {shown}: {_words(error)}.", "Check the path.") from error
        return FileMark(whole, _digest(content)), decode_text(content, shown)

    def write(self, mark: FileMark, text: str) -> FileMark:
        """Put `text` into the file at `mark`, whole or not at all, with its permissions, its byte order mark and, where
        all of it had them, its CR LF or CR line breaks. Gives the mark of what it holds now.

        Raises InvalidInput, nothing written, when it no longer holds what `mark` says, is a symbolic link or lies
        behind one by now, or cannot be written.
        """
        path, shown = Path(mark.path), safe(mark.path)
        try:
            found, held = _unchanged(path, mark)
            content = _as_before(text, held)
            with _beside(path, content, found) as temporary:
                _unchanged(path, mark)
                temporary.replace(path)
            _sync(path.parent)
        except FileNotFoundError as error:
            raise InvalidInput(f"{shown} is gone since it was opened. Nothing was saved.", _ELSEWHERE) from error
        except (OSError, ValueError) as error:
            raise InvalidInput(f"Could not write {shown}: {_words(error)}.", _ELSEWHERE) from error
        return FileMark(mark.path, _digest(content))


def _unchanged(path: Path, mark: FileMark) -> tuple[os.stat_result, bytes]:
    """The file as it was when `mark` was made. Raises InvalidInput for another content, OSError."""
    if os.path.realpath(path) != mark.path:
        raise OSError(errno.ELOOP, "it leads through a symbolic link that was not there when it was opened")
    found, held = _held(path, os.O_RDWR)  # for writing too: a file that is protected is not replaced
    if _digest(held) != mark.digest:
        words = f"{safe(mark.path)} was changed on disk since it was opened. Nothing was saved."
        raise InvalidInput(words, f"{_ELSEWHERE} F9 opens the file anew; this text then stays among the drafts.")
    if not found.st_mode & 0o222:
        raise OSError(errno.EACCES, "it is read-only")
    return found, held


def _held(path: Path, access: int) -> tuple[os.stat_result, bytes]:
    """What is known of an ordinary file, and its first 8 MB and one byte. Raises OSError."""
    with os.fdopen(os.open(path, access | _PLAIN), "rb") as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is no ordinary file")
        return found, file.read(CAP_BYTES + 1)


def _as_before(text: str, held: bytes) -> bytes:
    """`text`, whose lines end in LF, as bytes in the manner of what the file held."""
    body = held.removeprefix(_BOM)
    pairs, lone, ends = body.count(b"\r\n"), body.count(b"\r"), body.count(b"\n")
    if pairs and pairs == lone == ends:
        text = text.replace("\n", "\r\n")
    elif lone and not ends:
        text = text.replace("\n", "\r")
    return (_BOM if held.startswith(_BOM) else b"") + text.encode()


@contextlib.contextmanager
def _beside(path: Path, content: bytes, like: os.stat_result) -> Iterator[Path]:
    """A file in the same folder with `content` on disk and the owner and permissions of `like`; gone at the end unless
    it was moved. Raises OSError, also where it cannot have that owner."""
    temporary = path.with_name(f".offerdeck-{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _PLAIN, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if sys.platform != "win32":
                made = os.fstat(descriptor)
                if (made.st_uid, made.st_gid) != (like.st_uid, like.st_gid):
                    os.fchown(descriptor, like.st_uid, like.st_gid)
                os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
            os.fsync(descriptor)
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _sync(folder: Path) -> None:
    """Make the new file's place durable too, where folders can be opened; it is written either way."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _words(error: OSError | ValueError) -> str:
    if isinstance(error, UnicodeEncodeError):
        return "it holds a character that is half of a pair, which UTF-8 has not"
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
