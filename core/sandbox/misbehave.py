"""What each fault does on the wire."""

from __future__ import annotations

import asyncio
import functools
import struct
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from core.sandbox.faults import APPLIED, VENDOR_STATUSES, Fault
from core.sandbox.values import Reply, Request

if TYPE_CHECKING:
    from core.sandbox.server import Connection, Service

_MEGABYTE = b" " * 1_000_000
_HTML = ("Content-Type", "text/html; charset=utf-8")
_JSON = ("Content-Type", "application/json")


async def before_reading(fault: Fault, line: Connection) -> None:
    """End the connection as if the request had never been looked at."""
    if fault.name == "reset-before-read":
        line.reset()
    else:
        await line.finish()


async def answer(
    fault: Fault, line: Connection, request: Request, service: Service, ask: Callable[[Service, Request], Reply]
) -> bool:
    """Answer `request` wrongly; True when the connection is fit for another one."""
    reply = ask(service, request) if fault.name in APPLIED else Reply(200)
    if (replaced := _replacement(fault, reply, service)) is not None:
        await line.send(replaced)
        return True
    if fault.name in ("hang", "hang-after-apply"):
        await line.until_client_leaves()
    elif fault.name in ("reset-after-read", "reset-after-apply"):
        line.reset()
    elif fault.name == "cut-body":
        await line.write(line.framed_head(reply) + reply.body[: len(reply.body) // 2])
        await line.finish()
    elif fault.name == "slow-drip":
        await _drip(line, reply, fault.value / 1000)
    return False


def _replacement(fault: Fault, reply: Reply, service: Service) -> Reply | None:
    """The well-framed but wrong answer, for the faults that are one."""
    if fault.name in VENDOR_STATUSES:
        return service.refusal(int(fault.name), fault.value)
    if fault.name == "status-error":
        return service.refusal(200, 0)
    if fault.name == "redirect":
        return Reply(302, b"", (("Location", "/redirected"),))
    if fault.name[:4] in ("502-", "503-", "504-"):
        page = f"<html><head><title>{fault.name[:3]}</title></head><body><h1>Gateway</h1></body></html>"
        return Reply(int(fault.name[:3]), page.encode(), (_HTML,))
    bodies = {
        "truncated-json": lambda: Reply(reply.status, reply.body[: len(reply.body) // 2], reply.headers),
        "non-json-200": lambda: Reply(200, b"<html><body>Service Unavailable</body></html>", (_HTML,)),
        "empty-200": lambda: Reply(200, b"", (_JSON,)),
        "oversized-json": lambda: Reply(200, b'{"status":"ok","padding":"' + _MEGABYTE * 9 + b'"}', (_JSON,)),
        "deep-json": lambda: Reply(200, b"[" * 200_000 + b"]" * 200_000, (_JSON,)),
        "gzip-bomb": lambda: Reply(200, gzip_bomb(), (_JSON, ("Content-Encoding", "gzip"))),
    }
    return bodies[fault.name]() if fault.name in bodies else None


async def _drip(line: Connection, reply: Reply, pause_s: float) -> None:
    await line.write(line.framed_head(reply))
    for index in range(len(reply.body)):
        await line.write(reply.body[index : index + 1])
        await asyncio.sleep(pause_s)
    await line.finish()


@functools.cache
def gzip_bomb(megabytes: int = 300) -> bytes:
    """Some 300 kB of gzip that unpack to `megabytes` MB of spaces.

    After a full flush deflate starts afresh, so one packed megabyte can be repeated without packing it again.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(_MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    crc = 0
    for _ in range(megabytes):
        crc = zlib.crc32(_MEGABYTE, crc)
    tail = b"\x03\x00" + struct.pack("<II", crc, (megabytes * len(_MEGABYTE)) % 2**32)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" + packed * megabytes + tail
