"""Replay: what the ledger holds goes again to the byte, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.adapters.clock import SystemClock
from core.adapters.wire import HttpWire
from core.deck import _ReadsOnly
from core.desk import Desk
from core.entries import sent_again
from core.errors import Guarded, InvalidInput, OfferdeckError
from core.gate import Gate
from core.ledger import Entry, EntryState
from core.plans import Plan
from core.profiles import Profile
from core.replay import replan
from core.sends import Recipients, Target, TargetKind
from core.tags import Ttl

NOW = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)
USER = "6f1c0a52-0000-4000-8000-00000000a001"


@pytest.fixture
def desk() -> Desk:
    """A desk that plans; nothing here reads or sends."""
    profile = Profile.make(
        name="acme",
        environment="production",
        core_url="https://core.example",
        connect_url="https://connect.example",
        braze_url="US-05",
        retailer_id="0b7e0000-0000-4000-8000-00000000b0b0",
    )
    clock = SystemClock()

    async def never(call: object) -> Any:
        raise AssertionError("nothing is read to plan")

    gate = Gate(profile, clock)
    unused: Any = None
    pulse = HttpWire(profile, unused, clock)
    return Desk(profile, never, _ReadsOnly(), unused, gate, clock, pulse)


def kept(plan: Plan) -> Entry:
    """The entry that `plan` leaves once it was accepted."""
    call = plan.call
    return Entry(
        id=plan.id,
        kind=plan.kind,
        profile=plan.profile,
        environment=plan.environment.value,
        base_url=plan.base_url,
        service=call.service,
        endpoint=call.endpoint,
        method=call.method,
        target=call.target,
        body=(call.body or b"").decode(),
        digest=plan.digest,
        target_id=plan.target_id,
        target_name=plan.target_name,
        recipients=plan.recipients,
        state=EntryState.SENT,
        created_at=NOW,
    )


def plans(desk: Desk) -> list[Plan]:
    people = Recipients.parse(["u1", " ü/日 "])
    properties = {"offer_id": "o", "nested": {"a": [1, None, 2.5]}, "text": "日本 {{x}}"}
    return [
        desk.plan_tags(USER, ("a", "b c", "日"), Ttl(60, NOW)),
        desk.plan_tags(USER, ("a",), None),
        desk.plan_send(Target(TargetKind.CAMPAIGN, "c1", "Spring"), people, properties),
        desk.plan_send(Target(TargetKind.CANVAS, "cv", ""), people, properties),
        desk.plan_send(Target(TargetKind.CAMPAIGN, "c1", ""), people, {}),
    ]


def test_every_kind_goes_again_to_the_byte_as_a_plan_of_its_own(desk: Desk) -> None:
    for plan in plans(desk):
        again = replan(desk, kept(plan))
        assert (again.call, again.recipients, again.kind) == (plan.call, plan.recipients, plan.kind)
        assert again.id != plan.id
        assert again.phrase == plan.phrase != ""


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: replace(entry, body=entry.body[:-1] + ',"broadcast":true}'),
        lambda entry: replace(entry, body=entry.body + " "),
        lambda entry: replace(entry, body=entry.body.replace("u1", "u2")),
        lambda entry: replace(entry, recipients=("u1",)),
        lambda entry: replace(entry, target_id="another"),
        lambda entry: replace(entry, target="/campaigns/trigger/schedule/create"),
        lambda entry: replace(entry, method="PUT"),
        lambda entry: replace(entry, base_url="https://rest.iad-01.braze.com"),
        lambda entry: replace(entry, profile="other"),
        lambda entry: replace(entry, state=EntryState.SENDING),
        lambda entry: replace(entry, state=EntryState.PLANNED),
    ],
)
def test_an_entry_that_was_changed_or_belongs_elsewhere_is_refused(desk: Desk, change: Any) -> None:
    entry = kept(plans(desk)[2])
    replan(desk, entry)
    with pytest.raises(Guarded):
        replan(desk, change(entry))


@pytest.mark.parametrize("which", range(5))
def test_what_may_have_happened_goes_again_only_with_its_name_typed(desk: Desk, which: int) -> None:
    plan = replace(plans(desk)[which], phrase="")
    warned = sent_again(desk, replace(kept(plan), state=EntryState.UNKNOWN))
    assert warned.phrase == (plan.target_name or plan.target_id)
    assert "reach people twice" in warned.warnings[0]
    assert sent_again(desk, kept(plan)).warnings == plan.warnings


@pytest.mark.parametrize("body", ["", "not json", "[]", "null", '{"tags": null}', '{"tags": [1], "ttl": "x"}'])
def test_a_body_that_makes_no_sense_is_refused(desk: Desk, body: str) -> None:
    for plan in plans(desk):
        with pytest.raises(OfferdeckError) as refused:
            replan(desk, replace(kept(plan), body=body))
        assert isinstance(refused.value, Guarded | InvalidInput)
