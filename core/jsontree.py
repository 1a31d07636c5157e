"""A decoded JSON value as lines that open and close: lazy, iterative, clean to show, searchable where it is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Literal

from core.clean import safe, shown_json

Step = str | int
Path = tuple[Step, ...]
Kind = Literal["object", "array", "string", "number", "boolean", "null", "missing"]

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_SHOWN_CHARACTERS = 2_000
_SHOWN_BITS = 10_000
_NAMING_KEYS = ("name", "title", "tag", "id", "status")


class Missing(Enum):
    """Stands where a value was looked for and there was none."""

    MISSING = "missing"


MISSING = Missing.MISSING


class Node:
    """One value in the tree; its children are made when they are first asked for."""

    __slots__ = ("_children", "depth", "key", "opened", "order", "parent", "value")

    def __init__(self, parent: Node | None, key: Step, value: object, depth: int) -> None:
        self.parent = parent
        self.key = key
        self.value = value
        self.depth = depth
        self.opened = False
        self.order = -1
        self._children: list[Node] | None = None

    @property
    def kind(self) -> Kind:
        """What JSON calls the value."""
        value = self.value
        if isinstance(value, dict):
            return "object"
        if isinstance(value, list | tuple):
            return "array"
        if isinstance(value, str):
            return "string"
        if value is None:
            return "null"
        if value is MISSING:
            return "missing"
        return "boolean" if isinstance(value, bool) else "number"

    @property
    def size(self) -> int:
        """How many values it holds; 0 for a scalar."""
        return len(self.value) if isinstance(self.value, dict | list | tuple) else 0

    @property
    def children(self) -> list[Node]:
        """The values in it, in the order of the document."""
        if self._children is None:
            value, depth = self.value, self.depth + 1
            if isinstance(value, dict):
                self._children = [Node(self, str(key), child, depth) for key, child in value.items()]
            elif isinstance(value, list | tuple):
                self._children = [Node(self, index, child, depth) for index, child in enumerate(value)]
            else:
                self._children = []
        return self._children

    @property
    def path(self) -> Path:
        """The keys and indexes that lead here from the root."""
        steps: list[Step] = []
        node = self
        while node.parent is not None:
            steps.append(node.key)
            node = node.parent
        return tuple(reversed(steps))

    @property
    def label(self) -> str:
        """The key or index, fit to show on one line."""
        return safe(str(self.key)[:_SHOWN_CHARACTERS])

    @property
    def text(self) -> str:
        """The value in a few characters, fit to show: a scalar as JSON writes it, `[12]` or `{5}` for a holder."""
        value = self.value
        if isinstance(value, str):
            return f'"{safe(value[:_SHOWN_CHARACTERS])}"'
        if isinstance(value, dict):
            return f"{{{len(value)}}}" if value else "{}"
        if isinstance(value, list | tuple):
            return f"[{len(value)}]" if value else "[]"
        if value is None:
            return "null"
        if value is MISSING:
            return "missing"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int) and value.bit_length() > _SHOWN_BITS:
            return f"a number of {value.bit_length()} bits"
        return safe(str(value)[:_SHOWN_CHARACTERS])

    @property
    def summary(self) -> str:
        """What an object in a list is called: its name, title, tag or id; "" when it has none."""
        if isinstance(self.value, dict) and isinstance(self.key, int):
            for key in _NAMING_KEYS:
                named = self.value.get(key)
                if isinstance(named, str) and named:
                    return safe(named[:_SHOWN_CHARACTERS])
        return ""

    def holds(self, needle: str) -> bool:
        """Whether the key or the scalar value contains `needle` (lower case)."""
        if isinstance(self.key, str) and needle in self.key.lower():
            return True
        if isinstance(self.value, str):
            return needle in self.value.lower()
        return not self.size and needle in self.text.lower()


def path_text(path: Path) -> str:
    """`payload.user_offers[0].name`: how Liquid and people write a path; the root is ""."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _PLAIN_KEY.match(step):
            parts.append(f".{step}" if parts else step)
        else:
            parts.append(f"[{shown_json(step)}]")
    return "".join(parts)


def jq_text(path: Path) -> str:
    """The path as a jq filter; the root is `.`."""
    written = path_text(path)
    return written if written.startswith(".") else f".{written}"


def value_at(value: object, path: Path) -> object:
    """What lies at `path` in `value`, or MISSING."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step, MISSING)
        elif isinstance(value, list | tuple) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return MISSING
    return value


class Tree:
    """The lines of a JSON value that can be seen now.

    The root is not a line unless it holds nothing; its children are. Opening costs what comes into sight, no more.
    """

    def __init__(self, value: object) -> None:
        self.root = Node(None, "", value, -1)
        self.root.opened = True
        self.lines: list[Node] = list(self.root.children) if self.root.size else [self.root]
        self._ordered: list[Node] | None = None

    def open(self, index: int) -> int:
        """Show what line `index` holds; answers how many lines came."""
        node = self.lines[index]
        if node.opened or not node.size:
            return 0
        node.opened = True
        fresh = list(_seen(node))
        self.lines[index + 1 : index + 1] = fresh
        return len(fresh)

    def close(self, index: int) -> int:
        """Hide what line `index` holds; answers how many lines went. What was open in it will be open again."""
        node = self.lines[index]
        if not node.opened or node is self.root:
            return 0
        end = index + 1
        while end < len(self.lines) and self.lines[end].depth > node.depth:
            end += 1
        del self.lines[index + 1 : end]
        node.opened = False
        return end - index - 1

    def open_all(self, *, below: Node | None = None, limit: int = 5_000) -> bool:
        """Open everything (in `below`), nearest first, until about `limit` lines; False when it stopped there."""
        queue, budget = [below or self.root], limit
        for node in queue:
            if not node.size:
                continue
            if budget < node.size:
                self._see()
                return False
            budget -= node.size
            node.opened = True
            queue.extend(child for child in node.children if child.size)
        self._see()
        return True

    def close_all(self) -> None:
        """Close everything but the root."""
        for node in self.lines:
            if node is not self.root:
                node.opened = False
        self._see()

    def reveal(self, node: Node) -> int:
        """Open whatever hides `node`; answers its line."""
        hidden, above = False, node.parent
        while above is not None:
            hidden = hidden or not above.opened
            above.opened = True
            above = above.parent
        if hidden:
            self._see()
        return next(index for index, line in enumerate(self.lines) if line is node)

    def at(self, path: Path) -> Node | None:
        """The node at `path`, or None when the value has no such place."""
        node = self.root
        for step in path:
            if isinstance(step, int) and isinstance(node.value, list | tuple):
                if not 0 <= step < node.size:
                    return None
                node = node.children[step]
            elif isinstance(step, str) and isinstance(node.value, dict):
                found = next((child for child in node.children if child.key == step), None)
                if found is None:
                    return None
                node = found
            else:
                return None
        return node

    def reopen(self, paths: list[Path]) -> None:
        """Open again what `opened_paths()` of another tree told, where it is still there."""
        for path in paths:
            if (node := self.at(path)) is not None and node.size:
                node.opened = True
        self._see()

    def opened_paths(self) -> list[Path]:
        """The paths of the open lines that can be seen, outer before inner."""
        return [node.path for node in self.lines if node.opened and node is not self.root]

    def ordered(self) -> list[Node]:
        """Every node in the order of the document, closed ones too; `node.order` is its place in this list."""
        if self._ordered is None:
            nodes: list[Node] = []
            stack = list(reversed(self.root.children)) or [self.root]
            while stack:
                node = stack.pop()
                node.order = len(nodes)
                nodes.append(node)
                if node.size:
                    stack.extend(reversed(node.children))
            self._ordered = nodes
        return self._ordered

    def find(self, needle: str, *, inverted: bool = False) -> list[int]:
        """Places in `ordered()` whose key or value holds `needle` (case ignored); inverted: the scalars that do not."""
        wanted = needle.lower()
        if inverted:
            return [node.order for node in self.ordered() if not node.size and not node.holds(wanted)]
        return [node.order for node in self.ordered() if node.holds(wanted)]

    def _see(self) -> None:
        self.lines = list(_seen(self.root)) if self.root.size else [self.root]


def _seen(root: Node) -> Iterator[Node]:
    """The nodes below `root` that no closed node hides."""
    stack = list(reversed(root.children))
    while stack:
        node = stack.pop()
        yield node
        if node.opened and node.size:
            stack.extend(reversed(node.children))
