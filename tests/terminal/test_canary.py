"""No secret leaves the cockpit: every room and dialog on a tenant of one's own; all it wrote is searched."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.canaries import files_below, found_in, process_places, screen_places, secrets_to_hunt, spellings
from tests.terminal.tenant import Tenant, tenant_in
from tests.terminal.terminal import Terminal
from tests.terminal.traces import processes_below

pytestmark = pytest.mark.slow
PICTURES = ("-m", "tests.terminal.faulty", "pictures", "--profile", "sb")
TEMPLATE = "Hi {{${first_name}}}, {{ wallet.payload.user_offers[0].name }}"


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    with tenant_in(tmp_path) as made:
        yield made


def begin(terminal: Terminal) -> None:
    terminal.shows("No customer yet")
    terminal.press("f2", "text:ana@example.com", "enter")
    terminal.shows("Free coffee", "LAST RECEIVED", "churn_risk")


def opened(terminal: Terminal, key: str, *words: str) -> None:
    """A key and what it opens; then a picture of that."""
    terminal.press(key)
    terminal.shows(*words)
    terminal.press("f12")


def closed(terminal: Terminal, word: str) -> None:
    terminal.press("escape")
    terminal.hides(word)


def copied(terminal: Terminal) -> None:
    """The copy menu's curl line, handed to the terminal."""
    opened(terminal, "y", "curl -X")
    before = terminal.raw.count(b"\x1b]52;")
    terminal.press("u")
    terminal.until(lambda: terminal.raw.count(b"\x1b]52;") > before, "the curl line on the clipboard")


def reviewed(terminal: Terminal, button: str) -> None:
    """A review: its curl line copied, then yes, the receipt, and back."""
    terminal.shows("Review this", button)
    before = terminal.raw.count(b"\x1b]52;")
    opened(terminal, "y", "Handed to the terminal")
    terminal.until(lambda: terminal.raw.count(b"\x1b]52;") > before, "the curl line on the clipboard")
    terminal.press("right")
    terminal.chosen(button)
    terminal.press("enter")
    terminal.shows("accepted", "HTTP 20")
    terminal.press("f12")
    closed(terminal, "HTTP 20")


def customer_room(terminal: Terminal) -> None:
    opened(terminal, "i", "Where from", "$CONNECT_AUTHORIZATION")
    copied(terminal)
    closed(terminal, "Where from")
    copied(terminal)
    opened(terminal, "v", " characters")
    closed(terminal, " characters")
    opened(terminal, "x", "Actions")
    closed(terminal, "Actions")
    opened(terminal, "T", "Tag Ana Prado")
    terminal.press("text:vip_weekend")
    terminal.shows("Authorization: Basic base64({core_key}:{core_secret})")
    opened(terminal, "f6", "$CORE_KEY")
    terminal.press("f8")
    reviewed(terminal, "Set 1 tag")


def other_rooms(terminal: Terminal) -> None:
    opened(terminal, "2", "Write Liquid")
    terminal.press(f"text:{TEMPLATE}")
    terminal.shows("Hi Ana, Free coffee")
    terminal.press("escape")
    terminal.shows("o open")
    opened(terminal, "S", "Trigger", "Summer bakery", "nothing leaves yet")
    terminal.press("S")
    reviewed(terminal, "Trigger campaign")
    terminal.press("6")
    terminal.shows("2 entries")
    opened(terminal, "enter", "Details", "dispatch id")
    for word in ("Authorization", "dispatch_id", "curl -X"):
        opened(terminal, "]", word)
    copied(terminal)


NAMES = ("connect_authorization", "core_authorization", "appkey_core")


def message_room(terminal: Terminal) -> None:
    """A message that prints what stands for the credentials: live, in other circumstances, for others, outside."""
    terminal.press("2", "f9")
    terminal.shows("live-wallet.liquid")
    terminal.press("text:live-wallet", "enter")
    terminal.shows("--- subject ---", "• Free coffee")
    terminal.settle()
    terminal.press("ctrl+end", "text:" + "".join(f"{{{{content_blocks.${{{name}}}}}}} " for name in NAMES))
    terminal.press("escape")
    terminal.shows("L call live")
    opened(terminal, "L", "Called live", "200 in")
    for _ in range(2):
        opened(terminal, "]", "Free coffee")
    opened(terminal, "w", "What if", "circumstance", "nobody known")
    terminal.hides("rendering")
    copied_as(terminal, "r")
    closed(terminal, "circumstance")
    opened(terminal, "d", "Data of your own")
    terminal.press('text:{"attributes": {"first_name": "Zoe"}}', "ctrl+s")
    terminal.hides("Data of your own")
    opened(terminal, "M", "Matrix", "on screen")
    opened(terminal, "a", "Keep your data as a persona")
    terminal.press("text:zoe", "enter")
    terminal.shows("persona", "zoe", "! 1 aborted")
    terminal.press("down")
    copied_as(terminal, "m")
    closed(terminal, "Matrix  ")
    terminal.press("O", "f3")


def copied_as(terminal: Terminal, key: str) -> None:
    """One of what a trial offers to copy, handed to the terminal."""
    opened(terminal, "y", "table as Markdown")
    before = terminal.raw.count(b"\x1b]52;")
    terminal.press(key)
    terminal.until(lambda: terminal.raw.count(b"\x1b]52;") > before, "the copy on the clipboard")


def everywhere(terminal: Terminal) -> None:
    opened(terminal, "f1", "Everywhere")
    closed(terminal, "Everywhere")
    opened(terminal, "p", "Profiles", "sb")
    opened(terminal, "c", "authorization accepted", "key and secret accepted")
    opened(terminal, "s", "OFFERDECK_SECRET_CORE_KEY", "stored")
    closed(terminal, "OFFERDECK_SECRET_CORE_KEY")
    closed(terminal, "Profiles")


def test_no_secret_is_in_anything_the_cockpit_shows_keeps_or_starts(tenant: Tenant) -> None:
    places: dict[str, bytes] = {}
    with tenant.cockpit(*PICTURES) as terminal:
        begin(terminal)
        customer_room(terminal)
        other_rooms(terminal)
        everywhere(terminal)
        message_room(terminal)
        outside(terminal, tenant)
        children = processes_below(terminal.child.pid)
        assert children, "the renderer runs beside the program"
        for child in children:
            places |= process_places(child, environment=True)
        places |= process_places(terminal.child.pid, environment=False)
        places |= {f"{name}, meanwhile": content for name, content in files_below(tenant.home).items()}
        terminal.press("ctrl+q")
        assert terminal.ends() == 0
    places |= files_below(tenant.home) | screen_places(terminal.raw)
    assert sum(name.endswith(".svg") for name in places) > 15
    assert any("ledger.sqlite" in name for name in places)
    assert b"<connect_authorization>" in places["browser.kept"], "the name, not what it stands for"
    assert b"Zoe, your offers" in places["pager.kept"]
    assert b"OFFERDECK_HOME" in places["browser.environment"] and b"OFFERDECK_HOME" in places["pager.environment"]
    assert any(b"Zoe" in content for name, content in places.items() if "drafts" in name)
    assert places["the clipboard"].count(b"curl -X POST") >= 3
    assert len(tenant.writes()) == 2
    assert found_in(places, tenant.vendors.secrets) == []


def outside(terminal: Terminal, tenant: Tenant) -> None:
    """The browser and the pager have come and gone."""
    left = [tenant.home / f"{name}.environment" for name in ("browser", "pager")]
    terminal.until(lambda: all(path.exists() for path in left), "browser and pager")


def test_the_same_message_with_secrets_for_their_names_would_be_full_of_them(tenant: Tenant) -> None:
    with tenant.cockpit("-m", "tests.terminal.faulty", "filled", "--profile", "sb") as terminal:
        begin(terminal)
        message_room(terminal)
        outside(terminal, tenant)
    found = found_in(files_below(tenant.home) | screen_places(terminal.raw), tenant.vendors.secrets)
    for place in ("browser.kept", "pager.kept", "the clipboard", "the text in one"):
        assert f"core_key as plain in {place}" in found
        assert f"connect_authorization as plain in {place}" in found


LABELS = {
    "core_key": "Core key",
    "core_secret": "Core secret",
    "connect_authorization": "Connect auth",
    "braze_key": "Braze key",
}


def test_secrets_typed_without_a_keyring_serve_this_run_and_are_shown_and_kept_nowhere(tenant: Tenant) -> None:
    tenant.add("kr", "keyring")
    with tenant.cockpit(*PICTURES[:-1], "kr", secrets=False) as terminal:
        terminal.shows("No customer yet")
        terminal.press("f2", "text:ana@example.com", "enter")
        terminal.shows("No session bus is there", "for this run only")
        terminal.press("p")
        terminal.shows("CREDENTIALS", "in the system's keyring")
        opened(terminal, "s", "Secrets of kr", "Keep in memory for this run")
        for field, label in LABELS.items():
            terminal.typing_by(label)
            terminal.press(f"text:{tenant.vendors.secrets[field]}", "tab")
        opened(terminal, "f12", "•" * 40)
        terminal.press("tab", "tab", "tab")
        terminal.chosen("Keep in memory for this run")
        terminal.press("enter")
        terminal.hides("Secrets of kr")
        opened(terminal, "c", "key and secret accepted", "authorization accepted")
        closed(terminal, "CREDENTIALS")
        terminal.press("f5")
        terminal.shows("Ana Prado", "Free coffee")
        places = process_places(terminal.child.pid, environment=True)
        terminal.press("ctrl+q")
        assert terminal.ends() == 0
    places |= files_below(tenant.home) | screen_places(terminal.raw)
    assert found_in(places, tenant.vendors.secrets) == []


def test_a_crash_tells_where_and_no_secret(tenant: Tenant) -> None:
    with tenant.cockpit("-m", "tests.terminal.faulty", "crash", "--profile", "sb") as terminal:
        begin(terminal)
        terminal.press("f5")
        assert terminal.ends() == 1
    assert b"met a fault of its own: RuntimeError" in terminal.raw
    assert b"Traceback" not in terminal.raw
    files = files_below(tenant.home)
    (kept,) = [name for name in files if "crash-" in name]
    assert b"tests/terminal/faulty.py:" in files[kept]
    assert Path(kept).name.encode() in screen_places(terminal.raw)["the text in one"]
    assert found_in(files | screen_places(terminal.raw), tenant.vendors.secrets) == []


def test_the_crash_that_textual_would_show_is_full_of_them(tenant: Tenant) -> None:
    with tenant.cockpit("-m", "tests.terminal.faulty", "crash-in-the-open", "--profile", "sb") as terminal:
        begin(terminal)
        terminal.press("f5")
        assert terminal.ends() == 1
    found = found_in(screen_places(terminal.raw), tenant.vendors.secrets)
    assert {"core_key", "core_secret", "braze_key", "connect_authorization"} <= {place.split()[0] for place in found}


def test_a_leak_is_found_in_every_spelling_of_every_secret(tenant: Tenant) -> None:
    planted = 0
    for name, secret in secrets_to_hunt(tenant.vendors.secrets).items():
        for spelling, written in spellings(secret).items():
            for form in written:
                places = {"a file": b"before " + form + b" after", "another": b"nothing"}
                assert f"{name} as {spelling} in a file" in found_in(places, tenant.vendors.secrets)
                planted += 1
    assert planted >= 9 * 6
    in_a_token = b"\x1b]52;c;" + b64encode(b"curl -H " + secret.encode()) + b"\x07"
    assert found_in(screen_places(in_a_token), tenant.vendors.secrets)
