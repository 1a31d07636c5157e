"""A real pseudo-terminal with the program in it: keys in, bytes out, the screen as a person would see it."""

from __future__ import annotations

import os
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import pexpect
import pyte
from wcwidth import wcwidth

from tui import theme

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f12": "\x1b[24~",
    "shift+tab": "\x1b[Z",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "ctrl+end": "\x1b[1;5F",
    "pagedown": "\x1b[6~",
    "backspace": "\x7f",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}


class Screen(pyte.Screen):
    """A terminal that counts code point by code point, as old ones do, and shows a flag as its two letters."""

    def draw(self, data: str) -> None:
        """Draw; pyte itself would drop whatever follows a joiner."""
        shown = (chr(ord(char) - 0x1F1E6 + ord("A")) if "\U0001f1e6" <= char <= "\U0001f1ff" else char for char in data)
        super().draw("".join(char for char in shown if wcwidth(char) or unicodedata.combining(char)))


class QuickScreen(Screen):
    """The same in a third of the time: most of what the program writes is colours it had before and narrow text."""

    _NARROW = re.compile("[ -~\u2500-\u259f]+")

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self._coloured: dict[tuple[pyte.screens.Char, str], pyte.screens.Char] = {}
        self._drawn: dict[tuple[pyte.screens.Char, str], pyte.screens.Char] = {}

    def colour(self, given: str) -> None:
        """Select the graphic rendition `given` between `ESC [` and `m`."""
        key = (self.cursor.attrs, given)
        if key not in self._coloured:
            self.select_graphic_rendition(*(int(part or 0) for part in given.split(";")))
            self._coloured[key] = self.cursor.attrs
        self.cursor.attrs = self._coloured[key]

    def draw(self, data: str) -> None:
        """Draw; at once what changes nothing but the cells it stands in."""
        column, attrs = self.cursor.x, self.cursor.attrs
        if column + len(data) > self.columns or pyte.modes.IRM in self.mode or not self._NARROW.fullmatch(data):
            super().draw(data)
            return
        line, drawn = self.buffer[self.cursor.y], self._drawn
        for char in data:
            cell = drawn.get((attrs, char))
            if cell is None:
                cell = drawn[attrs, char] = attrs._replace(data=char)
            line[column] = cell
            column += 1
        self.cursor.x = column
        self.dirty.add(self.cursor.y)


class Stream(pyte.ByteStream):
    """Reads for a `QuickScreen`: colours whole, anything else as pyte does, character by character."""

    _COLOUR = re.compile(r"\x1b\[([0-9;]*)m")

    def feed(self, data: bytes) -> None:
        """Take in some more."""
        pieces = self._COLOUR.split(self.utf8_decoder.decode(data))
        for number, piece in enumerate(pieces):
            if number % 2 == 0:
                pyte.Stream.feed(self, piece)
            elif self._taking_plain_text is True:
                self.listener.colour(piece)
            else:  # within a sequence that began in an earlier piece
                pyte.Stream.feed(self, f"\x1b[{piece}m")


class Terminal:
    """Runs `arguments` with this Python in a terminal of `columns` by `lines`."""

    def __init__(
        self,
        arguments: Sequence[str],
        home: Path,
        *,
        columns: int = 120,
        lines: int = 40,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._raw = bytearray()
        self.screen = QuickScreen(columns, lines)
        self._stream = Stream(self.screen)
        clean = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "PYTHONPATH", "TMPDIR")}
        self.child = pexpect.spawn(
            sys.executable,
            list(arguments),
            cwd=str(ROOT),
            dimensions=(lines, columns),
            env={
                **clean,
                "HOME": str(home),
                "OFFERDECK_HOME": str(home / "offerdeck"),
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LC_ALL": "C.UTF-8",
                "TZ": "UTC",
                "ESCDELAY": "25",
                **(environ or {}),
            },
            timeout=None,
        )
        self.child.delaybeforesend = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.close(force=True)

    def press(self, *keys: str) -> None:
        """Press keys one after the other; `text:…` types, `paste:…` pastes.

        A key right behind Escape would be that key with Alt: Textual looks ten times a second whether one came.
        """
        for key in keys:
            kind, _, text = key.partition(":")
            sent = {"text": text, "paste": f"\x1b[200~{text}\x1b[201~"}.get(kind) if text else None
            self.child.send(sent or KEYS.get(key, key))
            self.pump(0.15 if key == "escape" else 0.03)

    def pump(self, seconds: float) -> bool:
        """Take in what the program writes for `seconds`; False when it has ended."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                self._take(left)
            except pexpect.TIMEOUT:
                return True
            except pexpect.EOF:
                return False
        return True

    def _take(self, seconds: float) -> None:
        """Take in what the program writes next; raises TIMEOUT when `seconds` pass first, and EOF when it has ended."""
        data = self.child.read_nonblocking(65536, timeout=seconds)
        self._raw += data
        self._stream.feed(data)

    @property
    def raw(self) -> bytes:
        """Every byte that the program wrote."""
        return bytes(self._raw)

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        return list(self.screen.display)

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(line.rstrip() for line in self.lines)

    def until(self, holds: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
        """Wait until something holds; names it, and the screen, when it gives up."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"gave up on {what}; the screen:\n{self.text}")
            if not self.pump(0.02) and not holds():
                raise AssertionError(f"the program ended before {what}; the screen:\n{self.text}")

    def shows(self, *words: str) -> None:
        """Wait until every word stands on the screen."""
        self.until(lambda: all(word in self.text for word in words), f"{words} on the screen")

    def settle(self) -> None:
        """Wait until a tenth of a second passed without a byte: what stands there is a whole picture."""
        with suppress(pexpect.TIMEOUT, pexpect.EOF):
            while True:
                self._take(0.1)

    def typing_by(self, label: str) -> None:
        """Wait until the block where typing goes stands on the line of a field's label."""
        self.until(lambda: any(label in self.lines[row] for row, _ in self._accents()), f"the cursor by {label!r}")

    def chosen(self, words: str) -> None:
        """Wait until the button with these words has the focus."""
        self.until(
            lambda: any(self.lines[row].find(words) == column + 1 for row, column in self._accents()),
            f"the focus on {words!r}",
        )

    def _accents(self) -> list[tuple[int, int]]:
        """Row and first column of everything drawn on the accent below the bar at the top."""
        accent = theme.PALETTES[theme.DARK].accent.removeprefix("#")
        found = []
        for row in range(1, self.screen.lines):
            cells = self.screen.buffer[row]
            first = next((column for column in range(self.screen.columns) if cells[column].bg == accent), None)
            if first is not None:
                found.append((row, first))
        return found

    def hides(self, word: str) -> None:
        """Wait until a word is gone."""
        self.until(lambda: word not in self.text, f"{word!r} gone")

    def ends(self, seconds: float = 20.0) -> int:
        """Wait for the end; gives the exit code."""
        end = time.monotonic() + seconds
        while self.pump(0.1):
            if time.monotonic() > end:
                raise AssertionError(f"it did not end; the screen:\n{self.text}")
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)


DEMO = ("-m", "tui.cli.main", "demo", "--seed", "7")
