"""What if: one message under other circumstances, each a change of the data it reads; nothing is asked of anybody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from core.moments import parse_moment
from core.render import Problem, RenderData
from core.verdicts import NO_DIFFERENCE, Difference, Outcome, Render, Verdict, difference, judged, problem_words

Json = Any

AS_IT_IS = "as it is"
WALLET = "wallet"
_WALLET_CALL = "/get_user_offers"  # Braze docs, partner page "SessionM"
_PROPERTIES = ("api_trigger_properties", "canvas_entry_properties", "context", "event_properties")
_ENDS = ("expiration_date", "redemption_end_date")
_POINTS = ("available_points", "total_points")
_IDS = ("user_id", "braze_id", "random_bucket_number")  # what Braze has of everybody
_NOT_JSON = "<html><body>Service Unavailable</body></html>"


class Changed(NamedTuple):
    """Other data and what was changed in words; the very same data when there was nothing to change."""

    data: RenderData
    words: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One circumstance. `change` takes the data and the moment and leaves both as they are."""

    name: str
    change: Callable[[RenderData, datetime], Changed]


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
    """The message as it is, then in each scenario (in all of ours when none is named), one after the other.

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


# -- the wallet: the variable and the recorded answers to get_user_offers


def _empty_wallet(data: RenderData, now: datetime) -> Changed:
    def empty(payload: Mapping[str, Json]) -> Mapping[str, Json]:
        return {**payload, "user_offers": [], "total_records": 0}

    changed = _with_payload(data, empty)
    return Changed(changed, _none("wallet") if changed is data else "user_offers [], total_records 0")


def _no_points(data: RenderData, now: datetime) -> Changed:
    def poor(payload: Mapping[str, Json]) -> Mapping[str, Json]:
        held = [key for key in _POINTS if key in payload]
        return {**payload, **dict.fromkeys(held or _POINTS[:1], 0)}

    changed = _with_payload(data, poor)
    return Changed(changed, _none("wallet") if changed is data else "available_points 0")


def _expired(data: RenderData, now: datetime) -> Changed:
    def over(payload: Mapping[str, Json]) -> Mapping[str, Json]:
        offers = payload.get("user_offers")
        if not isinstance(offers, list) or not offers:
            return payload
        return {**payload, "user_offers": [_ended(offer, now, must=True) for offer in offers]}

    changed = _with_payload(data, over)
    namespaces = {name: _ended(held, now) if name in _PROPERTIES else held for name, held in changed.namespaces.items()}
    if any(namespaces[name] is not held for name, held in changed.namespaces.items()):
        changed = replace(changed, namespaces=namespaces)
    return Changed(changed, _none("offer that could expire") if changed is data else f"ends on {_yesterday(now)[:10]}")


def _ended(offer: Json, now: datetime, *, must: bool = False) -> Json:
    """The offer with every end that lies ahead put to the day before; with `must` one that never ends gets an end."""
    if not isinstance(offer, Mapping):
        return offer
    ends = {key: parse_moment(offer.get(key)) for key in _ENDS}
    ahead = {key: _yesterday(now) for key, end in ends.items() if end is not None and end > now}
    if must and not any(ends.values()):
        ahead = {_ENDS[0]: _yesterday(now)}
    return {**offer, **ahead} if ahead else offer


def _yesterday(now: datetime) -> str:
    return f"{now - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"


def _with_payload(data: RenderData, change: Callable[[Mapping[str, Json]], Mapping[str, Json]]) -> RenderData:
    """The data with the payload of every wallet in it changed; the same data when there is no wallet."""
    held = data.variables.get(WALLET)
    wallet = _changed_wallet(held, change)
    recorded = tuple(_changed_recording(one, change) for one in data.connected_content)
    if wallet is not held:
        data = replace(data, variables={**data.variables, WALLET: wallet})
    if any(fresh is not one for fresh, one in zip(recorded, data.connected_content, strict=True)):
        data = replace(data, connected_content=recorded)
    return data


def _changed_wallet(wallet: Json, change: Callable[[Mapping[str, Json]], Mapping[str, Json]]) -> Json:
    payload = wallet.get("payload") if isinstance(wallet, Mapping) else None
    if not isinstance(payload, Mapping) or (changed := change(payload)) is payload:
        return wallet
    return {**wallet, "payload": changed}


def _changed_recording(
    recording: Mapping[str, Json], change: Callable[[Mapping[str, Json]], Mapping[str, Json]]
) -> Mapping[str, Json]:
    if _WALLET_CALL not in str(recording.get("url", "")):
        return recording
    body = recording.get("body")
    held = _decoded(body) if isinstance(body, str) else body
    changed = _changed_wallet(held, change)
    if changed is held:
        return recording
    return {**recording, "body": json.dumps(changed, ensure_ascii=False) if isinstance(body, str) else changed}


def _decoded(body: str) -> Json:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


# -- connected content


def _answering(words: str, **answer: Json) -> Callable[[RenderData, datetime], Changed]:
    """Every recorded call answers otherwise. A variable `wallet` goes too: in Braze only the call would make it."""

    def change(data: RenderData, now: datetime) -> Changed:
        if not data.connected_content and WALLET not in data.variables:
            return Changed(data, _none("recorded call"))
        recorded = tuple({**one, **answer} for one in data.connected_content)
        variables = {name: value for name, value in data.variables.items() if name != WALLET}
        count = len(recorded)
        who = f"{count} calls answer" if count > 1 else "1 call answers" if count else "the wallet's call answers"
        return Changed(replace(data, connected_content=recorded, variables=variables), f"{who} {words}")

    return change


# -- the customer


def _another_language(data: RenderData, now: datetime) -> Changed:
    spoken = str(data.attributes.get("language") or "en")
    wanted = "en" if spoken.lower().startswith("de") else "de"
    culture = {"de": "de-DE", "en": "en-US"}[wanted]
    attributes = {**_in_culture(data.attributes, culture), "language": wanted}
    changed = replace(data, attributes=attributes, variables=_in_culture(data.variables, culture))
    custom = data.namespaces.get("custom_attribute", {})
    if (other := _in_culture(custom, culture)) != custom:
        changed = replace(changed, namespaces={**data.namespaces, "custom_attribute": other})
    return Changed(changed, f"language {wanted}, culture {culture}")


_CULTURES = ("culture", "locale", "most_recent_locale")


def _in_culture(values: Mapping[str, Json], culture: str) -> Mapping[str, Json]:
    """The values with those that name a culture put to `culture`, in the spelling (`en-US`, `en_US`) they have."""
    named = {key: held for key in _CULTURES if isinstance(held := values.get(key), str)}
    spelled = {key: culture.replace("-", "_") if "_" in held else culture for key, held in named.items()}
    return {**values, **spelled} if spelled else values


def _nobody(data: RenderData, now: datetime) -> Changed:
    kept = {name: value for name, value in data.attributes.items() if name in _IDS}
    namespaces = {name: held for name, held in data.namespaces.items() if name != "custom_attribute"}
    gone = len(data.attributes) - len(kept) + len(data.namespaces.get("custom_attribute", {}))
    if not gone:
        return Changed(data, _none("attribute"))
    namespaces |= {"custom_attribute": {}} if "custom_attribute" in data.namespaces else {}
    return Changed(
        replace(data, attributes=kept, namespaces=namespaces), f"{gone} attribute{'s' * (gone != 1)} gone, ids kept"
    )


def _none(what: str) -> str:
    return f"nothing: there is no {what}"


SCENARIOS = (
    Scenario("empty wallet", _empty_wallet),
    Scenario("0 points", _no_points),
    Scenario("offers expired", _expired),
    Scenario("answer 404", _answering("404, not found", status=404, body="")),
    Scenario("answer 500", _answering("500, server error", status=500, body="")),
    Scenario("no answer", _answering("nothing within 2 s", status=None, body="")),
    Scenario("not JSON", _answering("with an HTML page", status=200, body=_NOT_JSON)),
    Scenario("other language", _another_language),
    Scenario("nobody known", _nobody),
)
