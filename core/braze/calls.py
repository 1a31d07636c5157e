"""Requests to Braze as values. Source: Braze docs, the endpoint pages named in each function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.calls import Call, Effect, Service, encode_json
from core.errors import InvalidInput
from core.sends import MAX_PROPERTIES_BYTES, Recipients, TargetKind
from core.shapes import is_whole

# Every field that /users/export/ids documents and a support agent can use; no device ids, no push tokens.
EXPORT_FIELDS = (
    "external_id",
    "braze_id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "country",
    "home_city",
    "language",
    "time_zone",
    "gender",
    "dob",
    "created_at",
    "custom_attributes",
    "email_subscribe",
    "push_subscribe",
    "random_bucket",
    "user_aliases",
    "campaigns_received",
    "canvases_received",
)
LIST_PAGE_SIZE = 100
CONTENTS_PAGE_SIZE = 1000  # the most that templates and Content Blocks are listed by


def _get(endpoint: str, path: tuple[str, ...], *query: tuple[str, str]) -> Call:
    return Call(f"braze.{endpoint}", Service.BRAZE, "GET", path, Effect.READ, query)


def export_by_external_id_call(external_id: str) -> Call:
    """The user Braze knows by this external id: a POST that only reads. Source: /users/export/ids."""
    return _export({"external_ids": [external_id]})


def export_by_email_call(email: str) -> Call:
    """The users with this email. Source: /users/export/ids."""
    return _export({"email_address": email})


def _export(who: Mapping[str, object]) -> Call:
    body = encode_json({**who, "fields_to_export": EXPORT_FIELDS})
    return Call("braze.users.export.ids", Service.BRAZE, "POST", ("users", "export", "ids"), Effect.READ, body=body)


def list_call(kind: TargetKind, page: int, *, include_archived: bool = True) -> Call:
    """A page of 100 campaigns or Canvases, newest first. Source: /campaigns/list, /canvas/list."""
    room = "campaigns" if kind is TargetKind.CAMPAIGN else "canvas"
    archived = str(include_archived).lower()
    query = (("page", str(page)), ("include_archived", archived), ("sort_direction", "desc"))
    return _get(f"{room}.list", (room, "list"), *query)


def details_call(kind: TargetKind, target_id: str) -> Call:
    """State, channels and message texts of one campaign or Canvas. Source: /campaigns/details, /canvas/details."""
    if kind is TargetKind.CAMPAIGN:
        return _get("campaigns.details", ("campaigns", "details"), ("campaign_id", target_id))
    return _get("canvas.details", ("canvas", "details"), ("canvas_id", target_id))


def templates_call(offset: int) -> Call:
    """A page of email templates. Source: /templates/email/list."""
    return _get("templates.email.list", ("templates", "email", "list"), *_window(offset))


def template_call(template_id: str) -> Call:
    """One email template whole. Source: /templates/email/info."""
    return _get("templates.email.info", ("templates", "email", "info"), ("email_template_id", template_id))


def blocks_call(offset: int) -> Call:
    """A page of Content Blocks, without their texts. Source: /content_blocks/list."""
    return _get("content_blocks.list", ("content_blocks", "list"), *_window(offset))


def block_call(block_id: str) -> Call:
    """One Content Block with its text. Source: /content_blocks/info."""
    return _get("content_blocks.info", ("content_blocks", "info"), ("content_block_id", block_id))


def _window(offset: int) -> tuple[tuple[str, str], ...]:
    """The docs want an offset above 0, so the first page names none."""
    limit = ("limit", str(CONTENTS_PAGE_SIZE))
    return (limit, ("offset", str(offset))) if offset else (limit,)


def catalogs_call() -> Call:
    """The catalogs with their columns, without their items. Source: /catalogs."""
    return _get("catalogs.list", ("catalogs",))


def catalog_items_call(catalog: str) -> Call:
    """The first 50 items of a catalog. Source: /catalogs/{catalog_name}/items."""
    return _get("catalogs.items", ("catalogs", catalog, "items"))


def catalog_item_call(catalog: str, item_id: str) -> Call:
    """One item of a catalog. Source: /catalogs/{catalog_name}/items/{item_id}."""
    return _get("catalogs.item", ("catalogs", catalog, "items", item_id))


def trigger_call(kind: TargetKind, target_id: str, recipients: Recipients, properties: Mapping[str, Any]) -> Call:
    """Fire an API-triggered campaign or Canvas at named people, never at a whole segment.

    The body always says `"broadcast": false` and always holds a non-empty list. Canvas properties go as `context`, the
    current name of `canvas_entry_properties`. Raises InvalidInput for an empty id or properties over 50 KB.
    Source: /campaigns/trigger/send, /canvas/trigger/send.
    """
    if not target_id.strip():
        raise InvalidInput(f"No {kind.noun} is chosen.", "Choose one from the list or type its id.")
    if not is_whole(target_id):
        raise InvalidInput(f"The id {target_id!r} holds characters that cannot be seen.", "Type it again.")
    if len(encode_json(dict(properties))) > MAX_PROPERTIES_BYTES:
        raise InvalidInput("The properties are larger than 50 KB.", "Braze refuses them; leave something out.")
    is_campaign = kind is TargetKind.CAMPAIGN
    body: dict[str, Any] = {"campaign_id" if is_campaign else "canvas_id": target_id, "broadcast": False}
    if properties:
        body["trigger_properties" if is_campaign else "context"] = dict(properties)
    body["recipients"] = [{"external_user_id": user} for user in recipients.ids]
    room = "campaigns" if is_campaign else "canvas"
    path = (room, "trigger", "send")
    return Call(f"braze.{room}.trigger.send", Service.BRAZE, "POST", path, Effect.WRITE, body=encode_json(body))
