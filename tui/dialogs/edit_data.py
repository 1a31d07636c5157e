"""Data of one's own for a message, as JSON, above what the customer gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static, TextArea

from core.errors import OfferdeckError
from core.messages import parse_override
from tui.dialogs.dialog import Dialog
from tui.theme import inks
from tui.widgets.template_editor import TemplateEditor


class EditData(Dialog[dict[str, Any]]):
    """Gives the object as typed; an empty one takes the data away. Ctrl+S uses it, Esc leaves the message as it was.

    `text` is what stands in the editor, so that whoever opens the dialog again can put it back.
    """

    HEADING = "Data of your own"
    DEFAULT_CSS = """
    EditData {
        & > .box { width: 96; height: 80%; }
        & TemplateEditor { height: 1fr; margin: 1 0; }
        & Static { height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+j", "keep", "Use it", id="data.keep", tooltip="Render with this data"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose_box(self) -> Iterable[Widget]:
        """What it may hold, the editor, what is wrong with it."""
        ink = inks(self.app)
        words = "One JSON object; what it names stands above the customer's own. For instance\n"
        sample = '{"attributes": {"first_name": "Bo"}, "api_trigger_properties": {"offer_id": "42"}}'
        yield Static(Text.assemble((words, ink.dim), (sample, ink.ink)))
        editor = TemplateEditor(id="data-text")
        editor.load_text(self.text)
        editor.placeholder = "{ }"
        yield editor
        yield Static(id="data-state")

    def on_mount(self) -> None:
        """Straight into the text."""
        self.query_one(TemplateEditor).focus()

    @on(TextArea.Changed)
    def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.text = event.text_area.text
        self._judge()

    def _judge(self) -> dict[str, Any] | None:
        """The object, or None with its fault said below."""
        ink = inks(self.app)
        try:
            found = parse_override(self.text)
        except OfferdeckError as error:
            self.query_one("#data-state", Static).update(Text(f"{error.message} {error.hint}", ink.danger))
            return None
        words = f"{len(found)} key{'s' * (len(found) != 1)}" if found else "Empty: the customer's data alone."
        self.query_one("#data-state", Static).update(Text(words, ink.dim))
        return found

    def action_keep(self) -> None:
        """Close with the data when it is data."""
        if (found := self._judge()) is not None:
            self.dismiss(found)
