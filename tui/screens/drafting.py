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
        Binding("ctrl+s", "save", "Save", id="message.save", tooltip="Save to its file or name"),
        Binding("f12", "save_as", "Save as", show=False, id="message.save_as", tooltip="Save under another name"),
        Binding("o,f9", "open", "Open", id="message.open", tooltip="File, draft, starter or Braze"),
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
        self._whose = 0  # the number under which the editor knows this draft
        self._others: dict[int, Draft] = {}  # those that undo and redo can bring back, as they were left
        self._saving = asyncio.Lock()
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
        """Put another draft into the editor; the one before goes to the shelf, and undo brings it and its name back."""
        self._follow_editor()
        self._put_aside(self.draft)
        self._others[self._whose] = self.draft
        self._whose = max(self._others) + 1
        self.draft = draft
        self.writing.editor.replace_all(draft.text, self._whose)
        self._keep_soon()
        self.draft_opened()
        self.draft_changed()
        self.focus_first()

    @on(TextArea.Changed)
    async def _typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._follow_editor():
            self._keep_soon()
            self.draft_changed()
            await asyncio.sleep(0)  # what that began gets under way before the letter is painted

    def _follow_editor(self) -> bool:
        """The draft as it is in the editor, where undo may have brought back another one; whether it is another now."""
        before, editor = self.draft, self.writing.editor
        if editor.whose != self._whose:
            self._others[self._whose] = before
            self._whose = editor.whose
            self.draft = self._others[self._whose]
            self.draft_opened()
        if editor.text != self.draft.text:
            self.draft = replace(self.draft, text=editor.text, is_saved=False)
        return self.draft is not before

    def _was_saved(self, whose: int, saved: Draft) -> None:
        """The draft that had this number has reached the disk as `saved`; what was typed meanwhile has not."""
        now = self.draft if whose == self._whose else self._others[whose]
        now = replace(now, name=saved.name, origin=saved.origin, file=saved.file, is_saved=now.text == saved.text)
        if whose != self._whose:
            self._others[whose] = now
            return
        self.draft = now
        self._keep_soon()
        self.draft_changed()

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
            self._not_kept(error)
            return False
        self.app.unsaved.discard(_UNSAVED)
        return True

    def _not_kept(self, error: OfferdeckError) -> None:
        self.app.unsaved.add(_UNSAVED)
        self.app.post_message(self.app.Failed(error))

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
        """Save to the file it came from, else under the draft's name; one without a name gets one first."""
        self._follow_editor()
        if self.draft.file is not None:
            await self._save_file()
        else:
            await self._save_draft(None if self.draft.is_untitled else self.draft.name)

    @work(group="dialog")
    async def action_save_as(self) -> None:
        """Save under another name; a file it came from stays as it is."""
        await self._save_draft(None)

    async def _save_draft(self, name: str | None) -> None:
        from tui.dialogs.name_draft import NameDraft

        if name is None:
            name = await self.app.push_screen_wait(NameDraft(self._shelf.names))
        self._follow_editor()
        whose, draft = self._whose, self.draft
        if name:
            try:
                saved = await self._shelf.save(draft, name)
            except OfferdeckError as error:
                self._not_kept(error)
            else:
                self.app.unsaved.discard(_UNSAVED)
                self._was_saved(whose, saved)

    async def _save_file(self) -> None:
        """One after the other: what the file holds after one is what the next expects there."""
        async with self._saving:
            whose, draft = self._whose, self.draft
            if draft.file is None:
                return
            try:
                mark = await asyncio.to_thread(self.app.deck.template_files.write, draft.file, draft.text)
            except OfferdeckError as error:
                self.app.post_message(self.app.Failed(error))
                await self._write(self._shelf.keep(self.draft))
                return
            saved = replace(draft, file=mark, is_saved=True)
            self._was_saved(whose, saved)
            self.app.say(f"Saved to {mark.path}")
            await self._write(self._shelf.keep(self.draft))  # another one, if one was opened meanwhile
            await self._write(self._shelf.saved_to_file(saved))

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
