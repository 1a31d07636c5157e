"""What can be done with a rendered message: other data, other circumstances, other people, another channel, a copy."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, ClassVar

from textual import work
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.worker import Worker

from core.admission import CallRequest
from core.channels.rendering import RenderedMessage
from core.clean import safe
from core.errors import InvalidInput, OfferdeckError
from core.fieldtree import FieldState
from core.render import RenderData
from tui.copying import Copyable, field_copyables
from tui.screens.rendering import RenderRoom
from tui.widgets.trace_pane import TraceTree

SLOW_S = 1.0

_RELOAD = "Read the customer again, forget what live calls were answered"


class MessageActions(RenderRoom):
    """The keys that open a dialog or another program; a subclass tells the text as it reads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # `o` opens what there is to look at, else something to look at: the footer says which.
        Binding("o", "browser('html')", "Browser", id="message.html", tooltip="The true HTML in your browser"),
        Binding("o", "open", "Open", id="message.open_other", tooltip="File, draft, starter or Braze"),
        Binding("w", "what_if", "What if", id="message.what_if", tooltip="In other circumstances"),
        Binding("M", "matrix", "Matrix", id="message.matrix", tooltip="The message for several people"),
        Binding("L", "live", "Call live", id="message.live", tooltip="Call connected content once, under guards"),
        Binding("C", "channel", "Channel", show=False, id="message.channel", tooltip="The channel of this message"),
        Binding("d", "data", "Data", show=False, id="message.data", tooltip="Data of your own above the customer's"),
        Binding("c", "offer", "Offer", show=False, id="message.offer", tooltip="Offer of trigger properties"),
        Binding("y", "copy", "Copy", show=False, id="message.copy", tooltip="Copy a field or the message"),
        Binding(
            "O",
            "browser",
            "Browser",
            show=False,
            id="message.browser",
            tooltip="The true HTML, in any message that has one",
        ),
        Binding("ctrl+r,f5", "reload", "Refresh", show=False, id="message.reload", tooltip=_RELOAD),
        Binding("f3", "page", "Pager", show=False, id="message.page", tooltip="Read the message in $PAGER"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._data_texts: dict[str, str] = {}  # by profile
        self._calling: Worker[None] | None = None

    @property
    def readable_text(self) -> str:
        """The message as it reads."""
        raise NotImplementedError

    def data_changed(self) -> None:
        """Other data stands above the customer's."""
        raise NotImplementedError

    def _render_offline(self, data: RenderData) -> Awaitable[RenderedMessage]:
        return self.rendered(self.draft.text, data)

    @work(group="dialog")
    async def action_what_if(self) -> None:
        """The same message in other circumstances."""
        from tui.dialogs.what_if import WhatIfDialog

        if not self.draft.text.strip():
            self.app.tell(InvalidInput("There is no message yet.", "Write one, or F9 to open one."))
            return
        dialog = WhatIfDialog(self._render_offline, self._gather_data, whom=self.app.subject.name)
        await self.app.push_screen_wait(dialog)

    async def _gather_data(self) -> RenderData:
        return (await self.gather())[0]

    @work(group="dialog")
    async def action_matrix(self) -> None:
        """The same message for the customers looked at and for personas."""
        from core.matrix import customers, persona_as_person, with_kept
        from tui.dialogs.matrix import MatrixDialog

        app, trigger, override, offer, kept = self.app, self.draft.trigger, self.override, self.offer, self.kept
        profile = app.desk.profile if app.desk else None
        subject, visited, now = app.subject, app.visited.subjects, app.deck.clock.now()
        dialog = MatrixDialog(
            self._render_offline,
            lambda: with_kept(
                customers(subject, visited, profile, now, offer=offer, trigger=trigger, override=override), kept
            ),
            lambda persona: with_kept([persona_as_person(persona, profile, override=override)], kept)[0],
            own=override,
        )
        await app.push_screen_wait(dialog)

    def action_live(self) -> None:
        """Connected content called for real, once; its answers are kept for this customer. A POST asks first."""
        if self.is_calling:
            self.app.notify("Calls are being made already. Escape stops them.")
        else:
            self._calling = self._call_live()

    @property
    def is_calling(self) -> bool:
        """Whether connected content is being called now."""
        return self._calling is not None and not self._calling.is_finished

    def stop_calling(self) -> None:
        """Make no further call; what came until now is dropped."""
        if self._calling is not None and self.is_calling:
            self._calling.cancel()
            self.app.notify("Stopped. A call that had left may have arrived; nothing of it is kept.")

    @work(group="live")
    async def _call_live(self) -> None:
        slow = self.set_timer(SLOW_S, lambda: self.app.notify("Still calling. Escape stops it."))
        try:
            made = await self.call_live(self._may_post)
        except OfferdeckError as error:
            self.app.post_message(self.app.Failed(error))
            return
        finally:
            slow.stop()
        self.live_rendered(made)

    def live_rendered(self, made: RenderedMessage) -> None:
        """The calls were made; show them."""
        raise NotImplementedError

    async def _may_post(self, request: CallRequest) -> bool:
        """Asked where the message is looked at; in another room or dialog it would be answered by mistake."""
        from tui.dialogs.ask import AskDialog

        if not self.is_active:
            return False
        words = f"The message posts to {safe(request.url)}. A POST may change something there."
        return await self.app.push_screen_wait(AskDialog("Make this call?", words, "Call")) is True

    @work(group="dialog")
    async def action_channel(self) -> None:
        """Another channel; what has no place there is put aside, and undo brings the text before back."""
        from core.channels.changing import change_channel
        from core.channels.document import Message
        from tui.dialogs.channel import ChooseChannel

        now = Message.parse(self.draft.text).channel.name
        if (chosen := await self.app.push_screen_wait(ChooseChannel(now))) is not None and chosen != now:
            changed = change_channel(self.draft.text, chosen)
            self.writing.editor.replace_all(changed.text)
            self.focus_first()
            if changed.aside:
                self.app.notify(f"Put aside: {', '.join(changed.aside)}. Ctrl+z brings it back.", timeout=10)

    @work(group="dialog")
    async def action_data(self) -> None:
        """Data of one's own, above the customer's."""
        from tui.dialogs.edit_data import EditData

        profile = self.app.profile_name
        dialog = EditData(self._data_texts.get(profile, ""))
        data: dict[str, Any] | None = await self.app.push_screen_wait(dialog)
        self._data_texts[profile] = dialog.text
        if data is not None:
            self._overrides[profile] = data or None
            self.data_changed()

    @work(group="dialog")
    async def action_offer(self) -> None:
        """Another offer for the trigger properties."""
        from tui.dialogs.choose_offer import ChooseOffer

        if (offer := await self.app.push_screen_wait(ChooseOffer())) is not None:
            self.app.chosen_offer = offer

    @work(group="dialog")
    async def action_copy(self) -> None:
        """What can be copied from here."""
        from tui.dialogs.copy_menu import CopyMenu

        found = [*self._field_copyables(), *self._message_copyables()]
        if (what := await self.app.push_screen_wait(CopyMenu(found))) is not None:
            self.app.copy(what)

    def _message_copyables(self) -> list[Copyable]:
        output = self.view.rendered.output if self.view else ""
        nothing = "" if output else "nothing is rendered"
        return [
            Copyable("m", "message", self.readable_text if output else "", nothing),
            Copyable("r", "raw output", output, nothing),
            Copyable("t", "template", self.draft.text, "" if self.draft.text else "nothing is written"),
        ]

    def _field_copyables(self) -> list[Copyable]:
        """Of the field under the cursor, where that stands in the trace."""
        tree = self.focused
        if not isinstance(tree, TraceTree) or self.view is None or not 0 <= tree.cursor < len(tree.fields):
            return []
        shown = tree.fields[tree.cursor]
        field = next((one for one in self.view.fields if one == shown), shown)
        return [] if field.state is FieldState.MORE else field_copyables(field)

    @work(group="browser")
    async def action_browser(self, _: str = "") -> None:
        """The HTML as a mail program gets it, from a private file without scripts."""
        try:
            await self.app.deck.show_in_browser(self._html())
        except OfferdeckError as error:
            self.app.post_message(self.app.Failed(error))

    def _html(self) -> str:
        """Raises InvalidInput where nothing is HTML."""
        if self.view is None or self.view.html is None:
            raise InvalidInput("This message has no HTML.", "O opens rendered emails and in-app messages.")
        return self.view.html

    def action_page(self) -> None:
        """The readable message in the person's own pager."""
        if not self.readable_text.strip():
            self.app.tell(InvalidInput("Nothing is rendered.", "Write a message first."))
            return
        try:
            with self.app.suspend():
                self.app.deck.page(self.readable_text)
        except SuspendNotSupported:
            self.app.tell(InvalidInput("This terminal cannot be handed to another program.", "Read it here."))
        except OfferdeckError as error:
            self.app.tell(error)
        self.refresh(layout=True)
