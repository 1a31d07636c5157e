"""When a key has had its effect: seen from the event loop, and not from the clock alone."""

from __future__ import annotations

import asyncio
import time

import textual.app
import textual.pilot

STEP_S = 0.005
FRAME_S = 0.02


async def quiet(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Wait until nothing works, in this loop or in another thread, and nothing is due within a frame.

    Textual itself waits until the process took less than 1 ms of 20, at least twice for each key. That is slow, and a
    machine that gives the process no time at all takes it for quiet. Gives up after `max_sleep` as Textual does.
    """
    end = time.monotonic() + max_sleep
    while True:
        used = time.process_time()
        await asyncio.sleep(max(STEP_S, min_sleep))
        busy = time.process_time() - used > STEP_S / 20
        if time.monotonic() >= end or (not await _anything_ready() and not busy and not _anything_due()):
            return


async def _anything_ready() -> bool:
    loop = asyncio.get_running_loop()
    for _ in range(3):
        await asyncio.sleep(0)
        if loop._ready:  # type: ignore[attr-defined]
            return True
    return False


def _anything_due() -> bool:
    loop = asyncio.get_running_loop()
    soon = loop.time() + FRAME_S
    timers = loop._scheduled  # type: ignore[attr-defined]
    return any(timer.when() < soon and not timer.cancelled() for timer in timers)


def install() -> None:
    """Let every pilot wait so."""
    textual.app.wait_for_idle = textual.pilot.wait_for_idle = quiet  # type: ignore[attr-defined]
