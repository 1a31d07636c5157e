"""What became of one render beside another: rendered, aborted, blank or an error, and where the two first differ."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, zip_longest
from typing import NamedTuple, TypeVar

from core.clean import safe, safe_lines
from core.readable import Line, Span, is_html, plain_lines, readable
from core.render import Problem, RenderData, Rendered

Row = TypeVar("Row")
Render = Callable[[RenderData], Awaitable[Rendered]]

COMPARED_LINES = 2_000
COMPARED_PAIRS = 20
_COMPARED_CHARACTERS = 1_000_000
_SMALL = 5_000  # characters that are laid out before anybody notices
_CELL = 300


class Outcome(StrEnum):
    """What a person would get: a message, none on purpose, nothing to read, or nothing because something is broken."""

    RENDERED = "rendered"
    ABORTED = "aborted"
    BLANK = "blank"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A render, summed up. Texts are clean; `lines` are what is read, `size` is the message's length in characters.

    `reason` says why it was aborted or what is broken, in one line; empty when there is nothing to say.
    """

    rendered: Rendered
    outcome: Outcome
    reason: str
    size: int
    lines: tuple[Line, ...]


class Pair(NamedTuple):
    """A line as it stands in each of two texts, empty where it stands in one; `line` counts from 1 in the first."""

    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How two texts differ: in how many lines, and the first 20 of these.

    With `is_complete` False only the first 2,000 lines of each were compared.
    """

    count: int = 0
    pairs: tuple[Pair, ...] = ()
    is_complete: bool = True

    @property
    def first(self) -> Pair:
        """The first line that differs; a pair of nothing when none does."""
        return self.pairs[0] if self.pairs else Pair(0, "", "")


NO_DIFFERENCE = Difference()


def verdict_of(rendered: Rendered) -> Verdict:
    """Sum a render up; takes time linear in its output, some 0.1 s for a large email."""
    lines = tuple(_message_lines(safe_lines(rendered.output[:_COMPARED_CHARACTERS])))
    if rendered.status == "aborted":
        outcome = Outcome.ABORTED
    elif rendered.status != "rendered":
        outcome = Outcome.ERROR
    else:
        outcome = Outcome.RENDERED if lines else Outcome.BLANK
    return Verdict(rendered, outcome, _reason(rendered), len(rendered.output), lines)


def _message_lines(output: str) -> list[Line]:
    """What is read of a message, without the blank lines that tags leave around it."""
    if is_html(output):
        # Once more clean: an entity like `&#27;` becomes a character only when the HTML is read.
        found: list[Line] = [tuple(Span(safe(span.text), span.tone) for span in line) for line in readable(output)]
    else:
        found = plain_lines(output)
    filled = [at for at, line in enumerate(found) if _plain(line).strip()]
    return found[filled[0] : filled[-1] + 1] if filled else []


def _reason(rendered: Rendered) -> str:
    if rendered.status == "aborted":
        return safe(rendered.abort_reason or "no reason given")
    looked_for = ("error", "warning") if rendered.status == "rendered" else ("error",)
    return next((problem_words(one) for one in rendered.problems if one.severity in looked_for), "")


def problem_words(problem: Problem) -> str:
    """A problem in one line, with its place: `4:7 The call found nothing (404).`"""
    return f"{problem.line}:{problem.column} {safe(problem.message)}"


def difference(first: Verdict, other: Verdict) -> Difference:
    """Where two messages differ, blank lines aside: as they are read, else in what is not seen (links, markup).

    Where one of them is no message at all, there are no lines to compare.
    """
    if not first.lines or not other.lines or first.rendered.output == other.rendered.output:
        return NO_DIFFERENCE
    found = _differing(_texts(first.lines), _texts(other.lines))
    return found if found.count else _differing(_raw(first.rendered.output), _raw(other.rendered.output))


def _raw(output: str) -> list[str]:
    lines = safe_lines(output[:_COMPARED_CHARACTERS]).split("\n")
    return [line.strip() for line in lines if line.strip()]


def _plain(line: Line) -> str:
    return "".join(span.text for span in line)


def _texts(lines: Sequence[Line]) -> list[str]:
    texts = (_plain(line).strip() for line in lines)
    return [text for text in texts if text]


def _differing(before: Sequence[str], after: Sequence[str]) -> Difference:
    """Compares line by line as difflib aligns them, no more than the first 2,000 lines of each."""
    from difflib import SequenceMatcher

    complete = len(before) <= COMPARED_LINES and len(after) <= COMPARED_LINES
    before, after = before[:COMPARED_LINES], after[:COMPARED_LINES]
    pairs: list[Pair] = []
    count = 0
    for code, start, end, other, other_end in SequenceMatcher(None, before, after).get_opcodes():
        if code != "equal":
            count += max(end - start, other_end - other)
            sides = zip_longest(before[start:end], after[other:other_end], fillvalue="")
            shown = islice(sides, COMPARED_PAIRS - len(pairs))
            pairs += [Pair(start + at + 1, one[:_CELL], two[:_CELL]) for at, (one, two) in enumerate(shown)]
    return Difference(count, tuple(pairs), complete)


async def judged(render: Render, data: RenderData, judge: Callable[[Verdict], Row]) -> Row:
    """What `judge` makes of the verdict on `data`; a large message is laid out on a thread, so that keys stay quick."""
    from asyncio import to_thread

    rendered = await render(data)
    if len(rendered.output) < _SMALL:
        return judge(verdict_of(rendered))
    return await to_thread(lambda: judge(verdict_of(rendered)))
