"""Trigger sends: strict about the body, then the message lands in the profile.

Source: Braze docs, /campaigns/trigger/send and /canvas/trigger/send.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from core.sandbox import checks
from core.sandbox.braze_replies import refuse, success
from core.sandbox.checks import BadField
from core.sandbox.library import Library, Sendable
from core.sandbox.state import World
from core.sandbox.state_braze import Profile
from core.sandbox.values import Body, Reply

CAMPAIGN_FIELDS = ("campaign_id", "send_id", "trigger_properties", "broadcast", "audience", "recipients", "attachments")
CANVAS_FIELDS = ("canvas_id", "context", "canvas_entry_properties", "broadcast", "audience", "recipients")
RECIPIENT_FIELDS = ("external_user_id", "user_alias", "email", "prioritization", "send_to_existing_only", "attributes")
AUDIENCE_LEAVES = ("custom_attribute", "push_subscription_status", "email_subscription_status", "last_used_app")
PRIORITIES = ("identified", "unidentified", "most_recently_updated", "least_recently_updated")
MAX_PROPERTIES = 50 * 1024
PAST = ("Points awarded", "Wallet digest", "Welcome journey")
TOO_MANY = "The max number of external_ids and aliases per request was exceeded"


class Sends:
    """The two trigger endpoints."""

    def __init__(self, world: World, library: Library) -> None:
        self._world = world
        self._library = library
        self._calls = 0

    def recall(self, names: Iterable[str]) -> None:
        """Let active customers have received two campaigns and a Canvas before the sandbox began."""
        every = (*self._library.campaigns.values(), *self._library.canvases.values())
        wanted = [one for one in every if one.name in PAST]
        for person in self._world.people:
            profile = self._world.braze.by_external_id(person.user_id)
            if person.name in names and profile is not None:
                for index, target in enumerate(wanted):
                    at = self._world.born_at - timedelta(hours=2 + 100 * index, minutes=13 * index)
                    held = profile.campaigns_received if target.is_campaign else profile.canvases_received
                    held[target.id] = target.received(at.strftime("%Y-%m-%dT%H:%M:%S.000Z"))

    def campaign(self, body: Body) -> Reply:
        """POST /campaigns/trigger/send."""
        checks.only(body, CAMPAIGN_FIELDS)
        given = checks.required(body, "campaign_id")
        if not isinstance(given, str):
            raise BadField("campaign_id must be a string of the campaign api identifier")
        recipients = self._checked(body, ("trigger_properties",))
        if "send_id" in body:
            _check_send_id(body["send_id"])
        _check_attachments(body)
        target = self._library.campaigns.get(given)
        if target is None or not target.triggered:
            raise refuse(400, "Invalid Campaign ID")
        return self._sent(target, body, recipients)

    def canvas(self, body: Body) -> Reply:
        """POST /canvas/trigger/send."""
        checks.only(body, CANVAS_FIELDS)
        given = checks.text(checks.required(body, "canvas_id"), "canvas_id")
        recipients = self._checked(body, ("context", "canvas_entry_properties"))
        target = self._library.canvases.get(given)
        if target is None or not target.triggered:
            raise refuse(400, "Invalid Canvas ID")
        return self._sent(target, body, recipients)

    def _checked(self, body: Body, properties: tuple[str, ...]) -> list[Body]:
        """The recipients, every rule of the body checked."""
        broadcast = checks.boolean(body.get("broadcast", False), "broadcast")
        for name in properties:
            _check_properties(body, name)
        if "audience" in body:
            _check_audience(body["audience"])
        recipients = body.get("recipients")
        if broadcast:
            if recipients is not None or "attachments" in body:
                raise BadField("recipients and attachments cannot be used with broadcast")
            return []
        if recipients is not None and not isinstance(recipients, list):
            raise BadField("recipients must be an array")
        if not recipients:
            raise refuse(400, "No Recipients")
        if len(recipients) > 50:
            raise refuse(400, TOO_MANY)
        for index, recipient in enumerate(recipients):
            _check_recipient(recipient, f"recipients[{index}]", properties)
        return recipients

    def _sent(self, target: Sendable, body: Body, recipients: list[Body]) -> Reply:
        self._calls += 1
        answer: dict[str, Any] = {"dispatch_id": self._world.seed.hex(f"dispatch {self._calls}", 32)}
        if target.notice:
            return success(answer | {"notice": target.notice}, 201)
        if body.get("broadcast"):
            self._world.braze.broadcasts.append(body)
            answer["send_id"] = body.get("send_id") or self._world.seed.hex(f"send {self._calls}", 24)
        everybody: Iterable[Profile | None] = self._world.braze.profiles
        for profile in everybody if body.get("broadcast") else map(self._profile_for, recipients):
            if profile is not None:
                self._deliver(target, profile)
        return success(answer, 201)

    def _profile_for(self, recipient: Body) -> Profile | None:
        """Who the recipient is, made when the call says so; attributes are written first. None gets nothing."""
        memory = self._world.braze
        if "external_user_id" in recipient:
            profile = memory.by_external_id(recipient["external_user_id"])
            if profile is None and recipient.get("send_to_existing_only", True) is False:
                profile = memory.create(recipient["external_user_id"])
        elif "user_alias" in recipient:
            profile = memory.by_alias(recipient["user_alias"])
        else:
            profile = _prioritized(memory.by_field("email", recipient["email"]), recipient["prioritization"])
        if profile is not None and recipient.get("attributes"):
            self._world.braze.write(profile, recipient["attributes"])
        return profile

    def _deliver(self, target: Sendable, profile: Profile) -> None:
        """Note the message on the profile, unless the person opted out or may not enter again: both are silent."""
        now = self._world.clock().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        held = profile.campaigns_received if target.is_campaign else profile.canvases_received
        if profile.reachable and not (target.once_only and target.id in held):
            held[target.id] = target.received(now)


def _prioritized(found: list[Profile], order: list[str]) -> Profile | None:
    for rule in order:
        if rule == "identified":
            found = [one for one in found if one.external_id is not None]
        elif rule == "unidentified":
            found = [one for one in found if one.external_id is None]
        else:
            found = sorted(found, key=lambda one: one.updated_at, reverse=rule == "most_recently_updated")[:1]
    return found[0] if len(found) == 1 else None


def _check_properties(holder: Body, name: str) -> None:
    if name not in holder:
        return
    if not isinstance(holder[name], dict):
        raise BadField(f"{name} must be an object")
    if checks.size_of(holder[name]) > MAX_PROPERTIES:
        raise BadField(f"{name} exceeds 50 KB")


def _check_recipient(recipient: Any, where: str, properties: tuple[str, ...]) -> None:
    if not isinstance(recipient, dict):
        raise BadField(f"{where} must be an object")
    checks.only(recipient, RECIPIENT_FIELDS + properties, where)
    if sum(name in recipient for name in ("external_user_id", "user_alias", "email")) != 1:
        raise BadField(f"{where} needs exactly one of external_user_id, user_alias and email")
    for name in properties:
        _check_properties(recipient, name)
    if "attributes" in recipient and not isinstance(recipient["attributes"], dict):
        raise BadField(f"{where}.attributes must be an object")
    if not checks.boolean(recipient.get("send_to_existing_only", True), f"{where}.send_to_existing_only"):
        if not recipient.get("attributes"):
            raise BadField(f"{where}.attributes must be given when send_to_existing_only is false")
        if "user_alias" in recipient:
            raise BadField(f"{where}.send_to_existing_only cannot be used with user_alias")
    if "user_alias" in recipient:
        _check_alias(recipient["user_alias"], where)
    else:
        name = "email" if "email" in recipient else "external_user_id"
        checks.text(recipient[name], f"{where}.{name}")
    _check_prioritization(recipient, where)


def _check_alias(alias: Any, where: str) -> None:
    if not isinstance(alias, dict) or set(alias) != {"alias_name", "alias_label"}:
        raise BadField(f"{where}.user_alias needs alias_name and alias_label")
    for name in alias:
        checks.text(alias[name], f"{where}.user_alias.{name}")


def _check_prioritization(recipient: Body, where: str) -> None:
    given = recipient.get("prioritization")
    if "email" in recipient and not given:
        raise BadField(f"{where}.prioritization is required with email")
    if given is None:
        return
    if not isinstance(given, list) or any(rule not in PRIORITIES for rule in given):
        raise BadField(f"{where}.prioritization may hold {', '.join(PRIORITIES)}")
    if {"identified", "unidentified"} <= set(given):
        raise BadField(f"{where}.prioritization cannot be identified and unidentified at once")


def _check_audience(node: Any, depth: int = 0) -> None:
    """A tree of AND and OR over one leaf each. Source: Braze docs, connected audience object."""
    if not isinstance(node, dict) or len(node) != 1 or depth > 20:
        raise BadField("audience must be an object with one filter, AND or OR")
    ((name, inside),) = node.items()
    if name in ("AND", "OR"):
        if not isinstance(inside, list) or not inside:
            raise BadField(f"audience.{name} must be a list of filters")
        for one in inside:
            _check_audience(one, depth + 1)
    elif name not in AUDIENCE_LEAVES or not isinstance(inside, dict) or "comparison" not in inside:
        raise BadField(f"audience cannot filter on {name!r}")


def _check_send_id(value: Any) -> None:
    if not checks.text(value, "send_id", maximum=64).isascii():
        raise BadField("send_id must be ASCII")


def _check_attachments(body: Body) -> None:
    for index, attachment in enumerate(checks.listed(body.get("attachments", []), "attachments", lambda one, _: one)):
        where = f"attachments[{index}]"
        if not isinstance(attachment, dict):
            raise BadField(f"{where} must be an object")
        checks.only(attachment, ("file_name", "url"), where)
        checks.text(attachment.get("file_name"), f"{where}.file_name")
        checks.text(attachment.get("url"), f"{where}.url")
