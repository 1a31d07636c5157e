"""Attributes, events and purchases. Source: Braze docs, /users/track and the attribute, event and purchase objects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from core.sandbox import checks
from core.sandbox.braze_replies import refuse, success
from core.sandbox.checks import BadField
from core.sandbox.state import World
from core.sandbox.state_braze import Profile
from core.sandbox.values import Body, Reply

ARRAYS = ("attributes", "events", "purchases")
MAX_OBJECTS = 75
NO_ID = "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required"
NO_DATA = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields."
BAD_EMAIL = "The value provided for the 'email' field is not a valid email."
IDENTIFIERS = ("external_id", "user_alias", "braze_id", "email", "phone")


class Tracking:
    """The endpoint that creates and updates users."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._take: dict[str, Callable[[Profile, Body], None]] = {
            "attributes": self._attributes,
            "events": self._event,
            "purchases": self._purchase,
        }

    def track(self, body: Body) -> Reply:
        """POST /users/track: good objects are kept, bad ones named in `errors`; all bad is a 400."""
        checks.only(body, ARRAYS)
        given = {name: body[name] for name in ARRAYS if name in body}
        if not all(isinstance(rows, list) for rows in given.values()) or not any(given.values()):
            raise refuse(400, NO_DATA)
        if sum(map(len, given.values())) > MAX_OBJECTS:
            raise refuse(400, "Max Input Length Exceeded")
        errors: list[dict[str, Any]] = []
        done = {f"{name}_processed": self._rows(name, rows, errors) for name, rows in given.items()}
        if errors and not any(done.values()):
            raise refuse(400, NO_DATA, *errors)
        return success(done | ({"errors": errors} if errors else {}), 201)

    def _rows(self, name: str, rows: list[Any], errors: list[dict[str, Any]]) -> int:
        kept = 0
        for index, row in enumerate(rows):
            try:
                _check(name, row)
            except BadField as bad:
                errors.append({"type": str(bad), "input_array": name, "index": index})
                continue
            kept += 1
            profile = self._profile(row)
            if profile is not None:
                self._take[name](profile, row)
        return kept

    def _profile(self, row: Body) -> Profile | None:
        memory, existing_only = self._world.braze, row.get("_update_existing_only", "user_alias" in row)
        if row.get("external_id"):
            found = memory.by_external_id(row["external_id"])
        elif row.get("user_alias"):
            found = memory.by_alias(row["user_alias"])
        elif row.get("braze_id"):
            return memory.by_braze_id(row["braze_id"])
        else:
            name = "email" if row.get("email") else "phone"
            found = next(iter(memory.by_field(name, row[name])), None)
        if found is None and not existing_only:
            found = memory.create(row.get("external_id"), row.get("user_alias"))
        return found

    def _attributes(self, profile: Profile, row: Body) -> None:
        skipped = ("external_id", "user_alias", "braze_id", "_update_existing_only")
        self._world.braze.write(profile, {key: value for key, value in row.items() if key not in skipped})

    def _event(self, profile: Profile, row: Body) -> None:
        profile.events.append({"name": row["name"], "time": row["time"], "properties": row.get("properties", {})})

    def _purchase(self, profile: Profile, row: Body) -> None:
        kept = ("product_id", "price", "time", "quantity", "currency")
        profile.purchases.append({key: row[key] for key in kept if key in row})


def _check(name: str, row: Any) -> None:
    if not isinstance(row, dict) or not any(row.get(key) for key in IDENTIFIERS):
        raise BadField(NO_ID)
    if row.get("external_id") is not None:
        checks.text(row["external_id"], "external_id")
    if "_update_existing_only" in row:
        checks.boolean(row["_update_existing_only"], "_update_existing_only")
    if isinstance(row.get("email"), str) and "@" not in row["email"]:
        raise BadField(BAD_EMAIL)
    if name == "events":
        checks.text(row.get("name"), "name", maximum=255)
        _time(row)
    elif name == "purchases":
        _check_purchase(row)


def _check_purchase(row: Body) -> None:
    checks.text(row.get("product_id"), "product_id", maximum=255)
    currency = checks.text(row.get("currency"), "currency")
    if len(currency) != 3 or not currency.isupper():
        raise BadField("currency must be an ISO 4217 code")
    if isinstance(row.get("price"), bool) or not isinstance(row.get("price"), int | float):
        raise BadField("price must be a number")
    checks.integer(row.get("quantity", 1), "quantity", 1, 100)
    _time(row)


def _time(row: Body) -> None:
    try:
        datetime.fromisoformat(checks.text(row.get("time"), "time"))
    except ValueError as error:
        raise BadField("time must be an ISO 8601 date") from error
