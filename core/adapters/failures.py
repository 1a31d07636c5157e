"""What an error of the network means: how far the request had come when it happened."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Collection, Iterator

from core.clean import safe
from core.outcomes import Failure

# httpcore's own names of the steps, told through its `trace` extension.
SENDING = "http11.send_request_headers.started"
TLS_STARTED = "connection.start_tls.started"
TIMEOUTS = ("ConnectTimeout", "ReadTimeout", "WriteTimeout")


def failure_of(error: BaseException, steps: Collection[str]) -> Failure:
    """The failure behind `error`, given the `steps` that httpcore had begun.

    Once the first byte of the request may have left, nothing but "closed" or "too late" is certain.
    """
    causes = list(_causes(error))
    late = any(isinstance(cause, TimeoutError) or type(cause).__name__ in TIMEOUTS for cause in causes)
    if SENDING in steps:
        return Failure.TIMEOUT if late else Failure.CLOSED
    if late:
        return Failure.CONNECT_TIMEOUT
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Failure.TLS
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Failure.DNS
    return Failure.TLS if TLS_STARTED in steps else Failure.REFUSED


def words_of(error: BaseException) -> str:
    """The system's words for `error` (never a URL or a header), or nothing."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return safe(cause.verify_message)
        if isinstance(cause, ssl.SSLWantReadError | socket.gaierror):
            continue
        if isinstance(cause, ssl.SSLError):
            return safe((cause.reason or "").replace("_", " ").lower())
        if isinstance(cause, OSError) and cause.errno:
            return os.strerror(cause.errno)
    return ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error` and all that stands behind it, each once."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            waiting += cause.exceptions
