"""What is wrong with a template: place, words, what to do; opening one leads to it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.text import Text
from textual.geometry import Size
from textual.message import Message

from core.clean import safe
from core.render import Problem, Severity
from tui import glyphs
from tui.theme import Inks
from tui.widgets.lines import cell_segments, steady
from tui.widgets.text_lines import FindsWhenAsked, breaks

INKS: dict[Severity, str] = {"error": "danger", "warning": "warn", "hint": "faint"}
_HINT = 2  # cells that what to do stands further in
_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "hint": 2}


def sign_of(severity: Severity) -> str:
    """A shape for each severity, so that it can be told without colour."""
    signs = glyphs.current()
    return {"error": signs.cross, "warning": signs.warn, "hint": signs.bullet}[severity]


def count_words(problems: Sequence[Problem]) -> str:
    """`1 error · 2 hints`, or `none`."""
    counts = [(sum(problem.severity == kind for problem in problems), kind) for kind in _RANK]
    middle = f" {glyphs.current().middle} "
    return middle.join(f"{count} {kind}{'s' * (count != 1)}" for count, kind in counts if count) or "none"


class ProblemList(FindsWhenAsked):
    """Set `problems`; Enter posts `Chosen`. Errors first, then by place."""

    DEFAULT_CSS = """
    ProblemList { height: auto; max-height: 9; display: none; }
    ProblemList.-some { display: block; }
    """

    class Chosen(Message):
        """A problem was opened."""

        def __init__(self, problem: Problem) -> None:
            super().__init__()
            self.problem = problem

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._problems: tuple[Problem, ...] = ()
        self._rows: list[tuple[Problem, str, int]] = []  # a problem, a piece of its words, which piece
        self._rows_for = -1

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems in the order shown."""
        return self._problems

    @problems.setter
    def problems(self, problems: Sequence[Problem]) -> None:
        ranked = sorted(problems, key=lambda one: (_RANK[one.severity], one.line, one.column))
        if tuple(ranked) == self._problems:
            return
        self._problems = tuple(ranked)
        self.set_class(bool(ranked), "-some")
        self._lay_out()

    @property
    def current(self) -> Problem | None:
        """The problem under the cursor."""
        return self._rows[self._cursor][0] if 0 <= self._cursor < len(self._rows) else None

    def stand_on(self, problem: Problem) -> None:
        """Put the cursor on a problem."""
        for index, (one, _, piece) in enumerate(self._rows):
            if one is problem and piece == 0:
                self.move(index)

    def _reveal(self, target: int) -> None:
        """The whole problem, what to do about it too; its first line where both do not fit."""
        last = target
        while last + 1 < len(self._rows) and self._rows[last + 1][0] is self._rows[target][0]:
            last += 1
        super()._reveal(last)
        super()._reveal(target)

    @property
    def _text_width(self) -> int:
        """Cells a line may fill; those of the scrollbar are kept free, for it comes without a resize."""
        bar = 0 if self.show_vertical_scrollbar else self.styles.scrollbar_size_vertical
        return max(self.line_width - 1 - bar, 1)

    def _lay_out(self) -> None:
        width = self._text_width
        self._rows_for = width
        room = max(width - self._indent(), 12)
        self._rows = []
        for problem in self._problems:
            piece = 0
            for words in filter(None, (problem.message, problem.hint)):
                text = steady(safe(words))
                starts = breaks(text, room if words is problem.message else room - _HINT)
                for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
                    row = text[start:end].rstrip(" ")  # the blank at which it was broken may have no room
                    self._rows.append((problem, row, piece if words is problem.message else -1))
                    piece += 1
        self._drawn.clear()
        self.virtual_size = Size(0, len(self._rows))
        self.settle(0)
        self.refresh(layout=True)

    def _indent(self) -> int:
        return max((len(_place(problem)) for problem in self._problems), default=0) + 3

    def on_resize(self) -> None:
        """Another width wraps otherwise."""
        if self._text_width != self._rows_for:
            self._lay_out()

    def line_count(self) -> int:
        return len(self._rows)

    def line_key(self, index: int) -> int:
        return index

    def line_value(self, index: int) -> tuple[Problem, str, int]:
        return self._rows[index]

    def skips(self, index: int) -> bool:
        """The cursor stands on the first line of each."""
        return self._rows[index][2] != 0

    def draw(self, index: int, width: int, ink: Inks, *, selected: bool) -> list[Segment]:
        problem, words, piece = self._rows[index]
        style = getattr(ink, INKS[problem.severity])
        indent = self._indent()
        line = Text(no_wrap=True)
        if piece == 0:
            line.append(f"{sign_of(problem.severity)} {_place(problem)}".ljust(indent), style + ink.strong)
        else:
            line.append(" " * indent)
        if piece < 0:
            line.append(" " * _HINT)
        line.append(words, ink.dim if piece < 0 else ink.ink)
        return cell_segments(line, width, "left", self.app.console, glyphs.current().ellipsis)

    def matches(self, needle: str, *, inverted: bool) -> list[int]:
        return [
            index
            for index, (_, words, piece) in enumerate(self._rows)
            if not piece and (needle in words.lower()) != inverted
        ]

    def _state(self, index: int) -> int:
        return super()._state(index) if self.has_focus else 0

    def post_chosen(self) -> None:
        """Enter: go there."""
        if self.current is not None:
            self.post_message(self.Chosen(self.current))


def _place(problem: Problem) -> str:
    return f"{problem.line}:{problem.column}"
