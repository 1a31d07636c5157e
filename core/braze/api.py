"""Braze for the use cases: users, campaigns and Canvases, message texts; typed values in and out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from core.braze import answers, calls, contents
from core.calls import Call
from core.customers import BrazeLink, Customer, IdMatch
from core.sends import MessageTemplate, Target, TargetKind
from core.templates import BrazeMessage, CatalogItem, EmailTemplate, ListedBlock, ListedCatalog, ListedTemplate

Read = Callable[[Call], Awaitable[Any]]


class Braze:
    """One workspace. `read` sends a reading call and gives its decoded answer or raises our errors."""

    def __init__(self, read: Read) -> None:
        self._read = read

    async def link(self, customer: Customer) -> BrazeLink:
        """Who Braze thinks this customer is: by SessionM's id, else by an external id, else by email.

        The integration demands that Braze knows the person by the id SessionM made (Braze docs, partner page).
        """
        ways = [(IdMatch.MATCH, "SessionM id", calls.export_by_external_id_call(customer.user_id))]
        if customer.external_id and customer.external_id != customer.user_id:
            ways.append((IdMatch.MISMATCH, "external id", calls.export_by_external_id_call(customer.external_id)))
        if customer.email:
            ways.append((IdMatch.MISMATCH, "email", calls.export_by_email_call(customer.email)))
        for match, via, call in ways:
            users = answers.users_from_json(await self._read(call))
            if users:
                return BrazeLink(match, users[0], via)
        return BrazeLink(IdMatch.MISSING, None)

    async def targets(self, kind: TargetKind) -> AsyncGenerator[list[Target], None]:
        """Campaigns or Canvases, a list per page of 100; a page that is not full is the last one."""
        page = 0
        while True:
            found = answers.targets_from_json(kind, await self._read(calls.list_call(kind, page)))
            yield found
            if len(found) < calls.LIST_PAGE_SIZE:
                return
            page += 1

    async def details(self, target: Target) -> tuple[Target, tuple[MessageTemplate, ...]]:
        """The target with its state, and its message texts."""
        answer = await self._read(calls.details_call(target.kind, target.id))
        return answers.target_details_from_json(target, answer)

    async def messages(self, target: Target) -> tuple[BrazeMessage, ...]:
        """The messages of a campaign, or of a Canvas's steps, whole."""
        return contents.messages_from_json(await self._read(calls.details_call(target.kind, target.id)))

    async def templates(self) -> AsyncGenerator[list[ListedTemplate], None]:
        """Email templates, a list per page of 1,000; a page that is not full is the last one."""
        offset = 0
        while True:
            found = contents.templates_from_json(await self._read(calls.templates_call(offset)))
            yield found
            if len(found) < calls.CONTENTS_PAGE_SIZE:
                return
            offset += len(found)

    async def template(self, template_id: str) -> EmailTemplate:
        """One email template."""
        return contents.template_from_json(await self._read(calls.template_call(template_id)))

    async def content_blocks(self) -> AsyncGenerator[list[ListedBlock], None]:
        """Content Blocks, a list per page of 1,000; a page that is not full is the last one."""
        offset = 0
        while True:
            found = contents.blocks_from_json(await self._read(calls.blocks_call(offset)))
            yield found
            if len(found) < calls.CONTENTS_PAGE_SIZE:
                return
            offset += len(found)

    async def content_block(self, block_id: str) -> str:
        """The text of a Content Block."""
        return contents.block_from_json(await self._read(calls.block_call(block_id)))

    async def catalogs(self) -> list[ListedCatalog]:
        """All catalogs with their columns."""
        return contents.catalogs_from_json(await self._read(calls.catalogs_call()))

    async def catalog_items(self, catalog: str) -> list[CatalogItem]:
        """The first 50 items of a catalog. Raises NotFound where there is no such catalog."""
        return contents.items_from_json(catalog, await self._read(calls.catalog_items_call(catalog)))

    async def catalog_item(self, catalog: str, item_id: str) -> dict[str, Any]:
        """The columns of a catalog item. Raises NotFound where there is no such item or catalog."""
        return contents.item_from_json(await self._read(calls.catalog_item_call(catalog, item_id)))
