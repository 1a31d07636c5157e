"""Another culture for the wallet's texts: a common one or any that is typed."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static

from core.errors import InvalidInput
from core.profiles import parse_culture
from tui.dialogs.choice import Choice, ChoiceList
from tui.dialogs.dialog import Dialog
from tui.theme import inks
from tui.widgets.virtual_table import VirtualTable

COMMON = (
    ("en-US", "English, United States"),
    ("en-GB", "English, United Kingdom"),
    ("de-DE", "German, Germany"),
    ("es-MX", "Spanish, Mexico"),
    ("fr-FR", "French, France"),
    ("ja-JP", "Japanese, Japan"),
    ("ko-KR", "Korean, Korea"),
    ("pt-BR", "Portuguese, Brazil"),
)


class CultureDialog(Dialog[str]):
    """Gives the culture; None when nothing changes."""

    HEADING = "Culture of the offer texts"
    DEFAULT_CSS = """
    CultureDialog {
        & > .box { width: 64; }
        & #culture-typed { margin: 1 0 0 0; }
        & #culture-error { height: auto; color: $danger; }
    }
    """

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def compose_box(self) -> Iterable[Widget]:
        """The common ones, and a field for any other."""
        known = dict(COMMON)
        if self._current not in known:
            known = {self._current: "as it is now", **known}
        notes = {name: f"{words}, shown now" if name == self._current else words for name, words in known.items()}
        yield ChoiceList([Choice(str(at), name, words) for at, (name, words) in enumerate(notes.items(), 1)])
        yield Input(placeholder="another, like nl-BE", id="culture-typed", compact=True)
        yield Static("", id="culture-error", markup=False)

    def on_mount(self) -> None:
        """The cursor stands on the one that is shown."""
        choices = self.query_one(ChoiceList)
        choices.focus()
        choices.select(self._current)

    @on(VirtualTable.Chosen)
    def _take(self, event: VirtualTable.Chosen) -> None:
        self.dismiss(event.row.name)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(parse_culture(event.value))
        except InvalidInput as error:
            words = Text(f"{error.message} {error.hint}", inks(self.app).danger)
            self.query_one("#culture-error", Static).update(words)
