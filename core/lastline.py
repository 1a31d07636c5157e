"""The last look at a body before it leaves, made without trusting whatever built it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from core.calls import Call, Effect, Service
from core.errors import Guarded

# The rooms of Braze's REST API whose writes go to no audience. Every other write is held to be a send.
_NO_SENDS = frozenset({"users"})
# Braze docs, /campaigns/trigger/send and /canvas/trigger/send: these widen or replace the list of recipients.
_WIDENING = frozenset({"segment_id", "segment_ids", "audience", "audience_id"})
_IDENTIFIERS = ("external_user_id", "user_alias", "email")
MOST_RECIPIENTS = 50


def check_body(call: Call) -> int:
    """How many recipients `call` names; raises Guarded for anything that could reach a whole segment.

    A send must be JSON without doubled keys that carries `"broadcast": false` and a list of 1 to 50 recipients, each
    with exactly one identifier. Missing recipients would mean everybody (Braze docs, /campaigns/trigger/send). Gives 0
    for calls that send no message.
    """
    if call.service is not Service.BRAZE or call.effect is not Effect.WRITE:
        return 0
    body = _body(call)
    _check_broadcast(body)
    room = call.path[0] if call.path and isinstance(call.path[0], str) else ""
    if room in _NO_SENDS:
        return 0
    if body.get("broadcast") is not False:
        _stop('does not say "broadcast": false')
    recipients = body.get("recipients")
    if not isinstance(recipients, list) or not recipients:
        _stop("names no recipients, which would mean a whole segment")
    if len(recipients) > MOST_RECIPIENTS:
        _stop(f"names {len(recipients)} recipients, and a call takes {MOST_RECIPIENTS}")
    for recipient in recipients:
        _check_recipient(recipient)
    return len(recipients)


def _check_broadcast(body: Mapping[str, Any]) -> None:
    for name, value in body.items():
        plain = name.strip().casefold()
        if plain == "broadcast" and (name != "broadcast" or value is not False):
            _stop("asks for a whole segment")
        if plain in _WIDENING:
            _stop(f"carries {plain}, which reaches people by a filter")


def _check_recipient(recipient: object) -> None:
    if not isinstance(recipient, dict):
        _stop("has a recipient that is not an object")
    given = [name for name in _IDENTIFIERS if name in recipient]
    if len(given) != 1:
        _stop("has a recipient without exactly one identifier")
    value = recipient[given[0]]
    parts = [value.get("alias_name"), value.get("alias_label")] if isinstance(value, dict) else [value]
    if (given[0] == "user_alias") is not isinstance(value, dict):
        _stop("has a recipient whose identifier is of the wrong kind")
    if not all(isinstance(part, str) and part.strip() for part in parts):
        _stop("has a recipient with an empty identifier")


def _body(call: Call) -> dict[str, Any]:
    try:
        body = json.loads((call.body or b"").decode(), object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError):
        _stop("is not plain JSON in UTF-8")
    if not isinstance(body, dict):
        _stop("is not a JSON object")
    return body


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a doubled key")
    return found


def _stop(why: str) -> NoReturn:
    raise Guarded(f"The request {why}.", "Nothing left.")
