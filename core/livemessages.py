"""A whole message rendered live, once: what was called, and what of it can be used again without calling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.borrowed import NOTHING_BORROWED, Borrowed
from core.callrecords import CallRecord, recordings
from core.channels.document import Message
from core.channels.rendering import RenderedMessage, render_message
from core.connecting import Live
from core.render import Connected, RenderData, Rendered


@dataclass(frozen=True, slots=True)
class Kept:
    """What one live render met, for the renders after it: answers as `connected_content` of `--data`, and what Braze
    gave and could not give. `records` tells of every call, lines counted in the document."""

    records: tuple[CallRecord, ...] = ()
    answers: tuple[Mapping[str, Any], ...] = ()
    borrowed: Borrowed = NOTHING_BORROWED

    @property
    def of_the_workspace(self) -> Kept:
        """What is the same whoever the message is for: the blocks and items without the answers."""
        return replace(self, records=(), answers=())

    def with_data(self, data: RenderData) -> RenderData:
        """`data` with what was kept: answers go before the recordings there are, `data`'s own texts and items stay."""
        return self.borrowed.with_data(replace(data, connected_content=(*self.answers, *data.connected_content)))


async def render_live(live: Live, message: Message, data: RenderData, now: datetime) -> tuple[RenderedMessage, Kept]:
    """`message` with its calls really made, each once, in the order of the fields; recordings in `data` are left aside.

    `live` must be fresh. Never raises for what a template or an answer holds.
    """
    records: list[CallRecord] = []

    async def render(
        template: str, data: RenderData, *, connected: Connected, name: str, now: datetime | None
    ) -> Rendered:
        before = len(live.records)
        rendered = await live.render(template, data, connected=connected, name=name, now=now)
        down = next((field.line - 1 for field in message.fields if field.name == name), 0)
        records.extend(replace(record, line=record.line + down) for record in live.records[before:])
        return rendered

    made = await render_message(render, message, replace(data, connected_content=()), connected="live", now=now)
    return made, Kept(tuple(records), tuple(recordings(records)), live.borrowed)
