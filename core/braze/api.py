"""Braze for the use cases: users, campaigns and Canvases, message texts; typed values in and out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from core.braze import answers, calls
from core.calls import Call
from core.customers import BrazeLink, Customer, IdMatch
from core.sends import MessageTemplate, Target, TargetKind

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
