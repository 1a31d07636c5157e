"""Sending again what the ledger holds: the same request as a new plan, to be reviewed like any other."""

from __future__ import annotations

import json
from datetime import timedelta

from core.desk import Desk
from core.errors import Guarded, InvalidInput
from core.ledger import Entry, EntryState
from core.plans import Plan, PlanKind
from core.sends import Recipients, Target, TargetKind
from core.shapes import mapping
from core.tags import Ttl


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
    body = mapping(_decoded(entry.body))
    if entry.kind is PlanKind.TAG:
        seconds = body.get("ttl")
        ttl = Ttl(seconds, desk.clock.now() + timedelta(seconds=seconds)) if isinstance(seconds, int) else None
        names = body.get("tags")
        return desk.plan_tags(entry.target_id, tuple(names) if isinstance(names, list) else (), ttl)
    kind = TargetKind.CAMPAIGN if entry.kind is PlanKind.CAMPAIGN else TargetKind.CANVAS
    properties = body.get("trigger_properties" if kind is TargetKind.CAMPAIGN else "context") or {}
    target = Target(kind, entry.target_id, entry.target_name)
    return desk.plan_send(target, Recipients.parse(entry.recipients), mapping(properties))


def _decoded(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError as error:
        raise InvalidInput(
            "The ledger's copy of the request is not JSON.", "Make a new tag or send instead."
        ) from error
