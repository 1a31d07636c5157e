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
                self._put(replace(found, name=self._free_name(found.name)))
            self._store.remove(left)
        return draft

    def _free_name(self, name: str) -> str:
        taken = shelf_names(self._store.load(SHELF_KEY))
        names = (f"{name[:60]} (unsaved{number})" for number in ("", *(f" {n}" for n in range(2, len(taken) + 3))))
        return next(free for free in names if free not in taken)

    async def keep(self, draft: Draft) -> None:
        """Keep what is being typed."""
        async with self._turn:
            await asyncio.to_thread(lambda: self._store.save(self._store.own(WORKING), draft.to_text()))

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
