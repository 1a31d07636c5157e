"""Drafts of messages on disk: the one being typed, kept as it is typed, and those saved under a name."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from core.messages import (
    SHELF_KEY,
    WORKING,
    Draft,
    FileMark,
    draft_from_file,
    parse_draft_name,
    saved_key,
    shelf_names,
    shelf_with,
    shelf_without,
)


class DraftStore(Protocol):
    """Texts by key, each durable once `save` returns. Blocks; every method raises InvalidInput for a refusing disk."""

    def load(self, name: str) -> str | None:
        """None when there is none."""
        ...

    def save(self, name: str, text: str) -> None:
        """Keep it."""
        ...

    def remove(self, name: str) -> None:
        """Drop it, if it is there."""
        ...


class SharedStore(DraftStore, Protocol):
    """A store that several programs use at once."""

    def own(self, name: str) -> str:
        """`name`, or another of its kind while a running program has that one."""
        ...

    def left_behind(self, name: str) -> list[str]:
        """Further names of its kind whose programs ended."""
        ...


class FileStore(Protocol):
    """Files that a person opened. Blocks; raises InvalidInput."""

    def read(self, path: str) -> tuple[FileMark, str]:
        """Where the file lies, what it holds, its text."""
        ...

    def write(self, mark: FileMark, text: str) -> FileMark:
        """Put `text` into the file, unless it holds something else than `mark` says by now."""
        ...


class Shelf:
    """The drafts of one person; every method works on a thread, one after the other, and raises InvalidInput."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store
        self._turn = asyncio.Lock()

    async def working(self) -> Draft | None:
        """What was being typed when the program last ended, however it ended."""
        async with self._turn:
            return await asyncio.to_thread(self._working)

    def _working(self) -> Draft | None:
        """This program's own; what others left behind stands in for it, or goes to the shelf."""
        content = self._store.load(self._store.own(WORKING))
        draft = None if content is None else Draft.from_text(content)
        for left in self._store.left_behind(WORKING):
            found = Draft.from_text(self._store.load(left) or "")
            if draft is None or not draft.text.strip():
                draft = found
                self._store.save(self._store.own(WORKING), draft.to_text())
            elif found.text.strip() and not found.is_saved:
                self._aside(found)
            self._store.remove(left)
        return draft

    def _aside(self, draft: Draft) -> None:
        """To the shelf, under a name that no other text has; that of a file begins with its whole path."""
        name = draft.file.path if draft.file else draft.name[:60]
        numbers = ("", *(f" {n}" for n in range(2, len(shelf_names(self._store.load(SHELF_KEY))) + 3)))
        for slot in (f"{name} (unsaved{number})" for number in numbers):
            there = self._store.load(saved_key(slot))
            if there is None or Draft.from_text(there).text == draft.text:
                self._put(slot, draft)
                return

    async def keep(self, draft: Draft) -> None:
        """Keep what is being typed."""
        async with self._turn:
            await asyncio.to_thread(lambda: self._store.save(self._store.own(WORKING), draft.to_text()))

    async def save(self, draft: Draft, name: str) -> Draft:
        """Save under `name`, in place of what was there, and keep it as the one being typed. Gives the saved draft."""
        saved = replace(draft, name=parse_draft_name(name), is_saved=True)
        if draft.file is not None:
            saved = replace(saved, origin="", file=None)
        async with self._turn:
            await asyncio.to_thread(self._put, saved.name, saved)
        await self.keep(saved)
        return saved

    async def saved_to_file(self, draft: Draft) -> None:
        """The draft's file holds its text now: drop that text from the shelf."""
        async with self._turn:
            await asyncio.to_thread(self._drop, draft)

    def _drop(self, draft: Draft) -> None:
        assert draft.file is not None
        for name in shelf_names(self._store.load(SHELF_KEY)):
            if name.startswith(f"{draft.file.path} (unsaved"):
                there = Draft.from_text(self._store.load(saved_key(name)) or "")
                if there.file is not None and there.text == draft.text:
                    self._store.save(SHELF_KEY, shelf_without(self._store.load(SHELF_KEY), name))
                    self._store.remove(saved_key(name))

    async def put_aside(self, draft: Draft) -> None:
        """Before another text takes its place: an unsaved draft goes to the shelf as `name (unsaved)`."""
        if draft.text.strip() and not draft.is_saved:
            async with self._turn:
                await asyncio.to_thread(self._aside, draft)

    def _put(self, name: str, draft: Draft) -> None:
        self._store.save(saved_key(name), draft.to_text())
        self._store.save(SHELF_KEY, shelf_with(self._store.load(SHELF_KEY), name))

    async def names(self) -> tuple[str, ...]:
        """The names of saved drafts, newest first."""
        async with self._turn:
            return shelf_names(await asyncio.to_thread(self._store.load, SHELF_KEY))

    async def take(self, name: str) -> Draft | None:
        """A saved draft, or None when it is gone. What came from a file is its text still."""
        async with self._turn:
            content = await asyncio.to_thread(self._store.load, saved_key(name))
        if content is None:
            return None
        draft = Draft.from_text(content)
        return draft if draft.file else replace(draft, name=name)


def draft_at(path: str, files: FileStore) -> Draft:
    """The file at `path` as a draft, `~` being the home folder. Raises InvalidInput as `files.read()` does."""
    try:
        whole = str(Path(path).expanduser())
    except RuntimeError:
        whole = path  # there is no home; reading says what is wrong
    mark, text = files.read(whole)
    return draft_from_file(path, text, mark)
