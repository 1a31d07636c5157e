"""The palette: every action of the focused widget, the room and the app by name, its key beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import App
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider, SearchIcon
from textual.content import Content

from tui import glyphs
from tui.dialogs.dialog import EndsOnce
from tui.keynames import Command, commands_of, key_name
from tui.theme import inks

if TYPE_CHECKING:
    from textual.screen import Screen

_MOST_CELLS = 72
_MOVES = ("cursor_", "page_", "scroll_", "focus_")
_NOT_OFFERED = ("command_palette", "first", "last", "choose", "copy_text", "find_next", "find_previous")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    name: str
    words: str
    keys: str
    run: Callable[[], Any]


def entries_of(screen: Screen[Any]) -> Iterator[Entry]:
    """What can be done on `screen` now, the nearest first; moving about by arrows is no command."""
    app, ascii_only = screen.app, glyphs.current() is glyphs.ASCII
    seen: set[str] = set()
    for command in sorted(commands_of(screen), key=lambda command: command.place):
        if command.enabled and not is_moving(command) and command.words not in seen:
            seen.add(command.words)
            keys = " ".join(key_name(key, ascii_only=ascii_only) for key in command.keys[:2])
            run = partial(_run, app, command)
            yield Entry(command.name, command.words, keys, run)
    for title, words, callback, *_ in app.get_system_commands(screen):
        yield Entry(title, words, "", callback)


async def _run(app: App[Any], command: Command) -> None:
    await app.run_action(command.action, command.node)


def is_moving(command: Command) -> bool:
    """Arrows, pages and the keys a text field is edited with."""
    binding_of_ours = bool(command.words != command.name)
    editing = not binding_of_ours and command.place == 0
    moving = command.action.split("(")[0].split(".")[-1]
    return editing or moving.startswith(_MOVES) or moving in _NOT_OFFERED


class ActionProvider(Provider):
    """Feeds the palette."""

    async def discover(self) -> Hits:
        """Everything there is."""
        for entry in entries_of(self.screen):
            yield DiscoveryHit(self._line(Text(entry.name), entry), entry.run, text=entry.name)

    async def search(self, query: str) -> Hits:
        """What fits `query`, letters in between left out."""
        matcher = self.matcher(query)
        for entry in entries_of(self.screen):
            by_name, by_words = matcher.match(entry.name), matcher.match(entry.words) * 0.7
            if max(by_name, by_words) > 0:
                named = _marked(matcher.highlight(entry.name)) if by_name else Text(entry.name)
                yield Hit(max(by_name, by_words), self._line(named, entry), entry.run, text=entry.name)

    def _line(self, name: Text, entry: Entry) -> Text:
        """Name, what it does, and the key at the right."""
        ink = inks(self.app)
        width = max(30, min(_MOST_CELLS, self.app.size.width - 8))
        line = Text(no_wrap=True).append_text(name)
        line.pad_right(max(1, 18 - line.cell_len))
        keys = Text(entry.keys, ink.key)
        room = width - line.cell_len - keys.cell_len - 2
        words = Text(entry.words if entry.words != entry.name else "", ink.dim)
        words.truncate(max(room, 0), overflow="ellipsis", pad=True)
        return line.append_text(words).append("  ").append_text(keys)


def _marked(content: Content) -> Text:
    """The matched letters underlined."""
    text = Text(content.plain)
    for span in content.spans:
        text.stylize("underline bold", span.start, span.end)
    return text


class Palette(EndsOnce, CommandPalette):
    """Textual's palette with our commands and our look."""

    TAKES_ESCAPE = True
    DEFAULT_CSS = """
    Palette { background: $ground 70%;
        &:ansi { background: ansi_default; }
        & > Vertical { margin-top: 3; width: 80; max-width: 96%; background: $pane; }
        & #--input { background: $bar; border: none; height: 3; padding: 1 1; }
        & SearchIcon { margin: 0; color: $accent; text-style: bold; width: 3; padding: 0 1; }
        & CommandInput, & CommandInput:focus { height: 1; border: none; padding: 0; color: $bright; background: $bar; }
        & CommandList { border: none; padding: 1 0; background: $pane; max-height: 60vh; scrollbar-size-vertical: 1;
            & > .option-list--option { color: $ink; text-style: none; padding: 0 2; }
            & > .option-list--option-highlighted { background: $cursor; color: $bright; text-style: bold; }
        }
    }
    """
    BINDINGS: ClassVar = []

    def __init__(self) -> None:
        super().__init__(providers=[ActionProvider], placeholder="what do you want to do?")

    def on_mount(self) -> None:
        """A plain sign: the emoji of a lens is not one cell wide everywhere."""
        self.query_one(SearchIcon).icon = ":"
