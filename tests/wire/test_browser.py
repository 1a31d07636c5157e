"""A page for the browser: private, without scripts, gone at the end."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from core.adapters.browser import BrowserPage, opener
from core.errors import InvalidInput


def program(folder: Path, body: str) -> str:
    path = folder / "browser"
    path.write_text(f"#!{sys.executable}\nimport os, sys\n{body}\n")
    path.chmod(0o700)
    return str(path)


def test_the_browser_gets_a_private_page_that_may_run_no_script(tmp_path: Path):
    browser = program(tmp_path, f"open({str(tmp_path / 'told')!r}, 'w').write(sys.argv[1])")
    page = BrowserPage(tmp_path / "cache" / "message.html", {"BROWSER": browser})
    page.show("<h1>Hi Añà</h1><script>alert(1)</script>")
    assert (tmp_path / "told").read_text() == page.path.as_uri()
    written = page.path.read_text("utf-8")
    assert written.index("default-src 'none'") < written.index("<h1>Hi Añà</h1>")
    assert stat.S_IMODE(page.path.stat().st_mode) == 0o600
    page.remove()
    assert not page.path.exists()


def test_the_page_posts_no_form_and_takes_no_other_address_for_its_own(tmp_path: Path):
    browser = program(tmp_path, "")
    page = BrowserPage(tmp_path / "message.html", {"BROWSER": browser})
    page.show('<base href="https://x.example/"><form action="https://x.example/">')
    policy = page.path.read_text("utf-8").partition("<base")[0]
    # Neither of them falls back to default-src (Content Security Policy Level 3).
    assert "form-action 'none'" in policy and "base-uri 'none'" in policy


def test_the_browser_gets_no_secret_of_ours(tmp_path: Path):
    browser = program(tmp_path, f"open({str(tmp_path / 'told')!r}, 'w').write(repr(dict(os.environ)))")
    environ = {"BROWSER": browser, "OFFERDECK_SECRET_BRAZE_KEY": "canary", "KEPT": "yes"}
    BrowserPage(tmp_path / "message.html", environ).show("x")
    assert "canary" not in (tmp_path / "told").read_text()
    assert "KEPT" in (tmp_path / "told").read_text()


def test_without_a_screen_it_says_where_the_page_lies_and_starts_nothing(tmp_path: Path):
    page = BrowserPage(tmp_path / "message.html", {"PATH": os.environ["PATH"]})
    with pytest.raises(InvalidInput) as refused:
        page.show("x")
    assert str(page.path) in refused.value.hint
    assert page.path.exists()


@pytest.mark.parametrize("body", ["sys.exit(3)", None])
def test_a_browser_that_fails_is_named(tmp_path: Path, body: str | None):
    browser = program(tmp_path, body) if body else str(tmp_path / "nothing")
    with pytest.raises(InvalidInput, match=r"browser ended with 3|Could not start"):
        BrowserPage(tmp_path / "message.html", {"BROWSER": browser}).show("x")


def test_a_page_is_never_written_through_a_link(tmp_path: Path):
    (tmp_path / "mine").write_text("kept")
    (tmp_path / "message.html").symlink_to(tmp_path / "mine")
    with pytest.raises(InvalidInput):
        BrowserPage(tmp_path / "message.html", {"BROWSER": "true"}).show("x")
    assert (tmp_path / "mine").read_text() == "kept"


def test_each_system_has_its_own_opener():
    assert opener({}, "darwin") == ["open"]
    assert opener({}, "win32")[0] == "rundll32"
    assert opener({"BROWSER": "firefox --new-tab"}, "linux") == ["firefox", "--new-tab"]
    assert opener({"DISPLAY": ":0", "PATH": "/nowhere"}, "linux") == []
