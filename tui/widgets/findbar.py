"""The one-line find bar under a table or a tree, and a pane that joins the two."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui.theme import inks
from tui.widgets.line_list import Found, LineList


class FindBar(Horizontal):
    """A line to type what to find: `!x` finds what does not hold x, Enter goes on to the next, Esc closes.

    Hidden until `open()`. It knows nothing of what is searched: its owner hears `Changed` and answers with `tell()`.
    """

    DEFAULT_CSS = """
    FindBar { height: 1; display: none; background: $bar; }
    FindBar.-open { display: block; }
    FindBar Static { width: auto; height: 1; padding: 0 1; color: $dim; }
    FindBar #find-sign { color: $accent; text-style: bold; padding: 0 0 0 1; }
    FindBar Input, FindBar Input:focus {
        height: 1; width: 1fr; border: none; padding: 0 1; background: $bar; color: $bright;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False, id="find.close", tooltip="Close the find bar"),
        Binding("down", "next", "Next", show=False, id="find.next", tooltip="The next match"),
        Binding("up", "previous", "Previous", show=False, id="find.previous", tooltip="The match before"),
    ]

    app: App[Any]

    class Changed(Message):
        """The text to find changed; `inverted` when it began with `!`."""

        def __init__(self, bar: FindBar, text: str, inverted: bool) -> None:
            super().__init__()
            self.bar = bar
            self.text = text
            self.inverted = inverted

        @property
        def control(self) -> FindBar:
            """The bar."""
            return self.bar

    class Moved(Message):
        """The next (`by` 1) or previous (-1) match is wanted."""

        def __init__(self, bar: FindBar, by: int) -> None:
            super().__init__()
            self.bar = bar
            self.by = by

        @property
        def control(self) -> FindBar:
            """The bar."""
            return self.bar

    class Closed(Message):
        """The bar closed; `kept` says that Enter closed it, so the find stays for n and N."""

        def __init__(self, bar: FindBar, kept: bool) -> None:
            super().__init__()
            self.bar = bar
            self.kept = kept

        @property
        def control(self) -> FindBar:
            """The bar."""
            return self.bar

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._was: tuple[str, bool] = ("", False)

    def compose(self) -> ComposeResult:
        yield Static("/", id="find-sign", markup=False)
        yield Input(placeholder="find, !x for without x", compact=True, select_on_focus=True)
        yield Static("", id="find-count", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether the bar can be seen."""
        return self.has_class("-open")

    @property
    def value(self) -> tuple[str, bool]:
        """The text to find without its `!`, and whether it is inverted."""
        typed = self.query_one(Input).value
        return (typed[1:], True) if typed.startswith("!") else (typed, False)

    def open(self) -> None:
        """Show the bar and put the focus into it, with the text of last time selected."""
        self.add_class("-open")
        self.query_one(Input).focus()

    def close(self, *, kept: bool = False) -> None:
        """Hide the bar and say so."""
        if not self.is_open:
            return
        self.remove_class("-open")
        self.post_message(self.Closed(self, kept))

    def tell(self, found: Found) -> None:
        """Show where the find stands."""
        text, _ = self.value
        ink = inks(self.app)
        said = Text(str(found), style=ink.dim if found.total else ink.warn) if text else Text("")
        self.query_one("#find-count", Static).update(said)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.value != self._was:
            self._was = self.value
            self.post_message(self.Changed(self, *self.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.close(kept=bool(self.value[0]))

    def action_close(self) -> None:
        self.close()

    def action_next(self) -> None:
        self.post_message(self.Moved(self, 1))

    def action_previous(self) -> None:
        self.post_message(self.Moved(self, -1))


class FindPane(Vertical):
    """A table or a tree with its find bar below: `/` opens it, n and N go on, Esc ends the find."""

    DEFAULT_CSS = """
    FindPane { height: 1fr; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "open_find", "find", show=False, id="find.open", tooltip="Find in this pane"),
    ]

    def __init__(
        self,
        lines: LineList,
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.lines = lines
        self.bar = FindBar()

    def compose(self) -> ComposeResult:
        yield self.lines
        yield self.bar

    def action_open_find(self) -> None:
        self.bar.open()

    @on(FindBar.Changed)
    def _look(self, event: FindBar.Changed) -> None:
        event.stop()
        self.bar.tell(self.lines.find(event.text, inverted=event.inverted))

    @on(FindBar.Moved)
    def _go_on(self, event: FindBar.Moved) -> None:
        event.stop()
        self.bar.tell(self.lines.find_next() if event.by > 0 else self.lines.find_previous())

    @on(FindBar.Closed)
    def _end(self, event: FindBar.Closed) -> None:
        event.stop()
        if not event.kept:
            self.lines.find("")
        self.lines.focus()

    def on_key(self, event: events.Key) -> None:
        """Esc in the list ends a find that was kept."""
        if event.key == "escape" and self.lines.has_focus and self.lines.finding:
            event.stop()
            self.lines.find("")
