"""A request as a value: what the preview shows, the ledger keeps and the wire sends, without any secret in it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import quote

from core import __version__
from core.clean import safe_json
from core.errors import InvalidInput
from core.numerals import written_json
from core.strictjson import exact_json

Method = Literal["GET", "POST", "PUT"]


class Service(StrEnum):
    """Who is spoken to. Each has its own host and its own credentials."""

    CORE = "core"
    CONNECT = "connect"
    BRAZE = "braze"

    @property
    def label(self) -> str:
        """The name a person knows it by."""
        return {"core": "SessionM Core", "connect": "SessionM Connect", "braze": "Braze"}[self.value]

    @property
    def short(self) -> str:
        """The shortest name that still tells it from the others."""
        return {"core": "Core", "connect": "Connect", "braze": "Braze"}[self.value]


class Effect(StrEnum):
    """What a call does to the world, decided by endpoint and never by verb: `get_user_offers` is a POST that reads."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a path where the wire puts the secret of a profile's `field`; shown as `{field}`."""

    field: str

    def __str__(self) -> str:
        return f"{{{self.field}}}"


# How each service is authorised, as the wire builds the header and as a person sees it.
AUTHORIZATION: Mapping[Service, str] = {
    Service.CORE: "Basic base64({core_key}:{core_secret})",
    Service.CONNECT: "Basic {connect_authorization}",
    Service.BRAZE: "Bearer {braze_key}",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `path` segments are percent-encoded when they are joined, so an id goes out byte for byte.

    `endpoint` is the stable name that retry rules, pacing and the ledger use (`braze.campaigns.trigger.send`).
    `body` holds the exact bytes that leave.
    """

    endpoint: str
    service: Service
    method: Method
    path: tuple[str | Slot, ...]
    effect: Effect
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    def __post_init__(self) -> None:
        """Raises InvalidInput for a segment that would name another path, or text that no URL can carry."""
        for part in self.path:
            if isinstance(part, str) and part in {"", ".", ".."}:
                raise InvalidInput(f"{part!r} cannot be part of an address.", "Type the id as the service shows it.")
        try:
            _ = self.target
        except UnicodeEncodeError as error:
            raise InvalidInput("Half a character cannot be part of an address.", "Paste the id again.") from error

    @property
    def target(self) -> str:
        """Path and query with placeholders for secrets: `/priv/v1/apps/{core_key}/users/42/tags`."""
        joined = "".join(f"/{part if isinstance(part, Slot) else quote(part, safe='')}" for part in self.path)
        return joined + self.query_text

    @property
    def query_text(self) -> str:
        """The encoded query with its question mark, or nothing."""
        pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.query)
        return f"?{pairs}" if pairs else ""

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers as a person may see them: the authorization is a placeholder."""
        shown = [("Authorization", AUTHORIZATION[self.service]), ("Accept", "application/json")]
        shown += [("Accept-Encoding", "identity"), ("User-Agent", f"offerdeck/{__version__}")]
        if self.body is not None:
            shown.append(("Content-Type", "application/json"))
        return tuple(shown)

    @property
    def digest(self) -> str:
        """SHA-256 over everything that leaves: service, method, target and body. A confirmation is bound to it."""
        from hashlib import sha256  # late: see Secret

        head = f"{self.service} {self.method} {self.target}\n".encode()
        return sha256(head + (self.body or b"")).hexdigest()

    @property
    def body_json(self) -> Any:
        """The body as JSON values, numbers as they leave; None when there is no body."""
        return None if self.body is None else exact_json(self.body)

    @property
    def body_text(self) -> str:
        """The body as text that is fit to show and to paste, and that means the same JSON as the bytes."""
        return safe_json((self.body or b"").decode())

    def http(self, base_url: str) -> str:
        """The request as HTTP/1.1 text, placeholders for secrets."""
        host, _, path = base_url.split("://", 1)[-1].rstrip("/").partition("/")
        lines = [f"{self.method} {f'/{path}' if path else ''}{self.target} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\n".join(lines) + "\n\n" + self.body_text

    def curl(self, base_url: str) -> str:
        """A curl line for a POSIX shell; secrets stand as `$CORE_KEY` and so on, to be set by whoever runs it."""
        parts = (f"${{{part.field.upper()}}}" if isinstance(part, Slot) else quote(part, safe="") for part in self.path)
        url = _in_double_quotes(base_url.rstrip("/")) + "".join(f"/{part}" for part in parts) + self.query_text
        words = ["curl", "-X", self.method, f'"{url}"']
        words += {
            Service.CORE: ["-u", '"$CORE_KEY:$CORE_SECRET"'],
            Service.CONNECT: ["-H", '"Authorization: Basic $CONNECT_AUTHORIZATION"'],
            Service.BRAZE: ["-H", '"Authorization: Bearer $BRAZE_KEY"'],
        }[self.service]
        if self.body is not None:
            words += ["-H", "'Content-Type: application/json'", "--data-binary", shlex.quote(self.body_text)]
        return " ".join(words)


def _in_double_quotes(text: str) -> str:
    return "".join(f"\\{char}" if char in '\\"$`' else char for char in text)


def encode_json(value: object) -> bytes:
    """The one way a body is made: compact UTF-8 JSON, keys in the order given, numbers as written. Raises ValueError
    for NaN."""
    return written_json(value, is_compact=True, allow_nan=False).encode()
