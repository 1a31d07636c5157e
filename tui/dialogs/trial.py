"""A message tried several times: a table that fills as renders come back, one row's message beside or behind it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.style import Style
from rich.table import Column as GridColumn
from rich.table import Table
from rich.text import Text
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from core.clean import safe
from core.copies import markdown_table
from core.errors import OfferdeckError
from core.verdicts import Verdict
from tui import glyphs
from tui.copying import Copyable
from tui.dialogs.dialog import Dialog
from tui.dialogs.verdict_words import message_lines, outcome_words
from tui.theme import Inks, inks
from tui.widgets.findbar import FindPane
from tui.widgets.lines import Cell, unjoined
from tui.widgets.text_lines import TextLines
from tui.widgets.virtual_table import Column, VirtualTable

_WORDS = 7  # lines kept for what is said of a row
_LABEL = 11


@dataclass(frozen=True, slots=True)
class Trial:
    """One row: its name, and what came of it; None while it has not been rendered."""

    number: int
    name: str
    result: Any = None


class TrialTable(VirtualTable[Trial]):
    """The rows; Enter is named in the key bar."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Message", id="trial.message", tooltip="Go to the message of this row"),
    ]


class TrialDialog(Dialog[None]):
    """A subclass names the rows, runs them, and says what stands in a cell and below the table."""

    COLUMNS: ClassVar[Sequence[Column]] = ()
    MARKDOWN: ClassVar[Sequence[str]] = ()
    EMPTY: ClassVar[str] = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-middle"), (110, "-wide")]  # noqa: RUF012 (as Textual types it)
    DEFAULT_CSS = """
    TrialDialog {
        & > .box { width: 140; max-width: 100%; height: 40; max-height: 100%; }
        & .heading { padding: 0; }
        & #trial-state { height: auto; color: $dim; padding: 0 0 1 0; }
        & #trial-panes { height: 1fr; }
        & #trial-left { width: 1fr; }
        & #trial-right { display: none; width: 1fr; }
        & #trial-table { height: 3; }
        & #trial-words { height: 1fr; min-height: 7; padding: 1 0 0 1; }
        & #trial-verdict { height: 2; padding: 0 0 1 1; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-wide #trial-left { width: 3fr; }
        &.-wide #trial-right { display: block; width: 2fr; margin: 0 0 0 2; background: $ground; padding: 0 1; }
        &.-reading #trial-right { display: block; }
        &.-reading #trial-left { display: none; }
        &.-wide.-reading #trial-left { display: block; }
        &.-low > .box { height: 100%; }
        &.-low #trial-state { padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "app.copy_menu", "Copy", id="trial.copy", tooltip="Copy the table as Markdown, or the message"),
        Binding(
            "right_square_bracket", "walk(1)", "Next", show=False, id="trial.next", tooltip="The next row's message"
        ),
        Binding("left_square_bracket", "walk(-1)", "Before", show=False, id="trial.before", tooltip="The one before"),
        Binding("ctrl+r,f5", "again", "Again", show=False, id="trial.again", tooltip="Render all of it again"),
    ]

    class Named(Message):
        """Who or what is tried, in order."""

        def __init__(self, run: int, names: Sequence[str]) -> None:
            super().__init__()
            self.run, self.names = run, names

    class Arrived(Message):
        """One render came back."""

        def __init__(self, run: int, number: int, result: Any) -> None:
            super().__init__()
            self.run, self.number, self.result = run, number, result

    class Failed(Message):
        """Nothing could be tried."""

        def __init__(self, run: int, error: OfferdeckError) -> None:
            super().__init__()
            self.run, self.error = run, error

    def __init__(self) -> None:
        super().__init__()
        self._trials: list[Trial] = []
        self._run = 0
        self._is_begun = False
        self._error: OfferdeckError | None = None

    # -- what a subclass says

    async def names(self) -> Sequence[str]:
        """The names of the rows, in the order of `results()`. May raise OfferdeckError."""
        raise NotImplementedError

    def results(self) -> AsyncGenerator[Any, None]:
        """What comes back, row by row."""
        raise NotImplementedError

    def outcome(self, trial: Trial, ink: Inks) -> tuple[str, Style]:
        """What became of a row that has come back: sign, word and colour."""
        return outcome_words(trial.result.outcome, ink)

    def cell(self, trial: Trial, column: Column, ink: Inks) -> Cell:
        """Any other cell of such a row."""
        raise NotImplementedError

    def words(self, trial: Trial, ink: Inks) -> Iterable[tuple[str, Text]]:
        """Below the table: label and words, a line each."""
        raise NotImplementedError

    def markdown_row(self, trial: Trial) -> Sequence[object]:
        """The cells of `MARKDOWN`."""
        raise NotImplementedError

    def summary(self) -> Text:
        """Behind the heading once everything has come back."""
        return Text()

    # -- the box

    def compose_box(self) -> Iterable[Widget]:
        """How far it is; the table with a row's words; the row's message."""
        yield Static(id="trial-state")
        with Horizontal(id="trial-panes"):
            with Vertical(id="trial-left"):
                yield TrialTable(
                    self.COLUMNS,
                    paint=self._paint,
                    key=lambda trial: trial.number,
                    search_text=lambda trial: trial.name,
                    empty=self.EMPTY,
                    id="trial-table",
                )
                yield Static(id="trial-words")
            with Vertical(id="trial-right"):
                yield Static(id="trial-verdict")
                yield FindPane(TextLines(id="trial-text"))

    @property
    def table(self) -> TrialTable:
        """The rows."""
        return self.query_one(TrialTable)

    @property
    def message(self) -> TextLines:
        """The message of the row under the cursor."""
        return self.query_one(TextLines)

    def on_mount(self) -> None:
        """The table takes the keys; the renders begin."""
        self.table.focus()
        self.action_again()

    # -- the run

    def action_again(self) -> None:
        """Render everything once more; what is still on its way is dropped."""
        self._run += 1
        self._is_begun, self._error = False, None
        self._draw()
        self._try(self._run)

    @work(exclusive=True, group="trial")
    async def _try(self, run: int) -> None:
        try:
            self.post_message(self.Named(run, await self.names()))
            async with aclosing(self.results()) as results:
                number = 0
                async for result in results:
                    self.post_message(self.Arrived(run, number, result))
                    number += 1
        except OfferdeckError as error:
            self.post_message(self.Failed(run, error))

    @on(Named)
    def _named(self, message: Named) -> None:
        if message.run == self._run:
            self._is_begun = True
            self._trials = [Trial(number, safe(name)) for number, name in enumerate(message.names)]
            self._show()

    @on(Arrived)
    def _arrived(self, message: Arrived) -> None:
        if message.run == self._run and message.number < len(self._trials):
            name = self._trials[message.number].name
            self._trials[message.number] = Trial(message.number, name, message.result)
            self._show()

    @on(Failed)
    def _failed(self, message: Failed) -> None:
        if message.run == self._run:
            self._error = message.error
            self._draw()

    @property
    def trials(self) -> Sequence[Trial]:
        """The rows that are shown."""
        return self._trials

    @property
    def current(self) -> Trial | None:
        """The row under the cursor."""
        return self.table.current

    def say(self, words: str, *, danger: bool = False) -> None:
        """A line above the table, until the next render comes back."""
        ink = inks(self.app)
        self.query_one("#trial-state", Static).update(Text(words, ink.danger if danger else ink.dim))

    # -- painting

    def _show(self) -> None:
        self.table.rows = [*self._trials]
        self._fit()
        self._draw()

    def on_resize(self) -> None:
        """The table is as tall as its rows, and leaves room for the words below."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        room = self.query_one("#trial-left").size.height - _WORDS
        self.table.styles.height = max(2, min(len(self._trials) + 1, room))

    def _draw(self) -> None:
        ink = inks(self.app)
        self.query_one("#trial-state", Static).update(self._state(ink))
        self._draw_row(self.current)

    def _state(self, ink: Inks) -> Text:
        if self._error is not None:
            return Text(f"{self._error.message} {self._error.hint}", ink.danger)
        back = sum(trial.result is not None for trial in self._trials)
        if not self._is_begun or back < len(self._trials):
            return Text(f"rendering {back} of {len(self._trials)}" if self._is_begun else "rendering", ink.dim)
        return self.summary()

    @on(VirtualTable.Highlighted)
    def _moved(self, event: VirtualTable.Highlighted) -> None:
        self._draw_row(event.row)

    def _draw_row(self, trial: Trial | None) -> None:
        ink = inks(self.app)
        words = Table.grid(GridColumn(width=_LABEL), GridColumn(overflow="fold"))
        if trial is not None and trial.result is not None:
            for label, said in self.words(trial, ink):
                words.add_row(Text(label, ink.dim), unjoined(said))
        self.query_one("#trial-words", Static).update(words)
        verdict: Verdict | None = trial.result.verdict if trial is not None and trial.result is not None else None
        self.query_one("#trial-verdict", Static).update(self._verdict_words(trial, verdict, ink))
        self.message.lines = message_lines(verdict)

    def _verdict_words(self, trial: Trial | None, verdict: Verdict | None, ink: Inks) -> Text:
        if trial is None:
            return Text()
        line = Text.assemble((trial.name, ink.bold), "   ")
        if verdict is None:
            return line.append(f"{glyphs.current().ellipsis} rendering", ink.faint)
        line.append(*self.outcome(trial, ink))
        size = verdict.segments or f"{verdict.size:,} characters"
        return line.append(f"   {size}", ink.dim) if verdict.size else line

    def _paint(self, trial: Trial, column: Column, ink: Inks, width: int) -> Cell:
        if column.key == "name":
            return trial.name, ink.ink
        if trial.result is None:
            waiting = f"{glyphs.current().ellipsis} waiting" if column.key == "outcome" else ""
            return waiting, ink.faint
        return self.outcome(trial, ink) if column.key == "outcome" else self.cell(trial, column, ink)

    # -- keys

    @on(VirtualTable.Chosen)
    def _read(self) -> None:
        """To the message of the row; where there is no room beside the table, it takes the table's."""
        self.add_class("-reading")
        self.message.focus()

    @on(TextLines.Chosen)
    def _to_the_table(self) -> None:
        self.remove_class("-reading")
        self.table.focus()

    def action_walk(self, step: int) -> None:
        """Another row, from the message too."""
        self.table.move(self.table.cursor + step, direction=step)

    def action_close(self) -> None:
        """From the message to the table, from the table to where one came from."""
        if self.has_class("-reading"):
            self._to_the_table()
        else:
            self.dismiss(None)

    def copyables(self) -> list[Copyable]:
        """What `y` offers: the table, and the message of the row under the cursor."""
        done = [trial for trial in self._trials if trial.result is not None]
        table = markdown_table(self.MARKDOWN, [self.markdown_row(trial) for trial in done]) if done else ""
        found = [Copyable("m", "table as Markdown", table, "" if table else "nothing is rendered")]
        trial = self.current
        if trial is not None and trial.result is not None:
            output = trial.result.verdict.rendered.output
            nothing = "" if output else "there is no message"
            found.append(Copyable("r", "raw output", output, nothing))
        return found
