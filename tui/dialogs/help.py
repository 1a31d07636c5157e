"""Every key that acts here, read from the bindings themselves: the focused widget, the room, everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from tui import glyphs
from tui.dialogs.dialog import Dialog
from tui.frame import WIDE
from tui.keynames import Command, commands_of, key_name
from tui.theme import Inks, inks
from tui.widgets.labels import Fact, facts_text, title

_KEYS_SHOWN = 4


class HelpDialog(Dialog[None]):
    """Two columns where there is room: what acts here, and what acts everywhere."""

    HEADING = "Keys"
    DEFAULT_CSS = """
    HelpDialog {
        & > .box { width: 116; height: auto; padding: 1 1 1 2; }
        & #help-scroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & #help-columns { height: auto; }
        & Static { width: 1fr; }
        & #help-here { padding: 0 2 0 0; }
        &.-low { & > .box { height: 100%; } & #help-scroll { height: 1fr; } }
        &.-middle #help-columns, &.-narrow #help-columns { layout: vertical; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "close", "Close", show=False, id="help.close", tooltip="Back"),
    ]

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        focused = screen.focused
        self._widget = name_of(focused) if focused is not None else "Here"
        self._room = name_of(screen)
        self._commands = commands_of(screen)
        self._is_text_field = isinstance(focused, TextArea | Input)

    def compose_box(self) -> Iterable[Widget]:
        """Two columns that scroll together."""
        with VerticalScroll(id="help-scroll"), Horizontal(id="help-columns"):
            yield Static(id="help-here")
            yield Static(id="help-everywhere")

    def on_mount(self) -> None:
        """The arrows scroll."""
        self.query_one("#help-scroll").focus()
        self._draw()

    def on_resize(self, event: events.Resize) -> None:
        """Other columns for another width."""
        self._draw()

    def _draw(self) -> None:
        ink = inks(self.app)
        width = max(30, min(self.size.width, 116) - 8)
        column = width // 2 - 2 if self.size.width >= WIDE else width
        labels = [Text(_keys(command)).cell_len for command in self._commands]
        keys = min(18, max(labels, default=0))
        names = (self._widget, self._room, "Everywhere")
        # What a text field does everybody knows; there the room's own keys are what is looked for.
        order = (1, 0, 2) if self._is_text_field else (0, 1, 2)
        *here, everywhere = [self._section(names[place], place, column, keys, ink) for place in order]
        self.query_one("#help-here", Static).update(Text("\n\n").join(part for part in here if part.plain))
        gap = "" if self.size.width >= WIDE else "\n"
        self.query_one("#help-everywhere", Static).update(Text(gap).append_text(everywhere))

    def _section(self, name: str, place: int, width: int, keys: int, ink: Inks) -> Text:
        commands = [command for command in self._commands if command.place == place]
        if not commands:
            return Text()
        body, _ = facts_text([_line(command, ink) for command in commands], width, ink, label_width=keys)
        letters = any(len(key) == 1 for command in commands for key in command.keys)
        note = "letters after esc" if self._is_text_field and place == 1 and letters else ""
        return Text.assemble(title(name, ink, note=note), "\n", _keys_in_accent(body, keys, ink))


def _keys(command: Command) -> str:
    ascii_only = glyphs.current() is glyphs.ASCII
    return " ".join(key_name(key, ascii_only=ascii_only) for key in command.keys[:_KEYS_SHOWN])


def _keys_in_accent(body: Text, width: int, ink: Inks) -> Text:
    """The labels are keys here: shown as keys are."""
    at = 0
    for line in body.plain.split("\n"):
        if line[:1].strip():
            body.stylize(ink.key, at, at + width)
        at += len(line) + 1
    return body


def _line(command: Command, ink: Inks) -> Fact:
    words = Text(command.words, ink.ink if command.enabled else ink.faint)
    if not command.enabled:
        words.append("  not now", ink.faint)
    return Fact(_keys(command), words)


def name_of(node: DOMNode) -> str:
    """What a person calls a widget or a room: the room's own name, else its kind in words."""
    heading = getattr(node, "HEADING", "") or getattr(node, "ROOM", "")
    if heading:
        return str(heading).capitalize()
    for kind in type(node).__mro__:
        if kind.__name__ in _KINDS:
            return _KINDS[kind.__name__]
    return "Here"


_KINDS = {
    "LookUp": "Look-up",
    "WalletPane": "Wallet",
    "JsonTree": "JSON tree",
    "ChoiceList": "List",
    "VirtualTable": "List",
    "TextArea": "Editor",
    "Select": "Choice",
    "Input": "Text field",
    "Button": "Button",
    "CustomerCard": "Card",
    "VerticalScroll": "Text",
    "Facts": "Facts",
}
