"""What a message that aborts had read and not found: a misspelt property ends a message without another word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any

from core.liquid.expressions import Path
from core.liquid.names import FILLED_SPACES, NOT_MISSED
from core.liquid.problems import Finding
from core.liquid.trace import Steps, Trace
from core.render import NAMESPACES, RenderData

_TOLD = frozenset(
    [
        *("undefined-variable", "misspelt-variable", "unknown-attribute", "unknown-namespace", "wrong-property-bag"),
        *("label-as-name", "missing-default"),
    ]
)
_MOST_NAMED = 5
_MOST_COMPARED = 500
_LONGEST = 80  # characters of a name
_OF_A_PERSON = frozenset({"attributes", "custom_attribute"})
_TESTED = re.compile(r"[\s}]*+(?:==|!=|<>)\s*+(?:nil|null|blank|empty|''|\"\")")
_DEFAULTED = re.compile(r"\|\s*+default\b")
_END = re.compile(r"[}%]\}")
_ASKED = re.compile(r"\b(?:if|elsif|unless|and|or)\s+[\s{]*+$")
_NEXT = re.compile(r"[\s}]*+(?:-?%|(?:and|or)\b)")
_ASSIGNED = re.compile(r"\bassign\s+([\w-]+)\s*=[\s{]*$")
_BEFORE, _BEHIND = 80, 500  # characters
_FAR = 20_000  # from where a variable is assigned
_MOST_PLACES = 50  # of one expression are looked at
_MOST_LOOKED_INTO = 50


def missed_before_abort(trace: Trace, data: RenderData, text: str, told: Sequence[Finding]) -> Iterator[Finding]:
    """A hint for each name of a send's data that was read in `text` and is not there, once for each; of a person's data
    where there is something with almost that name. None for what the template asks about itself or `told` tells of."""
    if data.is_bare:
        return
    known = {one.start for one in told if one.rule in _TOLD}
    seen: set[Steps] = set()
    tests: dict[str, bool] = {}
    for (path, steps, _), (found, _) in trace.reads.items():
        if found or path.start in known or not _is_of_data(path, steps):
            continue
        holder, depth = _holder(data, steps)
        if path.text not in tests and len(tests) < _MOST_LOOKED_INTO:
            tests[path.text] = _tests(text, path.text)
        if steps[: depth + 1] in seen or tests.get(path.text, True):
            continue
        seen.add(steps[: depth + 1])
        name = str(steps[depth])
        if steps[0] in _OF_A_PERSON and not _alike(name, holder):
            continue  # not everybody has everything
        hint = _advice(name, holder, str(steps[depth - 1]) if depth > 1 else str(steps[0]))
        message = f"Before the abort, {name} was read and is not there."
        yield Finding("missed-before-abort", path.start, path.end, message, hint)


def _is_of_data(path: Path, steps: Steps) -> bool:
    """Whether the author's own text reads a field of a namespace that Braze does not fill for everybody."""
    root, name = str(steps[0]), str(steps[1]) if len(steps) > 1 else ""
    if not path.keys or (name not in path.text and str(steps[-1]) not in path.text):
        return False
    return (root == "attributes" and name not in NOT_MISSED) or (root in NAMESPACES and root not in FILLED_SPACES)


def _holder(data: RenderData, steps: Steps) -> tuple[Any, int]:
    """The last value on the way that is there, and which step it lacks."""
    value: Any = data.attributes if steps[0] == "attributes" else data.namespaces.get(str(steps[0]))
    for depth, step in enumerate(steps[1:-1], 1):
        held = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            held = value[step]
        if held is None:
            return value, depth
        value = held
    return value, len(steps) - 1


def _advice(name: str, holder: Any, where: str) -> str:
    if not isinstance(holder, Mapping) or not holder:
        return f"{where} is empty here: give it in the data, or test for it."
    names, close = [str(key) for key in holder], _alike(name, holder)
    shown = [name[:_LONGEST] for name in dict.fromkeys([*close, *names])][:_MOST_NAMED]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    there = f"There {'is' if len(names) == 1 else 'are'} {', '.join(shown)}{more}."
    return f"Did you mean {close[0]}? {there}" if close and len(names) > 1 else there


def _alike(name: str, holder: Any) -> list[str]:
    names = [str(key)[:_LONGEST] for key in islice(holder, _MOST_COMPARED)] if isinstance(holder, Mapping) else []
    return get_close_matches(name[:_LONGEST], names, n=_MOST_NAMED, cutoff=0.5)


def _tests(text: str, read: str) -> bool:
    """Whether the template asks somewhere if the expression, or the variable it is assigned to, has a value."""
    for at in islice(_places(text, read), _MOST_PLACES):
        before = text[max(at - _BEFORE, 0) : at]
        if _is_test(text, before, at + len(read)):
            return True
        if (assigned := _ASSIGNED.search(before)) is not None:
            name = assigned[1]
            later = islice(_places(text, name, at, at + _FAR), _MOST_PLACES)
            if any(_is_test(text, text[max(place - _BEFORE, 0) : place], place + len(name)) for place in later):
                return True
    return False


def _places(text: str, part: str, at: int = 0, stop: int | None = None) -> Iterator[int]:
    at = text.find(part, at, stop)
    while at >= 0:
        end = at + len(part)
        if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            yield at
        at = text.find(part, end, stop)


def _is_test(text: str, before: str, end: int) -> bool:
    behind = text[end : end + _BEHIND]
    last = _END.search(behind)
    if _TESTED.match(behind) or _DEFAULTED.search(behind, 0, last.start() if last else len(behind)):
        return True
    return _ASKED.search(before) is not None and _NEXT.match(behind) is not None
