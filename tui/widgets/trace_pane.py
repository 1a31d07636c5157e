"""Which fields the message read: a tree, bright where it read, dim where it did not, red where nothing was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from textual.app import App
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from core.clean import safe
from core.fieldtree import FieldLine, FieldState
from core.printed import field_text
from core.render import Read
from tui import glyphs
from tui.frame import Head
from tui.theme import Inks, inks
from tui.widgets.findbar import FindPane
from tui.widgets.flow import Flow
from tui.widgets.lines import cell_segments, fit, matched
from tui.widgets.text_lines import FindsWhenAsked

_MOST_DEPTH = 8
_LEAST_VALUE = 4  # cells
_LEAST_NAME = 10
_SHORT_VALUE = 6  # shown whole rather than every line that read it
_MOST_SAID = 22  # cells beside the name of the narrowest column there is


class TraceTree(FindsWhenAsked):
    """Set `fields`; the cursor posts `Highlighted` with the lines that read its field, Enter posts `Chosen`."""

    class Highlighted(Message):
        """The cursor stands on a field that was read on `lines` of the template, counted from 1."""

        def __init__(self, lines: tuple[int, ...]) -> None:
            super().__init__()
            self.lines = lines

    class Chosen(Message):
        """A field was opened that was read on `line`."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    class Told(Message):
        """This is the field that is looked at, by the cursor here or by the one in the template; None: none is."""

        def __init__(self, field: FieldLine | None) -> None:
            super().__init__()
            self.field = field

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._told: FieldLine | None = None
        self._fields: tuple[FieldLine, ...] = ()
        self._lit: frozenset[Read] = frozenset()

    @property
    def lit(self) -> frozenset[Read]:
        """What the expression under the editor's cursor read; the first field of it is brought into view."""
        return self._lit

    @lit.setter
    def lit(self, reads: frozenset[Read]) -> None:
        if reads == self._lit:
            return
        self._lit = reads
        self._drawn.clear()
        first = self._first_lit()
        if first >= 0 and not self.has_focus:
            self._reveal(first)
        self.refresh()
        self._tell()

    @property
    def fields(self) -> Sequence[FieldLine]:
        """The lines shown; setting them keeps the cursor on its field."""
        return self._fields

    @fields.setter
    def fields(self, fields: Sequence[FieldLine]) -> None:
        if tuple(fields) == self._fields:
            return
        stood = self._fields[self._cursor] if 0 <= self._cursor < len(self._fields) else None
        self._fields = tuple(fields)
        self._drawn.clear()
        alike = [at for at, one in enumerate(self._fields) if stood is not None and one.path == stood.path]
        same = [at for at in alike if stood is not None and self._fields[at].lines == stood.lines]
        self.settle([*same, *alike, 0][0])
        self._tell()

    def _first_lit(self) -> int:
        return next((at for at, field in enumerate(self._fields) if not field.reads.isdisjoint(self._lit)), -1)

    def line_count(self) -> int:
        return len(self._fields)

    def line_key(self, index: int) -> int:
        return index

    def line_value(self, index: int) -> FieldLine:
        return self._fields[index]

    def _state(self, index: int) -> int:
        return super()._state(index) if self.has_focus else 0

    def draw(self, index: int, width: int, ink: Inks, *, selected: bool) -> list[Segment]:
        field, signs = self._fields[index], glyphs.current()
        line = Text(_branches(field), ink.faint)
        read, missing = field.state is FieldState.READ, field.state is FieldState.MISSING
        quiet = field.state in (FieldState.UNREAD, FieldState.MORE)
        label = ink.danger if missing else ink.faint if quiet else ink.bold if field.depth == 0 else ink.ink
        said, place, room = _beside(field, width - line.cell_len)
        line.append(fit(field.label, room, signs.ellipsis), label)
        line.append(f" {said}" if said else "", ink.danger if missing else ink.bright if read else ink.faint)
        if place:
            line.pad_right(width - line.cell_len - cell_len(place))
            line.append(place, ink.danger if missing else ink.accent)
        if not field.reads.isdisjoint(self._lit):
            line.stylize(ink.match)
        shown = matched(line, self._needle, ink.match) if self._needle and not self._inverted else line
        return cell_segments(shown, width, "left", self.app.console, signs.ellipsis)

    def matches(self, needle: str, *, inverted: bool) -> list[int]:
        return [
            index
            for index, field in enumerate(self._fields)
            if (needle in f"{field.label} {field.value}".lower()) is not inverted
        ]

    def post_highlighted(self) -> None:
        if 0 <= self._cursor < len(self._fields):
            self.post_message(self.Highlighted(self._fields[self._cursor].lines))
        self._tell()

    def _tell(self) -> None:
        at = self._cursor if self.has_focus else self._first_lit()
        told = self._fields[at] if 0 <= at < len(self._fields) else None
        if told != self._told:
            self._told = told
            self.post_message(self.Told(told))

    def on_focus(self) -> None:
        self.post_highlighted()

    def on_blur(self) -> None:
        self.post_message(self.Highlighted(()))
        self._tell()

    def post_chosen(self) -> None:
        """Enter: to the line that read it."""
        field = self._fields[self._cursor]
        if field.lines:
            self.post_message(self.Chosen(field.lines[0]))


def _branches(field: FieldLine) -> str:
    """The tree's lines to the left of a field."""
    if not field.depth:
        return ""
    plain = glyphs.current() is glyphs.ASCII
    on, off, middle, last = ("| ", "  ", "+ ", "` ") if plain else ("│ ", "  ", "├ ", "└ ")
    above = "".join(on if goes_on else off for goes_on in field.open_above[-_MOST_DEPTH:])
    return above + (last if field.is_last else middle)


def _beside(field: FieldLine, width: int) -> tuple[str, str, int]:
    """What stands behind a field's name and at the right end, and the cells there are for the name.

    The lines that read it stay; its value is cut, or left out rather than shown as a stump. Of what is missing at
    least the sign stays.
    """
    signs = glyphs.current()
    name = cell_len(field.label)
    places = _places(field.lines)
    if field.state is FieldState.MISSING:
        ways = [(said, place) for said in (f"{signs.cross} missing", signs.cross) for place in places]
        said, place = next((way for way in ways if name + sum(map(cell_len, way)) + 3 <= width), ways[-1])
        return said, place, max(width - cell_len(said) - cell_len(place) - 3, 1)
    wanted = name + 2 + (whole + 1 if (whole := cell_len(field.value)) <= _SHORT_VALUE else 0)
    fitting = [one for room in (wanted, name + 2) for one in places if room + cell_len(one) <= width]
    place = fitting[0] if fitting else places[-1]
    taken = cell_len(place) + 2 if place else 0
    room = width - name - taken - 1
    if room >= min(whole, _LEAST_VALUE):
        return fit(field.value, room, signs.ellipsis), place, name
    if whole <= _SHORT_VALUE and (room := width - taken - whole - 1) >= _LEAST_NAME:
        return field.value, place, room
    return "", place, max(width - taken, 1)


def _places(lines: tuple[int, ...]) -> tuple[str, ...]:
    """`line 7`, `lines 2, 4`, and the shortest that says as much."""
    if not lines:
        return ("",)
    ellipsis = glyphs.current().ellipsis
    if len(lines) == 1:
        return (f"line {lines[0]}",)
    shown = ", ".join(map(str, lines[:3])) + (ellipsis if len(lines) > 3 else "")
    return (f"lines {shown}", f"lines {lines[0]}{ellipsis}")


class TracePane(Vertical):
    """The tree under its head, `7 of 31 fields read`; below it the field that is looked at, whole."""

    DEFAULT_CSS = """
    TracePane { height: 1fr; width: 1fr; }
    TracePane Head { margin: 0 0 1 1; }
    TracePane #trace-field { height: 2; margin: 1 0 1 1; }
    """
    app: App[Any]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._told: object = None

    def compose(self) -> Sequence[Widget]:
        """Head and tree."""
        tree = TraceTree()
        tree.empty = "nothing read yet"
        return [Head(), FindPane(tree), Flow(id="trace-field")]

    @property
    def tree_lines(self) -> TraceTree:
        """The tree."""
        return self.query_one(TraceTree)

    def on_trace_tree_told(self, message: TraceTree.Told) -> None:
        """Its whole path, and as much of its value as there is room for."""
        message.stop()
        ink, signs, field = inks(self.app), glyphs.current(), message.field
        rows = []
        if field is not None and field.state is not FieldState.MORE:
            path, room = safe(field_text(field.path)), max(self.size.width - 1, 1)
            cut = path if cell_len(path) <= room else signs.ellipsis + path[len(path) - room + 1 :]
            missing = field.state is FieldState.MISSING
            value = f"{signs.cross} missing" if missing else field.value
            rows = [[Text(cut, ink.dim)], [Text(value, ink.danger if missing else ink.bright)]]
        self.query_one("#trace-field", Flow).show(rows)

    def show(self, fields: Sequence[FieldLine], read: int, total: int | None) -> None:
        """The fields of a render, how many it read and how many there are (None: not counted)."""
        ink: Inks = inks(self.app)
        self.tree_lines.fields = fields
        if self._told == (told := (read, total, bool(fields), self.app.theme)):
            return
        self._told = told
        words = f"{read} field{'s' * (read != 1)} read" if total is None else f"{read:,} of {total:,} fields read"
        if total is not None and len(words) > _MOST_SAID:
            words = f"{read:,} of {total:,}"
        self.query_one(Head).show(Text.assemble(("Trace", ink.bold)), Text(words if fields else "", ink.dim))
