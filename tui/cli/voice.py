"""The streams of the command line: data, narration, answers. Nothing a terminal obeys gets through."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

from core.clean import safe, safe_json, safe_lines
from core.errors import OfferdeckError
from core.numerals import written_json
from core.secret import Secret
from tui.cli.columns import Column, table


class Voice:
    """Speaks and listens for one command. `json` is set once the command's options are read."""

    def __init__(self, stdin: TextIO, stdout: TextIO, stderr: TextIO, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.json = False
        self.lost = False  # some of the data could not be written
        self.has_receipt = False  # something was sent: the exit code tells what became of it, lost words or not
        self._in, self._out, self._err = stdin, stdout, stderr
        for stream in (stdout, stderr):
            with contextlib.suppress(AttributeError, ValueError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]

    @property
    def can_ask(self) -> bool:
        """Whether a person sits at a terminal and can answer."""
        return self._in.isatty() and self._err.isatty()

    @property
    def on_a_terminal(self) -> bool:
        """Whether data goes to a screen."""
        return self._out.isatty()

    # -- data

    def line(self, text: str = "") -> None:
        """A line of data."""
        self._write(self._out, safe(text) + "\n")

    def text(self, text: str) -> None:
        """Text of several lines as data, with a line break at its end."""
        self._write(self._out, safe_lines(text) + ("" if text.endswith("\n") else "\n"))

    def data(self, value: object, *, on_one_line: bool = False) -> None:
        """JSON as data; control, bidi and other unseen characters leave as `\\u` escapes."""
        self._write(self._out, json_text(value, on_one_line=on_one_line, ascii_only=not self._speaks_unicode) + "\n")

    def table(self, columns: tuple[Column, ...], rows: Iterable[tuple[str, ...]]) -> None:
        """Rows under headings: fitted to a terminal's width, whole elsewhere."""
        width = None
        if self.on_a_terminal:
            with contextlib.suppress(OSError):
                width = os.get_terminal_size(self._out.fileno()).columns or None
        lines = table(columns, [tuple(map(safe, row)) for row in rows], width)
        for number, line in enumerate(lines):
            self._write(self._out, (self._bold(line) if number == 0 else line) + "\n")

    def pairs(self, rows: Iterable[tuple[str, str]]) -> None:
        """Names and values, the values aligned; empty values are left out."""
        shown = [(name, value) for name, value in rows if value]
        width = max((len(name) for name, _ in shown), default=0)
        for name, value in shown:
            self.line(f"{name:<{width}}  {value}")

    # -- narration

    def say(self, text: str = "") -> None:
        """A line of narration."""
        self._write(self._err, safe_lines(text) + "\n")

    def fail(self, error: OfferdeckError) -> None:
        """What happened, and what to do."""
        self.say(error.message)
        if error.hint:
            self.say(error.hint)

    # -- answers

    def ask(self, question: str) -> str:
        """A line typed by a person, without its break; empty at the end of the input. Ctrl+C ends it at once."""
        self._write(self._err, safe_lines(question))
        self._err.flush()
        with _plain_interrupts():
            return self._in.readline().rstrip("\r\n")

    def ask_secret(self, question: str) -> Secret:
        """A line typed without echo."""
        import getpass

        with _plain_interrupts():
            return Secret(getpass.getpass(safe(question)))

    def read_secret(self) -> Secret:
        """One line of the standard input, without its break, at most 64 kB of it."""
        return Secret(self._in.readline(65_536).rstrip("\r\n"))

    def read_bytes(self, most: int) -> bytes:
        """The standard input, at most `most` bytes of it."""
        return self._in.buffer.read(most)

    # -- ends

    def flush(self) -> None:
        """Let everything out now."""
        self._write(self._out, "", flush=True)

    def close(self) -> None:
        """Flush; a reader that has gone away is no error."""
        for stream in (self._out, self._err):
            self._write(stream, "", flush=True)

    @property
    def _speaks_unicode(self) -> bool:
        return (getattr(self._out, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")

    def _bold(self, text: str) -> str:
        plain = not self.on_a_terminal or self.environ.get("NO_COLOR") or self.environ.get("TERM") == "dumb"
        return text if plain else f"\x1b[1m{text}\x1b[0m"

    def _write(self, stream: TextIO, text: str, *, flush: bool = False) -> None:
        try:
            stream.write(text)
            if flush:
                stream.flush()
        except OSError as error:
            # The rest goes nowhere. A reader that left, as `head` does, is no trouble; a full disk is.
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            if stream is self._out and not isinstance(error, BrokenPipeError):
                self.lost = True
                self.say(f"The output could not be written: {error.strerror or error}.")


def json_text(value: object, *, on_one_line: bool = False, ascii_only: bool = False) -> str:
    """`value` as JSON text in which every character that a terminal would obey is escaped."""
    indent = None if on_one_line else 2
    text = written_json(value, ascii_only=ascii_only, indent=indent, default=_plain)
    return text if ascii_only else safe_json(text)


def _plain(value: object) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


@contextlib.contextmanager
def _plain_interrupts() -> Iterator[None]:
    """Ctrl+C raises KeyboardInterrupt at once, as it does outside an event loop."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
