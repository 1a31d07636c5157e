"""Pacing: no window ever holds more starts than the rate, whoever waits, pauses or gives up."""

from __future__ import annotations

import asyncio
import itertools
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calls import Call, Effect, Service
from core.pacing import ENDPOINT_RATES, SERVICE_RATES, Lane, Pacer, Rate


class VirtualClock:
    """Time that jumps to the next sleeper once everybody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._numbers = itertools.count()

    def now(self) -> Any:
        raise AssertionError("pacing asks for no date")

    def monotonic_s(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        event = asyncio.Event()
        sleeper = (self.seconds + seconds, next(self._numbers), event)
        self._sleepers.append(sleeper)
        try:
            await event.wait()
        finally:
            if sleeper in self._sleepers:
                self._sleepers.remove(sleeper)

    async def run(self, *tasks: asyncio.Task[Any]) -> None:
        """Until all `tasks` are done."""
        while not all(task.done() for task in tasks):
            for _ in range(20):
                await asyncio.sleep(0)
            if self._sleepers:
                self.seconds, _, event = sleeper = min(self._sleepers)
                self._sleepers.remove(sleeper)
                event.set()


def call(endpoint: str = "sessionm.wallet", service: Service = Service.CONNECT) -> Call:
    return Call(endpoint, service, "GET", ("a",), Effect.READ)


def most_in_any_window(starts: list[float], window_s: float) -> int:
    return max((sum(start <= other < start + window_s - 1e-9 for other in starts) for start in starts), default=0)


@given(
    st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=40),
    st.integers(1, 6),
    st.lists(st.tuples(st.floats(0, 5), st.floats(0, 4)), max_size=3),
    st.sets(st.integers(0, 39)),
)
@settings(max_examples=40, deadline=None)
def test_no_window_ever_holds_more_than_the_rate(
    arrivals: list[float], limit: int, pauses: list[tuple[float, float]], giving_up: set[int]
) -> None:
    async def work() -> None:
        clock, starts = VirtualClock(), list[float]()
        lane = Lane(Rate(limit, 1.0))

        async def one(number: int, at_s: float) -> None:
            await clock.sleep(at_s)
            if number in giving_up:
                waiting = asyncio.create_task(lane.turn(clock))
                await asyncio.sleep(0)
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
                if waiting.cancelled():
                    return
            else:
                await lane.turn(clock)
            starts.append(clock.seconds)
            for begins_s, lasts_s in pauses:
                assert not begins_s < clock.seconds < begins_s + lasts_s - 1e-9

        async def pause(at_s: float, for_s: float) -> None:
            await clock.sleep(at_s)
            lane.pause(clock.seconds + for_s)

        tasks = [asyncio.create_task(pause(*one_pause)) for one_pause in pauses]
        tasks += [asyncio.create_task(one(number, at_s)) for number, at_s in enumerate(arrivals)]
        await clock.run(*tasks)
        for task in tasks:
            task.result()
        assert most_in_any_window(starts, 1.0) <= limit

    asyncio.run(work())


async def test_a_first_look_at_a_customer_waits_for_nothing() -> None:
    clock = VirtualClock()
    pacer = Pacer(clock)
    calls = [call(), call(), call("sessionm.user", Service.CORE), call("sessionm.tags.read", Service.CORE)]
    calls += [call("braze.users.export.ids", Service.BRAZE)]
    for one in calls:
        await asyncio.wait_for(pacer.turn(one), 1)
    assert clock.seconds == 0


async def test_first_come_first_served_at_the_rate() -> None:
    clock, order = VirtualClock(), list[tuple[int, float]]()
    pacer = Pacer(clock, services={Service.CONNECT: Rate(2, 1.0)}, endpoints={})

    async def one(number: int) -> None:
        await pacer.turn(call())
        order.append((number, clock.seconds))

    tasks = [asyncio.create_task(one(number)) for number in range(6)]
    await clock.run(*tasks)
    assert order == [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (5, 2)]


async def test_a_pause_stops_its_lane_and_no_other() -> None:
    clock = VirtualClock()
    pacer = Pacer(clock)
    export, send = call("braze.users.export.ids", Service.BRAZE), call("braze.campaigns.trigger.send", Service.BRAZE)
    pacer.pause(export, 30)
    await asyncio.wait_for(pacer.turn(send), 1)
    assert clock.seconds == 0
    waiting = asyncio.create_task(pacer.turn(export))
    await clock.run(waiting)
    assert clock.seconds == 30
    pacer.pause(send, 5)
    waiting = asyncio.create_task(pacer.turn(send))
    await clock.run(waiting)
    assert clock.seconds == 35


@pytest.mark.parametrize("seed", range(3))
async def test_endpoint_and_service_rates_hold_together(seed: int) -> None:
    clock, chance = VirtualClock(), random.Random(seed)
    services, endpoints = (
        {Service.BRAZE: Rate(10, 1.0)},
        {"braze.catalogs": Rate(3, 5.0), "braze.catalogs.item": Rate(1, 2.0)},
    )
    pacer = Pacer(clock, services=services, endpoints=endpoints)
    names = ["braze.catalogs.list", "braze.catalogs.item", "braze.campaigns.list"]
    starts: dict[str, list[float]] = {name: [] for name in names}

    async def one() -> None:
        await clock.sleep(chance.uniform(0, 3))
        name = chance.choice(names)
        await pacer.turn(call(name, Service.BRAZE))
        starts[name].append(clock.seconds)

    await clock.run(*(asyncio.create_task(one()) for _ in range(60)))
    assert sum(map(len, starts.values())) == 60
    assert most_in_any_window(list(itertools.chain.from_iterable(starts.values())), 1.0) <= 10
    assert most_in_any_window(starts["braze.catalogs.list"], 4.0) <= 3
    assert most_in_any_window(starts["braze.catalogs.item"], 1.0) <= 1


def test_every_rate_stays_below_what_the_vendors_publish() -> None:
    assert SERVICE_RATES[Service.BRAZE].calls * 3600 < 250_000
    assert SERVICE_RATES[Service.CORE].calls <= 5 and SERVICE_RATES[Service.CONNECT].calls <= 5
    published = {"braze.users.export": 250, "braze.catalogs": 50, "braze.sends.id.create": 100}
    assert set(published) == set(ENDPOINT_RATES)
    for name, limit in published.items():
        assert ENDPOINT_RATES[name].calls < limit
