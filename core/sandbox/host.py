"""What the servers of one sandbox share, and the sockets they are bound to."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import datetime

from core.sandbox.faults import SERVICES, FaultBoard
from core.sandbox.values import ReceivedRequest


class Host:
    """Clock, faults, latency in milliseconds and the requests received."""

    def __init__(self, clock: Callable[[], datetime], faults: FaultBoard, latency_ms: int) -> None:
        self.clock = clock
        self.faults = faults
        self.latency_ms = latency_ms
        self.requests: list[ReceivedRequest] = []


def listening_sockets(port: int) -> dict[str, socket.socket]:
    """One loopback socket a service: `port` and the two after it, or any with 0. Raises OSError when one is taken.

    They listen at once, so a client may connect before anybody accepts.
    """
    bound: dict[str, socket.socket] = {}
    try:
        for offset, name in enumerate(SERVICES):
            bound[name] = socket.create_server(("127.0.0.1", port + offset if port else 0), backlog=256)
    except OSError:
        for one in bound.values():
            one.close()
        raise
    return bound
