"""What is wrong with markup although the lax reading takes it: said while compiling."""

from __future__ import annotations

import re
from collections.abc import Collection

from core.liquid.lexer import Report
from core.liquid.markup import Markup
from core.liquid.names import UNSUPPORTED_FILTERS
from core.liquid.problems import nearest
from core.liquid.switches import left_open

_GLUED = re.compile(r"""[^\s=!<>]+(?:==|!=|<>|<=|>=|<|>)[^\s=!<>]*""")
CURLY_QUOTE = re.compile("[“”„‘’‚]")
_STRAIGHT = re.compile(r""""[^"]*"|'[^']*'""")
_QUOTE = re.compile("[\"']")
_BARS = re.compile(r"\|\s*\|")
_STRAY = re.compile(r"\{\{|\}\}")


class Judge:
    """Looks at stretches of markup and reports what the author cannot have meant."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def braces(self, made: Markup) -> None:
        """Curly quotes, and braces without a partner."""
        if not made.shadow.isascii() and (found := CURLY_QUOTE.search(_STRAIGHT.sub(_blank, made.shadow))):
            at = made.base + found.start()
            self.report("curly-quotes", at, at + 1, "A curly quote is not a quote to Liquid.", "Type it as ' or \".")
        if "{{" in made.shadow or "}}" in made.shadow:
            found = _STRAY.search(_STRAIGHT.sub(_blank, made.shadow))
            if found:
                at = made.base + found.start()
                self.report(
                    "unpaired-braces", at, at + 2, f"This {found.group()} has no partner.", "Braces come in pairs."
                )

    def quotes(self, part: Markup) -> None:
        """A quote that is never closed."""
        if "'" not in part.shadow and '"' not in part.shadow:
            return
        found = _QUOTE.search(_STRAIGHT.sub(_blank, part.shadow))
        if found:
            at = part.base + found.start()
            self.report("unclosed-quote", at, at + 1, "This quote is never closed.", "Close it with the same quote.")

    def ignored(self, tail: Markup) -> None:
        """What stands behind a value, where only filters may."""
        tail = tail.strip()
        if not tail.shadow:
            return
        comparison = re.match(r"==|!=|<>|[<>]=?|contains\b|and\b|or\b", tail.shadow)
        message = f"{tail.text[:40]!r} is ignored: "
        message += "comparisons work in if, elsif and unless only." if comparison else "no filter begins here."
        hint = "Put it into an if." if comparison else "Part filters with |, quote texts on both sides."
        self.report("ignored-tail", tail.base, tail.end, message, hint)

    def colon(self, name: str, rest: Markup) -> None:
        """What stands right behind a filter's name: a colon, or nothing."""
        if rest.shadow and not rest.shadow.startswith((":", ",")):
            message = f"{rest.text[:40]!r} is ignored: the arguments of {name} follow a colon."
            self.report("ignored-tail", rest.base, rest.end, message, f"Write {name}: {rest.text[:40]}")

    def bars(self, tail: Markup) -> None:
        """Two bars in a row."""
        found = _BARS.search(_STRAIGHT.sub(_blank, tail.shadow))
        if found:
            at = tail.base + found.start()
            message = "Two bars are no or: they part filters, and one of them is too many."
            hint = "Write | default: '...' for what may be empty."
            self.report("ignored-tail", at, at + len(found[0]), message, hint)

    def arguments(self, name: str, least: int, most: int, given: int, part: Markup) -> None:
        """Too few or too many arguments of a filter."""
        wanted = str(least) if least == most else f"{least} to {most}"
        noun = "argument" if least == most == 1 else "arguments"
        message = f"{name} takes {wanted} {noun} and has {given}."
        hint = f"Arguments follow a colon and are parted by commas. {left_open('liquid_errors')}"
        self.report("filter-arguments", part.base, part.end, message, hint)

    def filter_name(self, name: str, part: Markup, filters: Collection[str]) -> None:
        """A filter that is not there, or not in Braze. `filters` are those there are."""
        if name in UNSUPPORTED_FILTERS:
            self.report(
                "unsupported-filter", part.base, part.end, f"Braze declares {name} not supported.", "Do without it."
            )
        elif name not in filters:
            close = nearest(name, list(filters))
            meant = f"Did you mean {close}?" if close else "Take it out, or see Braze's list of filters."
            hint = f"{meant} {left_open('unknown_filter')}"
            self.report(
                "unknown-filter", part.base, part.end, f"There is no filter {name}; the value passes unchanged.", hint
            )

    def comparison(self, part: Markup, left: Markup, operator: str | None, tail: Markup) -> None:
        """One comparison of a condition; `tail` is what is left behind it."""
        start, end = part.strip().base, part.strip().end
        if re.match(r"\|(?!\|)", tail.shadow):
            self.report(
                "filter-in-condition",
                tail.base,
                tail.end,
                "A filter does not work in a condition; everything from here on is ignored.",
                "Assign the filtered value first, then compare.",
            )
        elif "&&" in part.shadow or "||" in part.shadow:
            at = part.base + min(at for sign in ("&&", "||") if (at := part.shadow.find(sign)) >= 0)
            self.report(
                "unknown-operator", at, at + 2, "&& and || are no operators; what follows is ignored.", "Use and, or."
            )
        elif tail.shadow:
            self.report("ignored-tail", tail.base, tail.end, f"{tail.text[:40]!r} is ignored.", "Join with and, or.")
        if left.shadow.startswith("(") and ".." not in left.shadow:
            self.report(
                "parentheses", start, end, "Conditions know no parentheses.", "Nest ifs; and/or run right to left."
            )
        if operator == "=":
            at = max(part.shadow.find("=", left.end - part.base), 0) + part.base
            self.report("unknown-operator", at, at + 1, "= does not compare.", "Use ==.")
        elif operator is None and _GLUED.fullmatch(left.shadow) and left.shadow[0] not in "\"'":
            self.report(
                "missing-spaces", start, end, "Without spaces around it the operator is not seen.", "Write a == b."
            )


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
