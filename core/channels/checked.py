"""The rendered fields of a message as its limits look at them."""

from __future__ import annotations

from collections.abc import Mapping

from core.channels.document import Field, Message
from core.channels.places import Place
from core.render import Problem, Rendered, Severity

KILOBYTE = (1_000, 1_024)  # the pages do not say which


class Checked:
    """A message, the texts of the fields that rendered, and where in the document a problem of each belongs."""

    def __init__(self, message: Message, rendered: Mapping[str, Rendered]) -> None:
        self.channel = message.channel
        self.fields: dict[str, Field] = {one.name: one for one in message.fields if one.name in rendered}
        self._rendered = rendered

    def text(self, name: str) -> str:
        """What the field rendered to; empty if there is none."""
        return self._rendered[name].output if name in self.fields else ""

    @property
    def longest(self) -> str:
        """The name of the field with the longest text; there has to be one."""
        return max(self.fields, key=lambda name: len(self.text(name)))

    def place(self, name: str) -> Place:
        """The first line of a field."""
        return Place.of_field(self.fields[name])

    def output_place(self, name: str, offset: int) -> Place:
        """Where in the document the character at `offset` of a field's output comes from, as near as is known."""
        field, rendered = self.fields[name], self._rendered[name]
        if rendered.output == field.text:
            return Place.in_field(field, offset, offset + 1)
        printed = next((one for one in rendered.spans if one.start <= offset < one.end), None)
        return Place(printed.line, printed.column, printed.line, printed.column + 1) if printed else self.place(name)

    def problem(self, name: str, rule: str, severity: Severity, message: str, hint: str) -> Problem:
        """A problem of the field called `name`."""
        return self.place(name).problem(rule, severity, message, hint)


def size_bytes(text: str) -> int:
    """The bytes of a text in UTF-8."""
    return len(text.encode("utf-8", "replace"))


def over_kilobytes(size: int, kilobytes: int, severity: Severity) -> tuple[Severity, str] | None:
    """How bad a size is, and what to add to its words; None within the limit."""
    if size <= kilobytes * KILOBYTE[0]:
        return None
    if size <= kilobytes * KILOBYTE[1]:
        doubt = " The pages do not say whether a KB is 1,000 or 1,024 bytes."
        return ("hint" if severity == "hint" else "warning"), doubt
    return severity, ""
