"""Small checks of request bodies: each names the field it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from core.sandbox.values import Body

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
CULTURE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


class BadField(ValueError):
    """A field is wrong: `missing` when it is not there at all."""

    def __init__(self, message: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.missing = missing


def parsed_object(data: bytes) -> Body:
    """The body as a JSON object. Raises BadField for anything else, NaN and deep nesting included."""
    try:
        value = json.loads(data, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadField("the body is not valid JSON") from error
    if not isinstance(value, dict):
        raise BadField("the body is not a JSON object")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def only(body: Body, allowed: Iterable[str], what: str = "") -> None:
    """Refuse fields that are not known."""
    unknown = sorted(set(body) - set(allowed))
    if unknown:
        raise BadField(f"unknown field {unknown[0]!r}{f' in {what}' if what else ''}")


def required(body: Body, name: str) -> Any:
    """The field's value; refuses one that is missing or null."""
    if body.get(name) is None:
        raise BadField(f"{name} is required", missing=True)
    return body[name]


def text(value: Any, name: str, *, maximum: int = 100_000) -> str:
    """A non-empty string."""
    if not isinstance(value, str) or not value or len(value) > maximum:
        raise BadField(f"{name} must be a non-empty string")
    return value


def guid(value: Any, name: str) -> str:
    """A GUID, as it came."""
    if not isinstance(value, str) or not GUID.fullmatch(value):
        raise BadField(f"{name} must be a GUID")
    return value


def integer(value: Any, name: str, low: int, high: int) -> int:
    """A whole number within bounds; booleans are none."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadField(f"{name} must be an integer from {low} to {high}")
    return value


def boolean(value: Any, name: str) -> bool:
    """A JSON boolean; the strings "true" and "false" are none."""
    if not isinstance(value, bool):
        raise BadField(f"{name} must be a boolean")
    return value


def culture(value: Any) -> str:
    """A BCP-47 culture such as en-US."""
    if not isinstance(value, str) or not CULTURE.fullmatch(value):
        raise BadField("culture must look like en-US")
    return value


def listed(value: Any, name: str, check: Callable[[Any, str], Any], *, maximum: int = 1_000_000) -> list[Any]:
    """A list whose every member passes `check`."""
    if not isinstance(value, list) or len(value) > maximum:
        raise BadField(f"{name} must be a list of at most {maximum}")
    return [check(member, f"{name}[{index}]") for index, member in enumerate(value)]


def size_of(value: Any) -> int:
    """Bytes of the value as compact JSON."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
