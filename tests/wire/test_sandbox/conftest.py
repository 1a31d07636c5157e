"""A sandbox on a clock that tests move, and clients that know its keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from core.sandbox import Sandbox


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Desk:
    """The three services as an honest client calls them."""

    sandbox: Sandbox
    http: httpx.AsyncClient

    def user_id(self, name: str = "ana") -> str:
        return self.sandbox.customer(name).user_id

    async def core(self, path: str, *, method: str = "GET", **more: Any) -> httpx.Response:
        secrets = self.sandbox.secrets
        url = f"{self.sandbox.core_url}/priv/v1/apps/{secrets['core_key']}{path}"
        more = {"auth": (secrets["core_key"], secrets["core_secret"])} | more
        return await self.http.request(method, url, **more)

    async def connect(self, path: str, body: Any = None, *, name: str = "ana", **more: Any) -> httpx.Response:
        authorization = {"Authorization": f"Basic {self.sandbox.secrets['connect_authorization']}"}
        full = {"retailer_id": self.sandbox.settings["retailer_id"], "user_id": self.user_id(name)} | (body or {})
        more = {"headers": authorization, "json": full} | more
        return await self.http.post(self.sandbox.connect_url + path, **more)

    async def wallet(self, name: str = "ana", **fields: Any) -> dict[str, Any]:
        reply = await self.connect("/offers/api/2.0/offers/get_user_offers", fields, name=name)
        assert reply.status_code == 200
        payload: dict[str, Any] = reply.json()["payload"]
        return payload

    async def braze(self, path: str, body: Any = None, *, key: str = "", **more: Any) -> httpx.Response:
        authorization = {"Authorization": f"Bearer {key or self.sandbox.secrets['braze_key']}"}
        method = "GET" if body is None and "content" not in more else "POST"
        more = {"headers": authorization} | ({"json": body} if body is not None else {}) | more
        return await self.http.request(method, self.sandbox.braze_url + path, **more)

    async def exported(self, *fields: str, name: str = "ana") -> dict[str, Any]:
        body = {"external_ids": [self.user_id(name)], "fields_to_export": list(fields)}
        reply = await self.braze("/users/export/ids", body)
        assert reply.status_code == 200, reply.text
        user: dict[str, Any] = reply.json()["users"][0]
        return user

    async def campaign(self, name: str = "Offer expiring reminder") -> str:
        return await self._named("campaigns", name)

    async def canvas(self, name: str = "Welcome journey") -> str:
        return await self._named("canvases", name)

    async def _named(self, kind: str, name: str) -> str:
        path = "/campaigns/list" if kind == "campaigns" else "/canvas/list"
        for page in range(3):
            rows = (await self.braze(f"{path}?include_archived=true&page={page}")).json()[kind]
            for row in rows:
                if row["name"] == name:
                    found: str = row["id"]
                    return found
        raise LookupError(name)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    running = await Sandbox.start(seed=7, clock=clock)
    yield running
    await running.stop()


@pytest.fixture
async def desk(sandbox: Sandbox) -> AsyncIterator[Desk]:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        yield Desk(sandbox, http)
