"""Braze's answers as values. Source: Braze docs, the endpoint pages; missing members and nulls are absences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.customers import BrazeUser, Received
from core.errors import BadAnswer
from core.moments import parse_moment
from core.sends import MessageTemplate, Target, TargetKind
from core.shapes import flag, ident, line, mapping, rows


def users_from_json(answer: object) -> list[BrazeUser]:
    """The users of /users/export/ids; an unknown user is no error there, the list is empty."""
    found = mapping(answer).get("users")
    if not isinstance(found, list):
        raise BadAnswer("Braze answered the export without a list of users.", "Retry; if it stays so, look at it raw.")
    return [_user(row) for row in rows(found)]


def _user(row: Mapping[str, Any]) -> BrazeUser:
    received = [
        _received("campaign", item, "api_campaign_id", "last_received") for item in rows(row.get("campaigns_received"))
    ]
    received += [
        _received("Canvas", item, "api_canvas_id", "last_received_message")
        for item in rows(row.get("canvases_received"))
    ]
    received.sort(key=lambda item: item.at.timestamp() if item.at else 0.0, reverse=True)
    return BrazeUser(
        external_id=ident(row.get("external_id")),
        braze_id=ident(row.get("braze_id")),
        first_name=line(row.get("first_name")),
        email=line(row.get("email")),
        language=line(row.get("language")),
        time_zone=line(row.get("time_zone")),
        email_subscribe=line(row.get("email_subscribe")),
        push_subscribe=line(row.get("push_subscribe")),
        custom_attributes=mapping(row.get("custom_attributes")),
        received=tuple(received),
        document=row,
    )


def _received(kind: str, row: Mapping[str, Any], id_key: str, moment_key: str) -> Received:
    return Received(kind, ident(row.get(id_key)), line(row.get("name")), parse_moment(row.get(moment_key)))


def targets_from_json(kind: TargetKind, answer: object) -> list[Target]:
    """A page of /campaigns/list or /canvas/list."""
    key = "campaigns" if kind is TargetKind.CAMPAIGN else "canvases"
    found = mapping(answer).get(key)
    if not isinstance(found, list):
        raise BadAnswer(f"Braze answered without a list of {key}.", "Retry; if it stays so, look at it raw.")
    return [
        Target(
            kind,
            ident(row.get("id")),
            line(row.get("name")),
            _lines(row.get("tags")),
            parse_moment(row.get("last_edited")),
        )
        for row in rows(found)
    ]


def target_details_from_json(target: Target, answer: object) -> tuple[Target, tuple[MessageTemplate, ...]]:
    """The target with its flags, and every text field of its messages (a Canvas: of its steps)."""
    details = mapping(answer)
    full = Target(
        kind=target.kind,
        id=target.id,
        name=line(details.get("name")) or target.name,
        tags=_lines(details.get("tags")) or target.tags,
        last_edited=parse_moment(details.get("updated_at")) or target.last_edited,
        archived=flag(details.get("archived")),
        draft=flag(details.get("draft")),
        enabled=flag(details.get("enabled")),
        channels=_lines(details.get("channels")),
        schedule_type=line(details.get("schedule_type")),
    )
    texts = list(_messages(details.get("messages"), ""))
    for step in rows(details.get("steps")):
        texts += _messages(step.get("messages"), line(step.get("name")))
    return full, tuple(texts)


# Where each channel keeps its words; control variants and template-only messages have none of these.
_TEXT_FIELDS = ("subject", "preheader", "title", "alert", "body", "custom_plain_text", "amp_body", "url", "message")


def _messages(value: object, step: str) -> Iterable[MessageTemplate]:
    for variation, message in mapping(value).items():
        fields = mapping(message)
        name = line(fields.get("name")) or line(variation)
        label = f"{step}: {name}" if step else name
        for field in _TEXT_FIELDS:
            if isinstance(fields.get(field), str) and fields[field]:
                yield MessageTemplate(label, line(fields.get("channel")), field, fields[field])


def _lines(value: object) -> tuple[str, ...]:
    return tuple(line(item) for item in value) if isinstance(value, list) else ()
