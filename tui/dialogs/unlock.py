"""Unlocking production: the profile's name, typed, opens it for five minutes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from core.gate import UNLOCKED_FOR
from core.profiles import Profile
from tui.dialogs.dialog import Dialog
from tui.theme import inks
from tui.widgets.action import Action

_MINUTES = int(UNLOCKED_FOR.total_seconds() // 60)


class UnlockDialog(Dialog[bool]):
    """Ends with True once the name was typed to the letter and the button pressed."""

    HEADING = "Unlock production"
    DEFAULT_CSS = """
    UnlockDialog {
        & > .box { width: 72; border: round $danger; }
        & Static { height: auto; }
        & #unlock-actions { height: 1; margin-top: 1; }
        & #unlock-reason { width: 1fr; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back, still locked", id="unlock.close", tooltip="Back; it stays read-only"),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self._profile = profile

    def compose_box(self) -> Iterable[Widget]:
        """What is asked, where it is typed, the two buttons."""
        ink = inks(self.app)
        words = Text.assemble(
            (f"It may then write for {_MINUTES} minutes; the bar counts them down, U locks it again.\n\n", ink.dim)
        )
        yield Static(words.append("Type the profile's name:  ", ink.ink).append(self._profile.name, ink.bold))
        yield Input(id="unlock-typed", compact=True)
        with Horizontal(id="unlock-actions"):
            yield Action("Cancel", id="unlock-cancel")
            yield Action(f"Unlock for {_MINUTES} minutes", id="unlock-go", disabled=True)
            yield Static(Text("waits for the name", ink.dim), id="unlock-reason")

    @property
    def _is_typed(self) -> bool:
        return self.query_one(Input).value.strip() == self._profile.name

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#unlock-go", Action).disabled = not self._is_typed
        words = "" if self._is_typed else "waits for the name"
        self.query_one("#unlock-reason", Static).update(Text(words, inks(self.app).dim))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._is_typed:
            self.query_one("#unlock-go", Action).focus()

    @on(Action.Pressed, "#unlock-cancel")
    def _cancel(self, event: Action.Pressed) -> None:
        event.stop()
        self.action_close()

    @on(Action.Pressed, "#unlock-go")
    def _go(self, event: Action.Pressed) -> None:
        event.stop()
        if self._is_typed and self.is_active:
            self.dismiss(True)
