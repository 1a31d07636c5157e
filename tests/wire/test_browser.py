"""A page for the browser: private, without scripts, gone at the end."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core.adapters.browser import BrowserPage, opener
from core.deck import Deck
from core.errors import InvalidInput


def the_page(home: Path) -> Path:
    (path,) = (home / "cache").iterdir()
    return path


def program(folder: Path, body: str) -> str:
    path = folder / "browser"
    path.write_text(f"#!{sys.executable}\nimport os, sys\n{body}\n")
    path.chmod(0o700)
    return str(path)


def test_the_browser_gets_a_private_page_that_may_run_no_script(tmp_path: Path):
    browser = program(tmp_path, f"open({str(tmp_path / 'told')!r}, 'w').write(sys.argv[1])")
    page = BrowserPage(tmp_path / "cache", {"BROWSER": browser})
    page.show("<h1>Hi Añà</h1><script>alert(1)</script>")
    path = the_page(tmp_path)
    assert (tmp_path / "told").read_text() == path.as_uri()
    written = path.read_text("utf-8")
    assert written.index("default-src 'none'") < written.index("<h1>Hi Añà</h1>")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    page.show("<p>Hi</p>")
    assert the_page(tmp_path) == path and "Añà" not in path.read_text("utf-8")
    page.remove()
    assert not path.exists()


def test_the_page_posts_no_form_and_takes_no_other_address_for_its_own(tmp_path: Path):
    browser = program(tmp_path, "")
    page = BrowserPage(tmp_path / "cache", {"BROWSER": browser})
    page.show('<base href="https://x.example/"><form action="https://x.example/">')
    policy = the_page(tmp_path).read_text("utf-8").partition("<base")[0]
    # Neither of them falls back to default-src (Content Security Policy Level 3).
    assert "form-action 'none'" in policy and "base-uri 'none'" in policy


def test_the_browser_gets_no_secret_of_ours(tmp_path: Path):
    browser = program(tmp_path, f"open({str(tmp_path / 'told')!r}, 'w').write(repr(dict(os.environ)))")
    environ = {"BROWSER": browser, "OFFERDECK_SECRET_BRAZE_KEY": "canary", "KEPT": "yes"}
    BrowserPage(tmp_path / "cache", environ).show("x")
    assert "canary" not in (tmp_path / "told").read_text()
    assert "KEPT" in (tmp_path / "told").read_text()


def test_without_a_screen_it_says_where_the_page_lies_and_starts_nothing(tmp_path: Path):
    page = BrowserPage(tmp_path / "cache", {"PATH": os.environ["PATH"]})
    with pytest.raises(InvalidInput) as refused:
        page.show("x")
    assert str(the_page(tmp_path)) in refused.value.hint


@pytest.mark.parametrize("body", ["sys.exit(3)", None])
def test_a_browser_that_fails_is_named(tmp_path: Path, body: str | None):
    browser = program(tmp_path, body) if body else str(tmp_path / "nothing")
    with pytest.raises(InvalidInput, match=r"browser ended with 3|Could not start"):
        BrowserPage(tmp_path / "cache", {"BROWSER": browser}).show("x")


def test_a_page_is_never_written_through_a_link(tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "cache").symlink_to(tmp_path / "mine")
    with pytest.raises(InvalidInput, match="symbolic link"):
        BrowserPage(tmp_path / "cache", {"BROWSER": "true"}).show("x")
    assert not list((tmp_path / "mine").iterdir())


_KILLED = """
import sys, time
from pathlib import Path
from core.adapters.browser import BrowserPage
BrowserPage(Path(sys.argv[1]), {"BROWSER": "true"}).show("the message of a program that is killed")
print("shown", flush=True)
time.sleep(60)
"""


def test_a_page_lasts_as_long_as_its_program_however_that_ends(tmp_path: Path):
    root = str(Path(__file__).resolve().parents[2])
    words = [sys.executable, "-c", _KILLED, str(tmp_path / "cache")]
    with subprocess.Popen(words, cwd=root, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "shown\n"
        theirs = the_page(tmp_path)
        page = BrowserPage(tmp_path / "cache", {"BROWSER": "true"})
        page.show("ours")
        page.remove()
        assert the_page(tmp_path) == theirs and "is killed" in theirs.read_text()
        other.kill()
    assert theirs.exists(), "the control: whoever is killed leaves it"
    page.show("ours")
    assert the_page(tmp_path) != theirs
    page.remove()
    assert not list((tmp_path / "cache").iterdir())


async def test_a_page_that_was_left_goes_with_the_next_program_that_looks_at_nothing(tmp_path: Path):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "offerdeck-0123456789abcdef.html").write_text("left")
    (cache / "kept.html").write_text("somebody else's")
    (tmp_path / "mine").write_text("kept")
    (cache / "offerdeck-link.html").symlink_to(tmp_path / "mine")
    deck = Deck.create({"OFFERDECK_HOME": str(tmp_path)})
    assert deck.places.cache == cache
    await deck.close()
    assert {path.name for path in cache.iterdir()} == {"kept.html", "offerdeck-link.html"}
    assert (tmp_path / "mine").read_text() == "kept"


def test_each_system_has_its_own_opener():
    assert opener({}, "darwin") == ["open"]
    assert opener({}, "win32")[0] == "rundll32"
    assert opener({"BROWSER": "firefox --new-tab"}, "linux") == ["firefox", "--new-tab"]
    assert opener({"DISPLAY": ":0", "PATH": "/nowhere"}, "linux") == []
