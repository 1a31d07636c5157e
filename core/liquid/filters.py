"""The register of filters: each a plain function of the value and its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_Filter = TypeVar("_Filter", bound=Callable[..., Any])

# name -> function, least and most arguments beside the value, whether the context comes first
FILTERS: dict[str, tuple[Callable[..., Any], int, int, bool]] = {}


def braze_filter(*names: str, takes: tuple[int, int] = (0, 0), context: bool = False) -> Callable[[_Filter], _Filter]:
    """Register a function under `names`; `takes` says how many arguments it has beside the value."""

    def register(function: _Filter) -> _Filter:
        for name in names:
            FILTERS[name] = (function, *takes, context)
        return function

    return register


def all_filters() -> dict[str, tuple[Callable[..., Any], int, int, bool]]:
    """Every filter there is."""
    from core.liquid import filters_arrays, filters_braze, filters_dates, filters_numbers, filters_texts

    assert filters_arrays and filters_braze and filters_dates and filters_numbers and filters_texts
    return FILTERS
