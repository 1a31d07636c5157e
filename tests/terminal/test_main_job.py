"""The main job on a real terminal by keyboard alone: look up, tag, preview, send, find it; and nothing left behind."""

from __future__ import annotations

import re
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.terminal import DEMO, Terminal
from tests.terminal.traces import after_the_end, keyboards_pushed, modes_changed, processes_below, runs

pytestmark = pytest.mark.slow
SIZES = ((120, 40), (80, 24))
TEMPLATE = "Hi {{${first_name}}}, {{ wallet.payload.user_offers[1].name }} {{ 1 | nosuch }}"


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """The demo on Ana's wallet, its temporary files in a folder of the test's."""
    columns, lines = request.param
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with Terminal(DEMO, tmp_path, columns=columns, lines=lines, environ={"TMPDIR": str(temporary)}) as running:
        running.shows("Free coffee")
        yield running


def look_up(terminal: Terminal, email: str, *words: str) -> None:
    terminal.press("f2", f"text:{email}", "enter")
    terminal.shows(*words)


def tag(terminal: Terminal, tags: str, ttl: str) -> None:
    """Tags with a TTL, through the review, to the receipt."""
    terminal.press("T")
    terminal.typing_by("tags")
    terminal.press(f"text:{tags}", "enter")
    terminal.typing_by("ttl")
    terminal.press(f"text:{ttl}")
    terminal.shows("2592000 s = 30 d")
    terminal.press("f8")
    terminal.shows("Review this tagging", "Cancel", "Set 2 tags")
    terminal.press("right")
    terminal.chosen("Set 2 tags")
    terminal.press("enter")
    terminal.shows("accepted", "+ winback_q3", "+ vip_weekend")
    terminal.press("escape")
    terminal.hides("accepted")


def send(terminal: Terminal) -> str:
    """The first campaign to the customer on the screen, through the review; gives the dispatch id."""
    terminal.press("S")
    terminal.shows("Trigger", "Cleo Winter", "nothing leaves yet", "Summer bakery")
    terminal.press("S")
    terminal.shows("Review this send", "Cancel", "Trigger campaign", "goes to", "1 person")
    terminal.press("right")
    terminal.chosen("Trigger campaign")
    terminal.press("enter")
    terminal.shows("accepted", "dispatch id")
    found = re.search(r"dispatch id\s+([0-9a-f]{32})\b", terminal.text)
    assert found is not None, terminal.text
    return found[1]


def test_the_main_job_is_done_by_keyboard_alone(terminal: Terminal, tmp_path: Path) -> None:
    look_up(terminal, "soon@example.com", "Cleo Winter", "Last call 8", "8 of 8")
    tag(terminal, "winback_q3 vip_weekend", "30d")
    terminal.press("shift+tab", "end")
    terminal.until(
        lambda: len(re.findall(r"(?:winback_q3|vip_weekend) .*29 d 23 h", terminal.text)) == 2, "both tags with clocks"
    )

    terminal.press("m")
    terminal.shows("nothing written yet")
    terminal.press(f"text:{TEMPLATE}")
    terminal.shows("Hi Cleo, Last call 2", "rendered")
    for place in (r"1:6\b.*first_name has no default", r"1:26\b.*wallet", r"1:71\b.*There is no filter nosuch"):
        terminal.press("f8")
        terminal.until(lambda place=place: bool(re.search(rf"\b{place}", terminal.text)), f"a problem at {place}")

    terminal.press("escape")
    terminal.shows("o open")
    dispatch_id = send(terminal)
    terminal.press("6")
    terminal.shows("newest first", "campaign")
    terminal.press("/", f"text:{dispatch_id[:12]}")
    terminal.shows("1 entry with")
    terminal.press("enter")
    terminal.shows("V verify")
    terminal.press("enter")
    terminal.shows("Details", "dispatch id", dispatch_id[:6], "accepted", "attempts")

    leave(terminal, tmp_path)


def leave(terminal: Terminal, home: Path) -> None:
    """Quit; the terminal, the processes and the disk are as they were before."""
    below = processes_below(terminal.child.pid)
    assert below, "the renderer runs beside the program"
    assert len(list((home / "temporary").iterdir())) == 1
    assert {1000, 1049} <= modes_changed(terminal.raw)
    terminal.press("ctrl+q")
    while terminal.pump(0.05):
        pass
    echoes = termios.tcgetattr(terminal.child.child_fd)[3]
    assert echoes & termios.ECHO
    assert echoes & termios.ICANON
    assert terminal.ends() == 0
    assert b"Traceback" not in terminal.raw
    assert modes_changed(terminal.raw) == set()
    assert keyboards_pushed(terminal.raw) == 0
    assert after_the_end(terminal.raw) == b""
    assert [pid for pid in below if runs(pid)] == []
    assert list((home / "temporary").iterdir()) == []
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_a_ttl_typed_right_behind_the_tags_is_no_part_of_their_names(terminal: Terminal) -> None:
    terminal.press("T")
    terminal.typing_by("tags")
    terminal.press("text:vip_weekend\r30d")
    terminal.shows("vip_weekend is there and expires", "2592000 s = 30 d")
