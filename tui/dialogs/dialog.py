"""The box that a dialog is: over the room, under the bar, with its own keys at the foot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from tui.frame import NARROW, ROOMY, WIDE, KeyBar, TopBar
from tui.theme import inks

if TYPE_CHECKING:
    from tui.app import OfferdeckApp

Result = TypeVar("Result")
LOW = 30


class EndsOnce:
    """For screens over others, before their base: a second Enter behind the first must not close what lies below."""

    _is_over = False

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """End with `result`; nothing when it has ended."""
        if self._is_over:
            return AwaitComplete()
        self._is_over = True
        ended: AwaitComplete = super().dismiss(result)  # type: ignore[misc]
        return ended


class Dialog(EndsOnce, ModalScreen[Result]):
    """Asks or shows one thing. A subclass gives `HEADING` and the widgets of the box; Esc closes with None."""

    HEADING: ClassVar[str] = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-middle"), (WIDE, "-wide"), (ROOMY, "-roomy")]  # noqa: RUF012 (as Textual types it)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW, "-high")]  # noqa: RUF012 (as Textual types it)
    DEFAULT_CSS = """
    Dialog { align: center middle; background: $ground 70%;
        &:ansi { background: ansi_default; }
        & > TopBar { dock: top; }
        & > KeyBar { dock: bottom; }
        & > .box { width: 92; max-width: 100%; height: auto; max-height: 100%; margin: 1 0;
            background: $pane; border: round $faint; padding: 1 2; }
        & .heading { height: auto; padding: 0 0 1 0; }
        & .-spaced { margin-top: 1; }
        &.-low > .box { margin: 0; padding: 0 2; }
        &.-narrow > .box { padding: 0 1; margin: 0; }
        &.-narrow .heading { padding: 0; }
        & Input, & Input:focus { height: 1; border: none; padding: 0 1 !important; background: $bar; color: $bright; }
        & Input:focus { background: $cursor; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "app.help", "Help", id="dialog.help", tooltip="Every key that acts here"),
        Binding("escape", "close", "Close", id="dialog.close", tooltip="Back, nothing changed"),
        Binding("ctrl+p", "app.command_palette", "Commands", show=False, id="dialog.palette", tooltip="Every command"),
        Binding("ctrl+o", "app.jump", "Jump", show=False, id="dialog.jump", tooltip="A letter over every place"),
        Binding("ctrl+q", "app.quit", "Quit", id="dialog.quit", tooltip="Leave offerdeck"),
    ]
    app: OfferdeckApp

    def compose(self) -> ComposeResult:
        """Bar, box, keys."""
        yield TopBar()
        with Vertical(classes="box"):
            yield Static(self.heading(), classes="heading")
            yield from self.compose_box()
        yield KeyBar()

    def heading(self) -> Text:
        """The box's first line."""
        return Text(self.HEADING, inks(self.app).bold)

    def compose_box(self) -> Iterable[Widget]:
        """The widgets of the box."""
        return ()

    def action_close(self) -> None:
        """Back to where one came from."""
        self.dismiss(None)
