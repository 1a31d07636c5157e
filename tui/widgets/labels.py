"""Facts in aligned columns and the titles above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from rich.cells import cell_len, chop_cells
from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import App, RenderResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from tui import glyphs
from tui.theme import Inks, inks
from tui.widgets.lines import fit, unjoined

_GAP = 2
_LEAST_VALUE = 12


class Mark(Enum):
    """A sign before or behind a value, each with its own shape: never a colour alone."""

    NONE = ""
    GOOD = "check"
    BAD = "cross"
    WARN = "warn"
    CLOCK = "clock"


class Tone(Enum):
    """How loud a value is: the name of an ink."""

    INK = "ink"
    BOLD = "bold"
    DIM = "dim"
    FAINT = "faint"
    ACCENT = "accent"
    WARN = "warn"
    DANGER = "danger"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: `label` dim, `value` in its tone, then `mark` and `note`; `key` names it when the line can be chosen.

    A value that is a `Text` keeps its own styles; none of the three is read as markup.
    """

    label: str
    value: str | Text = ""
    note: str | Text = ""
    mark: Mark = Mark.NONE
    tone: Tone = Tone.INK
    key: str = ""


_MARK_INK = {Mark.GOOD: "ok", Mark.BAD: "danger", Mark.WARN: "warn", Mark.CLOCK: "warn", Mark.NONE: "dim"}


def title(text: str, ink: Inks, *, note: str = "") -> Text:
    """A section's title, with a faint note beside it."""
    bold = ink.dim + ink.strong
    return unjoined(Text.assemble((f"{text}  ", bold), (note, ink.faint)) if note else Text(text, style=bold))


def wrap(text: Text, width: int) -> list[Text]:
    """`text` over lines of at most `width` cells, cut between words and inside words that are longer; at least one."""
    lines: list[Text] = []
    for paragraph in text.split("\n", allow_blank=True):
        if paragraph.cell_len <= width:
            lines.append(paragraph)
        else:
            lines += paragraph.divide(_breaks(paragraph.plain, width))
    return lines


def _breaks(plain: str, width: int) -> list[int]:
    """Where to cut `plain` so that no piece is wider than `width` cells."""
    cuts, start = [], 0
    while cell_len(rest := plain[start:]) > width:
        room = len(chop_cells(rest, max(width, 2))[0])
        space = rest.rfind(" ", 0, room)
        start += space + 1 if space > 0 else max(room, 1)
        cuts.append(start)
    return cuts


def facts_text(
    facts: Sequence[Fact], width: int, ink: Inks, *, label_width: int | None = None, chosen: int = -1
) -> tuple[Text, list[int]]:
    """The facts drawn for `width` cells, and for each line the index of the fact it belongs to.

    Labels share one column; where a value does not fit beside it the value goes on under itself, and where the columns
    leave a value less than 12 cells it starts under its label.
    """
    signs = glyphs.current()
    column = max((cell_len(fact.label) for fact in facts), default=0) if label_width is None else label_width
    beside = width - column - _GAP >= _LEAST_VALUE
    indent = column + _GAP if beside else _GAP
    lines: list[Text] = []
    owners: list[int] = []
    for number, fact in enumerate(facts):
        shown = _value(fact, ink)
        label = fit(fact.label, column if beside else width, signs.ellipsis)
        pieces = wrap(shown, max(width - indent, 1))
        own = [] if beside else [Text(label, style=ink.dim)]
        for at, piece in enumerate(pieces):
            lead = label if beside and at == 0 else ""
            own.append(Text(lead + " " * (indent - cell_len(lead)), style=ink.dim).append_text(piece))
        if number == chosen:
            for line in own:
                line.pad_right(max(0, width - line.cell_len))
                line.stylize_before(ink.cursor + ink.strong)
        lines += own
        owners += [number] * len(own)
    return Text("\n").join(lines), owners


def _value(fact: Fact, ink: Inks) -> Text:
    def inked(name: str) -> Style:
        style: Style = getattr(ink, name)
        return style

    shown = fact.value.copy() if isinstance(fact.value, Text) else Text(fact.value, style=inked(fact.tone.value))
    whole = Text("").append_text(shown)
    if fact.mark is not Mark.NONE:
        sign = getattr(glyphs.current(), fact.mark.value)
        whole.append("  " if whole.plain else "").append(sign, style=inked(_MARK_INK[fact.mark]))
    if fact.note:
        gap = " " if fact.mark is not Mark.NONE else "  "
        note = fact.note if isinstance(fact.note, Text) else Text(fact.note, style=ink.dim)
        whole.append(gap if whole.plain else "").append_text(note)
    return unjoined(whole)


class Facts(Widget):
    """Label, value, mark and note in aligned columns, as high as it needs to be.

    With `selectable` it takes the focus, arrows walk over the facts that have a `key`, and Enter posts `Chosen`.
    """

    DEFAULT_CSS = """
    Facts { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "step(1)", "Next", show=False, id="facts.down", tooltip="The next fact"),
        Binding("up,k", "step(-1)", "Previous", show=False, id="facts.up", tooltip="The fact before"),
        Binding("enter", "choose", "Open", show=False, id="facts.choose", tooltip="Open this fact"),
    ]

    app: App[Any]

    class Chosen(Message):
        """A fact was opened."""

        def __init__(self, facts: Facts, fact: Fact) -> None:
            super().__init__()
            self.facts_widget = facts
            self.fact = fact

        @property
        def control(self) -> Facts:
            """The widget."""
            return self.facts_widget

    def __init__(
        self,
        facts: Sequence[Fact] = (),
        *,
        label_width: int | None = None,
        selectable: bool = False,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.can_focus = selectable
        self._facts = tuple(facts)
        self._label_width = label_width
        self._cursor = self._first()
        self._owners: list[int] = []

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown; setting it keeps the chosen key and lays out again only when the height changes."""
        return self._facts

    @facts.setter
    def facts(self, facts: Sequence[Fact]) -> None:
        if tuple(facts) == self._facts:
            return
        key = self.current.key if self.current else ""
        before = self._height(self.size.width)
        self._facts = tuple(facts)
        self._cursor = next((i for i, fact in enumerate(self._facts) if key and fact.key == key), self._first())
        self.refresh(layout=self._height(self.size.width) != before)

    @property
    def current(self) -> Fact | None:
        """The fact the arrows stand on; None where none has a key."""
        return self._facts[self._cursor] if 0 <= self._cursor < len(self._facts) else None

    def _first(self) -> int:
        return next((i for i, fact in enumerate(self._facts) if fact.key), -1)

    def _drawn(self, width: int) -> tuple[Text, list[int]]:
        chosen = self._cursor if self.can_focus and self.has_focus else -1
        return facts_text(self._facts, max(width, 1), inks(self.app), label_width=self._label_width, chosen=chosen)

    def _height(self, width: int) -> int:
        return len(self._drawn(width)[1])

    def get_content_height(self, container: Any, viewport: Any, width: int) -> int:
        """As many lines as the facts need in `width` cells."""
        return self._height(width)

    def render(self) -> RenderResult:
        """The facts as they fit now."""
        text, self._owners = self._drawn(self.size.width)
        return text

    def action_step(self, by: int) -> None:
        at = self._cursor + by
        while 0 <= at < len(self._facts):
            if self._facts[at].key:
                self._cursor = at
                self.refresh()
                return
            at += by

    def action_choose(self) -> None:
        if self.current is not None:
            self.post_message(self.Chosen(self, self.current))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if not self.can_focus or offset is None or not 0 <= offset.y < len(self._owners):
            return
        at = self._owners[offset.y]
        if self._facts[at].key:
            self._cursor = at
            self.refresh()
            if event.chain == 2:
                self.action_choose()
