"""Where something came from: the request that read it, as HTTP and as curl, and the path in the answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from core.clean import safe_lines
from core.sources import Source
from tui.copying import Copyable
from tui.dialogs.dialog import Dialog
from tui.theme import inks
from tui.widgets.entry_detail import pretty


class SourceDialog(Dialog[None]):
    """One read at a time; `[` and `]` walk through them where a pane has several."""

    HEADING = "Where from"
    DEFAULT_CSS = """
    SourceDialog {
        & > .box { width: 100; }
        & #source-tabs { height: auto; }
        & #source-scroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & #source-text { height: auto; }
        &.-low { & > .box { height: 100%; } & #source-scroll { height: 1fr; } }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right_square_bracket,right", "walk(1)", "Next", id="source.next", tooltip="The next read"),
        Binding("left_square_bracket,left", "walk(-1)", "Before", show=False, id="source.before", tooltip="One before"),
        Binding("y", "app.copy_menu", "Copy", id="source.copy", tooltip="Copy the path, the request or a curl line"),
        Binding("i", "close", "Close", show=False, id="source.close", tooltip="Back"),
    ]

    def __init__(self, sources: Sequence[Source], read_words: str) -> None:
        super().__init__()
        self._sources = tuple(sources)
        self._read_words = read_words
        self._at = 0

    @property
    def source(self) -> Source:
        """The read that is shown."""
        return self._sources[self._at]

    def heading(self) -> Text:
        """And how old it is."""
        ink = inks(self.app)
        return Text.assemble((self.HEADING, ink.bold), "   ", (self._read_words, ink.faint))

    def compose_box(self) -> Iterable[Widget]:
        """The reads by name, and the one that is open."""
        yield Static(id="source-tabs")
        with VerticalScroll(id="source-scroll"):
            yield Static(id="source-text")

    def on_mount(self) -> None:
        """The arrows scroll."""
        self.query_one("#source-scroll").focus()
        self._draw()

    def _draw(self) -> None:
        ink = inks(self.app)
        tabs = Text()
        for at, source in enumerate(self._sources):
            style = ink.accent + ink.strong + ink.underline if at == self._at else ink.dim
            tabs.append(source.name, style).append("     ")
        self.query_one("#source-tabs", Static).update(tabs.append("\n"))
        self.query_one("#source-tabs").display = len(self._sources) > 1
        self.query_one("#source-text", Static).update(self._text())

    def _text(self) -> Text:
        ink, source = inks(self.app), self.source
        head, _, body = source.http.partition("\n\n")
        text = Text()
        if source.path:
            text.append("in the answer at  ", ink.dim).append(source.path, ink.bright).append("\n\n")
        text.append(safe_lines(head), ink.ink)
        if body:
            text.append("\n\n").append(pretty(body), ink.dim)
        text.append("\n\ncurl\n", ink.dim + ink.strong).append(safe_lines(source.curl), ink.ink)
        return text.append("\n\nSecrets are placeholders; this request only reads.", ink.faint)

    def action_walk(self, step: int) -> None:
        """Another read of this pane."""
        self._at = (self._at + step) % len(self._sources)
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """With a single read there is nowhere to walk."""
        return len(self._sources) > 1 if action == "walk" else super().check_action(action, parameters)

    def copyables(self) -> list[Copyable]:
        """What `y` offers."""
        source = self.source
        return [
            Copyable("p", "JSON path", source.path, "" if source.path else "the whole answer"),
            Copyable("u", "curl", source.curl),
            Copyable("h", "HTTP request", source.http),
        ]
