"""Words in a tag of Braze's, and a tag that does nothing."""

from __future__ import annotations

import re

from core.liquid.compiler import Compiler
from core.liquid.context import Context, Output
from core.liquid.expressions import Literal, Node
from core.liquid.markup import Markup
from core.liquid.nodes import Item

_WORDS = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""", re.ASCII)


def words(compiler: Compiler, markup: Markup) -> list[Node]:
    """Words parted by white space: a wrapped or `${}` one is an expression, any other stands for itself."""
    found: list[Node] = []
    for match in _WORDS.finditer(markup.shadow):
        part = markup.match_part(match)
        if "\ue000" <= max(part.shadow) <= "\ue003":
            found.append(compiler.value(part))
        else:
            found.append(Literal(part.text.strip("\"'")))
    return found


class Nothing(Item):
    """A tag that was understood to do nothing."""

    __slots__ = ()

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Nothing."""
        return 0
