"""Long text, wrapped to the width, drawn line by line: a message may have thousands of lines and shows at once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import ClassVar

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from core.readable import Line, Span, Tone
from tui import glyphs
from tui.theme import Inks
from tui.widgets.found_rows import lowered, places_in, rows_found
from tui.widgets.line_list import LineList
from tui.widgets.lines import cell_segments, steady
from tui.widgets.splices import NOTHING_KEPT, Kept, Row, kept, spliced

_MOST_ROWS = 50_000


def breaks(text: str, width: int, hang: int = 0) -> list[int]:
    """Where rows of at most `width` cells begin in `text`, between words that fit a row; always holds 0.

    Rows after the first have `hang` cells less.
    """
    if width - hang < 2 or cell_len(text) <= width:
        return [0]
    starts, at, room, ascii_only = [0], 0, width, text.isascii()
    while True:
        end, cells = (at + room, 0) if ascii_only else (at, 0)
        while not ascii_only and end < len(text) and (cells := cells + get_character_cell_size(text[end])) <= room:
            end += 1
        if end >= len(text):
            return starts
        space = text.rfind(" ", at + 1, end + 1)
        is_word_apart = space > 0 and text[at:space].strip() and _fits(text, space + 1, width - hang)
        at = space + 1 if is_word_apart else max(end, at + 1)
        if at >= len(text):
            return starts
        starts.append(at)
        room = width - hang


def _fits(text: str, start: int, room: int) -> bool:
    """Whether the word at `start` has room in a row of its own; one that has not is broken where it stands."""
    stop = text.find(" ", start, start + room + 1)
    return cell_len(text[start : stop if stop >= 0 else start + room + 1]) <= room


_ITEM = re.compile(r" *(?:• |\d{1,3}\. )? *")


def hang_of(text: str, width: int) -> int:
    """How far later rows of a line stand in: under the words of an item, under its own indent otherwise."""
    match = _ITEM.match(text)
    indent = cell_len(match[0]) if match else 0
    return indent if indent * 2 < width else 0


def label_width(line: Line, width: int) -> int:
    """The cells of a label that stands in a column of its own before the text; 0 where there is none."""
    if len(line) < 2 or line[0].tone != "faint" or not line[0].text.endswith("  "):
        return 0
    label = cell_len(line[0].text)
    return label if label * 2 < width else 0


_Stretch = tuple[int, int, int]  # a row of a line: from, to, indent


def _wrapped(line: Line, text: str, room: int) -> list[_Stretch]:
    hang = label_width(line, room) or hang_of(text, room)
    starts = breaks(text, room, hang)
    hangs = [0] + [hang] * (len(starts) - 1)
    return [*zip(starts, [*starts[1:], len(text)], hangs, strict=True)]


class FindsWhenAsked(LineList):
    """A list whose `n` and `N` are its own only while a find is on, so that the room may have them otherwise."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a key of the list acts now."""
        return self.finding if action in ("find_next", "find_previous") else True


class TextLines(FindsWhenAsked):
    """Set `lines`; the cursor shows only while it has the focus, Enter posts `Chosen`. Text is never markup."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "page_down", "Page down", show=False, id="text.page_down", tooltip="A page down"),
    ]

    class Chosen(Message):
        """Enter was pressed."""

    class Highlighted(Message):
        """The cursor stands on another line of `lines` (from 0); None: nowhere, for the focus left."""

        def __init__(self, text: TextLines, line: int | None) -> None:
            super().__init__()
            self.text, self.line = text, line

        @property
        def control(self) -> TextLines:
            """Who posted it."""
            return self.text

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._given: tuple[Line, ...] = ()
        self._lines: tuple[Line, ...] = ()  # the same, steady
        self._kinds: tuple[str, ...] = ()  # of the lines, where they differ in more than their words
        self._rows: list[Row] = []
        self._wrapped: dict[tuple[Line, int], list[_Stretch]] = {}  # by the room a line had that needs several rows
        self._rows_for = -1
        self._ends: dict[int, list[int]] = {}  # of a line's spans, once it was drawn
        self._low: dict[int, str] = {}  # the words of a line, once it was drawn with a find on

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown."""
        return self._lines

    @lines.setter
    def lines(self, lines: Sequence[Line]) -> None:
        self._set(lines, ("plain",) * len(lines))

    def _set(self, lines: Sequence[Line], kinds: Sequence[str]) -> None:
        """Other lines: what stays as it was in front and behind keeps its rows, for a key changes one of thousands."""
        before, count = self._given, len(lines)
        given, kinds = tuple(lines), tuple(kinds)
        same = kept(min(len(before), count), (before, given), (self._kinds, kinds))
        if same.first == count == len(before):
            return
        middle = map(_steady, given[same.first : count - same.behind])
        self._lines = (*self._lines[: same.first], *middle, *self._lines[len(before) - same.behind :])
        self._given, self._kinds, self._ends, self._low = given, kinds, {}, {}
        self._lay_out(same, len(before))

    @property
    def plain(self) -> str:
        """The whole text."""
        return "\n".join("".join(span.text for span in line) for line in self._lines)

    def _lay_out(self, same: Kept, before: int) -> None:
        """Wrap the lines but those that are the `same` as of the `before` there were."""
        width, count = self.text_width, len(self._lines)
        if width != self._rows_for:
            same = NOTHING_KEPT
        elif len(self._rows) >= _MOST_ROWS:
            same = Kept(same.first, 0)
        self._rows_for = width
        fresh = (self._rows_of(number, width) for number in range(same.first, count - same.behind))
        self._rows, first, tail, behind = spliced(self._rows, same, (before, count), fresh, _MOST_ROWS)
        moved, there = behind - tail, len(self._rows)
        self._drawn = {
            (at if at < first else at + moved, state): drawn
            for (at, state), drawn in self._drawn.items()
            if at < first or tail <= at < there - moved
        }
        self.settle(min(max(self._cursor, 0), there - 1))

    def _rows_of(self, number: int, width: int) -> list[Row]:
        line, room = self._lines[number], self.room_of(number, width)
        text = "".join([text for text, _ in line])
        if len(text) <= room and text.isascii():
            return [(number, 0, len(text), 0)]
        if len(self._wrapped) > 2 * len(self._lines):
            self._wrapped.clear()
        if (stretches := self._wrapped.get((line, room))) is None:
            stretches = self._wrapped[line, room] = _wrapped(line, text, room)
        return [(number, *one) for one in stretches]

    @property
    def text_width(self) -> int:
        """Cells a row may fill: room for the scrollbar is kept, so that rows stay as they are when it appears."""
        bar = 0 if self.show_vertical_scrollbar else self.styles.scrollbar_size_vertical
        return max(self.line_width - 1 - bar, 1)

    def room_of(self, number: int, width: int) -> int:
        """How many of `width` cells line `number` may fill."""
        return width

    def on_resize(self) -> None:
        """Another width wraps otherwise."""
        if self.text_width != self._rows_for:
            self._lay_out(NOTHING_KEPT, len(self._lines))

    def line_count(self) -> int:
        return len(self._rows)

    def line_key(self, index: int) -> int:
        return index

    def line_value(self, index: int) -> Line:
        return self._lines[self._rows[index][0]]

    def _state(self, index: int) -> int:
        return super()._state(index) if self.has_focus else 0

    def draw(self, index: int, width: int, ink: Inks, *, selected: bool) -> list[Segment]:
        number, start, end, hang = self._rows[index]
        line, row = self._lines[number], Text(" " * hang, no_wrap=True, end="")
        if number not in self._ends:
            self._ends[number] = list(accumulate(len(span.text) for span in line))
        ends = self._ends[number]  # a message may be one line of thousands of spans
        first = bisect_right(ends, start)
        for span, stop in zip(line[first:], ends[first:], strict=True):
            at = stop - len(span.text)
            if at >= end:
                break
            row.append(span.text[max(start - at, 0) : end - at], _style(span.tone, ink))
        if self._needle and not self._inverted:
            for at in self._found_in(number, start, end):
                row.stylize(ink.match, max(at - start, 0) + hang, min(at + len(self._needle), end) - start + hang)
        if row.cell_len > width:
            row.rstrip()  # the blank at which a row was broken may stand outside
        return cell_segments(row, width, "left", self.app.console, glyphs.current().ellipsis)

    def matches(self, needle: str, *, inverted: bool) -> list[int]:
        return rows_found(self._rows, self._lowered, needle, inverted=inverted)

    def _lowered(self, number: int) -> str:
        return lowered("".join([text for text, _ in self._lines[number]]))

    def _found_in(self, number: int, start: int, end: int) -> list[int]:
        """Where in a line begins what is looked for and reaches into this stretch of it."""
        if number not in self._low:
            self._low[number] = self._lowered(number)
        return places_in(self._low[number], self._needle, start, end)

    def go_to(self, place: int) -> None:
        """To the row, with those below in view too in which the match goes on."""
        super().go_to(place)
        if not self._needle or self._inverted or not 0 <= place < len(self._rows):
            return
        number, start, end, _ = self._rows[place]
        stop = max(self._found_in(number, start, end), default=start) + len(self._needle)
        last = place
        while last + 1 < len(self._rows) and self._rows[last + 1][0] == number and self._rows[last + 1][1] < stop:
            last += 1
        self._reveal(last)
        self._reveal(place)

    def post_chosen(self) -> None:
        """Enter: the owner knows what it means."""
        self.post_message(self.Chosen())

    def post_highlighted(self) -> None:
        """Which line the cursor is on, while it can be seen."""
        if self.has_focus:
            self._post_line()

    def _post_line(self) -> None:
        if 0 <= self._cursor < len(self._rows):
            self.post_message(self.Highlighted(self, self._rows[self._cursor][0]))

    def on_focus(self) -> None:
        """The cursor shows; Textual says so before `has_focus` does."""
        self._post_line()

    def on_blur(self) -> None:
        """The cursor hides."""
        self.post_message(self.Highlighted(self, None))


def _steady(line: Line) -> Line:
    """The very line where nothing in it is unsteady, for a message may have thousands."""
    for text, _ in line:
        if steady(text) is not text:
            break
    else:
        return line
    return tuple(Span(steady(text), tone) for text, tone in line)


def _style(tone: Tone, ink: Inks) -> Style:
    return {
        "plain": ink.ink,
        "strong": ink.bold,
        "heading": ink.bold,
        "link": ink.accent + ink.underline,
        "faint": ink.faint,
    }[tone]
