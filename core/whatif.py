"""What if: one message under other circumstances, each a change of the data it reads; nothing is asked of anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from core.flaws import hole_words, holes, shows_expired
from core.render import Problem, RenderData
from core.scenarios import SCENARIOS, Changed, Scenario
from core.verdicts import NO_DIFFERENCE, Difference, Judged, Outcome, Render, Verdict, difference, judged, worst_words

AS_IT_IS = "as it is"


@dataclass(frozen=True, slots=True)
class WhatIf(Judged):
    """What became of the message in one scenario.

    `is_same`: the scenario changes nothing that the template reads. `reason` is why it aborted, the first error, or
    the worst problem that the message does not have as it is. `holes` counts the places that print nothing here for
    something is missing, those aside that print nothing as it is; `warning` is what else a person would get and should
    not. `difference` is how it differs.
    """

    name: str
    changed: str
    verdict: Verdict
    is_same: bool = False
    reason: str = ""
    difference: Difference = NO_DIFFERENCE
    holes: int = 0
    warning: str = ""


async def what_if(
    render: Render, data: RenderData, now: datetime, scenarios: Sequence[Scenario] = ()
) -> AsyncGenerator[WhatIf, None]:
    """The message as it is, then in each scenario (in all of SCENARIOS when none is named), one after the other.

    `render` must ask nobody: recorded answers only. `now` is the clock of every render unless `data` has its own, so
    that nothing differs but what was changed. Closing the generator ends the run.
    """
    data = data if data.now is not None else replace(data, now=now)
    moment = data.now or now
    as_it_is = await judged(render, data, partial(_as_it_is, data, moment))
    yield as_it_is
    baseline = as_it_is.verdict
    for scenario in scenarios or SCENARIOS:
        changed = await asyncio.to_thread(scenario.change, data, moment)  # a large wallet is decoded for it
        if changed.data is data:
            yield WhatIf(scenario.name, changed.words, baseline, is_same=True)
        else:
            yield await judged(render, changed.data, partial(_row, scenario, changed, moment, baseline))


def _as_it_is(data: RenderData, now: datetime, verdict: Verdict) -> WhatIf:
    if verdict.outcome is not Outcome.RENDERED:
        return WhatIf(AS_IT_IS, "nothing", verdict, reason=verdict.reason)
    found, warning = holes(verdict.rendered), shows_expired(verdict.rendered, data, now)
    reason = hole_words(found) if found and not verdict.errors else verdict.reason
    return WhatIf(AS_IT_IS, "nothing", verdict, reason=reason, holes=len(found), warning=warning)


def _row(scenario: Scenario, changed: Changed, now: datetime, baseline: Verdict, verdict: Verdict) -> WhatIf:
    # What it read, what it called, what it printed and what is wrong with it: a template that meets another value
    # somewhere differs in one of them.
    name, words, rendered = scenario.name, changed.words, verdict.rendered
    is_rendered = verdict.outcome is Outcome.RENDERED
    warning = shows_expired(rendered, changed.data, now) if is_rendered and scenario.ends_offers else ""
    if rendered == baseline.rendered:
        return WhatIf(name, words, verdict, is_same=True, warning=warning)
    if not is_rendered:
        return WhatIf(name, words, verdict, reason=verdict.reason, difference=difference(baseline, verdict))
    known = {_sort(problem) for problem in baseline.rendered.problems}
    reason = worst_words([problem for problem in rendered.problems if _sort(problem) not in known])
    before = holes(baseline.rendered)
    found = tuple(read for read in holes(rendered, baseline.rendered) if read not in before)
    if found and not verdict.errors:
        reason = hole_words(found)
    return WhatIf(name, words, verdict, False, reason, difference(baseline, verdict), len(found), warning)


def _sort(problem: Problem) -> tuple[str, int, int]:
    return problem.rule, problem.line, problem.column
