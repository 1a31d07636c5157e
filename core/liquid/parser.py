"""Tokens into nodes. A structural mistake is reported where it was made, and reading goes on to find the next."""

from __future__ import annotations

from collections.abc import Iterable

from liquid import Environment, Tag
from liquid.ast import Node as LiquidNode
from liquid.stream import TokenStream
from liquid.token import TOKEN_CONTENT, TOKEN_OUTPUT, TOKEN_TAG, Token

from core.liquid.compiler import Compiler
from core.liquid.markup import Markup
from core.liquid.names import UNDOCUMENTED_TAGS
from core.liquid.nodes import Body, OutputNode, Text, output_node
from core.liquid.problems import nearest
from core.liquid.switches import left_open

MAX_DEPTH = 100  # Ruby's own
COMMENT_ENDS = frozenset({"endcomment"})

_BETWEEN = {"else": "if, unless, case or for", "elsif": "if or unless", "when": "case"}


class Stream(TokenStream):
    """python-liquid's token stream with what our tags need: the compiler, and which blocks stand open."""

    def __init__(self, tokens: Iterable[Token], compiler: Compiler, open_ends: tuple[frozenset[str], ...] = ()) -> None:
        super().__init__(iter(tokens), len(open_ends))
        self.compiler = compiler
        self.open_ends = list(open_ends)
        self.promotions: dict[str, None] = {}  # lists the template mentions, in order
        self.translations: set[str] = set()
        self.commented = False  # this is the inside of a comment

    def stands_at(self, names: frozenset[str]) -> bool:
        """Whether the next thing is a tag of one of these names."""
        if self.pos >= len(self.tokens):
            return False
        token = self.tokens[self.pos]
        return token.value in names and token.kind == TOKEN_TAG

    def pair(self) -> tuple[Token, Token]:
        """The current tag or output and its expression, taken off the stream."""
        at = self.pos
        self.pos = at + 2
        return self.tokens[at], self.tokens[at + 1]

    def head(self) -> tuple[Token, Markup]:
        """The current tag and its markup, taken off the stream."""
        token, expression = self.pair()
        return token, self.compiler.markup(expression.value, expression.start_index)

    def refuse(self, token: Token, markup: Markup, message: str, hint: str) -> None:
        """Report a tag that Ruby would refuse to parse."""
        self.compiler.report("bad-syntax", token.start_index, max(markup.end, token.start_index + 2), message, hint)


def parse_body(stream: Stream, tags: Environment, ends: frozenset[str] = frozenset()) -> Body:
    """Nodes up to a tag of `ends` (left on the stream), to one that only an outer block knows, or to the end."""
    nodes: list[LiquidNode] = []
    stream.open_ends.append(ends)  # no tag that opens something is ever among them
    tokens, end, known = stream.tokens, len(stream.tokens), tags.tags
    while stream.pos < end:
        token = tokens[stream.pos]
        kind, name = token.kind, token.value
        if kind == TOKEN_CONTENT:
            stream.pos += 1
            nodes.append(Text(token))
        elif kind == TOKEN_OUTPUT:
            nodes.append(_output(stream))
        elif name in ends or (name not in known and any(name in outer for outer in stream.open_ends)):
            break
        else:
            nodes += _tag(stream, tags, token)
    stream.open_ends.pop()
    return Body(nodes)


def _output(stream: Stream) -> OutputNode:
    token, inside = stream.pair()
    text, base = inside.value, inside.start_index
    at = base + len(text) - len(text.lstrip())
    return output_node(token, token.start_index + len(token.value), stream.compiler.printed(text, base), at)


def _tag(stream: Stream, tags: Environment, token: Token) -> list[LiquidNode]:
    name = token.value
    tag = tags.tags.get(name)
    if tag is not None and len(stream.open_ends) <= MAX_DEPTH and name not in UNDOCUMENTED_TAGS:
        return _parsed(tag, stream)
    start, end = token.start_index, stream.peek.start_index + len(stream.peek.value)
    report = stream.compiler.report
    if tag is None or len(stream.open_ends) > MAX_DEPTH:
        stream.next(), stream.next()
        if stream.commented and stream.open_ends[-1] <= COMMENT_ENDS:
            return []  # right inside of a comment any word will do
        if tag is not None:
            report("too-deep", start, end, "Tags are nested more than 100 deep.", "Ruby refuses such a template.")
        elif name in _BETWEEN or name.startswith("end"):
            belongs = _BETWEEN.get(name) or name[3:] or "block"
            ends = next((one for open_ends in reversed(stream.open_ends) for one in open_ends if one[:3] == "end"), "")
            hint = f"Write {{% {ends} %}}." if name == "end" and ends else "Take it out."
            report("unexpected-tag", start, end, f"{name} stands outside of any {belongs}.", hint)
        else:
            close = "elsif" if name in ("elseif", "elif") else nearest(name, list(tags.tags))
            hint = (
                f"Did you mean {close}?"
                if close
                else f"Braze would not parse the message. A value is printed by {{{{{name}}}}}."
            )
            report("unknown-tag", start, end, f"There is no tag {name}.", hint)
        return []
    report(
        "undocumented-tag",
        start,
        end,
        f"No page of Braze's mentions {name}.",
        f"It works in Ruby's Liquid; test it. {left_open('undocumented_tags')}",
    )
    return _parsed(tag, stream)


def _parsed(tag: Tag, stream: Stream) -> list[LiquidNode]:
    node = tag.parse(stream)
    return list(node.nodes) if isinstance(node, Body) else [node]


def close_block(stream: Stream, opener: Token, markup: Markup, *, name: str = "") -> int:
    """Take the end tag off the stream, or report it missing. Gives the offset behind the block."""
    name = name or opener.value
    token = stream.current
    if token.kind == TOKEN_TAG and token.value == f"end{name}":
        stream.next()
        expression = stream.next()
        return expression.start_index + len(expression.value)
    where = f" before {{% {token.value} %}}" if token.kind == TOKEN_TAG else ""
    stream.compiler.report(
        "missing-end",
        opener.start_index,
        max(markup.end, opener.start_index + 2),
        f"This {{% {name} %}} is never closed{where}.",
        f"Add {{% end{name} %}}.",
    )
    return markup.end
