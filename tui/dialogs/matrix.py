"""The matrix: one template for the customers looked at and for personas, each message beside the first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from rich.style import Style
from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType

from core.clean import safe
from core.errors import OfferdeckError
from core.matrix import MatrixRow, Person, matrix
from core.personas import Persona, Personas
from core.verdicts import Outcome, Render, problem_words
from tui import glyphs
from tui.dialogs.trial import TrialDialog
from tui.dialogs.trial_run import Trial
from tui.dialogs.verdict_words import count_words, counted, difference_words, outcome_text
from tui.theme import Inks, inks
from tui.widgets.lines import Cell
from tui.widgets.virtual_table import Column

TOO_LONG = "too long"
_KINDS = {"shown": "on screen", "customer": "customer", "persona": "persona"}


class MatrixDialog(TrialDialog):
    """Renders everybody with `render`, which must ask nobody.

    `customers` makes the people who are customers, the one on the screen first, and is called on a thread;
    `as_person` makes one of a persona. `own` is the data of one's own that `a` keeps as a persona.
    """

    HEADING = "Matrix"
    EMPTY = "nobody to render for"
    COLUMNS: ClassVar[Sequence[Column]] = (
        Column("name", "for", None, min_width=13),
        Column("kind", "who", 11, drop_order=1),
        Column("outcome", "outcome", 11),
        Column("size", "size", 12, "right", drop_order=3),
        Column("differs", "differs in", 10, drop_order=2),
    )
    MARKDOWN: ClassVar[Sequence[str]] = (
        *("for", "who", "outcome", "why", "characters", "segments", "too long", "lines that differ"),
        *("first", "here"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add persona", id="matrix.add", tooltip="Keep your data as a persona"),
        Binding("delete", "remove", "Remove", id="matrix.remove", tooltip="Forget the persona of this row"),
    ]

    def __init__(
        self,
        render: Render,
        customers: Callable[[], Sequence[Person]],
        as_person: Callable[[Persona], Person],
        *,
        own: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self._render_message = render
        self._customers = customers
        self._as_person = as_person
        self._own = own
        self._people: list[Person] = []
        self._unreadable = ""

    def on_mount(self) -> None:
        """Personas lie among the drafts."""
        self._personas = Personas(self.app.deck.drafts)
        super().on_mount()

    def heading(self) -> Text:
        """And what it is."""
        ink = inks(self.app)
        return Text.assemble((self.HEADING, ink.bold), "   ", ("one template for several people, offline", ink.faint))

    async def names(self) -> Sequence[str]:
        """Customers first, personas behind them; a persona that cannot be read is said above the table."""
        people = [*await asyncio.to_thread(self._customers)]
        self._unreadable = ""
        for name in await self._personas.names():
            try:
                if (persona := await self._personas.load(name)) is not None:
                    people.append(self._as_person(persona))
            except OfferdeckError as error:
                self._unreadable = f"Persona {safe(name)}: {error.message}"
        self._people = people
        return [person.name for person in people]

    def results(self) -> AsyncGenerator[MatrixRow, None]:
        """A row for each."""
        return matrix(self._render_message, self._people, self.app.deck.clock.now())

    # -- painting

    def outcome(self, trial: Trial, ink: Inks) -> tuple[str, Style]:
        """A message that breaks a limit is no good one."""
        if trial.result.too_long:
            return f"{glyphs.current().cross} {TOO_LONG}", ink.danger
        return super().outcome(trial, ink)

    def cell(self, trial: Trial, column: Column, ink: Inks) -> Cell:
        """Who it is, how long, and how different."""
        row: MatrixRow = trial.result
        if column.key == "kind":
            return _KINDS[row.person.kind], ink.dim
        if column.key == "size":
            return row.segments or f"{row.size:,}", ink.dim
        if trial.number == 0:
            return glyphs.current().dash, ink.faint
        if row.outcome is not self.trials[0].result.outcome:
            return "outcome", ink.ink
        found = row.difference
        return (count_words(found), ink.ink) if found.count else ("nothing", ink.faint)

    def words(self, trial: Trial, ink: Inks) -> Iterable[tuple[str, Text]]:
        """Who it is, what is wrong with their message, the lines that differ."""
        row: MatrixRow = trial.result
        yield "who", Text(_KINDS[row.person.kind], ink.ink)
        if row.warning:
            yield "beware", Text(row.warning, ink.warn)
        if row.reason and row.reason not in map(problem_words, row.too_long):
            yield self._label(row), Text(row.reason, _reason_style(row, ink))
        for problem in row.too_long[:2]:
            yield TOO_LONG, Text(safe(problem.message), ink.danger)
        if trial.number == 0:
            yield "compared", Text("the others with this message", ink.dim)
        yield from difference_words(row.difference, "differs in", ink)

    @staticmethod
    def _label(row: MatrixRow) -> str:
        other = "error" if row.errors else "holes" if row.holes else "problem"
        return {Outcome.ABORTED: "aborts", Outcome.ERROR: "error"}.get(row.outcome, other)

    def markdown_row(self, trial: Trial) -> Sequence[object]:
        """The same for a ticket or a wiki."""
        row: MatrixRow = trial.result
        too_long = "; ".join(safe(problem.message) for problem in row.too_long)
        reason = "; ".join(filter(None, (row.warning, row.reason)))
        found = row.difference
        return (
            *(trial.name, _KINDS[row.person.kind], outcome_text(row.outcome, row.errors), reason),
            *(row.size, row.segments),
            *(too_long, found.count, found.first.before, found.first.after),
        )

    def summary(self) -> Text:
        """How many fare how."""
        ink = inks(self.app)
        rows: list[MatrixRow] = [trial.result for trial in self.trials]
        text = counted([row for row in rows if not row.too_long], ink)
        if too_long := sum(bool(row.too_long) for row in rows):
            text.append(f"{glyphs.current().cross} {too_long} {TOO_LONG}", ink.danger).append("   ")
        if self._unreadable:
            return text.append(self._unreadable, ink.danger)
        if len(rows) == 1:
            text.append("Customers looked up join; ", ink.dim).append("a", ink.key)
            text.append(" keeps your data as a persona", ink.dim)
        return text

    # -- personas

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a persona can be removed."""
        if action == "remove":
            return True if self._persona_name else None
        return super().check_action(action, parameters)

    @property
    def _persona_name(self) -> str:
        """The name of the persona under the cursor, else nothing."""
        trial = self.current if self.is_mounted else None
        person: Person | None = trial.result.person if trial is not None and trial.result is not None else None
        return person.name if person is not None and person.kind == "persona" else ""

    @work(group="dialog")
    async def action_add(self) -> None:
        """Keep the data of one's own under a name."""
        from tui.dialogs.name_persona import NamePersona

        if not self._own:
            self.say("There is no data of your own to keep: back on the message, d writes some.", danger=True)
            return
        try:
            name = await self.app.push_screen_wait(NamePersona(self._personas.names))
            if name is not None:
                await self._personas.save(name, self._own)
                self.action_again()
        except OfferdeckError as error:
            self.app.tell(error)

    @work(group="dialog")
    async def action_remove(self) -> None:
        """Forget the persona under the cursor, after asking."""
        from tui.dialogs.ask import AskDialog

        name = self._persona_name
        ask = AskDialog(f"Remove the persona {safe(name)}?", "Its data is then gone from this machine.", "Remove")
        if not await self.app.push_screen_wait(ask):
            return
        try:
            await self._personas.remove(name)
        except OfferdeckError as error:
            self.app.tell(error)
        self.action_again()


def _reason_style(row: MatrixRow, ink: Inks) -> Style:
    if row.errors or row.outcome is Outcome.ERROR:
        return ink.danger
    return ink.warn if row.holes else ink.ink
