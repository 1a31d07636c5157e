"""What messages are made of, out of Braze's answers. Source: Braze docs, the endpoints' own pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from core.errors import BadAnswer
from core.moments import parse_moment
from core.shapes import ident, line, mapping, rows
from core.templates import BrazeMessage, CatalogItem, EmailTemplate, ListedBlock, ListedCatalog, ListedTemplate

# Field of the document <- members of the message, the first that is there. Campaigns keep a push's text in `alert`,
# Canvas steps in `body`.
_PUSH = {
    "title": ("title",),
    "body": ("alert", "body"),
    "image": ("image_url", "large_image_url"),
    "link": ("action",),
    "values": ("extras",),
}
_MEMBERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "email": {
        "from": ("from",),
        "reply_to": ("reply_to",),
        "subject": ("subject",),
        "preheader": ("preheader",),
        "headers": ("email_headers",),
        "html": ("body",),
        "plain": ("custom_plain_text",),
    },
    "ios_push": _PUSH,
    "android_push": _PUSH,
    "web_push": {name: members for name, members in _PUSH.items() if name != "values"},
    "sms": {"body": ("body",)},
    "webhook": {"url": ("url",), "method": ("method",), "headers": ("headers",), "body": ("body",)},
    "in_app_message": {"header": ("header", "title"), "body": ("body", "message"), "html": ("html",)},
    "content_card": {"header": ("header", "title"), "body": ("body", "message", "description"), "link": ("url",)},
}
# Channel names vary between Braze's pages, so they are matched loosely.
_LOOKS = (
    ("in_app", "in_app_message"),
    ("content_card", "content_card"),
    ("webhook", "webhook"),
    ("ios", "ios_push"),
    ("android", "android_push"),
    ("kindle", "android_push"),
    ("web_push", "web_push"),
    ("email", "email"),
    ("sms", "sms"),
)
_ANY_TEXT = ("subject", "title", "header_text", "alert", "body", "body_text", "message", "footer_text")


def messages_from_json(answer: object) -> tuple[BrazeMessage, ...]:
    """Every message of /campaigns/details or, step by step, of /canvas/details; those without a text are left out."""
    details = mapping(answer)
    found = list(_messages(details.get("messages"), ""))
    for step in rows(details.get("steps")):
        found += _messages(step.get("messages"), line(step.get("name")))
    return tuple(found)


def _messages(value: object, step: str) -> Iterable[BrazeMessage]:
    for variation, message in mapping(value).items():
        members = mapping(message)
        name = line(members.get("name")) or line(variation)
        channel = _channel(line(members.get("channel")))
        wanted = _MEMBERS.get(channel, {member: (member,) for member in _ANY_TEXT})
        texts = ((field, _first(members, names)) for field, names in wanted.items())
        fields = tuple((field, text) for field, text in texts if text)
        if fields:
            yield BrazeMessage(f"{step}: {name}" if step else name, channel, fields)


def _channel(name: str) -> str:
    plain = name.lower().replace("-", "_").replace(" ", "_")
    return next((channel for look, channel in _LOOKS if look in plain), "")


def _first(members: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := _text(members.get(name)))), "")


def _text(value: object) -> str:
    """A text as it is; headers and extras as `Name: value` lines, or as JSON where lines could not hold them."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or not value:
        return ""
    if all(isinstance(item, str) and "\n" not in f"{name}{item}" and ":" not in name for name, item in value.items()):
        return "\n".join(f"{name}: {item}" for name, item in value.items())
    return json.dumps(value, ensure_ascii=False)


def templates_from_json(answer: object) -> list[ListedTemplate]:
    """A page of /templates/email/list."""
    return [
        ListedTemplate(
            ident(row.get("email_template_id")),
            line(row.get("template_name")),
            _tags(row),
            parse_moment(row.get("updated_at")),
        )
        for row in _listed(answer, "templates")
    ]


def template_from_json(answer: object) -> EmailTemplate:
    """The template of /templates/email/info; null members are empty texts."""
    found = mapping(answer)
    subject, preheader, html, plain = (
        _text(found.get(name)) for name in ("subject", "preheader", "body", "plaintext_body")
    )
    return EmailTemplate(
        ident(found.get("email_template_id")), line(found.get("template_name")), subject, preheader, html, plain
    )


def blocks_from_json(answer: object) -> list[ListedBlock]:
    """A page of /content_blocks/list; names stay as they came, for templates spell them."""
    return [
        ListedBlock(ident(row.get("content_block_id")), row["name"], _tags(row))
        for row in _listed(answer, "content_blocks")
        if isinstance(row.get("name"), str)
    ]


def block_from_json(answer: object) -> str:
    """The text of /content_blocks/info."""
    found = mapping(answer).get("content")
    if not isinstance(found, str):
        raise BadAnswer("Braze answered without the Content Block's text.", "Retry; if it stays so, look at it raw.")
    return found


def catalogs_from_json(answer: object) -> list[ListedCatalog]:
    """The catalogs of /catalogs; names of catalogs and columns stay as they came, for templates spell them."""
    return [
        ListedCatalog(
            row["name"],
            tuple(
                (one["name"], line(one.get("type")))
                for one in rows(row.get("fields"))
                if isinstance(one.get("name"), str)
            ),
            row["num_items"] if type(row.get("num_items")) is int else 0,
            line(row.get("description")),
        )
        for row in _listed(answer, "catalogs")
        if isinstance(row.get("name"), str)
    ]


def items_from_json(catalog: str, answer: object) -> list[CatalogItem]:
    """The items of /catalogs/{name}/items; those without an id that is text are left out."""
    return [CatalogItem(catalog, row["id"], row) for row in _listed(answer, "items") if isinstance(row.get("id"), str)]


def item_from_json(answer: object) -> dict[str, Any]:
    """The columns of the one item of /catalogs/{name}/items/{id}."""
    found = rows(mapping(answer).get("items"))
    if len(found) != 1:
        raise BadAnswer("Braze answered without the one catalog item.", "Retry; if it stays so, look at it raw.")
    return found[0]


def _tags(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(line(tag) for tag in row["tags"]) if isinstance(row.get("tags"), list) else ()


def _listed(answer: object, key: str) -> list[dict[str, Any]]:
    found = mapping(answer).get(key)
    if not isinstance(found, list):
        raise BadAnswer(f"Braze answered without a list of {key}.", "Retry; if it stays so, look at it raw.")
    return rows(found)
