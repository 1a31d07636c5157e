"""Blocking work on daemon threads: nothing here can keep the program from ending."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

_Result = TypeVar("_Result")


class _Job(Generic[_Result]):
    """One piece of work and the future that waits for it."""

    def __init__(self, work: Callable[[], _Result]) -> None:
        self._work = work
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[_Result] = self._loop.create_future()

    def run(self) -> None:
        """Do it; the outcome crosses over to the loop, which may have ended meanwhile."""
        try:
            result = self._work()
        except BaseException as error:  # carried to whoever waits
            self._tell(self._fail, error)
        else:
            self._tell(self._succeed, result)

    def _tell(self, how: Callable[[Any], None], what: object) -> None:
        if not self._loop.is_closed():
            try:
                self._loop.call_soon_threadsafe(how, what)
            except RuntimeError:
                return  # the loop closed in between: nobody waits any more

    def _succeed(self, result: _Result) -> None:
        if not self.future.done():
            self.future.set_result(result)

    def _fail(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)


def on_a_thread(work: Callable[[], _Result], name: str) -> asyncio.Future[_Result]:
    """`work` on a daemon thread of its own, as a future of the running loop."""
    job = _Job(work)
    threading.Thread(target=job.run, name=name, daemon=True).start()
    return job.future


class OneThread:
    """A single daemon thread that does one piece of work after another; it starts with the first."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    async def do(self, work: Callable[[], _Result]) -> _Result:
        """The result of `work`. Cancelling stops the waiting, not the work."""
        job = _Job(work)
        self._jobs.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        return await job.future

    def stop(self) -> None:
        """End the thread after the work it has; it starts anew with the next."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread = None

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()
