"""Braze: keys, permissions, limits and routing.

Source: Braze docs, /api/basics, /api/errors and the endpoints' pages.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.sandbox import checks
from core.sandbox.braze_content import Content
from core.sandbox.braze_lists import Lists
from core.sandbox.braze_replies import Limits, refuse
from core.sandbox.braze_sends import Sends
from core.sandbox.braze_track import Tracking
from core.sandbox.braze_users import Users
from core.sandbox.checks import BadField
from core.sandbox.state import World
from core.sandbox.values import Body, Refused, Reply, Request

MAX_BODY = 4 * 1024 * 1024
READER_PERMISSIONS = ("list", "details", "info", "get", "export")
"""What a reading key holds, by the last word of the permission or a word within."""


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint: verb, permission, the pool that counts it, and what answers."""

    method: str
    permission: str
    pool: str
    answer: Callable[[Any], Reply]


class Braze:
    """The workspace's REST API."""

    name = "braze"

    def __init__(self, world: World, keys: dict[str, bool], places: dict[str, str]) -> None:
        self._world = world
        self._keys = keys
        self.limits = Limits(world.clock)
        lists, content = Lists(world, _filler(places)), Content(world, _filler(places))
        sends, users, track = Sends(world, lists.library), Users(world), Tracking(world)
        self._sends = sends
        self._content = content
        self._routes: dict[str, Route] = {
            "campaigns/trigger/send": Route("POST", "campaigns.trigger.send", "shared", sends.campaign),
            "canvas/trigger/send": Route("POST", "canvas.trigger.send", "shared", sends.canvas),
            "campaigns/list": Route("GET", "campaigns.list", "shared", lists.campaigns),
            "campaigns/details": Route("GET", "campaigns.details", "shared", lists.campaign),
            "canvas/list": Route("GET", "canvas.list", "shared", lists.canvases),
            "canvas/details": Route("GET", "canvas.details", "shared", lists.canvas),
            "segments/list": Route("GET", "segments.list", "shared", lists.segments),
            "users/export/ids": Route("POST", "users.export.ids", "users/export/ids", users.export_ids),
            "users/track": Route("POST", "users.track", "users/track", track.track),
            "templates/email/list": Route("GET", "templates.email.list", "shared", content.templates),
            "templates/email/info": Route("GET", "templates.email.info", "shared", content.template),
            "content_blocks/list": Route("GET", "content_blocks.list", "shared", content.blocks),
            "content_blocks/info": Route("GET", "content_blocks.info", "shared", content.block),
            "catalogs": Route("GET", "catalogs.get", "catalogs", content.catalogs),
        }

    def recall(self) -> None:
        """Give the active customers a past; see `Sends.recall`."""
        self._sends.recall(("ana", "many", "german", "japanese", "korean"))

    def refusal(self, status: int, wait_s: int) -> Reply:
        """Braze's words for a status, with its rate-limit headers."""
        if status == 200:
            return Reply.of(200, {"message": "The request could not be processed.", "errors": ["unspecified"]})
        reply = refuse(status).reply
        return reply.with_headers(*self.limits.exhausted(wait_s)) if status == 429 else reply

    def delay_s(self, request: Request) -> float:
        """The slow customer answers after 2.5 seconds."""
        return self._world.slow_s(request.body.decode("utf-8", "replace"))

    def answer(self, request: Request) -> Reply:
        """Check key, path, permission, allowance and body, then route."""
        may_write = self._key(request.header("authorization"))
        if request.path != "/" and request.path.endswith("/"):
            raise refuse(403)
        route = self._routes.get(request.path.removeprefix("/")) or self._catalog_route(request)
        if route is None or route.method != request.method:
            raise refuse(404)
        if not may_write and not set(READER_PERMISSIONS) & set(route.permission.replace("_", ".").split(".")):
            raise refuse(403)
        allowed, headers = self.limits.spend(route.pool)
        if not allowed:
            raise Refused(refuse(429).reply.with_headers(*headers))
        try:
            reply = route.answer(request.query if request.method == "GET" else _body(request))
        except BadField as bad:
            reply = refuse(400, str(bad)).reply
        except Refused as refused:
            reply = refused.reply
        return reply.with_headers(*headers)

    def _key(self, authorization: str) -> bool:
        scheme, _, given = authorization.partition(" ")
        for key, may_write in self._keys.items():
            if scheme == "Bearer" and hmac.compare_digest(given.encode(), key.encode()):
                return may_write
        raise refuse(401)

    def _catalog_route(self, request: Request) -> Route | None:
        parts = request.parts
        if len(parts) == 3 and (parts[0], parts[2]) == ("catalogs", "items"):
            return Route(
                "GET", "catalogs.get_items", "catalog items", lambda query: self._content.items(parts[1], query)
            )
        if len(parts) == 4 and (parts[0], parts[2]) == ("catalogs", "items"):
            return Route("GET", "catalogs.get_item", "catalog items", lambda _: self._content.item(parts[1], parts[3]))
        return None


def _filler(places: dict[str, str]) -> Callable[[str], str]:
    def fill(text: str) -> str:
        for mark, value in places.items():
            text = text.replace(mark, value)
        return text

    return fill


def _body(request: Request) -> Body:
    if not request.is_json:
        raise refuse(415)
    if len(request.body) > MAX_BODY:
        raise refuse(413)
    try:
        return checks.parsed_object(request.body)
    except BadField as bad:
        said = {"error": "Error while parsing request body. Please check your syntax."}
        raise Refused(Reply.of(400, said)) from bad
