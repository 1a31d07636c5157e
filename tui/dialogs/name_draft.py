"""The name under which a draft is saved."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static

from core.errors import OfferdeckError
from core.messages import parse_draft_name
from tui.dialogs.dialog import Dialog
from tui.theme import inks


class NameDraft(Dialog[str]):
    """Gives a name that a draft can have."""

    HEADING = "Save the draft as"
    DEFAULT_CSS = "NameDraft { & > .box { width: 64; } & #name-state { height: auto; margin: 1 0 0 0; } }"

    def __init__(self, name: str, taken: tuple[str, ...]) -> None:
        super().__init__()
        self._name, self._taken = name, taken

    def compose_box(self) -> Iterable[Widget]:
        """One field and what becomes of it."""
        yield Input(value=self._name, placeholder="points-expiring.liquid", id="draft-name", compact=True)
        yield Static(id="name-state")

    def on_mount(self) -> None:
        """The name there is, selected."""
        field = self.query_one(Input)
        field.focus()
        field.action_select_all()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        ink = inks(self.app)
        taken = event.value.strip() in self._taken
        words = "Replaces the draft of that name." if taken else "Kept on this machine; nothing goes to Braze."
        self.query_one("#name-state", Static).update(Text(words, ink.warn if taken else ink.dim))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(parse_draft_name(event.value))
        except OfferdeckError as error:
            words = Text(f"{error.message} {error.hint}", inks(self.app).danger)
            self.query_one("#name-state", Static).update(words)
