"""Headers and key-value pairs as a message has them: `Name: value` lines, or one JSON object."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names and values in order, a name twice if it was given twice; `unread` is the first line that is no pair."""

    items: tuple[tuple[str, str], ...] = ()
    unread: str = ""

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
    unread = ""
    for line in filter(str.strip, text.split("\n")):
        name, colon, value = line.partition(":")
        if colon and name.strip():
            items.append((name.strip(), value.strip()))
        else:
            unread = unread or line.strip()
    return Pairs(tuple(items), unread)


class _Object(dict[str, object]):
    """A JSON object that remembers a name given twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def _from_json(text: str) -> Pairs:
    try:
        pairs = json.loads(text, object_pairs_hook=_Object).pairs
        return Pairs(tuple((name, value if isinstance(value, str) else _as_json(value)) for name, value in pairs))
    except (ValueError, RecursionError):
        return Pairs(unread=text.strip().partition("\n")[0])


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
