"""Every seeded customer on a real terminal: read to the end, in straight columns, without a fault."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.clean import safe
from core.sandbox.seed_people import PEOPLE, Persona
from tests.terminal.columns import card_edges, halves, wallet_rows
from tests.terminal.terminal import DEMO, KEYS, Terminal

pytestmark = pytest.mark.slow


def crooked(terminal: Terminal) -> list[str]:
    """What is wrong with the Customer room as it stands."""
    count, wrong = wallet_rows(terminal)
    told = re.search(r"Wallet +(\d+) of \1\b", terminal.text)
    if told is None or count < min(int(told[1]), terminal.screen.lines - 13):
        wrong.append(f"{count} offers are shown")
    if len(edges := card_edges(terminal)) > 1:
        wrong.append(f"tags end in columns {sorted(edges)}")
    return wrong + halves(terminal)


def look_up(terminal: Terminal, person: Persona) -> None:
    terminal.press("f2", f"text:{person.name}@example.com", "enter")
    name = safe(f"{person.first_name} {person.last_name}")[:20]
    terminal.until(lambda: terminal.text.count(name) > 1, f"{person.name} in the bar and on the card", 10)
    terminal.until(lambda: "reading" not in terminal.text, f"all of {person.name}", 10)
    terminal.settle()
    assert crooked(terminal) == [], terminal.text


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_every_seeded_customer_is_read_and_stands_in_straight_columns(size: tuple[int, int], tmp_path: Path) -> None:
    assert len(PEOPLE) == 17
    with Terminal(DEMO, tmp_path, columns=size[0], lines=size[1]) as terminal:
        terminal.shows("Free coffee")
        for person in (*PEOPLE[1:], PEOPLE[0]):  # the demo opens on the first
            look_up(terminal, person)
        terminal.press("ctrl+q")
        assert terminal.ends() == 0
    assert b"Traceback" not in terminal.raw


DIALOGS = {"T": "Tag ", "v": "characters", "y": "curl", "i": "Where from", "x": "Actions", "p": "Profiles"}


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_dialogs_and_rooms_cut_no_wide_character_in_half(size: tuple[int, int], tmp_path: Path) -> None:
    with Terminal(DEMO, tmp_path, columns=size[0], lines=size[1]) as terminal:
        terminal.shows("Free coffee")
        look_up(terminal, next(person for person in PEOPLE if person.name == "japanese"))
        for key, words in DIALOGS.items():
            terminal.press(key)
            terminal.shows(words)
            terminal.settle()
            assert halves(terminal) == [], terminal.text
            terminal.press("escape")
            terminal.shows("T tag")
        for key, words in {"m": "PROBLEMS", "escape": "o open", "3": "nothing leaves yet"}.items():
            terminal.press(key)
            terminal.shows(words)
            terminal.settle()
            assert halves(terminal) == [], terminal.text


def test_the_same_look_finds_what_is_crooked(tmp_path: Path) -> None:
    with Terminal(("-m", "tests.terminal.faulty", "unsteady", "demo", "--seed", "7"), tmp_path) as terminal:
        terminal.shows("Free coffee")
        terminal.press("f2", "text:emoji@example.com", "enter")
        terminal.shows("7 of 7", "Family day")
        terminal.until(lambda: any("at the edge" in fault for fault in crooked(terminal)), "a crooked line", 5)


def test_what_is_typed_right_behind_f2_goes_into_the_look_up(tmp_path: Path) -> None:
    with Terminal(DEMO, tmp_path) as terminal:
        terminal.shows("Free coffee")
        terminal.press("2")
        terminal.shows("Write Liquid")
        terminal.press(f"text:{KEYS['f2']}empty@example.com\r")
        terminal.shows("Ben Ostrow")
        assert "Write Liquid" in terminal.text
