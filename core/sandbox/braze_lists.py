"""Campaigns, Canvases and segments, listed and in detail. Source: Braze docs, the export endpoints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from core.sandbox import checks
from core.sandbox.braze_replies import refuse, success
from core.sandbox.checks import BadField
from core.sandbox.library import Library, Sendable
from core.sandbox.seed_campaigns import library_of
from core.sandbox.state import World
from core.sandbox.values import Reply

PAGE = 100
LIST_QUERY = ("page", "include_archived", "sort_direction", "last_edit.time[gt]")
SEGMENTS = ("All customers", "Silver and above", "Lapsed 60 days", "Offer expiring this week", "Test phones")


class Lists:
    """The list and details endpoints, and the library they read."""

    def __init__(self, world: World, fill: Callable[[str], str]) -> None:
        self._world = world
        self.library: Library = library_of(world.seed, world.born_at, fill)

    def campaigns(self, query: dict[str, str]) -> Reply:
        """GET /campaigns/list."""
        return success({"campaigns": _page(self.library.campaigns.values(), query)})

    def canvases(self, query: dict[str, str]) -> Reply:
        """GET /canvas/list."""
        return success({"canvases": _page(self.library.canvases.values(), query)})

    def campaign(self, query: dict[str, str]) -> Reply:
        """GET /campaigns/details."""
        return success(_details(self.library.campaigns, query, "campaign_id", "Invalid Campaign ID"))

    def canvas(self, query: dict[str, str]) -> Reply:
        """GET /canvas/details."""
        return success(_details(self.library.canvases, query, "canvas_id", "Invalid Canvas ID"))

    def segments(self, query: dict[str, str]) -> Reply:
        """GET /segments/list."""
        checks.only(query, ("page", "sort_direction"), "the query")
        rows = [
            {
                "id": self._world.seed.uuid(f"segment {name}"),
                "name": name,
                "analytics_tracking_enabled": True,
                "tags": [],
            }
            for name in SEGMENTS
        ]
        return success({"segments": rows if _page_number(query) == 0 else []})


def _page_number(query: dict[str, str]) -> int:
    given = query.get("page", "0")
    if not given.isascii() or not given.isdigit():
        raise BadField("page is invalid")
    return int(given)


def truth(query: dict[str, str], name: str) -> bool:
    """A query switch, false by default."""
    given = query.get(name, "false")
    if given not in ("true", "false"):
        raise BadField(f"{name} must be true or false")
    return given == "true"


def _page(library: Iterable[Sendable], query: dict[str, str]) -> list[dict[str, Any]]:
    checks.only(query, LIST_QUERY, "the query")
    if query.get("sort_direction", "asc") not in ("asc", "desc"):
        raise BadField("sort_direction must be asc or desc")
    archived, number, since = truth(query, "include_archived"), _page_number(query), query.get("last_edit.time[gt]")
    rows = [one for one in library if archived or not one.archived]
    if since is not None:
        try:
            moment = datetime.strptime(since, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
        except ValueError as error:
            raise BadField("last_edit.time[gt] must be yyyy-MM-DDTHH:mm:ss") from error
        rows = [one for one in rows if one.edited_at > moment]
    if query.get("sort_direction") == "desc":
        rows.reverse()
    return [one.listed() for one in rows[number * PAGE : (number + 1) * PAGE]]


def _details(held: dict[str, Sendable], query: dict[str, str], name: str, unknown: str) -> dict[str, Any]:
    checks.only(query, (name, "post_launch_draft_version"), "the query")
    truth(query, "post_launch_draft_version")
    given = query.get(name)
    if not given:
        raise BadField(f"{name} is required")
    if given not in held:
        raise refuse(400, unknown)
    return held[given].detailed()
