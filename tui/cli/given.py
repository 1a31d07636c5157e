"""Files and the standard input, as a person names them."""

from __future__ import annotations

from typing import Any

from core.clean import safe
from core.deck import Deck
from core.strictjson import typed_json
from tui.cli.voice import Voice


def read_given(deck: Deck, path: str, voice: Voice) -> str:
    """The text of a file, or of the standard input for `-`. Raises InvalidInput when it cannot be used."""
    if path != "-":
        return deck.read_text(path)
    from core.adapters.texts import CAP_BYTES, decode_text

    return decode_text(voice.read_bytes(CAP_BYTES + 1), "The standard input")


def read_given_json(deck: Deck, path: str, voice: Voice) -> Any:
    """JSON of a file or of the standard input. Raises InvalidInput naming line and column."""
    whose = "The standard input" if path == "-" else safe(path)
    return typed_json(read_given(deck, path, voice), f"{whose} is")
