"""Which values a render read: those of the data, or what a call saved in their place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from core.liquid.trace import excerpt
from core.render import NOT_MADE, ConnectedCall, Read, RenderData

ABSENT = object()  # nothing stands there, or nobody knows what
_STATUS_KEY = "__http_status_code__"  # Braze docs, "Making an API call"
_UNNAMED = "connected"  # where an answer goes without `:save`


@dataclass(slots=True)
class ReadRoot:
    """What stood under a name while it was read: the data's value, an answer that a call saved, or nothing.

    `value` is ABSENT where nobody knows it, `words` tell it from another root of the same name, empty for the only one.
    """

    name: str
    value: Any
    reads: list[Read] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)  # from 0
    words: str = ""


def read_roots(
    reads: Sequence[Read], given: Mapping[str, Any], data: RenderData, calls: Sequence[ConnectedCall]
) -> list[ReadRoot]:
    """What the reads met, root by root, in the order they were met first; `given` is the data as reads name it.

    What one call saved is never what another did, unless it is the same recorded answer, and what was not there when
    it was read is nothing, whatever was saved later or in another field. Takes time linear in reads and answers.
    """
    apart: dict[tuple[str | int, int | None], list[Read]] = {}
    for read in reads:
        apart.setdefault((read.path[0], read.call), []).append(read)
    found: dict[tuple[str, object], ReadRoot] = {}
    saved = {call.saved_as or _UNNAMED for call in calls}
    for (root, call), mine in apart.items():
        name, value = str(root), given.get(str(root), ABSENT)
        key: object = call
        if call == NOT_MADE:
            value = None if name in given or name in saved else ABSENT
        elif call is not None and call < len(calls):
            number, value = _saved(calls[call], mine, data)
            key = ("answer", number) if value is not ABSENT else call
        one = found.setdefault((name, key), ReadRoot(name, value))
        one.reads += mine
        one.calls += [call] if call is not None and call != NOT_MADE else []
    return _told_apart(list(found.values()), data.stand_ins)


def _told_apart(roots: list[ReadRoot], stand_ins: Sequence[str]) -> list[ReadRoot]:
    names = [root.name for root in roots]
    for root in roots:
        if names.count(root.name) < 2:
            continue
        if root.calls:
            numbers = ", ".join(str(call + 1) for call in sorted(root.calls))
            root.words = f"of call{'s' * (len(root.calls) != 1)} {numbers}"
        elif root.name in stand_ins and root.value is not None:
            root.words = "at hand here, not in Braze"
    return roots


def held_at(value: Any, step: str | int) -> Any:
    """What stands in a container under a key or index; ABSENT for nothing."""
    if isinstance(value, Mapping):
        return value.get(step, ABSENT)
    if isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
        return value[step]
    return ABSENT


def _saved(call: ConnectedCall, reads: Sequence[Read], data: RenderData) -> tuple[int, Any]:
    """The recorded answer that a call saved, with its number; of several that are alike in method and URL the one that
    the reads contradict least. ABSENT without one."""
    held = [(_contradicted(answer, reads), number, answer) for number, answer in _answers(call, data)]
    fits = [(misses, number, answer) for misses, number, answer in held if misses is not None]
    return min(fits, key=lambda fit: fit[0])[1:] if fits else (-1, ABSENT)


def _answers(call: ConnectedCall, data: RenderData) -> Iterator[tuple[int, Any]]:
    for number, one in enumerate(data.connected_content):
        if one.get("url") == call.url and str(one.get("method", "GET")).upper() == call.method:
            body = one.get("body", "")
            value = _decoded(body) if isinstance(body, str) else body
            is_ok = isinstance(value, dict) and 200 <= (call.status or 0) < 300
            yield number, {**value, _STATUS_KEY: call.status} if is_ok else value


@lru_cache(maxsize=4)
def _decoded(body: str) -> Any:
    """As it is in the answer, shared and not to be changed; None for what is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _contradicted(root: Any, reads: Sequence[Read]) -> int | None:
    """How many reads found nothing where `root` has something: a call may take a part of an answer. None when one found
    what `root` has not."""
    misses = 0
    for read in reads:
        value = root
        for step in read.path[1:]:
            value = held_at(value, step)
        is_container = isinstance(value, dict | list)
        if read.found and (value is ABSENT or (not is_container and excerpt(value) != read.value)):
            return None
        misses += not read.found and value is not ABSENT and value is not None
    return misses
