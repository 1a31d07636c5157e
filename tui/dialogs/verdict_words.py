"""Verdicts in signs, words and colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from rich.style import Style
from rich.text import Text

from core.flaws import error_words
from core.readable import Line, Span
from core.verdicts import Difference, Outcome, Verdict
from tui import glyphs
from tui.theme import Inks

_LESSER = (Outcome.BLANK, Outcome.ABORTED, Outcome.RENDERED)


class Judged(Protocol):
    """What is counted of a row: what became of it, its errors, and whether nobody should get it like this."""

    @property
    def outcome(self) -> Outcome: ...

    @property
    def errors(self) -> int: ...

    @property
    def is_flawed(self) -> bool: ...


def message_lines(verdict: Verdict | None) -> Sequence[Line]:
    """The message as it is read, or in words why there is none."""
    if verdict is None:
        return ()
    if verdict.outcome is Outcome.ABORTED:
        return ((Span("No message.", "heading"),), (), (Span(f"The template aborts: {verdict.reason}"),))
    if verdict.outcome is Outcome.ERROR:
        return ((Span("It cannot be rendered.", "heading"),), (), (Span(verdict.reason),))
    return verdict.lines or ((Span("The message is blank.", "faint"),),)


def outcome_words(outcome: Outcome, ink: Inks) -> tuple[str, Style]:
    """Sign, word and colour."""
    signs = glyphs.current()
    sign, style = {
        Outcome.RENDERED: (signs.check, ink.ok),
        Outcome.ABORTED: (signs.warn, ink.warn),
        Outcome.BLANK: (signs.ring, ink.warn),
        Outcome.ERROR: (signs.cross, ink.danger),
    }[outcome]
    return f"{sign} {outcome.value}", style


def difference_words(found: Difference, label: str, ink: Inks) -> Iterator[tuple[str, Text]]:
    """How many lines differ, and the first of them before and after."""
    if found.count:
        yield label, Text(count_words(found), ink.ink)
    for pair in found.pairs:
        for sign, line, signed, style in (
            ("- ", pair.before, ink.faint, ink.struck),
            ("+ ", pair.after, ink.ok, ink.ink),
        ):
            if line:
                yield "", Text.assemble((sign, signed), (line, style), no_wrap=True, overflow="ellipsis")
    if (more := found.count - len(found.pairs)) > 0:
        yield "", Text(f"{more:,} more", ink.faint)


def count_words(found: Difference) -> str:
    """`3 lines`, or `1 line`; what was not compared is said."""
    words = f"{found.count:,} line{'s' * (found.count != 1)}"
    return words if found.is_complete else f"{words} of the first 2,000"


def errors_words(count: int, ink: Inks, before: str = "") -> tuple[str, Style]:
    """Sign, words and colour of a message that came out with errors; with `before` longer than a cell has room for."""
    return f"{glyphs.current().warn} {before}{error_words(count)}", ink.warn


def outcome_text(outcome: Outcome, errors: int) -> str:
    """The outcome in a table for elsewhere: `rendered with 2 errors`."""
    return f"{outcome.value} with {error_words(errors)}" if errors else outcome.value


def counted(rows: Sequence[Judged], ink: Inks) -> Text:
    """How many there are of each, worst first."""
    signs, text = glyphs.current(), Text()
    outcomes = [row.outcome for row in rows if not (row.errors or row.is_flawed)]
    marked = {"with errors": 0, "not as it should be": 0}
    for row in rows:
        if row.errors or row.is_flawed:
            marked["with errors" if row.errors else "not as it should be"] += 1
    shown = {outcome: outcome_words(outcome, ink) for outcome in Outcome}
    pieces = [(outcomes.count(one), shown[one]) for one in (Outcome.ERROR, *_LESSER)]
    pieces[1:1] = [(count, (f"{signs.warn} {words}", ink.warn)) for words, count in marked.items()]
    for count, (words, style) in pieces:
        if count:
            sign, word = words.split(maxsplit=1)
            text.append(f"{sign} {count} {word}", style).append("   ")
    return text
