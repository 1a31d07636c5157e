"""The order of lists: Ruby's, down to how it sorts what has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from core.liquid.faults import ArgumentFault
from core.liquid.times_far import Moment
from core.liquid.values import Drop, Value, equal, to_s

Compare = Callable[[Value, Value], int]


class Order(NamedTuple):
    """How two values compare; and keys for many that Python puts into the same order, nil aside, if there are any."""

    compare: Compare
    keys: Callable[[Sequence[Value]], list[Value] | None]


def field(item: Value, name: Value) -> Value:
    """Ruby's `item[name]`: a hash's field, part of a text that contains it. Raises ArgumentFault otherwise."""
    if isinstance(item, dict):
        return item.get(name) if isinstance(name, str) else None
    if isinstance(item, Drop):
        return item.field(name)
    if isinstance(item, str) and isinstance(name, str):
        return name if name in item else None
    if isinstance(item, int) and not isinstance(item, bool) and isinstance(name, int):
        return (item >> name) & 1 if name >= 0 else 0
    raise ArgumentFault(f"cannot select the property '{to_s(name)}'", "The items are no objects.")


def has_fields(item: Value) -> bool:
    """Whether `field` may be asked of it."""
    return isinstance(item, dict | str | Drop) or (isinstance(item, int) and not isinstance(item, bool))


def in_order(found: list[Value], name: Value, order: Order) -> list[Value] | None:
    """The items in order, or in the order of one of their fields; None when some of them can have none."""
    if name is None or not found:
        return _sorted(found, found, order)
    if not all(map(has_fields, found)):
        return None
    try:
        values = [field(item, name) for item in found]
    except ArgumentFault:
        # Ruby meets the mistake only if it comes to compare that very item, and perhaps another mistake before it.
        return _merged(found, lambda left, right: order.compare(field(left, name), field(right, name)))
    return _sorted(found, values, order)


def _sorted(found: list[Value], values: list[Value], order: Order) -> list[Value]:
    keys = order.keys(values)
    places = range(len(found))
    if keys is None:
        ordered = _merged(list(places), lambda left, right: order.compare(values[left], values[right]))
    else:
        ordered = sorted((at for at in places if values[at] is not None), key=keys.__getitem__)
        ordered += [at for at in places if values[at] is None]
    return [found[at] for at in ordered]


def _merged(found: list[Value], compare: Compare) -> list[Value]:
    """Sorted as glibc's qsort_r does it, on which Ruby relies: where the comparison has no order, this decides."""
    if len(found) < 2:
        return found
    half = len(found) // 2
    left, right = _merged(found[:half], compare), _merged(found[half:], compare)
    merged: list[Value] = []
    at, other = 0, 0
    while at < len(left) and other < len(right):
        if compare(left[at], right[other]) <= 0:
            merged.append(left[at])
            at += 1
        else:
            merged.append(right[other])
            other += 1
    return merged + left[at:] + right[other:]


def _plain_keys(values: Sequence[Value]) -> list[Value] | None:
    """The values as keys that Python orders as `sort` does, nil aside; None if they are not all of one such kind."""
    kinds = {value.__class__ for value in values if value is not None}
    alike = len(kinds) < 2 and kinds <= {str, int}
    return list(values) if alike or (kinds <= {int, float} and all(value == value for value in values)) else None


def _natural_keys(values: Sequence[Value]) -> list[Value] | None:
    """As `_plain_keys`, for `sort_natural`; None for two nils, which it calls larger than each other."""
    return None if sum(value is None for value in values) > 1 else [_folded(to_s(value)) for value in values]


def _compare_plainly(left: Value, right: Value) -> int:
    """As `sort` compares. Raises ArgumentFault for what has no order, unless one is nil."""
    result = _order(left, right)
    if result is not None:
        return result
    if left is None or right is None:
        return 1 if left is None else -1
    raise ArgumentFault("cannot sort values of incompatible types")


def _order(left: Value, right: Value) -> int | None:
    """Ruby's <=>."""
    if (isinstance(left, str) and isinstance(right, str)) or (_is_number(left) and _is_number(right)):
        return None if left != left or right != right else int(left > right) - int(left < right)
    if isinstance(left, Moment) and isinstance(right, Moment):
        return int(left > right) - int(left < right)
    if isinstance(left, list) and isinstance(right, list):
        for one, other in zip(left, right, strict=False):
            if (result := _order(one, other)) != 0:
                return result
        return (len(left) > len(right)) - (len(left) < len(right))
    return 0 if equal(left, right) else None


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _compare_without_case(left: Value, right: Value) -> int:
    """As `sort_natural` compares."""
    if left is None or right is None:
        return 1 if left is None else -1
    one, other = _folded(to_s(left)), _folded(to_s(right))
    return (one > other) - (one < other)


def _folded(text: str) -> str:
    return text.lower() if text.isascii() else "".join(char.lower() if char.isascii() else char for char in text)


PLAINLY, NATURALLY = Order(_compare_plainly, _plain_keys), Order(_compare_without_case, _natural_keys)
