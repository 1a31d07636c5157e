"""A person's own editor on a text: a private temporary file, the program, the file read back."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from core.adapters.texts import read_text
from core.clean import safe
from core.errors import InvalidInput
from core.secret import without_secrets

_FALLBACKS = ("editor", "nano", "vi", "notepad")


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """VISUAL, else EDITOR, split as a shell would; else the first common editor that is installed.

    Raises InvalidInput when there is none or the setting cannot be split.
    """
    for name in ("VISUAL", "EDITOR"):
        if set_to := environ.get(name, "").strip():
            try:
                return shlex.split(set_to, posix=os.name != "nt")
            except ValueError as error:
                raise InvalidInput(f"{name} is {safe(set_to)!r}, which is no command.", f"Mend {name}.") from error
    for fallback in _FALLBACKS:
        if shutil.which(fallback, path=environ.get("PATH")):
            return [fallback]
    raise InvalidInput("There is no editor.", "Set EDITOR to one, like: export EDITOR=nano")


def edit_text(text: str, environ: Mapping[str, str], *, suffix: str = ".liquid") -> str:
    """`text` as the person left it in their editor. Blocks until the editor ends; the terminal must be free.

    Raises InvalidInput, the text unchanged, when the editor is missing, ends with a failure, or leaves no UTF-8 file.
    """
    command = editor_command(environ)
    handle, name = tempfile.mkstemp(prefix="offerdeck-", suffix=suffix)
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
        try:
            # The person's own command on the person's own machine; no shell reads it.
            ended = subprocess.run([*command, name], check=False, env=without_secrets(environ or os.environ)).returncode  # noqa: S603
        except OSError as error:
            shown = safe(command[0])
            raise InvalidInput(f"Could not start {shown}: {error.strerror or error}.", "Set EDITOR.") from error
        if ended != 0:
            raise InvalidInput(f"{safe(command[0])} ended with {ended}.", "The draft is as it was before.")
        return read_text(name)
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
