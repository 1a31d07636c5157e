"""What messages borrow from a Braze workspace, each thing read once and kept for the session."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from core.admission import PLACEHOLDERS
from core.borrowed import Borrowed
from core.braze.api import Braze
from core.errors import InvalidInput, NotFound, OfferdeckError
from core.render import Want
from core.templates import CatalogItem, ListedBlock, ListedCatalog

MOST_ROUNDS = 5  # of reading what one text lacks: a block may name a block, and ids may be new at every render

Key = tuple[str, ...]  # a Want's kind and what its request holds
Answer = dict[str, Any]


@dataclass(slots=True)
class _Read:
    """All that was read since the last `forget()`: what is still under way then ends in a value nobody looks at."""

    ids: dict[str, str] | None = None
    listed: tuple[ListedBlock, ...] = ()
    blocks: dict[str, str] = field(default_factory=dict)
    catalogs: tuple[ListedCatalog, ...] | None = None
    pages: dict[str, tuple[CatalogItem, ...]] = field(default_factory=dict)
    items: dict[tuple[str, str], Mapping[str, Any] | None] = field(default_factory=dict)
    sources: dict[Key, Answer] = field(default_factory=dict)
    rounds: tuple[Hashable, int] = (None, 0)
    known: Borrowed | None = None


class Workspace:
    """Content Blocks and catalogs of one profile; fills `core.connecting.BrazeSources`.

    What Braze does not have is remembered as well; a failure is for `read()` alone. `forget()` begins anew.
    """

    def __init__(self, braze: Braze) -> None:
        self._braze = braze
        self._turn = asyncio.Lock()
        self._now = _Read()

    def forget(self) -> None:
        """Read everything anew from now on."""
        self._now = _Read()

    @property
    def known(self) -> Borrowed:
        """All that was read; the same value until more is known."""
        now = self._now
        if now.known is None:
            catalogs: dict[str, dict[str, Mapping[str, Any]]] = {}
            for (catalog, item_id), columns in now.items.items():
                if columns is not None:
                    catalogs.setdefault(catalog, {})[item_id] = columns
            now.known = Borrowed(dict(now.blocks), catalogs, tuple(now.sources.values()), reads_braze=True)
        return now.known

    # -- what a template names

    async def content_block(self, name: str) -> str | None:
        """A block's text; None when the workspace has none of exactly that name. Raises our errors."""
        async with self._turn:
            now = self._now
            await self._list_blocks(now)
            if now.ids is None or name not in now.ids:
                return None
            if name not in now.blocks:
                now.blocks[name] = await self._braze.content_block(now.ids[name])
                now.known = None
            return now.blocks[name]

    async def catalog_item(self, catalog: str, item_id: str) -> Mapping[str, Any] | None:
        """An item's columns; None when the workspace has no such item or catalog. Raises our errors."""
        async with self._turn:
            now, key = self._now, (catalog, item_id)
            if key not in now.items:
                try:
                    now.items[key] = await self._braze.catalog_item(catalog, item_id)
                    now.known = None
                except NotFound:
                    now.items[key] = None
            return now.items[key]

    async def answer(self, want: Want) -> Answer:
        """What Braze has of a block or an item, as a render takes it: `found` with its value, `not_found` or `failed`
        with words. Never raises for what Braze does."""
        now = self._now
        head: Answer = {"kind": want.kind, "request": dict(want.request)}
        try:
            if want.kind == "content_block":
                value: object = await self.content_block(want.request["name"])
            else:
                value = await self.catalog_item(want.request["catalog"], want.request["id"])
            if value is None:
                message, hint = await self._why_missing(want)
                answer = head | {"outcome": "not_found", "message": message, "hint": hint}
            else:
                answer = head | {"outcome": "found", "value": value}
        except OfferdeckError as error:
            answer = head | {"outcome": "failed", "message": error.message, "hint": error.hint}
        self._remember(now, _key(want), answer)
        return answer

    async def read(self, wants: Iterable[Want], whose: Hashable = None) -> bool:
        """Ask Braze for what nothing is known of; whether more is known now.

        After 5 times for one and the same `whose`, a text, it stops asking. Never raises for what Braze does.
        """
        now = self._now
        whom, rounds = now.rounds
        rounds = rounds + 1 if whom == whose else 1
        unknown = [want for want in wants if _key(want) not in now.sources]
        if rounds > MOST_ROUNDS or not unknown:
            return False
        now.rounds = (whose, rounds)
        for want in unknown:
            await self.answer(want)
        return now is self._now

    def _remember(self, now: _Read, key: Key, answer: Answer) -> None:
        """What could not be given, until it can."""
        if answer["outcome"] == "found":
            gone = now.sources.pop(key, None)
        else:
            gone, now.sources[key] = now.sources.get(key), answer
        if gone != now.sources.get(key):
            now.known = None

    async def _why_missing(self, want: Want) -> tuple[str, str]:
        """Words for what the workspace does not have, and the name that may have been meant."""
        request, now = want.request, self._now
        if want.kind == "content_block":
            hint = _nearest(request["name"], now.ids or ())
            return f"Braze has no Content Block {request['name']}.", hint
        catalog, item_id = request["catalog"], request["id"]
        try:
            names = [one.name for one in await self.catalogs()]
        except OfferdeckError:  # the key may not list them, and it is only for the hint
            return f"Braze has no item {item_id} in a catalog {catalog}.", "Check the spelling; case counts."
        if catalog not in names:
            return f"Braze has no catalog {catalog}.", _nearest(catalog, names)
        known = [one for name, one in now.items if name == catalog and now.items[name, one] is not None]
        known += [one.id for one in now.pages.get(catalog, ())]
        return f"The catalog {catalog} has no item {item_id}.", _nearest(item_id, known)

    # -- what there is

    async def listed_blocks(self) -> tuple[ListedBlock, ...]:
        """All Content Blocks, without their texts. Raises our errors."""
        async with self._turn:
            now = self._now
            await self._list_blocks(now)
            return now.listed

    async def block_to_open(self, name: str) -> str:
        """A block's text for a person. Raises InvalidInput where a tenant keeps a credential in it, NotFound, and our
        other errors."""
        if name in PLACEHOLDERS:
            raise InvalidInput(f"{name} holds a credential.", "It is not read: a draft would keep it on this disk.")
        if (text := await self.content_block(name)) is None:
            raise NotFound(f"Braze has no Content Block {name}.", "It may be gone since it was listed.")
        return text

    async def catalogs(self) -> tuple[ListedCatalog, ...]:
        """All catalogs, with their columns. Raises our errors."""
        async with self._turn:
            now = self._now
            if now.catalogs is None:
                now.catalogs = tuple(await self._braze.catalogs())
            return now.catalogs

    async def catalog_page(self, catalog: str) -> tuple[CatalogItem, ...]:
        """The first 50 items of a catalog; a message that names one need not read it anew. Raises our errors."""
        async with self._turn:
            now = self._now
            if catalog not in now.pages:
                now.pages[catalog] = tuple(await self._braze.catalog_items(catalog))
                now.items |= {(catalog, one.id): one.columns for one in now.pages[catalog]}
                now.known = None
            return now.pages[catalog]

    async def _list_blocks(self, now: _Read) -> None:
        if now.ids is None:
            now.listed = tuple([block async for page in self._braze.content_blocks() for block in page])
            now.ids = {block.name: block.id for block in now.listed}


def _key(want: Want) -> Key:
    return (want.kind, *map(str, want.request.values()))


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, [*known][:2_000], n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else "Check the spelling; case counts."
