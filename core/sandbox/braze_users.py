"""User export by id. Source: Braze docs, /users/export/ids."""

from __future__ import annotations

from typing import Any

from core.sandbox import checks
from core.sandbox.braze_replies import success
from core.sandbox.checks import BadField
from core.sandbox.state import World
from core.sandbox.state_braze import Profile
from core.sandbox.values import Body, Reply

BODY_FIELDS = ("external_ids", "user_aliases", "device_id", "email_address", "phone", "braze_id", "fields_to_export")
FIELDS = frozenset(
    [
        "apps",
        "attributed_campaign",
        "attributed_source",
        "attributed_adgroup",
        "attributed_ad",
        "push_subscribe",
        "email_subscribe",
        "braze_id",
        "country",
        "created_at",
        "custom_attributes",
        "custom_events",
        "devices",
        "dob",
        "email",
        "external_id",
        "first_name",
        "gender",
        "home_city",
        "language",
        "last_coordinates",
        "last_name",
        "phone",
        "purchases",
        "push_tokens",
        "random_bucket",
        "time_zone",
        "total_revenue",
        "uninstalled_at",
        "user_aliases",
        "campaigns_received",
        "canvases_received",
    ]
)
TOO_MANY = "The max number of ids per request was exceeded"


class Users:
    """The export endpoint of a workspace that is new enough to need `fields_to_export`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def export_ids(self, body: Body) -> Reply:
        """POST /users/export/ids; unknown ids are listed, not an error."""
        checks.only(body, BODY_FIELDS)
        wanted = checks.listed(checks.required(body, "fields_to_export"), "fields_to_export", checks.text)
        if unknown := sorted(set(wanted) - FIELDS) or ([] if wanted else ["an empty list"]):
            raise BadField(f"fields_to_export is invalid: {unknown[0]}")
        given = [name for name in BODY_FIELDS[:-1] if name in body]
        if not given:
            raise BadField(
                "at least one of external_ids, user_aliases, device_id, braze_id, email_address, phone is required"
            )
        if sum(name in given for name in ("device_id", "email_address", "phone")) > 1:
            raise BadField("only one of device_id, email_address and phone may be given")
        found, invalid = self._found(body)
        answer: dict[str, Any] = {"users": [exported(profile, set(wanted)) for profile in found]}
        return success(answer | ({"invalid_user_ids": invalid} if invalid else {}))

    def _found(self, body: Body) -> tuple[list[Profile], list[str]]:
        memory, found, invalid = self._world.braze, list[Profile | None](), list[str]()
        for external_id in checks.listed(body.get("external_ids", []), "external_ids", checks.text, maximum=50):
            profile = memory.by_external_id(external_id)
            found.append(profile)
            invalid += [external_id] if profile is None else []
        for alias in checks.listed(body.get("user_aliases", []), "user_aliases", _alias, maximum=50):
            found.append(memory.by_alias(alias))
        if "braze_id" in body:
            found.append(memory.by_braze_id(checks.text(body["braze_id"], "braze_id")))
        for name, stored in (("email_address", "email"), ("phone", "phone")):
            if name in body:
                found += memory.by_field(stored, checks.text(body[name], name))
        if "device_id" in body:
            wanted = checks.text(body["device_id"], "device_id")
            found += [one for one in memory.profiles if any(device["device_id"] == wanted for device in one.devices)]
        unique = {profile.braze_id: profile for profile in found if profile is not None}
        return list(unique.values()), invalid


def _alias(value: Any, where: str) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) != {"alias_name", "alias_label"}:
        raise BadField(f"{where} needs alias_name and alias_label")
    return value


def exported(profile: Profile, wanted: set[str]) -> dict[str, Any]:
    """The profile's wanted fields; what is empty is left out, as Braze leaves it out."""
    row: dict[str, Any] = {
        **profile.standard,
        "braze_id": profile.braze_id,
        "external_id": profile.external_id,
        "created_at": profile.created_at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + " UTC",
        "user_aliases": profile.aliases,
        "custom_attributes": profile.custom,
        "custom_events": _counted(profile.events, "name"),
        "purchases": _counted(profile.purchases, "product_id"),
        "devices": profile.devices,
        "campaigns_received": list(profile.campaigns_received.values()),
        "canvases_received": list(profile.canvases_received.values()),
        "random_bucket": int(profile.braze_id[:6], 16) % 10_000,
        "total_revenue": float(sum(one.get("price", 0) * one.get("quantity", 1) for one in profile.purchases)),
    }
    return {name: value for name, value in row.items() if name in wanted and value not in (None, [], {})}


def _counted(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    summary: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = summary.setdefault(row[key], {"name": row[key], "first": row["time"], "last": row["time"], "count": 0})
        entry["first"], entry["last"] = min(entry["first"], row["time"]), max(entry["last"], row["time"])
        entry["count"] += row.get("quantity", 1)
    return list(summary.values())
