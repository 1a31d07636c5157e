"""Connected-content calls as they went: for the Calls tab, and to be kept and used again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.admission import PLACEHOLDER, CallRequest
from core.clean import safe_lines
from core.secret import MASK

EXCERPT = 4_000  # characters


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One connected-content call of a live render as it went, at `line` and `column` of the template.

    The request holds placeholders for credentials; headers that carry others' are masked. `body` is the whole answer,
    `status` None when none came; `failure` and `refused` say why in words. `from_cache`: nothing left this time.
    """

    request: CallRequest
    line: int
    column: int
    status: int | None = None
    headers: Mapping[str, str] | None = None
    body: str = ""
    milliseconds: int | None = None
    from_cache: bool = False
    failure: str = ""
    refused: str = ""

    @property
    def excerpt(self) -> str:
        """The beginning of the answer, at most 4,000 characters, fit to show."""
        cut = self.body if len(self.body) <= EXCERPT else self.body[: EXCERPT - 1] + "…"
        return safe_lines(cut)


def recordings(records: Iterable[CallRecord]) -> list[dict[str, Any]]:
    """What was answered, as the `connected_content` of `--data`; of calls alike the last answer stands.

    Each serves the very request that it answers, headers included: two customers' wallets come from one URL, and what
    was refused for want of a header is not the answer once the header is there.
    """
    kept: dict[CallRequest, dict[str, Any]] = {}
    for one in records:
        if one.status is not None:
            sent = {} if one.request.body is None else {"request_body": one.request.body}
            kept[one.request] = {
                "method": one.request.method,
                "url": one.request.url,
                "status": one.status,
                "headers": dict(one.headers or {}),
                "body": one.body,
                "asked": {"exact": True, "headers": dict(one.request.headers)},
                **sent,
            }
    return list(kept.values())


_MASKED_HEADERS = frozenset({"authorization", "cookie", "x-api-key", "api-key", "apikey", "x-auth-token"})
_SHOWN = re.compile(r"(?:[A-Za-z]+ )?" + PLACEHOLDER.pattern)


def masked(request: CallRequest) -> CallRequest:
    """`request` as it may be shown and kept: a header that carries a credential says a placeholder or `•••`."""
    headers = tuple(
        (name, value if name.lower() not in _MASKED_HEADERS or _SHOWN.fullmatch(value) else MASK)
        for name, value in request.headers
    )
    return replace(request, headers=headers)


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """An answer's headers without the session it may open."""
    return {name: value for name, value in headers.items() if name.lower() != "set-cookie"}
