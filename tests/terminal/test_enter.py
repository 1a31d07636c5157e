"""Enter fifty times, from every room and dialog: nothing leaves."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.cli.driver import Program
from tests.terminal.tenant import Tenant, tenant_in
from tests.terminal.terminal import Terminal

pytestmark = pytest.mark.slow
TAGS = ("T:Tag Ana Prado", "text:vip_weekend:1 tag")
# How to get there from the wallet: keys, each with the words that it brings to the screen.
WRITING: Sequence[tuple[str, ...]] = (
    TAGS,
    (*TAGS, "f8:Review this tagging"),
    ("S:nothing leaves yet", "tab:To"),
    ("S:nothing leaves yet", "S:Review this send"),
)
PLACES: Sequence[tuple[str, ...]] = (
    *WRITING,
    ("enter:Details", "]:JSON"),
    ("f2:Ana Prado",),
    ("T:Tag Ana Prado",),
    ("i:Where from",),
    ("v: characters",),
    ("y:curl -X",),
    ("x:Actions",),
    ("c:Culture of the offer texts",),
    ("D:earlier read",),
    ("f1:Everywhere",),
    ("::what do you want to do",),
    ("ctrl+o:goes there",),
    ("p:Profiles",),
    ("p:Profiles", "n:New profile"),
    ("p:Profiles", "s:Secrets of sb"),
    ("m:PROBLEMS",),
    ("m:PROBLEMS", "escape:o open"),
    ("m:PROBLEMS", "f9:Open a template"),
    ("S:nothing leaves yet", "#:an id as Braze shows it"),
    ("S:nothing leaves yet", "f6:{"),
    ("6:newest first",),
)


@pytest.fixture
def tenant(tmp_path: Path) -> Iterator[Tenant]:
    with tenant_in(tmp_path) as made:
        yield made


def to_the_wallet(terminal: Terminal) -> None:
    """Out of whatever is open, to Ana's wallet."""
    for _ in range(8):
        terminal.settle()
        is_room = "esc" not in terminal.lines[-1]
        if is_room and "No customer yet" in terminal.text:
            terminal.press("f2", "text:ana@example.com", "enter")
            terminal.shows("Free coffee", "T tag")
        if "T tag" in terminal.lines[-1] and "12 of 12" in terminal.text:
            return
        terminal.press("escape", "escape", "1")
    raise AssertionError(f"there is no way back from:\n{terminal.text}")


def go(terminal: Terminal, way: Sequence[str]) -> None:
    for step in way:
        at = step.rindex(":") if not step.startswith("::") else 1
        terminal.press(step[:at])
        terminal.shows(step[at + 1 :])


@pytest.mark.parametrize(("size", "places"), [((120, 40), PLACES), ((80, 24), WRITING)], ids=["120x40", "80x24"])
def test_fifty_enters_from_anywhere_send_nothing(
    tenant: Tenant, size: tuple[int, int], places: Sequence[tuple[str, ...]]
) -> None:
    with tenant.cockpit("-m", "tui.cli.main", "--profile", "sb", columns=size[0], lines=size[1]) as terminal:
        terminal.shows("No customer yet")
        for way in places:
            to_the_wallet(terminal)
            go(terminal, way)
            terminal.press("text:" + "\r" * 50)
        to_the_wallet(terminal)
        terminal.press("6")
        terminal.shows("Nothing has left through sb yet.")
        terminal.press("ctrl+q")
        assert terminal.ends() == 0
    assert b"Traceback" not in terminal.raw
    assert b"fault of its own" not in terminal.raw
    assert tenant.writes() == []
    assert entries(tenant) == []


def test_the_same_count_sees_what_a_person_confirms(tenant: Tenant) -> None:
    with tenant.cockpit("-m", "tui.cli.main", "--profile", "sb") as terminal:
        terminal.shows("No customer yet")
        to_the_wallet(terminal)
        go(terminal, (*TAGS, "f8:Review this tagging"))
        terminal.press("right")
        terminal.chosen("Set 1 tag")
        terminal.press("text:" + "\r" * 50)
        terminal.shows("accepted")
        terminal.settle()
    assert len(tenant.writes()) == len(entries(tenant)) == 1


def entries(tenant: Tenant) -> list[object]:
    """What the ledger holds, by the command line."""
    program = Program(tenant.home, {"OFFERDECK_HOME": str(tenant.home / "offerdeck")} | tenant.vendors.variables)
    asked = program.command("ledger", "--profile", "sb", "--json")
    done = subprocess.run(asked, capture_output=True, cwd=Path(__file__).parents[2], env=program.env, check=True)
    return list(json.loads(done.stdout)["entries"])
