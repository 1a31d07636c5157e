"""SessionM Core: profiles, tags, campaigns and timelines.

Source: docs.sessionm.com, Core APIs, and Braze's SessionM partner page.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Any

from core.sandbox import checks
from core.sandbox.checks import BadField
from core.sandbox.sessionm_profile import campaigns_of, tags_of, timeline_of, user_of
from core.sandbox.state import Person, World
from core.sandbox.values import Refused, Reply, Request

PROFILE_FLAGS = ("user[user_profile]", "expand_incentives", "show_identifiers")
TIMELINE_QUERY = ("event_types", "count", "since")
MESSAGES = {
    "access_denied": "The credentials are not valid.",
    "invalid_api_key": "The API key is not valid.",
    "user_not_found": "The user could not be found.",
    "not_found": "The resource could not be found.",
    "internal_server_error": "Something went wrong.",
}


def error(code: str, message: str = "", *, status: int = 200) -> Reply:
    """SessionM's error envelope: `errors` holds one object, codes come in lower case."""
    said = message or MESSAGES.get(code, "The request was refused.")
    return Reply.of(status, {"status": "error", "errors": {"code": code, "message": said, "user": None}})


def basic_pair(value: str) -> str | None:
    """What a Basic authorization holds, decoded; None when it is no such thing."""
    scheme, _, encoded = value.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


class SessionMCore:
    """The Core API of the made-up tenant."""

    name = "core"

    def __init__(self, world: World, key: str, secret: str) -> None:
        self._world = world
        self._key = key
        self._pair = f"{key}:{secret}"

    def refusal(self, status: int, wait_s: int) -> Reply:
        """SessionM's words for a status; 429 is documented nowhere, so it comes bare with Retry-After."""
        codes = {200: "validation", 401: "access_denied", 403: "access_denied", 404: "not_found"}
        reply = error(codes.get(status, "internal_server_error"), status=status)
        return reply.with_headers(("Retry-After", str(wait_s))) if status == 429 else reply

    def delay_s(self, request: Request) -> float:
        """The slow customer answers after 2.5 seconds."""
        return self._world.slow_s(request.target)

    def answer(self, request: Request) -> Reply:
        """Check path, key and credentials, then route."""
        parts = request.parts
        if len(parts) < 5 or parts[:3] != ("priv", "v1", "apps") or request.path.endswith("/"):
            return error("not_found", status=404)
        if not hmac.compare_digest(parts[3], self._key):
            return error("invalid_api_key", status=401)
        pair = basic_pair(request.header("authorization"))
        if pair is None or not hmac.compare_digest(pair.encode(), self._pair.encode()):
            return error("access_denied", status=401)
        try:
            return self._routed(request, parts[4:])
        except BadField as bad:
            return error("missing_data" if bad.missing else "argument_error", str(bad))

    def _routed(self, request: Request, parts: tuple[str, ...]) -> Reply:
        if parts == ("users", "search_users") and request.method == "GET":
            return self._search(request)
        if parts == ("campaigns",) and request.method == "GET":
            return self._all_campaigns(request)
        by_external = parts[:2] == ("external", "users")
        rest = parts[3:] if by_external else parts[2:]
        if (not by_external and parts[0] != "users") or len(parts) < 2 + by_external:
            return error("not_found", status=404)
        person = self._person(parts[2] if by_external else parts[1], by_external)
        if rest == ("tags",) and request.method == "POST":
            return self._post_tags(request, person)
        if request.method != "GET":
            return error("not_found", status=404)
        if rest == ():
            return self._profile(request, person)
        if rest == ("tags",):
            checks.only(request.query, ())
            return self._tags(person)
        if rest == ("campaigns",):
            return self._ok(person, {"campaigns": campaigns_of(self._world, person)})
        if len(rest) == 2 and rest[0] == "timelines":
            return self._timeline(request, person, rest[1])
        return error("not_found", status=404)

    def _person(self, given: str, external: bool) -> Person:
        known = self._world.by_external_id if external else self._world.by_user_id
        if given not in known:
            raise Refused(error("user_not_found", status=404))
        return known[given]

    def _ok(self, person: Person, members: dict[str, Any]) -> Reply:
        return Reply.of(200, {"status": "OK" if person.has("upper_ok") else "ok", **members})

    def _profile(self, request: Request, person: Person) -> Reply:
        checks.only(request.query, PROFILE_FLAGS, "the query")
        wanted = {name for name in PROFILE_FLAGS if _flag(request, name)}
        return self._ok(person, {"user": user_of(self._world, person, wanted)})

    def _search(self, request: Request) -> Reply:
        checks.only(request.query, ("email", "mobile_number", "advanced_search_params[user_profile]"), "the query")
        email, number = request.query.get("email"), request.query.get("mobile_number")
        if not email and not number:
            raise BadField("email or mobile_number is required", missing=True)
        wanted = {"user[user_profile]"} if _flag(request, "advanced_search_params[user_profile]") else set()
        found = [
            person
            for person in self._world.people
            if (email and person.email.lower() == email.lower()) or (number and self._world.phone(person) == number)
        ]
        players = [user_of(self._world, person, wanted) for person in found]
        return Reply.of(200, {"status": "ok", "players": players})

    def _post_tags(self, request: Request, person: Person) -> Reply:
        if not request.is_json:
            raise BadField("the Content-Type must be application/json")
        body = checks.parsed_object(request.body)
        checks.only(body, ("tags", "ttl"))
        names = checks.listed(checks.required(body, "tags"), "tags", checks.text)
        if not names:
            raise BadField("tags must not be empty", missing=True)
        ttl = None if "ttl" not in body else checks.integer(body["ttl"], "ttl", 1, 2**31 - 1)
        person.post_tags(names, ttl, self._world.clock())
        return self._tags(person)

    def _tags(self, person: Person) -> Reply:
        return self._ok(person, {"tags": tags_of(person, self._world.clock())})

    def _timeline(self, request: Request, person: Person, view: str) -> Reply:
        checks.only(request.query, TIMELINE_QUERY, "the query")
        count, since = request.query.get("count", "1000"), request.query.get("since", "0")
        if not count.isascii() or not count.isdigit() or not 1 <= int(count) <= 1000 or not since.isdigit():
            raise BadField("count must be 1 to 1000 and since an epoch second")
        if view not in ("ACCOUNT_AUDIT_LOG", "END_USER_MEMBER_STATEMENT"):
            return error("not_found", "No such view.", status=404)
        slugs = [slug for slug in request.query.get("event_types", "").split(",") if slug]
        return Reply.of(200, timeline_of(self._world, person, int(since), int(count), slugs))

    def _all_campaigns(self, request: Request) -> Reply:
        page = request.query.get("page", "1")
        if not page.isdigit():
            raise BadField("page must be a number")
        tiles = campaigns_of(self._world, self._world.people[0])["tiles"] if page == "1" else []
        return Reply.of(
            200, {"status": "ok", "page": int(page), "page_size": 25, "number_of_pages": 1, "campaigns": tiles}
        )


def _flag(request: Request, name: str) -> bool:
    value = request.query.get(name)
    if value not in (None, "true", "false"):
        raise BadField(f"{name} must be true or false")
    return value == "true"
