"""JSON as its standard has it: no NaN, no infinity, every refusal in words, and numbers as they were written."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isfinite
from typing import Any

from core.errors import InvalidInput
from core.numerals import MinusZero, WrittenFloat


def strict_json(text: str | bytes) -> Any:
    """The value. Raises ValueError for anything else: NaN, 1e999, absurd integers, endless nesting."""
    return _read(text, _finite, int)


def exact_json(text: str | bytes) -> Any:
    """As `strict_json()`, but `written_json()` of it spells every number as `text` does."""
    return _read(text, _as_written, _whole_as_written)


def typed_json(text: str, what: str, *, exact: bool = False) -> Any:
    """The value a person wrote. Raises InvalidInput with line and column; `what` begins the sentence: `This is`."""
    try:
        return (exact_json if exact else strict_json)(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidInput(f"{what} not JSON: {error.msg} at {where}.", "Mend it and try again.") from error
    except ValueError as error:
        raise InvalidInput(f"{what} not JSON: {error}.", "Mend it and try again.") from error


def _read(text: str | bytes, as_float: Callable[[str], Any], as_int: Callable[[str], Any]) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=as_float, parse_int=as_int)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _finite(digits: str) -> float:
    value = float(digits)
    return value if isfinite(value) else _refuse(digits[:40])


def _as_written(digits: str) -> float:
    value = _finite(digits)
    return value if repr(value) == digits else WrittenFloat(digits)


def _whole_as_written(digits: str) -> int:
    return MinusZero() if digits == "-0" else int(digits)
