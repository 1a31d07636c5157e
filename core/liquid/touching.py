"""Which fields of the data a filter on a list touches: those are reads too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from core.liquid.context import Context
from core.liquid.expressions import Node, Path
from core.liquid.filters_arrays import items
from core.liquid.trace import READS_PER_EXPRESSION
from core.liquid.values import Value

_BY_FIELD = frozenset({"map", "where", "sort", "sort_natural", "uniq", "compact"})
_ENDS = {"first": 0, "last": -1}
TOUCHING = _BY_FIELD | _ENDS.keys()
Apply = Callable[[Context, Value], Value]


def touching(name: str, args: Sequence[Node], reader: Path, apply: Apply) -> Apply:
    """`apply` for the filter `name`, written at `reader`: each field that it looks at is traced as read there."""

    def applied(context: Context, value: Value) -> Value:
        if reader not in context.trace.full and isinstance(value, list | dict) and value:
            if name in _ENDS:
                _touch_end(context, reader, _ENDS[name], value)
            elif args:
                _touch_fields(context, reader, args[0].evaluate(context), value)
        return apply(context, value)

    return applied


def _touch_end(context: Context, reader: Path, end: int, value: Value) -> None:
    if isinstance(value, list) and (steps := context.trace.place(value, end % len(value), value[end])) is not None:
        context.took(reader, steps, value[end])


def _touch_fields(context: Context, reader: Path, field: Value, value: Value) -> None:
    for item in islice(items(value), READS_PER_EXPRESSION):
        above = context.trace.origin(item) if isinstance(item, dict) and isinstance(field, str) else None
        if above is None:
            continue
        if field in item:
            steps = context.trace.place(item, field, item[field])
            context.took(reader, steps or (*above, field), item[field])
        else:
            context.trace.note(context.reader or reader, (*above, field), False, None)
