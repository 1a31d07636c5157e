"""The port for connected content: what a template asks for, and who answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from core.liquid.trace import Steps, origins_of


@dataclass(frozen=True, slots=True)
class ConnectedRequest:
    """One call as the template spelled it out. `headers` and `body` are rendered; credentials are names only."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class ConnectedAnswer:
    """What came back. `status` None: nothing within two seconds."""

    status: int | None
    body: str
    milliseconds: int | None = None


class Connected(Protocol):
    """Answers connected-content calls; None means nobody was asked."""

    why_not: tuple[str, str, str]  # rule, message, hint for a call that nobody answers

    def answer(self, request: ConnectedRequest) -> ConnectedAnswer | None:
        """The answer to `request`, without raising."""
        ...


class Off:
    """Nobody is asked: every variable stays nil."""

    why_not = (
        "connected-off",
        "Connected content is off in this preview, so nothing was called.",
        "Use recorded answers to fill it.",
    )

    def answer(self, request: ConnectedRequest) -> ConnectedAnswer | None:
        """None."""
        return None


class Recorded:
    """Recorded answers, found by method and URL."""

    why_not = (
        "connected-not-recorded",
        "There is no recorded answer for this call.",
        "Add one to connected_content in the data, with this method and URL.",
    )

    def __init__(self, recordings: Sequence[Mapping[str, Any]]) -> None:
        self._answers = {
            (str(one.get("method", "GET")).upper(), one["url"]): ConnectedAnswer(
                one.get("status", 200), _text(one.get("body", "")), one.get("milliseconds")
            )
            for one in reversed(recordings)
        }

    def answer(self, request: ConnectedRequest) -> ConnectedAnswer | None:
        """The first recording of this method and URL."""
        return self._answers.get((request.method, request.url))


@lru_cache(maxsize=4)
def decoded(body: str) -> Any:
    """The JSON in `body`, shared between renders: not to be changed. Raises ValueError for anything else."""
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


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
