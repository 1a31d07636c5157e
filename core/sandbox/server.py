"""One vendor service on one port: HTTP/1.1 by h11 over asyncio streams, so that faults own every byte."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Protocol

import h11

from core.sandbox import misbehave
from core.sandbox.faults import BEFORE, Fault
from core.sandbox.host import Host
from core.sandbox.values import ReceivedRequest, Refused, Reply, Request

CONTROL = "/__sandbox__/"
_MAX_BODY = 32 * 1024 * 1024


class Service(Protocol):
    """A vendor: answers requests and words its own refusals."""

    name: str

    def answer(self, request: Request) -> Reply:
        """The vendor's answer; raises Refused where the vendor says no."""

    def refusal(self, status: int, wait_s: int) -> Reply:
        """The vendor's own answer for a status; 200 is its error inside a success."""

    def delay_s(self, request: Request) -> float:
        """How long this request takes by itself, in seconds."""


class HttpServer:
    """A service behind a listening socket."""

    def __init__(self, name: str, host: Host, listening: socket.socket) -> None:
        self.name = name
        self._host = host
        self._socket = listening
        self._service: Callable[[], Service] | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, service: Callable[[], Service]) -> None:
        """Begin to accept; `service` is asked for the vendor at each request, so it may be built late."""
        self._service = service
        self._server = await asyncio.start_server(self._accept, sock=self._socket)

    async def stop(self) -> None:
        """Stop accepting and cut what is open."""
        if self._server is None:
            self._socket.close()
            return
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._converse(Connection(reader, writer, self._host.clock))
        except (ConnectionError, h11.RemoteProtocolError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            with contextlib.suppress(OSError):
                writer.transport.abort()

    async def _converse(self, line: Connection) -> None:
        while (head := await line.head()) is not None:
            target = head.target.decode("ascii", "replace")
            if target.startswith(CONTROL):
                await line.send(self._control(head.method.decode(), target, await line.body()))
            elif not await self._exchange(line, head, target):
                return
            if not line.next_cycle():
                await line.finish()
                return

    async def _exchange(self, line: Connection, head: h11.Request, target: str) -> bool:
        """One request and its answer; False when the connection is over."""
        latency_ms, fault = self._host.faults.take(self.name, target)
        if fault is not None and fault.name in BEFORE:
            await misbehave.before_reading(fault, line)
            return False
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
        request = Request(head.method.decode(), target, headers, await line.body())
        self._host.requests.append(
            ReceivedRequest(self.name, request.method, target, headers, request.body, self._host.clock())
        )
        assert self._service is not None
        service = self._service()
        await asyncio.sleep((latency_ms + self._host.latency_ms) / 1000 + service.delay_s(request))
        if fault is not None:
            return await misbehave.answer(fault, line, request, service, _ask)
        await line.send(_ask(service, request))
        return True

    def _control(self, method: str, target: str, body: bytes) -> Reply:
        """The sandbox's own paths: faults to set, lift and list, and the requests received; no key needed."""
        what = target.removeprefix(CONTROL)
        try:
            if what == "faults" and method == "POST":
                wanted = json.loads(body)
                limits = {key: wanted.get(key) for key in ("service", "path", "times")}
                self._host.faults.add(Fault.parse(wanted["name"], **limits))
                return Reply.of(201, {"faults": self._host.faults.names()})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return Reply.of(400, {"error": str(error)})
        if what == "faults" and method == "DELETE":
            self._host.faults.clear()
            return Reply.of(200, {"faults": []})
        if what == "faults":
            return Reply.of(200, {"faults": self._host.faults.names()})
        if what == "requests" and method == "DELETE":
            self._host.requests.clear()
            return Reply.of(200, {"requests": []})
        if what == "requests":
            return Reply.of(200, {"requests": [_listed(request) for request in self._host.requests]})
        return Reply.of(404, {"error": f"nothing at {target}"})


def _listed(request: ReceivedRequest) -> dict[str, object]:
    return {
        "service": request.service,
        "method": request.method,
        "path": request.path,
        "headers": request.headers,
        "body": request.body.decode("utf-8", "replace"),
        "received_at": request.received_at.isoformat(),
    }


def _ask(service: Service, request: Request) -> Reply:
    try:
        return service.answer(request)
    except Refused as refused:
        return refused.reply


class Connection:
    """A client's connection: whole requests in, replies or raw bytes out."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, clock: Callable[[], datetime]
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._clock = clock
        self._h11 = h11.Connection(h11.SERVER)

    async def _event(self) -> object:
        while (event := self._h11.next_event()) is h11.NEED_DATA:
            if self._h11.they_are_waiting_for_100_continue:
                go = h11.InformationalResponse(status_code=100, headers=[])
                self._writer.write(self._h11.send(go) or b"")
            self._h11.receive_data(await self._reader.read(65536))
        return event

    async def head(self) -> h11.Request | None:
        """The next request's line and headers; None once the client has left."""
        event = await self._event()
        return event if isinstance(event, h11.Request) else None

    async def body(self) -> bytes:
        """The rest of the request. Raises ConnectionError past 32 MB or when the client leaves."""
        chunks, size = [], 0
        while isinstance(event := await self._event(), h11.Data):
            chunks.append(bytes(event.data))
            size += len(event.data)
            if size > _MAX_BODY:
                raise ConnectionError("the request is larger than the sandbox takes")
        if not isinstance(event, h11.EndOfMessage):
            raise ConnectionError("the client left in the middle of a request")
        return b"".join(chunks)

    def framed_head(self, reply: Reply, *, length: int | None = None) -> bytes:
        """The status line and headers; `length` announces another size than the body has."""
        size = len(reply.body) if length is None else length
        now = self._clock().astimezone(UTC)
        headers = [("Date", format_datetime(now, usegmt=True)), ("Content-Length", str(size)), *reply.headers]
        reason = HTTPStatus(reply.status).phrase
        return self._h11.send(h11.Response(status_code=reply.status, reason=reason, headers=headers)) or b""

    async def send(self, reply: Reply) -> None:
        """The whole reply, framed as it should be."""
        parts = [self.framed_head(reply)]
        parts.append(self._h11.send(h11.Data(data=reply.body)) or b"")
        parts.append(self._h11.send(h11.EndOfMessage()) or b"")
        await self.write(b"".join(parts))

    async def write(self, data: bytes) -> None:
        """Raw bytes, past h11. Raises ConnectionError when the client has gone."""
        self._writer.write(data)
        await self._writer.drain()

    def next_cycle(self) -> bool:
        """Whether the connection may carry another request."""
        if self._h11.our_state is not h11.DONE or self._h11.their_state is not h11.DONE:
            return False
        self._h11.start_next_cycle()
        return True

    async def finish(self) -> None:
        """Close politely: what was written still arrives."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    def reset(self) -> None:
        """Close with a TCP reset: what was not yet read by the client may be lost."""
        sock = self._writer.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def until_client_leaves(self) -> None:
        """Wait, answering nothing, until the client gives up."""
        while await self._reader.read(65536):
            pass
