"""Which expression read which field of the data: where containers stand, and what was met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.liquid.source import Source
from core.render import PrintedKind, PrintedSpan, Read

if TYPE_CHECKING:
    from core.liquid.expressions import Path
    from core.liquid.nodes import OutputNode

READS_PER_EXPRESSION = 50
READS_IN_ALL = 2_000
MAX_SPANS = 5_000
EXCERPT = 120

Steps = tuple[str | int, ...]
Origin = tuple[PrintedKind, Steps]
Span = tuple[int, int, "OutputNode", PrintedKind, Steps]  # a PrintedSpan, but for a node instead of line and column


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


class Trace:
    """The reads of one render, each place once, at most 50 an expression and 2,000 in all."""

    __slots__ = ("_kept", "_layers", "_seen", "counts", "reads")

    def __init__(self, origins: Mapping[int, Steps]) -> None:
        self._layers = [origins]
        self._kept: list[Any] = []
        self._seen: set[tuple[int, Steps]] = set()
        self.counts: dict[int, int] = {}
        self.reads: list[tuple[Path, Steps, bool, Any]] = []

    def adopt(self, name: str, value: Any, known: Mapping[int, Steps] | None = None) -> None:
        """Follow reads into a value that came up while rendering; `known` are its containers but for the outermost."""
        self._kept.append(value)  # identities stay taken
        if known is not None:
            self._layers.append(known)
            self._layers.append({id(value): (name,)})
        else:
            self._layers.append(origins_of({name: value}))

    def origin(self, container: object) -> Steps | None:
        """The path of a container of the data; None for one made by a filter."""
        key = id(container)
        for layer in reversed(self._layers):
            if key in layer:
                return layer[key]
        return None

    def place(self, holder: object, key: str | int | None, value: object) -> Steps | None:
        """The path of what was found in `holder` under `key` (None: that was asked about the holder as a whole)."""
        steps = self.origin(value) if isinstance(value, list | dict) else None
        if steps is None and (above := self.origin(holder)) is not None:
            steps = above if key is None else (*above, key)
        return steps

    def note(self, path: Path, steps: Steps, found: bool, value: Any) -> None:
        """Remember one read."""
        key = id(path)
        if (key, steps) in self._seen or len(self.reads) >= READS_IN_ALL:
            return
        self._seen.add((key, steps))
        self.counts[key] = self.counts.get(key, 0) + 1
        self.reads.append((path, steps, found, excerpt(value)))

    def placed(self, source: Source) -> tuple[Read, ...]:
        """The reads with lines and columns of the author's text."""
        return tuple(
            Read(path.text, *source.position(path.start), steps, found, value)
            for path, steps, found, value in self.reads
        )


def printed(spans: list[Span], source: Source) -> tuple[PrintedSpan, ...]:
    """The spans with lines and columns of the author's text."""
    places = {node: source.position(node.at) for node in {span[2] for span in spans}}
    return tuple(PrintedSpan(start, end, *places[node], kind, path) for start, end, node, kind, path in spans)


def excerpt(value: Any) -> Any:
    """A scalar as it is, long text cut, a container as its size in words."""
    if isinstance(value, str):
        return value if len(value) <= EXCERPT else value[: EXCERPT - 1] + "…"
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= 63 else "a very large number"
    if isinstance(value, list):
        return f"{len(value)} items"
    return f"{len(value)} fields" if isinstance(value, dict) else type(value).__name__
