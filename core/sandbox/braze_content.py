"""Email templates, Content Blocks and catalogs.

Source: Braze docs, the templates, content_blocks and catalogs endpoints.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from core.sandbox import checks
from core.sandbox.braze_lists import truth
from core.sandbox.braze_replies import refuse, success
from core.sandbox.checks import BadField
from core.sandbox.library import stamp
from core.sandbox.seed_content import BLOCKS, CATALOGS, TEMPLATES, Catalog
from core.sandbox.state import World
from core.sandbox.values import Refused, Reply

ITEMS_PAGE = 50


class Content:
    """What messages are made of."""

    def __init__(self, world: World, fill: Callable[[str], str]) -> None:
        self._world = world
        self._templates = {row["email_template_id"]: row for row in self._rows("template", TEMPLATES, fill)}
        self._blocks = {row["content_block_id"]: row for row in self._rows("block", BLOCKS, fill)}

    def _rows(self, kind: str, seeds: tuple[dict[str, Any], ...], fill: Callable[[str], str]) -> list[dict[str, Any]]:
        key = "email_template_id" if kind == "template" else "content_block_id"
        rows = []
        for index, one in enumerate(seeds):
            made = self._world.born_at - timedelta(days=400 - 9 * index)
            filled = {name: fill(value) if isinstance(value, str) else value for name, value in one.items()}
            edited = stamp(made + timedelta(days=30))
            ages = {"created_at": stamp(made), "updated_at" if kind == "template" else "last_edited": edited}
            rows.append({key: self._world.seed.uuid(f"{kind} {index}"), **filled, **ages})
        return rows

    def templates(self, query: dict[str, str]) -> Reply:
        """GET /templates/email/list."""
        names = ("email_template_id", "template_name", "created_at", "updated_at", "tags")
        rows = [{name: row[name] for name in names} for row in self._templates.values()]
        page = _window(rows, query, "updated_at", "Template")
        return success({"count": len(page), "templates": page})

    def template(self, query: dict[str, str]) -> Reply:
        """GET /templates/email/info."""
        checks.only(query, ("email_template_id",), "the query")
        row = self._templates.get(query.get("email_template_id", ""))
        if row is None:
            raise refuse(400, "Invalid value for email_template_id")
        return success(row)

    def blocks(self, query: dict[str, str]) -> Reply:
        """GET /content_blocks/list."""
        rows = [
            {name: value for name, value in row.items() if name not in ("content", "description")}
            | {"liquid_tag": "{{content_blocks.${" + row["name"] + "}}}", "inclusion_count": 0}
            for row in self._blocks.values()
        ]
        page = _window(rows, query, "last_edited", "Content Block")
        return success({"count": len(page), "content_blocks": page})

    def block(self, query: dict[str, str]) -> Reply:
        """GET /content_blocks/info."""
        checks.only(query, ("content_block_id", "include_inclusion_data"), "the query")
        given = query.get("content_block_id")
        if not given:
            raise BadField("Content Block ID cannot be blank")
        if given not in self._blocks:
            raise refuse(400, "Content Block ID is invalid for this workspace")
        extra: dict[str, Any] = {"inclusion_count": 0} | (
            {"inclusion_data": []} if truth(query, "include_inclusion_data") else {}
        )
        return success(self._blocks[given] | extra)

    def catalogs(self, query: dict[str, str]) -> Reply:
        """GET /catalogs."""
        checks.only(query, (), "the query")
        edited = stamp(self._world.born_at - timedelta(days=4))
        rows = [
            {
                "name": one.name,
                "description": one.description,
                "fields": [{"name": name, "type": kind} for name, kind in one.fields.items()],
                "num_items": len(one.items()),
                "updated_at": edited,
            }
            for one in CATALOGS.values()
        ]
        return success({"catalogs": rows})

    def items(self, name: str, query: dict[str, str]) -> Reply:
        """GET /catalogs/{name}/items: 50 a page, the next one in the Link header."""
        checks.only(query, ("cursor",), "the query")
        rows = _catalog(name).items()
        cursor = query.get("cursor", "c0")
        if not cursor.startswith("c") or not cursor[1:].isdigit() or int(cursor[1:]) > len(rows):
            raise _problem(400, "invalid-cursor", "'cursor' is not valid", "cursor", cursor)
        start = int(cursor[1:])
        reply = success({"items": rows[start : start + ITEMS_PAGE]})
        if start + ITEMS_PAGE >= len(rows):
            return reply
        return reply.with_headers(("Link", f'</catalogs/{name}/items?cursor=c{start + ITEMS_PAGE}>; rel="next"'))

    def item(self, name: str, item_id: str) -> Reply:
        """GET /catalogs/{name}/items/{id}."""
        found = [row for row in _catalog(name).items() if row["id"] == item_id]
        if not found:
            raise _problem(404, "item-not-found", "Could not find item", "item_id", item_id)
        return success({"items": found})


def _catalog(name: str) -> Catalog:
    if name not in CATALOGS:
        raise _problem(404, "catalog-not-found", "Could not find catalog", "catalog_name", name)
    return CATALOGS[name]


def _problem(status: int, code: str, message: str, parameter: str, value: str) -> Refused:
    row = {"id": code, "message": message, "parameters": [parameter], "parameter_values": [value]}
    return Refused(Reply.of(status, {"message": "Invalid Request", "errors": [row]}))


def _window(rows: list[dict[str, Any]], query: dict[str, str], edited: str, what: str) -> list[dict[str, Any]]:
    checks.only(query, ("modified_after", "modified_before", "limit", "offset"), "the query")
    limit, offset = query.get("limit", "100"), query.get("offset")
    if not limit.isdigit():
        raise BadField(f"{what} number limit is invalid")
    if int(limit) < 1:
        raise BadField(f"{what} number limit must be greater than 0")
    if int(limit) > 1000:
        raise BadField(f"{what} number limit exceeds maximum of 1000")
    if offset is not None and not offset.isdigit():
        raise BadField("Offset is invalid")
    if offset == "0" and what == "Content Block":
        raise BadField("Offset must be greater than 0")
    after, before = (_moment(query, name) for name in ("modified_after", "modified_before"))
    if after and before and after > before:
        raise BadField("Modified after time must be earlier than or the same as modified before time.")
    kept = [
        row
        for row in rows
        if (after is None or datetime.fromisoformat(row[edited]) >= after)
        and (before is None or datetime.fromisoformat(row[edited]) <= before)
    ]
    return kept[int(offset or 0) :][: int(limit)]


def _moment(query: dict[str, str], name: str) -> datetime | None:
    if name not in query:
        return None
    try:
        parsed = datetime.fromisoformat(query[name])
    except ValueError as error:
        raise BadField(f"{name.replace('_', ' ').capitalize()} time is invalid") from error
    return parsed if parsed.tzinfo else parsed.astimezone()
