"""The template and what stands under it: problems, and whose data it is rendered with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.text import Text
from textual.app import App
from textual.containers import Vertical
from textual.widget import Widget

from core.clean import safe
from core.messages import Draft
from core.render import Problem
from tui import glyphs
from tui.frame import Head
from tui.theme import inks
from tui.widgets.flow import Flow
from tui.widgets.labels import title
from tui.widgets.lines import fit
from tui.widgets.problem_list import INKS, ProblemList, count_words
from tui.widgets.template_editor import TemplateEditor, Underline


class WritingPane(Vertical):
    """Head, editor, problems, data line; it decides nothing."""

    DEFAULT_CSS = """
    WritingPane { background: $pane; padding: 0 2 0 1;
        & #draft-head { margin: 0 0 1 1; }
        & TemplateEditor { margin: 0 0 0 1; }
        & #problems-title { margin: 1 0 0 1; }
        & #data-line { margin: 1 0 1 1; }
    }
    """
    app: App[Any]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        # Painting what is already there costs a keystroke its time.
        self._head: object = None
        self._listed: object = None
        self._led: tuple[Problem, tuple[int, int]] | None = None  # where the cursor was put, and for which problem

    def compose(self) -> Iterator[Widget]:
        """From top to bottom."""
        yield Head(id="draft-head")
        yield TemplateEditor(id="editor")
        yield Head(id="problems-title")
        yield ProblemList(id="problems")
        yield Flow(id="data-line")

    @property
    def editor(self) -> TemplateEditor:
        """The editor."""
        return self.query_one(TemplateEditor)

    @property
    def problem_list(self) -> ProblemList:
        """The problems."""
        return self.query_one(ProblemList)

    def show_draft(self, draft: Draft, kind: str, beyond: Text | None = None) -> None:
        """The name, whether it is saved, where it came from; or, instead of that, what lies `beyond` this pane."""
        shown = (draft.name, draft.is_saved, draft.origin, kind, beyond, self.app.theme)
        if shown == self._head:
            return
        self._head = shown
        ink, signs = inks(self.app), glyphs.current()
        left = Text.assemble((safe(draft.name), ink.bold))
        if not draft.is_saved:
            left.append(f" {signs.dot}", ink.warn)
        words = [word for word in (safe(draft.origin), kind) if word]
        self.query_one("#draft-head", Head).show(left, beyond or Text(f" {signs.middle} ".join(words), ink.dim))

    def show_problems(self, found: Sequence[Problem] | None) -> None:
        """List them and underline their places; None: nobody knows yet."""
        ink, problems = inks(self.app), tuple(found or ())
        told = (problems, found is None, self.app.theme)
        if self._listed == told:
            return
        self._listed = told
        words = glyphs.current().ellipsis if found is None else count_words(problems)
        self.query_one("#problems-title", Head).show(Text.assemble(title("PROBLEMS", ink, note=words)))
        self.problem_list.problems = problems
        self.editor.underlines = [
            Underline(one.line - 1, one.column - 1, one.end_line - 1, one.end_column - 1, INKS[one.severity])
            for one in problems
            if one.severity != "hint"
        ]

    def show_data(self, words: Sequence[str], offer: str) -> None:
        """Whose data, how old; the offer whose trigger properties it has."""
        ink = inks(self.app)
        rows = [[Text(safe(word), ink.dim) for word in words]]
        if offer:
            key = Text.assemble(("c", ink.key), (" chooses", ink.faint))
            rows.append([Text.assemble(("offer ", ink.faint), (fit(safe(offer), 40), ink.dim)), key])
        self.query_one(Flow).show(rows, lead=title("DATA", ink, note=" "))

    def next_problem(self, step: int) -> Problem | None:
        """The problem after (or before) the cursor in the text, round the end; errors and the rest alike."""
        problems = sorted(self.problem_list.problems, key=lambda one: (one.line, one.column))
        if not problems:
            return None
        here = self.editor.place
        if self._led is not None and self._led[1] == here and self._led[0] in problems:
            return problems[(problems.index(self._led[0]) + step) % len(problems)]
        if step > 0:
            return next((one for one in problems if (one.line, one.column) > here), problems[0])
        return next((one for one in reversed(problems) if (one.line, one.column) < here), problems[-1])

    def lead_to(self, problem: Problem) -> None:
        """Put the cursor where the problem is, and go there."""
        self.point_at(problem)
        self.editor.shown_rows = frozenset()
        self.editor.focus()

    def point_at(self, problem: Problem) -> None:
        """Put the cursor where the problem is and mark its line; the focus stays where it is."""
        self.problem_list.stand_on(problem)
        self.editor.go_to(problem.line, problem.column)
        self._led = problem, self.editor.place
        self.editor.shown_rows = frozenset() if self.editor.has_focus else frozenset({self._led[1][0] - 1})
