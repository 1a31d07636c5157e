"""Problems as they are gathered: offsets in the comment-free text, made into lines and columns at the end."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from core.liquid.rules import RULES, severity
from core.liquid.source import Source
from core.render import Problem

MAX_PROBLEMS = 200

FATAL = frozenset(rule.id for rule in RULES.values() if rule.fatal)


class Finding(NamedTuple):
    """A problem before it has a line: `start` and `end` are offsets in the source's text; of what is no part of it,
    offsets in the author's text, turned round by `~`."""

    rule: str
    start: int
    end: int
    message: str
    hint: str


class Findings:
    """Gathers problems once per rule and place, 200 and the first of each rule."""

    __slots__ = ("_rules", "_seen", "fatal", "items")

    def __init__(self) -> None:
        self.items: list[Finding] = []
        self.fatal = False
        self._seen: set[tuple[str, int]] = set()
        self._rules: set[str] = set()

    def add(self, rule: str, start: int, end: int, message: str, hint: str) -> None:
        """Note a problem; a second one of the same rule at the same place is the same one."""
        self.fatal = self.fatal or rule in FATAL
        if (rule, start) not in self._seen and (len(self.items) < MAX_PROBLEMS or rule not in self._rules):
            self._seen.add((rule, start))
            self._rules.add(rule)
            self.items.append(Finding(rule, start, end, message, hint))


def placed(finding: Finding, source: Source) -> Problem:
    """The finding as a Problem with lines and columns of the author's text."""
    start, end = finding.start, finding.end
    last = max(end - 1, start) if start >= 0 else end + 1
    line, column = source.position(start)
    end_line, end_column = source.position(last)
    end_column += 1 if end != start else 0
    return Problem(
        finding.rule, severity(finding.rule), finding.message, finding.hint, line, column, end_line, end_column
    )


def nearest(name: str, known: list[str]) -> str | None:
    """The known name most like `name`, if any is like it at all."""
    return None if len(name) > 80 else _nearest(name, tuple(known[:500]))


@lru_cache(maxsize=256)  # one name is often missed in thousands of places
def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    lowered = {one.lower(): one for one in known if len(one) <= 80}
    found = get_close_matches(name.lower(), list(lowered), n=1, cutoff=0.75)
    if found:
        return lowered[found[0]]
    # `expires` for `expiration_date`: too far apart letter by letter, yet the same word to a person.
    same = max(lowered, key=lambda known: _alike(known, name), default="")
    alike = _alike(same, name)
    return lowered[same] if alike >= 5 and alike * 3 >= len(name) * 2 else None


def _alike(known: str, name: str) -> int:
    """How many letters the two begin with alike."""
    pairs = zip(known, name.lower(), strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(known), len(name)))
