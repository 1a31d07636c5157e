"""What messages borrow from a Braze workspace, each thing read once and kept for the session."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from core.braze.api import Braze
from core.errors import NotFound


class Workspace:
    """Content Blocks and catalog items of one profile; fills `core.connecting.BrazeSources`.

    What Braze does not have is remembered as well, a failure is not. `forget()` begins anew.
    """

    def __init__(self, braze: Braze) -> None:
        self._braze = braze
        self._turn = asyncio.Lock()
        self.forget()

    def forget(self) -> None:
        """Read everything anew from now on."""
        self._ids: dict[str, str] | None = None
        self._blocks: dict[str, str] = {}
        self._items: dict[tuple[str, str], Mapping[str, Any] | None] = {}

    async def content_block(self, name: str) -> str | None:
        """A block's text; None when the workspace has none of exactly that name. Raises our errors."""
        async with self._turn:
            if self._ids is None:
                self._ids = {block.name: block.id async for page in self._braze.content_blocks() for block in page}
            if name not in self._ids:
                return None
            if name not in self._blocks:
                self._blocks[name] = await self._braze.content_block(self._ids[name])
            return self._blocks[name]

    async def catalog_item(self, catalog: str, item_id: str) -> Mapping[str, Any] | None:
        """An item's columns; None when the workspace has no such item or catalog. Raises our errors."""
        async with self._turn:
            key = (catalog, item_id)
            if key not in self._items:
                try:
                    self._items[key] = await self._braze.catalog_item(catalog, item_id)
                except NotFound:
                    self._items[key] = None
            return self._items[key]
