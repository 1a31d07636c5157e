"""Python's collector works between keys: what is rubbish goes, and never right behind a key."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from tests.screens.driver import until
from tui import housekeeping
from tui.housekeeping import Housekeeping


class Ring:
    """Only the collector can free it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def left_alone() -> Iterator[None]:
    """Nothing is collected but by the app."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def clock_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now_s = [1_000.0]
    monkeypatch.setattr(housekeeping, "monotonic", lambda: now_s[0])
    return now_s


def rubbish() -> weakref.ref[Ring]:
    """A ring that nobody holds."""
    ring = weakref.ref(Ring())
    assert ring() is not None
    return ring


async def test_a_pause_between_two_keys_is_used(clock_s: list[float]) -> None:
    app = Housekeeping()
    async with app.run_test() as pilot:
        await pilot.press("a")
        crowd = [[] for _ in range(20_000)]
        ring = rubbish()
        app.keep_house()
        assert ring() is not None, "collected while the key may still be at work"
        clock_s[0] += 0.06
        await until(pilot, lambda: ring() is None, what="the rubbish gone")
        assert len(crowd) == 20_000


async def test_a_few_objects_are_not_worth_a_look(clock_s: list[float]) -> None:
    app = Housekeeping()
    async with app.run_test():
        gc.collect()
        ring = rubbish()
        clock_s[0] += 1
        app.keep_house()
        assert ring() is not None


@pytest.mark.parametrize("generation", [1, 2])
async def test_what_grew_old_waits_until_nobody_types(clock_s: list[float], generation: int) -> None:
    app = Housekeeping()
    async with app.run_test() as pilot:
        await pilot.press("a")
        old = rubbish()
        for _ in range(30):
            held = old()
            gc.collect(generation - 1)
            del held
        clock_s[0] += 1
        app.keep_house()
        assert old() is not None
        clock_s[0] += 2
        app.keep_house()
        assert old() is None
