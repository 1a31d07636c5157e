"""Comments that silence a rule: `<!-- offerdeck ignore RULE -->` and its Liquid forms, `{% liquid %}` included."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from core.channels.rules import MESSAGE_RULES
from core.liquid.problems import nearest
from core.liquid.rules import FINAL, RULES, severity
from core.render import Problem

# Possessive: what never ends is read once. A dash that begins the end of a comment is no part of a rule's name.
_ASKED = r"offerdeck\s++(?P<verb>ignore-file|ignore)(?![\w-])"
_COMMENT = re.compile(
    rf"(?:<!--|\{{%-?\s*+\#|\{{%-?\s*+comment\s*+-?%\}})\s*+{_ASKED}(?P<rules>(?:[\s\w,]|-(?!->|%\}}))*+)"
    r"(?:-->|-?%\}|\{%-?\s*+endcomment\s*+-?%\})",
    re.ASCII,
)
_LIQUID = re.compile(r"\{%-?\s*+liquid\b", re.ASCII)
_LINES = re.compile(  # in a liquid tag: a line after #, or lines between comment and endcomment
    rf"^[^\S\n]*+(?:\#[^\S\n]*+|(?P<block>comment\b\s*+)){_ASKED}"
    r"(?P<rules>(?(block)(?:[^\S\n]|[\w,-]|\n(?!\s*+endcomment\b))*+|(?:[^\S\n]|[\w,-])*+))"
    r"(?(block)\n\s*+endcomment\b|$)",
    re.ASCII | re.MULTILINE,
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


class _Comment(NamedTuple):
    """A comment that speaks to us: its words, where the rules in it begin, where it ends, and what belongs to it."""

    verb: str
    rules: str
    at: int
    end: int
    around: tuple[int, int]


def ignores_in(text: str) -> list[Ignore]:
    """What the comments of a text silence: the line they end on or, when nothing else stands there, the next line."""
    if "offerdeck" not in text:
        return []
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    comments = sorted((*_comments(text), *_comments_in_liquid_tags(text)), key=lambda one: one.at)
    below: dict[int, int] = {}  # of a line with such a comment alone, the first one below that is another
    for line in sorted(_lines_of_comments_alone(text, starts, comments), reverse=True):
        below[line] = below.get(line + 1, line + 1)
    found: list[Ignore] = []
    for comment in comments:
        line = bisect_right(starts, comment.end - 1)
        whole = comment.verb == "ignore-file"
        for rule in _RULE.finditer(comment.rules):
            first = comment.at + rule.start()
            row = bisect_right(starts, first)
            column = first - starts[row - 1] + 1
            place = (row, column, row, column + len(rule[0]))
            found.append(Ignore(rule[0], None if whole else below.get(line, line), place))
    return found


def _comments(text: str) -> Iterator[_Comment]:
    for match in _COMMENT.finditer(text):
        yield _Comment(match["verb"], match["rules"], match.start("rules"), match.end(), match.span())


def _comments_in_liquid_tags(text: str) -> Iterator[_Comment]:
    """A tag's own opening and closing belong to a comment beside them: such a line holds nothing else."""
    at = 0
    while (opening := _LIQUID.search(text, at)) and (at := text.find("%}", opening.end())) >= 0:
        inside, base = text[opening.end() : at].removesuffix("-"), opening.end()
        matches = [*_LINES.finditer(inside)]
        for number, match in enumerate(matches):
            lo, hi = base + match.start(), base + match.end()
            if number == 0 and not inside[: match.start()].strip():
                lo = opening.start()
            if number + 1 == len(matches) and not inside[match.end() :].strip():
                hi = at + 2
            yield _Comment(match["verb"], match["rules"], base + match.start("rules"), base + match.end(), (lo, hi))


def _lines_of_comments_alone(text: str, starts: list[int], comments: Iterable[_Comment]) -> set[int]:
    """Lines on which such a comment ends and nothing else stands."""
    pieces: list[str] = []
    ends: set[int] = set()
    at = 0
    for comment in comments:
        lo, hi = comment.around
        pieces += [text[at:lo], re.sub(r"[^\n]", " ", text[lo:hi])]
        ends.add(bisect_right(starts, comment.end - 1))
        at = hi
    blanked = "".join([*pieces, text[at:]]).split("\n")
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
        return ignore.rule not in MESSAGE_RULES
    return not ignore.used and (ignore.rule in FINAL or not rule.of_data)


def _idle(ignore: Ignore) -> Problem:
    rule = RULES.get(ignore.rule)
    if rule is None:
        close = nearest(ignore.rule, [*RULES, *MESSAGE_RULES])
        name, words = "unknown-rule", f"There is no rule {ignore.rule}."
        hint = f"Did you mean {close}?" if close else "Every problem tells its rule; offerdeck lint --rules lists them."
    elif ignore.rule in FINAL:
        name, words = "unused-ignore", f"{ignore.rule} cannot be ignored: there is no message then."
        hint = "Mend it, and take this comment out."
    else:
        name, words, hint = "unused-ignore", f"There is no {ignore.rule} to ignore.", "Take this comment out."
    return Problem(name, severity(name), words, hint, *ignore.place)
