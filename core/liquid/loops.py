"""What loops run over, and the objects they show to the template."""

from __future__ import annotations

from collections.abc import Sequence

from core.liquid.context import Context
from core.liquid.expressions import Node
from core.liquid.values import Drop, Value, to_integer


class ForLoop(Drop):
    """`forloop`."""

    __slots__ = ("at", "length", "name", "parentloop")
    ruby_name = "Liquid::ForloopDrop"

    def __init__(self, name: str, length: int, parentloop: ForLoop | None) -> None:
        self.name, self.length, self.parentloop, self.at = name, length, parentloop, 0

    def field(self, name: object) -> Value:
        """`index index0 rindex rindex0 first last length name parentloop`."""
        if name == "index":
            return self.at + 1
        if name == "index0":
            return self.at
        if name == "first":
            return self.at == 0
        if name == "last":
            return self.at == self.length - 1
        if name == "rindex":
            return self.length - self.at
        if name == "rindex0":
            return self.length - self.at - 1
        return getattr(self, str(name)) if name in ("length", "name", "parentloop") else None


class TableLoop(Drop):
    """`tablerowloop`."""

    __slots__ = ("at", "col", "cols", "length", "row")
    ruby_name = "Liquid::TablerowloopDrop"

    def __init__(self, length: int, cols: int) -> None:
        self.length, self.cols, self.row, self.col, self.at = length, cols, 1, 1, 0

    def step(self) -> None:
        """On to the next cell."""
        self.at += 1
        if self.col == self.cols:
            self.col, self.row = 1, self.row + 1
        else:
            self.col += 1

    def field(self, name: object) -> Value:
        """As `forloop`, with `col col0 row col_first col_last`."""
        fields: dict[object, Value] = {
            "index": self.at + 1,
            "index0": self.at,
            "rindex": self.length - self.at,
            "rindex0": self.length - self.at - 1,
            "first": self.at == 0,
            "last": self.at == self.length - 1,
            "length": self.length,
            "row": self.row,
            "col": self.col,
            "col0": self.col - 1,
            "col_first": self.col == 1,
            "col_last": self.col == self.cols,
        }
        return fields.get(name)


def segment_bounds(context: Context, offset: Node | None, limit: Node, stopped_at: int) -> tuple[int, int | None]:
    """From where to where a loop runs; `offset` None goes on where the last loop of its name stopped."""
    if offset is None:
        start = stopped_at
    else:
        value = offset.evaluate(context)
        start = 0 if value is None else to_integer(value)
    wanted = limit.evaluate(context)
    return start, None if wanted is None else start + to_integer(wanted)


def items_of(value: Value, start: int, stop: int | None) -> tuple[Sequence[Value], int]:
    """The items between two positions as Ruby slices them, and the position of the first."""
    if isinstance(value, str):
        return ([value] if value else []), 0
    if isinstance(value, dict):
        value = [[key, item] for key, item in value.items()]
    if not isinstance(value, list | range):
        return [], 0
    first = max(start, 0)
    return value[first : None if stop is None else max(stop, 0)], first
