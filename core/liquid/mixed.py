"""Text with expressions in it: a URL, a body, headers, an extra, an id."""

from __future__ import annotations

import re

from core.liquid.compiler import Compiler
from core.liquid.context import Context
from core.liquid.expressions import Node
from core.liquid.markup import GROUPS, Markup
from core.liquid.names import SPACES
from core.liquid.values import output_text

_PIECE = re.compile(rf"(?:(?<![\w.$-])(\w++)\.)?+(?:{GROUPS})", re.ASCII)


class Mixed(Node):
    """Text between expressions; as a value, the text it all makes."""

    __slots__ = ("parts",)

    def __init__(self, compiler: Compiler, part: Markup) -> None:
        self.parts: list[str | Node] = []
        at = 0
        for match in _PIECE.finditer(part.shadow):
            group = match.end(1) + 1 if match[1] else match.start()
            start = match.start() if match[1] in SPACES and part.text[group] == "$" else group
            self.parts += [part.text[at:start], compiler.value(part.part(start, match.end()))]
            at = match.end()
        self.parts.append(part.text[at:])

    def evaluate(self, context: Context) -> str:
        """As `text`."""
        return self.text(context)

    def text(self, context: Context) -> str:
        """The whole, rendered."""
        return "".join(
            piece if isinstance(piece, str) else output_text(piece.evaluate(context)) for piece in self.parts
        )
