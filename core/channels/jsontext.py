"""JSON text indented as it is written: numbers, escapes and names given twice stay."""

from __future__ import annotations

import json
import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]++')
_DEEPEST = 20  # levels that are indented; what is deeper stands below each other


def indented_json(text: str) -> str:
    """`text` with a line for each value, by two spaces a level; empty if it is no JSON object or array."""
    if not text.lstrip().startswith(("{", "[")):
        return ""
    try:
        json.loads(text, parse_int=str)
    except (ValueError, RecursionError):
        return ""
    pieces: list[str] = []
    depth = 0
    before = ""
    for piece in _TOKEN.findall(text):
        closing = piece in ("}", "]")
        depth -= closing
        if (before in ("{", "[") and not closing) or before == "," or (closing and before not in ("{", "[")):
            pieces.append("\n" + "  " * min(depth, _DEEPEST))
        pieces.append(": " if piece == ":" else piece)
        depth += piece in ("{", "[")
        before = piece
    return "".join(pieces)
