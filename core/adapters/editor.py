"""A person's own editor or pager on a text: a private temporary file, the program, the file read back or dropped."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from core.adapters.passing import PassingFile
from core.adapters.texts import read_text
from core.clean import safe
from core.errors import InvalidInput
from core.secret import without_secrets

_FALLBACKS = ("editor", "nano", "vi", "notepad")
_PAGERS = ("less", "pager", "more")


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """VISUAL, else EDITOR, split as a shell would; else the first common editor that is installed.

    Raises InvalidInput when there is none or the setting cannot be split.
    """
    if found := _command(environ, ("VISUAL", "EDITOR"), _FALLBACKS):
        return found
    raise InvalidInput("There is no editor.", "Set EDITOR to one, like: export EDITOR=nano")


def pager_command(environ: Mapping[str, str]) -> list[str]:
    """PAGER, split as a shell would; else the first common pager that is installed. Raises InvalidInput for none."""
    if found := _command(environ, ("PAGER",), _PAGERS):
        return found
    raise InvalidInput("There is no pager.", "Set PAGER to one, like: export PAGER=less")


def _command(environ: Mapping[str, str], names: Sequence[str], fallbacks: Sequence[str]) -> list[str]:
    for name in names:
        if set_to := environ.get(name, "").strip():
            try:
                return shlex.split(set_to, posix=os.name != "nt")
            except ValueError as error:
                raise InvalidInput(f"{name} is {safe(set_to)!r}, which is no command.", f"Mend {name}.") from error
    return next(([one] for one in fallbacks if shutil.which(one, path=environ.get("PATH"))), [])


def edit_text(text: str, environ: Mapping[str, str], *, suffix: str = ".liquid") -> str:
    """`text` as the person left it in their editor. Blocks until the editor ends; the terminal must be free.

    Raises InvalidInput, the text unchanged, when the editor is missing, ends with a failure, or leaves no UTF-8 file,
    and when no file can be written.
    """
    command = editor_command(environ)
    with _private_copy(text, suffix) as name:
        if (ended := _run(command, name, environ, "EDITOR")) != 0:
            raise InvalidInput(f"{safe(command[0])} ended with {ended}.", "The draft is as it was before.")
        return read_text(name)


def page_text(text: str, environ: Mapping[str, str]) -> None:
    """`text` in the person's pager. Blocks until the pager ends; the terminal must be free.

    `text` must be clean: a pager may hand it to the terminal as it is. Raises InvalidInput when the pager is missing or
    no file can be written. How it ends means nothing: some end with a failure when they are left early.
    """
    command = pager_command(environ)
    with _said():
        file = PassingFile(Path(tempfile.gettempdir()), ".txt")
    try:
        with _said():
            file.write(text.encode("utf-8", "backslashreplace"))
        _run(command, str(file.path), environ, "PAGER")
    finally:
        file.remove()


@contextmanager
def _said() -> Iterator[None]:
    """A disk that refuses, in words. Raises InvalidInput."""
    try:
        yield
    except OSError as error:
        words = f"The text could not be written to a file: {error.strerror or error}."
        raise InvalidInput(words, "Set TMPDIR to a folder with room in it.") from error


@contextmanager
def _private_copy(text: str, suffix: str) -> Iterator[str]:
    """The path of a file (0600) that holds `text` for a while. It outlives a program that is killed: the person may
    have typed into it."""
    with _said():
        handle, name = tempfile.mkstemp(prefix="offerdeck-", suffix=suffix)
    try:
        with _said(), os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
        yield name
    finally:
        with suppress(OSError):
            Path(name).unlink(missing_ok=True)


def _run(command: Sequence[str], name: str, environ: Mapping[str, str], setting: str) -> int:
    try:
        # The person's own command on the person's own machine; no shell reads it.
        return subprocess.run([*command, name], check=False, env=without_secrets(environ or os.environ)).returncode  # noqa: S603
    except OSError as error:
        shown = safe(command[0])
        raise InvalidInput(f"Could not start {shown}: {error.strerror or error}.", f"Set {setting}.") from error
