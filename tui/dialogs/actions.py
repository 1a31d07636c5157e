"""What can be done with what is under the cursor: the same actions as the keys, by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from core.clean import safe
from tui import glyphs
from tui.commands import is_moving
from tui.dialogs.choice import Choice, ChoiceList
from tui.dialogs.dialog import Dialog
from tui.keynames import Command, commands_of, key_name
from tui.widgets.virtual_table import VirtualTable


class ActionsDialog(Dialog[Command]):
    """Gives the action that was chosen; its letter chooses it at once."""

    HEADING = "Actions"
    DEFAULT_CSS = "ActionsDialog > .box { width: 76; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "close", "Close", show=False, id="actions.close", tooltip="Back"),
    ]

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        commands = [command for command in commands_of(screen) if command.place < 2 and not is_moving(command)]
        commands.sort(key=lambda command: -command.place)  # what is done with the row before what is done with the list
        self._commands = {command.name: command for command in commands if command.action not in ("back", "close")}

    def compose_box(self) -> Iterable[Widget]:
        """The actions, a line each."""
        ascii_only = glyphs.current() is glyphs.ASCII
        yield ChoiceList(
            [
                Choice(
                    key_name(command.keys[0], ascii_only=ascii_only),
                    safe(name),
                    command.words,
                    "" if command.enabled else f"{command.words}: not now",
                )
                for name, command in self._commands.items()
            ],
            name_width=14,
            key_width=5,
        )

    @on(VirtualTable.Chosen)
    def _take(self, event: VirtualTable.Chosen) -> None:
        command = self._commands[event.row.name]
        if command.enabled:
            self.dismiss(command)
