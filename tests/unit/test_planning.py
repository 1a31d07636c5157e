"""Planning: from what a person chose to the exact call, the words of the review, and the phrase to type."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clean import safe
from core.customers import BrazeLink, Customer, IdMatch
from core.errors import Guarded, InvalidInput
from core.planning import body_preview, plan_send, plan_tags
from core.plans import PLAN_LIFETIME, Confirmation, Plan, check_confirmation
from core.profiles import Profile
from core.sends import Broadcast, Recipients, Target, TargetKind
from core.sessionm.answers import customer_from_json
from core.tags import Tag, TagKind, Ttl

NOW = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)
USER = "6f1c0a52-0000-4000-8000-00000000a001"
CAMPAIGN = Target(TargetKind.CAMPAIGN, "c7d2", "Points expiring", enabled=True, channels=("email",))


def profile(environment: str = "sandbox") -> Profile:
    return Profile.make(
        name="acme",
        environment=environment,
        core_url="https://core.example",
        connect_url="https://connect.example",
        braze_url="US-05",
        retailer_id="0b7e0000-0000-4000-8000-00000000b0b0",
    )


def customer(**user: Any) -> Customer:
    return customer_from_json({"user": {"id": USER, "first_name": "Ana", **user}})


def send(
    target: Target = CAMPAIGN,
    people: tuple[str, ...] = (USER,),
    properties: dict[str, Any] | None = None,
    environment: str = "sandbox",
    **more: Any,
) -> Plan:
    audience = Recipients.parse(people)
    return plan_send(profile(environment), target, audience, properties or {}, plan_id="p", now=NOW, **more)


def tags(*names: str, environment: str = "sandbox", ttl: Ttl | None = None, **more: Any) -> Plan:
    return plan_tags(profile(environment), USER, names, ttl, plan_id="p", now=NOW, zone=UTC, **more)


def line(plan: Plan, label: str) -> tuple[str, str]:
    (found,) = [(one.value, one.note) for one in plan.lines if one.label == label]
    return found


def test_a_tag_plan_carries_exactly_what_the_call_will_send() -> None:
    plan = tags("a", "b", ttl=Ttl(60, NOW + timedelta(seconds=60)))
    assert (plan.recipients, plan.target_id, plan.base_url) == ((USER,), USER, "https://core.example")
    assert plan.call.body == b'{"tags":["a","b"],"ttl":60}'
    assert plan.call.target == f"/priv/v1/apps/{{core_key}}/users/{USER}/tags"
    assert line(plan, "tags") == ("a, b", "2 expiring")
    assert line(plan, "ttl")[0] == "60 s = 1 min, until today 21:15"


def test_the_review_tells_new_tags_from_known_ones_or_that_it_does_not_know() -> None:
    plan = tags("a", "b", current=[Tag("a", TagKind.COUNTER, 1, None)])
    assert (line(plan, "will create")[0], line(plan, "will change")[0]) == ("b", "a")
    assert line(tags("a"), "will create")[0] == "not known"


@pytest.mark.parametrize("user_id", ["", ".", "..", "a\nb", "a\x00", "\ud800"])
def test_an_id_that_would_be_another_path_or_cannot_be_seen_is_refused(user_id: str) -> None:
    with pytest.raises(InvalidInput):
        plan_tags(profile(), user_id, ("a",), None, plan_id="p", now=NOW)


def test_a_send_plan_says_who_and_that_it_is_no_whole_segment() -> None:
    link = BrazeLink(IdMatch.MATCH, None)
    plan = send(properties={"offer_id": "o1"}, customer=customer(), link=link)
    assert line(plan, "goes to") == ("1 person", f"Ana · {USER} · ids agree")
    assert line(plan, "whole segm.") == ("no", 'the request says so: "broadcast": false')
    assert line(plan, "properties")[0] == "offer_id"
    assert plan.warnings == ()
    assert plan.call.body_json["trigger_properties"] == {"offer_id": "o1"}


def test_many_people_are_shown_by_the_first_three_and_the_last() -> None:
    plan = send(people=tuple(f"u{number}" for number in range(50)))
    assert line(plan, "goes to") == ("50 people", "u0, u1, u2, …, u49")


def test_a_whole_segment_cannot_be_planned() -> None:
    with pytest.raises(Guarded):
        plan_send(profile(), CAMPAIGN, Broadcast("Points expiring"), {}, plan_id="p", now=NOW)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"target": replace(CAMPAIGN, archived=True)}, "archived"),
        ({"target": replace(CAMPAIGN, draft=True)}, "draft"),
        ({"target": replace(CAMPAIGN, enabled=False)}, "stopped"),
        ({"target": replace(CAMPAIGN, enabled=None)}, "not known"),
        ({"customer": customer(suspended=True)}, "suspended"),
        ({"customer": customer(), "link": BrazeLink(IdMatch.MISSING, None)}, "does not know"),
        ({"properties": {"a": "{{x}}"}}, "Liquid"),
        ({"properties": {"a": ["cut \ufffd"]}}, "broken before it came"),
    ],
)
def test_what_may_go_wrong_is_warned_of(more: dict[str, Any], said: str) -> None:
    assert any(said in warning for warning in send(**more).warnings)


def test_only_production_asks_for_a_phrase_and_it_can_always_be_typed() -> None:
    assert send().phrase == ""
    assert send(environment="production").phrase == "Points expiring"
    assert send(replace(CAMPAIGN, name=""), environment="production").phrase == "c7d2"
    for name in (" Spring ", "   ", "日本 🦊", "a\\x1bb"):
        plan = send(replace(CAMPAIGN, name=name), environment="production")
        assert plan.phrase
        check_confirmation(plan, Confirmation(plan.id, plan.digest, plan.phrase), NOW)


@pytest.mark.parametrize("phrase", ["", "points expiring", "Points", "yes", "c7d2"])
def test_any_other_phrase_is_refused(phrase: str) -> None:
    plan = send(environment="production")
    with pytest.raises(Guarded):
        check_confirmation(plan, Confirmation(plan.id, plan.digest, phrase), NOW)


def test_a_confirmation_holds_for_ten_minutes_and_this_very_plan() -> None:
    plan = send()
    yes = Confirmation(plan.id, plan.digest)
    check_confirmation(plan, yes, NOW + PLAN_LIFETIME - timedelta(seconds=1))
    with pytest.raises(Guarded, match="10 minutes"):
        check_confirmation(plan, yes, NOW + PLAN_LIFETIME)
    others = [
        send(properties={"a": 1}),
        send(people=("someone-else",)),
        send(replace(CAMPAIGN, id="other")),
        send(replace(CAMPAIGN, kind=TargetKind.CANVAS)),
        send(environment="staging"),
        replace(plan, profile="other"),
        replace(plan, base_url="https://elsewhere.example"),
        replace(plan, recipients=(USER, "more")),
        replace(plan, call=replace(plan.call, body=(plan.call.body or b"") + b" ")),
    ]
    for other in others:
        with pytest.raises(Guarded, match="not what would go"):
            check_confirmation(other, yes, NOW)


HOSTILE = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(deadline=None)
@given(HOSTILE, HOSTILE, st.dictionaries(HOSTILE, HOSTILE, max_size=3))
def test_no_line_of_a_review_can_command_a_terminal(name: str, email: str, properties: dict[str, str]) -> None:
    person = customer(first_name=name, email=email)
    plan = send(replace(CAMPAIGN, name=safe(name)), properties=properties, customer=person)
    shown = [part for one in plan.lines for part in (one.value, one.note)] + [*plan.warnings]
    assert [safe(text) for text in shown] == shown
    preview = body_preview(plan)
    assert all(safe(text) == text for text in preview.split("\n"))


def test_the_preview_is_the_body_laid_out() -> None:
    plan = tags("東京")
    assert json.loads(body_preview(plan)) == {"tags": ["東京"]}
    assert body_preview(plan).splitlines()[0] == "{"
