"""SessionM for the use cases: typed values in and out, every read retried and judged in one place."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from core.calls import Call
from core.customers import Customer, CustomerRef, IdKind, Points
from core.errors import InvalidInput, NotFound
from core.ports import Clock
from core.sessionm import answers, calls
from core.tags import Tag
from core.wallets import Wallet

Read = Callable[[Call], Awaitable[Any]]


class SessionM:
    """One tenant's SessionM. `read` sends a reading call and gives its decoded answer or raises our errors."""

    def __init__(self, read: Read, clock: Clock, retailer_id: str) -> None:
        self._read = read
        self._clock = clock
        self._retailer_id = retailer_id

    async def customer(self, ref: CustomerRef) -> Customer:
        """The customer behind `ref`. Raises NotFound, or InvalidInput when an email belongs to several."""
        answer = await self._read(calls.customer_call(ref))
        if ref.kind is not IdKind.EMAIL:
            return answers.customer_from_json(answer)
        found = answers.players_from_json(answer)
        if not found:
            raise NotFound(f"SessionM knows no customer with the email {ref.value}.", "Try an id, or another spelling.")
        if len(found) > 1:
            ids = ", ".join(customer.user_id for customer in found[:5])
            raise InvalidInput(f"{len(found)} customers have the email {ref.value}.", f"Look one up by its id: {ids}.")
        # A search gives the standard fields; the profile read adds tier, identifiers and custom attributes.
        return await self.customer(CustomerRef(IdKind.USER_ID, found[0].user_id))

    async def wallet(self, user_id: str, culture: str) -> AsyncGenerator[Wallet, None]:
        """The wallet, growing page by page: one value a page, the last one complete (or all SessionM would give)."""
        wallet: Wallet | None = None
        while wallet is None or not wallet.is_complete:
            have = len(wallet.offers) if wallet else 0
            answer = await self._read(calls.wallet_call(self._retailer_id, user_id, culture, skip=have))
            wallet = answers.wallet_from_json(answer, culture=culture, read_at=self._clock.now(), before=wallet)
            yield wallet
            if len(wallet.offers) == have:
                return

    async def tags(self, user_id: str) -> list[Tag]:
        """The customer's tags."""
        return answers.tags_from_json(await self._read(calls.tags_call(user_id)), self._clock.now())

    async def points(self, user_id: str, culture: str) -> Points:
        """The point balances."""
        return answers.points_from_json(await self._read(calls.balances_call(self._retailer_id, user_id, culture)))

    async def points_per_day(self, user_id: str) -> list[float]:
        """Points issued on each of the last 90 days, oldest first."""
        answer = await self._read(calls.points_audit_call(self._retailer_id, user_id))
        return answers.points_per_day_from_json(answer, self._clock.now())
