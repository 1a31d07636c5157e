"""What if: one message under other circumstances, each a change of the data it reads; nothing is asked of anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from core.clean import safe
from core.render import Problem, Read, RenderData, Rendered
from core.scenarios import SCENARIOS, Scenario
from core.verdicts import NO_DIFFERENCE, Difference, Outcome, Render, Verdict, difference, judged, problem_words

AS_IT_IS = "as it is"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What became of the message in one scenario.

    `is_same`: the scenario changes nothing that the template reads. `reason` is why it aborted, the first error, or
    the first problem that the message does not have as it is. `holes` counts the places that print nothing here and
    something as it is; `warning` is what else a person would get and should not. `difference` is how it differs.
    """

    name: str
    changed: str
    verdict: Verdict
    is_same: bool = False
    reason: str = ""
    difference: Difference = NO_DIFFERENCE
    holes: int = 0
    warning: str = ""

    @property
    def is_flawed(self) -> bool:
        """Whether there is a message, and nobody should get it like this."""
        return bool(self.holes or self.warning)

    @property
    def outcome(self) -> Outcome:
        """Rendered, aborted, blank or an error."""
        return self.verdict.outcome


async def what_if(
    render: Render, data: RenderData, now: datetime, scenarios: Sequence[Scenario] = ()
) -> AsyncGenerator[WhatIf, None]:
    """The message as it is, then in each scenario (in all of SCENARIOS when none is named), one after the other.

    `render` must ask nobody: recorded answers only. `now` is the clock of every render unless `data` has its own, so
    that nothing differs but what was changed. Closing the generator ends the run.
    """
    data = data if data.now is not None else replace(data, now=now)
    moment = data.now or now
    baseline = await judged(render, data, lambda verdict: verdict)
    yield WhatIf(AS_IT_IS, "nothing", baseline, reason=baseline.reason)
    for scenario in scenarios or SCENARIOS:
        changed = await asyncio.to_thread(scenario.change, data, moment)  # a large wallet is decoded for it
        if changed.data is data:
            yield WhatIf(scenario.name, changed.words, baseline, is_same=True)
        else:
            yield await judged(render, changed.data, partial(_row, scenario, changed.words, baseline))


def _row(scenario: Scenario, words: str, baseline: Verdict, verdict: Verdict) -> WhatIf:
    # What it read, what it called, what it printed and what is wrong with it: a template that meets another value
    # somewhere differs in one of them.
    name = scenario.name
    warning = scenario.warn(verdict.rendered) if verdict.outcome is Outcome.RENDERED else ""
    if verdict.rendered == baseline.rendered:
        return WhatIf(name, words, verdict, is_same=True, warning=warning)
    if verdict.outcome is not Outcome.RENDERED:
        return WhatIf(name, words, verdict, reason=verdict.reason, difference=difference(baseline, verdict))
    known = {_sort(problem) for problem in baseline.rendered.problems}
    fresh = [problem for problem in verdict.rendered.problems if _sort(problem) not in known]
    reason = next((problem_words(one) for one in fresh if one.severity != "hint"), "")
    if holes := _holes(baseline.rendered, verdict.rendered):
        first = f"{holes[0].line}:{holes[0].column} {safe(holes[0].expression)} prints nothing"
        reason = f"{len(holes)} hole{'s' * (len(holes) != 1)}: {first}"
    return WhatIf(name, words, verdict, False, reason, difference(baseline, verdict), len(holes), warning)


def _holes(baseline: Rendered, other: Rendered) -> list[Read]:
    """One read for each place that prints something in `baseline` and finds nothing to print in `other`."""
    filled = {(span.line, span.column) for span in baseline.spans if span.end > span.start}
    filled -= {(span.line, span.column) for span in other.spans if span.end > span.start}
    filled -= {(read.line, read.column) for read in other.reads if read.found}
    found = {(read.line, read.column): read for read in reversed(other.reads)}
    return [found[place] for place in sorted(filled) if place in found]


def _sort(problem: Problem) -> tuple[str, int, int]:
    return problem.rule, problem.line, problem.column
