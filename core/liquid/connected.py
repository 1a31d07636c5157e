"""The port for what a template asks of others: connected content, content blocks, catalog items."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from core.liquid.faults import Mismatched, Waiting
from core.liquid.frames import decoded as from_frame
from core.liquid.frames import encoded as to_frame
from core.liquid.trace import Steps, origins_of
from core.render import WantKind

Span = tuple[int, int]
Key = tuple[str, ...]  # the kind and what its request holds
MAX_LACKS = 50
_NAMES = {"content_block": ("name",), "catalog_item": ("catalog", "id")}


@dataclass(frozen=True, slots=True)
class ConnectedRequest:
    """One call as the template spelled it out. `headers` and `body` are rendered; credentials are names only."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None
    credential: str | None = None
    cache_max_age_s: int | None = None
    no_cache: bool = False
    retry: bool = False

    def to_json(self) -> dict[str, Any]:
        """As `Want.request` tells it."""
        return {name: getattr(self, name) for name in self.__slots__} | {"headers": dict(self.headers)}


@dataclass(frozen=True, slots=True)
class ConnectedAnswer:
    """What came back. `status` None: nothing within two seconds; `words` then say why, where somebody knows.

    `refused`: a guard of this program let nothing leave, so Braze's own rules for a failed call do not apply. `asked`
    is what a recorded answer belongs to, see `recordings`.
    """

    status: int | None
    body: str
    milliseconds: int | None = None
    words: str = ""
    hint: str = ""
    refused: bool = False
    asked: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """A content block's text or a catalog item's columns; `value` None: there is none, for the reason in `words`."""

    value: Any
    words: str = ""
    hint: str = ""
    failed: bool = False


class Connected(Protocol):
    """Answers connected-content calls and what else the data does not hold; None means nobody was asked."""

    why_not: tuple[str, str, str]  # rule, message, hint for a call that nobody answers

    def answer(self, request: ConnectedRequest, span: Span) -> ConnectedAnswer | None:
        """The answer to `request`. Raises Waiting, and nothing else."""
        ...

    def block(self, name: str, span: Span) -> SourceAnswer | None:
        """The text of a content block. Raises Waiting, and nothing else."""
        ...

    def item(self, catalog: str, item_id: str, span: Span) -> SourceAnswer | None:
        """The columns of a catalog item. Raises Waiting, and nothing else."""
        ...


class Off:
    """Nobody is asked: every variable stays nil."""

    why_not = (
        "connected-off",
        "Connected content is off in this preview, so nothing was called.",
        "Use recorded answers to fill it.",
    )

    def answer(self, request: ConnectedRequest, span: Span) -> ConnectedAnswer | None:
        """None."""
        return None

    def block(self, name: str, span: Span) -> SourceAnswer | None:
        """None."""
        return None

    def item(self, catalog: str, item_id: str, span: Span) -> SourceAnswer | None:
        """None."""
        return None


class Offline(Off):
    """What one offline render asks: recorded answers, and what Braze said of blocks and items that it could not give.

    `lacks` are those of which nothing is known, by kind and request, with the place that asked first; 50 at most.
    """

    def __init__(self, recorded: Connected, told: Mapping[Key, SourceAnswer], *, unread: bool) -> None:
        self._recorded, self._told, self._unread = recorded, told, unread
        self.why_not = recorded.why_not
        self.lacks: dict[Key, Span] = {}

    def answer(self, request: ConnectedRequest, span: Span) -> ConnectedAnswer | None:
        """A recording."""
        return self._recorded.answer(request, span)

    def block(self, name: str, span: Span) -> SourceAnswer | None:
        """What Braze said; that it was not asked yet, where it can be; else None."""
        return self._source(f"The Content Block {name}", ("content_block", name), span)

    def item(self, catalog: str, item_id: str, span: Span) -> SourceAnswer | None:
        """As `block()`."""
        return self._source(f"The item {item_id} of the catalog {catalog}", ("catalog_item", catalog, item_id), span)

    def _source(self, what: str, key: Key, span: Span) -> SourceAnswer | None:
        if key in self._told:
            return self._told[key]
        if len(self.lacks) < MAX_LACKS:
            self.lacks.setdefault(key, span)
        return SourceAnswer(None, f"{what} is not read from Braze yet.", "L reads it.", True) if self._unread else None


def told_by(sources: Sequence[Mapping[str, Any]]) -> dict[Key, SourceAnswer]:
    """`RenderData.sources`, by kind and request."""
    return {
        (one["kind"], *(str(one["request"].get(name)) for name in _NAMES.get(one["kind"], ()))): SourceAnswer(
            None, one.get("message", ""), one.get("hint", ""), one["outcome"] != "not_found"
        )
        for one in sources
    }


def request_of(key: Key) -> dict[str, str]:
    """What a Want asks for, of a block's or item's key."""
    return dict(zip(_NAMES[key[0]], key[1:], strict=True))


class Live:
    """Recorded answers, then those given for this render, in order; what has none stops the render.

    An answer repeats the kind and the request it was given for: another render than the one that waited would be
    answered with somebody else's words, so it ends loudly instead. A block or an item is asked for once a render.
    """

    def __init__(self, recorded: Connected, answers: Sequence[Mapping[str, Any]]) -> None:
        self._recorded = recorded
        self.why_not = recorded.why_not
        self._answers = iter(answers)
        self._known: dict[tuple[str, ...], SourceAnswer] = {}

    def answer(self, request: ConnectedRequest, span: Span) -> ConnectedAnswer | None:
        """A recording, else the next answer. Raises Waiting without one, Mismatched for one to something else."""
        if (recorded := self._recorded.answer(request, span)) is not None:
            return recorded
        given = self._next("connected_content", request.to_json(), span)
        status, body = given.get("status"), given.get("body") or ""
        refused = given["outcome"] == "refused"
        return ConnectedAnswer(
            status, body, given.get("milliseconds"), given.get("message", ""), given.get("hint", ""), refused
        )

    def block(self, name: str, span: Span) -> SourceAnswer | None:
        """The next answer, or what was answered before. Raises as `answer()` does."""
        return self._source("content_block", {"name": name}, span)

    def item(self, catalog: str, item_id: str, span: Span) -> SourceAnswer | None:
        """The next answer, or what was answered before. Raises as `answer()` does."""
        return self._source("catalog_item", {"catalog": catalog, "id": item_id}, span)

    def _source(self, kind: WantKind, request: dict[str, str], span: Span) -> SourceAnswer:
        key = (kind, *request.values())
        if key not in self._known:
            given = self._next(kind, request, span)
            value = given.get("value") if given["outcome"] == "found" else None
            failed = given["outcome"] not in ("found", "not_found")
            self._known[key] = SourceAnswer(value, given.get("message", ""), given.get("hint", ""), failed)
        return self._known[key]

    def _next(self, kind: WantKind, request: dict[str, Any], span: Span) -> Mapping[str, Any]:
        wanted = from_frame(to_frame(request))  # as it comes back through the pipe: half characters become U+FFFD
        given = next(self._answers, None)
        if given is None:
            raise Waiting(kind, wanted, span)
        if (given["kind"], given["request"]) != (kind, wanted):
            raise Mismatched(kind, given["kind"])
        return given


@lru_cache(maxsize=4)
def decoded(body: str) -> Any:
    """The JSON in `body`, shared between renders: not to be changed. Raises ValueError for anything else."""
    return decoded_anew(body)


def decoded_anew(body: str) -> Any:
    """The JSON in `body`, nobody else's. Raises ValueError for anything else."""
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


@lru_cache(maxsize=4)
def decoded_origins(body: str, name: str) -> dict[int, Steps]:
    """Where the containers of `decoded(body)` stand under the variable `name`."""
    return origins_of({name: decoded(body)})


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
