"""A server that is not the sandbox: it answers only what the vendors' documentation allows to rely on.

One port plays all three. Tests put answers into `answers` by method and path; everything received stays in `received`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.cli.driver import Vendors

SECRETS = {
    "core_key": "0a1b2c3d4e5fCANARYCOREKEY",
    "core_secret": "CANARY-core-secret-/+=",
    "connect_authorization": "Q0FOQVJZOmNvbm5lY3Q=",
    "braze_key": "CANARY-braze-key-77",
}
USER = "6F1C0A52-0000-4000-8000-00000000A001"
RETAILER = "0B7E0000-0000-4000-8000-00000000B0B0"
APP = f"/priv/v1/apps/{SECRETS['core_key']}"
WALLET = "/offers/api/2.0/offers/get_user_offers"


@dataclass
class Answer:
    """Status, JSON or raw text, and headers."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Vendor:
    """The running server."""

    vendors: Vendors
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    received: list[tuple[str, str, str, bytes]] = field(default_factory=list)

    def writes(self) -> list[tuple[str, bytes]]:
        """Target and body of every request that would change something."""
        return [
            (target, body)
            for method, target, _, body in self.received
            if method == "POST" and target.endswith(("/tags", "/send"))
        ]


@contextmanager
def vendor_server() -> Iterator[Vendor]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            vendor.received.append((self.command, self.path, self.headers.get("authorization", ""), body))
            missing = Answer({"status": "error", "errors": {"code": "USER_NOT_FOUND", "message": "no"}}, 404)
            answer = vendor.answers.get((self.command, self.path.partition("?")[0]), missing)
            data = answer.body.encode() if isinstance(answer.body, str) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = handle_any

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_port}"
    vendor = Vendor(Vendors(url, url, url, SECRETS, RETAILER, [USER]))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
