"""Composing a send: recipients by the line, properties as a form that keeps their kinds, the keys a template reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.calls import encode_json
from core.clean import safe, shown_json
from core.customers import Points
from core.errors import InvalidInput
from core.offers import Offer
from core.sends import GROUP_KEYS, MessageTemplate, PropertyGroup, Recipients, Target, TargetKind, offer_properties
from core.strictjson import exact_json

# -- recipients


def parse_recipient_lines(text: str) -> Recipients:
    """One id a line, byte for byte; blank lines mean nothing. Raises InvalidInput, also for blanks around an id."""
    ids = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        if line != line.strip():
            raise InvalidInput(f"Line {number} has blanks around the id.", "Take them out: an id goes out as typed.")
        ids.append(line)
    return Recipients.parse(ids)


# -- one value as a person types it


def shown_value(value: object) -> str:
    """A property's value in one editable line; `typed_value()` of it is the same value again.

    Text stands bare unless it would be read as something else or holds what cannot be seen; then it stands quoted.
    """
    if isinstance(value, str) and safe(value) == value and typed_value(value) == value:
        return value
    return shown_json(value)


def shown_key(key: str) -> str:
    """A property's key in one editable line; `typed_key()` of it is the same key again."""
    return key if safe(key) == key and not key.startswith('"') else shown_json(key)


def typed_key(text: str) -> str:
    """The key that was typed: what stands there, or what it says where that is quoted JSON text."""
    value = typed_value(text) if text.startswith('"') else text
    return value if isinstance(value, str) else text


def typed_value(text: str) -> Any:
    """What was typed, as JSON where it is a number, true, false, null, quoted text, object or array; else as text.

    A number is sent as it was typed: `1.10` as 1.10, and `007`, which JSON does not know, as text.
    """
    try:
        value = exact_json(text)
        encode_json(value)
    except (ValueError, RecursionError):
        return text
    return value


# -- the form


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One property. A row that was never filled is not sent; `group` tells which switch brought it."""

    key: str
    value: Any = None
    filled: bool = True
    group: PropertyGroup | None = None

    @property
    def text(self) -> str:
        """The value as it is edited; nothing for a row that is not filled."""
        return shown_value(self.value) if self.filled else ""

    def __eq__(self, other: object) -> bool:
        """Whether both send the same: to Python 1 is 1.0 and True, and 1.10 is 1.1."""
        if not isinstance(other, Row):
            return NotImplemented
        mine, others = (self.key, self.filled, self.group), (other.key, other.filled, other.group)
        return mine == others and shown_json(self.value) == shown_json(other.value)

    def __hash__(self) -> int:
        return hash((self.key, self.filled, self.group))


@dataclass(frozen=True, slots=True)
class Form:
    """The properties in the order they are sent. Every method gives a new form."""

    rows: tuple[Row, ...] = ()
    parked: tuple[Row, ...] = ()  # of groups switched off, so that what was typed comes back with them

    def properties(self) -> dict[str, Any]:
        """What is sent. Raises InvalidInput for a key that is empty, hidden or there twice."""
        found: dict[str, Any] = {}
        for row in self.rows:
            if not row.key.strip():
                raise InvalidInput("A property has no name.", "Name it, or take it out.")
            if row.key in found:
                raise InvalidInput(f"The property {safe(row.key)} is there twice.", "Take one out.")
            if row.filled:
                found[row.key] = row.value
        return found

    def put(self, index: int, key: str, text: str, *, even_empty: bool = False) -> Form:
        """Row `index` with the key and the text as they were typed; one past the end adds a row.

        A text that is still the row's own leaves its value as it was, and a row that was never filled unsent, unless
        `even_empty` asks for the empty text to be sent.
        """
        key = typed_key(key)
        if index >= len(self.rows):
            return replace(self, rows=(*self.rows, Row(key, typed_value(text), bool(text) or even_empty)))
        old = self.rows[index]
        is_same = text == old.text and (old.filled or not even_empty)
        value, filled = (old.value, old.filled) if is_same else (typed_value(text), True)
        return self._with(index, replace(old, key=key, value=value, filled=filled))

    def _with(self, index: int, row: Row) -> Form:
        return replace(self, rows=(*self.rows[:index], row, *self.rows[index + 1 :]))

    def without(self, index: int) -> Form:
        """The form with one row less."""
        return replace(self, rows=(*self.rows[:index], *self.rows[index + 1 :]))

    def has(self, group: PropertyGroup) -> bool:
        """Whether the group is switched on."""
        return any(row.group is group for row in self.rows)

    def with_group(self, group: PropertyGroup, values: Mapping[str, Any]) -> Form:
        """The group switched on: its rows as they were parked, else filled from `values`; keys already there stay."""
        there = {row.key for row in self.rows}
        parked = [row for row in self.parked if row.group is group]
        keys = dict.fromkeys((*GROUP_KEYS[group], *values))
        fresh = parked or [Row(key, values.get(key), key in values, group) for key in keys]
        added = tuple(row for row in fresh if row.key not in there)
        return Form((*self.rows, *added), tuple(row for row in self.parked if row.group is not group))

    def without_group(self, group: PropertyGroup) -> Form:
        """The group switched off; its rows are parked."""
        gone = tuple(row for row in self.rows if row.group is group)
        return Form(tuple(row for row in self.rows if row.group is not group), (*self.parked, *gone))

    def refilled(self, group: PropertyGroup, values: Mapping[str, Any]) -> Form:
        """The group filled anew, in its place: what was in it, parked or typed, belonged to something else."""
        rows = [row for row in self.rows if row.group is not group]
        at = next((i for i, row in enumerate(self.rows) if row.group is group), len(rows))
        parked = tuple(row for row in self.parked if row.group is not group)
        fresh = Form(tuple(rows), parked).with_group(group, values).rows[len(rows) :]
        return Form((*rows[:at], *fresh, *rows[at:]), parked)

    def dropped(self, group: PropertyGroup) -> Form:
        """The group switched off and forgotten."""
        kept = self.without_group(group)
        return replace(kept, parked=tuple(row for row in kept.parked if row.group is not group))

    def told(self, properties: Mapping[str, Any]) -> Form:
        """The form as the JSON text has it: its keys in its order, groups kept, rows without a value kept."""
        before = {row.key: row for row in self.rows}
        rows = [
            replace(before[key], value=value, filled=True) if key in before else Row(key, value)
            for key, value in properties.items()
        ]
        rest = [row for row in self.rows if not row.filled and row.key not in properties]
        return replace(self, rows=(*rows, *rest))


def group_values(
    group: PropertyGroup, offer: Offer | None, points: Points | None, target: Target | None
) -> dict[str, Any]:
    """What is known for the keys of `group`; keys nobody knows a value for are left out."""
    if group is PropertyGroup.OFFER:
        return offer_properties(offer) if offer is not None else {}
    if group is PropertyGroup.POINTS:
        name = points.accounts[0].name if points is not None and points.accounts else ""
        return {"point_account_name": name} if name else {}
    if group is PropertyGroup.CAMPAIGN and target is not None:
        found = {"campaign_id": target.id, "campaign_name": target.name}
        return {key: value for key, value in found.items() if value}
    return {}


def properties_text(properties: Mapping[str, Any]) -> str:
    """The properties as JSON text to edit; what cannot be seen stands as a JSON escape."""
    return shown_json(properties, indent=2)


# -- what a template reads

_READS = {
    TargetKind.CAMPAIGN: re.compile(r"\bapi_trigger_properties\s*\.\s*\$\{([^}]*)\}"),
    TargetKind.CANVAS: re.compile(r"\b(?:context|canvas_entry_properties)\s*\.\s*\$\{([^}]*)\}"),
}


def template_keys(kind: TargetKind, templates: Iterable[MessageTemplate]) -> tuple[str, ...]:
    """The property keys that the message texts read, each once, in the order they are met.

    Braze docs: `{{api_trigger_properties.${key}}}` in campaigns, `{{context.${key}}}` in Canvases (and, of old,
    `canvas_entry_properties`). Found by their looks: a key that Liquid puts together is not seen.
    """
    found = (match.strip() for one in templates for match in _READS[kind].findall(one.text))
    return tuple(dict.fromkeys(key for key in found if key))


@dataclass(frozen=True, slots=True)
class Usage:
    """The form beside the template: keys read and given, read and missing, given and read by nobody."""

    used: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()

    @classmethod
    def of(cls, reads: Iterable[str], properties: Iterable[str]) -> Usage:
        """Compare what is read with what is given."""
        wanted, given = tuple(reads), tuple(properties)
        return cls(
            tuple(key for key in wanted if key in given),
            tuple(key for key in wanted if key not in given),
            tuple(key for key in given if key not in wanted),
        )
