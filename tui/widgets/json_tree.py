"""A JSON value as a tree that draws only the lines in view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message

from core.jsontree import MISSING, Node, Path, Tree, jq_text, path_text
from tui import glyphs
from tui.theme import Inks
from tui.widgets.line_list import LineList
from tui.widgets.lines import cell_segments, line_segments, matched

_INDENT = 2
_DEEPEST_INDENT = 40
_MUCH = 5_000


@dataclass(frozen=True, slots=True)
class Decoration:
    """How a line differs: the `ink` of its key and value (the name of an ink, "" for its own) and a note behind it."""

    ink: str = ""
    note: str | Text = ""


class JsonTree(LineList):
    """Any decoded JSON value: enter or space opens and closes, right and left walk in and out, `*` opens all in it.

    Setting `value` again keeps what was open and where the cursor stood. `decorate` may mark a line or add a note.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "unfold", "Open or close", show=False, id="tree.toggle", tooltip="Open or close this"),
        Binding("right,l", "inward", "Open", show=False, id="tree.open", tooltip="Open this, or go into it"),
        Binding("left,h", "outward", "Close", show=False, id="tree.close", tooltip="Close this, or go out of it"),
        Binding("asterisk", "open_all", "Open all", show=False, id="tree.open_all", tooltip="Open everything in this"),
    ]

    class Highlighted(Message):
        """The cursor stands on another value."""

        def __init__(self, tree: JsonTree, node: Node) -> None:
            super().__init__()
            self.tree = tree
            self.node = node

        @property
        def control(self) -> JsonTree:
            """The tree."""
            return self.tree

        def can_replace(self, message: Message) -> bool:
            """Only the newest place of the cursor matters."""
            return isinstance(message, JsonTree.Highlighted) and message.tree is self.tree

    class Chosen(Message):
        """Enter on a value that holds no others."""

        def __init__(self, tree: JsonTree, node: Node) -> None:
            super().__init__()
            self.tree = tree
            self.node = node

        @property
        def control(self) -> JsonTree:
            """The tree."""
            return self.tree

    def __init__(
        self,
        value: object = MISSING,
        *,
        decorate: Callable[[Node, Inks], Decoration | None] | None = None,
        empty: str | Text = "",
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(empty=empty, id=id, classes=classes)
        self._decorate = decorate
        self._value: object = MISSING
        self._tree: Tree | None = None
        if value is not MISSING:
            self.value = value

    @property
    def value(self) -> object:
        """The whole value; MISSING shows the `empty` text."""
        return self._value

    @value.setter
    def value(self, value: object) -> None:
        before, at = self._tree, self.current_node.path if self.current_node else None
        self._value = value
        self._drawn.clear()
        if value is MISSING:
            self._tree = None
            self.settle(-1)
            return
        tree = self._tree = Tree(value)
        if before is not None:
            tree.reopen(before.opened_paths())
        stood = tree.at(at) if at else None
        self.settle(tree.reveal(stood) if stood is not None else max(self._cursor, 0))
        self.post_highlighted()

    @property
    def model(self) -> Tree | None:
        """The model behind the lines."""
        return self._tree

    @property
    def current_node(self) -> Node | None:
        """The node under the cursor."""
        lines = self._tree.lines if self._tree else []
        return lines[self._cursor] if 0 <= self._cursor < len(lines) else None

    @property
    def current_path(self) -> Path:
        """Keys and indexes to the value under the cursor."""
        return self.current_node.path if self.current_node else ()

    @property
    def current_value(self) -> object:
        """The value under the cursor, as it was given; MISSING when there is none."""
        return self.current_node.value if self.current_node else MISSING

    @staticmethod
    def path_text(node: Node) -> str:
        """`payload.user_offers[0].name`."""
        return path_text(node.path)

    @staticmethod
    def jq_text(node: Node) -> str:
        """`.payload.user_offers[0].name`."""
        return jq_text(node.path)

    def show_path(self, path: Path) -> bool:
        """Open what hides `path` and put the cursor there; False when the value has no such place."""
        node = self._tree.at(path) if self._tree else None
        if node is None or node.parent is None:
            return False
        self._stand_on(node)
        return True

    def open_all(self, *, limit: int = _MUCH) -> bool:
        """Open everything, up to about `limit` lines; False when there was more."""
        told: list[bool] = [True]
        self._keeping_place(lambda tree: told.append(tree.open_all(limit=limit)))
        return told[-1]

    def close_all(self) -> None:
        """Close everything."""
        self._keeping_place(Tree.close_all)

    def _keeping_place(self, change: Callable[[Tree], object]) -> None:
        if self._tree is None:
            return
        node = self.current_node
        change(self._tree)
        while node is not None and node.parent is not None and not _in_sight(node):
            node = node.parent
        self.settle(next((i for i, line in enumerate(self._tree.lines) if line is node), 0))
        if self.current_node is not node:
            self.post_highlighted()

    def _stand_on(self, node: Node) -> None:
        if self._tree is None:
            return
        before = len(self._tree.lines)
        index = self._tree.reveal(node)
        if len(self._tree.lines) != before:
            self._cursor = -1
            self.settle(index)
            self._reveal(index)
            self.post_highlighted()
        self.move(index)

    # Lines

    def line_count(self) -> int:
        return len(self._tree.lines) if self._tree else 0

    def line_key(self, index: int) -> tuple[Node, bool]:
        node = self._node(index)
        return node, node.opened

    def line_value(self, index: int) -> Node:
        return self._node(index)

    def _node(self, index: int) -> Node:
        assert self._tree is not None
        return self._tree.lines[index]

    def draw(self, index: int, width: int, ink: Inks, *, selected: bool) -> list[Segment]:
        node, signs = self._node(index), glyphs.current()
        extra = self._decorate(node, ink) if self._decorate else None
        own: Style | None = getattr(ink, extra.ink) if extra and extra.ink else None
        sign = (signs.opened if node.opened else signs.closed) if node.size else " "
        indent = min(max(node.depth, 0) * _INDENT, _DEEPEST_INDENT, width // 2)
        pieces = [(" " * indent + f"{sign} ", ink.accent if node.size else ink.faint)]
        if node.parent is not None:
            pieces.append((f"{node.label} ", own or (ink.faint if isinstance(node.key, int) else ink.dim)))
        summary = "" if node.opened else node.summary
        shown = signs.null if node.kind == "null" else node.text
        pieces += [(f"{shown} " if summary else shown, own or _style(node, ink)), (summary, own or ink.ink)]
        note = extra.note if extra else ""
        found = self._needle if self._needle and not self._inverted and node.holds(self._needle) else ""
        if isinstance(note, str) and not found:
            return line_segments([*pieces, (f"   {note}" if note else "", ink.accent)], width, signs.ellipsis)
        line = Text.assemble(*pieces)
        if note:
            line.append("   ").append_text(note if isinstance(note, Text) else Text(note, style=ink.accent))
        return cell_segments(matched(line, found, ink.match), width, "left", self.app.console, signs.ellipsis)

    def matches(self, needle: str, *, inverted: bool) -> list[int]:
        return self._tree.find(needle, inverted=inverted) if self._tree else []

    def place(self) -> int:
        if self._tree is None or self.current_node is None:
            return -1
        self._tree.ordered()
        return self.current_node.order

    def go_to(self, place: int) -> None:
        if self._tree is not None:
            self._stand_on(self._tree.ordered()[place])

    def post_highlighted(self) -> None:
        if self.current_node is not None:
            self.post_message(self.Highlighted(self, self.current_node))

    def post_chosen(self) -> None:
        """Enter and a double click: open or close what holds more, choose what does not."""
        if self.current_node is not None and self.current_node.size:
            self.action_unfold()
        elif self.current_node is not None:
            self.post_message(self.Chosen(self, self.current_node))

    def action_unfold(self) -> None:
        node = self.current_node
        if self._tree is None or node is None or not node.size:
            return
        if node.opened:
            self._tree.close(self._cursor)
        else:
            self._tree.open(self._cursor)
        self.settle(self._cursor)

    def action_inward(self) -> None:
        node = self.current_node
        if node is None or not node.size:
            return
        if node.opened:
            self.move(self._cursor + 1)
        else:
            self.action_unfold()

    def action_outward(self) -> None:
        node = self.current_node
        if node is None or self._tree is None:
            return
        if node.opened and node.size and node.parent is not None:
            self.action_unfold()
        elif node.parent is not None and node.parent.parent is not None:
            self._stand_on(node.parent)

    def action_open_all(self) -> None:
        node = self.current_node
        self._keeping_place(lambda tree: tree.open_all(below=node, limit=_MUCH))


def _in_sight(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if not above.opened:
            return False
        above = above.parent
    return True


def _style(node: Node, ink: Inks) -> Style:
    if node.size or node.kind in ("null", "missing") or node.text in ('""', "[]", "{}"):
        return ink.faint
    return ink.ink if node.kind == "string" else ink.bright
