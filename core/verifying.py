"""Whether an unknown write arrived: what a trace on the other side proves, and that its absence proves nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.braze.answers import users_from_json
from core.braze.calls import export_by_external_id_call
from core.desk import Desk
from core.errors import InvalidInput
from core.ledger import Entry, EntryState
from core.moments import iso
from core.plans import PlanKind
from core.shapes import mapping
from core.tags import TagKind

# Two clocks are compared: ours when the request left, Braze's when it wrote the trace down, to the second.
CLOCK_SLACK = timedelta(seconds=60)
MOST_ASKED = 5
MAY_HAVE_ARRIVED = frozenset({EntryState.SENT, EntryState.UNKNOWN, EntryState.SENDING})


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and what it says. `proved`: it arrived. Otherwise nothing follows from it."""

    proved: bool
    words: str
    seen: tuple[str, ...] = ()


LOOKING = Finding(False, "Looking for a trace …")


async def verify(desk: Desk, entry: Entry) -> Finding:
    """Look for traces of `entry`, with reads only.

    Braze's export tells per person which campaigns and Canvases were last received and when (/users/export/ids:
    `campaigns_received`, `canvases_received`). Raises InvalidInput for an entry whose outcome is known, and whatever
    the reads raise.
    """
    if entry.state is not EntryState.UNKNOWN:
        raise InvalidInput("The outcome of this entry is known.", "Only an unknown one can be verified.")
    return await (_tags(desk, entry) if entry.kind is PlanKind.TAG else _received(desk, entry))


async def _received(desk: Desk, entry: Entry) -> Finding:
    noun = "campaign" if entry.kind is PlanKind.CAMPAIGN else "Canvas"
    found = await desk.ledger.entries(profile=entry.profile, search=entry.target_id)
    others = [other for other in found if other.id != entry.id and other.target_id == entry.target_id]
    asked = entry.recipients[:MOST_ASKED]
    traces = [await _trace(desk, entry, person, others) for person in asked]
    named = len(entry.recipients) > 1
    seen = [f"{person}: {words}" if named else words for person, (_, words) in zip(asked, traces, strict=True)]
    if len(asked) < len(entry.recipients):
        seen.append(f"{len(asked)} of {len(entry.recipients)} people were looked at")
    if any(proved for proved, _ in traces):
        return Finding(True, f"It arrived: Braze shows the {noun} as received after this was sent.", tuple(seen))
    words = f"Nothing is proved: the {noun} may be on its way, or Braze held it back for this person."
    return Finding(False, words, tuple(seen))


async def _trace(desk: Desk, entry: Entry, person: str, others: Sequence[Entry]) -> tuple[bool, str]:
    """Whether `person` shows that `entry` arrived, and what was seen."""
    users = users_from_json(await desk.read(export_by_external_id_call(person)))
    if not users:
        return False, "unknown to Braze"
    moments = [item.at for item in users[0].received if item.id == entry.target_id and item.at is not None]
    if not moments:
        return False, "no trace"
    last, since = max(moments), entry.created_at - CLOCK_SLACK
    if last < since:
        return False, f"last received {iso(last)}, before this was sent"
    if any(
        other.state in MAY_HAVE_ARRIVED and other.created_at > since and person in other.recipients for other in others
    ):
        return False, f"received {iso(last)}, which may be another send of ours"
    return True, f"received {iso(last)}"


async def _tags(desk: Desk, entry: Entry) -> Finding:
    body = mapping(json.loads(entry.body))
    tags = {tag.name: tag for tag in await desk.sessionm.tags(entry.target_id)}
    seen = []
    for name in body.get("tags") or ():
        tag = tags.get(name)
        if tag is None:
            seen.append(f"{name}: not there")
        elif tag.kind is TagKind.COUNTER:
            seen.append(f"{name}: a counter at {tag.count}")
        else:
            seen.append(f"{name}: there" + (f" until {iso(tag.expires_at)}" if tag.expires_at else ""))
    return Finding(False, "Nothing is proved: SessionM does not tell which post set a tag.", tuple(seen))
