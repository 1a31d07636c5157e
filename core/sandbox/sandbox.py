"""The sandbox as its users see it: three addresses, secrets, customers, requests received and faults."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from core.sandbox.faults import Fault, FaultBoard
from core.sandbox.host import Host, listening_sockets
from core.sandbox.seed import Seed, limited_braze_key, secrets_of
from core.sandbox.values import ReceivedRequest, SeedCustomer

if TYPE_CHECKING:
    from core.sandbox.server import HttpServer, Service
    from core.sandbox.state import World


def utc_now() -> datetime:
    """The real clock, in UTC."""
    return datetime.now(UTC)


class Sandbox:
    """SessionM Core, SessionM Connect and Braze on three loopback ports; made by `Sandbox.start`."""

    def __init__(
        self,
        *,
        seed: int = 7,
        clock: Callable[[], datetime] = utc_now,
        latency_ms: int = 0,
        faults: Sequence[str] = (),
        port: int = 0,
        history: bool = False,
    ) -> None:
        self.seed = Seed(seed)
        self._history = history
        self.clock = clock
        self.born_at = clock()
        self.secrets = secrets_of(self.seed)
        self.limited_braze_key = limited_braze_key(self.seed)
        self.settings = {"retailer_id": self.seed.uuid("retailer"), "culture": "en-US"}
        self._faults = FaultBoard(faults)
        self._host = Host(clock, self._faults, latency_ms)
        self._sockets = listening_sockets(port)
        self._servers: list[HttpServer] = []
        self.core_url, self.connect_url, self.braze_url = (
            f"http://127.0.0.1:{one.getsockname()[1]}" for one in self._sockets.values()
        )

    @classmethod
    async def start(
        cls,
        seed: int = 7,
        clock: Callable[[], datetime] = utc_now,
        latency_ms: int = 0,
        faults: Sequence[str] = (),
        port: int = 0,
    ) -> Sandbox:
        """A sandbox that answers on the running loop.

        `port` 0 takes three free ports, N takes N, N+1 and N+2 (OSError when one is taken); `faults` are written
        as in `Fault.parse` (ValueError); `clock` must return aware moments and rules TTLs, states and limits.
        """
        sandbox = cls(seed=seed, clock=clock, latency_ms=latency_ms, faults=faults, port=port)
        await sandbox.serve()
        return sandbox

    async def serve(self) -> None:
        """Begin to answer on the running loop."""
        from core.sandbox.server import HttpServer

        self._servers = [HttpServer(name, self._host, one) for name, one in self._sockets.items()]
        for server in self._servers:
            await server.start(functools.partial(self._service, server.name))

    def _service(self, name: str) -> Service:
        return self._services[name]

    async def stop(self) -> None:
        """Close the ports and cut what is open."""
        for server in self._servers:
            await server.stop()
        for one in self._sockets.values():
            one.close()

    def prepare(self) -> None:
        """Build the data now, so that the first request need not."""
        assert self._services

    @cached_property
    def world(self) -> World:
        """The vendors' memory, built at the first request."""
        from core.sandbox.state import World

        return World(self.seed, self.clock, self.born_at)

    @cached_property
    def _services(self) -> dict[str, Service]:
        from core.sandbox.braze import Braze
        from core.sandbox.sessionm_connect import SessionMConnect
        from core.sandbox.sessionm_core import SessionMCore

        keys = {self.secrets["braze_key"]: True, self.limited_braze_key: False}
        places = {
            "@CONNECT@": self.connect_url,
            "@CORE@": self.core_url,
            "@RETAILER@": self.settings["retailer_id"],
        }
        braze = Braze(self.world, keys, places)
        if self._history:
            braze.recall()
        return {
            "core": SessionMCore(self.world, self.secrets["core_key"], self.secrets["core_secret"]),
            "connect": SessionMConnect(self.world, self.secrets["connect_authorization"]),
            "braze": braze,
        }

    @cached_property
    def customers(self) -> tuple[SeedCustomer, ...]:
        """The seeded customers, the ordinary one first."""
        from core.sandbox.state import customers_of

        return customers_of(self.seed)

    def customer(self, name: str) -> SeedCustomer:
        """The customer with this slug. Raises KeyError with the slugs there are."""
        for customer in self.customers:
            if customer.name == name:
                return customer
        raise KeyError(f"{name!r}; there are {', '.join(one.name for one in self.customers)}")

    @property
    def requests(self) -> list[ReceivedRequest]:
        """Every request read so far, the oldest first; requests a fault kept from being read are missing."""
        return self._host.requests

    def inject(
        self, name: str, *, service: str | None = None, path: str | None = None, times: int | None = None
    ) -> None:
        """Put a fault in force: everywhere and for ever, unless limited to a service, a part of a path, or a count."""
        self._faults.add(Fault.parse(name, service=service, path=path, times=times))

    def clear_faults(self) -> None:
        """Lift every fault."""
        self._faults.clear()

    def describe(self) -> dict[str, object]:
        """What `offerdeck sandbox` prints: addresses, secrets, settings and the customers' SessionM ids."""
        return {
            "core_url": self.core_url,
            "connect_url": self.connect_url,
            "braze_url": self.braze_url,
            "secrets": dict(self.secrets),
            "settings": dict(self.settings),
            "customers": [customer.user_id for customer in self.customers],
        }
