"""Content Blocks: text of somebody else's, rendered in the scope of the message."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from core.liquid.context import Context
from core.liquid.expressions import Node, Path, path
from core.liquid.problems import nearest
from core.liquid.switches import left_open
from core.liquid.trace import MAX_SPANS, Origin, Span, covered

Anchor = tuple[int, int]


class ContentBlock(Node):
    """`content_blocks.${Name}`: its text, rendered in the message's own scope."""

    __slots__ = ("end", "name", "reader", "start")
    composed = True

    def __init__(self, name: str, text: str, start: int) -> None:
        self.name, self.start, self.end = name, start, start + len(text)
        self.reader = path("content_blocks", (name,), space="content_blocks", text=text, start=start)

    def evaluate(self, context: Context) -> str:
        """Braze docs, "Content Blocks": a block may hold a block; a third level vanishes."""
        if context.block_level >= 2:
            message, hint = f"{self.name} stands three blocks deep and vanishes.", "Put its text into the block above."
            context.report("content-block-nesting", self.start, self.end, message, hint)
            return ""
        text = context.data.content_blocks.get(self.name)
        if text is None:
            text = self._asked(context)
        if text is None:
            return ""
        self._measure(context, text)
        whose = f"the content block {self.name}"
        made = borrow(context, whose, self.reader, (self.start, self.end), lambda: context.render_text(text))
        between: Origin = ("content_block", ("content_blocks", self.name))
        context.borrowed_pieces = [*islice(covered(context.borrowed_pieces, len(made), between), MAX_SPANS)]
        return made

    def _measure(self, context: Context, text: str) -> None:
        """Braze docs, "Content Blocks" says 50 KB, "Use cases" says 5 MB."""
        most = {"kilobytes": 50_000, "megabytes": 5_000_000}[context.data.switches.content_block_limit]
        if len(text) * 4 > most and (size := len(text.encode(errors="replace"))) > most:
            message = f"The block {self.name} holds {size:,} bytes; {most:,} are allowed."
            context.report("content-block-size", self.start, self.end, message, left_open("content_block_limit"))

    def _asked(self, context: Context) -> str | None:
        """What the port knows of the block; None, with a problem, when there is none."""
        answer = context.connected.block(self.name, context.anchor or (self.start, self.end))
        if answer is None:
            near = nearest(self.name, [*context.data.content_blocks])
            hint = f"Did you mean {near}? " if near else ""
            hint += 'Give its text: {"content_blocks": {"' + self.name + '": "..."}}.'
            message = f"The data has no Content Block {self.name}."
            context.report("unknown-content-block", self.start, self.end, message, hint)
        elif answer.value is None:
            rule = "content-block-unread" if answer.failed else "unknown-content-block"
            context.report(rule, self.start, self.end, answer.words, answer.hint)
        else:
            return str(answer.value)
        return None

    def pieces(self, context: Context) -> list[Span]:
        """What the block's own expressions printed."""
        return context.borrowed_pieces


def borrow(
    context: Context, whose: str, reader: Path, anchor: Anchor, work: Callable[[], str], *, nests: bool = True
) -> str:
    """Do `work` on text that is not the author's: its problems are shown at `anchor`, its reads put down to `reader`.

    `nests`: it counts as a block.
    """
    before = context.anchor, context.borrowed, context.reader
    if context.anchor is None:
        context.anchor, context.borrowed, context.reader = anchor, whose, reader
    context.block_level += nests
    try:
        return work()
    finally:
        context.anchor, context.borrowed, context.reader = before
        context.block_level -= nests


def without_tags(context: Context, text: str) -> str:
    """What a borrowed text prints in which neither catalogs nor connected content are called."""
    before, context.tags_off = context.tags_off, True
    try:
        return context.render_text(text)
    finally:
        context.tags_off = before
