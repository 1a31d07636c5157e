"""Which values a render read: those of the data, or what a call saved in their place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from core.liquid.trace import excerpt
from core.render import ConnectedCall, Read, RenderData

ABSENT = object()  # nothing stands there, or nobody knows what
_STATUS_KEY = "__http_status_code__"  # Braze docs, "Making an API call"
_UNNAMED = "connected"  # where an answer goes without `:save`


def saved_roots(reads: Sequence[Read], data: RenderData, calls: Sequence[ConnectedCall]) -> dict[str, Any]:
    """What each variable held that a call of the render saved: its answer, None after a call that failed, the data's
    own value where that is what was read, ABSENT where none of these is. Takes time linear in reads and answers."""
    found: dict[str, Any] = {}
    for name in {call.saved_as or _UNNAMED for call in calls}:
        below = [read for read in reads if read.path[0] == name]
        mine = [call for call in calls if (call.saved_as or _UNNAMED) == name]
        held = [(_contradicted(answer, below), answer) for call in mine for answer in _answers(call, data)]
        fits = [(misses, answer) for misses, answer in held if misses is not None]
        if fits:
            found[name] = min(fits, key=lambda fit: fit[0])[1]
        else:
            own = data.variables.get(name, ABSENT)
            found[name] = own if _contradicted(own, below) == 0 else ABSENT
    return found


def held_at(value: Any, step: str | int) -> Any:
    """What stands in a container under a key or index; ABSENT for nothing."""
    if isinstance(value, Mapping):
        return value.get(step, ABSENT)
    if isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
        return value[step]
    return ABSENT


def _answers(call: ConnectedCall, data: RenderData) -> Iterator[Any]:
    if call.status is None or call.status >= 500:
        yield None
        return
    for one in data.connected_content:
        if one.get("url") == call.url and str(one.get("method", "GET")).upper() == call.method:
            body = one.get("body", "")
            value = _decoded(body) if isinstance(body, str) else body
            is_ok = isinstance(value, dict) and 200 <= call.status < 300
            yield {**value, _STATUS_KEY: call.status} if is_ok else value
    yield None


@lru_cache(maxsize=4)
def _decoded(body: str) -> Any:
    """As it is in the answer, shared and not to be changed; None for what is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _contradicted(root: Any, reads: Sequence[Read]) -> int | None:
    """How many reads found nothing where `root` has something; None when one found what `root` has not.

    The former may have happened before the call.
    """
    misses = 0
    for read in reads:
        value = root
        for step in read.path[1:]:
            value = held_at(value, step)
        is_other = value is ABSENT or (not isinstance(value, dict | list) and excerpt(value) != read.value)
        if read.found and is_other:
            return None
        misses += not read.found and value is not ABSENT and value is not None
    return misses
