"""Plans: a yes holds for exactly what was reviewed, for ten minutes, with its phrase."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calls import Call, Effect, Service
from core.errors import Guarded
from core.plans import PLAN_LIFETIME, Confirmation, Line, Plan, PlanKind, check_confirmation
from core.profiles import Environment

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def call(body: bytes = b'{"x":1}') -> Call:
    return Call("braze.campaigns.trigger.send", Service.BRAZE, "POST", ("campaigns",), Effect.WRITE, body=body)


def plan(**changes: Any) -> Plan:
    made = Plan(
        id="plan-1",
        kind=PlanKind.CAMPAIGN,
        profile="acme",
        environment=Environment.PRODUCTION,
        base_url="https://api.example",
        call=call(),
        target_id="c-1",
        target_name="Points expiring",
        recipients=("a", "b"),
        lines=(Line("campaign", "Points expiring"),),
        warnings=(),
        made_at=NOON,
        phrase="Points expiring",
    )
    return replace(made, **changes)


def yes(to: Plan, phrase: str = "Points expiring") -> Confirmation:
    return Confirmation(to.id, to.digest, phrase)


def test_a_yes_to_the_plan_as_it_is_passes() -> None:
    check_confirmation(plan(), yes(plan()), NOON)
    check_confirmation(plan(), yes(plan(), "  Points expiring\n"), NOON + PLAN_LIFETIME - timedelta(microseconds=1))
    check_confirmation(plan(phrase=""), yes(plan(phrase=""), ""), NOON)


CHANGES: dict[str, Any] = {
    "id": "plan-2",
    "kind": PlanKind.CANVAS,
    "profile": "acme-test",
    "environment": Environment.STAGING,
    "base_url": "https://evil.example",
    "call": call(b'{"x":2}'),
    "target_id": "c-2",
    "target_name": "Win back",
    "recipients": ("a", "c"),
    "phrase": "",
}


@pytest.mark.parametrize("field", list(CHANGES))
def test_any_change_after_the_yes_is_refused(field: str) -> None:
    with pytest.raises(Guarded, match="not what would go"):
        check_confirmation(plan(**{field: CHANGES[field]}), yes(plan()), NOON)


def test_every_field_that_says_what_goes_is_among_them() -> None:
    assert {one.name for one in fields(Plan)} - set(CHANGES) == {"lines", "warnings", "made_at"}


@pytest.mark.parametrize("after", [timedelta(minutes=10), timedelta(days=1)])
def test_a_yes_grows_old(after: timedelta) -> None:
    with pytest.raises(Guarded, match="older than 10 minutes"):
        check_confirmation(plan(), yes(plan()), NOON + after)


@pytest.mark.parametrize(
    "typed", ["", "points expiring", "Points  expiring", "Points expirin", "Points expiring!", "y"]
)
def test_a_phrase_is_typed_to_the_letter(typed: str) -> None:
    with pytest.raises(Guarded, match="not typed as shown"):
        check_confirmation(plan(), yes(plan(), typed), NOON)


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_no_two_lists_of_recipients_look_alike(one: list[str], two: list[str]) -> None:
    same = plan(recipients=tuple(one)).digest == plan(recipients=tuple(two)).digest
    assert same is (one == two)


def test_a_recipient_cannot_pass_for_a_name() -> None:
    assert plan(recipients=("a\nb",)).digest != plan(recipients=("a", "b")).digest
    assert plan(phrase="x", recipients=()).digest != plan(phrase="", recipients=("x",)).digest
