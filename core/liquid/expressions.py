"""Values at work: literals, ranges, and paths into the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.liquid.context import MISSING, NOWHERE, Context
from core.liquid.faults import LimitReached
from core.liquid.trace import CONTAINERS, ROOT_NAMES, Root, Span, Steps
from core.liquid.values import BLANK, NEVER_BLANK, Drop, Value, inspect, to_i, to_integer
from core.render import NOT_MADE

MAX_RANGE = 1_000_000_000


class Node:
    """An expression."""

    __slots__ = ()
    literal = False  # written in the template as it is
    composed = False  # may give text that was rendered elsewhere

    def evaluate(self, context: Context) -> Value:
        """Its value."""
        raise NotImplementedError

    def pieces(self, context: Context) -> list[Span]:
        """When composed: which expressions printed which part of the text that `evaluate` has just given."""
        return []


class Literal(Node):
    """A value written in the template."""

    __slots__ = ("value",)
    literal = True

    def __init__(self, value: Value) -> None:
        self.value = value

    def evaluate(self, context: Context) -> Value:
        return self.value


NIL = Literal(None)


class Blank(Node):
    """`blank` beside a comparison: Braze's question, or the bare gem's that nothing ever answers."""

    __slots__ = ()

    def evaluate(self, context: Context) -> Value:
        return BLANK if context.data.switches.blank == "braze" else NEVER_BLANK


class RangeOf(Node):
    """`(a..b)`."""

    __slots__ = ("first", "last")

    def __init__(self, first: Node, last: Node) -> None:
        self.first, self.last = first, last

    def evaluate(self, context: Context) -> range:
        first, last = _bound(self.first.evaluate(context)), _bound(self.last.evaluate(context))
        if last - first > MAX_RANGE:
            raise LimitReached("limit-range", "A range has more than a billion numbers.", "Make it shorter.")
        return range(first, last + 1)


def _bound(value: Value) -> int:
    return to_i(value) if value is None or isinstance(value, str) else to_integer(value)


class Bracket(Node):
    """`[expr]` in a path: never a command like size. A literal in brackets stands in the path by itself."""

    __slots__ = ("inner",)

    def __init__(self, inner: Node) -> None:
        self.inner = inner

    def evaluate(self, context: Context) -> Value:
        return self.inner.evaluate(context)


class BraceKey(Node):
    """`${name}` in a path; `inside`: the steps of `${obj.key}` or `${arr[0]}`, for when no field has that name."""

    __slots__ = ("inside", "name")

    def __init__(self, name: str, inside: tuple[str | Node, ...]) -> None:
        self.name, self.inside = name, inside

    def evaluate(self, context: Context) -> str:
        return self.name


class Path(Node):
    """A lookup: a root name (or an expression), then keys. `space` names the `${...}` namespace it goes through."""

    __slots__ = ("keys", "place", "printed", "root", "space", "start", "text")

    def __init__(
        self, root: str | Node, keys: tuple[str | Node, ...], *, space: str | None, text: str, start: int
    ) -> None:
        self.root, self.keys, self.space = root, keys, space
        self.text, self.start = text, start
        self.place: tuple[int, int] | None = None  # line and column of `start`, once somebody asked
        self.printed = False  # printed as it is: a hole would show

    @property
    def end(self) -> int:
        """The offset just behind it."""
        return self.start + len(self.text)

    def evaluate(self, context: Context) -> Value:
        root: Value = self.root
        if isinstance(root, Node):
            root = root.evaluate(context)
            if not isinstance(self.root, Bracket):
                return self._walk(context, root, self.keys)
        obj = context.lookup(root) if root.__class__ is str else MISSING
        if obj is MISSING:
            return self._missing(context, root)
        if self.keys:
            return self._walk(context, obj, self.keys)
        context.met = (None, root, obj)
        if self not in context.trace.full:
            context.note(self)
        return obj

    def _missing(self, context: Context, root: Value) -> Value:
        if self.space is not None:
            return self._walk(context, {}, self.keys)
        shown = root if isinstance(root, str) else inspect(root)
        context.missed(self, MISSING, shown, (Root(shown, NOT_MADE), *_steps(context, self.keys)))
        return None

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
                holder, last, obj = None, None, obj.field(name)
                continue
            elif bare and (command := COMMANDS.get(name)) and (found := command(obj)) is not MISSING:
                if obj.__class__ in CONTAINERS:
                    holder, last = obj, _ENDS.get(name, lambda _: None)(obj)
                obj = found
                continue
            context.missed(self, obj, name, self._trail(context, holder, last, obj, keys[index:]))
            return None
        if holder is None:
            context.met = NOWHERE
            return obj
        context.met = (holder, last, obj)
        if self not in context.trace.full:
            context.note(self)
        return obj

    def _trail(
        self, context: Context, holder: Value, last: str | int | None, obj: Value, rest: tuple[str | Node, ...]
    ) -> Steps:
        """The path of a read that ended at `obj` with `rest` still to go."""
        known = context.trace.origin(obj)
        if known is None and last is not None and (above := context.trace.origin(holder)) is not None:
            known = (*above, last)
        if known is None:
            return (Root(self._root_name, NOT_MADE), *_steps(context, self.keys))
        return (*known, *_steps(context, rest))

    @property
    def _root_name(self) -> str:
        return ROOT_NAMES.get(self.root, self.root) if isinstance(self.root, str) else self.text


class Name(Path):
    """`a`: a name alone, perhaps of a text that was captured."""

    __slots__ = ()
    composed = True

    def pieces(self, context: Context) -> list[Span]:
        """Of a captured text: what its own expressions printed."""
        name = str(self.root)
        made = context.made.get(name)
        shadowed = any(name in scope for scope in context.scopes[:-1])
        return made.pieces if made and not shadowed else []


class Field(Path):
    """`a.b.c`, `${a}` or `a.${b}.c`, the most common path: a name, then names."""

    __slots__ = ("names",)

    def __init__(
        self, root: str, names: Sequence[str], keys: tuple[str | Node, ...], *, space: str | None, text: str, start: int
    ) -> None:
        self.root, self.names, self.keys, self.space = root, names, keys, space
        self.text, self.start = text, start
        self.place, self.printed = None, False

    def evaluate(self, context: Context) -> Value:
        name: Any = self.root
        for scope in context.scopes:  # context.lookup(), but for the call
            if name in scope:
                root: Value = scope[name]
                break
        else:
            root = context.outer(name)
            if root is MISSING:
                return self._missing(context, name)
        value, holder, key = root, None, None
        for key in self.names:
            if value.__class__ is not dict or key not in value:
                return self._walk(context, root, self.keys)
            holder = value
            value = value[key]
        context.met = (holder, key, value)
        if self not in context.trace.full:
            context.note(self)
        return value


def named(text: str, start: int) -> Path:
    """The Path of `a.b.c`, names only, standing at `start`."""
    root, *rest = text.split(".")
    if not rest:
        return Name(root, (), space=None, text=text, start=start)
    names = tuple(rest)
    return Field(root, names, names, space=None, text=text, start=start)


def path(root: str | Node, keys: tuple[str | Node, ...], *, space: str | None, text: str, start: int) -> Path:
    """The Path of any lookup."""
    names = [key.name if isinstance(key, BraceKey) else key for key in keys if isinstance(key, str | BraceKey)]
    if keys and isinstance(root, str) and len(names) == len(keys):
        return Field(root, names, keys, space=space, text=text, start=start)
    kind = Name if isinstance(root, str) and not keys else Path
    return kind(root, keys, space=space, text=text, start=start)


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


# Where `first` and `last` of a list stand in it.
_ENDS: dict[str, Callable[[Value], int | None]] = {
    "first": lambda obj: 0 if isinstance(obj, list) else None,
    "last": lambda obj: len(obj) - 1 if isinstance(obj, list) else None,
}
COMMANDS: dict[str, Callable[[Value], Value]] = {"size": _size, "first": _first, "last": _last}
