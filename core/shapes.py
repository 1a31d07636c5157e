"""Reading loosely shaped JSON: each function takes what came and gives the wanted type or a plain absence.

Texts come out fit to show: here is where a value leaves its document for a screen.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

from core.clean import safe, safe_lines


def mapping(value: object) -> dict[str, Any]:
    """The object, or an empty one for null and anything else."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[dict[str, Any]]:
    """The objects in a list; null and other things give none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def line(value: object) -> str:
    """A single line, fit to show; null gives an empty string, numbers their digits."""
    if isinstance(value, str):
        return safe(value)
    return "" if value is None or isinstance(value, dict | list) else safe(str(value))


def text(value: object) -> str:
    """A text with its line breaks, fit to show; anything but a string gives an empty one."""
    return safe_lines(value) if isinstance(value, str) else ""


LOST = "\ufffd"  # Unicode's own sign for a character that was lost


def ident(value: object) -> str:
    """An id as it came, or, where it holds what a terminal would obey, `LOST` and the id with those escaped.

    What stands behind the mark is another id than the one that came, so `is_whole()` is false for it.
    """
    shown = line(value)
    return shown if not isinstance(value, str) or shown == value else LOST + shown


def is_whole(identifier: str) -> bool:
    """Whether an id can be acted on: all of it can be seen, and nothing of it was escaped or lost on the way."""
    return identifier.isprintable() and LOST not in identifier


def number(value: object) -> float | None:
    """A finite number, also one written as a string; None for everything else, booleans included."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value) if isinstance(value, str) else value
        return found if isfinite(found) else None
    except (OverflowError, ValueError):
        return None


def whole(value: object) -> int | None:
    """A whole number, also one written as a string or with `.0`; None for everything else."""
    found = number(value)
    return int(found) if found is not None and abs(found) < 1e15 and found == int(found) else None


def flag(value: object) -> bool | None:
    """A boolean, also one written as "true" or "false"; None for everything else."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None
