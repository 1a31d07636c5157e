"""A message's true HTML in the person's own browser: a private page that runs no script."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from core.adapters.passing import PAGE, PassingFile, sweep_pages
from core.adapters.private import make_private_folder
from core.clean import safe
from core.errors import InvalidInput
from core.secret import without_secrets

# Mail programs run no scripts, load no frames and post no forms; pictures and styles they do load.
_POLICY = (
    "default-src 'none'; form-action 'none'; base-uri 'none'; "
    "img-src https: http: data:; style-src 'unsafe-inline' https:; font-src https: data:"
)
_HEAD = f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
_FOR_DISPLAYS = ("xdg-open", "gio open", "wslview")


class BrowserPage:
    """One file in `folder`, written anew for each page and removed by `remove()`: it holds a customer's message.

    What a program that was killed left there goes as well, when a page is first shown and at the end.
    """

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._environ = environ
        self._file: PassingFile | None = None

    def show(self, html: str) -> None:
        """Write the page (0600) and hand it to the browser; blocks until the browser has it.

        Raises InvalidInput, which says where the page lies, when there is nothing to open it with, and when it cannot
        be written.
        """
        try:
            path = self._write(f"{_HEAD}\n{html}".encode("utf-8", "replace"))
        except OSError as error:
            raise InvalidInput(f"The page could not be written: {error.strerror or error}.", "") from error
        where = safe(str(path))
        command = opener(self._environ)
        if not command:
            raise InvalidInput("There is no browser on this machine.", f"The page is {where} until offerdeck ends.")
        try:
            # The person's own program on the person's own machine; no shell reads it.
            done = subprocess.run(  # noqa: S603
                [*command, path.as_uri()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=without_secrets(self._environ or os.environ),
                timeout=10,
                check=False,
                start_new_session=sys.platform != "win32",
            )
        except subprocess.TimeoutExpired:
            return  # some openers stay with the browser they started
        except OSError as error:
            raise InvalidInput(f"Could not start {safe(command[0])}: {error.strerror or error}.", where) from error
        if done.returncode:
            raise InvalidInput(
                f"{safe(command[0])} ended with {done.returncode}.", f"The page is {where} until offerdeck ends."
            )

    def _write(self, page: bytes) -> Path:
        """The path of the page. Raises OSError."""
        if self._file is None:
            make_private_folder(self._folder)
            self._file = PassingFile(self._folder, PAGE)
        self._file.write(page)
        return self._file.path

    def remove(self) -> None:
        """No message stays behind."""
        if self._file is not None:
            self._file.remove()
            self._file = None
        sweep_pages(self._folder)


def opener(environ: Mapping[str, str], platform: str = sys.platform) -> list[str]:
    """The command that opens a page: BROWSER, else the system's own; empty where there is no screen to show it on.

    A browser that would take this very terminal is never chosen by itself.
    """
    if set_to := environ.get("BROWSER", "").split(os.pathsep)[0].strip():
        with suppress(ValueError):
            return shlex.split(set_to)
    if platform == "darwin":
        return ["open"]
    if platform == "win32":
        return ["rundll32", "url.dll,FileProtocolHandler"]
    if not any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")):
        return []
    found = (words.split() for words in _FOR_DISPLAYS)
    return next((words for words in found if shutil.which(words[0], path=environ.get("PATH"))), [])
