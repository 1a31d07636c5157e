"""A room that renders its draft with the customer's data, again and again, showing only what is still asked for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.message import Message as Event

from core.channels.document import Message
from core.channels.rendering import RenderedMessage, render_message
from core.fieldtree import count_fields
from core.messages import chosen_offer, message_data
from core.messageview import MessageView, view_of
from core.offers import Offer
from tui.screens.drafting import DraftRoom

if TYPE_CHECKING:
    from core.render import RenderData

RENDER_AFTER_S = 0.005  # gathers a burst of keys; what a person waits for is the render, not this
SETTLE_S = 0.1  # a customer arrives pane by pane
_LARGE = 20_000


class RenderRoom(DraftRoom):
    """Call `ask()` when anything changed; a subclass hears `show_view()` with what the newest render gave."""

    class Viewed(Event):
        """A render came back. `generation` numbers what it was asked for."""

        def __init__(self, generation: int, view: MessageView, data: RenderData, total: int) -> None:
            super().__init__()
            self.generation, self.view, self.data, self.total = generation, view, data, total

    def __init__(self) -> None:
        super().__init__()
        self.override: dict[str, Any] | None = None  # data of one's own, above the customer's
        self.view: MessageView | None = None
        self.behind = False  # something changed while another room was shown
        self._generation = 0
        self._data: tuple[object, RenderData, int] | None = None
        self._rendering = False

    def show_view(self, view: MessageView | None, data: RenderData | None, total: int) -> None:
        """A render, the data it read and how many fields that has; None: nothing to show yet."""
        raise NotImplementedError

    def forget(self) -> None:
        """What is under way is for somebody else and will not be shown."""
        self._generation += 1

    def ask(self, after_s: float = RENDER_AFTER_S) -> None:
        """Render soon; whatever was asked before is out of date."""
        self._generation += 1
        self.behind = not self.is_current
        if self.is_current and self.is_mounted and not self._rendering:
            self._rendering = True
            self._render_newest(after_s)

    @work(group="render")
    async def _render_newest(self, after_s: float) -> None:
        """One render at a time until nothing newer is asked for: the renderer ends each within two seconds.

        Breaking one off would cost the renderer its child, and the next keystroke the start of another.
        """
        done = -1
        try:
            while done != self._generation:
                await asyncio.sleep(after_s)
                done = self._generation
                await self._render_once(done)
        finally:
            self._rendering = False

    async def _render_once(self, generation: int) -> None:
        data, total = await self.gather()
        clock = self.app.deck.clock
        started = clock.monotonic_s()
        message = await self.rendered(self.draft.text, data)
        took = round((clock.monotonic_s() - started) * 1000)
        size = sum(len(one.output) + 20 * len(one.reads) for one in message.fields.values())
        view = await asyncio.to_thread(view_of, message, data, took) if size > _LARGE else view_of(message, data, took)
        self.post_message(self.Viewed(generation, view, data, total))

    async def rendered(self, text: str, data: RenderData) -> RenderedMessage:
        """`text` with `data`, offline: recorded answers only."""
        return await render_message(self.app.deck.renderer().render, Message.parse(text), data, connected="stub")

    async def gather(self) -> tuple[RenderData, int]:
        """The data of now: the same object while nothing in it changed, so that it goes to the renderer once."""
        app, subject, offer, trigger = self.app, self.app.subject, self.offer, self.draft.trigger
        profile = app.desk.profile if app.desk else None
        parts = (subject.customer.value, subject.braze.value, subject.wallet.value, offer, profile, self.override)
        key = (*map(id, parts), trigger)
        if self._data is None or self._data[0] != (key, parts):
            made = await asyncio.to_thread(
                message_data, subject, offer, profile, trigger=trigger, override=self.override
            )
            self._data = ((key, parts), made, await asyncio.to_thread(count_fields, made))
        return self._data[1], self._data[2]

    @property
    def offer(self) -> Offer | None:
        """The offer whose properties the message has."""
        chosen = self.app.chosen_offer
        return chosen_offer(self.app.subject, chosen.key if chosen else "", self.app.deck.clock.now())

    @on(Viewed)
    def _viewed(self, message: Viewed) -> None:
        if message.generation == self._generation:
            self.show_view(message.view, message.data, message.total)
