"""Text from outside, made safe to show: where it leaves a document towards a screen, a table or an output.

A terminal obeys bytes, whoever wrote them: ESC and the C1 controls start commands, OSC 52 writes the clipboard, bidi
controls reorder what a person reads, tag characters hide text. `safe()` turns each such code point into a visible
escape (`\\x1b`, `\\u202e`) and leaves everything else alone; `safe_json()` does it in JSON text without changing what
the text means. Documents themselves keep what the vendor answered, for they fill messages that go to people: an Arabic
title may well hold U+200F.
"""

from __future__ import annotations

import json
import re
from typing import Any

from core.numerals import written_json

# Every code point of the Unicode categories Cc, Cs, Zl and Zp; of Cf but for the joiners U+200C and U+200D (emoji,
# Persian and Indic spelling need them) and the visible number and verse signs of Arabic, Syriac and Kaithi; and the
# noncharacters, which no XML or SVG may hold.
_NONCHARACTERS = "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_DANGEROUS = (
    "\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff" + _NONCHARACTERS
)
_SELECTORS = re.compile("[\U000e0000-\U000e0fff]")
_SINGLE_LINE = re.compile(f"[\x00-\x1f{_DANGEROUS}]")
_LINES = re.compile(f"[\x00-\x08\x0b-\x1f{_DANGEROUS}]")


def _escape(match: re.Match[str]) -> str:
    point = ord(match.group())
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _is_harmless(text: str) -> bool:
    """Whether a look at the whole is enough: of what is dangerous Python calls only variation selectors printable."""
    return text.isprintable() and (text.isascii() or not _SELECTORS.search(text))


def safe(text: str) -> str:
    """`text` on one line, with no code point left that a terminal would obey; line breaks become `\\x0a`."""
    return text if _is_harmless(text) else _SINGLE_LINE.sub(_escape, text)


def safe_lines(text: str) -> str:
    """`text` with its line breaks and tabs kept (CR LF and CR become LF) and everything else as in `safe()`."""
    broken = text.replace("\r\n", "\n").replace("\r", "\n")
    return broken if _is_harmless(broken.replace("\n", " ").replace("\t", " ")) else _LINES.sub(_escape, broken)


def _json_escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1] if match.group() != "\x7f" else "\\u007f"


def safe_json(text: str) -> str:
    """JSON text with nothing left that a terminal would obey; its escapes are JSON's own: it means the same value."""
    return text if _is_harmless(text) else _LINES.sub(_json_escape, text)


def shown_json(value: Any, *, indent: int | None = None) -> str:
    """A JSON value as JSON text that is fit to show and means that very value, numbers as they were written."""
    return safe_json(written_json(value, indent=indent))
