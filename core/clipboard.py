"""Copying: the system's own tool, else the terminal (OSC 52), else a private file; and what may be said of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.errors import InvalidInput

# hterm's and tmux's readers of OSC 52 stop at 100,000 bytes of base64, which hold 74,994 bytes of text.
OSC52_BYTES = 74_994
CAP_BYTES = 8 * 1024 * 1024


class Way(StrEnum):
    """By which way a text went."""

    TOOL = "tool"
    TERMINAL = "terminal"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was made. `by` is the tool's name or the file's path; `note` why a better way was not taken."""

    way: Way
    by: str
    size_bytes: int
    note: str = ""

    @property
    def words(self) -> str:
        """What happened and no more: a terminal never tells whether it took what it was handed."""
        if self.way is Way.TOOL:
            return f"Copied with {self.by}."
        if self.way is Way.TERMINAL:
            return "Handed to the terminal (OSC 52)."
        return f"Kept in {self.by}"

    @property
    def size_words(self) -> str:
        """How much it was, and the note."""
        size = f"{self.size_bytes} bytes" if self.size_bytes < 1000 else f"{self.size_bytes / 1000:.1f} kB"
        return f"{size}. {self.note}" if self.note else size


class Clipboard(Protocol):
    """The ways this machine has."""

    async def by_tool(self, text: str) -> str:
        """The name of the tool that took `text` and ended well; empty when there is none or all failed."""
        ...

    def terminal_refusal(self) -> str:
        """Why the terminal cannot be asked, as far as can be known; empty when it can."""
        ...

    def by_terminal(self, text: str) -> None:
        """Hand `text` to the terminal."""
        ...

    async def by_file(self, text: str) -> str:
        """Put `text` into a file only its owner can read; gives the path. Raises InvalidInput when it cannot."""
        ...


async def copy_text(text: str, clipboard: Clipboard) -> Copied:
    """Copy `text` by the first way that works.

    Raises InvalidInput with the reason when there is nothing to copy, it is over 8 MB, or no way works.
    """
    size = len(text.encode("utf-8", "backslashreplace"))
    if not text:
        raise InvalidInput("Nothing was copied: the value is empty.", "Choose another line.")
    if size > CAP_BYTES:
        raise InvalidInput("Nothing was copied: it is larger than 8 MB.", "Copy a part of it, or use the command line.")
    if tool := await clipboard.by_tool(text):
        return Copied(Way.TOOL, tool, size)
    refusal = clipboard.terminal_refusal()
    if not refusal and size > OSC52_BYTES:
        refusal = "Terminals take at most 75 kB."
    if not refusal:
        clipboard.by_terminal(text)
        return Copied(Way.TERMINAL, "OSC 52", size, "Some terminals ignore it.")
    return Copied(Way.FILE, await clipboard.by_file(text), size, refusal)


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that takes the text on its standard input; `encoding` is what it reads there."""

    name: str
    arguments: tuple[str, ...] = ()
    encoding: str = "utf-8"


def tools_for(platform: str, environ: Mapping[str, str]) -> tuple[Tool, ...]:
    """The tools that reach the clipboard of the person's own screen, best first; none over a bare SSH connection.

    `platform` is `sys.platform`. Sources: the manuals of pbcopy, wl-copy, xclip, xsel, clip and tmux (load-buffer -w).
    """
    remote = bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
    found: list[Tool] = []
    if not remote and platform == "darwin":
        found.append(Tool("pbcopy"))
    if not remote and (platform == "win32" or environ.get("WSL_DISTRO_NAME")):
        found.append(Tool("clip.exe", encoding="utf-16"))
    if environ.get("WAYLAND_DISPLAY") and not remote:
        found.append(Tool("wl-copy"))
    if environ.get("DISPLAY"):
        found += [Tool("xclip", ("-selection", "clipboard")), Tool("xsel", ("--clipboard", "--input"))]
    if environ.get("TMUX"):
        found.append(Tool("tmux", ("load-buffer", "-w", "-")))
    return tuple(found)


def terminal_refusal(environ: Mapping[str, str]) -> str:
    """Why this terminal ignores OSC 52, where that is known; empty otherwise.

    Known: the Linux console and dumb terminals have none; Apple's Terminal and those built on VTE leave it out.
    """
    if environ.get("TERM", "") in ("dumb", "linux", "vt100", "vt220"):
        return "This terminal has no clipboard."
    if environ.get("TERM_PROGRAM") == "Apple_Terminal":
        return "Apple's Terminal takes no copy from programs."
    if environ.get("VTE_VERSION") and not environ.get("TMUX"):
        return "This terminal (VTE) takes no copy from programs; install wl-clipboard or xclip."
    return ""
