"""What passes between the sandbox's rooms: customers, requests and replies."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Json = Any
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SeedCustomer:
    """A made-up customer: `name` is a slug such as "ana", `summary` says what the customer is good for."""

    name: str
    user_id: str
    external_id: str
    email: str
    summary: str


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request as a service read it.

    `service` is core, connect or braze; `path` the raw target; `received_at` by the sandbox's clock.
    """

    service: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    received_at: datetime

    @property
    def json(self) -> Json:
        """The body as JSON. Raises ValueError when it is none."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Request:
    """A request on its way to a service: path segments percent-decoded, header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    path: str = field(init=False)
    parts: tuple[str, ...] = field(init=False)
    query: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        split = urlsplit(self.target)
        object.__setattr__(self, "path", split.path)
        object.__setattr__(self, "parts", tuple(unquote(part) for part in split.path.strip("/").split("/")))
        object.__setattr__(self, "query", dict(parse_qsl(split.query, keep_blank_values=True)))

    @property
    def is_json(self) -> bool:
        """Whether the content type says JSON."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"

    def header(self, name: str) -> str:
        """The header's value, or an empty string."""
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is framed: the server adds Date, Content-Length and Connection."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, status: int, value: Json, *headers: tuple[str, str]) -> Reply:
        """A JSON answer in UTF-8, escaped only where a lone surrogate leaves no other way."""
        try:
            body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        except UnicodeEncodeError:
            body = json.dumps(value, separators=(",", ":")).encode()
        return cls(status, body, (("Content-Type", "application/json; charset=utf-8"), *headers))

    def with_headers(self, *headers: tuple[str, str]) -> Reply:
        """The same answer with more headers."""
        return Reply(self.status, self.body, (*self.headers, *headers))


class Refused(Exception):
    """A vendor's refusal, raised from anywhere inside a service."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply
