"""Filters on lists, as Ruby's Liquid 5 has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.liquid.faults import ArgumentFault, LimitReached
from core.liquid.filters import braze_filter
from core.liquid.sorting import NATURALLY, PLAINLY, field, has_fields, in_order
from core.liquid.values import Value, equal, inspect, joined, to_s, truthy

MAX_ITEMS = 1_000_000


def items(value: Value) -> list[Value]:
    """What Ruby's filters iterate over: lists flattened, one hash as one item, nil as none."""
    if isinstance(value, list):
        return _flat(value)
    if isinstance(value, range):
        if len(value) > MAX_ITEMS:
            raise LimitReached("limit-loops", "A range has more than a million numbers.", "Make it shorter.")
        return list(value)
    return [] if value is None else [value]


def _flat(value: list[Value]) -> list[Value]:
    if not any(isinstance(item, list) for item in value):
        return value
    flat: list[Value] = []
    for item in value:
        flat += _flat(item) if isinstance(item, list) else [item]
    return flat


@braze_filter("size")
def size(value: Value) -> int:
    """Items, fields or characters."""
    if isinstance(value, str | list | dict | range):
        return len(value)
    return 8 if isinstance(value, int) and not isinstance(value, bool) else 0


@braze_filter("first")
def first(value: Value) -> Value:
    """The first item; of an object, its first pair."""
    if isinstance(value, dict):
        return list(next(iter(value.items()))) if value else None
    if isinstance(value, range):
        return value.start
    return value[0] if isinstance(value, list) and value else None


@braze_filter("last")
def last(value: Value) -> Value:
    """The last item."""
    if isinstance(value, range):
        return value.stop - 1
    return value[-1] if isinstance(value, list) and value else None


@braze_filter("join", takes=(0, 1))
def join(value: Value, glue: Value = " ") -> str:
    """All items as one text."""
    return joined(items(value), to_s(glue))


@braze_filter("reverse")
def reverse(value: Value) -> list[Value]:
    """In reverse order."""
    return items(value)[::-1]


@braze_filter("concat", takes=(1, 1))
def concat(value: Value, more: Value) -> list[Value]:
    """Two lists in a row. Raises ArgumentFault when the second is none."""
    if not isinstance(more, list):
        raise ArgumentFault("concat filter requires an array argument")
    found = items(value)
    if len(found) + len(more) > MAX_ITEMS:
        raise LimitReached("limit-items", "A list has more than a million items.", "Look for a list that grows.")
    return [*found, *more]


@braze_filter("compact", takes=(0, 1))
def compact(value: Value, name: Value = None) -> Value:
    """Without nil, or without items whose field is nil."""
    if name is None:
        return [item for item in items(value) if item is not None]
    return _select(value, name, lambda found: found is not None)


@braze_filter("where", takes=(1, 2))
def where(value: Value, name: Value, target: Value = None) -> Value:
    """Items whose field is `target`, or is neither nil nor false."""
    if target is None:
        return _select(value, name, truthy)
    return _select(value, name, lambda found: equal(found, target))


def _select(value: Value, name: Value, keep: Callable[[Value], bool]) -> Value:
    kept = []
    for item in items(value):
        if not has_fields(item):
            return None
        if keep(field(item, name)):
            kept.append(item)
    return kept


@braze_filter("map", takes=(1, 1))
def map_(value: Value, name: Value) -> list[Value]:
    """One field of each item."""
    return [field(item, name) if has_fields(item) else None for item in items(value)]


@braze_filter("uniq", takes=(0, 1))
def uniq(value: Value, name: Value = None) -> Value:
    """Each item once, or one item for each value of a field."""
    found = items(value)
    if len(found) < 2:
        return found
    seen: set[Any] = set()
    kept = []
    for item in found:
        if name is not None and not has_fields(item):
            return None
        key = _identity(item if name is None else field(item, name))
        if key not in seen:
            seen.add(key)
            kept.append(item)
    return kept


def _identity(value: Value) -> tuple[str, str]:
    return (type(value).__name__, inspect(value))


@braze_filter("sort", takes=(0, 1))
def sort(value: Value, name: Value = None) -> Value:
    """In rising order, nil last. Raises ArgumentFault for what cannot be compared."""
    return in_order(items(value), name, PLAINLY)


@braze_filter("sort_natural", takes=(0, 1))
def sort_natural(value: Value, name: Value = None) -> Value:
    """As texts, without case, nil last."""
    return in_order(items(value), name, NATURALLY)


@braze_filter("default", takes=(0, 2))
def default(value: Value, instead: Value = "", options: Value = None) -> Value:
    """`instead` for nil, false and what is empty; white space is kept (Braze docs, "Setting default values")."""
    if isinstance(instead, dict) and options is None and "allow_false" in instead:
        options, instead = instead, ""
    allow_false = isinstance(options, dict) and truthy(options.get("allow_false"))
    missing = value is None if allow_false else not truthy(value)
    return instead if missing or (isinstance(value, str | list | dict) and not value) else value
