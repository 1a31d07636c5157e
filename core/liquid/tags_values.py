"""Tags that set and say: assign, capture, increment, decrement, echo, liquid."""

from __future__ import annotations

import re

from liquid import Tag
from liquid.token import TOKEN_EXPRESSION, TOKEN_TAG, Token

from core.liquid.context import NOWHERE, Context, Output
from core.liquid.expressions import Node, path
from core.liquid.faults import ArgumentFault
from core.liquid.lexer import WHITESPACE
from core.liquid.markup import Markup
from core.liquid.nodes import Body, Item, OutputNode, output_node
from core.liquid.parser import COMMENT_ENDS, Stream, close_block, parse_body
from core.liquid.switches import left_open
from core.liquid.tags_texts import judge_commented

_SIGNATURE = r"(?:\(?[\w\-.\[\]]\)?)+"
_TARGET = re.compile(rf"({_SIGNATURE}+)\s*+(=\s*)?", re.ASCII)  # possessive: linear where Ruby's is not
_CAPTURE = re.compile(rf"({_SIGNATURE})", re.ASCII)
_CAPTURED = re.compile(r"""\s*(["']?)\w[\w-]*\1\s*""", re.ASCII)
_LINE = re.compile(r"\s*(#|\w+)\s*(.*)", re.ASCII)
_LEFT = re.compile(r"[^=]*", re.DOTALL)


class Assign(Item):
    """assign."""

    __slots__ = ("expression", "name")

    def __init__(self, token: Token, end: int, name: str, expression: Node) -> None:
        super().__init__(token, end, blank=True)
        self.name, self.expression = name, expression

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Set the variable for the rest of the field, loops included."""
        context.met = NOWHERE
        value = self.expression.evaluate(context)
        pieces = self.expression.pieces(context) if self.expression.composed else None
        context.set(self.name, value)
        context.made_of(self.name, pieces)
        return 0


class AssignTag(Tag):
    """`{% assign name = value | filter %}`."""

    name = "assign"
    block = False

    def parse(self, stream: Stream) -> Item:  # type: ignore[override]
        """Raises nothing: what Ruby refuses is reported."""
        token, markup = stream.head()
        match = next((one for one in _TARGET.finditer(markup.shadow) if one[2]), None)
        if match is None:
            stream.refuse(token, markup, "assign needs a name, = and a value.", "Write {% assign name = value %}.")
            return Assign(token, markup.end, "", path("", (), space=None, text="", start=markup.base))
        self._judge_name(stream, markup, match)
        stream.compiler.assigned.add(match[1])
        expression = stream.compiler.filtered(markup.part(match.end(), len(markup)))
        return Assign(token, markup.end, match[1], expression)

    def _judge_name(self, stream: Stream, markup: Markup, match: re.Match[str]) -> None:
        left = _LEFT.match(markup.shadow)
        written = markup.part(0, left.end() if left else 0).strip()
        if written.text != match[1] or not re.fullmatch(r"\w[\w-]*", match[1], re.ASCII):
            judge_name(stream, written, match[1])
        value = markup.part(match.end(), len(markup)).strip()
        if not value.shadow or value.shadow.startswith("="):
            wrong = "has no value" if not value.shadow else "takes one = only"
            stream.compiler.known.add("")
            message, hint = f"This assign {wrong}, so {match[1]} is nil.", f"Write {{% assign {match[1]} = value %}}."
            stream.compiler.report("tag-form", markup.base, markup.strip().end, message, hint)


def judge_name(stream: Stream, written: Markup, name: str) -> None:
    """Report what is written where the name of a variable belongs, and is not one."""
    becomes = "can never be read" if name == written.text else f"becomes {name!r}"
    message = f"{written.text[:40]!r} is no name for a variable; it {becomes}."
    stream.compiler.report("variable-name", written.base, written.end, message, "Use letters, digits and underscores.")


class Capture(Item):
    """capture."""

    __slots__ = ("body", "name")

    def __init__(self, token: Token, end: int, name: str, body: Body) -> None:
        super().__init__(token, end, blank=True)
        self.name, self.body = name, body

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Set the variable to what the body prints."""
        inner = Output()
        context.met = NOWHERE
        self.body.render(context, inner)
        context.set(self.name, inner.getvalue())
        context.made_of(self.name, inner.spans)
        return 0


class CaptureTag(Tag):
    """`{% capture name %} {% endcapture %}`."""

    name = "capture"
    end = "endcapture"

    def parse(self, stream: Stream) -> Capture:  # type: ignore[override]
        """The first run of name characters counts, quotes around it are skipped."""
        opener, markup = stream.head()
        match = _CAPTURE.search(markup.shadow)
        if match is None:
            stream.refuse(opener, markup, "capture needs a name.", "Write {% capture name %}.")
        name = match[1] if match else ""
        if match and not _CAPTURED.fullmatch(markup.text):
            judge_name(stream, markup.strip(), name)
        stream.compiler.assigned.add(name)
        body = parse_body(stream, self.env, frozenset({"endcapture"}))
        return Capture(opener, close_block(stream, opener, markup), name, body)


class Counter(Item):
    """increment and decrement: a counter beside the variables, but beginning with the data's value of that name."""

    __slots__ = ("name", "step")

    def __init__(self, token: Token, end: int, name: str) -> None:
        super().__init__(token, end, blank=False)
        self.name, self.step = name, 1 if token.value == "increment" else -1

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """increment prints, then counts; decrement counts, then prints."""
        value = context.counters.get(self.name, context.globals.get(self.name) or 0)
        if not isinstance(value, int) or isinstance(value, bool):
            raise ArgumentFault("internal", f"{self.name} is not a whole number.")
        context.counters[self.name] = value + self.step
        shown = value if self.step > 0 else value - 1
        return buffer.say(self, str(shown), "increment" if self.step > 0 else "decrement", (self.name,))


class IncrementTag(Tag):
    """`{% increment name %}`."""

    name = "increment"
    block = False

    def parse(self, stream: Stream) -> Counter:  # type: ignore[override]
        """Everything behind the tag's name is the counter's name."""
        token, markup = stream.head()
        name = markup.text.strip(WHITESPACE)
        stream.compiler.assigned.add(name)
        return Counter(token, markup.end, name)


class DecrementTag(IncrementTag):
    """`{% decrement name %}`."""

    name = "decrement"


class EchoTag(Tag):
    """`{% echo value | filter %}`."""

    name = "echo"
    block = False

    def parse(self, stream: Stream) -> OutputNode:  # type: ignore[override]
        """As `{{ }}`."""
        token, markup = stream.head()
        return output_node(token, markup.end, stream.compiler.filtered(markup, printed=True), markup.strip().base)


class LiquidTag(Tag):
    """`{% liquid ... %}`: a tag a line."""

    name = "liquid"
    block = False

    def parse(self, stream: Stream) -> Body:  # type: ignore[override]
        """The tags of all lines; blocks must close inside."""
        token, markup = stream.head()
        if not token.source.startswith("{%", token.start_index):  # a line of a liquid tag
            if stream.commented and stream.open_ends[-1] <= COMMENT_ENDS:
                return Body([])
            message, hint = "Up to Liquid 5.4 there is no liquid in a liquid tag.", "Write what it does as lines."
            stream.compiler.report(
                "nested-liquid", token.start_index, markup.end, message, f"{hint} {left_open('gem')}"
            )
        tokens = self._tokens(stream, markup)
        inner = Stream(tokens, stream.compiler, tuple(frozenset() for _ in stream.open_ends))
        inner.promotions, inner.translations = stream.promotions, stream.translations
        return parse_body(inner, self.env)

    def _tokens(self, stream: Stream, markup: Markup) -> list[Token]:
        """A tag and its expression for each line, but for those that are commented out."""
        tokens: list[Token] = []
        hidden: list[Token] = []
        depth, at = 0, markup.base
        for line in markup.text.split("\n"):
            match = _LINE.match(line)
            word = match[1] if match else line.strip()
            depth -= bool(match and word == "endcomment" and depth)
            if match and word == "endcomment" and not depth and hidden:
                judge_commented(stream, self.env, hidden, tokens[-2].start_index)
                hidden = []
            pair = self._pair(line, match, word, at)
            if depth:
                hidden += pair
                if match and word == "raw":
                    message = "raw in a comment has to end, and in a liquid tag it never does."
                    stream.compiler.report("missing-end", at, at + len(line), message, "Take it out.")
            elif match:
                tokens += pair
            elif word:
                message, hint = f"{word[:40]!r} is no tag.", "Each line of a liquid tag begins with a tag's name."
                stream.compiler.report("bad-syntax", at, at + len(line), message, hint)
            depth += bool(match and word == "comment")
            at += len(line) + 1
        return tokens

    def _pair(self, line: str, match: re.Match[str] | None, word: str, at: int) -> tuple[Token, Token] | tuple[()]:
        if not word:
            return ()
        start, behind = match.span(2) if match else (len(line), len(line))
        first = match.start(1) if match else 0
        return Token(TOKEN_TAG, word, at + first, line), Token(TOKEN_EXPRESSION, line[start:behind], at + start, line)


VALUE_TAGS: tuple[type[Tag], ...] = (AssignTag, CaptureTag, IncrementTag, DecrementTag, EchoTag, LiquidTag)
