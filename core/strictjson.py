"""JSON as its standard has it: no NaN, no infinity, and every refusal in words."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from core.errors import InvalidInput


def strict_json(text: str | bytes) -> Any:
    """The value. Raises ValueError for anything else: NaN, 1e999, absurd integers, endless nesting."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def typed_json(text: str, what: str) -> Any:
    """The value a person wrote. Raises InvalidInput with line and column; `what` begins the sentence: `This is`."""
    try:
        return strict_json(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InvalidInput(f"{what} not JSON: {error.msg} at {where}.", "Mend it and try again.") from error
    except ValueError as error:
        raise InvalidInput(f"{what} not JSON: {error}.", "Mend it and try again.") from error


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _finite(digits: str) -> float:
    value = float(digits)
    return value if isfinite(value) else _refuse(digits[:40])
