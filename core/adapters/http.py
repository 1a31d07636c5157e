"""One attempt over HTTP: what came back within a deadline and a cap, every failure a value."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.adapters.failures import SENDING, failure_of, words_of
from core.outcomes import Failure
from core.ports import Clock

if TYPE_CHECKING:
    import httpx

IN_A_HEADER = re.compile(r"[\x21-\x7e]+")  # what a key may be made of


@dataclass(slots=True)
class Progress:
    """How far one attempt has come."""

    clock: Clock
    began_at_s: float
    steps: set[str] = field(default_factory=set)
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)

    async def trace(self, step: str, info: object) -> None:
        """Called by httpcore at each step."""
        if not self.steps:
            self.began_at_s = self.clock.monotonic_s()
        self.steps.add(step)


async def attempt(
    transport: httpx.AsyncBaseTransport,
    request: httpx.Request,
    progress: Progress,
    *,
    within_s: float,
    cap_bytes: int,
) -> tuple[Failure | None, str]:
    """Send `request` and read its answer into `progress`: why that failed, if it did, and the system's words."""
    import httpx

    try:
        async with asyncio.timeout(within_s):
            response = await transport.handle_async_request(request)
            try:
                return await _read(response, progress, cap_bytes), ""
            finally:
                await response.aclose()
    except httpx.LocalProtocolError as error:
        return (Failure.CLOSED if SENDING in progress.steps else Failure.GUARD), words_of(error)
    except (httpx.TransportError, OSError) as error:
        return failure_of(error, progress.steps), words_of(error)


async def _read(response: httpx.Response, progress: Progress, cap_bytes: int) -> Failure | None:
    """Status, headers and body into `progress`, or why the body is not read."""
    progress.status = response.status_code
    progress.headers.update(response.headers.items())  # by name each would be looked for among all of them
    if progress.headers.get("content-encoding", "").strip().lower() not in {"", "identity"}:
        return Failure.ENCODED
    async for chunk in response.aiter_raw():
        progress.body += chunk
        if len(progress.body) > cap_bytes:
            return Failure.TOO_LARGE
    return None


def make_transport(
    encrypted: bool, connections: int, *, kept: bool = True, trust: ssl.SSLContext | None = None
) -> httpx.AsyncBaseTransport:
    """A pool of at most `connections`; with `kept` an idle one is used again for 4 seconds. Blocks for some 80 ms."""
    import_httpx()
    import httpx

    # Loopback only: checks stay on and trust nobody, without the 20 ms that reading the authorities takes.
    loopback = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = trust or (httpx.create_ssl_context(trust_env=False) if encrypted else loopback)
    idle = connections if kept else 0
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=idle, keepalive_expiry=4.0)
    return httpx.AsyncHTTPTransport(verify=context, limits=limits, trust_env=False)


def import_httpx() -> None:
    """Import httpx without its command line, which costs 40 ms where click and rich happen to be installed."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    blocked = "httpx._main" not in sys.modules
    if blocked:
        sys.modules["httpx._main"] = None  # type: ignore[assignment]
    try:
        import httpx  # noqa: F401
    finally:
        if blocked:
            del sys.modules["httpx._main"]
