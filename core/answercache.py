"""Answers of connected content, kept for as long as Braze would keep them."""

from __future__ import annotations

from collections import OrderedDict

from core.admission import CallRequest
from core.outcomes import Exchange
from core.ports import Clock

GET_CACHE_S = 300  # Braze docs, "Caching responses": five minutes; a POST only with :cache_max_age
CACHE_BYTES = 20_000_000

_Key = tuple[str, str, str, tuple[tuple[str, str], ...]]


class AnswerCache:
    """Answers of one profile by full URL, 20 MB at most.

    Whether headers or the body of a POST belong to Braze's key is not documented; here they do, for two customers'
    wallets come from one URL.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[_Key, tuple[float, Exchange]] = OrderedDict()
        self._bytes = 0

    def find(self, request: CallRequest) -> Exchange | None:
        """The answer kept for `request`, while it is fresh and the template lets it be used."""
        if self._age_s(request) == 0 or (found := self._kept.get(_key(request))) is None:
            return None
        if found[0] > self._clock.monotonic_s():
            return found[1]
        self._drop(_key(request))
        return None

    def keep(self, request: CallRequest, exchange: Exchange) -> None:
        """Keep a complete 2xx answer of a request that may be cached."""
        age_s = self._age_s(request)
        if age_s == 0 or exchange.failure is not None or not 200 <= (exchange.status or 0) < 300:
            return
        self._drop(_key(request))
        self._kept[_key(request)] = (self._clock.monotonic_s() + age_s, exchange)
        self._bytes += len(exchange.body)
        while self._bytes > CACHE_BYTES:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: _Key) -> None:
        if (gone := self._kept.pop(key, None)) is not None:
            self._bytes -= len(gone[1].body)

    @staticmethod
    def _age_s(request: CallRequest) -> int:
        if request.no_cache:
            return 0
        return request.cache_max_age_s or (GET_CACHE_S if request.method == "GET" else 0)


def _key(request: CallRequest) -> _Key:
    body = (request.body or "") if request.method == "POST" else ""
    return request.method, request.url, body, tuple(sorted((name.lower(), value) for name, value in request.headers))
