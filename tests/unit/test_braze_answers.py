"""Braze's answers: users, campaigns and Canvases, message texts, and any other JSON."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.braze import answers, calls
from core.braze.api import Braze
from core.calls import Call, Effect
from core.customers import IdMatch
from core.errors import BadAnswer
from core.sends import Target, TargetKind
from core.sessionm.answers import customer_from_json

KEYS = st.sampled_from(
    ["users", "campaigns", "canvases", "messages", "steps", "content_blocks", "id", "name", "tags", "channel", "body"]
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12), KEYS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(KEYS, st.text(max_size=6)), inner)),
    max_leaves=20,
)
CAMPAIGN = Target(TargetKind.CAMPAIGN, "c1", "Old name", tags=("kept",))


@settings(deadline=None, max_examples=300)
@given(ANYTHING)
def test_any_json_is_read_or_refused_as_a_bad_answer_and_never_crashes(answer: Any) -> None:
    readers: list[Callable[[Any], object]] = [
        answers.users_from_json,
        lambda given: answers.targets_from_json(TargetKind.CAMPAIGN, given),
        lambda given: answers.target_details_from_json(CAMPAIGN, given),
    ]
    for read in readers:
        with contextlib.suppress(BadAnswer):
            read(answer)


def test_a_user_is_read_with_what_was_received_newest_first() -> None:
    row = {
        "external_id": "u1",
        "first_name": "Ana",
        "custom_attributes": {"drink": "flat \x1b white", "n": 3},
        "campaigns_received": [
            {"name": "A", "api_campaign_id": "a", "last_received": "2026-01-01T00:00:00.000Z"},
            None,
        ],
        "canvases_received": [
            {"name": "B", "api_canvas_id": "b", "last_received_message": "2026-02-01 00:00:00.000 UTC"},
            {"name": "C", "api_canvas_id": "c", "last_received_message": None},
        ],
    }
    (user,) = answers.users_from_json({"message": "success", "users": [row]})
    assert [(one.kind, one.id) for one in user.received] == [("Canvas", "b"), ("campaign", "a"), ("Canvas", "c")]
    assert user.received[0].at == datetime(2026, 2, 1, tzinfo=UTC)
    assert user.custom_attributes == {"drink": "flat \x1b white", "n": 3}
    assert user.email == ""


def test_nobody_found_is_an_empty_list_and_no_list_is_a_bad_answer() -> None:
    assert answers.users_from_json({"message": "success", "users": []}) == []
    for answer in ({}, {"users": None}, [], None):
        with pytest.raises(BadAnswer):
            answers.users_from_json(answer)


def test_targets_are_listed_with_tags_and_dates_and_rows_without_an_id_left_out() -> None:
    row = {"id": "c1", "name": "Spring", "tags": ["a", "b"], "last_edited": "2026-03-01T10:00:00+00:00"}
    target, without_id = answers.targets_from_json(TargetKind.CAMPAIGN, {"campaigns": [row, {"name": "no id"}, None]})
    assert without_id.id == ""
    assert (target.id, target.name, target.tags) == ("c1", "Spring", ("a", "b"))
    assert target.last_edited == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert target.state_words == ""
    with pytest.raises(BadAnswer):
        answers.targets_from_json(TargetKind.CANVAS, {"campaigns": []})


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ({"draft": False, "enabled": True, "archived": False}, "enabled"),
        ({"enabled": False}, "stopped"),
        ({"draft": True, "enabled": False}, "draft"),
        ({"archived": True, "draft": True}, "archived"),
        ({}, ""),
    ],
)
def test_details_give_the_state(flags: dict[str, bool], words: str) -> None:
    target, _ = answers.target_details_from_json(CAMPAIGN, {"name": "New name", **flags})
    assert (target.state_words, target.name, target.tags) == (words, "New name", ("kept",))


def test_details_keep_what_the_list_said_where_they_say_nothing() -> None:
    assert answers.target_details_from_json(CAMPAIGN, {})[0].name == "Old name"


def test_message_texts_come_out_as_source_with_their_field_and_step() -> None:
    message = {"channel": "email", "name": "Variant 1", "subject": "Hi {{${first_name}}}\r\n", "body": "<p>\x1b</p>"}
    _, texts = answers.target_details_from_json(CAMPAIGN, {"messages": {"v1": message, "control": {"type": "control"}}})
    assert [(text.field, text.text) for text in texts] == [
        ("subject", "Hi {{${first_name}}}\r\n"),
        ("body", "<p>\x1b</p>"),
    ]
    canvas = Target(TargetKind.CANVAS, "cv", "")
    _, steps = answers.target_details_from_json(
        canvas, {"steps": [{"name": "Day 1", "messages": {"m": message}}, None]}
    )
    assert {text.variation for text in steps} == {"Day 1: Variant 1"}


class Workspace:
    """A workspace that knows one person by one kind of id, and 230 campaigns."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.known = known
        self.asked: list[Call] = []

    async def read(self, call: Call) -> Any:
        self.asked.append(call)
        if call.endpoint == "braze.campaigns.list":
            page = int(dict(call.query)["page"])
            return {"campaigns": [{"id": f"c{number}"} for number in range(230)][page * 100 : page * 100 + 100]}
        body = call.body_json
        found = self.known.items() <= body.items()
        return {"message": "success", "users": [{"external_id": "x"}] if found else []}


@pytest.mark.parametrize(
    ("known", "match", "via"),
    [
        ({"external_ids": ["u1"]}, IdMatch.MATCH, "SessionM id"),
        ({"external_ids": ["CRM-1"]}, IdMatch.MISMATCH, "external id"),
        ({"email_address": "a@example.com"}, IdMatch.MISMATCH, "email"),
        ({"external_ids": ["nobody"]}, IdMatch.MISSING, ""),
    ],
)
async def test_the_link_says_by_which_id_braze_knows_the_person(
    known: dict[str, Any], match: IdMatch, via: str
) -> None:
    user = {"id": "u1", "external_id": "CRM-1", "email": "a@example.com"}
    workspace = Workspace(known)
    link = await Braze(workspace.read).link(customer_from_json({"user": user}))
    assert (link.match, link.via) == (match, via)
    assert all(call.effect is Effect.READ for call in workspace.asked)
    assert all("fields_to_export" in call.body_json for call in workspace.asked)


async def test_campaigns_are_read_page_by_page_until_one_is_not_full() -> None:
    workspace = Workspace({})
    pages = [page async for page in Braze(workspace.read).targets(TargetKind.CAMPAIGN)]
    assert [len(page) for page in pages] == [100, 100, 30]
    assert len(workspace.asked) == 3


def test_lists_and_details_read_and_every_trigger_writes() -> None:
    assert calls.list_call(TargetKind.CAMPAIGN, 0).effect is Effect.READ
    assert calls.details_call(TargetKind.CANVAS, "c v").target == "/canvas/details?canvas_id=c%20v"
