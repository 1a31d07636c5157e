"""Where a template comes from: a file, a saved draft, a starter, or what Braze keeps of messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from pathlib import PurePath
from typing import ClassVar, TypeVar

from textual import work
from textual.message import Message

from core.admission import PLACEHOLDERS
from core.channels.view import size_words
from core.clean import safe
from core.drafting import Shelf, draft_at
from core.errors import OfferdeckError
from core.messages import (
    Draft,
    draft_from_braze,
    draft_from_email_template,
)
from core.sends import Target, TargetKind
from core.snippets import columns_words, count_words, draft_from_block, draft_from_item, item_words
from core.starters import Starter, draft_from_starter, starters
from core.templates import BrazeMessage, CatalogItem, ListedBlock, ListedCatalog, ListedTemplate
from tui import glyphs
from tui.dialogs.picker import Pick, Picker

Listed = TypeVar("Listed")
Wanted = Target | ListedTemplate | ListedBlock | ListedCatalog | str
# What a target or a catalog holds: its messages or items.
Inner = tuple[Target, tuple[BrazeMessage, ...]] | tuple[ListedCatalog, tuple[CatalogItem, ...]]

_FILES = ("/", "\\", "~", "./")
_SUFFIXES = (".liquid", ".html", ".htm", ".txt", ".json", ".md")


class OpenTemplate(Picker[Draft]):
    """Gives the draft chosen. Esc in the messages of a target or the items of a catalog goes back to the list."""

    HEADING = "Open a template"
    PLACEHOLDER: ClassVar[str] = "a path to a file, or words to look for"

    class Arrived(Message):
        """More lines for the list, or why there are none."""

        def __init__(self, picks: list[Pick], error: OfferdeckError | None = None, *, done: bool = False) -> None:
            super().__init__()
            self.picks, self.error, self.done = picks, error, done

    class Opened(Message):
        """What a target or a catalog holds, a draft, or why there is neither."""

        def __init__(self, value: Draft | Inner | OfferdeckError) -> None:
            super().__init__()
            self.value = value

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self._shelf = shelf
        self._all: list[Pick] = []
        self._inside: Target | ListedCatalog | None = None

    def on_mount(self) -> None:
        """Starters at once, the rest as it comes."""
        profile = self.app.desk.profile if self.app.desk else None
        self._all = [Pick(("starter", one.name), one.name, one.words, "STARTERS", one) for one in starters(profile)]
        self.picks = self._all
        self.say("Drafts and Braze messages are being read " + glyphs.current().ellipsis)
        self._read_all()

    @work(exclusive=True, group="list")
    async def _read_all(self) -> None:
        failed: OfferdeckError | None = None
        for source in self._sources():
            try:
                async with aclosing(source) as pages:
                    async for page in pages:
                        self.post_message(self.Arrived(page))
            except OfferdeckError as error:  # a key may lack the permission for one list only
                failed = failed or error
        self.post_message(self.Arrived([], failed, done=True))

    def _sources(self) -> list[AsyncGenerator[list[Pick], None]]:
        desk = self.app.desk
        drafts = _picks(self._names(), _draft_pick)
        if desk is None:
            return [drafts]
        targets = [_picks(desk.targets(kind), _target_pick) for kind in TargetKind]
        blocks, catalogs = desk.workspace.listed_blocks, desk.workspace.catalogs
        return [
            *(drafts, *targets, _picks(desk.templates(), _template_pick)),
            *(_picks(_page(blocks), _block_pick), _picks(_page(catalogs), _catalog_pick)),
        ]

    async def _names(self) -> AsyncGenerator[Sequence[str], None]:
        yield await self._shelf.names()

    def on_open_template_arrived(self, message: Arrived) -> None:
        """Add to the list."""
        if message.picks and message.picks[0].group == "DRAFTS":
            self._all = [*message.picks, *self._all]
        else:
            self._all = [*self._all, *message.picks]
        if self._inside is None:
            self.picks = self._all
        if message.error is not None:
            self.say(f"{message.error.message} {message.error.hint}", danger=True)
        elif message.done and self._inside is None:
            self.say("")

    def action_take(self) -> None:
        """A path goes before the list."""
        typed = self.words.strip()
        if _is_path(typed) or (typed.endswith(_SUFFIXES) and self.list.current is None):
            self._fetch(typed)
        else:
            super().action_take()

    @property
    def nothing_words(self) -> str:
        """A path is not looked for in the list."""
        typed = self.words.strip()
        is_file = _is_path(typed) or typed.endswith(_SUFFIXES)
        return "Enter opens this file" if is_file else super().nothing_words

    def picked(self, pick: Pick) -> None:
        """What is a text closes the dialog; what holds several shows them first."""
        value = pick.value
        if isinstance(value, Starter):
            self.dismiss(draft_from_starter(value))
        elif isinstance(value, BrazeMessage) and isinstance(self._inside, Target):
            self.dismiss(draft_from_braze(self._inside, value))
        elif isinstance(value, CatalogItem):
            self.dismiss(draft_from_item(value))
        elif isinstance(value, Wanted):
            self.say("Reading " + glyphs.current().ellipsis)
            self._fetch(value)

    @work(exclusive=True, group="fetch")
    async def _fetch(self, wanted: Wanted) -> None:
        try:
            if not isinstance(wanted, str):
                self.post_message(self.Opened(await self._read(wanted)))
                return
            saved = any(pick.key == ("draft", wanted) for pick in self._all)
            draft = await self._shelf.take(wanted) if saved else None
            if draft is None:
                draft = await asyncio.to_thread(draft_at, wanted, self.app.deck.template_files)
            self.post_message(self.Opened(draft))
        except OfferdeckError as error:
            self.post_message(self.Opened(error))

    async def _read(self, wanted: Target | ListedTemplate | ListedBlock | ListedCatalog) -> Draft | Inner:
        desk = self.app.desk
        assert desk is not None
        if isinstance(wanted, ListedTemplate):
            return draft_from_email_template(await desk.template(wanted))
        if isinstance(wanted, ListedBlock):
            return draft_from_block(wanted.name, await desk.workspace.block_to_open(wanted.name))
        if isinstance(wanted, ListedCatalog):
            return wanted, await desk.workspace.catalog_page(wanted.name)
        messages = await desk.target_messages(wanted)
        return draft_from_braze(wanted, messages[0]) if len(messages) == 1 else (wanted, messages)

    def on_open_template_opened(self, message: Opened) -> None:
        """Close with a draft, or show what there is to choose from."""
        value = message.value
        if isinstance(value, Draft):
            self.dismiss(value)
        elif isinstance(value, OfferdeckError):
            self.say(f"{value.message} {value.hint}", danger=True)
        elif not value[1]:
            self.say(f"{safe(value[0].name)} has no text that could be opened.", danger=True)
        else:
            self._inside = value[0]
            self.restart()
            self.picks, words = _inner_picks(value)
            self.say(words)

    def action_close(self) -> None:
        """From what a target or a catalog holds to the list, from the list to the room."""
        if self._inside is None:
            super().action_close()
            return
        self._inside = None
        self.restart()
        self.picks = self._all
        self.say("")


def _is_path(typed: str) -> bool:
    return typed.startswith(_FILES) or any(mark in typed for mark in "/\\")


async def _picks(
    pages: AsyncGenerator[Sequence[Listed], None], pick_of: Callable[[Listed], Pick]
) -> AsyncGenerator[list[Pick], None]:
    async with aclosing(pages):
        async for page in pages:
            yield [pick_of(one) for one in page]


async def _page(read: Callable[[], Awaitable[Sequence[Listed]]]) -> AsyncGenerator[Sequence[Listed], None]:
    yield await read()


def _draft_pick(name: str) -> Pick:
    """One line for a draft; unsaved edits of a file by the file's name, with its folder beside it."""
    folder, _, file = name.replace("\\", "/").rpartition("/")
    is_of_file = " (unsaved" in file and PurePath(name).is_absolute()
    shown, note = (file, folder or "/") if is_of_file else (name, "")
    return Pick(("draft", name), safe(shown), safe(note), "DRAFTS", name)


def _target_pick(target: Target) -> Pick:
    group = "CAMPAIGNS" if target.kind is TargetKind.CAMPAIGN else "CANVASES"
    return Pick((target.kind, target.id), target.name or target.id, ", ".join(target.tags), group, target)


def _template_pick(template: ListedTemplate) -> Pick:
    name = template.name or template.id
    return Pick(("template", template.id), name, ", ".join(template.tags), "EMAIL TEMPLATES", template)


def _block_pick(block: ListedBlock) -> Pick:
    note = "a credential, not read" if block.name in PLACEHOLDERS else ", ".join(block.tags)
    return Pick(("block", block.id), safe(block.name), note, "CONTENT BLOCKS", block)


def _catalog_pick(catalog: ListedCatalog) -> Pick:
    note = f"{catalog.size:,} items · {safe(columns_words(catalog))}"
    return Pick(("catalog", catalog.name), safe(catalog.name), note, "CATALOGS", catalog)


def _inner_picks(inner: Inner) -> tuple[list[Pick], str]:
    """The lines for what a target or a catalog holds, and the words below them."""
    whole, parts = inner
    if isinstance(whole, Target):
        picks = [_message_pick(index, whole, one) for index, one in enumerate(parts) if isinstance(one, BrazeMessage)]
        return picks, "esc goes back to the list."
    items = [one for one in parts if isinstance(one, CatalogItem)]
    picks = [Pick(index, safe(one.id), safe(item_words(one)), safe(whole.name), one) for index, one in enumerate(items)]
    columns = safe(columns_words(whole)) or "none listed"
    return picks, f"{count_words(whole, len(items))}. Columns: {columns}. esc goes back to the list."


def _message_pick(index: int, target: Target, message: BrazeMessage) -> Pick:
    size = size_words(sum(len(text.encode("utf-8", "replace")) for _, text in message.fields))
    first = safe(" ".join(message.fields[0][1].split())[:60])
    return Pick(index, message.variation, f"{message.channel} · {first} · {size}", target.name, message)
