"""A customer whose every text attacks the terminal, on a real one: not a byte of it gets through."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from core.channels.fields import CHANNELS
from core.clean import safe_lines
from core.sandbox.seed import Seed, customer_id
from core.sandbox.seed_texts import BY_KEY, HOSTILE
from tests.terminal.terminal import DEMO, Terminal

pytestmark = pytest.mark.slow
HOSTILE_ID = customer_id(Seed(7), "hostile")
TEMPLATE = "{% for o in wallet.payload.user_offers %}{{o.name}} {{o.terms}} {% endfor %}{{api_trigger_properties}}"


def payloads() -> list[bytes]:
    """Twelve characters from each one that a terminal would obey, as they would arrive.

    Tails shorter than six bytes are left out: the program itself says `ESC [ 0 m`.
    """
    found = set()
    for _, text in HOSTILE:
        for at, character in enumerate(text):
            if character not in "\n\r\t\x07\x08" and safe_lines(character) != character:
                found.add(text[at : at + 12].encode())
    return sorted(payload for payload in found if len(payload) >= 6)


def leaked(raw: bytes) -> list[bytes]:
    return [payload for payload in payloads() if payload in raw]


OPENED = {
    "i": "Where from",
    "v": "esc close",
    "y": "curl -X",
    "x": "Actions",
    "T": "Tag ",
    "f1": "Everywhere",
    ":": "what do you want to do",
    "ctrl+o": "goes there",
    "p": "Profiles",
}


def tour(terminal: Terminal) -> None:
    """Every room, the dialogs that show the customer, and back."""
    look_up(terminal)
    for _ in range(24):
        terminal.press("down")
    terminal.press("enter", "]", "]", "escape")
    for opening, words in OPENED.items():
        terminal.press(opening)
        terminal.shows(words)
        terminal.settle()
        terminal.press("escape", "escape")
    for room, words in {"2": "Write Liquid", "3": "nothing leaves yet", "6": "Nothing has left"}.items():
        terminal.press(room)
        terminal.shows(words)
        terminal.settle()
        terminal.press("escape")
    terminal.press("1")
    terminal.shows("25 of 25")


def look_up(terminal: Terminal) -> None:
    """The hostile customer's wallet."""
    terminal.shows("Free coffee")
    terminal.press("f2", f"text:{HOSTILE_ID}", "enter")
    terminal.shows("Red offer", "25 of 25")


def job(terminal: Terminal) -> None:
    """The customer's offer in a message, in a send as form and as JSON, in its review, receipt and ledger entry."""
    look_up(terminal)
    terminal.press("down", "down", "m")
    terminal.shows("nothing written yet")
    terminal.press(f"text:{TEMPLATE}")
    terminal.shows("rendered")
    terminal.press("escape")
    terminal.shows("o open")
    terminal.press("S")
    terminal.shows("nothing leaves yet", "Summer bakery")
    terminal.press("f6")
    terminal.shows('"offer_title": "\\u001b]52')
    terminal.press("f6", "escape", "escape", "S")
    terminal.shows("Review this send", "Cancel")
    terminal.press("right")
    terminal.chosen("Trigger campaign")
    terminal.press("enter")
    terminal.shows("accepted", "dispatch id")
    terminal.press("6")
    terminal.shows("newest first", "campaign")
    terminal.press("enter")
    terminal.shows("Details")
    for _ in range(3):
        terminal.press("]")
        terminal.settle()
    terminal.press("escape")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_no_byte_of_a_hostile_offer_reaches_the_terminal_on_its_way_out(size: tuple[int, int], tmp_path: Path) -> None:
    with Terminal(DEMO, tmp_path, columns=size[0], lines=size[1]) as terminal:
        job(terminal)
        terminal.press("ctrl+q")
        assert terminal.ends() == 0
    assert leaked(terminal.raw) == []
    assert b"Traceback" not in terminal.raw


EVIL = "".join(text for key, text in HOSTILE if key != "liquid" and len(text) < 200) + "&#27;]52;c;aGk= &#x202e;"
DATA = {
    "variables": {"x": EVIL},
    "attributes": {"first_name": EVIL},
    "api_trigger_properties": {EVIL: EVIL},
    "content_blocks": {"b": f"block {EVIL}"},
    "catalogs": {"c": {"1": {"title": EVIL, EVIL: "1"}}},
    "connected_content": [{"url": "https://x.example/a", "body": EVIL}],
}
CALL = "{% connected_content https://x.example/a :save y %}{% connected_content https://y.example/{{x}} :save z %}"
FIELD = "{{x}}{{${first_name}}}{{content_blocks.${b}}}{% catalog_items c 1 %}{{items[0].title}}"
EXTRAS = "{% message_extras :key {{x}} :value {{x}} %}{{x | no_such}}{{ x.y }}{{api_trigger_properties}}"


def documents() -> list[str]:
    """A message of each channel, whose every field prints what attacks; one that calls; one that aborts with it."""
    fields = ((channel.name, channel.field_names) for channel in CHANNELS)
    whole = ["".join([f"--- {name} ---\n", *(f"--- {one} ---\n{FIELD}\n" for one in names)]) for name, names in fields]
    typed = "".join(character for character in BY_KEY["bidi"] + BY_KEY["invisible"] if character > " ")
    return [*whole, CALL + FIELD + EXTRAS, "<p>{{x}}</p>{{x}}", f"{{% abort_message('[/]{typed}') %}}"]


def paste(terminal: Terminal, document: str) -> None:
    """A document, and data that attacks."""
    terminal.shows("Free coffee")
    terminal.press("2")
    terminal.shows("Write Liquid")
    terminal.press(f"paste:{document}")
    terminal.until(lambda: re.search(r"fields? read", terminal.text) is not None, "a render")
    terminal.press("escape", "d")
    terminal.shows("Data of your own")
    terminal.press(f"paste:{json.dumps(DATA)}", "ctrl+s")


def message_room(terminal: Terminal, document: str) -> None:
    """A document with data that attacks: its layout, its tabs, what can be tried with it, its calls."""
    paste(terminal, document)
    terminal.hides("Data of your own")
    terminal.settle()
    for _ in range(5):
        terminal.press("]")
        terminal.settle()
    for opening in ("w", "M"):
        terminal.press(opening)
        terminal.shows("offline")
        terminal.hides("rendering")
        terminal.press("down", "down", "enter")
        terminal.settle()
        terminal.press("escape", "escape")
        terminal.hides("offline")
    terminal.press("L")
    terminal.settle()
    terminal.press("n", "n")
    terminal.settle()


WIDE, NARROW = (120, 40), (80, 24)
# The layouts differ by width in their frames alone, so two of them stand for all on the small terminal.
TOURS = [*((WIDE, number) for number in range(len(documents()))), *((NARROW, number) for number in (0, 7))]


@pytest.mark.parametrize(("size", "number"), TOURS)
def test_no_byte_of_a_hostile_message_reaches_the_terminal(size: tuple[int, int], number: int, tmp_path: Path) -> None:
    with Terminal(DEMO, tmp_path, columns=size[0], lines=size[1]) as terminal:
        message_room(terminal, documents()[number])
    assert leaked(terminal.raw) == []
    assert b"\\x1b]52;" in terminal.raw or b"\\u202e" in terminal.raw
    assert b"Traceback" not in terminal.raw and b"a fault of its own" not in terminal.raw


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_no_byte_of_a_hostile_text_reaches_the_terminal(size: tuple[int, int], tmp_path: Path) -> None:
    assert len(payloads()) > 30
    with Terminal(DEMO, tmp_path, columns=size[0], lines=size[1]) as terminal:
        tour(terminal)
        terminal.press("ctrl+q")
        assert terminal.ends() == 0
    assert leaked(terminal.raw) == []
    assert b"Traceback" not in terminal.raw


def test_the_same_tour_without_the_cleaning_leaks(tmp_path: Path) -> None:
    with Terminal(("-m", "tests.terminal.leaky", "demo", "--seed", "7"), tmp_path) as terminal:
        terminal.shows("Free coffee")
        terminal.press("f2", f"text:{HOSTILE_ID}", "enter")
        terminal.until(lambda: bool(leaked(terminal.raw)), "a leak")


@pytest.mark.parametrize("number", [0, 3, 8])
def test_the_same_message_without_the_cleaning_leaks(number: int, tmp_path: Path) -> None:
    with Terminal(("-m", "tests.terminal.leaky", "demo", "--seed", "7"), tmp_path) as terminal:
        paste(terminal, documents()[number])
        terminal.until(lambda: bool(leaked(terminal.raw)), "a leak")
