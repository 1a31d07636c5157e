"""What is wrong with a message that came out all the same: errors in it, holes, offers that have ended."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.clean import safe
from core.fieldtree import roots_of
from core.moments import parse_moment
from core.render import PrintedSpan, Read, RenderData, Rendered

OFFER_ENDS = ("expiration_date", "redemption_end_date")
PROPERTY_BAGS = ("api_trigger_properties", "canvas_entry_properties", "context", "event_properties")
_OFFERS = "user_offers"
_REDEEMABLE = "is_redeemable"
_HOLE = "missing-default"
Path = tuple[str | int, ...]


def count_errors(rendered: Rendered) -> int:
    """How many errors there are: problems that are told, or places that print a `Liquid error` if these are more.

    A comment can silence a problem; who gets the message reads the error all the same.
    """
    told = sum(problem.severity == "error" for problem in rendered.problems)
    return max(told, len({(span.line, span.column) for span in rendered.spans if span.kind == "error"}))


def error_words(count: int) -> str:
    """`1 error`, `2 errors`."""
    return f"{count:,} error{'s' * (count != 1)}"


def holes(rendered: Rendered, beside: Rendered | None = None) -> tuple[Read, ...]:
    """One read for each place that prints nothing because what it reads is missing, by place.

    Those are the places that the renderer itself tells of, and with `beside` also those that print something there.
    """
    empty = {(problem.line, problem.column) for problem in rendered.problems if problem.rule == _HOLE}
    if beside is not None:
        empty |= _filled(beside.spans)
    empty -= _filled(rendered.spans)
    empty -= {(read.line, read.column) for read in rendered.reads if read.found and read.value is not None}
    found = {(read.line, read.column): read for read in reversed(rendered.reads)}
    return tuple(found[place] for place in sorted(empty) if place in found)


def _filled(spans: Sequence[PrintedSpan]) -> set[tuple[int, int]]:
    return {(span.line, span.column) for span in spans if span.end > span.start}


def hole_words(found: Sequence[Read]) -> str:
    """`2 holes: 1:7 ${first_name} prints nothing`; empty for none."""
    if not found:
        return ""
    first = f"{found[0].line}:{found[0].column} {safe(found[0].expression)} prints nothing"
    return f"{len(found)} hole{'s' * (len(found) != 1)}: {first}"


def shows_expired(rendered: Rendered, data: RenderData, now: datetime) -> str:
    """What to say of a message that prints an offer that has ended, for it is shown to somebody who cannot have it.

    An offer is one of a wallet's, or a bag of properties that has an end of its own.
    """
    printed = {_offer(span.path) for span in rendered.spans if span.kind != "default"}
    shown = {place[0] for place in printed if place is not None and place[1] not in OFFER_ENDS}
    if not shown:
        return ""
    roots = _roots(rendered, data)
    ended = {holder for holder in shown if any(_has_ended(offer, now) for offer in _held(roots, holder))}
    if not ended:
        return ""
    wallet = any(_OFFERS in holder for holder in ended)
    met = {_offer(read.path) for read in rendered.reads}
    read = {place[1] for place in met if place is not None and (place[0] in ended or (wallet and _OFFERS in place[0]))}
    tested = [name for name in (*OFFER_ENDS, _REDEEMABLE) if name in read]
    if not tested:
        return f"shows expired offers: nothing tests {OFFER_ENDS[0]}"
    return f"shows expired offers: {' and '.join(tested)} {'are' if tested[1:] else 'is'} read, and they stay"


def _offer(path: Path) -> tuple[Path, str] | None:
    """Where the offer stands that a path leads into, and which of its fields the path leads to."""
    if _OFFERS in path:
        at = path.index(_OFFERS) + 2
    elif path and path[0] in PROPERTY_BAGS:
        at = 1
    else:
        return None
    return (path[:at], str(path[at])) if len(path) > at else None


def _roots(rendered: Rendered, data: RenderData) -> dict[str, list[Any]]:
    """What may stand under each name: the data's own value, or the recorded answers to the call that saved it."""
    roots = {name: [value] for name, value in roots_of(data).items()}
    for call in rendered.calls:
        answers = [one.get("body") for one in data.connected_content if one.get("url") == call.url]
        if call.saved_as and answers:
            roots[call.saved_as] = [_decoded(body) if isinstance(body, str) else body for body in answers]
    return roots


def _decoded(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _held(roots: Mapping[str, Sequence[Any]], path: Path) -> list[Any]:
    values = roots.get(str(path[0]), ())
    for step in path[1:]:
        values = [_under(value, step) for value in values]
    return [*values]


def _under(value: Any, step: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value) else None


def _has_ended(offer: Any, now: datetime) -> bool:
    ends = [parse_moment(offer.get(key)) for key in OFFER_ENDS] if isinstance(offer, Mapping) else []
    return any(end is not None and end <= now for end in ends)
