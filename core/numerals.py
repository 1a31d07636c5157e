"""Numbers that keep the spelling they were typed in, and the JSON text that has it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any


class WrittenFloat(float):
    """A number that goes out as it was written where Python would write another: `1.10`, `1e3`, `0.50`.

    It reckons and compares as the float it is.
    """

    __slots__ = ("literal",)
    literal: str

    def __new__(cls, literal: str) -> WrittenFloat:
        """`literal` is a JSON number."""
        self = super().__new__(cls, literal)
        self.literal = literal
        return self


class MinusZero(int):
    """The whole number `-0`, which Python would write as 0."""

    __slots__ = ()
    literal = "-0"


Written = WrittenFloat | MinusZero


def written_json(
    value: object,
    *,
    indent: int | None = None,
    is_compact: bool = False,
    ascii_only: bool = False,
    allow_nan: bool = True,
    default: Callable[[Any], Any] | None = None,
) -> str:
    """JSON text, keys in the order given, numbers as they were written. Raises as `json.dumps`.

    `default` turns what is no JSON value into one, and `is_compact` leaves out the blanks.
    """
    separators = (",", ":") if is_compact else (", ", ": ") if indent is None else (",", ": ")

    def dumps(one: object, one_indent: int | None = None) -> str:
        return json.dumps(
            one, ensure_ascii=ascii_only, separators=separators, indent=one_indent, allow_nan=allow_nan, default=default
        )

    if not _holds_written(value):
        return dumps(value, indent)

    def pieces(one: object, line: str) -> Iterator[str]:
        inner = "" if indent is None else f"{line}{' ' * indent}"
        if isinstance(one, Written):
            yield one.literal
        elif isinstance(one, Mapping) and one:
            for index, (key, child) in enumerate(one.items()):
                # The name as `json` writes it, whatever it is: the first half of an object with nothing in it.
                yield ("{" if index == 0 else separators[0]) + inner + dumps({key: 0})[1:-2]
                yield from pieces(child, inner)
            yield line + "}"
        elif isinstance(one, list | tuple) and one:
            for index, child in enumerate(one):
                yield ("[" if index == 0 else separators[0]) + inner
                yield from pieces(child, inner)
            yield line + "]"
        else:
            yield dumps(one)

    return "".join(pieces(value, "" if indent is None else "\n"))


def plain_numbers(value: Any) -> Any:
    """The same value with Python's own numbers, for those who reckon and hand it on."""
    if isinstance(value, WrittenFloat):
        return float(value)
    if isinstance(value, MinusZero):
        return 0
    if isinstance(value, dict):
        return {key: plain_numbers(child) for key, child in value.items()}
    return [plain_numbers(child) for child in value] if isinstance(value, list | tuple) else value


def _holds_written(value: object) -> bool:
    work = [value]
    while work:
        one = work.pop()
        if isinstance(one, Written):
            return True
        if isinstance(one, Mapping):
            work += one.values()
        elif isinstance(one, list | tuple):
            work += one
    return False
