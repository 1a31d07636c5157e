"""Which expression read which field of the data: where containers stand, and what was met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from core.liquid.source import Source
from core.render import PrintedKind, PrintedSpan, Read

if TYPE_CHECKING:
    from core.liquid.expressions import Path
    from core.liquid.nodes import Item

READS_PER_EXPRESSION = 50
READS_IN_ALL = 2_000
MAX_SPANS = 5_000
EXCERPT = 120

Steps = tuple[str | int, ...]
Origin = tuple[PrintedKind, Steps]
COMPUTED: Origin = ("computed", ())
CONTAINERS = frozenset({dict, list})
WRITTEN: Origin = ("literal", ())
Span = tuple[int, int, "Item", PrintedKind, Steps]  # a PrintedSpan, but for a node instead of line and column
UNSETTLED: Any = None  # the node of a span of text that is printed by a node yet to come


class PairSteps(tuple[str | int, ...]):
    """Where the value of a pair of a hash stands; its key stands nowhere."""

    __slots__ = ()


def origins_of(roots: Mapping[str, Any]) -> dict[int, Steps]:
    """The path of every container under `roots`, by identity. Valid as long as the data lives and is not changed."""
    found: dict[int, Steps] = {}
    work: list[tuple[Steps, Any]] = [((ROOT_NAMES.get(name, name),), value) for name, value in roots.items()]
    while work:
        path, value = work.pop()
        if isinstance(value, dict):
            found[id(value)] = path
            work += [((*path, key), item) for key, item in value.items() if isinstance(item, dict | list)]
        elif isinstance(value, list):
            found[id(value)] = path
            work += [((*path, index), item) for index, item in enumerate(value) if isinstance(item, dict | list)]
    return found


ROOT_NAMES = {"${}": "attributes"}


class Root(str):
    """The first step of a path whose root is not the data's: which call saved it, or NOT_MADE."""

    __slots__ = ("call",)
    call: int

    def __new__(cls, name: str, call: int) -> Root:
        made = super().__new__(cls, name)
        made.call = call
        return made


def _plain(steps: Steps) -> Steps:
    return (str(steps[0]), *steps[1:])


class Trace:
    """The reads of one render, each place once, at most 50 an expression and 2,000 in all."""

    __slots__ = ("_counts", "_kept", "_layers", "_pairs", "_roots", "full", "reads")

    def __init__(self, origins: Mapping[int, Steps]) -> None:
        self._layers = [origins]  # the newest first
        self._roots: dict[int, Root] | None = None  # of the layers that calls made, by identity
        self._kept: list[Any] = []
        self._pairs: dict[int, Steps] | None = None
        self._counts: dict[Path, int] = {}
        self.full: set[Path] = set()  # expressions that need not be noted any more
        self.reads: dict[tuple[Path, Steps, int | None], tuple[bool, Any]] = {}

    def adopt(
        self, name: str, value: Any, known: Mapping[int, Steps] | None = None, *, call: int | None = None
    ) -> None:
        """Follow reads into a value that came up while rendering; `known` are its containers but for the outermost.

        `call` is which of the render's calls saved it.
        """
        self._kept.append(value)  # identities stay taken
        layers = [origins_of({name: value})] if known is None else [{id(value): (name,)}, known]
        self._layers[:0] = layers
        if call is not None:
            self._roots = (self._roots or {}) | dict.fromkeys(map(id, layers), Root(name, call))

    def adopt_pairs(self, holder: object, pairs: Sequence[Any]) -> None:
        """Follow reads into `[key, value]` pairs of a hash of the data, made for a loop over it."""
        above = self.origin(holder)
        if above is None:
            return
        if self._pairs is None:
            self._pairs = {}
            self._layers.append(self._pairs)
        self._kept.append(pairs)
        for pair in pairs:
            self._pairs[id(pair)] = PairSteps((*above, pair[0]))

    def origin(self, container: object) -> Steps | None:
        """The path of a container of the data; None for one made by a filter."""
        for layer in self._layers:
            if (steps := layer.get(id(container))) is not None:
                root = self._roots.get(id(layer)) if self._roots else None
                return steps if root is None else (root, *steps[1:])
        return None

    def place(self, holder: object, key: str | int | None, value: object) -> Steps | None:
        """The path of what was found in `holder` under `key` (None: that was asked about the holder as a whole)."""
        if value.__class__ in CONTAINERS and (steps := self.origin(value)) is not None:
            return steps
        for layer in self._layers:
            if (above := layer.get(id(holder))) is not None:
                if above.__class__ is PairSteps:
                    return None if key == 0 else above
                below = above if key is None else (*above, key)
                root = self._roots.get(id(layer)) if self._roots else None
                return below if root is None else (root, *below[1:])
        return None

    def note(self, path: Path, steps: Steps, found: bool, value: Any) -> None:
        """Remember one read, unless enough are known."""
        read = (path, steps, steps[0].call if steps[0].__class__ is Root else None)
        if read in self.reads or path in self.full:
            return
        self.reads[read] = (found, value)
        count = self._counts[path] = self._counts.get(path, 0) + 1
        if count >= READS_PER_EXPRESSION:
            self.full.add(path)

    def placed(self, source: Source) -> tuple[Read, ...]:
        """The reads with lines and columns of the author's text."""
        made = []
        for (path, steps, call), (found, value) in islice(self.reads.items(), READS_IN_ALL):
            if path.place is None:
                path.place = source.position(path.start)
            line, column = path.place
            short = value.__class__ is str and len(value) <= EXCERPT
            told = value if short else excerpt(value)
            made.append(Read(path.text, line, column, steps if call is None else _plain(steps), found, told, call))
        return tuple(made)


def printed(spans: list[Span], source: Source) -> tuple[PrintedSpan, ...]:
    """The spans with lines and columns of the author's text."""
    made = []
    for start, end, node, kind, path in spans:
        if node.place is None:
            node.place = source.position(node.at)
        line, column = node.place
        if path and path[0].__class__ is Root:
            path = _plain(path)
        made.append(PrintedSpan(start, end, line, column, kind, path))
    return tuple(made)


def covered(pieces: Sequence[Span], length: int, between: Origin) -> Iterator[Span]:
    """The pieces of a text of `length` characters, and what is left between them, which came from `between`."""
    at = 0
    for piece in pieces:
        if at < piece[0]:
            yield at, piece[0], UNSETTLED, *between
        yield piece
        at = piece[1]
    if at < length:
        yield at, length, UNSETTLED, *between


def excerpt(value: Any) -> Any:
    """A scalar as it is, long text cut, a container as its size in words."""
    if isinstance(value, str):
        return value if len(value) <= EXCERPT else value[: EXCERPT - 1] + "…"
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= 63 else "a very large number"
    if isinstance(value, list):
        return "1 item" if len(value) == 1 else f"{len(value)} items"
    if isinstance(value, dict):
        return "1 field" if len(value) == 1 else f"{len(value)} fields"
    return type(value).__name__
