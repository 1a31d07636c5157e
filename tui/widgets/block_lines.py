"""A message as its channel shows it: cards and bubbles on a ground of their own, everything else as text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment

from core.channels.view import Block, BlockKind
from core.readable import Line, Span
from tui import glyphs
from tui.theme import Inks
from tui.widgets.text_lines import TextLines

_WIDTHS: dict[str, int] = {"card": 60, "bubble": 48}  # cells at most; a telephone is no wider
_SIDES = 4  # cells beside the text of a framed line: a step in, a blank on either side, a blank behind


class BlockLines(TextLines):
    """Set with `show()`. A framed block has an empty line of its own ground above and below its text."""

    def show(self, blocks: Sequence[Block]) -> None:
        """Other blocks, an empty line between them."""
        lines: list[Line] = []
        kinds: list[BlockKind] = []
        for block in blocks:
            if lines:
                lines.append(())
                kinds.append("plain")
            body = [(), *block.lines, ()] if block.kind in _WIDTHS else block.lines
            lines += body
            kinds += [block.kind] * len(body)
        self._set(lines, kinds)

    def room_of(self, number: int, width: int) -> int:
        """A framed line is as wide as its frame leaves it."""
        most = _WIDTHS.get(self._kinds[number]) if number < len(self._kinds) else None
        return width if most is None else max(min(width, most) - _SIDES, 1)

    def draw(self, index: int, width: int, ink: Inks, *, selected: bool) -> list[Segment]:
        number = self._rows[index][0]
        if number >= len(self._kinds) or self._kinds[number] not in _WIDTHS:
            return super().draw(index, width, ink, selected=selected)
        room = self.room_of(number, min(width, self._rows_for))
        edge = glyphs.current().cursor if ink.card.bgcolor is None else " "
        inner = super().draw(index, room, ink, selected=selected)
        framed = [Segment(edge, ink.faint), *inner, Segment(" ")]
        return [Segment(" "), *Segment.apply_style(framed, ink.card), Segment(" " * (width - room - 3))]


def faint(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks, out of date."""
    return [Block(one.kind, tuple(tuple(Span(s.text, "faint") for s in line) for line in one.lines)) for one in blocks]
