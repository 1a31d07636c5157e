"""A message as one text: its channel at the beginning, then its fields, each under a marker like `--- subject ---`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import NamedTuple

from core.channels.fields import CHANNELS, MESSAGE, Channel, find_channel, normal_name, parse_channel
from core.render import Problem, Severity

MAX_PROBLEMS = 200
_LONGEST_NAME = 40

# Linear: the name takes the closing dashes along, and nothing gives anything back.
_MARKER = re.compile(r"^[ \t]*+---[ \t]*+([A-Za-z][A-Za-z0-9_ \t-]*+)\r?$", re.MULTILINE)
_NAMED = re.compile(r"---[ \t]*+([A-Za-z][A-Za-z0-9_]*+)[ \t]*+---")
# Blank lines and this program's own comments, in all their forms.
_ASKED = r"offerdeck\s++ignore"
_PREFACE = re.compile(
    rf"(?:\s++|<!--\s*+{_ASKED}(?:[^<>{{}}%-]|-(?!->))*+-->|\{{%-?\s*+\#\s*+{_ASKED}[^<>{{}}%]*+%\}}"
    rf"|\{{%-?\s*+comment\s*+-?%\}}\s*+{_ASKED}[^<>{{}}%]*+\{{%-?\s*+endcomment\s*+-?%\}})*+"
)
# What people call fields that have another name here; the first that the channel has is meant.
_MEANT = {
    **dict.fromkeys(("plain_text", "plaintext", "text_body"), ("plain", "body")),
    **dict.fromkeys(("message", "content", "text"), ("body", "plain")),
    **dict.fromkeys(("preview", "preview_text", "pre_header"), ("preheader",)),
    **dict.fromkeys(("html_body", "email_body"), ("html",)),
    **dict.fromkeys(("sender", "from_name", "from_address"), ("from",)),
    **dict.fromkeys(("url", "deep_link", "click_action"), ("link",)),
    **dict.fromkeys(("subject_line", "headline"), ("subject", "title", "header")),
    **dict.fromkeys(("key_value_pairs", "extras", "pairs"), ("values",)),
    **dict.fromkeys(("image_url", "media_url"), ("image", "media")),
    **dict.fromkeys(("request_body", "raw_body"), ("body",)),
    "title": ("header",),
    "header": ("title",),
}
_EVERY_FIELD = tuple(dict.fromkeys(name for channel in CHANNELS for name in channel.field_names))


@dataclass(frozen=True, slots=True)
class Field:
    """A field's template. It begins a line: `line` (from 1) and `start` (an offset) say where in the document.

    `marker` is what stands between the text before and this one, as it was written.
    """

    name: str
    text: str
    line: int
    start: int
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A parsed document. Without a channel at its beginning it is a lone text: one field, and not `marked`.

    Above the channel only blank lines may stand, and comments that quiet a rule: they are the `preface`. `begins` is
    the offset behind the channel's line.

    A field given twice is in `repeated`; the first one counts, but one with a marker goes before text without. The one
    line break before a marker belongs to the marker, the one at the end of a document (or of a lone text for a known
    channel) to the file: it is in `tail`.
    """

    channel: Channel
    fields: tuple[Field, ...]
    marked: bool = False
    repeated: tuple[Field, ...] = ()
    tail: str = ""
    problems: tuple[Problem, ...] = ()
    preface: str = ""
    begins: int = 0

    @classmethod
    def parse(cls, text: str, channel: str | None = None) -> Message:
        """Read a document; a lone text becomes the main field of `channel`. A channel of its own goes first.

        Takes time linear in the text. What is wrong becomes a problem; raises InvalidInput for a `channel` that does
        not exist only.
        """
        asked = parse_channel(channel) if channel else MESSAGE
        marks = _marks(text)
        named = find_channel(marks[0].name) if marks and _is_preface(text[: marks[0].start]) else None
        return _lone(text, asked, marks) if named is None else _document(text, named, marks)

    def field(self, name: str) -> Field | None:
        """The field called `name`, None if the document has none."""
        return next((one for one in self.fields if one.name == name), None)

    def to_text(self) -> str:
        """The text that `parse()` read, to the byte."""
        return "".join([*(one.marker + one.text for one in self.parts), self.tail])

    @property
    def parts(self) -> list[Field]:
        """Fields and repeated fields in the order of the document."""
        return sorted((*self.fields, *self.repeated), key=lambda one: one.start)


def compose(channel: Channel, texts: Iterable[tuple[str, str]]) -> str:
    """The document of `channel` with these fields, as (name, text) in order. A text is written as it is: a line in it
    that looks like a marker of the channel is one when the document is read again."""
    return f"--- {channel.name} ---\n" + "".join(f"--- {name} ---\n{text}\n" for name, text in texts)


def is_marker(line: str) -> bool:
    """Whether a line reads like the marker of a channel or of one of the fields there are."""
    marks = _marks(line) if line.startswith(("-", " ", "\t")) else []
    return bool(marks) and (marks[0].name in _EVERY_FIELD or find_channel(marks[0].name) is not None)


def _is_preface(text: str) -> bool:
    return _PREFACE.fullmatch(text) is not None


# -- reading


class _Mark(NamedTuple):
    """A line that looks like a marker: its offsets, the end behind the line break, and where it is in lines."""

    name: str
    start: int
    end: int
    line: int
    width: int


class _Cut(NamedTuple):
    """Where a field begins: its marker's offset, its text's offset and line."""

    name: str
    marker: int
    start: int
    line: int


def _marks(text: str) -> list[_Mark]:
    found: list[_Mark] = []
    line, counted = 1, 0
    for match in _MARKER.finditer(text):
        name = match[1].rstrip()
        if not name.endswith("---") or len(name) > _LONGEST_NAME:
            continue
        line += text.count("\n", counted, match.start())
        counted = match.start()
        end = min(match.end() + 1, len(text))
        found.append(_Mark(normal_name(name[:-3]), match.start(), end, line, len(match[0].rstrip())))
    return found


def _lone(text: str, channel: Channel, marks: Sequence[_Mark]) -> Message:
    end = len(text) if channel is MESSAGE else _without_break(text, 0, len(text))
    lone = Field(channel.main.name, text[:end], 1, 0)
    problems = [*_unnamed_channel(text, marks), *_missing(channel, (lone,), "hint")]
    return Message(channel, (lone,), tail=text[end:], problems=tuple(problems))


def _document(text: str, channel: Channel, marks: Sequence[_Mark]) -> Message:
    first, *later = marks
    known = [mark for mark in later if channel.field(mark.name)]
    named = {mark.name for mark in known}
    cuts = [_Cut(channel.main.name, 0, first.end, first.line + 1)]
    cuts += [_Cut(mark.name, mark.start, mark.end, mark.line + 1) for mark in known]
    ends = [_without_break(text, cut.start, after.marker) for cut, after in pairwise(cuts)]
    ends.append(_without_break(text, cuts[-1].start, len(text)))
    if known and not text[cuts[0].start : ends[0]].strip():
        cuts, ends = cuts[1:], ends[1:]  # nothing but blank lines before the first field is no main field
    fields: dict[str, Field] = {}
    repeated: list[Field] = []
    told = 0
    for cut, end in zip(cuts, ends, strict=True):
        field = Field(cut.name, text[cut.start : end], cut.line, cut.start, text[told : cut.start])
        told = end
        if (cut.start == first.end and cut.name in named) or fields.setdefault(cut.name, field) is not field:
            repeated.append(field)
    problems = [
        *_foreign(channel, later),
        *_twice(known),
        *(_unmarked(one) for one in repeated[:1] if one.start == first.end),
        *_missing(channel, fields.values(), "warning"),
    ]
    problems.sort(key=lambda one: (one.line, one.column))
    return Message(
        channel,
        tuple(fields.values()),
        True,
        tuple(repeated),
        text[told:],
        tuple(problems[:MAX_PROBLEMS]),
        text[: first.start],
        first.end,
    )


def _without_break(text: str, start: int, end: int) -> int:
    """`end`, before the one line break that ends there, never before `start`."""
    if end > start and text[end - 1] == "\n":
        end -= 1
        if end > start and text[end - 1] == "\r":
            end -= 1
    return end


# -- problems


def _at(mark: _Mark, rule: str, message: str, hint: str) -> Problem:
    return Problem(rule, "warning", message, hint, mark.line, 1, mark.line, mark.width + 1)


def _nearest(name: str, known: Iterable[str]) -> str | None:
    return next(iter(get_close_matches(name, list(known), n=1, cutoff=0.75)), None)


def _listed(channel: Channel) -> str:
    return f"The {channel.label} has: {', '.join(channel.field_names)}."


def _foreign(channel: Channel, marks: Sequence[_Mark]) -> list[Problem]:
    """Markers that are text here but were hardly meant as such; 200 different names are looked at."""
    found: list[Problem] = []
    hints: dict[str, str | None] = {}
    for mark in marks:
        if channel.field(mark.name) or len(found) >= MAX_PROBLEMS:
            continue
        if mark.name not in hints and len(hints) < MAX_PROBLEMS:
            hints[mark.name] = _foreign_hint(channel, mark.name)
        if hint := hints.get(mark.name):
            message = f"The {channel.label} has no field {mark.name}, so this line is read as text."
            found.append(_at(mark, "unknown-field", message, hint))
    return found


def _foreign_hint(channel: Channel, name: str) -> str | None:
    near = next((one for one in _MEANT.get(name, ()) if one in channel.field_names), None)
    if near or (near := _nearest(name, channel.field_names)):
        return f"Did you mean --- {near} ---?"
    if find_channel(name):
        return "A document is one message; its channel stands at the beginning."
    return _listed(channel) if name in _EVERY_FIELD else None


def _twice(known: Sequence[_Mark]) -> list[Problem]:
    seen: set[str] = set()
    found: list[Problem] = []
    for mark in known:
        if mark.name in seen and len(found) < MAX_PROBLEMS:
            message = f"There is a {mark.name} already; the first one counts, this one is left out."
            found.append(_at(mark, "field-twice", message, "Keep one of them."))
        seen.add(mark.name)
    return found


def _unmarked(field: Field) -> Problem:
    message = f"The {field.name} has a marker of its own below, so this text before the first marker is left out."
    hint = "Move it under a marker, or mend the marker above it."
    return Problem("field-twice", "warning", message, hint, field.line, 1, field.line, 2)


def _missing(channel: Channel, fields: Iterable[Field], severity: Severity) -> list[Problem]:
    given = {field.name for field in fields}
    return [
        Problem(
            "missing-field",
            severity,
            f"The {channel.label} has no {spec.label}.",
            f"Begin it with a line --- {spec.name} ---.",
            1,
            1,
            1,
            2,
        )
        for spec in channel.fields
        if spec.required and spec.name not in given
    ]


def _unnamed_channel(text: str, marks: Sequence[_Mark]) -> list[Problem]:
    """A lone text that begins with what was hardly meant as text."""
    if not marks:
        return []
    mark = marks[0]
    if not _is_preface(text[: mark.start]):
        return _late_channel(text[: mark.start], marks)
    if near := _nearest(mark.name, (one.name for one in CHANNELS)):
        message, hint = f"There is no channel {mark.name}, so all of this is text.", f"Did you mean --- {near} ---?"
    elif mark.name in _EVERY_FIELD:
        message = f"No channel is named before the {mark.name}, so all of this is text."
        hint = "Name it above that, like --- email ---."
    elif any(one.name in _EVERY_FIELD for one in marks[1:]):
        message = f"There is no channel {mark.name}, so all of this is text."
        hint = f"The channels are {', '.join(one.name for one in CHANNELS)}."
    else:
        return []
    return [_at(mark, "unknown-channel", message, hint)]


def _late_channel(before: str, marks: Sequence[_Mark]) -> list[Problem]:
    """A document that begins with a stray letter, an assign or a note: its channel and its fields are text then."""
    at = next((n for n, mark in enumerate(marks) if find_channel(mark.name)), None)
    named = (
        marks[at].name if at is not None else next(filter(find_channel, map(normal_name, _NAMED.findall(before))), "")
    )
    fields = [mark for mark in marks[0 if at is None else at :] if mark.name in _EVERY_FIELD]
    if not named or not fields:
        return []
    message = "Text stands before the channel's line, so all of this is one text, its markers too."
    hint = f"Put --- {named} --- at the very beginning."
    return [_at(marks[at or 0], "unknown-channel", message, hint)]
