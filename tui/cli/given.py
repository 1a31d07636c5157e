"""Files and the standard input, as a person names them.

Read before the event loop runs: there Ctrl+C ends a wait for input at once.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from core.clean import safe
from core.deck import Deck
from core.errors import InvalidInput
from core.strictjson import typed_json
from tui.cli.voice import Voice

_MOST_TWICE = 5


def read_given(deck: Deck, path: str, voice: Voice) -> str:
    """The text of a file, or of the standard input for `-`. Raises InvalidInput when it cannot be used."""
    if not path:
        raise InvalidInput("A file is named by nothing.", "Is a variable empty? - is the standard input.")
    if path != "-":
        return deck.read_text(path)
    from core.adapters.texts import CAP_BYTES, decode_text

    return decode_text(voice.read_bytes(CAP_BYTES + 1), "The standard input")


def read_given_json(deck: Deck, path: str, voice: Voice) -> Any:
    """JSON of a file or of the standard input; a name given twice is told. Raises InvalidInput with line and column."""
    whose = "The standard input" if path == "-" else safe(path)
    text = read_given(deck, path, voice)
    value = typed_json(text, f"{whose} is")
    for name in _given_twice(text):
        voice.say(f"{whose} says '{safe(name)[:40]}' twice in one object; the last one counts.")
    return value


def _given_twice(text: str) -> list[str]:
    """Names that stand more than once in an object of JSON that parses, 5 at most."""
    found: dict[str, None] = {}

    def see(pairs: list[tuple[str, Any]]) -> None:
        names: set[str] = set()
        for name, _ in pairs:
            if name in names and len(found) < _MOST_TWICE:
                found[name] = None
            names.add(name)

    with suppress(RecursionError):  # just within its reach before, just beyond it with a hook
        json.loads(text, object_pairs_hook=see)
    return [*found]
