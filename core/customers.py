"""A customer as SessionM and Braze know them, and whether the two agree on who this is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Customer:
    """SessionM's profile of a person. Texts are fit to show, ids are those of `shapes.ident()`; `document` is the
    answer as it came.

    Points and tier are None where the tenant's switch hides them (docs.sessionm.com, Core customer profile).
    """

    user_id: str
    external_id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    opted_in: bool | None
    activated: bool | None
    suspended: bool | None
    test_account: bool | None
    account_status: str
    available_points: float | None
    tier: str
    tier_points: float | None
    next_tier_points: float | None
    next_tier_percentage: float | None
    created_at: datetime | None
    updated_at: datetime | None
    identifiers: tuple[tuple[str, str], ...]
    locale: str
    document: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name, else the email, else the id."""
        return f"{self.first_name} {self.last_name}".strip() or self.email or self.user_id


@dataclass(frozen=True, slots=True)
class PointAccount:
    """One point account: `Base Points 120, 900 in a lifetime`."""

    name: str
    available: float | None
    lifetime: float | None


@dataclass(frozen=True, slots=True)
class Points:
    """Point balances. `total_points` of SessionM is disputed in its own documentation and therefore not shown."""

    available: float | None
    lifetime: float | None
    accounts: tuple[PointAccount, ...]


@dataclass(frozen=True, slots=True)
class Received:
    """A campaign or Canvas that Braze says this user received; the moment is UTC."""

    kind: str
    id: str
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class BrazeUser:
    """Braze's profile of the same person."""

    external_id: str
    braze_id: str
    first_name: str
    email: str
    language: str
    time_zone: str
    email_subscribe: str
    push_subscribe: str
    custom_attributes: Mapping[str, Any]
    received: tuple[Received, ...]
    document: Mapping[str, Any] = field(repr=False, default_factory=dict)


class IdMatch(StrEnum):
    """Whether Braze knows the person by the id that SessionM made."""

    MATCH = "match"
    MISMATCH = "mismatch"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class BrazeLink:
    """The person on Braze's side: found by SessionM's id, found otherwise (`via`), or not at all."""

    match: IdMatch
    user: BrazeUser | None
    via: str = ""


class IdKind(StrEnum):
    """By what a customer is looked up."""

    USER_ID = "SessionM id"
    EMAIL = "email"
    EXTERNAL_ID = "external id"


@dataclass(frozen=True, slots=True)
class CustomerRef:
    """What a person typed or pasted, read as an id."""

    kind: IdKind
    value: str


_UUID = re.compile(r"(?<![0-9A-Za-z-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9A-Za-z-])")
_AROUND_WORDS = re.compile(r"[\s<>\"'(),;:\[\]|]+")
_EMAIL = re.compile(r"[^@]+@[^@.]+(?:\.[^@.]+)+")
_LABELLED = re.compile(
    r"\b(?:external[ _-]?id|crm|customer(?:[ _-]?(?:id|no|number))?|member)[\s:#=.]{1,3}([A-Za-z0-9_-]+)", re.IGNORECASE
)
_ID_WORD = re.compile(r"\b[A-Za-z]{1,8}[-_]?\d[\w-]*")


def exact_ref(text: str) -> CustomerRef:
    """`text` as one id and nothing else: a SessionM id, an email, else an external id byte for byte.

    Where something is written nobody may be guessed out of a longer text. Raises InvalidInput for nothing.
    """
    value = text.strip()
    if not value:
        raise InvalidInput("There is nothing to look up.", "Type a SessionM id, an external id or an email.")
    if _UUID.fullmatch(value):
        return CustomerRef(IdKind.USER_ID, value)
    if _EMAIL.fullmatch(value) and not _AROUND_WORDS.search(value):
        return CustomerRef(IdKind.EMAIL, value)
    return CustomerRef(IdKind.EXTERNAL_ID, text)


def find_refs(text: str) -> tuple[CustomerRef, ...]:
    """Every id in a typed or pasted text, the surest first: SessionM ids, emails, then what can be an external id.

    A single word is an external id as it stands, byte for byte. Raises InvalidInput when there is nothing to look up.
    """
    value = text.strip()
    refs = [CustomerRef(IdKind.USER_ID, match) for match in _UUID.findall(value)]
    words = (word.strip(".!?") for word in _AROUND_WORDS.split(value) if "@" in word)
    refs += [CustomerRef(IdKind.EMAIL, word) for word in words if _EMAIL.fullmatch(word)]
    if refs:
        return tuple(dict.fromkeys(refs))
    if value and not re.search(r"\s", value):
        return (CustomerRef(IdKind.EXTERNAL_ID, value),)
    labelled = [word for word in _LABELLED.findall(value) if any(char.isdigit() for char in word)]
    found = tuple(dict.fromkeys(CustomerRef(IdKind.EXTERNAL_ID, word) for word in labelled + _ID_WORD.findall(value)))
    if not found:
        what = "There is no id in this text." if value else "There is nothing to look up."
        raise InvalidInput(what, "Type a SessionM id, an external id or an email, or paste a text that holds one.")
    return found
