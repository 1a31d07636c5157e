"""Words in a tag of Braze's, and a tag that does nothing."""

from __future__ import annotations

import re

from core.liquid.compiler import Compiler
from core.liquid.context import Context, Output
from core.liquid.expressions import Literal, Node
from core.liquid.markup import Markup
from core.liquid.mixed import Mixed
from core.liquid.nodes import Item

_GROUP = re.compile("[\ue000-\ue003]")
_WRAP = re.compile("[\ue002\ue003]")
_WORDS = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""", re.ASCII)


def words(compiler: Compiler, markup: Markup) -> list[Node]:
    """Words parted by white space: a wrapped or `${}` one is an expression, one with wrapped parts is text with their
    values in it, any other stands for itself."""
    found: list[Node] = []
    for match in _WORDS.finditer(markup.shadow):
        part = markup.match_part(match)
        if len(part) > 1 and part.shadow[0] == part.shadow[-1] and part.shadow[0] in "\"'":
            part = part.part(1, len(part) - 1)
        if not _GROUP.search(part.shadow):
            found.append(Literal(part.text.strip("\"'")))
        elif _WRAP.search(part.shadow) and not part.group():
            found.append(Mixed(compiler, part))
        else:
            found.append(compiler.value(part))
    return found


class Nothing(Item):
    """A tag that was understood to do nothing."""

    __slots__ = ()

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Nothing."""
        return 0
