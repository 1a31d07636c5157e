"""SessionM Connect: the offer wallet and points.

Source: Braze's SessionM partner page and docs.sessionm.com, Offers and Incentives.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from core.sandbox import checks
from core.sandbox.checks import BadField
from core.sandbox.sessionm_points import audit_rows_of, balances_of
from core.sandbox.sessionm_wallet import wallet_of
from core.sandbox.state import Person, World
from core.sandbox.values import Body, Refused, Reply, Request

WALLET_FIELDS = ("retailer_id", "user_id", "skip", "take", "include_pending_extended_data", "culture")
BALANCE_FIELDS = ("retailer_id", "user_id", "culture")
AUDIT_FIELDS = ("retailer_id", "user_id", "skip", "take", "exclude_specified_modification_types", "modification_types")
AUDIT_RANGE = ("from_date", "to_date")
"""The docs name FromDate and ToDate without a JSON spelling; this one follows the other fields."""


def error(message: str, *, status: int = 200) -> Reply:
    """Connect's error envelope: an `errors` object beside an empty payload."""
    return Reply.of(status, {"status": "error", "payload": None, "errors": {"error": message}})


class SessionMConnect:
    """The Connect API of the made-up tenant."""

    name = "connect"

    def __init__(self, world: World, authorization: str) -> None:
        self._world = world
        self._authorization = authorization
        self._routes: dict[str, Callable[[Body], Reply]] = {
            "/offers/api/2.0/offers/get_user_offers": self._wallet,
            "/incentives/api/1.0/user_points/all_balances": self._balances,
            "/incentives/api/1.0/point_audit_logs/fetch_point_audit_logs": self._audit_with_dates,
            "/incentives/api/2.0/user_points/fetch_point_audit_logs": self._audit,
        }

    def refusal(self, status: int, wait_s: int) -> Reply:
        """Connect's words for a status; a 429 comes with Retry-After."""
        words = {401: "Authorization has been denied for this request.", 404: "No HTTP resource was found."}
        reply = error(words.get(status, "The request could not be processed."), status=status)
        return reply.with_headers(("Retry-After", str(wait_s))) if status == 429 else reply

    def delay_s(self, request: Request) -> float:
        """The slow customer answers after 2.5 seconds."""
        return self._world.slow_s(request.body.decode("utf-8", "replace"))

    def answer(self, request: Request) -> Reply:
        """Check credentials, path, verb and body, then route."""
        scheme, _, given = request.header("authorization").partition(" ")
        if scheme.lower() != "basic" or not hmac.compare_digest(given.encode(), self._authorization.encode()):
            return self.refusal(401, 0)
        route = self._routes.get(request.path)
        if route is None:
            return self.refusal(404, 0)
        if request.method != "POST":
            return error("The requested resource does not support this method.", status=405)
        if not request.is_json:
            return error("The Content-Type must be application/json.", status=415)
        try:
            return route(checks.parsed_object(request.body))
        except BadField as bad:
            return error(f"{bad}.")

    def _person(self, body: Body) -> Person:
        retailer = checks.guid(checks.required(body, "retailer_id"), "retailer_id")
        user_id = checks.guid(checks.required(body, "user_id"), "user_id")
        if retailer.lower() != self._world.retailer_id:
            raise Refused(error("The retailer is not known."))
        person = self._world.by_user_id.get(user_id.lower())
        if person is None:
            raise Refused(error("The user is not known."))
        return person

    def _ok(self, person: Person, payload: Any) -> Reply:
        return Reply.of(200, {"status": "OK" if person.has("upper_ok") else "ok", "payload": payload})

    def _wallet(self, body: Body) -> Reply:
        checks.only(body, WALLET_FIELDS)
        skip = checks.integer(body.get("skip", 0), "skip", 0, 2**31 - 1)
        take = checks.integer(body.get("take", 1000), "take", 1, 1000)
        pending = checks.boolean(body.get("include_pending_extended_data", False), "include_pending_extended_data")
        culture = checks.culture(body.get("culture", "en-US"))
        person = self._person(body)
        return self._ok(person, wallet_of(self._world, person, skip, take, culture, pending))

    def _balances(self, body: Body) -> Reply:
        checks.only(body, BALANCE_FIELDS)
        checks.culture(body.get("culture", "en-US"))
        person = self._person(body)
        if person.has("no_points"):
            return error("The points feature is not enabled for this retailer.")
        return self._ok(person, balances_of(self._world, person))

    def _audit_with_dates(self, body: Body) -> Reply:
        """The docs require a range of at most a year, live clients send none: a range is taken, not asked for."""
        checks.only(body, AUDIT_FIELDS + AUDIT_RANGE)
        first, last = (_moment(body[name], name) if body.get(name) else None for name in AUDIT_RANGE)
        if first and last and not timedelta(0) <= last - first <= timedelta(days=366):
            raise BadField("from_date to to_date must be a year at most")
        return self._audit({name: body[name] for name in body if name not in AUDIT_RANGE}, first, last)

    def _audit(self, body: Body, first: datetime | None = None, last: datetime | None = None) -> Reply:
        checks.only(body, AUDIT_FIELDS)
        skip = checks.integer(body.get("skip", 0), "skip", 0, 2**31 - 1)
        take = checks.integer(body.get("take", 1000), "take", 1, 1000)
        kinds = checks.listed(body.get("modification_types") or [], "modification_types", checks.text, maximum=5)
        exclude = checks.boolean(
            body.get("exclude_specified_modification_types", False), "exclude_specified_modification_types"
        )
        person = self._person(body)
        if person.has("no_points"):
            return error("The points feature is not enabled for this retailer.")
        rows = [
            row
            for row in audit_rows_of(self._world, person)
            if _within(row["time_of_occurrence"], first, last)
            and (not kinds or (row["modification_type"] in kinds) != exclude)
        ]
        results = None if person.has("nulls") else rows[skip : skip + take]
        return self._ok(person, {"results": results, "total_rows": len(rows), "skip": skip, "take": take})


def _moment(value: Any, name: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(checks.text(value, name))
    except ValueError as error:
        raise BadField(f"{name} must be an ISO 8601 date") from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _within(at: str, first: datetime | None, last: datetime | None) -> bool:
    moment = datetime.fromisoformat(at)
    return (first is None or moment >= first) and (last is None or moment <= last)
