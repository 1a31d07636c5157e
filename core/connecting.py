"""Rendering with live connected content: the render says what it wants, it is fetched under guards, and goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from inspect import isawaitable
from typing import Any, Protocol

from core.admission import PLACEHOLDERS, Admitted, CallRequest, admit
from core.answercache import AnswerCache
from core.borrowed import Borrowed
from core.callrecords import CallRecord, masked, shown_headers
from core.errors import Guarded, OfferdeckError
from core.outcomes import FAILURE_WORDS, Exchange, Failure
from core.ports import Clock
from core.profiles import Profile
from core.render import Connected, Problem, RenderData, Rendered, Renders, Want

MOST_WANTS = 50

Confirm = Callable[[CallRequest], bool | Awaitable[bool]]
Answer = dict[str, Any]


class ConnectedFetch(Protocol):
    """The network for admitted calls."""

    async def fetch(self, admitted: Admitted) -> Exchange:
        """Make the call once, within two seconds; answers hold none of the profile's secrets.

        Failures of the network are in the Exchange. Raises Guarded where the address is not one to dial or a secret
        would leave for a host that is not its own, SecretMissing or KeyringFailed; nothing left then.
        """
        ...


class BrazeSources(Protocol):
    """What a message borrows from the Braze workspace."""

    async def answer(self, want: Want) -> Answer:
        """A block's text or an item's columns, as `kind` and `request` with the `outcome`: `found` with a `value`,
        `not_found` or `failed` with a `message` and a `hint`. Never raises for what Braze does."""
        ...


class Live:
    """A `Renders` that answers what a live render wants; `records` tells of every call, in order.

    Made for one look at one message: the cache and the sources are what lasts.
    """

    def __init__(
        self,
        renders: Renders,
        profile: Profile,
        fetch: ConnectedFetch,
        sources: BrazeSources,
        cache: AnswerCache,
        clock: Clock,
        *,
        confirm: Confirm | None = None,
    ) -> None:
        self._renders = renders
        self._profile = profile
        self._fetch = fetch
        self._source = sources
        self._cache = cache
        self._clock = clock
        self._confirm = confirm
        self._records: list[CallRecord] = []
        self._blocks: dict[str, str] = {}
        self._items: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._unfound: list[Answer] = []
        self._seen: tuple[RenderData, RenderData] | None = None

    @property
    def records(self) -> tuple[CallRecord, ...]:
        """The calls so far, refused ones and those answered from the cache included."""
        return tuple(self._records)

    @property
    def borrowed(self) -> Borrowed:
        """What Braze gave, and what it said it could not give."""
        items = {catalog: dict(items) for catalog, items in self._items.items()}
        return Borrowed(dict(self._blocks), items, tuple(self._unfound))

    async def render(
        self,
        template: str,
        data: RenderData,
        *,
        connected: Connected = "off",
        name: str = "message",
        answers: Sequence[Mapping[str, Any]] = (),
        now: datetime | None = None,
    ) -> Rendered:
        """As `Renders.render`, but a live render never waits: it goes on until it ends, after 50 wants at most.

        Credentials stay placeholders in the text, whatever Braze's Content Blocks of those names hold.
        """
        if connected == "live":
            data = self._without_secrets(data)
        moment = now or self._clock.now()
        given = list(answers)
        while True:
            rendered = await self._renders.render(
                template, data, connected=connected, name=name, answers=given, now=moment
            )
            if rendered.wants is None:
                return rendered
            if len(given) >= MOST_WANTS:
                return _too_many(rendered, rendered.wants)
            given.append(await self._answer(rendered.wants))

    def _without_secrets(self, data: RenderData) -> RenderData:
        """`data` with placeholders for credentials; the same value for the same data, so that it is piped once."""
        if self._seen is None or self._seen[0] is not data:
            self._seen = data, replace(data, content_blocks={**PLACEHOLDERS, **data.content_blocks})
        return self._seen[1]

    async def _answer(self, want: Want) -> Answer:
        if want.kind == "connected_content":
            return {"kind": want.kind, "request": want.request} | await self._call(want)
        answer = await self._source.answer(want)
        request = want.request
        if answer["outcome"] != "found":
            self._unfound.append(answer)
        elif want.kind == "content_block":
            self._blocks[request["name"]] = answer["value"]
        else:
            self._items.setdefault(request["catalog"], {})[request["id"]] = answer["value"]
        return answer

    async def _call(self, want: Want) -> Answer:
        """The answer to one call; what became of it is kept as a record."""
        request = CallRequest.from_want(want.request)
        record = CallRecord(masked(request), want.line, want.column)
        try:
            admitted = admit(request, self._profile)
            kept = self._cache.find(request)
            exchange = kept or await self._fetched(admitted)
        except Guarded as error:
            self._records.append(replace(record, refused=f"{error.message} {error.hint}".strip()))
            return {"outcome": "refused", "status": None, "message": error.message, "hint": error.hint}
        except OfferdeckError as error:
            self._records.append(replace(record, failure=f"{error.message} {error.hint}".strip()))
            return {"outcome": "failed", "status": None, "message": error.message, "hint": error.hint}
        if kept is None:
            self._cache.keep(request, exchange)
        return self._told(exchange, replace(record, from_cache=kept is not None))

    async def _fetched(self, admitted: Admitted) -> Exchange:
        if admitted.asks_first and not await self._may(admitted.request):
            raise Guarded(
                "A POST may change something, so a preview makes one only when somebody says yes.",
                "Record its answer in connected_content of the data.",
            )
        return await self._fetch.fetch(admitted)

    async def _may(self, request: CallRequest) -> bool:
        if self._confirm is None:
            return False
        said = self._confirm(masked(request))
        return (await said if isawaitable(said) else said) is True

    def _told(self, exchange: Exchange, record: CallRecord) -> Answer:
        milliseconds = 0 if record.from_cache else round(exchange.elapsed_s * 1000)
        body = exchange.body.decode("utf-8", "replace")
        if exchange.failure is not None:
            words = _failure_words(exchange)
            self._records.append(replace(record, failure=words, body=body, milliseconds=milliseconds))
            return {"outcome": "failed", "status": None, "message": words, "milliseconds": milliseconds}
        done = replace(record, status=exchange.status, body=body, milliseconds=milliseconds)
        self._records.append(replace(done, headers=shown_headers(exchange.headers)))
        return {"outcome": "found", "status": exchange.status, "body": body, "milliseconds": milliseconds}


def _failure_words(exchange: Exchange) -> str:
    failure = exchange.failure or Failure.CLOSED
    words = {Failure.TIMEOUT: "no answer within 2 seconds", Failure.TOO_LARGE: "its answer is larger than 1 MB"}
    detail = f" ({exchange.detail})" if exchange.detail else ""
    return words.get(failure, FAILURE_WORDS[failure]) + detail


def _too_many(rendered: Rendered, want: Want) -> Rendered:
    problem = Problem(
        "limit-wants",
        "error",
        f"The template asks for more than {MOST_WANTS} answers, and a preview stops there.",
        "Give a loop around connected content a limit.",
        want.line,
        want.column,
        want.line,
        want.column + 1,
    )
    return replace(rendered, status="failed", problems=(*rendered.problems, problem), wants=None)
