"""Pieces of a line that go on below themselves where they do not fit; no piece is broken in two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text
from textual.app import App, RenderResult
from textual.widget import Widget

from tui import glyphs
from tui.theme import inks


class Flow(Widget):
    """Set with `show()`; as high as the pieces need, later lines stand under the first piece."""

    DEFAULT_CSS = "Flow { height: auto; width: 1fr; }"
    app: App[Any]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lead = Text("")
        self._rows: tuple[tuple[Text, ...], ...] = ()
        self._theme = ""

    def show(self, rows: Sequence[Sequence[Text]], *, lead: Text | None = None) -> None:
        """Rows of pieces; the pieces of a row are joined by a middle dot. `lead` stands before the first."""
        fresh = (lead or Text(""), tuple(tuple(row) for row in rows))
        if [fresh[0], *sum(fresh[1], ())] == [self._lead, *sum(self._rows, ())] and self._theme == self.app.theme:
            return
        before = self._height(self.size.width)
        self._lead, self._rows = fresh
        self._theme = self.app.theme
        self.refresh(layout=self._height(self.size.width) != before)

    def _lines(self, width: int) -> list[Text]:
        dot = Text(f" {glyphs.current().middle} ", inks(self.app).faint)
        lines: list[Text] = []
        line = self._lead.copy()
        for row in self._rows:
            fresh = True
            for piece in row:
                if not fresh and line.cell_len + dot.cell_len + piece.cell_len > width:
                    lines.append(line)
                    line, fresh = Text(" " * self._lead.cell_len), True
                line = Text.assemble(line, piece) if fresh else Text.assemble(line, dot, piece)
                fresh = False
            lines.append(line)
            line = Text(" " * self._lead.cell_len)
        return lines

    def _height(self, width: int) -> int:
        return len(self._lines(max(width, 1)))

    def get_content_height(self, container: Any, viewport: Any, width: int) -> int:
        """As many lines as the pieces need in `width` cells."""
        return self._height(width)

    def render(self) -> RenderResult:
        """The lines, each cut where even one piece is too wide."""
        lines = self._lines(self.size.width)
        for line in lines:
            line.truncate(self.size.width, overflow="ellipsis")
        return Text("\n", no_wrap=True).join(lines)
