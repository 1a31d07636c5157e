"""The clipboard of this machine: its own tools with a time limit, the terminal, a private file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from core.adapters.private import write_private
from core.adapters.threads import on_a_thread
from core.clean import safe
from core.clipboard import Tool, terminal_refusal, tools_for
from core.errors import InvalidInput
from core.secret import without_secrets

TOOL_WITHIN_S = 3.0
FILE_NAME = "copied.txt"


class SystemClipboard:
    """Fills the `Clipboard` port. `hand_over` writes to the terminal, `folder` tells where a file may lie."""

    def __init__(
        self, environ: Mapping[str, str], folder: Callable[[], Path], hand_over: Callable[[str], None]
    ) -> None:
        self._environ = environ
        self._folder = folder
        self._hand_over = hand_over

    async def by_tool(self, text: str) -> str:
        """The name of the first tool that took `text` and ended well within 3 s; empty when none did."""
        for tool in tools_for(sys.platform, self._environ):
            path = shutil.which(tool.name, path=self._environ.get("PATH"))
            if path is not None and await on_a_thread(partial(self._run, path, tool, text), "clipboard"):
                return tool.name
        return ""

    def _run(self, path: str, tool: Tool, text: str) -> bool:
        """xclip and wl-copy leave a child that holds the clipboard, so no pipe of ours may stay open in it."""
        try:
            done = subprocess.run(  # noqa: S603 (a fixed program; the text goes through a pipe, never into arguments)
                [path, *tool.arguments],
                input=text.encode(tool.encoding, "backslashreplace"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=TOOL_WITHIN_S,
                env=without_secrets(self._environ),
                check=False,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0

    def terminal_refusal(self) -> str:
        """Why the terminal cannot be asked; empty when it can."""
        return terminal_refusal(self._environ)

    def by_terminal(self, text: str) -> None:
        """Hand `text` over as OSC 52."""
        self._hand_over(text)

    async def by_file(self, text: str) -> str:
        """Put `text` into one private file, the last copy replacing the one before; gives its path."""

        def write() -> str:
            path = self._folder() / FILE_NAME
            write_private(path, text.encode("utf-8", "backslashreplace"))
            return str(path)

        try:
            return await on_a_thread(write, "copy-to-file")
        except OSError as error:
            words = f"Nothing was copied: no file could be written ({safe(error.strerror or str(error))})."
            raise InvalidInput(words, "See: offerdeck locate cache") from error
