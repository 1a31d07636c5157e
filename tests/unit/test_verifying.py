"""Verifying: what a trace on Braze's side proves, and when it may be the trace of something else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from core.calls import Service
from core.errors import InvalidInput
from core.ledger import Entry, EntryState
from core.plans import PlanKind
from core.verifying import verify

SENT_AT = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)


def entry(name: str, state: EntryState, at: datetime = SENT_AT, people: tuple[str, ...] = ("u1",)) -> Entry:
    return Entry(
        id=name,
        kind=PlanKind.CAMPAIGN,
        profile="acme",
        environment="staging",
        base_url="https://rest.example",
        service=Service.BRAZE,
        endpoint="braze.campaigns.trigger.send",
        method="POST",
        target="/campaigns/trigger/send",
        body="{}",
        digest="",
        target_id="c-1",
        target_name="Points expiring",
        recipients=people,
        state=state,
        created_at=at,
    )


def desk(received_at: datetime | None, others: Sequence[Entry] = ()) -> Any:
    """A desk whose Braze says when the campaign was last received, and whose ledger holds `others`."""
    moment = None if received_at is None else received_at.isoformat()
    rows = [{"api_campaign_id": "c-1", "last_received": moment}] if moment else []

    async def read(call: object) -> Any:
        return {"users": [{"external_id": "u1", "campaigns_received": rows}]}

    async def entries(**asked: object) -> Sequence[Entry]:
        return others

    return SimpleNamespace(read=read, ledger=SimpleNamespace(entries=entries))


@pytest.mark.parametrize(("seconds", "proved"), [(5, True), (-30, True), (-61, False), (None, False)])
async def test_only_a_trace_after_the_request_left_proves_that_it_arrived(seconds: int | None, proved: bool) -> None:
    received_at = None if seconds is None else SENT_AT + timedelta(seconds=seconds)
    found = await verify(desk(received_at), entry("one", EntryState.UNKNOWN))
    assert found.proved is proved


@pytest.mark.parametrize(
    ("state", "proved"),
    [
        (EntryState.SENT, False),
        (EntryState.UNKNOWN, False),
        (EntryState.SENDING, False),
        (EntryState.REJECTED, True),
        (EntryState.NOT_SENT, True),
        (EntryState.PLANNED, True),
    ],
)
async def test_a_trace_that_may_be_another_sends_proves_nothing(state: EntryState, proved: bool) -> None:
    other = entry("two", state, SENT_AT + timedelta(minutes=3))
    found = await verify(desk(SENT_AT + timedelta(minutes=4), [other]), entry("one", EntryState.UNKNOWN))
    assert found.proved is proved
    elsewhere = entry("two", state, SENT_AT + timedelta(minutes=3), people=("u2",))
    found = await verify(desk(SENT_AT + timedelta(minutes=4), [elsewhere]), entry("one", EntryState.UNKNOWN))
    assert found.proved


async def test_a_known_outcome_is_not_verified() -> None:
    with pytest.raises(InvalidInput, match="known"):
        await verify(desk(None), entry("one", EntryState.SENT))
