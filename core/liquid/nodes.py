"""The tree of a template: bodies, text, outputs; and how an error in one node is printed as Ruby prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from liquid.ast import BlockNode
from liquid.ast import Node as LiquidNode
from liquid.token import TOKEN_CONTENT, Token

from core.liquid.context import NOWHERE, SETTLED, Context, Met, Output
from core.liquid.faults import Aborted, Fault, LimitReached
from core.liquid.switches import left_open
from core.liquid.trace import MAX_SPANS
from core.liquid.values import output_text

if TYPE_CHECKING:
    from core.liquid.expressions import Node


class Item(LiquidNode):
    """A node of ours. `span` is its place in the template; `blank` as in Ruby: it prints nothing by itself.

    `at` is where it is said to stand, `place`, once asked for, that as line and column.
    """

    __slots__ = ("at", "place", "span")

    def __init__(self, token: Token, end: int, *, blank: bool) -> None:
        self.token = token
        self.blank = blank
        self.at = token.start_index
        self.span = (self.at, end)
        self.place: tuple[int, int] | None = None

    def render_to_output(self, context: Context, buffer: TextIO) -> int:  # type: ignore[override]
        """python-liquid's entry; ours is `render`."""
        return self.render(context, buffer)  # type: ignore[arg-type]  # there is no other buffer

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Write what this node gives."""
        raise NotImplementedError


class Text(Item):
    """Text between tags."""

    __slots__ = ("text",)

    def __init__(self, token: Token) -> None:
        text = token.value
        self.token, self.text, self.blank = token, text, text.isspace()
        self.span = (token.start_index, token.start_index + len(text))

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """The text."""
        return buffer.write(self.text)


MAX_OUTPUT = 5_000_000  # characters
_NO_TOKEN = Token(TOKEN_CONTENT, "", 0, "")
LITERAL: Met = (SETTLED, ("literal", ()), None)


class OutputNode(Item):
    """`{{ ... }}` and echo. `at` is where its expression begins."""

    __slots__ = ("expression", "unread")

    def __init__(self, token: Token, end: int, expression: Node, at: int) -> None:
        self.token, self.blank, self.span = token, False, (token.start_index, end)
        self.expression, self.at = expression, at
        self.place = None
        self.unread = LITERAL if expression.literal else NOWHERE

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """The value as Ruby prints it."""
        context.met = self.unread
        value = self.expression.evaluate(context)
        text: str = value if value.__class__ is str else output_text(value)
        spans = buffer.spans
        if text and len(spans) < MAX_SPANS:
            kind, steps = context.origin()
            start = buffer.tell()
            spans.append((start, start + len(text), self, kind, steps))
        return buffer.write(text)


class ComposedOutput(OutputNode):
    """`{{ name }}` and `{{ content_blocks.${Name} }}`: may print text that was rendered elsewhere, piece by piece."""

    __slots__ = ()

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """The value as Ruby prints it."""
        context.met = NOWHERE
        value = self.expression.evaluate(context)
        text: str = value if value.__class__ is str else output_text(value)
        if text and len(buffer.spans) < MAX_SPANS:
            buffer.adopt(self, len(text), self.expression.pieces(context) or [(0, len(text), self, *context.origin())])
        return buffer.write(text)


def output_node(token: Token, end: int, expression: Node, at: int) -> OutputNode:
    """The node for `{{ expression }}`."""
    return (ComposedOutput if expression.composed else OutputNode)(token, end, expression, at)


class Body(BlockNode):
    """Nodes in a row."""

    __slots__ = ()

    def __init__(self, nodes: list[LiquidNode]) -> None:
        self.token, self.nodes, self.blank = _NO_TOKEN, nodes, True
        for node in nodes:
            if not node.blank:
                self.blank = False
                break

    def drop_text(self) -> None:
        """Ruby prints no white space of a block in which nothing else would print."""
        self.nodes = [node for node in self.nodes if node.__class__ is not Text]

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Render in order until a break or continue; an error is printed in place and the rest goes on."""
        write = buffer.write
        for node in self.nodes:
            if node.__class__ is Text:
                write(node.text)
                continue
            try:
                node.render(context, buffer)  # type: ignore[arg-type]  # the nodes are ours, and so is their context
            except Fault as fault:
                _stumble(context, node, buffer, fault)
            except (RecursionError, MemoryError):
                raise
            except Exception as error:
                foreign = Fault("internal", f"offerdeck met {type(error).__name__} here.")
                _stumble(context, node, buffer, foreign, rule="internal-error")
            if context.interrupt:
                break
        if buffer.tell() > MAX_OUTPUT:
            raise LimitReached("limit-output", "The output grew beyond 5,000,000 characters.", "Shorten the loops.")
        return 0


def _stumble(context: Context, node: LiquidNode, buffer: Output, fault: Fault, *, rule: str = "liquid-error") -> None:
    start, end = node.span if isinstance(node, Item) else (0, 0)
    message = f"Liquid error: {fault.words}"
    if not fault.told:
        context.report(rule, start, end, message, " ".join(filter(None, (fault.hint, left_open("liquid_errors")))))
    if context.data.switches.liquid_errors == "not-sent":
        raise Aborted(message)
    if not node.blank and isinstance(node, Item):
        buffer.say(node, message, "error", context.origin()[1] if isinstance(node, OutputNode) else ())
