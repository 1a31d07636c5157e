"""What tests of screens share: waiting for something to become true, and reading what a person would see."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.geometry import Region
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widget import Widget

from tests.screens import quiet
from tui.widgets.line_list import LineList

quiet.install()


async def until(pilot: Pilot[Any], holds: Callable[[], bool], *, what: str, seconds: float = 5.0) -> None:
    """Poll until `holds()`, letting the app work in between; else fail with `what` it gave up on and the screen."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"gave up on {what} after {seconds} s; the screen shows:\n{screen_text(pilot.app)}")
        await pilot.pause(0.01)


async def type_text(pilot: Pilot[Any], text: str) -> None:
    """Type `text` as fast as a terminal delivers it; `pilot.press` waits a tenth of a second after each key."""
    for character in text:
        key, sent = ("enter", "\r") if character == "\n" else (_character_to_key(character), character)
        pilot.app.post_message(events.Key(key, sent))
    await pilot.pause()


def drawn(widget: Widget) -> Iterator[list[Segment]]:
    """Each line of `widget` as the segments it draws, cut to what is in view."""
    width, height = widget.size
    for line in widget.render_lines(Region(0, 0, width, height)):
        yield list(line)


def widget_text(widget: Widget) -> str:
    """What `widget` shows, line by line, trailing spaces gone."""
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in drawn(widget))


def screen_lines(app: App[Any]) -> list[str]:
    """What the terminal shows, line by line, every line as wide as the screen."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


def screen_text(app: App[Any]) -> str:
    """What the terminal shows, trailing spaces gone."""
    return "\n".join(line.rstrip() for line in screen_lines(app))


def pieces(app: App[Any], holds: Callable[[Style], bool]) -> list[str]:
    """The pieces of text that the terminal shows in a style that `holds`, from top to bottom."""
    shown = (piece for strip in app.screen._compositor.render_strips() for piece in strip)
    return [piece.text for piece in shown if piece.style is not None and holds(piece.style)]


def svg(app: App[Any]) -> str:
    """A picture of the screen that every viewer shows alike: spaces kept, no font fetched from the network."""
    picture = re.sub(r"@font-face \{.*?\}\s*", "", app.export_screenshot(), flags=re.S)
    picture = picture.replace("Fira Code", "DejaVu Sans Mono").replace("&#160;", " ")
    return picture.replace("<text ", '<text xml:space="preserve" ')


def rows(app: App[Any], selector: str = "VirtualTable") -> int:
    """How many lines the first table (or tree) under `selector` has on the screen shown now; 0 when there is none."""
    found = app.screen.query(selector)
    widget = found.first() if found else None
    return widget.line_count() if isinstance(widget, LineList) else 0
