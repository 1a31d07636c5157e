"""What a render read of its data, as the lines of a tree: read, passed on the way, missing, left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.clean import safe
from core.readroots import ABSENT, ReadRoot, held_at, read_roots
from core.render import ConnectedCall, Read, RenderData

Step = str | int
Path = tuple[Step, ...]

ATTRIBUTES = "attributes"
_MOST_CHILDREN = 40
_MOST_UNREAD = 12
_UNREAD_TO_DEPTH = 2
_MOST_CHARACTERS = 200


class FieldState(StrEnum):
    """How a render met a field."""

    READ = "read"
    PASSED = "passed"  # a container on the way to a field that was read
    UNREAD = "unread"
    MISSING = "missing"
    MORE = "more"  # stands for several fields that are not listed


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One line. `path` leads from the root of the data; `lines` are the template's lines that read it, from 1 on, and
    `reads` what was read there. Two lines may have one path: a variable that was nothing, and then was saved.

    `depth` is 0 for a root; `open_above` tells for each level above whether its branch goes on below this line.
    """

    path: Path
    label: str
    value: str
    state: FieldState
    lines: tuple[int, ...] = ()
    depth: int = 0
    is_last: bool = True
    open_above: tuple[bool, ...] = ()
    reads: frozenset[Read] = frozenset()
    held: Any = field(default=ABSENT, compare=False, repr=False)  # what stands there, whole; ABSENT: nobody knows


@dataclass(slots=True)
class _Met:
    """One step of a path that was read."""

    children: dict[Step, _Met] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)


def roots_of(data: RenderData) -> dict[str, Any]:
    """The data as reads name it: plain variables, the namespaces, `attributes` for `${first_name}` and its like, and
    what tags read, where there is any."""
    of_tags = {"promotions": data.promotions, "translations": data.translations}
    given = {name: held for name, held in of_tags.items() if held}
    return {**given, **data.variables, **data.namespaces, ATTRIBUTES: data.attributes}


def field_lines(reads: Sequence[Read], data: RenderData, calls: Sequence[ConnectedCall] = ()) -> list[FieldLine]:
    """The fields read, each under its containers; beside them what was left alone, where there is little of it.

    What one of `calls` saved is shown as it was answered, whatever the data has under that name; what was nothing when
    it was read has a tree of its own. Variables come first, then `${...}`. At most 40 children of a container are
    listed; a line says how many more were.
    """
    roots = read_roots(reads, roots_of(data), data, calls)
    lines: list[FieldLine] = []
    for root in roots:
        if root.name != ATTRIBUTES:
            own = list(_subtree(_met(root), root.value, (root.name,), root.name, 0, True, ()))
            lines += [replace(own[0], value=f"{own[0].value} {root.words}".strip()), *own[1:]]
    for root in roots:
        for step, child in _met(root).children.items() if root.name == ATTRIBUTES else ():
            value = held_at(data.attributes, step)
            lines += _subtree(child, value, (ATTRIBUTES, step), f"${{{step}}}", 0, True, ())
    return lines


def _met(root: ReadRoot) -> _Met:
    met = _Met()
    for read in root.reads:
        at = met
        for step in read.path[1:]:
            at = at.children.setdefault(step, _Met())
        at.reads.append(read)
    return met


def _subtree(
    met: _Met, value: Any, path: Path, label: str, depth: int, is_last: bool, open_above: tuple[bool, ...]
) -> Iterator[FieldLine]:
    if isinstance(path[-1], int) and not met.reads and len(met.children) == 1:
        # An item of a list of which one field was read takes one line: `0 name`.
        ((step, only),) = met.children.items()
        if not only.children:
            label, path, value, met = f"{label} {step}", (*path, step), held_at(value, step), only
    missing = bool(met.reads) and not any(read.found for read in met.reads) and not met.children
    state = FieldState.MISSING if missing else FieldState.READ if met.reads else FieldState.PASSED
    numbers = tuple(sorted({read.line for read in met.reads}))
    shown = "" if missing else _words(value, met)
    reads = frozenset(met.reads)
    yield FieldLine(path, safe(label), shown, state, numbers, depth, is_last, open_above, reads, value)
    below = (*open_above, not is_last) if depth else ()
    children = list(_children(met, value, depth))
    for index, (step, child) in enumerate(children):
        last = index == len(children) - 1
        if isinstance(child, str):
            yield FieldLine((*path, step), child, "", FieldState.MORE, (), depth + 1, last, below)
        elif child is None:
            name, held, left = safe(str(step)), held_at(value, step), FieldState.UNREAD
            words = _scalar_words(held)
            yield FieldLine((*path, step), name, words, left, (), depth + 1, last, below, held=held)
        else:
            yield from _subtree(child, held_at(value, step), (*path, step), str(step), depth + 1, last, below)


def _children(met: _Met, value: Any, depth: int) -> Iterator[tuple[Step, _Met | str | None]]:
    """What stands under a container: a met step, None for one left alone, words for several that are not listed."""
    read = list(met.children)
    if isinstance(value, Mapping) and depth < _UNREAD_TO_DEPTH:
        unread = [key for key in value if key not in met.children]
        listed = set(unread[:_MOST_UNREAD]) if read else set()
        order: list[Step] = [key for key in value if key in met.children or key in listed]
        order += [step for step in read if step not in value]
        rest = len(unread) - len(listed) if read else 0
    else:
        order = sorted(read, key=lambda step: (isinstance(step, str), step if isinstance(step, int) else 0))
        rest = 0
    for step in order[:_MOST_CHILDREN]:
        yield step, met.children.get(step)
    if len(order) > _MOST_CHILDREN:
        yield "", f"{len(order) - _MOST_CHILDREN} more read"
    if rest:
        yield "", f"{rest} more not read"
    if isinstance(value, list) and read and (untouched := len(value) - sum(isinstance(step, int) for step in read)) > 0:
        yield "", f"{untouched} more not read"


def _words(value: Any, met: _Met) -> str:
    if value is ABSENT:
        found = [read.value for read in met.reads if read.found]
        return _scalar_words(found[0]) if found else ""
    return _scalar_words(value)


def _scalar_words(value: Any) -> str:
    """A scalar as JSON shows it (texts without quotes, unless empty), a container as its size."""
    if value is ABSENT:
        return ""
    if isinstance(value, Mapping):
        return f"{{{len(value)}}}"
    if isinstance(value, list | tuple):
        return f"[{len(value)}]"
    if isinstance(value, str):
        return safe(value[:_MOST_CHARACTERS]) or '""'
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "null"
    return str(value) if not isinstance(value, int) or value.bit_length() < 300 else "a very large number"


def count_fields(data: RenderData) -> int:
    """How many values that hold no others the data has; takes time linear in the data."""
    count = 0
    work: list[Any] = list(roots_of(data).values())
    while work:
        value = work.pop()
        if isinstance(value, Mapping):
            work += value.values()
        elif isinstance(value, list | tuple):
            work += value
        else:
            count += 1
    return count


def count_read(reads: Sequence[Read], data: RenderData, calls: Sequence[ConnectedCall] = ()) -> int:
    """How many different fields that hold no others a render read and found."""
    found: set[Path] = set()
    for root in read_roots(reads, roots_of(data), data, calls):
        for path in {read.path for read in root.reads if read.found}:
            value = root.value
            for step in path[1:]:
                value = held_at(value, step)
            if value is ABSENT or not isinstance(value, Mapping | list | tuple):
                found.add(path)
    return len(found)
