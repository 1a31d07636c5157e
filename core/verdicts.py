"""What became of one render beside another: rendered, aborted, blank or an error, and where the two first differ."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, zip_longest
from typing import NamedTuple, TypeVar

from core.channels import fields
from core.channels.rendering import RenderedMessage
from core.channels.sms import count_sms
from core.channels.view import channel_blocks
from core.clean import safe, safe_lines
from core.flaws import count_errors
from core.readable import Line, Span, is_html, plain_lines, readable
from core.render import Problem, RenderData, Rendered, Severity

Row = TypeVar("Row")
Made = Rendered | RenderedMessage
Render = Callable[[RenderData], Awaitable[Made]]

COMPARED_LINES = 2_000
COMPARED_PAIRS = 20
_COMPARED_CHARACTERS = 1_000_000
_SMALL = 5_000  # characters that are laid out before anybody notices
_CELL = 300
_LEAD = 20  # characters shown before the first that differs
_BLANK_FIELD = "channel-blank-field"


class Outcome(StrEnum):
    """What a person would get: a message, none on purpose, nothing to read, or nothing because something is broken."""

    RENDERED = "rendered"
    ABORTED = "aborted"
    BLANK = "blank"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A render, summed up. Texts are clean; `lines` are the message as it is looked at, `texts` its lines as they are
    read, field by field, without blank ones.

    `reason` says why it was aborted or what is wrong, in one line; empty when there is nothing to say. `size` is the
    length of all fields in characters, `segments` an SMS's in words (`2 segments`; empty for anything else). `errors`
    are those of a message that came out all the same.
    """

    rendered: Rendered
    outcome: Outcome
    reason: str
    size: int
    lines: tuple[Line, ...]
    texts: tuple[str, ...]
    segments: str = ""
    errors: int = 0


class Judged:
    """What a row of a table says of its verdict. `holes` and `warning` are what nobody should get, see `flaws`."""

    __slots__ = ()
    verdict: Verdict
    holes: int
    warning: str

    @property
    def is_flawed(self) -> bool:
        """Whether there is a message, and nobody should get it like this."""
        return bool(self.holes or self.warning)

    @property
    def errors(self) -> int:
        """How many a message has that came out all the same."""
        return self.verdict.errors

    @property
    def outcome(self) -> Outcome:
        """Rendered, aborted, blank or an error."""
        return self.verdict.outcome


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


def verdict_of(made: Made) -> Verdict:
    """Sum a render up; takes time linear in its output, some 0.1 s for a large email."""
    message = made if isinstance(made, RenderedMessage) and made.message.marked else None
    rendered = made.whole() if isinstance(made, RenderedMessage) else made
    if rendered.status != "rendered":
        outcome = Outcome.ABORTED if rendered.status == "aborted" else Outcome.ERROR
        return Verdict(rendered, outcome, _reason(rendered), 0, (), ())
    outputs = [field.output for field in message.fields.values()] if message else [rendered.output]
    read = [_as_read(output) for output in outputs]
    texts = tuple(text for lines in read for line in lines if (text := _plain(line).strip()))
    blank = next((one for one in rendered.problems if one.rule == _BLANK_FIELD), None)
    outcome = Outcome.BLANK if blank is not None or not texts else Outcome.RENDERED
    reason = problem_words(blank) if blank is not None else _reason(rendered)
    lines = _as_shown(message) if message else read[0]
    errors = count_errors(rendered) if outcome is Outcome.RENDERED else 0
    size = sum(map(len, outputs))
    return Verdict(rendered, outcome, reason, size, tuple(lines), texts, _segments(message), errors)


def _as_read(output: str) -> list[Line]:
    """What is read of a text, without the blank lines that tags leave around it."""
    text = safe_lines(output[:_COMPARED_CHARACTERS])
    if is_html(text):
        # Once more clean: an entity like `&#x202e;` becomes a character only when the HTML is read.
        found: list[Line] = [tuple(Span(safe(span.text), span.tone) for span in line) for line in readable(text)]
    else:
        found = plain_lines(text)
    filled = [at for at, line in enumerate(found) if _plain(line).strip()]
    return found[filled[0] : filled[-1] + 1] if filled else []


def _as_shown(message: RenderedMessage) -> list[Line]:
    """The message as its channel shows it, a blank line between its parts."""
    lines: list[Line] = []
    for block in channel_blocks(message):
        lines += [(), *block.lines] if lines else block.lines
    return lines


def _segments(message: RenderedMessage | None) -> str:
    if message is None or message.message.channel is not fields.SMS:
        return ""
    count = len(count_sms(message.text("body")).segments)
    return f"{count} segment{'s' * (count != 1)}"


def _reason(rendered: Rendered) -> str:
    if rendered.status == "aborted":
        return safe(rendered.abort_reason or "no reason given")
    return worst_words(rendered.problems, ("error", "warning") if rendered.status == "rendered" else ("error",))


def worst_words(problems: Sequence[Problem], severities: Sequence[Severity] = ("error", "warning")) -> str:
    """The first problem of the first of `severities` that there is one of, in a line; empty for none."""
    found = (one for severity in severities for one in problems if one.severity == severity)
    return next(map(problem_words, found), "")


def problem_words(problem: Problem) -> str:
    """A problem in one line, with its place: `4:7 The call found nothing (404).`"""
    return f"{problem.line}:{problem.column} {safe(problem.message)}"


def difference(first: Verdict, other: Verdict) -> Difference:
    """Where two messages differ, blank lines aside: as they are read, else in what is not seen (links, markup).

    Where one of them is no message at all, there are no lines to compare.
    """
    if not first.texts or not other.texts or first.rendered.output == other.rendered.output:
        return NO_DIFFERENCE
    found = _differing(first.texts, other.texts)
    return found if found.count else _differing(_raw(first.rendered.output), _raw(other.rendered.output))


def _raw(output: str) -> list[str]:
    lines = safe_lines(output[:_COMPARED_CHARACTERS]).split("\n")
    return [line.strip() for line in lines if line.strip()]


def _plain(line: Line) -> str:
    return "".join(span.text for span in line)


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
            pairs += [Pair(start + at + 1, *_cut(one, two)) for at, (one, two) in enumerate(shown)]
    return Difference(count, tuple(pairs), complete)


def _cut(one: str, two: str) -> tuple[str, str]:
    """Both lines in a length that can be shown; of long ones the part from shortly before they first differ."""
    same = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    start = same - _LEAD if same > 2 * _LEAD else 0
    return _from(one, start), _from(two, start)


def _from(line: str, start: int) -> str:
    return f"…{line[start : start + _CELL]}" if start else line[:_CELL]


async def judged(render: Render, data: RenderData, judge: Callable[[Verdict], Row]) -> Row:
    """What `judge` makes of the verdict on `data`; a large message is laid out on a thread, so that keys stay quick."""
    from asyncio import to_thread

    made = await render(data)
    parts = made.fields.values() if isinstance(made, RenderedMessage) else (made,)
    if sum(len(part.output) for part in parts) < _SMALL:
        return judge(verdict_of(made))
    return await to_thread(lambda: judge(verdict_of(made)))
