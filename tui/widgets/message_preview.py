"""The message as a customer would get it, its raw text, its calls, its data; one tab each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.style import Style
from rich.text import Text
from textual.app import App
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from core.channels.view import Block
from core.clean import safe
from core.fieldtree import roots_of
from core.messageview import MessageView, content_words, readable_text, status_words
from core.readable import Line, Span
from core.render import RenderData
from core.verdicts import problem_words
from tui import glyphs
from tui.theme import Inks, inks
from tui.widgets.block_lines import BlockLines, faint
from tui.widgets.findbar import FindPane
from tui.widgets.flow import Flow
from tui.widgets.json_tree import JsonTree
from tui.widgets.lines import fit
from tui.widgets.pane_tabs import PaneTabs
from tui.widgets.text_lines import FindsWhenAsked, TextLines
from tui.widgets.trace_pane import TracePane

TABS = (("preview", "Preview"), ("raw", "Raw"), ("calls", "Calls"), ("data", "Data"), ("trace", "Trace"))
NOTHING_WRITTEN = "nothing written yet"


class DataTree(FindsWhenAsked, JsonTree):
    """The data as a tree."""


class MessagePreview(Vertical):
    """Set with `show()`; a tab fills when it is looked at. While a template is broken its last good render stays."""

    DEFAULT_CSS = """
    MessagePreview { height: 1fr; width: 1fr;
        & PaneTabs { margin: 0 0 1 1; }
        & ContentSwitcher { height: 1fr; }
        & #preview-status { margin: 1 0 1 1; }
        & TracePane Head { display: none; }
    }
    """
    app: App[Any]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._view: MessageView | None = None
        self._good: MessageView | None = None
        self._data: RenderData | None = None
        self._total: int | None = None
        self._filled: dict[str, object] = {}
        self._trace_beside = False
        self._template_tab = False
        self._whom = ""
        self._pointed: tuple[str, str] | None = None

    def compose(self) -> Iterator[Widget]:
        """Tabs, what the open one shows, the line that sums up."""
        yield PaneTabs()
        with ContentSwitcher(initial="preview"):
            yield FindPane(BlockLines(id="preview-text"), id="preview")
            yield FindPane(TextLines(id="raw-text"), id="raw")
            yield FindPane(TextLines(id="calls-text"), id="calls")
            yield FindPane(DataTree(id="data-tree"), id="data")
            yield TracePane(id="trace")
        yield Flow(id="preview-status")

    def on_mount(self) -> None:
        """Words for what is empty."""
        self.nothing_words = NOTHING_WRITTEN
        self.query_one("#calls-text", TextLines).empty = "the message calls nobody"
        self._draw()

    # What is shown

    @property
    def nothing_words(self) -> str:
        """What stands in place of a message that is not there."""
        return self.query_one("#preview-text", TextLines).empty.plain

    @nothing_words.setter
    def nothing_words(self, words: str) -> None:
        if words != self.nothing_words:
            self.query_one("#preview-text", TextLines).empty = words
            self.query_one("#raw-text", TextLines).empty = words

    def show(self, view: MessageView | None, data: RenderData | None, total_fields: int | None, whom: str) -> None:
        """Another render, the data it read, how many fields that has, and the name of the person it is for."""
        if data is not self._data:
            self._good = None
        self._view, self._data, self._total, self._whom = view, data, total_fields, whom
        if view is not None and view.rendered.status == "rendered":
            self._good = view
        self._draw()

    def point_at(self, words: tuple[str, str] | None) -> None:
        """Say where the line under the cursor came from; None for nothing to say."""
        if words != self._pointed:
            self._pointed = words
            self.query_one("#preview-status", Flow).show(self._status())

    @property
    def tab(self) -> str:
        """The open tab."""
        return self.query_one(ContentSwitcher).current or "preview"

    def fit_in(self, *, trace_beside: bool, template_tab: bool) -> None:
        """Whether the trace has a column of its own, and whether the template is one of the tabs."""
        self._trace_beside, self._template_tab = trace_beside, template_tab
        if trace_beside and self.tab == "trace":
            self.open_tab("preview")
        self._draw()

    def tabs(self) -> list[tuple[str, str]]:
        """The tabs there are now, as (key, name)."""
        own = [tab for tab in TABS if not (self._trace_beside and tab[0] == "trace")]
        return [("template", "Template"), *own] if self._template_tab else own

    def open_tab(self, key: str) -> None:
        """Show a tab; the focus follows when it was in here."""
        focused = self.screen.focused
        inside = focused is not None and focused in self.walk_children()
        self.query_one(ContentSwitcher).current = key
        self._draw()
        if inside:
            self.focus_tab()

    def focus_tab(self) -> None:
        """Focus what the open tab shows."""
        self.lines_shown.focus()

    @property
    def lines_shown(self) -> FindsWhenAsked:
        """The list of the open tab."""
        return self.query_one(f"#{self.tab}").query_one(FindsWhenAsked)

    @property
    def readable_text(self) -> str:
        """The message as it reads, whatever tab is open."""
        return readable_text(self._view.blocks) if self._view else ""

    def sign_words(self, name: str) -> Text:
        """What became of the message in one sign, and the key that leads from the template to it by `name`."""
        ink, view = inks(self.app), self._view
        words = Text()
        if view is not None:
            sign, style = _sign(view, ink)
            words.append(f"{sign} ", style)
        return words.append("esc", ink.key).append(f" {name}", ink.dim)

    # Painting

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        self.query_one(PaneTabs).show(self.tabs(), self.tab)
        self.query_one("#preview-status", Flow).show(self._status())
        tab, view = self.tab, self._view
        if tab == "data":
            if self._filled.get(tab) is not self._data:
                self._filled[tab] = self._data
                self.query_one(DataTree).value = roots_of(self._data) if self._data is not None else {}
            return
        if self._filled.get(tab, self) is view:
            return
        self._filled[tab] = view
        if tab == "preview":
            self.query_one("#preview-text", BlockLines).show(self._blocks())
        elif tab == "raw":
            self.query_one("#raw-text", TextLines).lines = view.raw if view else ()
        elif tab == "calls":
            self.query_one("#calls-text", TextLines).lines = view.calls if view else ()
        else:
            fields, read = (view.fields, view.fields_read) if view else ((), 0)
            self.query_one(TracePane).show(fields, read, self._total)

    def _blocks(self) -> Sequence[Block]:
        view = self._view
        if view is None:
            return ()
        if view.rendered.status == "aborted":
            reason = view.rendered.abort_reason or "no reason given"
            whom = self._whom or "this customer"
            return [_said((Span(f"No message for {whom}.", "heading"),), (), (Span(f"The template aborts: {reason}"),))]
        if view.rendered.status == "failed":
            if self._good is None:
                return [_said(*_cannot(view))]
            return faint(self._good.blocks)
        return view.blocks

    def _status(self) -> list[list[Text]]:
        ink, signs, view = inks(self.app), glyphs.current(), self._view
        if view is None:
            return []
        if self._pointed:
            where, what = self._pointed
            room, ellipsis = max(self.size.width - 2, 1), signs.ellipsis
            return [[Text(fit(where, room, ellipsis), ink.dim)], [Text(fit(what, room, ellipsis), ink.accent)]]
        status = view.rendered.status
        sign, style = _sign(view, ink)
        head, *rest = status_words(view)
        first = [Text(f"{sign} {head}", style), *(Text(words, ink.dim) for words in rest)]
        if status == "rendered":
            return [first, [Text(words, ink.dim) for words in content_words(view)]]
        if status == "failed" and self._good is not None:
            return [first, [Text("above: the last render that worked", ink.dim)]]
        return [first]


def _cannot(view: MessageView) -> list[Line]:
    """Why there is no message, and what mends it."""
    first = next((one for one in view.rendered.problems if one.severity == "error"), None)
    head: Line = (Span("This cannot be rendered yet.", "heading"),)
    if first is None:
        return [head]
    hint: list[Line] = [(Span(safe(first.hint), "faint"),)] if first.hint else []
    return [head, (), (Span(problem_words(first)),), *hint]


def _sign(view: MessageView, ink: Inks) -> tuple[str, Style]:
    signs = glyphs.current()
    if view.errors:
        return signs.warn, ink.warn
    signed: dict[str, tuple[str, Style]] = {
        "rendered": (signs.check, ink.ok),
        "aborted": (signs.warn, ink.warn),
        "failed": (signs.cross, ink.danger),
    }
    return signed[view.rendered.status]


def _said(*lines: Line) -> Block:
    return Block("plain", lines)
