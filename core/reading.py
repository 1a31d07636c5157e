"""Reading: a call that changes nothing, tried with patience, its answer decoded and kept as it came."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Callable
from typing import Any

from core.calls import Call, Effect, Service
from core.clean import safe, safe_lines
from core.errors import (
    BadAnswer,
    CredentialsRefused,
    Guarded,
    NotFound,
    OfferdeckError,
    RateLimited,
    Rejected,
    Unreachable,
)
from core.outcomes import FAILURE_WORDS, Exchange, Failure, vendor_words
from core.pacing import Pacer
from core.ports import Clock, Wire
from core.profiles import FIELDS_OF_SERVICE

TRIES = 3
BUDGET_S = 45.0
KEPT_DETAIL_BYTES = 4096
HOPELESS = frozenset({Failure.TLS, Failure.GUARD, Failure.TOO_LARGE, Failure.ENCODED})

# Codes compared without case (docs.sessionm.com, "Statuses and errors").
_NOBODY = frozenset({"user_not_found", "not_found", "requires_registered_user"})
_NO_KEY = frozenset({"invalid_api_key", "access_denied", "invalid_auth_token"})

# Braze docs, /api/basics: a permission is the endpoint's path with dots, but for these.
_PERMISSIONS = {
    "braze.catalogs": "catalogs.get",
    "braze.catalogs.list": "catalogs.get",
    "braze.catalogs.items": "catalogs.get_items",
    "braze.catalogs.item": "catalogs.get_item",
    "braze.messages.scheduled_broadcasts": "messages.schedule_broadcasts",
}


async def read_json(
    wire: Wire,
    call: Call,
    clock: Clock,
    *,
    on_wait: Callable[[float], None] | None = None,
    pacer: Pacer | None = None,
    jitter: Callable[[], float] = random.random,
) -> Any:
    """The answer to `call` as JSON values, as they came; at most 3 tries in 45 seconds.

    `on_wait` is told the seconds of each pause before it begins; cancelling ends a pause at once. Raises Unreachable,
    RateLimited, Rejected, NotFound, CredentialsRefused, BadAnswer, Guarded (for a write), or what the wire raises.
    """
    if call.effect is not Effect.READ:
        raise Guarded("A write was about to go as a read.", "Nothing left. This is a fault of offerdeck; report it.")
    ends_at_s = clock.monotonic_s() + BUDGET_S
    for attempt in range(1, TRIES + 1):
        if pacer is not None:
            await pacer.turn(call)
        exchange = await _within(ends_at_s - clock.monotonic_s(), wire, call)
        if not _passing(exchange):
            return _decoded(call, exchange, wire.profile.name)
        wait_s = wait_after(exchange, attempt, jitter())
        if exchange.status == 429 and pacer is not None:
            pacer.pause(call, wait_s)
        if attempt == TRIES or clock.monotonic_s() + wait_s >= ends_at_s:
            raise _given_up(call, exchange, attempt, wait_s)
        if on_wait is not None:
            on_wait(wait_s)
        await clock.sleep(wait_s)
    raise AssertionError("the last attempt returns or raises")


async def _within(left_s: float, wire: Wire, call: Call) -> Exchange:
    try:
        async with asyncio.timeout(left_s):
            return await wire.exchange(call)
    except TimeoutError:
        return Exchange(None, {}, b"", Failure.TIMEOUT, left_s)


def _passing(exchange: Exchange) -> bool:
    """Whether the trouble may pass by itself."""
    if exchange.failure is not None:
        return exchange.failure not in HOPELESS
    return exchange.status in {408, 429, 499} or (exchange.status or 0) >= 500


def wait_after(exchange: Exchange, attempt: int, jitter: float) -> float:
    """Seconds to wait after attempt number `attempt` (from 1); `jitter` is 0 to 1.

    After a 429: `x-ratelimit-reset` (epoch seconds, Braze docs, /api/api_limits) minus the server's own Date, else
    `Retry-After`, held between 1 second and an hour. Otherwise 0.4 s, 0.8 s, 1.6 s ..., times 0.5 to 1.5.
    """
    backoff_s: float = 0.4 * 2 ** (attempt - 1) * (0.5 + jitter)
    if exchange.status != 429:
        return backoff_s
    headers = exchange.headers
    reset_s, retry_s = _number(headers.get("x-ratelimit-reset")), _number(headers.get("retry-after"))
    if reset_s is not None and (date_s := _epoch(headers.get("date"))) is not None:
        return _clamped(reset_s - date_s)
    if retry_s is None and "retry-after" in headers and "date" in headers:
        until_s, date_s = _epoch(headers["retry-after"]), _epoch(headers["date"])
        retry_s = None if until_s is None or date_s is None else until_s - date_s
    return _clamped(backoff_s if retry_s is None else retry_s)


def _clamped(wait_s: float) -> float:
    return min(max(wait_s, 1.0), 3600.0)


def _number(text: str | None) -> float | None:
    found = re.fullmatch(r"[ \t]*([0-9]{1,15}(?:\.[0-9]{1,9})?)[ \t]*", text or "")
    return float(found[1]) if found else None


def _epoch(text: str | None) -> float | None:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, OverflowError):
        return None


def _given_up(call: Call, exchange: Exchange, attempts: int, wait_s: float) -> OfferdeckError:
    label, detail = call.service.label, _detail(exchange)
    if exchange.status == 429:
        return RateLimited(
            f"{label} asks for a pause of {round(wait_s)} seconds (429).",
            "Nothing was changed. Try again after it.",
            retry_after_s=wait_s,
            detail=detail,
        )
    tries = {1: "", 2: ", twice", 3: ", three times"}.get(attempts, "")
    if exchange.failure is None:
        words = f"{label} failed ({exchange.status}){tries}."
        return Unreachable(words, "Nothing was changed. Try again.", detail=detail)
    return Unreachable(
        f"{label}: {FAILURE_WORDS[exchange.failure]}{_in_brackets(exchange.detail)}{tries}.",
        "Nothing was changed. Check the network and the address, then try again.",
        detail=detail,
    )


def _in_brackets(text: str) -> str:
    return f" ({safe(text)})" if text else ""


def _detail(exchange: Exchange) -> str:
    return safe_lines(exchange.body[:KEPT_DETAIL_BYTES].decode("utf-8", "replace"))


def _decoded(call: Call, exchange: Exchange, profile: str) -> Any:
    """The JSON of a final answer. Raises what the answer means otherwise."""
    status = exchange.status or 0
    if exchange.failure is not None:
        raise _hopeless(call, exchange, exchange.failure)
    if not 200 <= status < 300:
        raise _refused(call, exchange, status, profile)
    try:
        answer = decode(exchange)
    except ValueError as error:
        raise BadAnswer(
            f"{call.service.label} answered {status} with something that is not JSON.",
            "Nothing was guessed from it. Try again; if it stays, check the address.",
            detail=_detail(exchange),
        ) from error
    if call.service is not Service.BRAZE and isinstance(answer, dict):
        _check_sessionm(call, exchange, answer, profile)
    return answer


def _hopeless(call: Call, exchange: Exchange, failure: Failure) -> OfferdeckError:
    words = f"{call.service.label}: {FAILURE_WORDS[failure]}{_in_brackets(exchange.detail)}."
    if failure is Failure.GUARD:
        return Guarded(words, "Nothing left.")
    if failure is Failure.TLS:
        return Unreachable(words, "Nothing left. Check the address, this machine's clock and any proxy in between.")
    return BadAnswer(words, "Nothing was read from it. Check the address.", detail=_detail(exchange))


def _refused(call: Call, exchange: Exchange, status: int, profile: str) -> OfferdeckError:
    label, detail = call.service.label, _detail(exchange)
    message, code = vendor_words(exchange)
    said = f" It said: {message}" if message else ""
    if status == 401:
        return _bad_key(call, "401", profile, said, detail)
    if status == 403:
        return _forbidden(call, profile, said, detail)
    if status == 404:
        return NotFound(f"{label} found nothing (404).{said}", "Check the id.", status=404, code=code, detail=detail)
    if status < 400:
        where = _in_brackets(exchange.headers.get("location", "")[:200])
        return Rejected(
            f"{label} redirects elsewhere{where} ({status}), which is never followed.",
            f"Check its address: offerdeck profile show {profile}",
            status=status,
            detail=detail,
        )
    return Rejected(f"{label} refused the request ({status}).{said}", "", status=status, code=code, detail=detail)


def _bad_key(call: Call, why: str, profile: str, said: str, detail: str) -> CredentialsRefused:
    field = FIELDS_OF_SERVICE[call.service][0]
    hint = f"Fix: offerdeck auth set {profile} {field}"
    if call.service is Service.BRAZE:
        hint += f" (a key works on its own instance and workspace only, and needs the permission {permission(call)})"
    return CredentialsRefused(
        f"{call.service.label} refused the key ({why}). Profile {profile}.{said}", hint, detail=detail
    )


def _forbidden(call: Call, profile: str, said: str, detail: str) -> CredentialsRefused:
    if call.service is not Service.BRAZE:
        return CredentialsRefused(
            f"{call.service.label} does not let this key do that (403). Profile {profile}.{said}",
            "Ask SessionM's account team what the key may do.",
            detail=detail,
        )
    return CredentialsRefused(
        f"The Braze key lacks the permission {permission(call)} (403). Profile {profile}.{said}",
        "Permissions cannot be added to a key: make a new one in Braze (Settings > APIs and Identifiers), "
        f"then: offerdeck auth set {profile} braze_key",
        detail=detail,
    )


def permission(call: Call) -> str:
    """The permission a Braze key needs for `call` (Braze docs, /api/basics): `users.export.ids`."""
    return _PERMISSIONS.get(call.endpoint, call.endpoint.removeprefix("braze."))


def _check_sessionm(call: Call, exchange: Exchange, answer: dict[str, Any], profile: str) -> None:
    """SessionM says no inside a 200: `status` other than ok, compared without case."""
    state = str(answer.get("status", "ok")).lower()
    if state in {"ok", ""}:
        return
    message, code = vendor_words(exchange)
    words = message or code or f"status {safe(state)[:60]}, no reason given"
    if code.lower() in _NO_KEY:
        raise _bad_key(call, code, profile, "", _detail(exchange))
    kind = NotFound if code.lower() in _NOBODY else Rejected
    hint = "Check the id; an erased customer answers the same." if kind is NotFound else ""
    said = f"{call.service.label} refused it: {words}"
    raise kind(said, hint, status=exchange.status, code=code, detail=_detail(exchange))


_HALF_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")
_HALF = re.compile("[\ud800-\udfff]")


def decode(exchange: Exchange) -> Any:
    """The body as JSON values, exactly as they came: what shows them cleans them. Raises ValueError for anything else.

    Half a character, as a text cut inside an emoji leaves it, cannot leave this machine again: it becomes U+FFFD.
    """
    import msgspec

    body = exchange.body.removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(body)
    except RecursionError as error:
        raise ValueError("JSON nested too deep") from error
    except msgspec.DecodeError:
        if not _HALF_ESCAPED.search(body):
            raise
    return _with_whole_characters(exchange.json())


def _with_whole_characters(answer: Any) -> Any:
    try:
        return json.loads(_HALF.sub("\ufffd", json.dumps(answer, ensure_ascii=False)))
    except RecursionError as error:
        raise ValueError("JSON nested too deep") from error
