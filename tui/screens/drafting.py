"""A room in which a draft is written: kept as it is typed, saved under a name, opened from elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from core.drafting import Shelf
from core.errors import InvalidInput, OfferdeckError
from core.messages import Draft
from tui.frame import Room
from tui.widgets.writing_pane import WritingPane

KEEP_AFTER_S = 0.3
_UNSAVED = "the message draft"


class DraftRoom(Room):
    """Holds `draft`; a subclass has a WritingPane and hears `draft_changed()`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "write", "Write", id="message.write", tooltip="Into the editor"),
        Binding("ctrl+s", "save", "Save", id="message.save", tooltip="Save the draft under its name"),
        Binding("o,f9", "open", "Open", id="message.open", tooltip="A file, a draft, a starter or a Braze message"),
        Binding("e,f4", "external", "Editor", id="message.external", tooltip="Open the template in $EDITOR"),
    ]

    class Restored(Message):
        """The draft of last time, or None."""

        def __init__(self, draft: Draft | None) -> None:
            super().__init__()
            self.draft = draft

    def __init__(self) -> None:
        super().__init__()
        self.draft = Draft()
        self._keep_timer: Timer | None = None

    @property
    def writing(self) -> WritingPane:
        """The column with the editor."""
        return self.query_one(WritingPane)

    def draft_changed(self) -> None:
        """The draft has another text, name or state."""

    def draft_opened(self) -> None:
        """Another draft stands in place of the one before; what is shown of that one is to go."""

    def on_mount(self) -> None:
        """Fetch the draft of last time."""
        self._shelf = Shelf(self.app.deck.drafts)
        self._restore()

    @work(group="restore")
    async def _restore(self) -> None:
        draft: Draft | None = None
        try:
            draft = await self._shelf.working()
        except OfferdeckError as error:
            self.app.post_message(self.app.Failed(error))
        self.post_message(self.Restored(draft))

    @on(Restored)
    def _take_restored(self, message: Restored) -> None:
        if message.draft is not None and not self.writing.editor.text:
            self.draft = message.draft
            self.writing.editor.load_text(message.draft.text)
        self.draft_changed()

    def open_draft(self, draft: Draft) -> None:
        """Put another draft into the editor; the one before goes to the shelf, and undo brings its text back."""
        self._put_aside(self.draft)
        self.draft = draft
        self.writing.editor.replace_all(draft.text)
        self._keep_soon()
        self.draft_opened()
        self.draft_changed()
        self.focus_first()

    @on(TextArea.Changed)
    async def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        text = event.text_area.text
        if text != self.draft.text:
            self.draft = replace(self.draft, text=text, is_saved=False)
            self._keep_soon()
            self.draft_changed()
            await asyncio.sleep(0)  # what that began gets under way before the letter is painted

    # -- disk

    def _keep_soon(self) -> None:
        """Not put off by further keys: at most this much typing can be lost."""
        if self._keep_timer is None:
            self._keep_timer = self.set_timer(KEEP_AFTER_S, self._keep)

    @work(group="drafts")
    async def _keep(self) -> None:
        self._keep_timer = None
        await self._write(self._shelf.keep(self.draft))

    @work(group="drafts")
    async def _put_aside(self, draft: Draft) -> None:
        await self._write(self._shelf.put_aside(draft))

    async def _write(self, writing: Awaitable[object]) -> bool:
        """Whether a draft reached the disk; a disk that refuses is said, and quitting asks then."""
        try:
            await writing
        except OfferdeckError as error:
            self.app.unsaved.add(_UNSAVED)
            self.app.post_message(self.app.Failed(error))
            return False
        self.app.unsaved.discard(_UNSAVED)
        return True

    async def on_unmount(self) -> None:
        """The last keys typed before the program ends."""
        if self._keep_timer is not None:
            await self._write(self._shelf.keep(self.draft))

    # -- keys

    def action_write(self) -> None:
        """Into the editor."""
        self.writing.editor.focus()

    @work(group="dialog")
    async def action_open(self) -> None:
        """Choose another template."""
        from tui.dialogs.open_template import OpenTemplate

        if (draft := await self.app.push_screen_wait(OpenTemplate(self._shelf))) is not None:
            self.open_draft(draft)

    @work(group="dialog")
    async def action_save(self) -> None:
        """Save under the draft's name; one without a name gets one first."""
        from tui.dialogs.name_draft import NameDraft

        name: str | None = self.draft.name
        if self.draft.is_untitled:
            name = await self.app.push_screen_wait(NameDraft(self._shelf.names))
        saved = self.draft
        if name and await self._write(self._shelf.save(saved, name)):
            self.draft = replace(self.draft, name=name, is_saved=self.draft.text == saved.text)
            self.draft_changed()

    def action_external(self) -> None:
        """The template in the person's own editor; whatever that does, the draft here stays."""
        try:
            with self.app.suspend():
                text = self.app.deck.edit(self.draft.text)
        except SuspendNotSupported:
            self.app.tell(InvalidInput("This terminal cannot be handed to another program.", "Edit the draft here."))
        except OfferdeckError as error:
            self.app.tell(error)
        else:
            self.writing.editor.replace_all(text)
        self.refresh(layout=True)
