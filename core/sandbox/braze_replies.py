"""How Braze words its answers and what it counts. Source: Braze docs, /api/errors and /api/api_limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from core.sandbox.values import Refused, Reply

LABELS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Access Denied",
    404: "Not Found",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    429: "Rate Limited",
    500: "Internal Server Error",
}


def refuse(status: int, message: str = "", *errors: Any) -> Refused:
    """Braze's error envelope, to be raised: `message` and, where there are minor errors, `errors`."""
    body: dict[str, Any] = {"message": message or LABELS[status]}
    return Refused(Reply.of(status, body | ({"errors": list(errors)} if errors else {})))


def success(members: dict[str, Any], status: int = 200) -> Reply:
    """A success: `message` beside the members."""
    return Reply.of(status, {**members, "message": "success"})


class Limits:
    """The workspace's allowances in clock windows, with the three headers that tell of them."""

    POOLS: ClassVar[dict[str, tuple[int, int]]] = {
        "shared": (250_000, 3600),
        "users/track": (3_000, 3),
        "users/export/ids": (250, 60),
        "catalogs": (50, 60),
        "catalog items": (50, 60),
    }
    """Calls and the window in seconds; hourly windows start on the clock hour."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._spent: dict[str, tuple[int, int]] = {}

    def spend(self, pool: str) -> tuple[bool, tuple[tuple[str, str], ...]]:
        """Count one call: whether it is allowed, and the headers."""
        limit, window_s = self.POOLS[pool]
        window = int(self._clock().timestamp()) // window_s
        then, spent = self._spent.get(pool, (window, 0))
        spent = (spent if then == window else 0) + 1
        self._spent[pool] = (window, spent)
        return spent <= limit, self._headers(limit, max(0, limit - spent), (window + 1) * window_s)

    def exhausted(self, wait_s: int) -> tuple[tuple[str, str], ...]:
        """The headers of a 429 whose window ends in `wait_s` seconds."""
        return self._headers(250_000, 0, math.ceil(self._clock().timestamp()) + wait_s)

    @staticmethod
    def _headers(limit: int, remaining: int, reset: int) -> tuple[tuple[str, str], ...]:
        names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
        return tuple(zip(names, map(str, (limit, remaining, reset)), strict=True))
