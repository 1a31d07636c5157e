"""Recorded answers: which of them fits a call, how much of one a call takes, and what it asks that was not asked then.

A recording is `{"method", "url", "status", "body"}`, for anything sent to that URL. With `request_body` it is found
first for that very body. Its `asked` says what the answer belongs to: `exact`, with the request's `headers`, serves
that very request only; `body` holds values of the JSON that was sent, `header` the name of a header that came with it,
`pages` the list in the answer and the keys of the body that say how much of it is skipped and taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.liquid.connected import ConnectedAnswer, ConnectedRequest, Off, Span
from core.liquid.trace import Steps
from core.secret import MASK

_ONLY_LIVE = "Only a live call shows what this one gets."


class Recorded(Off):
    """Recorded answers, found by the whole request, by method, URL and body, else by method and URL."""

    why_not = (
        "connected-not-recorded",
        "There is no recorded answer for this call.",
        "Add one to connected_content in the data, with this method and URL.",
    )

    def __init__(self, recordings: Sequence[Mapping[str, Any]]) -> None:
        self._answers: dict[tuple[str, str, object], ConnectedAnswer] = {}
        self._exact: dict[tuple[str, str, object], list[tuple[Mapping[str, str], ConnectedAnswer]]] = {}
        for one in reversed(recordings):
            method, url, sent = str(one.get("method", "GET")).upper(), one["url"], one.get("request_body")
            asked = one.get("asked")
            asked = asked if isinstance(asked, dict) else {}
            answer = ConnectedAnswer(
                one.get("status", 200), _text(one.get("body", "")), one.get("milliseconds"), asked=asked
            )
            if asked.get("exact"):
                headers = _lowered(asked.get("headers") or {})
                self._exact.setdefault((method, url, sent), []).insert(0, (headers, answer))
            else:
                keys = {None, sent} if isinstance(sent, str) else {None}
                self._answers |= {(method, url, key): answer for key in keys}

    def answer(self, request: ConnectedRequest, span: Span) -> ConnectedAnswer | None:
        """The first recording that fits."""
        key = (request.method, request.url, request.body)
        if (alike := self._exact.get(key)) is not None:
            headers = _lowered(request.headers)
            for recorded, answer in alike:
                if _are_alike(recorded, headers):
                    return answer
        return self._answers.get(key) or self._answers.get((request.method, request.url, None))


def _lowered(headers: Mapping[str, Any]) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _are_alike(recorded: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """A credential that was masked is any but a placeholder's."""
    return recorded.keys() == headers.keys() and all(
        value == headers[name] or (value == MASK and "<" not in headers[name]) for name, value in recorded.items()
    )


def differences(request: ConnectedRequest, asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What and why the call would get another answer than the recorded one, each with what to do."""
    header = asked.get("header")
    has_header = request.credential is not None or any(name.lower() == str(header).lower() for name in request.headers)
    if header and not has_header:
        yield f"The call has no header {header}; it would be refused.", f"Add it under :headers. {_ONLY_LIVE}"
    wanted = asked.get("body")
    if not isinstance(wanted, dict) or not wanted:
        return
    sent = _sent(request)
    if sent is None:
        yield "The call sends no JSON object; it would be refused.", f"Send one with {', '.join(wanted)}. {_ONLY_LIVE}"
        return
    for key, value in wanted.items():
        if key not in sent:
            yield (
                f"The call does not say {key}; the answer at hand is for {_shown(value)}.",
                f"Send {key}. {_ONLY_LIVE}",
            )
        elif sent[key] != value:
            yield f"The call asks for {key} {_shown(sent[key])}; the answer at hand is for {_shown(value)}.", _ONLY_LIVE


def taken(value: Any, request: ConnectedRequest, asked: Mapping[str, Any], name: str) -> tuple[Any, dict[int, Steps]]:
    """As much of a recorded answer as the call takes, and where its new containers stand under the variable `name`."""
    pages, sent = asked.get("pages"), _sent(request)
    if not isinstance(pages, dict) or sent is None:
        return value, {}
    steps = str(pages.get("list", "")).split(".")
    holders = [value]
    for step in steps:
        held = holders[-1].get(step) if isinstance(holders[-1], dict) else None
        holders.append(held)
    items, skip, take = holders[-1], _count(sent, pages.get("skip")), _count(sent, pages.get("take"))
    if not isinstance(items, list) or (not skip and (take is None or take >= len(items))):
        return value, {}
    fresh: Any = items[skip or 0 :][:take]
    origins: dict[int, Steps] = {id(fresh): (name, *steps)}
    for depth in range(len(steps) - 1, -1, -1):
        fresh = {**holders[depth], steps[depth]: fresh}
        origins[id(fresh)] = (name, *steps[:depth])
    return fresh, origins


def _sent(request: ConnectedRequest) -> dict[str, Any] | None:
    try:
        sent = json.loads(request.body or "")
    except (ValueError, RecursionError):
        return None
    return sent if isinstance(sent, dict) else None


def _count(sent: Mapping[str, Any], key: object) -> int | None:
    value = sent.get(str(key))
    return value if type(value) is int and value >= 0 else None


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:60]


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
