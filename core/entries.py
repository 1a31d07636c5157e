"""An entry of the ledger as what it was: the request, its day, and everything of it as JSON."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from core.calls import Call, Effect, Slot
from core.ledger import Entry, EntryState
from core.moments import iso

if TYPE_CHECKING:
    from core.desk import Desk
    from core.plans import Plan

_SLOT = re.compile(r"\{(\w+)\}\Z")


def call_of(entry: Entry) -> Call:
    """The request of `entry` as a value, to show it as HTTP or curl; placeholders stand where secrets stood.

    A brace in a person's id was percent-encoded when the target was written, so a bare one is always a placeholder.
    """
    parts = urlsplit(entry.target)
    path: list[str | Slot] = []
    for segment in parts.path.removeprefix("/").split("/"):
        slot = _SLOT.match(segment)
        path.append(Slot(slot[1]) if slot else unquote(segment))
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    method: Any = entry.method
    body = entry.body.encode("utf-8", "surrogatepass") if entry.body else None
    return Call(entry.endpoint, entry.service, method, tuple(path), Effect.WRITE, query, body)


def sent_again(desk: Desk, entry: Entry) -> Plan:
    """The same request as a new plan for the review. Raises what `replan()` raises.

    While the first one's outcome is unknown it may reach people twice, so the name must be typed.
    """
    from core.replay import replan

    plan = replan(desk, entry)
    if entry.state is not EntryState.UNKNOWN:
        return plan
    warning = "The outcome of the first one is unknown: this may reach people twice."
    return replace(plan, phrase=plan.target_name or plan.target_id, warnings=(warning, *plan.warnings))


def entry_document(entry: Entry) -> dict[str, Any]:
    """`entry` as JSON values: `state` is planned, sending, sent (accepted), rejected, not_sent or unknown.

    Times are ISO 8601 in UTC. What `ledger --json` answers.
    """
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "state": entry.state.value,
        "marked_by_person": entry.marked_by_person,
        "profile": entry.profile,
        "environment": entry.environment,
        "created_at": iso(entry.created_at),
        "settled_at": iso(entry.settled_at) if entry.settled_at else None,
        "target_id": entry.target_id,
        "target_name": entry.target_name,
        "recipients": list(entry.recipients),
        "service": entry.service.value,
        "endpoint": entry.endpoint,
        "reason": entry.reason,
        "warnings": list(entry.warnings),
        "dispatch_id": entry.reference or None,
        "status": entry.status,
        "attempts": entry.attempts,
        "elapsed_s": round(entry.elapsed_s, 3),
        "digest": entry.digest,
        "request": {"method": entry.method, "url": entry.base_url + entry.target, "body": entry.body},
        "answer": entry.answer_body,
    }
