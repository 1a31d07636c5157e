"""Text into tokens, in one pass and linear time, with true positions.

Ruby Liquid's rules (a tag ends at the first `%}`, an output at the first `}`), but for what Braze adds: `${name}` and
inner `{{ }}` belong to the expression they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG, Token

from core.liquid.names import ATTRIBUTES, SPACES
from core.liquid.switches import DEFAULTS, left_open

_new = tuple.__new__  # a Token without the call of a Python function in between: half of all that is made here
WHITESPACE = "\0\t\n\v\f\r "

_OPEN = re.compile(r"\{\{|\{%")
_PLAIN_OUTPUT = re.compile(r"\{\{[^{}$]*+(?:\$(?:\{[^{}]*+\})?+[^{}$]*+)*+\}\}")
_INSIDE = re.compile(r"\$\{[^{}]*\}|\{\{|\}\}|\}|\{%")
_INSIDE_FLAT = re.compile(r"\$\{[^{}]*\}|\}\}?")
_STRAIGHT = re.compile(r""""[^"]*"|'[^']*'""")
_QUOTE = re.compile("[\"']")
_TAG = re.compile(r"\s*(#|\w+)\s*", re.ASCII)
_BARE = re.compile(r"(?:\b(\w+)\.)?\$\{([^{}\n]*)\}")

Report = Callable[[str, int, int, str, str], None]  # rule, start, end, message, hint


class Lexer:
    """One reading of one text. Fatal mistakes go to `report`, and the reading goes on behind them."""

    def __init__(self, text: str, report: Report, gem: str = DEFAULTS.gem, *, commented: bool = False) -> None:
        self.text = text
        self.report = report
        self._skips = not commented  # in a comment that is read, one more is read as well
        self._ends_raw = _ENDRAW if gem == "5.4" else _ENDRAW_OR_DASH
        self.tokens: list[Token] = []
        self.bare: list[tuple[int, int]] = []  # `${name}` in plain text
        self._strip_next = False
        self._flat_until = 0  # before this offset inner `{{` do not nest
        self._no_tag_end = False
        self._next_brace = -1

    def read(self) -> list[Token]:
        """The tokens: content, output + expression, tag + expression (which may be empty)."""
        text, at, end = self.text, 0, len(self.text)
        while at < end:
            match = _OPEN.search(text, at)
            if match is None:
                self._content(at, end, strip_end=False)
                break
            start = match.start()
            self._content(at, start, strip_end=text.startswith("-", start + 2))
            at = self._tag(start) if text[start + 1] == "%" else self._output(start)
        return self.tokens

    def _content(self, start: int, end: int, *, strip_end: bool) -> None:
        value = self.text[start:end]
        if not value:
            return
        if "${" in value:
            self.bare += [(start + m.start(), start + m.end()) for m in _BARE.finditer(value) if _is_meant(m[1], m[2])]
        if self._strip_next:
            value = value.lstrip(WHITESPACE)
        if strip_end:
            value = value.rstrip(WHITESPACE)
        self._strip_next = False
        if value:
            self.tokens.append(_new(Token, (TOKEN_CONTENT, value, start, self.text)))

    def _output(self, start: int) -> int:
        match = _PLAIN_OUTPUT.match(self.text, start)
        if match is not None:
            self._expression(TOKEN_OUTPUT, start, start + 2, match.end() - 2, match.end())
            return match.end()
        close = self._closing(start)
        if close < 0:
            self.report(
                "unbalanced-braces", start, min(start + 2, len(self.text)), "This {{ is never closed.", "Add }} to it."
            )
            return len(self.text)
        if not self.text.startswith("}}", close):
            at_brace = self.text[close] == "}"
            self.report(
                "unbalanced-braces",
                start,
                close + 1 if at_brace else start + 2,
                *self._why_open(start, close, at_brace=at_brace),
            )
            end = close + 1 if at_brace else close
            self._expression(TOKEN_OUTPUT, start, start + 2, close, end)
            return end
        self._expression(TOKEN_OUTPUT, start, start + 2, close, close + 2)
        return close + 2

    def _why_open(self, start: int, close: int, *, at_brace: bool) -> tuple[str, str]:
        """What is wrong with an output that ends at `close` without two braces, and what to do."""
        if not at_brace:
            return "This {{ is not closed before the next tag.", "End the expression with }}."
        if _QUOTE.search(_STRAIGHT.sub("", self.text[start:close])):
            return "A } ends the expression, even between quotes.", "Capture the text first, then print the variable."
        return "One closing brace is missing.", "End the expression with }}."

    def _closing(self, start: int) -> int:
        """The offset of what ends the output that opens at `start`; -1 when nothing does."""
        if start >= self._flat_until:
            depth = 0
            for match in _INSIDE.finditer(self.text, start):
                found = match.group()
                if found == "{{":
                    depth += 1
                elif found == "}}":
                    depth -= 1
                    if depth == 0:
                        return match.start()
                elif found == "}":
                    return match.start()
                elif found == "{%" and depth == 1:
                    brace = self._brace(match.end())  # {{ a {% b %}} is an output to Ruby
                    return brace if self.text.startswith("}}", brace) else match.start()
                elif found == "{%":
                    break
            # What opens here never closes as a whole: from now on to there, read as Ruby does, without nesting.
            self._flat_until = match.start() if match else len(self.text)
        for match in _INSIDE_FLAT.finditer(self.text, start):
            if match.group()[0] == "}":
                return match.start()
        self._flat_until = len(self.text)
        return -1

    def _brace(self, start: int) -> int:
        """The offset of the first } from `start` on; they are asked for in rising order."""
        if self._next_brace < start:
            found = self.text.find("}", start)
            self._next_brace = found if found >= 0 else len(self.text)
        return self._next_brace

    def _expression(self, kind: str, start: int, lo: int, hi: int, end: int) -> None:
        text = self.text
        self._strip_next = hi > lo and text[hi - 1] == "-"
        if text.startswith("-", lo):
            lo += 1
        if self._strip_next:
            hi = max(lo, hi - 1)
        self.tokens += (
            _new(Token, (kind, text[start:end], start, text)),
            _new(Token, (TOKEN_EXPRESSION, text[lo:hi], lo, text)),
        )

    def _tag(self, start: int) -> int:
        text = self.text
        close = -1 if self._no_tag_end else text.find("%}", start + 2)
        if close < 0:
            self._no_tag_end = True
            self.report("unclosed-tag", start, min(start + 2, len(text)), "This {% is never closed.", "Add %} to it.")
            return len(text)
        lo, hi = start + 2, close
        self._strip_next = hi > lo and text[hi - 1] == "-"
        if text.startswith("-", lo):
            lo += 1
        if self._strip_next:
            hi = max(lo, hi - 1)
        name = _TAG.match(text, lo, hi)
        if name is None:
            self.report("bad-tag", start, close + 2, "This tag has no name.", _name_it(text[lo:hi].lstrip(WHITESPACE)))
            return close + 2
        word, at = name[1], name.end()
        self.tokens += (
            _new(Token, (TOKEN_TAG, word, start, text)),
            _new(Token, (TOKEN_EXPRESSION, text[at:hi], at, text)),
        )
        if word == "raw":
            return self._raw(close + 2)
        return self._comment(close + 2) if word == "comment" and self._skips else close + 2

    def _raw(self, start: int) -> int:
        """The offset behind endraw; the text before it is one token."""
        text, stripped = self.text, self._strip_next
        seen = self._endraw(start, _ENDRAW_OR_DASH)
        if seen and text.startswith("-", seen[0] + 2):
            told = "Liquid 5.4 takes {%- endraw %} for text, and what follows too; from 5.5 on it ends raw."
            self._report_dash(seen, told, "Write {% endraw %}.")
        ended = self._endraw(start, self._ends_raw)
        if ended is None:
            return len(text)  # the parser finds the end missing
        at, end = ended
        if at > start:
            self.tokens.append(Token(TOKEN_CONTENT, text[start:at], start, text))
        self._tag(at)
        if stripped != self._strip_next and text.startswith(tuple(WHITESPACE), end):
            told = "Up to Liquid 5.4 a dash behind raw strips what follows endraw, from 5.5 on one behind endraw does."
            self._report_dash(ended, told, "Give both a dash there, or neither.")
        if self._ends_raw is _ENDRAW:
            self._strip_next = stripped
        return end

    def _report_dash(self, span: tuple[int, int], message: str, advice: str) -> None:
        self.report("raw-dash", *span, message, f"{advice} {left_open('gem')}")

    def _endraw(self, start: int, ends_raw: re.Pattern[str]) -> tuple[int, int] | None:
        """Where the endraw of a raw text begins and ends: it may stand inside of something that opened before."""
        for at, end in self._hidden(start):
            if (match := ends_raw.search(self.text, at, end)) is not None:
                return match.start(), end
        return None

    def _comment(self, start: int) -> int:
        """The offset of endcomment; a raw inside has to end, and whatever opens swallows all up to its own end."""
        depth, raw_until = 1, start
        for at, end in self._hidden(start):
            name = _HIDDEN_TAG.match(self.text, at, end) if at >= raw_until else None
            word = name[1] if name else ""
            depth += (word == "comment") - (word == "endcomment")
            if depth == 0:
                return at
            if word == "raw":
                ended = self._endraw(end, self._ends_raw)
                raw_until = ended[1] if ended else len(self.text)
        return len(self.text)

    def _hidden(self, start: int) -> Iterator[tuple[int, int]]:
        """Where tags and outputs begin and end in what is not read as Liquid: each at the first end there is."""
        text = self.text
        while match := _OPEN.search(text, start):
            at = match.start()
            is_tag = text[at + 1] == "%"
            close = text.find("%}" if is_tag else "}", at + 2)
            if close < 0:
                return  # nothing behind this has an end either
            start = close + (2 if is_tag or text.startswith("}}", close) else 1)
            yield at, start


def _name_it(inside: str) -> str:
    if inside.startswith(("$", "{")):
        return "A value is printed by {{ }}, not by {% %}."
    if (inside and not inside[0].isprintable()) or inside[:1].isspace():
        return f"A character that does not show stands there (U+{ord(inside[0]):04X}): type a plain space."
    return "Write the tag's name right after {%."


def _is_meant(space: str | None, name: str) -> bool:
    """Whether `${name}` in plain text is meant as an attribute, rather than as a script's own."""
    return space in SPACES if space else name.strip() in ATTRIBUTES


_HIDDEN_TAG = re.compile(r"\{%-?\s*(\w+)", re.ASCII)
# Of all the tags that open in one piece of text the last one names it.
_ENDRAW = re.compile(r"\{%\s*endraw\b(?:(?!\{%\s*\w).)*%\}\Z", re.ASCII | re.DOTALL)
_ENDRAW_OR_DASH = re.compile(r"\{%-?\s*endraw\b(?:(?!\{%-?\s*\w).)*%\}\Z", re.ASCII | re.DOTALL)
