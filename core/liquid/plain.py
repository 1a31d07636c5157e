"""The shapes most markup has, read at one look: what has nothing odd about it need not be cut as Ruby cuts the odd.

Whatever is matched here, the long way in the compiler would read alike and without a finding; a property test holds
the two against each other.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Possessive throughout: whatever does not match is turned down in one pass.
_NAME = r"[A-Za-z_][\w-]*+"
_STEPS = rf"(?:\.{_NAME}|\[-?\d++\])*+"
_BRACE = r"\$\{[^{}]*+\}"
_PATH = rf"(?:{_NAME}{_STEPS}(?:\.{_BRACE}{_STEPS})?+|{_BRACE}{_STEPS})"
_VALUE = rf"""(?:{_PATH}|'[^']*+'|"[^"]*+"|-?\d++(?![\w.-]))"""
_FILTER = rf"\|\s*+\w++\s*+(?::\s*+{_VALUE}\s*+(?:,\s*+{_VALUE}\s*+)*+)?+"
_FILTERED = re.compile(rf"\s*+({_VALUE})\s*+((?:{_FILTER})*+)", re.ASCII)
_PIECE = re.compile(rf"([|:,])\s*+({_VALUE}|\w++)", re.ASCII)
_COMPARISON = re.compile(rf"\s*+({_VALUE})(?:\s++(==|!=|<>|<=|>=|<|>|contains)\s++({_VALUE}))?+\s*+", re.ASCII)
_ATOM = re.compile(_VALUE, re.ASCII)
_JOIN = re.compile(r"\b(?:and|or)\b", re.ASCII)

Span = tuple[int, int]


class PlainFilter(NamedTuple):
    """A filter's name and its arguments, as stretches of the markup."""

    name: Span
    args: list[Span]


def filtered(text: str) -> tuple[Span, list[PlainFilter]] | None:
    """A value and its filters when both are plain; None for anything else."""
    match = _FILTERED.fullmatch(text)
    if match is None:
        return None
    filters: list[PlainFilter] = []
    if match[2]:
        for piece in _PIECE.finditer(text, match.start(2)):
            if piece[1] == "|":
                filters.append(PlainFilter(piece.span(2), []))
            else:
                filters[-1].args.append(piece.span(2))
    return match.span(1), filters


def atom(text: str) -> bool:
    """Whether this is one plain value."""
    return _ATOM.fullmatch(text) is not None


def comparison(text: str) -> tuple[Span, str | None, Span] | None:
    """Left side, operator and right side of a plain condition without and/or; no operator: only the left side."""
    match = _COMPARISON.fullmatch(text)
    if match is None or _JOIN.search(text):
        return None
    return match.span(1), match[2], match.span(3)
