"""The names of a pane's tabs on one line; the open one in the accent, a click opens another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text
from textual import events
from textual.app import App, RenderResult
from textual.message import Message
from textual.widget import Widget

from tui.theme import inks


class PaneTabs(Widget):
    """Set with `show()`; it opens nothing itself."""

    DEFAULT_CSS = "PaneTabs { height: 1; }"
    app: App[Any]

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._tabs: tuple[tuple[str, str], ...] = ()
        self._current = ""

    def show(self, tabs: Sequence[tuple[str, str]], current: str) -> None:
        """The tabs as (key, name), and which one is open."""
        if (tuple(tabs), current) != (self._tabs, self._current):
            self._tabs, self._current = tuple(tabs), current
            self.refresh()

    def _gap(self) -> int:
        """As much air between the names as there is room for."""
        names = sum(len(name) for _, name in self._tabs)
        room = (self.size.width - names) // max(len(self._tabs) - 1, 1)
        return min(max(room, 1), 4)

    def render(self) -> RenderResult:
        """The names side by side."""
        ink, line = inks(self.app), Text(no_wrap=True, overflow="ellipsis")
        for key, name in self._tabs:
            line.append(name, ink.accent + ink.strong + ink.underline if key == self._current else ink.dim)
            line.append(" " * self._gap())
        return line

    def on_click(self, event: events.Click) -> None:
        """The tab under the pointer."""
        at = 0
        for key, name in self._tabs:
            at += len(name) + self._gap()
            if event.x < at:
                event.stop()
                self.post_message(self.Chosen(key))
                return
