"""A button one line high: its words say what happens; disabled it stays in sight."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.app import App, RenderResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from tui.theme import inks


class Action(Widget, can_focus=True):
    """Posts `Pressed` on Enter, Space or a click; never while disabled. The words are text, never markup."""

    DEFAULT_CSS = """
    Action { width: auto; height: 1; margin: 0 2 0 0; padding: 0 1; background: $bar; color: $ink;
        &:hover { background: $cursor; }
        &:focus { background: $accent; color: $ground; text-style: bold; }
        &:disabled { background: $bar; color: $faint; text-style: none; }
    }
    Action:ansi { background: ansi_default; text-style: underline;
        &:focus { background: ansi_default; color: ansi_cyan; text-style: bold reverse; }
        &:disabled { background: ansi_default; color: ansi_bright_black; text-style: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "press", "Press", show=False, id="action.press", tooltip="Do what the button says"),
    ]

    app: App[Any]

    class Pressed(Message):
        """The button was pressed."""

        def __init__(self, action: Action) -> None:
            super().__init__()
            self.action = action

        @property
        def control(self) -> Action:
            """The button."""
            return self.action

    def __init__(self, words: str, *, key: str = "", id: str, disabled: bool = False) -> None:  # noqa: A002
        super().__init__(id=id, disabled=disabled)
        self._words = words
        self._key = key

    @property
    def words(self) -> str:
        """What the button says; setting it lays out again."""
        return self._words

    @words.setter
    def words(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.refresh(layout=True)

    def get_content_width(self, container: Any, viewport: Any) -> int:
        """The cells of the words and of the key before them."""
        return self._line().cell_len

    def render(self) -> RenderResult:
        """The words, behind their key where there is one."""
        return self._line()

    def _line(self) -> Text:
        line = Text(no_wrap=True)
        if self._key:
            style = "" if self.has_focus or self.disabled else inks(self.app).key
            line.append(f"{self._key} ", style)
        return line.append(self._words)

    def on_click(self, event: events.Click) -> None:
        """The same as Enter."""
        event.stop()
        self.action_press()

    def action_press(self) -> None:
        """Tell whoever owns the button."""
        if not self.disabled:
            self.post_message(self.Pressed(self))
