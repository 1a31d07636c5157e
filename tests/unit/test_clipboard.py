"""Copying: the tool, else the terminal, else a file; and nothing is claimed that did not happen."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from core.clipboard import CAP_BYTES, OSC52_BYTES, Way, copy_text, terminal_refusal, tools_for
from core.errors import InvalidInput


@dataclass
class Ways:
    """A machine with the ways a test gives it; keeps what went by each."""

    tool: str = ""
    refusal: str = ""
    disk_full: bool = False
    went: list[tuple[Way, str]] = field(default_factory=list)

    async def by_tool(self, text: str) -> str:
        if self.tool:
            self.went.append((Way.TOOL, text))
        return self.tool

    def terminal_refusal(self) -> str:
        return self.refusal

    def by_terminal(self, text: str) -> None:
        self.went.append((Way.TERMINAL, text))

    async def by_file(self, text: str) -> str:
        if self.disk_full:
            raise InvalidInput("Nothing was copied: no file could be written.", "")
        self.went.append((Way.FILE, text))
        return "/private/copied.txt"


async def test_the_systems_own_tool_goes_first_and_is_named():
    machine = Ways(tool="wl-copy")
    copied = await copy_text("a value", machine)
    assert copied.words == "Copied with wl-copy."
    assert machine.went == [(Way.TOOL, "a value")]


async def test_without_a_tool_the_terminal_is_handed_it_and_no_copy_is_claimed():
    machine = Ways()
    copied = await copy_text("a value", machine)
    assert machine.went == [(Way.TERMINAL, "a value")]
    assert "Copied" not in copied.words
    assert "Handed to the terminal" in copied.words


@pytest.mark.parametrize(("size", "way"), [(OSC52_BYTES, Way.TERMINAL), (OSC52_BYTES + 1, Way.FILE)])
async def test_what_no_terminal_takes_goes_into_a_file_with_the_reason(size, way):
    machine = Ways()
    copied = await copy_text("x" * size, machine)
    assert machine.went[0][0] is way
    assert copied.way is way
    if way is Way.FILE:
        assert copied.words == "Kept in /private/copied.txt"
        assert "75 kB" in copied.size_words


async def test_the_size_is_counted_in_bytes_not_in_characters():
    machine = Ways()
    copied = await copy_text("二" * (OSC52_BYTES // 3 + 1), machine)
    assert copied.way is Way.FILE
    assert copied.size_bytes > OSC52_BYTES


async def test_a_terminal_known_to_ignore_copies_is_passed_over():
    machine = Ways(refusal="This terminal has no clipboard.")
    copied = await copy_text("a value", machine)
    assert machine.went == [(Way.FILE, "a value")]
    assert "no clipboard" in copied.size_words


@pytest.mark.parametrize("text", ["", "x" * (CAP_BYTES + 1)])
async def test_nothing_and_too_much_are_refused_and_go_no_way(text):
    machine = Ways(tool="wl-copy")
    with pytest.raises(InvalidInput, match="Nothing was copied"):
        await copy_text(text, machine)
    assert machine.went == []


async def test_when_even_the_file_fails_it_is_an_error_and_no_copy():
    with pytest.raises(InvalidInput, match="Nothing was copied"):
        await copy_text("a value", Ways(refusal="no", disk_full=True))


@pytest.mark.parametrize(
    ("platform", "environ", "names"),
    [
        ("darwin", {}, ["pbcopy"]),
        ("darwin", {"SSH_CONNECTION": "1 2 3 4"}, []),
        ("win32", {}, ["clip.exe"]),
        ("linux", {"WSL_DISTRO_NAME": "Debian"}, ["clip.exe"]),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ["wl-copy", "xclip", "xsel"]),
        ("linux", {"DISPLAY": "localhost:10.0", "SSH_TTY": "/dev/pts/1"}, ["xclip", "xsel"]),
        ("linux", {"TMUX": "/tmp/tmux-0/default,1,0", "SSH_TTY": "/dev/pts/1"}, ["tmux"]),
        ("linux", {}, []),
    ],
)
def test_only_tools_that_reach_the_persons_own_screen_are_tried(platform, environ, names):
    assert [tool.name for tool in tools_for(platform, environ)] == names


@pytest.mark.parametrize(
    ("environ", "refuses"),
    [
        ({"TERM": "linux"}, True),
        ({"TERM": "dumb"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7600"}, True),
        ({"TERM": "xterm-kitty"}, False),
        ({"TERM": "xterm-256color"}, False),
    ],
)
def test_terminals_that_are_known_to_have_no_clipboard_are_not_asked(environ, refuses):
    assert bool(terminal_refusal(environ)) is refuses
