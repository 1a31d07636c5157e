"""Comments that silence a rule: `<!-- offerdeck ignore RULE -->` and its two Liquid forms."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from core.liquid.problems import nearest
from core.liquid.rules import RULES, severity
from core.render import Problem

_COMMENT = re.compile(
    r"(?:<!--|\{%-?\s*\#|\{%-?\s*comment\s*-?%\})\s*"
    r"offerdeck\s+(?P<verb>ignore-file|ignore)(?![\w-])(?P<rules>[\s\w,-]*?)\s*"
    r"(?:-->|-?%\}|\{%-?\s*endcomment\s*-?%\})",
    re.ASCII,
)
_RULE = re.compile(r"[A-Za-z][\w-]*", re.ASCII)


@dataclass(slots=True)
class Ignore:
    """One rule silenced by one comment: on a line, or (`line` None) in the whole text."""

    rule: str
    line: int | None
    place: tuple[int, int, int, int]
    used: bool = field(default=False, compare=False)

    def covers(self, problem: Problem) -> bool:
        """Whether the problem is one this comment speaks of."""
        return problem.rule == self.rule and self.line in (None, problem.line)


def ignores_in(text: str) -> list[Ignore]:
    """What the comments of a text silence: the line they end on or, when nothing else stands there, the next line."""
    if "offerdeck" not in text:
        return []
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    alone = _lines_of_comments_alone(text, starts)
    found: list[Ignore] = []
    for match in _COMMENT.finditer(text):
        line = bisect_right(starts, match.end() - 1)
        while line in alone:
            line += 1
        whole = match["verb"] == "ignore-file"
        for rule in _RULE.finditer(match["rules"]):
            first = match.start("rules") + rule.start()
            row = bisect_right(starts, first)
            column = first - starts[row - 1] + 1
            place = (row, column, row, column + len(rule[0]))
            found.append(Ignore(rule[0], None if whole else line, place))
    return found


def _lines_of_comments_alone(text: str, starts: list[int]) -> set[int]:
    """Lines on which such a comment ends and nothing else stands."""
    blanked = _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text).split("\n")
    ends = {bisect_right(starts, match.end() - 1) for match in _COMMENT.finditer(text)}
    return {line for line in ends if not blanked[line - 1].strip()}


def heeded(problems: Iterable[Problem], text: str, *, judged: Collection[str] = ()) -> list[Problem]:
    """The problems that no comment in `text` silences, and a hint for each comment that silences nothing.

    What makes Ruby refuse a template stays. `judged` are the rules beyond those of `RULES` that may be ignored too;
    a rule that depends on the data is never called unused.
    """
    ignores = ignores_in(text)
    if not ignores:
        return [*problems]
    kept: list[Problem] = []
    for problem in problems:
        covering = [one for one in ignores if one.covers(problem)]
        fatal = problem.rule in RULES and RULES[problem.rule].fatal
        if fatal or not covering:
            kept.append(problem)
        for one in covering:
            one.used = not fatal
    kept += [_idle(one, judged) for one in ignores if _is_idle(one, judged)]
    return sorted(kept, key=lambda one: (one.line, one.column))


def _is_idle(ignore: Ignore, judged: Collection[str]) -> bool:
    rule = RULES.get(ignore.rule)
    return not ignore.used and ignore.rule not in judged and (rule is None or rule.fatal or not rule.of_data)


def _idle(ignore: Ignore, judged: Collection[str]) -> Problem:
    rule = RULES.get(ignore.rule)
    if rule is None:
        close = nearest(ignore.rule, [*RULES, *judged])
        name, words = "unknown-rule", f"There is no rule {ignore.rule}."
        hint = f"Did you mean {close}?" if close else "Every problem tells its rule."
    elif rule.fatal:
        name, words = "unused-ignore", f"{ignore.rule} cannot be ignored: such a template is refused."
        hint = "Mend it, and take this comment out."
    else:
        name, words, hint = "unused-ignore", f"There is no {ignore.rule} to ignore.", "Take this comment out."
    return Problem(name, severity(name), words, hint, *ignore.place)
