"""A room that renders its draft with the customer's data, again and again, showing only what is still asked for."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.message import Message as Event

from core.channels.document import Message
from core.channels.rendering import RenderedMessage, render_message
from core.connecting import Confirm
from core.errors import InvalidInput
from core.fieldtree import count_fields
from core.livemessages import Kept, render_live
from core.messages import chosen_offer, message_data
from core.messageview import MessageView, view_of
from core.offers import Offer
from core.subjects import Subject
from tui.screens.drafting import DraftRoom

if TYPE_CHECKING:
    from datetime import datetime

    from core.borrowed import Borrowed
    from core.render import Connected, RenderData, Rendered, Want

SETTLE_S = 0.1  # a customer arrives pane by pane
READ_AFTER_S = 0.4  # a name that is still being typed is not asked for
_LARGE = 20_000
_LONG_VIEW = 100_000  # characters and reads that take some 15 ms; longer ones are not waited for
_NOTHING_KEPT = Kept()


class _OvertakenError(Exception):
    """Something newer is asked for than what is being rendered."""


async def _parsed(text: str) -> Message:
    """A document of ten thousand markers takes a tenth of a second to read."""
    return Message.parse(text) if len(text) < _LARGE else await asyncio.to_thread(Message.parse, text)


class RenderRoom(DraftRoom):
    """Call `ask()` when anything changed; a subclass hears `show_view()` with what the newest render gave."""

    class Viewed(Event):
        """A render came back. `generation` numbers what it was asked for."""

        def __init__(self, generation: int, view: MessageView, data: RenderData, total: int) -> None:
            super().__init__()
            self.generation, self.view, self.data, self.total = generation, view, data, total

    def __init__(self) -> None:
        super().__init__()
        self._overrides: dict[str, dict[str, Any] | None] = {}
        self.view: MessageView | None = None
        self.behind = False  # something changed while another room was shown
        self._generation = 0
        self._data: tuple[object, RenderData, int] | None = None
        self._rendering = False
        self._offer: tuple[object, object, Offer | None] | None = None
        self._kept: tuple[object, Kept] | None = None  # what a live render met, and for whom
        self._with_workspace: tuple[Kept, Borrowed, Kept] | None = None
        self._lacks: tuple[Want, ...] = ()
        self._reading_braze = False

    @property
    def override(self) -> dict[str, Any] | None:
        """Data of one's own, above the customer's; what was typed for one tenant is not called out for at another's."""
        return self._overrides.get(self.app.profile_name)

    @override.setter
    def override(self, data: dict[str, Any] | None) -> None:
        self._overrides[self.app.profile_name] = data

    def show_view(self, view: MessageView | None, data: RenderData | None, total: int) -> None:
        """A render, the data it read and how many fields that has; None: nothing to show yet."""
        raise NotImplementedError

    @property
    def is_rendering(self) -> bool:
        """Whether what is shown may be out of date."""
        return self._rendering

    def forget(self) -> None:
        """What is under way is for somebody else and will not be shown."""
        self._generation += 1

    def forget_calls(self) -> None:
        """Calls made for another template are not told of under this one; their answers serve it all the same."""
        if self.kept.records:
            self._kept = (self._whom, replace(self.kept, records=()))

    def forget_answers(self) -> None:
        """What live calls were answered is not used again."""
        self._kept = None

    def ask(self, after_s: float = 0) -> None:
        """Render at once, or soon; whatever was asked before is out of date."""
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
                if after_s:
                    await asyncio.sleep(after_s)
                done = self._generation
                await self._render_once(done)
        finally:
            self._rendering = False

    async def _render_once(self, generation: int) -> None:
        data, total = await self.gather()
        clock = self.app.deck.clock
        started = clock.monotonic_s()
        try:
            message = await self._rendered_unless_overtaken(generation, data)
        except _OvertakenError:
            return
        took = round((clock.monotonic_s() - started) * 1000)
        size = sum(len(one.output) + 20 * len(one.reads) for one in message.fields.values())
        records = self.kept.records
        if size > _LONG_VIEW:
            view = await asyncio.to_thread(view_of, message, data, took, records)
        else:
            view = view_of(message, data, took, records)
        self.post_message(self.Viewed(generation, view, data, total))
        self._lacks = message.lacks
        if self._lacks and not self._reading_braze:
            self._reading_braze = True
            self._read_braze()

    @work(group="braze")
    async def _read_braze(self) -> None:
        """Read the Content Blocks and catalog items that the message lacks, once the typing pauses; render it again."""
        try:
            while lacks := self._lacks:
                await asyncio.sleep(READ_AFTER_S)
                if lacks is self._lacks:
                    self._lacks = ()
                    desk, whose = self.app.desk, (self.draft.text, self.app.subject.query)
                    if desk is not None and await desk.workspace.read(lacks, whose) and self.app.desk is desk:
                        self.ask()
        finally:
            self._reading_braze = False

    async def _rendered_unless_overtaken(self, generation: int, data: RenderData) -> RenderedMessage:
        """The draft, up to the field at which something newer is asked for. Raises _OvertakenError there."""
        render = self.app.deck.renderer().render

        async def render_field(
            template: str, data: RenderData, *, connected: Connected, name: str, now: datetime | None
        ) -> Rendered:
            if generation != self._generation:
                raise _OvertakenError
            return await render(template, data, connected=connected, name=name, now=now)

        return await render_message(render_field, await _parsed(self.draft.text), data, connected="stub")

    async def rendered(self, text: str, data: RenderData) -> RenderedMessage:
        """`text` with `data`, offline: recorded answers only."""
        return await render_message(self.app.deck.renderer().render, await _parsed(text), data, connected="stub")

    @property
    def kept(self) -> Kept:
        """What a live render met for this very customer and profile, and what is known of the profile's workspace."""
        met = self._kept[1] if self._kept is not None and self._kept[0] == self._whom else _NOTHING_KEPT
        if self.app.desk is None:
            return met
        known, made = self.app.desk.workspace.known, self._with_workspace
        if made is None or made[0] is not met or made[1] is not known:
            made = self._with_workspace = (met, known, replace(met, borrowed=known))
        return made[2]

    @property
    def _subject(self) -> Subject:
        """The customer on the screen; nobody while it is still one of the profile before, whose desk is being closed:
        another tenant's services are not told of them."""
        subject, desk = self.app.subject, self.app.desk
        is_foreign = subject.ticket is not None and desk is not None and subject.ticket.profile != desk.profile.name
        return Subject(culture=subject.culture) if is_foreign else subject

    @property
    def _whom(self) -> object:
        ticket = self.app.subject.ticket  # a watched customer is asked for again and again, and stays the same one
        return ticket and (ticket.profile, ticket.customer), self.app.desk

    async def call_live(self, confirm: Confirm) -> RenderedMessage:
        """Render once with connected content really called; what came is used by the renders after it.

        Raises what reading the profile raises; InvalidInput without one.
        """
        desk = self.app.desk
        if desk is None:
            raise InvalidInput("There is no profile to call with.", "Choose one with p.")
        text, subject = self.draft.text, self._subject
        data = await asyncio.to_thread(
            message_data,
            subject,
            self.offer,
            desk.profile,
            trigger=self.draft.trigger,
            override=self.override,
            live=True,
        )
        live = desk.live_renderer(self.app.deck.renderer(), confirm=confirm)
        made, kept = await render_live(live, Message.parse(text), data, self.app.deck.clock.now())
        # Of the same customer these answers are newer than whatever was read meanwhile; another's are nobody's.
        if self.app.desk is desk and self.app.subject.query == subject.query:
            self._kept = (self._whom, kept)
        self.ask()
        return made

    async def gather(self) -> tuple[RenderData, int]:
        """The data of now: the same object while nothing in it changed, so that it goes to the renderer once."""
        app, subject, offer, trigger = self.app, self._subject, self.offer, self.draft.trigger
        profile = app.desk.profile if app.desk else None
        kept, override = self.kept, self.override
        parts = (subject.customer.value, subject.braze.value, subject.wallet.value, offer, profile, override, kept)
        key = (*map(id, parts), trigger)
        if self._data is None or self._data[0] != (key, parts):
            made = await asyncio.to_thread(message_data, subject, offer, profile, trigger=trigger, override=override)
            made = kept.with_data(made)
            self._data = ((key, parts), made, await asyncio.to_thread(count_fields, made))
        return self._data[1], self._data[2]

    @property
    def offer(self) -> Offer | None:
        """The offer whose properties the message has; which one runs out first is looked up once a minute."""
        chosen, now = self.app.chosen_offer, self.app.deck.clock.now()
        subject = self._subject
        key, wallet = chosen.key if chosen else "", subject.wallet.value
        asked = (key, id(wallet), now.replace(second=0, microsecond=0))
        if self._offer is None or self._offer[0] != asked or self._offer[1] is not wallet:
            self._offer = (asked, wallet, chosen_offer(subject, key, now))
        return self._offer[2]

    @on(Viewed)
    def _viewed(self, message: Viewed) -> None:
        if message.generation == self._generation:
            self.show_view(message.view, message.data, message.total)
