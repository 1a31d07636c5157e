"""Comments that silence a rule: `<!-- offerdeck ignore RULE -->` and its two Liquid forms."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.liquid.problems import nearest
from core.liquid.rules import FINAL, RULES, severity
from core.render import Problem

_COMMENT = re.compile(
    r"(?:<!--|\{%-?\s*\#|\{%-?\s*comment\s*-?%\})\s*"
    r"offerdeck\s+(?P<verb>ignore-file|ignore)(?![\w-])(?P<rules>[\s\w,-]*?)\s*"
    r"(?:-->|-?%\}|\{%-?\s*endcomment\s*-?%\})",
    re.ASCII,
)
# Rules about a message's fields rather than about Liquid (core.channels); which there are is not known here.
_OF_A_MESSAGE = ("channel-", "limit-", "missing-field", "unknown-field", "field-twice", "other-field-variable")
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


def heeded(problems: Iterable[Problem], text: str) -> list[Problem]:
    """The problems that no comment in `text` silences, and a hint for each comment that silences nothing.

    What keeps a message from being rendered stays. A rule that depends on the data, or on the message as a whole, is
    never called unused.
    """
    ignores = ignores_in(text)
    if not ignores:
        return [*problems]
    kept = [problem for problem in problems if not _silenced(problem, ignores)]
    kept += [_idle(one) for one in ignores if _is_idle(one)]
    return sorted(kept, key=lambda one: (one.line, one.column))


def silenced(problems: Iterable[Problem], document: str) -> list[Problem]:
    """The problems that no comment in a whole document silences; its fields have told of idle comments already."""
    ignores = ignores_in(document)
    return [problem for problem in problems if not _silenced(problem, ignores)]


def _silenced(problem: Problem, ignores: list[Ignore]) -> bool:
    covering = [one for one in ignores if one.covers(problem)]
    final = problem.rule in FINAL
    for one in covering:
        one.used = not final
    return bool(covering) and not final


def _is_idle(ignore: Ignore) -> bool:
    rule = RULES.get(ignore.rule)
    if rule is None:
        return not ignore.rule.startswith(_OF_A_MESSAGE)
    return not ignore.used and (ignore.rule in FINAL or not rule.of_data)


def _idle(ignore: Ignore) -> Problem:
    rule = RULES.get(ignore.rule)
    if rule is None:
        close = nearest(ignore.rule, [*RULES])
        name, words = "unknown-rule", f"There is no rule {ignore.rule}."
        hint = f"Did you mean {close}?" if close else "Every problem tells its rule."
    elif ignore.rule in FINAL:
        name, words = "unused-ignore", f"{ignore.rule} cannot be ignored: there is no message then."
        hint = "Mend it, and take this comment out."
    else:
        name, words, hint = "unused-ignore", f"There is no {ignore.rule} to ignore.", "Take this comment out."
    return Problem(name, severity(name), words, hint, *ignore.place)
