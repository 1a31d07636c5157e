"""What is gathered while a text is read as a time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_NUMBER = re.compile(r"[^-+0-9]*([-+]?)([0-9]+)(.*)", re.DOTALL)


@dataclass(slots=True)
class Found:
    """The text that is still unread, and what the rest of it said.

    `parts` are of year, month, day, yday, hour, minute and second; `digits` is the fraction of the second.
    """

    text: str
    parts: dict[str, int] = field(default_factory=dict)
    zone: str | None = None
    digits: str | None = None
    short: bool = True  # a year below 100 is one of 1969 to 2068
    before_christ: bool = False

    def cut(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match of a pattern, which is thereby read."""
        match = pattern.search(self.text)
        if match is not None:
            self.text = f"{self.text[: match.start()]} {self.text[match.end() :]}"
        return match

    def date(self, year: str | None, month: str | None, day: str | None) -> None:
        """Take three numbers in an order that Ruby thinks likely: a year is long, signed or has an apostrophe."""
        if year and month and not day:
            year, month, day = day, year, month
        if year is None and day and _is_year(day):
            year, day = day, None
        if year and (match := _NUMBER.match(year)) and match[3]:
            year, day = day, match[1] + match[2]
        if month and _is_year(month):
            year, month, day = month, day, year
        if day and _is_year(day):
            year, day = day, year
        if year and (match := _NUMBER.match(year)):
            if match[1] or len(match[2]) > 2:
                self.short = False
            self.parts["year"] = int(match[1] + match[2])
        for name, text in (("month", month), ("day", day)):
            if text:
                self.parts[name] = int(text.strip("'-+sthnrd"))

    def settle(self) -> None:
        """Count years before Christ backwards, then give short ones their century."""
        if "year" in self.parts:
            year = self.parts["year"]
            if self.before_christ:
                year = 1 - year
            if self.short and 0 <= year <= 99:
                year += 1900 if year >= 69 else 2000
            self.parts["year"] = year


def _is_year(number: str) -> bool:
    return number[0] == "'" or len(number) > 2
