"""A sandbox on a thread of its own, for programs whose loop must stay free."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from core.sandbox.sandbox import Sandbox, utc_now

if TYPE_CHECKING:
    from types import TracebackType


class SandboxHandle:
    """A running sandbox and the way to end it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        await self.sandbox.serve()
        self.sandbox.prepare()
        await self._ending.wait()
        await self.sandbox.stop()

    def stop(self) -> None:
        """Close the ports and wait until the thread has ended; a second call does nothing."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join()

    def __enter__(self) -> SandboxHandle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_in_thread(
    *,
    seed: int = 7,
    clock: Callable[[], datetime] = utc_now,
    latency_ms: int = 0,
    faults: Sequence[str] = (),
    port: int = 0,
    history: bool = False,
) -> SandboxHandle:
    """A sandbox on its own thread; returns once the ports are bound, so that a client may connect at once.

    Arguments and errors as in `Sandbox.start`; with `history` some customers have received messages before.
    """
    return SandboxHandle(
        Sandbox(seed=seed, clock=clock, latency_ms=latency_ms, faults=faults, port=port, history=history)
    )
