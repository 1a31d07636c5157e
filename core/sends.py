"""Who a send goes to and what it carries: recipients, the whole-segment type, properties in their groups."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.errors import InvalidInput
from core.offers import Offer
from core.shapes import is_whole
from core.strictjson import exact_json, typed_json

# Braze docs, /campaigns/trigger/send: at most 50 recipients a call, properties at most 50 KB (read as 50,000 bytes,
# the stricter reading, since the page does not say which kilobyte).
MAX_RECIPIENTS = 50
MAX_PROPERTIES_BYTES = 50_000
MAX_PROPERTIES_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Recipients:
    """Named people: 1 to 50 external user ids, each once, byte for byte as given."""

    ids: tuple[str, ...]

    @classmethod
    def parse(cls, ids: Iterable[str]) -> Recipients:
        """Raises InvalidInput for nobody, more than 50, an empty id, a doubled one, or unseen characters.

        A doubled id is refused and not merged: Braze collapses duplicates silently, so the count reviewed would lie.
        """
        given = tuple(ids)
        if not given:
            raise InvalidInput("There is no recipient.", "Name at least one user; nobody is never read as everybody.")
        for user in given:
            if not user.strip():
                raise InvalidInput("A recipient is empty.", "Leave it out.")
            if not is_whole(user):
                raise InvalidInput(f"The recipient {user!r} holds characters that cannot be seen.", "Type it again.")
        if len(set(given)) != len(given):
            doubled = next(user for user in given if given.count(user) > 1)
            raise InvalidInput(f"{doubled!r} is named twice.", "Braze would send once; name each recipient once.")
        if len(given) > MAX_RECIPIENTS:
            raise InvalidInput(f"{len(given)} recipients; Braze takes 50 a call.", "Send to fewer at a time.")
        return cls(given)


@dataclass(frozen=True, slots=True)
class Broadcast:
    """The whole segment of a campaign or Canvas: a type of its own, so that no list of people ever turns into it.

    Nothing in this version can send it.
    """

    campaign_name: str


class TargetKind(StrEnum):
    """What is triggered."""

    CAMPAIGN = "campaign"
    CANVAS = "canvas"

    @property
    def noun(self) -> str:
        """As people write it: Canvas has a capital."""
        return "campaign" if self is TargetKind.CAMPAIGN else "Canvas"


@dataclass(frozen=True, slots=True)
class Target:
    """A campaign or Canvas as Braze lists it. Flags are None until its details were read."""

    kind: TargetKind
    id: str
    name: str
    tags: tuple[str, ...] = ()
    last_edited: datetime | None = None
    archived: bool | None = None
    draft: bool | None = None
    enabled: bool | None = None
    channels: tuple[str, ...] = ()
    schedule_type: str = ""

    @property
    def state_words(self) -> str:
        """`draft`, `archived`, `stopped`, `enabled`, or nothing while the details are not read."""
        if self.archived:
            return "archived"
        if self.draft:
            return "draft"
        return {True: "enabled", False: "stopped", None: ""}[self.enabled]


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One text field of a message, Liquid unrendered, exactly as Braze keeps it."""

    variation: str
    channel: str
    field: str
    text: str


class PropertyGroup(StrEnum):
    """The groups of data that SessionM's Braze templates carry (Braze docs, partner page "SessionM")."""

    OFFER = "offer"
    POINTS = "points"
    EVENT = "event"
    CAMPAIGN = "campaign"


# The partner page lists these as labels ("offer title"); only `offer_id` is shown as a literal key. The others are the
# labels in snake case: a tenant's own template may spell them otherwise, so every key can be edited in the form.
GROUP_KEYS: Mapping[PropertyGroup, tuple[str, ...]] = {
    PropertyGroup.OFFER: (
        "offer_id",
        "offer_title",
        "user_offer_id",
        "description",
        "terms_and_conditions",
        "logo",
        "pos_discount_id",
        "expiration_date",
    ),
    PropertyGroup.POINTS: ("point_award_amount", "point_account_name"),
    PropertyGroup.EVENT: (),
    PropertyGroup.CAMPAIGN: ("campaign_runtime", "campaign_id", "campaign_name", "campaign_custom_data"),
}


def offer_properties(offer: Offer) -> dict[str, Any]:
    """The offer group filled from `offer`, values exactly as SessionM gave them; absent ones are left out."""
    raw = offer.raw
    media = raw.get("media")
    logos = [row.get("uri") for row in media if isinstance(row, dict)] if isinstance(media, list) else []
    values = {
        "offer_id": raw.get("offer_id"),
        "offer_title": raw.get("name", raw.get("title")),
        "user_offer_id": raw.get("id", raw.get("user_offer_id")),
        "description": raw.get("description"),
        "terms_and_conditions": raw.get("terms"),
        "logo": logos[0] if logos else None,
        "pos_discount_id": raw.get("pos_discount_id"),
        "expiration_date": raw.get("expiration_date"),
    }
    return {key: value for key, value in values.items() if value is not None}


def parse_properties(text: str) -> dict[str, Any]:
    """Properties typed as JSON, numbers kept as written. Raises InvalidInput with line and column for anything but an
    object."""
    if not text.strip():
        return {}
    value = typed_json(text, "The properties are", exact=True)
    if not isinstance(value, dict):
        raise InvalidInput("The properties must be one JSON object.", 'Write {"key": "value"}.')
    _check_can_leave(value)
    return value


def _check_can_leave(properties: Mapping[str, Any]) -> None:
    """Raises InvalidInput for what JSON lets in and no request can carry: half characters, endless nesting."""
    depth = 0
    level: list[Any] = [properties]
    while level:
        depth += 1
        if depth > MAX_PROPERTIES_DEPTH:
            raise InvalidInput("The properties are nested too deep.", f"Keep to {MAX_PROPERTIES_DEPTH} levels.")
        children = (item.values() if isinstance(item, dict) else item for item in level)
        level = [child for group in children for child in group if isinstance(child, dict | list)]
    try:
        json.dumps(properties, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InvalidInput("The properties hold half a character.", "Type that text again.") from error


def parse_set(pairs: Iterable[str]) -> dict[str, Any]:
    """`K=V` words as properties: V is read as JSON where it is JSON (`42`, `true`, `"42"`, `[1]`), else as text.

    A number leaves as it stands here (`1.10`, `1e3`); what no JSON number looks like (`007`, `+5`) is text.

    Raises InvalidInput for a word without `=` or with an empty key.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise InvalidInput(f"{pair!r} is not KEY=VALUE.", "Write --set offer_id=42.")
        try:
            found[key.strip()] = exact_json(value)
        except ValueError:
            found[key.strip()] = value
    _check_can_leave(found)
    return found


def holds_liquid(value: object) -> bool:
    """Whether a text or key in `value` holds Liquid, which Braze evaluates in a request's JSON (Braze docs)."""
    work = [value]
    while work:
        item = work.pop()
        if isinstance(item, str) and ("{{" in item or "{%" in item):
            return True
        if isinstance(item, dict):
            work += [*item.keys(), *item.values()]
        elif isinstance(item, list | tuple):
            work += item
    return False
