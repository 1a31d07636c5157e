"""A fault of the program itself, told without a single value: which kind, and where."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from core import __version__

_ROOT = PurePath(__file__).parents[1]
_OURS = ("core", "tui")


@dataclass(frozen=True, slots=True)
class Crash:
    """`kind` is the exception's class, `place` the innermost line of our own, `report` every line it came through.

    Messages, arguments and local variables are left out: any of them may hold a secret or a customer's data.
    """

    kind: str
    place: str
    report: str

    @classmethod
    def of(cls, error: BaseException) -> Crash:
        """What can be told of `error` and of what caused it."""
        places = [place for place, _ in _frames(error) if place.partition("/")[0] in _OURS]
        lines = [f"offerdeck {__version__} · Python {platform.python_version()} · {platform.system()}"]
        for one in _chain(error):
            lines.append(type(one).__qualname__)
            lines += [f"  {place} in {function}" for place, function in _frames(one)]
        return cls(type(error).__qualname__, places[-1] if places else "", "\n".join(lines) + "\n")


def _frames(error: BaseException) -> list[tuple[str, str]]:
    """Each line that `error` came through as file and number, with its function; the innermost last."""
    return [
        (f"{_name(frame.filename)}:{frame.lineno}", frame.name) for frame in traceback.extract_tb(error.__traceback__)
    ]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """`error`, then what each was raised from or while handling; a ring ends where it closes."""
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__


def _name(path: str) -> str:
    """A source file as it is imported: `tui/app.py`, `textual/app.py`."""
    parts = PurePath(path).parts
    if PurePath(path).is_relative_to(_ROOT):
        parts = PurePath(path).relative_to(_ROOT).parts
    elif "site-packages" in parts:
        parts = parts[len(parts) - parts[::-1].index("site-packages") :]
    else:
        parts = parts[-2:]
    return "/".join(parts)
