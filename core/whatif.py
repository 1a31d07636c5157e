"""What if: one message under other circumstances, each a change of the data it reads; nothing is asked of anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from core.render import Problem, RenderData
from core.scenarios import SCENARIOS, Scenario
from core.verdicts import NO_DIFFERENCE, Difference, Outcome, Render, Verdict, difference, judged, problem_words

AS_IT_IS = "as it is"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What became of the message in one scenario.

    `is_same`: the scenario changes nothing that the template reads. `reason` is why it aborted, the first error, or
    the first problem that the message does not have as it is. `difference` is how it differs from that.
    """

    name: str
    changed: str
    verdict: Verdict
    is_same: bool = False
    reason: str = ""
    difference: Difference = NO_DIFFERENCE

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
            yield await judged(render, changed.data, partial(_row, scenario.name, changed.words, baseline))


def _row(name: str, words: str, baseline: Verdict, verdict: Verdict) -> WhatIf:
    # What it read, what it called, what it printed and what is wrong with it: a template that meets another value
    # somewhere differs in one of them.
    if verdict.rendered == baseline.rendered:
        return WhatIf(name, words, verdict, is_same=True)
    return WhatIf(name, words, verdict, False, _new_reason(baseline, verdict), difference(baseline, verdict))


def _new_reason(baseline: Verdict, verdict: Verdict) -> str:
    if verdict.outcome is not Outcome.RENDERED:
        return verdict.reason
    known = {_sort(problem) for problem in baseline.rendered.problems}
    fresh = (one for one in verdict.rendered.problems if one.severity != "hint" and _sort(one) not in known)
    return next(map(problem_words, fresh), "")


def _sort(problem: Problem) -> tuple[str, int, int]:
    return problem.rule, problem.line, problem.column
