"""Jump mode: a letter over every place the focus can go; pressing it goes there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.dialogs.dialog import EndsOnce
from tui.theme import inks

if TYPE_CHECKING:
    from tui.app import OfferdeckApp

_HOME, _TOP, _BOTTOM = "asdfghjkl", "qwertyuiop", "zxcvbnm"


def lay_out(places: Sequence[Region]) -> list[str]:
    """A letter for each place, as the places lie: from left to right on the home row while they fit there.

    More than nine places take the row above for the upper ones and the row below for the lower ones; what no row holds
    gets no letter ("").
    """
    order = sorted(range(len(places)), key=lambda at: (places[at].y, places[at].x))
    rows = _split(order)
    letters = [""] * len(places)
    for keys, members in rows:
        members = sorted(members[: len(keys)], key=lambda at: (places[at].x, places[at].y))
        for key, at in zip(_spread(keys, len(members)), members, strict=True):
            letters[at] = key
    return letters


def _split(order: Sequence[int]) -> list[tuple[str, Sequence[int]]]:
    count, home = len(order), len(_HOME)
    if count <= home:
        return [(_HOME, order)]
    spare = count - home
    above = min(len(_TOP), max((spare + 1) // 2, spare - len(_BOTTOM)))
    return [(_TOP, order[:above]), (_HOME, order[above : above + home]), (_BOTTOM, order[above + home :])]


def _spread(keys: str, count: int) -> Iterable[str]:
    """`count` of `keys`, with even gaps between them."""
    if count <= 1:
        return keys[:count]
    return [keys[round(at * (len(keys) - 1) / (count - 1))] for at in range(count)]


class JumpOverlay(EndsOnce, ModalScreen[None]):
    """Letters over the screen below; any other key leaves."""

    TAKES_ESCAPE = True
    DEFAULT_CSS = """
    JumpOverlay { background: $ground 35%;
        &:ansi { background: transparent; }
        & > Static { position: absolute; width: 3; height: 1; }
        & > #jump-words { dock: bottom; width: 100%; background: $bar; padding: 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+o", "close", "Leave", id="jump.close", tooltip="Leave, the focus stays"),
    ]
    app: OfferdeckApp

    def __init__(self, below: Screen[Any]) -> None:
        super().__init__()
        self._below = below
        self._targets: dict[str, Widget] = {}

    def compose(self) -> ComposeResult:
        """A chip with its letter on the first line of each place."""
        ink, bounds = inks(self.app), self.app.size.region
        found = [
            (widget, widget.region.intersection(bounds))
            for widget in self._below.focus_chain
            if widget.is_on_screen and widget.region.intersection(bounds).area
        ]
        for (widget, region), letter in zip(found, lay_out([region for _, region in found]), strict=True):
            if letter:
                self._targets[letter] = widget
                chip = Static(Text(f" {letter} ", ink.chip))
                chip.styles.offset = (min(region.x, bounds.width - 3), region.y)
                yield chip
        words = Text.assemble(("a letter", ink.key), (" goes there   ", ink.dim), ("esc", ink.key), (" stays", ink.dim))
        yield Static(words, id="jump-words")

    def on_key(self, event: events.Key) -> None:
        """Go to the place whose letter was pressed."""
        if event.key in ("escape", "ctrl+o"):
            return
        event.stop()
        target = self._targets.get(event.character or "")
        self.dismiss(None)
        if target is not None:
            self._below.set_focus(target)

    def action_close(self) -> None:
        """The focus stays where it was."""
        self.dismiss(None)
