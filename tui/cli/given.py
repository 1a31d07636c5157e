"""Files and the standard input, as a person names them."""

from __future__ import annotations

import json
from typing import Any

from core.clean import safe
from core.deck import Deck
from core.errors import InvalidInput
from tui.cli.voice import Voice


def read_given(deck: Deck, path: str, voice: Voice) -> str:
    """The text of a file, or of the standard input for `-`. Raises InvalidInput when it cannot be used."""
    if path != "-":
        return deck.read_text(path)
    from core.adapters.texts import CAP_BYTES, decode_text

    return decode_text(voice.read_bytes(CAP_BYTES + 1), "The standard input")


def read_given_json(deck: Deck, path: str, voice: Voice) -> Any:
    """JSON of a file or of the standard input. Raises InvalidInput naming line and column."""
    text = read_given(deck, path, voice)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidInput(f"{safe(path)} is not JSON: {error.msg} at {where}.", "Mend it and try again.") from error
    except (RecursionError, ValueError) as error:
        raise InvalidInput(f"{safe(path)} is not JSON: {error}.", "Mend it and try again.") from error
