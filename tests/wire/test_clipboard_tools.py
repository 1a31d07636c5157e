"""The clipboard's adapter against real programs: a tool that works, fails, hangs; a file only its owner reads."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from core.adapters import clipboard as adapter
from core.adapters.clipboard import SystemClipboard
from core.clipboard import Way, copy_text
from core.errors import InvalidInput

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tools are shell scripts here")
TEXT = "Latte [/b] 二杯目 \x1b]52;c;aGk=\x07 line\nanother"


def tool(folder: Path, name: str, script: str) -> None:
    """Put a program called `name` into `folder`."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def clipboard(bin_folder: Path, handed: list[str], **environ: str) -> SystemClipboard:
    """A machine with an X display and only the tools in `bin_folder`."""
    machine = {"PATH": str(bin_folder), "DISPLAY": ":1", **environ}
    return SystemClipboard(machine, lambda: bin_folder.parent / "cache", handed.append)


async def test_the_tool_gets_the_text_byte_for_byte_on_its_standard_input(bin_folder):
    tool(bin_folder, "xclip", f'/bin/cat > "{bin_folder}/got"; echo "$@" > "{bin_folder}/arguments"')
    handed: list[str] = []
    copied = await copy_text(TEXT, clipboard(bin_folder, handed))
    assert copied.words == "Copied with xclip."
    assert (bin_folder / "got").read_bytes() == TEXT.encode()
    assert "Latte" not in (bin_folder / "arguments").read_text()
    assert handed == []


async def test_a_tool_that_fails_is_not_believed_and_the_next_one_is_tried(bin_folder):
    tool(bin_folder, "xclip", "exit 1")
    tool(bin_folder, "xsel", f'/bin/cat > "{bin_folder}/got"')
    copied = await copy_text(TEXT, clipboard(bin_folder, []))
    assert copied.by == "xsel"


async def test_a_tool_that_hangs_is_given_up_and_the_terminal_is_asked(bin_folder, monkeypatch):
    monkeypatch.setattr(adapter, "TOOL_WITHIN_S", 0.2)
    tool(bin_folder, "xclip", "exec /bin/sleep 60")
    handed: list[str] = []
    copied = await copy_text(TEXT, clipboard(bin_folder, handed))
    assert copied.way is Way.TERMINAL
    assert handed == [TEXT]


async def test_a_tool_that_leaves_a_child_behind_does_not_hold_us_up(bin_folder):
    tool(bin_folder, "xclip", f'/bin/cat > "{bin_folder}/got"; (/bin/sleep 60 & ) ; exit 0')
    copied = await copy_text(TEXT, clipboard(bin_folder, []))
    assert copied.by == "xclip"


def found(path: Path) -> tuple[bytes, int, int]:
    """What the file holds, its mode and its folder's."""
    return path.read_bytes(), stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)


async def test_the_file_is_private_and_says_where_it_is(bin_folder):
    copied = await copy_text(TEXT, clipboard(bin_folder, [], TERM="linux"))
    assert copied.words == f"Kept in {copied.by}"
    assert found(Path(copied.by)) == (TEXT.encode(), 0o600, 0o700)


async def test_a_file_that_cannot_be_written_is_an_error_and_no_copy(bin_folder):
    (bin_folder.parent / "cache").write_text("a file where the folder should be")
    with pytest.raises(InvalidInput, match="Nothing was copied"):
        await copy_text(TEXT, clipboard(bin_folder, [], TERM="linux"))


async def test_the_tool_which_may_stay_in_the_background_gets_no_secret_of_ours(bin_folder):
    tool(bin_folder, "xclip", f'/usr/bin/env > "{bin_folder}/got"')
    secret = {"OFFERDECK_SECRET_BRAZE_KEY": "canary"}
    assert (await copy_text(TEXT, clipboard(bin_folder, [], **secret))).by == "xclip"
    seen = (bin_folder / "got").read_text()
    assert "DISPLAY=:1" in seen
    assert "canary" not in seen
