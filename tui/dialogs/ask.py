"""A question before something that cannot be taken back: Cancel holds the focus; a name may have to be typed."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.dialogs.dialog import Dialog
from tui.theme import inks
from tui.widgets.action import Action


class AskDialog(Dialog[bool]):
    """True when the person said yes, else None or False. With a `phrase`, yes waits until it is typed to the letter."""

    DEFAULT_CSS = """
    AskDialog {
        & > .box { width: 72; border: round $danger; }
        & #ask-typed { margin: 1 0 0 0; }
        & #ask-buttons { height: 1; margin: 1 0 0 0; }
        & #ask-why { width: 1fr; color: $dim; }
    }
    """

    def __init__(self, heading: str, words: str, verb: str, *, phrase: str = "", what: str = "name") -> None:
        super().__init__()
        self._heading = heading
        self._words = words
        self._verb = verb
        self._phrase = phrase
        self._what = what

    def heading(self) -> Text:
        """The question."""
        return Text(self._heading, inks(self.app).bold)

    def compose_box(self) -> Iterable[Widget]:
        """What would happen, the field for the name, the two ways on."""
        ink = inks(self.app)
        yield Static(Text(self._words, ink.ink))
        if self._phrase:
            asked = Text.assemble(
                (f"\nType the {self._what} ", ink.ink), (self._phrase, ink.bold), (" to go on:", ink.ink)
            )
            yield Static(asked)
            yield Input(id="ask-typed", compact=True)
        with Horizontal(id="ask-buttons"):
            yield Action("Cancel", id="ask-no")
            yield Action(self._verb, id="ask-yes", disabled=bool(self._phrase))
            yield Static(f"waits for the {self._what}" if self._phrase else "", id="ask-why")

    def on_mount(self) -> None:
        """Cancel holds the focus."""
        self.query_one("#ask-no").focus()

    @on(Input.Changed, "#ask-typed")
    def _typed(self, event: Input.Changed) -> None:
        fits = event.value.strip() == self._phrase
        self.query_one("#ask-yes", Action).disabled = not fits
        self.query_one("#ask-why", Static).update("" if fits else f"waits for the {self._what}")

    @on(Input.Submitted, "#ask-typed")
    def _typed_fully(self) -> None:
        if not self.query_one("#ask-yes", Action).disabled:
            self.query_one("#ask-yes").focus()

    @on(Action.Pressed)
    def _answered(self, event: Action.Pressed) -> None:
        self.dismiss(event.action.id == "ask-yes")
