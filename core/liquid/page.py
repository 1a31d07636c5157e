"""A template as lint sees it: its tags, outputs and texts in a row, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG, Token

from core.liquid.names import ATTRIBUTES, SPACES

_LINE = re.compile(r"\s*(#|\w+)[^\S\n]*(.*)", re.ASCII)
NAME = r"[A-Za-z_][\w-]*"
_READ = re.compile(r"(?:(?<![\w.$-])(\w++)\s*+\.\s*+|(?<![\w.]))\$\{([^{}]*)\}", re.ASCII)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")

# Tags of Braze's that take text with values in it: quotes there are no text to Liquid.
WORDED = frozenset(
    [
        *("abort_message", "connected_content", "message_extras", "promotion", "random"),
        *("catalog_items", "catalog_selection_items", "shopping_cart", "translation"),
    ]
)
CONDITIONS = frozenset({"if", "elsif", "unless", "case", "when"})


class Head(NamedTuple):
    """One stretch: a tag by its name, `{{` for an output, nothing for text. `inside` begins at offset `at`; the whole
    lies from `start` to `end`."""

    name: str
    inside: str
    at: int
    start: int
    end: int

    @property
    def bare(self) -> str:
        """The inside with its quoted texts blanked, offsets kept."""
        return _QUOTED.sub(_blank, self.inside) if "'" in self.inside or '"' in self.inside else self.inside


class ReadOf(NamedTuple):
    """One `${name}` inside of a tag or output, and where there; `quoted`: between quotes."""

    space: str | None
    name: str
    start: int
    end: int
    quoted: bool


@lru_cache(maxsize=4_096)
def reads_in(inside: str) -> tuple[ReadOf, ...]:
    """Every `${name}` and `space.${name}` in the inside of a head, in order."""
    bare = _QUOTED.sub(_blank, inside)
    return tuple(
        ReadOf(match[1], match[2].strip(), *match.span(), bare[match.start()] != inside[match.start()])
        for match in _READ.finditer(inside)
    )


class Page(NamedTuple):
    """All of a template that Liquid sees: `text` without HTML comments, and its heads in order."""

    text: str
    heads: tuple[Head, ...]

    @classmethod
    def of(cls, text: str, tokens: Sequence[Token]) -> Page:
        """Put the lexer's tokens in pairs; the tags of a `liquid` tag become heads of their own."""
        return cls(text, tuple(_heads(tokens)))

    def named(self, *names: str) -> Iterator[Head]:
        """The heads of these names."""
        return (head for head in self.heads if head.name in names)


_EXPRESSIONS = frozenset({"if", "elsif", "unless", "case", "when", "assign", "for", "echo", "cycle"})


def with_interpolation(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with `'a ${b}'` made `{{ 'a ' | append: ${b} }}`: what stands behind it in its tag moves."""
    made: list[Token] = []
    for token in tokens:
        value = token.value
        if token.kind == TOKEN_EXPRESSION and "${" in value and made[-1].kind == TOKEN_TAG:
            value = _QUOTED.sub(_interpolated, value) if made[-1].value in _EXPRESSIONS else value
        elif token.kind == TOKEN_EXPRESSION and "${" in value:
            value = _QUOTED.sub(_interpolated, value)
        made.append(token if value is token.value else Token(token.kind, value, token.start_index, token.source))
    return made


def _interpolated(match: re.Match[str]) -> str:
    quote, text = match[0][0], match[0][1:-1]
    pieces: list[str] = []
    at = 0
    for read in _READ.finditer(text):
        if is_meant(read[1], read[2]):
            pieces += [f"{quote}{text[at : read.start()]}{quote}", read[0]]
            at = read.end()
    if not pieces:
        return match[0]
    return "{{ " + " | append: ".join([*pieces, f"{quote}{text[at:]}{quote}"]) + " }}"


def is_meant(space: str | None, name: str) -> bool:
    """Whether `${name}` out of its place is meant as an attribute, rather than as a script's own."""
    return space in SPACES if space else name.strip() in ATTRIBUTES


def _heads(tokens: Sequence[Token]) -> Iterator[Head]:
    for index, token in enumerate(tokens):
        end = token.start_index + len(token.value)
        if token.kind == TOKEN_CONTENT:
            yield Head("", token.value, token.start_index, token.start_index, end)
        elif token.kind != TOKEN_EXPRESSION:
            inner = tokens[index + 1]
            name = token.value if token.kind == TOKEN_TAG else "{{"
            closing = inner.start_index + len(inner.value)
            if name == "liquid":
                yield from _lines(inner)
            else:
                yield Head(name, inner.value, inner.start_index, token.start_index, max(end, closing))


def _lines(inner: Token) -> Iterator[Head]:
    at = inner.start_index
    for line in inner.value.split("\n"):
        if match := _LINE.match(line):
            yield Head(match[1], match[2], at + match.start(2), at + match.start(1), at + match.end())
        at += len(line) + 1


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def with_outputs(tokens: Sequence[Token], bare: Sequence[tuple[int, int]]) -> list[Token]:
    """The tokens with each bare `${name}` of the texts made an output; `bare` are their offsets."""
    if not bare:
        return [*tokens]
    made: list[Token] = []
    for token in tokens:
        if token.kind != TOKEN_CONTENT:
            made.append(token)
            continue
        text = token.source
        start = text.index(token.value, token.start_index)  # white space before it may have been taken away
        at, end = start, start + len(token.value)
        for lo, hi in bare:
            if at <= lo and hi <= end:
                made += [Token(TOKEN_CONTENT, text[at:lo], at, text)] if at < lo else []
                made.append(Token(TOKEN_OUTPUT, text[lo:hi], lo, text))
                made.append(Token(TOKEN_EXPRESSION, text[lo:hi], lo, text))
                at = hi
        made += [Token(TOKEN_CONTENT, text[at:end], at, text)] if at < end else []
    return made
