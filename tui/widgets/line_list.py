"""A list drawn line by line: a cursor, scrolling and find over any number of lines, no widget per line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui import glyphs
from tui.theme import Inks, inks
from tui.widgets.lines import cell_segments

_CACHED_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """Where a find stands: `position` counts from 1 and is 0 when nothing matches; `total` matches there are."""

    position: int
    total: int

    def __str__(self) -> str:
        return f"{self.position} of {self.total}" if self.total else "no match"


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """The base of tables and trees. A subclass says how many lines there are and draws one; see the methods below."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LineList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        background: transparent;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "cursor_down", "Down", show=False, id="list.down", tooltip="The next line"),
        Binding("up,k", "cursor_up", "Up", show=False, id="list.up", tooltip="The line before"),
        Binding("pagedown", "page_down", "Page down", show=False, id="list.page_down", tooltip="A page down"),
        Binding("pageup", "page_up", "Page up", show=False, id="list.page_up", tooltip="A page up"),
        Binding("home,g", "first", "First", show=False, id="list.first", tooltip="The first line"),
        Binding("end,G", "last", "Last", show=False, id="list.last", tooltip="The last line"),
        Binding("enter", "choose", "Open", show=False, id="list.choose", tooltip="Open this line"),
        Binding("n", "find_next", "Next match", show=False, id="list.find_next", tooltip="The next match"),
        Binding("N", "find_previous", "Previous match", show=False, id="list.find_previous", tooltip="The one before"),
    ]

    app: App[Any]

    def __init__(
        self,
        *,
        empty: str | Text = "",
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._empty = empty if isinstance(empty, Text) else Text(empty, style="")
        self._cursor = -1
        self._drawn: dict[tuple[Any, int], tuple[object, Strip]] = {}
        self._drawn_for: tuple[int, Inks, Style] | None = None
        self._needle = ""
        self._inverted = False
        self._page_before = 0

    # What a subclass draws

    def line_count(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def line_key(self, index: int) -> Any:
        """What names line `index` whatever its place; hashable."""
        raise NotImplementedError

    def line_value(self, index: int) -> object:
        """The object line `index` shows; while it is the same object, its drawing is reused."""
        raise NotImplementedError

    def draw(self, index: int, width: int, ink: Inks, *, selected: bool) -> list[Segment]:
        """Line `index` in exactly `width` cells, without the cell of the cursor bar."""
        raise NotImplementedError

    def draw_header(self, width: int, ink: Inks) -> list[Segment] | None:
        """The fixed first line in exactly `width` cells, or None for no such line."""
        return None

    def skips(self, index: int) -> bool:
        """Whether the cursor passes over line `index`."""
        return False

    def matches(self, needle: str, *, inverted: bool) -> list[int]:
        """The places of what holds `needle` (lower case), in order; a place is an index unless `place` says else."""
        raise NotImplementedError

    def place(self) -> int:
        """The place of the cursor among those `matches` answers."""
        return self._cursor

    def go_to(self, place: int) -> None:
        """Put the cursor on one of the places `matches` answers."""
        self.move(place)

    def post_highlighted(self) -> None:
        """Tell that the cursor stands on another line."""

    def post_chosen(self) -> None:
        """Tell that the line under the cursor was opened."""

    # The cursor

    @property
    def header_height(self) -> int:
        """Lines above the first one that do not scroll."""
        return 0

    @property
    def line_width(self) -> int:
        """Cells a line has, without padding and scrollbar."""
        return self.scrollable_content_region.width

    @property
    def page(self) -> int:
        """Lines in view."""
        return max(1, self.size.height - self.header_height)

    @property
    def cursor(self) -> int:
        """The index the cursor stands on, -1 when there is no line for it."""
        return self._cursor

    @cursor.setter
    def cursor(self, index: int) -> None:
        self.move(index)

    def move(self, index: int, *, direction: int = 1) -> None:
        """Put the cursor on `index`, or the next line it may stand on in `direction`, and bring that line into view."""
        target = self._landing(index, direction)
        if target < 0:
            return
        before, self._cursor = self._cursor, target
        if target != before:
            self._refresh_line(before)
            self._refresh_line(target)
        self._reveal(target)
        if target != before:
            self.post_highlighted()

    def _landing(self, index: int, direction: int) -> int:
        count = self.line_count()
        if not count:
            return -1
        index = min(max(index, 0), count - 1)
        for step in (direction, -direction):
            at = index
            while 0 <= at < count:
                if not self.skips(at):
                    return at
                at += step
        return -1

    def _refresh_line(self, index: int) -> None:
        if index >= 0:
            self.refresh_line(index + self.header_height)

    def _in_view(self, index: int, page: int) -> bool:
        top = round(self.scroll_y)
        return top <= index < top + page

    def _reveal(self, index: int) -> None:
        if not self.size.height:
            return  # not laid out yet: on_resize does it then
        top, page = round(self.scroll_y), self.page
        first = 0 if self._landing(0, 1) == index else index
        if first < top:
            self._scroll(first)
        elif index >= top + page:
            self._scroll(index - page + 1)

    def _scroll(self, top: int) -> None:
        # forced, for Textual learns only at the next layout that lines were added and there is something to scroll
        self.scroll_to(y=top, animate=False, force=True)

    def settle(self, index: int) -> None:
        """After the lines changed: put the cursor on `index`; scroll only if it was in view and would leave it."""
        was_in_view = self._in_view(self._cursor, self.page)
        size = Size(0, self.line_count() + self.header_height)
        if size != self.virtual_size:
            self._stretch(size)
        if self.size.height and self.scroll_y > self.max_scroll_y:
            self._scroll(self.max_scroll_y)
        self._cursor = self._landing(index, 1)
        self.refresh()
        if self._cursor >= 0 and was_in_view:
            self._reveal(self._cursor)

    def _stretch(self, size: Size) -> None:
        """Another number of lines. The screen is laid out again only where that changes what has room: at each
        keystroke a layout would cost more than the render it shows."""
        scrolls = size.height > self.size.height
        if not self.size.height or self.styles.is_auto_height or scrolls != self.show_vertical_scrollbar:
            self.virtual_size = size
            return
        self.set_reactive(Widget.virtual_size, size)
        if scrolls:
            self.vertical_scrollbar.window_virtual_size = size.height

    def on_resize(self) -> None:
        """Keep the cursor in view where it was in view before."""
        if self._cursor >= 0 and (not self._page_before or self._in_view(self._cursor, self._page_before)):
            self._reveal(self._cursor)
        self._page_before = self.page

    def repaint(self) -> None:
        """Draw the lines in view again (a countdown went on) and refresh those that look different."""
        before = {key: strip for key, (_, strip) in self._drawn.items()}
        self._drawn.clear()
        width = self.line_width
        top = round(self.scroll_y)
        for index in range(top, min(top + self.page, self.line_count())):
            key = (self.line_key(index), self._state(index))
            if key not in before or self._strip(index, width) != before[key]:
                self._refresh_line(index)

    # Drawing

    def _state(self, index: int) -> int:
        return 0 if index != self._cursor else 2 if self.has_focus else 1

    def render_line(self, y: int) -> Strip:
        """Line `y` of the view."""
        width, ink, base = self.line_width, inks(self.app), self.visual_style.rich_style
        if self._drawn_for != (width, ink, base):
            self._drawn.clear()
            self._drawn_for = (width, ink, base)
        if y < self.header_height:
            return self._finished([Segment(" "), *(self.draw_header(max(width - 1, 0), ink) or ())], base)
        index = y - self.header_height + round(self.scroll_y)
        if index < self.line_count():
            return self._strip(index, width)
        if y == self.header_height and not self.line_count() and self._empty:
            text = Text(" ", style=ink.dim).append_text(self._empty)
            return self._finished(cell_segments(text, width, "left", self.app.console), base)
        return Strip.blank(width, base)

    def _finished(self, segments: list[Segment], base: Style) -> Strip:
        """The line on the widget's own ground, exactly as wide as the view."""
        return Strip(Segment.apply_style(segments, base)).adjust_cell_length(self.line_width, base)

    def _strip(self, index: int, width: int) -> Strip:
        state = self._state(index)
        key, value = (self.line_key(index), state), self.line_value(index)
        hit = self._drawn.get(key)
        if hit is not None and hit[0] is value:
            return hit[1]
        ink = inks(self.app)
        segments = self.draw(index, max(width - 1, 0), ink, selected=state > 0)
        bar = Segment(glyphs.current().cursor, ink.accent if state == 2 else ink.faint) if state else Segment(" ")
        segments = [bar, *segments] if width else []
        if state:
            segments = list(Segment.apply_style(segments, ink.cursor))
        strip = self._finished(segments, self.visual_style.rich_style)
        if len(self._drawn) >= _CACHED_LINES:
            self._drawn.clear()
        self._drawn[key] = (value, strip)
        return strip

    @property
    def empty(self) -> Text:
        """What is shown when there are no lines: loading, failed, nothing here."""
        return self._empty

    @empty.setter
    def empty(self, text: str | Text) -> None:
        self._empty = text if isinstance(text, Text) else Text(text)
        if not self.line_count():
            self.refresh()

    # Find

    @property
    def finding(self) -> bool:
        """Whether a find is on, so that n and N lead somewhere."""
        return bool(self._needle)

    def find(self, text: str, *, inverted: bool = False) -> Found:
        """Go to the first line at or after the cursor that holds `text` (case ignored); "" ends the find."""
        needle = text.lower()
        if (needle, inverted) != (self._needle, self._inverted):
            self._needle, self._inverted = needle, inverted
            self._drawn.clear()
            self.refresh()
        here = self.place()
        return self._go(lambda hits: next((i for i, hit in enumerate(hits) if hit >= here), 0))

    def find_next(self) -> Found:
        """Go to the next match, round the end."""
        here = self.place()
        return self._go(lambda hits: next((i for i, hit in enumerate(hits) if hit > here), 0))

    def find_previous(self) -> Found:
        """Go to the match before, round the start."""
        here = self.place()
        return self._go(lambda hits: next((i for i in range(len(hits) - 1, -1, -1) if hits[i] < here), len(hits) - 1))

    def _go(self, pick: Callable[[list[int]], int]) -> Found:
        hits = self.matches(self._needle, inverted=self._inverted) if self._needle else []
        if not hits:
            return Found(0, 0)
        at = pick(hits)
        self.go_to(hits[at])
        return Found(at + 1, len(hits))

    # Keys and mouse

    def action_cursor_down(self) -> None:
        self.move(self._cursor + 1)

    def action_cursor_up(self) -> None:
        self.move(self._cursor - 1, direction=-1)

    def action_page_down(self) -> None:
        self._page(1)

    def action_page_up(self) -> None:
        self._page(-1)

    def _page(self, direction: int) -> None:
        """A page on: the view moves by what it shows less one line and the cursor keeps its place in it."""
        step = direction * max(1, self.page - 1)
        self._scroll(round(self.scroll_y) + step)
        self.move(self._cursor + step, direction=direction)

    def action_first(self) -> None:
        self.move(0)

    def action_last(self) -> None:
        self.move(self.line_count() - 1, direction=-1)

    def action_choose(self) -> None:
        if self._cursor >= 0:
            self.post_chosen()

    def action_find_next(self) -> None:
        self.find_next()

    def action_find_previous(self) -> None:
        self.find_previous()

    def index_at(self, y: int) -> int:
        """The index of the line shown at `y` of the view, -1 where there is none."""
        index = y - self.header_height + round(self.scroll_y)
        return index if y >= self.header_height and 0 <= index < self.line_count() else -1

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or (index := self.index_at(offset.y)) < 0 or self.skips(index):
            return
        event.stop()
        self.move(index)
        if event.chain == 2:
            self.post_chosen()

    def on_focus(self) -> None:
        self._refresh_line(self._cursor)

    def on_blur(self) -> None:
        self._refresh_line(self._cursor)
