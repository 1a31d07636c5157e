"""The shapes most markup has, read at one look: what has nothing odd about it need not be cut as Ruby cuts the odd.

Whatever is matched here, the long way in the compiler would read alike and without a finding; a property test holds
the two against each other.
"""

from __future__ import annotations

import re

LONGEST = 400  # characters that are worth a look

# Possessive throughout: whatever does not match is turned down in one pass.
_NAME = r"[A-Za-z_][\w-]*+"
_STEPS = rf"(?:\.{_NAME}|\[-?\d++\])*+"
_BRACE = r"\$\{[^{}]*+\}"
_PATH = rf"(?:{_NAME}{_STEPS}(?:\.{_BRACE}{_STEPS})?+|{_BRACE}{_STEPS})"
_VALUE = rf"""(?:{_PATH}|'[^']*+'|"[^"]*+"|-?\d++(?![\w.-]))"""
_FILTER = rf"\|\s*+\w++\s*+(?::\s*+{_VALUE}\s*+(?:,\s*+{_VALUE}\s*+)*+)?+"
_FILTERED = re.compile(rf"\s*+({_VALUE})\s*+((?:{_FILTER})*+)", re.ASCII)
_PIECE = re.compile(rf"([|:,])\s*+({_VALUE}|\w++)", re.ASCII)
_ATOM = re.compile(_VALUE, re.ASCII)
_TERM = rf"({_VALUE})(?:\s++(==|!=|<>|<=|>=|<|>|contains)\s++({_VALUE}))?+\s*+"
_CONDITION = re.compile(rf"\s*+{_TERM}(?:(?<=\s)(?:and|or)\s++{_TERM})*+", re.ASCII)
_JOINED_TERM = re.compile(rf"(?:(and|or)\s++)?+{_TERM}", re.ASCII)
_JOIN = re.compile(r"\b(?:and|or)\b", re.ASCII)

Span = tuple[int, int]
PlainFilter = tuple[Span, list[Span]]
"""A filter's name and its arguments, as stretches of the markup."""
Term = tuple[str | None, Span, str | None, Span]
"""A comparison: the word before it, left side, operator, right side. No operator: only the left side counts."""


def filtered(text: str) -> tuple[Span, tuple[PlainFilter, ...]] | None:
    """A value and its filters when both are plain; None for anything else."""
    match = _FILTERED.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        return None
    filters: list[PlainFilter] = []
    if match[2]:
        for piece in _PIECE.finditer(text, match.start(2)):
            if piece[1] == "|":
                filters.append((piece.span(2), []))
            else:
                filters[-1][1].append(piece.span(2))
    return match.span(1), tuple(filters)


def atom(text: str) -> bool:
    """Whether this is one plain value."""
    return len(text) <= LONGEST and _ATOM.fullmatch(text) is not None


def condition(text: str) -> tuple[Term, ...] | None:
    """The comparisons of a plain condition in order; None for anything else."""
    if len(text) > LONGEST or _CONDITION.fullmatch(text) is None:
        return None
    terms = tuple([(one[1], one.span(2), one[3], one.span(4)) for one in _JOINED_TERM.finditer(text)])
    return terms if len(_JOIN.findall(text)) < len(terms) else None  # no and/or in names or quotes
