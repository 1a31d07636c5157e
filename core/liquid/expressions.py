"""Values at work: literals, ranges, and paths into the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from liquid.expression import Expression

from core.liquid.context import MISSING, Context
from core.liquid.faults import LimitReached
from core.liquid.trace import READS_PER_EXPRESSION, ROOT_NAMES, Steps
from core.liquid.values import Drop, Value, inspect, to_i, to_integer

MAX_RANGE = 1_000_000_000


class Node(Expression):
    """An expression of ours: it needs no token, and `evaluate` takes our context."""

    __slots__ = ()

    def __init__(self) -> None:
        pass

    def children(self) -> list[Expression]:
        """No use is made of python-liquid's static analysis."""
        return []


class Literal(Node):
    """A value written in the template."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def evaluate(self, context: Context) -> Value:  # type: ignore[override]
        return self.value


NIL = Literal(None)


class RangeOf(Node):
    """`(a..b)`."""

    __slots__ = ("first", "last")

    def __init__(self, first: Node, last: Node) -> None:
        self.first, self.last = first, last

    def evaluate(self, context: Context) -> range:  # type: ignore[override]
        first, last = _bound(self.first.evaluate(context)), _bound(self.last.evaluate(context))
        if last - first > MAX_RANGE:
            raise LimitReached("limit-range", "A range has more than a billion numbers.", "Make it shorter.")
        return range(first, last + 1)


def _bound(value: Value) -> int:
    return to_i(value) if value is None or isinstance(value, str) else to_integer(value)


class Bracket(Node):
    """`[expr]` in a path: never a command like size."""

    __slots__ = ("inner",)

    def __init__(self, inner: Node) -> None:
        self.inner = inner

    def evaluate(self, context: Context) -> Value:  # type: ignore[override]
        return self.inner.evaluate(context)


class BraceKey(Node):
    """`${name}` in a path; `inside`: the steps of `${obj.key}` or `${arr[0]}`, for when no field has that name."""

    __slots__ = ("inside", "name")

    def __init__(self, name: str, inside: tuple[str | Node, ...]) -> None:
        self.name, self.inside = name, inside

    def evaluate(self, context: Context) -> str:  # type: ignore[override]
        return self.name


class Path(Node):
    """A lookup: a root name (or an expression), then keys. `space` names the `${...}` namespace it goes through."""

    __slots__ = ("_plain", "end", "keys", "printed", "root", "space", "start", "text")

    def __init__(
        self, root: str | Node, keys: tuple[str | Node, ...], *, space: str | None, text: str, start: int
    ) -> None:
        self.root, self.keys, self.space = root, keys, space
        self.text, self.start, self.end = text, start, start + len(text)
        self._plain = isinstance(root, str) and all(isinstance(key, str) for key in keys)
        self.printed = False  # printed as it is: a hole would show

    def evaluate(self, context: Context) -> Value:  # type: ignore[override]
        root: Value = self.root
        if isinstance(root, Node):
            root = root.evaluate(context)
            if not isinstance(self.root, Bracket):
                return self._walk(context, root, self.keys)
        obj = context.lookup(root) if root.__class__ is str else MISSING
        if self._plain and obj is not MISSING:
            holder: Value = None
            value, last = obj, None
            for last in self.keys:
                if value.__class__ is not dict or last not in value:
                    return self._walk(context, obj, self.keys)
                holder, value = value, value[last]
            if context.trace.counts.get(id(self), 0) < READS_PER_EXPRESSION and context.anchor is None:
                self._note(context, holder, last, value)  # type: ignore[arg-type]
            return value
        if obj is MISSING:
            if self.space is None:
                shown = root if isinstance(root, str) else inspect(root)
                context.missed(self, None, shown, (shown, *_steps(context, self.keys)))
                return None
            obj = {}
        return self._walk(context, obj, self.keys)

    def _walk(self, context: Context, obj: Value, keys: tuple[str | Node, ...]) -> Value:
        holder: Value = None
        last: str | int | None = None
        for index, key in enumerate(keys):
            bare = key.__class__ is str
            name: Any = key if bare else key.evaluate(context)  # type: ignore[union-attr]
            kind = obj.__class__
            if kind is dict and name.__class__ is str and name in obj:
                holder, last, obj = obj, name, obj[name]
                continue
            if kind is list and name.__class__ is int:
                if -len(obj) <= name < len(obj):
                    holder, last, obj = obj, name % len(obj), obj[name]
                    continue
            elif isinstance(key, BraceKey) and key.inside:
                return self._walk(context, obj, (*key.inside, *keys[index + 1 :]))
            elif isinstance(obj, Drop):
                obj = obj.field(name)
                continue
            elif bare and (command := COMMANDS.get(name)) and (found := command(obj)) is not MISSING:
                holder, last = None, None
                obj = found
                continue
            context.missed(self, obj, name, self._trail(context, holder, last, obj, keys[index:]))
            return None
        if context.trace.counts.get(id(self), 0) < READS_PER_EXPRESSION and context.anchor is None:
            self._note(context, holder, last, obj)
        return obj

    def _trail(
        self, context: Context, holder: Value, last: str | int | None, obj: Value, rest: tuple[str | Node, ...]
    ) -> Steps:
        """The path of a read that ended at `obj` with `rest` still to go."""
        known = context.trace.origin(obj)
        if known is None and last is not None and (above := context.trace.origin(holder)) is not None:
            known = (*above, last)
        if known is None:
            return (self._root_name, *_steps(context, self.keys))
        return (*known, *_steps(context, rest))

    @property
    def _root_name(self) -> str:
        return ROOT_NAMES.get(self.root, self.root) if isinstance(self.root, str) else self.text

    def _note(self, context: Context, holder: Value, last: str | int | None, obj: Value) -> None:
        trace = context.trace
        steps = trace.origin(obj) if isinstance(obj, list | dict) else None
        if steps is None and last is not None:
            above = trace.origin(holder)
            steps = None if above is None else (*above, last)
        if steps is None and not self.keys and isinstance(self.root, str):
            steps = context.lookup("\0" + self.root)
            if steps is MISSING:
                steps = (
                    (self.root,) if self.root in context.globals and context.scopes[0].get(self.root) is None else None
                )
        if steps is not None:
            trace.note(self, steps, True, obj)


def _steps(context: Context, keys: tuple[str | Node, ...]) -> Steps:
    steps: list[str | int] = []
    for key in keys:
        value = key if isinstance(key, str) else key.evaluate(context)
        steps.append(value if isinstance(value, str | int) and not isinstance(value, bool) else inspect(value))
    return tuple(steps)


def _size(obj: Value) -> Value:
    if isinstance(obj, str | list | dict | range):
        return len(obj)
    return 8 if isinstance(obj, int) and not isinstance(obj, bool) else MISSING


def _first(obj: Value) -> Value:
    if isinstance(obj, dict):
        return list(next(iter(obj.items()))) if obj else None
    if isinstance(obj, range):
        return obj.start
    return (obj[0] if obj else None) if isinstance(obj, list) else MISSING


def _last(obj: Value) -> Value:
    if isinstance(obj, range):
        return obj.stop - 1
    return (obj[-1] if obj else None) if isinstance(obj, list) else MISSING


COMMANDS: dict[str, Callable[[Value], Value]] = {"size": _size, "first": _first, "last": _last}
