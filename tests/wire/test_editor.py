"""A person's own editor: what it leaves is taken, whatever else it does leaves the draft alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from core.adapters.editor import edit_text, editor_command, page_text
from core.errors import InvalidInput


def editor(tmp_path: Path, body: str) -> dict[str, str]:
    """An environment whose editor runs `body` with the file's path in `path`."""
    script = tmp_path / "my editor.py"
    script.write_text(f"import sys, pathlib, os\npath = pathlib.Path(sys.argv[-1])\n{body}\n", encoding="utf-8")
    return {**os.environ, "VISUAL": f'"{sys.executable}" "{script}"', "EDITOR": "false"}


def test_the_text_comes_back_as_the_editor_left_it(tmp_path: Path):
    environ = editor(tmp_path, "path.write_bytes(path.read_bytes() + '\\nzwei 日本\\r\\n'.encode())")
    assert edit_text("eins é", environ) == "eins é\nzwei 日本\r\n"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("path.write_text('lost'); sys.exit(3)", "ended with 3"),
        ("path.unlink()", "Could not read"),
        ("path.write_bytes(b'\\xff\\xfe\\x00')", "not UTF-8"),
        ("os.kill(os.getpid(), 9)", "ended with -9"),
    ],
)
def test_whatever_an_editor_does_the_text_before_stays_with_the_caller(tmp_path: Path, body: str, words: str):
    with pytest.raises(InvalidInput, match=words):
        edit_text("before", editor(tmp_path, body))


def test_the_file_is_private_and_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    environ = editor(tmp_path, "path.write_text(oct(path.stat().st_mode & 0o777) + ' ' + path.suffix)")
    assert edit_text("x", environ) == "0o600 .liquid"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_an_editor_that_does_not_exist_is_named():
    with pytest.raises(InvalidInput, match="no-such-editor"):
        edit_text("x", {"EDITOR": "no-such-editor --wait"})


def test_the_setting_may_hold_arguments_and_without_one_an_installed_editor_is_found(tmp_path: Path):
    assert editor_command({"EDITOR": "code --wait 'a b'"}) == ["code", "--wait", "a b"]
    with pytest.raises(InvalidInput, match="no command"):
        editor_command({"EDITOR": "code 'open"})
    with pytest.raises(InvalidInput, match="no editor"):
        editor_command({"PATH": str(tmp_path)})
    nano = tmp_path / "nano"
    nano.write_text("")
    nano.chmod(0o755)
    assert editor_command({"PATH": str(tmp_path)}) == ["nano"]


def test_the_editor_gets_no_secret_of_ours(tmp_path: Path):
    environ = editor(tmp_path, "path.write_text(repr(sorted(os.environ)))")
    environ |= {"OFFERDECK_SECRET_CORE_KEY": "canary", "OFFERDECK_PROFILE": "acme"}
    seen = edit_text("before", environ)
    assert "OFFERDECK_PROFILE" in seen
    assert "OFFERDECK_SECRET" not in seen


def test_a_pager_gets_the_text_in_a_private_file_that_is_gone_afterwards(tmp_path: Path):
    told = tmp_path / "told"
    script = f'(cat "$1"; stat -c %a "$1"; echo "$1"; env) > {told}; exit 1'
    environ = {**os.environ, "PAGER": f"sh -c '{script}' sh", "OFFERDECK_SECRET_CORE_KEY": "canary"}
    page_text("Hi Ana\n", environ)
    text, mode, path, *variables = told.read_text().splitlines()
    assert (text, mode, Path(path).exists()) == ("Hi Ana", "600", False)
    assert "canary" not in "".join(variables)


def test_without_a_pager_it_says_what_to_set(tmp_path: Path):
    with pytest.raises(InvalidInput, match="no pager") as refused:
        page_text("x", {"PATH": str(tmp_path)})
    assert "PAGER" in refused.value.hint


_KILLED = """
import os, sys
from core.adapters.editor import page_text
page_text("the message of a program that is killed", {**os.environ, "PAGER": sys.argv[1]})
"""


def test_what_a_pager_was_shown_goes_though_its_program_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pager, folder = tmp_path / "pager", tmp_path / "tmp"
    folder.mkdir()
    pager.write_text('#!/bin/sh\ncat "$1"; echo; exec sleep 60\n')
    pager.chmod(0o700)
    root = str(Path(__file__).resolve().parents[2])
    words, environ = [sys.executable, "-c", _KILLED, str(pager)], {**os.environ, "TMPDIR": str(folder)}
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with subprocess.Popen(
        words, cwd=root, env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as other:
        assert other.stdout is not None and "is killed" in other.stdout.readline()
        (theirs,) = folder.iterdir()
        page_text("ours", {**os.environ, "PAGER": "true"})
        assert [*folder.iterdir()] == [theirs], "a pager that is still looked at keeps its text"
        os.killpg(other.pid, signal.SIGKILL)
    assert theirs.exists(), "the control: whoever is killed leaves it"
    page_text("ours", {**os.environ, "PAGER": "true"})
    assert not [*folder.iterdir()]


def test_a_disk_that_takes_no_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    for work in (lambda: page_text("x", {"PAGER": "true"}), lambda: edit_text("x", {"EDITOR": "true"})):
        with pytest.raises(InvalidInput, match="could not be written"):
            work()
