"""Sending again what the ledger holds: the same request as a new plan, to be reviewed like any other."""

from __future__ import annotations

from typing import Any

from core.desk import Desk
from core.errors import Guarded, InvalidInput
from core.ledger import Entry, EntryState
from core.plans import Plan, PlanKind
from core.sends import Recipients, Target, TargetKind, parse_properties
from core.shapes import mapping
from core.tags import parse_ttl


def replan(desk: Desk, entry: Entry) -> Plan:
    """A new plan that sends the very bytes of `entry`.

    Raises Guarded when the entry was for another profile or host, is on its way right now, or when the request that
    this version would send is not the same to the byte.
    """
    if entry.profile != desk.profile.name or entry.base_url != desk.profile.url(entry.service):
        raise Guarded(
            f"That went through profile {entry.profile} to {entry.base_url}.", f"{desk.profile.name} speaks elsewhere."
        )
    if entry.state in (EntryState.PLANNED, EntryState.SENDING):
        raise Guarded("That has no outcome yet.", "Wait for it, or see the ledger after the next start.")
    plan = _plan(desk, entry)
    call = plan.call
    if (call.method, call.target, call.body) != (entry.method, entry.target, entry.body.encode()):
        raise Guarded("It cannot be sent again to the byte.", "Nothing left. Make a new tag or send instead.")
    return plan


def _plan(desk: Desk, entry: Entry) -> Plan:
    body = _decoded(entry.body)
    if entry.kind is PlanKind.TAG:
        names, seconds = body.get("tags"), body.get("ttl")
        ttl = parse_ttl(str(seconds), desk.clock.now()) if type(seconds) is int else None
        known = names if isinstance(names, list) else []
        return desk.plan_tags(entry.target_id, tuple(name for name in known if isinstance(name, str)), ttl)
    kind = TargetKind.CAMPAIGN if entry.kind is PlanKind.CAMPAIGN else TargetKind.CANVAS
    properties = body.get("trigger_properties" if kind is TargetKind.CAMPAIGN else "context")
    target = Target(kind, entry.target_id, entry.target_name)
    return desk.plan_send(target, Recipients.parse(entry.recipients), mapping(properties))


def _decoded(body: str) -> dict[str, Any]:
    try:
        return parse_properties(body)
    except InvalidInput as error:
        raise InvalidInput("The ledger's copy of the request cannot be read.", "Make a new tag or send.") from error
