"""What if the wallet were empty, the call failed, the customer spoke German: one message under other circumstances."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from typing import ClassVar

from rich.style import Style
from rich.text import Text

from core.clean import safe
from core.render import RenderData
from core.scenarios import SCENARIOS
from core.verdicts import Outcome, Render
from core.whatif import AS_IT_IS, WhatIf, what_if
from tui.dialogs.trial import TrialDialog
from tui.dialogs.trial_run import Trial
from tui.dialogs.verdict_words import counted, difference_words, outcome_text
from tui.theme import Inks, inks
from tui.widgets.lines import Cell
from tui.widgets.virtual_table import Column

SAME = "same"


class WhatIfDialog(TrialDialog):
    """Renders what `data` gives, in every scenario, with `render`, which must ask nobody; the heading names `whom`."""

    HEADING = "What if"
    COLUMNS: ClassVar[Sequence[Column]] = (
        Column("name", "circumstance", 16),
        Column("outcome", "outcome", 11),
        Column("size", "size", 7, "right", drop_order=1),
        Column("why", "what is different", None, min_width=16),
    )
    MARKDOWN: ClassVar[Sequence[str]] = (
        "circumstance",
        "changed",
        "outcome",
        "why",
        "characters",
        "as it is",
        "here",
    )

    def __init__(self, render: Render, data: Callable[[], Awaitable[RenderData]], *, whom: str = "") -> None:
        super().__init__()
        self._render_message = render
        self._data = data
        self._whom = whom

    def heading(self) -> Text:
        """And for whom."""
        ink = inks(self.app)
        whom = f"for {safe(self._whom)}, offline" if self._whom else "offline"
        return Text.assemble((self.HEADING, ink.bold), "   ", (whom, ink.faint))

    async def names(self) -> Sequence[str]:
        """They are known."""
        return [AS_IT_IS, *(scenario.name for scenario in SCENARIOS)]

    async def results(self) -> AsyncGenerator[WhatIf, None]:
        """The message as it is, then otherwise."""
        data, now = await self._data(), self.app.deck.clock.now()
        async with aclosing(what_if(self._render_message, data, now)) as rows:
            async for row in rows:
                yield row

    def outcome(self, trial: Trial, ink: Inks) -> tuple[str, Style]:
        """A message that reads nothing of what was changed is the same, whatever it is."""
        row: WhatIf = trial.result
        return (f"= {SAME}", ink.dim) if row.is_same and not row.is_flawed else super().outcome(trial, ink)

    def cell(self, trial: Trial, column: Column, ink: Inks) -> Cell:
        """Its size, and what is different in a few words."""
        row: WhatIf = trial.result
        if column.key == "size":
            return f"{row.verdict.size:,}", ink.dim
        if row.warning:
            return row.warning, ink.warn
        if row.is_same:
            return "reads nothing of it", ink.faint
        if row.reason:
            return row.reason, _reason_style(row, ink)
        if row.difference.count:
            first = row.difference.first
            return first.after or f"without: {first.before}", ink.ink
        return ("", ink.faint) if trial.number == 0 else ("no line of the text", ink.faint)

    def words(self, trial: Trial, ink: Inks) -> Iterable[tuple[str, Text]]:
        """What was changed, why it came so, and the lines that differ."""
        row: WhatIf = trial.result
        if trial.number:
            yield "changed", Text(safe(row.changed), ink.ink)
        if row.warning:
            yield "beware", Text(row.warning, ink.warn)
        if row.is_same:
            yield "same", Text("The template reads nothing of what was changed.", ink.dim)
        if row.errors:
            yield "error", Text(row.verdict.reason, ink.danger)
        if row.reason and not (row.errors and row.reason == row.verdict.reason):
            other = "holes" if row.holes and not row.errors else "problem"
            label = {Outcome.ABORTED: "aborts", Outcome.ERROR: "error"}.get(row.outcome, other)
            yield label, Text(row.reason, _reason_style(row, ink))
        yield from difference_words(row.difference, "differs in", ink)

    def markdown_row(self, trial: Trial) -> Sequence[object]:
        """The same for a ticket or a wiki."""
        row: WhatIf = trial.result
        outcome = SAME if row.is_same else outcome_text(row.outcome, row.errors)
        first = row.difference.first
        reason = "; ".join(filter(None, (row.warning, row.reason)))
        return (row.name, row.changed, outcome, reason, row.verdict.size, first.before, first.after)

    def summary(self) -> Text:
        """How it fares, worst first."""
        ink = inks(self.app)
        rows: list[WhatIf] = [trial.result for trial in self.trials]
        text = counted([row for row in rows if row.is_flawed or not row.is_same], ink)
        same = sum(row.is_same and not row.is_flawed for row in rows)
        return text.append(f"= {same} {SAME}", ink.dim) if same else text


def _reason_style(row: WhatIf, ink: Inks) -> Style:
    """An abort was meant by the author; a problem was not."""
    return {Outcome.ERROR: ink.danger, Outcome.ABORTED: ink.ink}.get(row.outcome, ink.warn)
