"""Headers and key-value pairs as a message has them: `Name: value` lines, or one JSON object."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and values in order, a name twice if it was given twice; `unread` are the lines that are no pair.

    `at` is the offset of what is wrong first, -1 if nothing is; `fault` says what is wrong with JSON.
    """

    items: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()
    at: int = -1
    fault: str = ""

    def get(self, name: str) -> str:
        """The first value under `name`, whatever its case; empty if there is none."""
        return next((value for key, value in self.items if key.lower() == name.lower()), "")

    @property
    def repeated(self) -> tuple[str, ...]:
        """The names that are given more than once, whatever their case."""
        counts: dict[str, int] = {}
        for name, _ in self.items:
            counts[name.lower()] = counts.get(name.lower(), 0) + 1
        return tuple(name for name, count in counts.items() if count > 1)


def parse_pairs(text: str) -> Pairs:
    """Read pairs as rendered; blank lines mean nothing. What cannot be read is told, not raised."""
    if text.lstrip().startswith("{"):
        return _from_json(text)
    items: list[tuple[str, str]] = []
    unread: list[str] = []
    at, start = -1, 0
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon and name.strip():
            items.append((name.strip(), value.strip()))
        elif line.strip():
            unread.append(line.strip())
            at = start if at < 0 else at
        start += len(line) + 1
    return Pairs(tuple(items), tuple(unread), at)


def unread_words(pairs: Pairs, what: str) -> tuple[str, str]:
    """What is wrong with pairs that could not all be read, and what to do."""
    if pairs.fault:
        return f"This is no JSON: {pairs.fault}.", "| json_escape keeps quotes in values from ending them."
    more = f" and {len(pairs.unread) - 1} more" if len(pairs.unread) > 1 else ""
    return f"This is no {what}: {pairs.unread[0][:60]!r}{more}", "Write one Name: value a line."


class _Object(dict[str, object]):
    """A JSON object that remembers a name given twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def _from_json(text: str) -> Pairs:
    try:
        pairs = json.loads(text, object_pairs_hook=_Object).pairs
        return Pairs(tuple((name, value if isinstance(value, str) else _as_json(value)) for name, value in pairs))
    except json.JSONDecodeError as error:
        return Pairs(unread=_lines(text), at=error.pos, fault=str(error))
    except RecursionError:
        return Pairs(unread=_lines(text), at=0, fault="nested too deep")
    except ValueError as error:  # a number of thousands of digits
        return Pairs(unread=_lines(text), at=0, fault=str(error))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
