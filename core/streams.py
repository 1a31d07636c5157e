"""Several asynchronous streams read side by side as one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

_Item = TypeVar("_Item")


async def merged(*streams: AsyncGenerator[_Item, None]) -> AsyncGenerator[_Item, None]:
    """Items of all `streams` as they come. Closing it, or an error in one, stops and closes the others."""
    queue: asyncio.Queue[_Item | _Done] = asyncio.Queue()

    async def pump(stream: AsyncGenerator[_Item, None]) -> None:
        error: BaseException | None = None
        try:
            async with aclosing(stream) as items:
                async for item in items:
                    queue.put_nowait(item)
        except Exception as raised:  # carried over to whoever reads the merged stream
            error = raised
        finally:
            queue.put_nowait(_Done(error))

    tasks = [asyncio.create_task(pump(stream)) for stream in streams]
    try:
        running = len(tasks)
        while running:
            item = await queue.get()
            if not isinstance(item, _Done):
                yield item
                continue
            running -= 1
            if item.error is not None:
                raise item.error
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Done:
    def __init__(self, error: BaseException | None) -> None:
        self.error = error
