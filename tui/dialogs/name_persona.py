"""The name under which data of one's own becomes a persona."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static

from core.errors import OfferdeckError
from core.personas import parse_persona_name
from tui.dialogs.dialog import Dialog
from tui.theme import inks


class NamePersona(Dialog[str]):
    """Gives a name that a persona can have."""

    HEADING = "Keep your data as a persona"
    DEFAULT_CSS = "NamePersona { & > .box { width: 64; } & #persona-state { height: auto; margin: 1 0 0 0; } }"

    def __init__(self, taken: Sequence[str]) -> None:
        super().__init__()
        self._taken = taken

    def compose_box(self) -> Iterable[Widget]:
        """One field and what becomes of it."""
        yield Input(placeholder="gold member, German", id="persona-name", compact=True)
        yield Static(id="persona-state")

    def on_mount(self) -> None:
        """Straight into the field."""
        self.query_one(Input).focus()
        self._tell("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._tell(event.value.strip())

    def _tell(self, name: str) -> None:
        ink = inks(self.app)
        if name in self._taken:
            words = Text("Replaces the persona of that name.", ink.warn)
        else:
            words = Text("Kept on this machine. What the data lacks, the persona's message lacks.", ink.dim)
        self.query_one("#persona-state", Static).update(words)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(parse_persona_name(event.value))
        except OfferdeckError as error:
            words = Text(f"{error.message} {error.hint}", inks(self.app).danger)
            self.query_one("#persona-state", Static).update(words)
