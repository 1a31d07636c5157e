"""Ruby Liquid's strict grammar of an output, as a yes or no: outputs are read strictly, laxly only when that fails.

It matters where the two differ: the strict reading skips white space around dots and brackets.
"""

from __future__ import annotations

import re

_GROUPS = "[\ue000-\ue003]+"
_TOKEN = re.compile(
    rf"""\s*(?:(?P<value>'[^']*'|"[^"]*"|-?\d+(?:\.\d+)?)|(?P<id>{_GROUPS}|[a-zA-Z_][\w-]*\??)|(?P<op>\.\.|[|.:,\[\]()]))""",
    re.ASCII,
)
_COMPARISON = re.compile(r"==|!=|<>|<=?|>=?|contains(?=\s)", re.ASCII)
MAX_DEPTH = 50


class Refused(Exception):
    """The strict grammar does not know this."""


class _Reader:
    """A cursor over tokens: kinds `value`, `id`, an operator's own text, or nothing at the end."""

    def __init__(self, shadow: str) -> None:
        self.kinds: list[str] = []
        at, end = 0, len(shadow.rstrip())
        while at < end:
            match = _TOKEN.match(shadow, at)
            if match is None or _COMPARISON.match(shadow, at):
                raise Refused
            self.kinds.append(match["op"] or match.lastgroup or "")
            at = match.end()
        self.at = 0

    def take(self, kind: str) -> bool:
        """Step over a token of that kind."""
        if self.at < len(self.kinds) and self.kinds[self.at] == kind:
            self.at += 1
            return True
        return False

    def want(self, kind: str) -> None:
        """Step over a token of that kind. Raises Refused for any other."""
        if not self.take(kind):
            raise Refused

    def output(self) -> None:
        """A value and its filters, to the end."""
        self.expression(0)
        while self.take("|"):
            self.want("id")
            if self.take(":"):
                self.argument()
                while self.take(","):
                    self.argument()
        if self.at < len(self.kinds):
            raise Refused

    def argument(self) -> None:
        """A value, perhaps with a name before it."""
        if self.kinds[self.at : self.at + 2] == ["id", ":"]:
            self.at += 2
        self.expression(0)

    def expression(self, depth: int) -> None:
        """One value. Raises Refused when it nests absurdly."""
        if depth > MAX_DEPTH:
            raise Refused
        if self.take("value"):
            return
        if self.take("("):
            self.expression(depth + 1)
            self.want("..")
            self.expression(depth + 1)
            self.want(")")
            return
        if self.take("["):
            self.expression(depth + 1)
            self.want("]")
        else:
            self.want("id")
        self.lookups(depth)

    def lookups(self, depth: int) -> None:
        """`.name` and `[value]`, any number of them."""
        while True:
            if self.take("."):
                self.want("id")
            elif self.take("["):
                self.expression(depth + 1)
                self.want("]")
            else:
                return


def accepts(shadow: str) -> bool:
    """Whether Ruby's strict parser takes `shadow` as the inside of an output."""
    try:
        _Reader(shadow).output()
    except Refused:
        return False
    return True
