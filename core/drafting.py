"""Drafts of messages on disk: the one being typed, kept as it is typed, and those saved under a name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from core.messages import (
    SHELF_KEY,
    WORKING,
    Draft,
    draft_from_file,
    parse_draft_name,
    saved_key,
    shelf_names,
    shelf_with,
)


class DraftStore(Protocol):
    """Texts by key, each durable once `save` returns. Blocks; every method raises InvalidInput for a refusing disk."""

    def load(self, name: str) -> str | None:
        """None when there is none."""
        ...

    def save(self, name: str, text: str) -> None:
        """Keep it."""
        ...


class Shelf:
    """The drafts of one person; every method works on a thread, one after the other, and raises InvalidInput."""

    def __init__(self, store: DraftStore) -> None:
        self._store = store
        self._turn = asyncio.Lock()

    async def working(self) -> Draft | None:
        """What was being typed when the program last ended, however it ended."""
        async with self._turn:
            content = await asyncio.to_thread(self._store.load, WORKING)
        return None if content is None else Draft.from_text(content)

    async def keep(self, draft: Draft) -> None:
        """Keep what is being typed."""
        async with self._turn:
            await asyncio.to_thread(self._store.save, WORKING, draft.to_text())

    async def save(self, draft: Draft, name: str) -> Draft:
        """Save under `name`, in place of what was there, and keep it as the one being typed. Gives the saved draft."""
        saved = replace(draft, name=parse_draft_name(name), is_saved=True)
        async with self._turn:
            await asyncio.to_thread(self._put, saved)
        await self.keep(saved)
        return saved

    async def put_aside(self, draft: Draft) -> None:
        """Before another text takes its place: an unsaved draft goes to the shelf as `name (unsaved)`."""
        if draft.text.strip() and not draft.is_saved:
            name = f"{draft.name[:70]} (unsaved)"
            async with self._turn:
                await asyncio.to_thread(self._put, replace(draft, name=name))

    def _put(self, draft: Draft) -> None:
        self._store.save(saved_key(draft.name), draft.to_text())
        self._store.save(SHELF_KEY, shelf_with(self._store.load(SHELF_KEY), draft.name))

    async def names(self) -> tuple[str, ...]:
        """The names of saved drafts, newest first."""
        async with self._turn:
            return shelf_names(await asyncio.to_thread(self._store.load, SHELF_KEY))

    async def take(self, name: str) -> Draft | None:
        """A saved draft, or None when it is gone."""
        async with self._turn:
            content = await asyncio.to_thread(self._store.load, saved_key(name))
        return None if content is None else replace(Draft.from_text(content), name=name)


def draft_at(path: str, read_text: Callable[[str], str]) -> Draft:
    """The file at `path` as a draft, `~` being the home folder. Raises InvalidInput as `read_text` does."""
    try:
        whole = str(Path(path).expanduser())
    except RuntimeError:
        whole = path  # there is no home; reading says what is wrong
    return draft_from_file(path, read_text(whole))
