"""The inside of a tag or output, cut as Ruby Liquid's lax mode cuts it.

Ruby's regular expressions know neither `${name}` nor inner `{{ }}`. So each such group is replaced, in a shadow of
equal length, by a run of one private character: the regular expressions then work on the shadow as they are, and
every position found there is true in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.liquid.lexer import WHITESPACE
from core.liquid.strict import accepts

MAX_GROUP_DEPTH = 12

_BRACE, _WRAP = "\ue000\ue001", "\ue002\ue003"  # two of each, taken in turn: neighbours stay apart
GROUPS = "\ue000+|\ue001+|\ue002+|\ue003+"
_PRIVATE = re.compile("[\ue000-\ue003]")
_SCAN = re.compile(r"\$\{[^{}]*\}|\{\{|\}\}")

_QUOTED = r""""[^"]*"|'[^']*'"""
FRAGMENT = rf"""(?:{_QUOTED}|(?:[^\s,|'"]|{_QUOTED})+)"""
FRAGMENT_RE = re.compile(rf"""{_QUOTED}|(?:[^\s,|'"]++|{_QUOTED})+""", re.ASCII)  # the same, where nothing follows it


_LOOSE = re.compile(r"\s[.\[\])]|[.\[(]\s", re.ASCII)
_LOOSE_OR_QUOTED = re.compile(rf"{_QUOTED}|\s*(\.\.|[.\[\]()])\s*", re.ASCII)


class Markup:
    """A stretch of an expression: `text`, its `shadow`, and the offset `base` of both in the template."""

    __slots__ = ("base", "depth", "shadow", "text")

    def __init__(self, text: str, shadow: str, base: int, depth: int = 0) -> None:
        self.text = text
        self.shadow = shadow
        self.base = base
        self.depth = depth

    @classmethod
    def of(cls, text: str, base: int, depth: int = 0) -> Markup:
        """Read `text` afresh, its groups shadowed."""
        shadow = _PRIVATE.sub("?", text) if not text.isascii() else text
        return cls(text, _shade(shadow) if "{" in shadow else shadow, base, depth)

    def part(self, lo: int, hi: int) -> Markup:
        """The stretch from `lo` to `hi`, counted from the start of this one."""
        text = self.text[lo:hi]
        return Markup(text, text if self.text is self.shadow else self.shadow[lo:hi], self.base + lo, self.depth)

    def match_part(self, match: re.Match[str], group: int = 0) -> Markup:
        """The stretch a match on `shadow` covers."""
        return self.part(match.start(group), match.end(group))

    def strip(self) -> Markup:
        """Without white space at both ends."""
        if self.shadow and self.shadow[0] not in WHITESPACE and self.shadow[-1] not in WHITESPACE:
            return self
        lo = len(self.shadow) - len(self.shadow.lstrip(WHITESPACE))
        hi = len(self.shadow.rstrip(WHITESPACE))
        return self if lo == 0 and hi == len(self.shadow) else self.part(lo, max(lo, hi))

    def group(self) -> str:
        """`brace` when all of this is one `${name}`, `wrap` for one `{{ ... }}`, else nothing."""
        shadow = self.shadow
        if not shadow or shadow[0] not in "\ue000\ue001\ue002\ue003" or shadow.strip(shadow[0]):
            return ""
        return "brace" if shadow[0] in _BRACE else "wrap"

    def inside(self) -> Markup:
        """The inside of a group: a name, or an expression of its own with groups of its own."""
        if self.text.startswith("${"):
            name = self.text[2:-1]
            return Markup(name, name, self.base + 2, self.depth).strip()
        lo, hi = 2, len(self.text) - 2
        if self.text.startswith("-", lo) and hi > lo:
            lo += 1
        if hi > lo and self.text[hi - 1] == "-":
            hi -= 1
        return Markup.of(self.text[lo:hi], self.base + lo, self.depth + 1)

    def tightened(self) -> Markup:
        """Without white space around dots and brackets, if Ruby's strict reading takes it all; else this very markup.

        Positions behind such white space come out too small by its length.
        """
        if not _LOOSE.search(self.shadow) or not accepts(self.shadow):
            return self
        text, shadow, at = [], [], 0
        for match in _LOOSE_OR_QUOTED.finditer(self.shadow):
            if match[1]:
                text += [self.text[at : match.start()], match[1]]
                shadow += [self.shadow[at : match.start()], match[1]]
                at = match.end()
        return Markup("".join([*text, self.text[at:]]), "".join([*shadow, self.shadow[at:]]), self.base, self.depth)

    @property
    def end(self) -> int:
        """The offset in the template just behind this."""
        return self.base + len(self.text)

    def __len__(self) -> int:
        return len(self.text)


def _shade(text: str) -> str:
    pieces: list[str] = []
    at = count = 0
    for start, end, kind in _outer_groups(text):
        pieces += [text[at:start], kind[count % 2] * (end - start)]
        at, count = end, count + 1
    return "".join([*pieces, text[at:]])


def _outer_groups(text: str) -> Iterator[tuple[int, int, str]]:
    """The outermost closed groups in order; an opener that never closes is text."""
    open_at: list[int] = []
    spans: list[tuple[int, int, str]] = []
    for match in _SCAN.finditer(text):
        found = match.group()
        if found == "{{":
            open_at.append(match.start())
        elif found != "}}":
            spans.append((match.start(), match.end(), _BRACE))
        elif open_at:
            start = open_at.pop()
            while spans and spans[-1][0] > start:
                spans.pop()
            spans.append((start, match.end(), _WRAP))
    return iter(spans)
