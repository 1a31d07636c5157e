"""A message tried several times: a table that fills as renders come back, one row's message beside or behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.style import Style
from rich.table import Column as GridColumn
from rich.table import Table
from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from core.copies import markdown_table
from core.verdicts import Verdict
from tui import glyphs
from tui.copying import Copyable
from tui.dialogs.trial_run import Trial, TrialRun
from tui.dialogs.verdict_words import errors_words, message_lines, outcome_words
from tui.theme import Inks, inks
from tui.widgets.findbar import FindPane
from tui.widgets.lines import Cell, unjoined
from tui.widgets.text_lines import TextLines
from tui.widgets.virtual_table import Column, VirtualTable

_WORDS = 6  # lines kept for what is said of a row
_LABEL = 11


class TrialTable(VirtualTable[Trial]):
    """The rows; Enter is named in the key bar."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Message", id="trial.message", tooltip="Go to the message of this row"),
    ]


class TrialDialog(TrialRun):
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
        & #trial-words { height: 1fr; min-height: 6; padding: 1 0 0 1; }
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
            "left_square_bracket", "walk(-1)", "Before", id="trial.before", tooltip="The message of the row before"
        ),
        Binding("right_square_bracket", "walk(1)", "Next", id="trial.next", tooltip="The message of the next row"),
    ]

    # -- what a subclass says

    def outcome(self, trial: Trial, ink: Inks) -> tuple[str, Style]:
        """What became of a row that has come back: sign, word and colour."""
        row = trial.result
        if row.errors:
            return errors_words(row.errors, ink)
        words, style = outcome_words(row.outcome, ink)
        return (f"{glyphs.current().warn} {row.outcome.value}", ink.warn) if row.is_flawed else (words, style)

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

    def say(self, words: str, *, danger: bool = False) -> None:
        """A line above the table, until the next render comes back."""
        ink = inks(self.app)
        self.query_one("#trial-state", Static).update(Text(words, ink.danger if danger else ink.dim))

    # -- painting

    @property
    def current(self) -> Trial | None:
        """The row under the cursor."""
        return self.table.current

    def shown(self, *, rows: bool) -> None:
        """The rows there are, how far the run is, and the row under the cursor."""
        if rows:
            self.table.rows = [*self.trials]
            self._fit()
        self._draw()

    def on_resize(self) -> None:
        """The table is as tall as its rows, and leaves room for the words below."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        room = self.query_one("#trial-left").size.height - _WORDS
        self.table.styles.height = max(2, min(len(self.trials) + 1, room))

    def _draw(self) -> None:
        ink = inks(self.app)
        self.query_one("#trial-state", Static).update(self._state(ink))
        self._draw_row(self.current)

    def _state(self, ink: Inks) -> Text:
        if self.error is not None:
            return Text(f"{self.error.message} {self.error.hint}", ink.danger)
        return Text(self.progress, ink.dim) if self.progress else self.summary()

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
        line.append(*self._outcome_here(trial, verdict, ink))
        size = verdict.segments or f"{verdict.size:,} characters"
        return line.append(f"   {size}", ink.dim) if verdict.size else line

    def _outcome_here(self, trial: Trial, verdict: Verdict, ink: Inks) -> tuple[str, Style]:
        """Beside the message there is room for all of it."""
        return errors_words(verdict.errors, ink, "rendered with ") if verdict.errors else self.outcome(trial, ink)

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the table the arrows walk; `[` and `]` do where a message is read."""
        return self.has_class("-reading") if action == "walk" else super().check_action(action, parameters)

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
        done = [trial for trial in self.trials if trial.result is not None]
        table = markdown_table(self.MARKDOWN, [self.markdown_row(trial) for trial in done]) if done else ""
        found = [Copyable("m", "table as Markdown", table, "" if table else "nothing is rendered")]
        trial = self.current
        if trial is not None and trial.result is not None:
            output = trial.result.verdict.rendered.output
            nothing = "" if output else "there is no message"
            found.append(Copyable("r", "raw output", output, nothing))
        return found
