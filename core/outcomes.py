"""What an exchange means: the one function that decides, for every call to every service.

The table is in the docstring of `judge()`. Nothing else in the program may conclude that something was sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.calls import Service
from core.clean import safe
from core.strictjson import strict_json


class Outcome(StrEnum):
    """What became of a request that was to change something."""

    SENT = "sent"  # the service accepted it; shown as "accepted"
    REJECTED = "rejected"  # the service read it and refused
    NOT_SENT = "not_sent"  # it certainly never reached the service
    UNKNOWN = "unknown"  # it may have happened; never repeated without a person


class Failure(StrEnum):
    """Why no complete answer came."""

    DNS = "dns"
    REFUSED = "refused"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS = "tls"
    POOL_TIMEOUT = "pool_timeout"
    GUARD = "guard"
    CLOSED = "closed"  # closed, reset or a write error once the connection stood
    TIMEOUT = "timeout"  # the deadline of the whole call passed
    TOO_LARGE = "too_large"  # the body exceeded the cap
    ENCODED = "encoded"  # a content encoding we did not ask for
    CANCELLED = "cancelled"  # our side stopped waiting


NEVER_LEFT = frozenset(
    {Failure.DNS, Failure.REFUSED, Failure.CONNECT_TIMEOUT, Failure.TLS, Failure.POOL_TIMEOUT, Failure.GUARD}
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came back for one attempt. `status` None: no status line was read. `failure` None: the body is complete.

    Header names are lower case. `elapsed_s` runs from the first connect to the last byte read.
    """

    status: int | None
    headers: Mapping[str, str]
    body: bytes
    failure: Failure | None
    elapsed_s: float
    detail: str = ""

    def json(self) -> Any:
        """The body as JSON. Raises ValueError for anything else (NaN, too deep, absurd integers included)."""
        return strict_json(self.body)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The meaning of an exchange. `retry_same` tells that the very same request may go again without a person."""

    outcome: Outcome
    reason: str
    warnings: tuple[str, ...] = ()
    code: str = ""
    retry_same: bool = False


# Timeouts and cancellations told by something in between: the request may still have been worked on.
_MAY_HAVE_WORKED = frozenset({408, 499})


def judge(service: Service, exchange: Exchange) -> Verdict:
    """Decide what `exchange` means for a write to `service`.

    | what came | outcome | again without a person |
    |---|---|---|
    | DNS, refused, connect timeout, TLS, pool timeout, our guard | not_sent | yes |
    | closed, reset or late after the connection stood, no status | unknown | never |
    | 2xx and a cut, oversized, encoded or non-JSON body | unknown | never |
    | 2xx `message: success` (Braze), `status: ok` in any case (SessionM) | sent | - |
    | the same with `errors` or `notice` | sent with warnings | no |
    | 200 with `status: error` (SessionM) | rejected | no |
    | 3xx, 4xx | rejected | no |
    | 408, 499 | unknown | never |
    | 429 | not_sent | yes, after the wait |
    | 500 with the vendor's JSON | rejected | by a person, one key |
    | any other 5xx, or a 500 that is not the vendor's JSON | unknown | never |
    """
    if exchange.status is None:
        return _no_answer(exchange)
    status = exchange.status
    if 200 <= status < 300:
        return _success_status(service, exchange)
    if status == 429:
        return Verdict(Outcome.NOT_SENT, f"{service.label} asked for a pause (429).", retry_same=True)
    if 300 <= status < 500 and status not in _MAY_HAVE_WORKED:
        message, code = vendor_words(exchange)
        words = f": {message}" if message else "."
        kind = "redirected elsewhere, which is never followed" if status < 400 else "refused the request"
        return Verdict(Outcome.REJECTED, f"{service.label} {kind} ({status}){words}", code=code)
    if status == 500 and exchange.failure is None:
        message, code = vendor_words(exchange)
        if message or code:
            return Verdict(
                Outcome.REJECTED, f"{service.label} reports a fault of its own (500): {message or code}", code=code
            )
    return Verdict(
        Outcome.UNKNOWN, f"{service.label} or something before it failed ({status}); it may have been accepted."
    )


def _no_answer(exchange: Exchange) -> Verdict:
    failure = exchange.failure or Failure.CLOSED
    words = FAILURE_WORDS[failure] + (f" ({exchange.detail})" if exchange.detail else "")
    if failure in NEVER_LEFT:
        return Verdict(Outcome.NOT_SENT, f"Nothing left: {words}.", retry_same=failure is not Failure.GUARD)
    return Verdict(Outcome.UNKNOWN, f"No complete answer: {words}. It may have been accepted.")


FAILURE_WORDS: Mapping[Failure, str] = {
    Failure.DNS: "the host name was not found",
    Failure.REFUSED: "the connection was refused",
    Failure.CONNECT_TIMEOUT: "no connection within the time limit",
    Failure.TLS: "the secure connection or its certificate failed",
    Failure.POOL_TIMEOUT: "no free connection within the time limit",
    Failure.GUARD: "a guard stopped it",
    Failure.CLOSED: "the connection broke",
    Failure.TIMEOUT: "no answer within the time limit",
    Failure.TOO_LARGE: "the answer was larger than the cap",
    Failure.ENCODED: "the answer came in an encoding nobody asked for",
    Failure.CANCELLED: "waiting was stopped",
}


def _success_status(service: Service, exchange: Exchange) -> Verdict:
    if exchange.failure is not None:
        words = FAILURE_WORDS[exchange.failure]
        return Verdict(Outcome.UNKNOWN, f"{service.label} answered {exchange.status}, but {words}.")
    try:
        answer = exchange.json()
    except ValueError:
        return Verdict(Outcome.UNKNOWN, f"{service.label} answered {exchange.status} with something that is not JSON.")
    if not isinstance(answer, dict):
        return Verdict(Outcome.UNKNOWN, f"{service.label} answered {exchange.status} without saying whether it worked.")
    if service is Service.BRAZE:
        return _braze_success(answer, exchange.status or 0)
    return _sessionm_success(service, answer, exchange)


def _braze_success(answer: dict[str, Any], status: int) -> Verdict:
    message = answer.get("message")
    if message != "success":
        return Verdict(Outcome.UNKNOWN, f"Braze answered {status} without the word success: {_short(message)}")
    warnings = [_short(item) for item in _as_list(answer.get("errors"))]
    if answer.get("notice"):
        warnings.append(_short(answer["notice"]))
    return Verdict(Outcome.SENT, "Braze accepted it.", tuple(warnings))


def _sessionm_success(service: Service, answer: dict[str, Any], exchange: Exchange) -> Verdict:
    state = str(answer.get("status", "")).lower()
    if state == "error":
        message, code = vendor_words(exchange)
        return Verdict(
            Outcome.REJECTED, f"{service.label} refused it: {message or code or 'no reason given'}", code=code
        )
    if state != "ok":
        return Verdict(Outcome.UNKNOWN, f"{service.label} answered {exchange.status} without the status ok.")
    warnings = tuple(_short(item) for item in _as_list(answer.get("errors")))
    return Verdict(Outcome.SENT, f"{service.label} accepted it.", warnings)


def _as_list(value: object) -> list[object]:
    if not value:
        return []
    return value if isinstance(value, list) else [value]


def _short(value: object) -> str:
    text = safe(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return text if len(text) <= 400 else text[:399] + "…"


def vendor_words(exchange: Exchange) -> tuple[str, str]:
    """The vendor's own (message, code) in an error body of any of its shapes; two empty strings when there is none.

    SessionM: `{"errors": {"code", "message"}}` (docs.sessionm.com, "Statuses and errors"). Braze: `message` plus
    `errors` as strings or objects, and `error` for a body it could not parse (Braze docs, /api/errors).
    """
    try:
        answer = exchange.json()
    except ValueError:
        return "", ""
    if not isinstance(answer, dict):
        return "", ""
    errors = answer.get("errors")
    if isinstance(errors, dict):
        code = _short(str(errors.get("code") or ""))
        return _short(errors.get("message") or errors.get("error") or code), code
    parts = [answer[key] for key in ("message", "error") if answer.get(key) not in (None, "", "success")]
    parts += _as_list(errors)
    return "; ".join(_short(part) for part in parts), ""
