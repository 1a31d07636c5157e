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
COMPARES = ("==", "!=", ">", "<", ">=", "<=", "contains")
_COMPARES = frozenset({*COMPARES, "<>"})
_INSTEAD = {
    "=>": ">=",
    "=<": "<=",
    "!": "!=",
    "like": "contains",
    "includes": "contains",
    "has": "contains",
} | dict.fromkeys(("=", "===", "is", "eq", "equal", "equals"), "==")
INVISIBLE = re.compile("[\u00a0\u00ad\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]")
_NO_LOOKS = {"\u00a0": "no-break space", "\u200b": "zero-width space", "\ufeff": "byte order mark"}


class Judge:
    """Looks at stretches of markup and reports what the author cannot have meant."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def braces(self, made: Markup) -> None:
        """Curly quotes, and braces without a partner."""
        if not made.shadow.isascii() and (found := CURLY_QUOTE.search(_STRAIGHT.sub(_blank, made.shadow))):
            at = made.base + found.start()
            self.report("curly-quotes", at, at + 1, "A curly quote is not a quote to Liquid.", "Type it as ' or \".")
        if not made.text.isascii() and (found := INVISIBLE.search(_STRAIGHT.sub(_blank, made.text))):
            at = made.base + found.start()
            self.report("invisible-character", at, at + 1, *unseen(found.group()))
        if "{%" in made.shadow and (at := _STRAIGHT.sub(_blank, made.shadow).find("{%")) >= 0:
            message = "A tag begins here, inside of another: that one is not closed."
            self.report("unpaired-braces", made.base + at, made.base + at + 2, message, "End the one before with %}.")
        if "{{" in made.shadow or "}}" in made.shadow:
            found = _STRAY.search(_STRAIGHT.sub(_blank, made.shadow))
            if found:
                at = made.base + found.start()
                self.report(
                    "unpaired-braces", at, at + 2, f"This {found.group()} has no partner.", "Braces come in pairs."
                )

    def opening(self, made: Markup) -> bool:
        """Whether an output begins with three braces, or with {{%."""
        inside = made.shadow.lstrip()
        at = made.base + len(made.shadow) - len(inside)
        if inside.startswith("%"):
            self.report("tag-form", at, at + 1, "{{% begins no tag.", "A tag is written {% ... %}, with one brace.")
        elif inside.startswith("{") and not inside.startswith("{%"):
            message = "Liquid takes the first two of these three braces: this one is never printed."
            hint = "If it is meant to be printed, put it first with a space behind it; else take it out."
            self.report("unpaired-braces", at, at + 1, message, hint)
        else:
            return False
        return True

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
            wanted = rest.text.lstrip("=( ").removesuffix(")") if rest.shadow[0] in "=(" else rest.text
            self.report("ignored-tail", rest.base, rest.end, message, f"Write {name}: {wanted[:40]}")

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

    def quoted_filter(self, part: Markup) -> None:
        """A text where a filter's name belongs."""
        message = f"{part.text[:40]} is a text where a filter's name belongs; it does nothing."
        self.report("unknown-filter", part.base, part.end, message, f"Write default: {part.text[:40]}.")

    def comparison(self, part: Markup, left: Markup, operator: str | None, right: Markup | None, tail: Markup) -> None:
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
        at = max(part.shadow.find(operator or "", left.end - part.base), 0) + part.base
        if left.shadow == "not" and part.shadow.strip() != "not":
            self.report(
                "unknown-operator", left.base, left.end, "Liquid has no not.", "Use unless, or == false, == nil."
            )
        elif left.shadow.startswith("!") and left.shadow != "!=":
            message = "! in front of a value is ignored."
            self.report("unknown-operator", left.base, left.base + 1, message, "Use unless, or == false, == nil.")
        elif left.shadow in _COMPARES and left.shadow != "contains":
            message = f"Nothing stands before {left.shadow} to compare."
            self.report("unknown-operator", left.base, left.end, message, "Write a value on both sides.")
        elif operator is not None and operator not in _COMPARES:
            hint = (
                "Write list contains item."
                if operator == "in"
                else f"Use {_INSTEAD.get(operator, ', '.join(COMPARES))}."
            )
            self.report("unknown-operator", at, at + len(operator), f"{operator} does not compare.", hint)
        elif operator is not None and right is None:
            message = f"Nothing stands behind {operator} to compare with."
            self.report("unknown-operator", at, at + len(operator), message, "Write a value on both sides.")
        elif operator is None and _GLUED.fullmatch(left.shadow) and left.shadow[0] not in "\"'":
            self.report(
                "missing-spaces", start, end, "Without spaces around it the operator is not seen.", "Write a == b."
            )


def unseen(character: str) -> tuple[str, str]:
    """What is wrong with a character that does not show, and what to do."""
    name = _NO_LOOKS.get(character, f"character that does not show (U+{ord(character):04X})")
    return (
        f"A {name} stands here; to Liquid it is part of a word.",
        "Type a plain space, or nothing; paste as plain text.",
    )


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
