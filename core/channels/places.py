"""Where in a document a problem of a field stands."""

from __future__ import annotations

from dataclasses import dataclass

from core.channels.document import Field
from core.render import Problem, Severity


@dataclass(frozen=True, slots=True)
class Place:
    """Lines and columns of a document, from 1; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def of_field(cls, field: Field) -> Place:
        """The first line of the field's template."""
        end = field.text.find("\n")
        width = len(field.text) if end < 0 else end
        return cls(field.line, 1, field.line, max(width, 1) + 1)

    @classmethod
    def in_field(cls, field: Field, start: int, end: int) -> Place:
        """The characters `start` to `end` of the field's template, as offsets in it."""
        line, column = _position(field.text, start)
        end_line, end_column = _position(field.text, end)
        down = field.line - 1
        return cls(line + down, column, end_line + down, end_column)

    def problem(self, rule: str, severity: Severity, message: str, hint: str) -> Problem:
        """A problem that stands here."""
        return Problem(rule, severity, message, hint, self.line, self.column, self.end_line, self.end_column)


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
