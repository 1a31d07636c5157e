"""Pacing: never more calls in a window than a service allows, and one pause for a whole lane."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from core.calls import Call, Service
from core.ports import Clock


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `calls` beginning within any `window_s` seconds."""

    calls: int
    window_s: float


# By the longest fitting beginning of an endpoint's name; each call also keeps the rate of its service. SessionM
# publishes no limit, so a few calls a second (customers' reports speak of 3 to 5). Braze docs, /api/api_limits:
# 250,000 an hour in the shared pool, 250 a minute for exports, 50 a minute for catalogs; a little below each.
SERVICE_RATES: dict[Service, Rate] = {
    Service.CORE: Rate(5, 1.0),
    Service.CONNECT: Rate(5, 1.0),
    Service.BRAZE: Rate(60, 1.0),
}
ENDPOINT_RATES: dict[str, Rate] = {
    "braze.users.export": Rate(240, 60.0),
    "braze.catalogs": Rate(48, 60.0),
    "braze.sends.id.create": Rate(95, 86_400.0),
}


class Lane:
    """First come, first served, at one rate."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._starts: deque[float] = deque(maxlen=rate.calls)
        self._paused_until_s = 0.0
        self._head_of_queue = asyncio.Lock()

    def pause(self, until_s: float) -> None:
        """Nobody starts before `until_s` (monotonic seconds)."""
        self._paused_until_s = max(self._paused_until_s, until_s)

    async def turn(self, clock: Clock) -> None:
        """Wait for one's turn; cancelling gives the place to the next."""
        async with self._head_of_queue:
            while (wait_s := self._earliest_s() - clock.monotonic_s()) > 0:
                await clock.sleep(wait_s)
            self._starts.append(clock.monotonic_s())

    def _earliest_s(self) -> float:
        full = len(self._starts) == self._rate.calls
        return max(self._paused_until_s, self._starts[0] + self._rate.window_s if full else 0.0)


class Pacer:
    """The lanes of one profile."""

    def __init__(
        self,
        clock: Clock,
        *,
        services: dict[Service, Rate] | None = None,
        endpoints: dict[str, Rate] | None = None,
    ) -> None:
        self._clock = clock
        self._services = {name: Lane(rate) for name, rate in (services or SERVICE_RATES).items()}
        rates = ENDPOINT_RATES if endpoints is None else endpoints
        self._endpoints = {name: Lane(rate) for name, rate in rates.items()}

    async def turn(self, call: Call) -> None:
        """Wait until `call` may start: in the lane of its endpoint first, where it has one, then of its service."""
        for lane in self._lanes(call):
            await lane.turn(self._clock)

    def pause(self, call: Call, wait_s: float) -> None:
        """The service asked for a pause: the narrowest lane of `call` stops for `wait_s` seconds."""
        self._lanes(call)[0].pause(self._clock.monotonic_s() + wait_s)

    def _lanes(self, call: Call) -> list[Lane]:
        fitting = [name for name in self._endpoints if call.endpoint.startswith(name)]
        narrow = [self._endpoints[max(fitting, key=len)]] if fitting else []
        return [*narrow, self._services[call.service]]
