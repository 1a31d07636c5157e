"""Rendering in a warm child process: two seconds, 512 MB, no secrets, killed when it hangs."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.render import Connected, RenderData, Rendered

RENDER_LIMIT_S = 2.0
START_LIMIT_S = 15.0
ABANDONED_LIMIT_S = 0.25  # what a render nobody waits for may still take
ANSWER_LIMIT = 64_000_000  # bytes

_BOOT = "import sys; sys.path[:0] = sys.argv[1:]; from core.liquid.child import main; main()"


class ChildGone(Exception):
    """The child closed its pipe or never got ready."""


class Renderer:
    """A `Renders` over one child. Data goes over once per RenderData object; templates go over each time.

    Safe for many callers: renders run one after the other. `start()` warms the child in the background; without it the
    first render does.
    """

    def __init__(self, *, seed: int = 0) -> None:
        self._seed = seed
        self._lock = asyncio.Lock()
        self._child: asyncio.Task[asyncio.subprocess.Process] | None = None
        self._sent: RenderData | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def start(self) -> None:
        """Begin to warm a child; does not wait for it."""
        if self._child is None and not self._closed:
            self._child = self._keep(_spawn())

    async def render(
        self,
        template: str,
        data: RenderData,
        *,
        connected: Connected = "off",
        name: str = "message",
        answers: Sequence[Mapping[str, Any]] = (),
        now: datetime | None = None,
    ) -> Rendered:
        """Render within two seconds; a child that hangs or dies is killed, answered for, and replaced.

        `name` is for the caller's own use. When the caller is cancelled, what is under way may finish briefly.
        """
        request = {
            "template": template,
            "connected": connected,
            "now": (now or datetime.now(UTC)).isoformat(),
            "seed": self._seed,
            "answers": [*answers],
        }
        task = self._keep(self._exchange(request, data))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # not the caller was cancelled, but the renderer was closed
                return Rendered.failure("renderer-died", "The renderer was closed.", "")
            self._keep(self._abandon(task))
            raise

    async def aclose(self) -> None:
        """End the child; renders still under way answer with a problem."""
        self._closed = True
        child, self._child = self._child, None
        for task in list(self._tasks):
            if task is not child:
                task.cancel()
        if child is not None:
            await _end(child)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _keep(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # never "exception not retrieved"
        return task

    async def _abandon(self, task: asyncio.Task[Any]) -> None:
        await asyncio.wait({task}, timeout=ABANDONED_LIMIT_S)
        if not task.done():
            task.cancel()

    async def _exchange(self, request: dict[str, Any], data: RenderData) -> Rendered:
        async with self._lock:
            try:
                return await self._ask(request, data)
            except ValueError as error:
                return Rendered.failure("limit-data", "The data cannot be rendered with.", str(error))
            except TimeoutError:
                await self._replace()
                return Rendered.failure(
                    "limit-time", "Rendering took longer than two seconds.", "Look for loops in loops."
                )
            except (ChildGone, OSError) as error:
                await self._replace()
                return Rendered.failure("renderer-died", "The renderer stopped.", f"Try again. ({error})")
            except BaseException:
                await self._replace()  # the pipe is in the middle of something
                raise

    async def _ask(self, request: dict[str, Any], data: RenderData) -> Rendered:
        from core.liquid.answers import Answer
        from core.liquid.frames import DATA, REQUEST, encoded, frame

        await self.start()
        if self._child is None:
            raise ChildGone("it was closed")
        child = await asyncio.shield(self._child)
        frames = b""
        if data is not self._sent:
            frames = frame(DATA, encoded(data.to_json()))
        frames += frame(REQUEST, encoded(request))
        async with asyncio.timeout(RENDER_LIMIT_S):
            answered = await _converse(child, frames)
        try:
            answer = Answer.from_bytes(answered)
        except (ValueError, RecursionError) as error:
            raise ChildGone("its answer made no sense") from error
        self._sent = data
        if answer.retire:
            await self._replace()
        return answer.rendered

    async def _replace(self) -> None:
        child, self._child, self._sent = self._child, None, None
        if child is not None:
            await _end(child)
        await self.start()


async def _converse(child: asyncio.subprocess.Process, frames: bytes) -> bytes:
    assert child.stdin is not None
    child.stdin.write(frames)
    await child.stdin.drain()
    return await _read(child)


async def _read(child: asyncio.subprocess.Process) -> bytes:
    from core.liquid.frames import HEAD

    assert child.stdout is not None
    try:
        length, _ = HEAD.unpack(await child.stdout.readexactly(HEAD.size))
        if length > ANSWER_LIMIT:
            raise ChildGone("its answer was too large")
        return await child.stdout.readexactly(length)
    except asyncio.IncompleteReadError as error:
        raise ChildGone("its pipe closed") from error


async def _spawn() -> asyncio.subprocess.Process:
    """A child that has said it is ready. Isolated: no environment, no user site, no current folder on its path."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-X",
        "utf8",
        "-c",
        _BOOT,
        *_paths(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
        limit=ANSWER_LIMIT,
        start_new_session=sys.platform != "win32",
    )
    try:
        async with asyncio.timeout(START_LIMIT_S):
            await _read(child)
    except BaseException as error:
        await _kill(child)
        if isinstance(error, TimeoutError):
            raise ChildGone("it did not start") from error
        raise
    return child


def _environment() -> dict[str, str]:
    return {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if "SYSTEMROOT" in os.environ else {}


def _paths() -> list[str]:
    """Where the child finds us and the two libraries it needs."""
    paths = [str(Path(__file__).resolve().parents[2])]
    for library in ("liquid", "msgspec"):
        spec = find_spec(library)
        if spec is not None and spec.origin is not None:
            paths.append(str(Path(spec.origin).resolve().parents[1]))
    return list(dict.fromkeys(paths))


async def _end(child: asyncio.Task[asyncio.subprocess.Process]) -> None:
    """Kill what the task started or is about to start."""
    child.cancel()
    await asyncio.wait({child})
    if not child.cancelled() and child.exception() is None:
        await _kill(child.result())


async def _kill(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        with suppress(ProcessLookupError):
            child.kill()
    transport = getattr(child, "_transport", None)
    await child.wait()
    if transport is not None:
        transport.close()
