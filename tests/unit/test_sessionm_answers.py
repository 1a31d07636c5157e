"""SessionM's answers: every shape its documentation, its SDKs and its customers have seen, and any other JSON."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.customers import CustomerRef, IdKind
from core.errors import BadAnswer, InvalidInput
from core.sessionm.answers import (
    customer_from_json,
    players_from_json,
    points_from_json,
    points_per_day_from_json,
    tags_from_json,
    wallet_from_json,
)
from core.sessionm.calls import customer_call, post_tags_call, tags_call, wallet_call
from core.tags import TagKind

NOW = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)
USER = "6f1c0a52-0000-4000-8000-00000000a001"
KEYS = st.sampled_from(
    ["user", "payload", "tags", "user_tags", "players", "id", "user_offers", "results", "details", "summary", "count"]
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12), KEYS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(KEYS, st.text(max_size=6)), inner)),
    max_leaves=20,
)


@settings(deadline=None, max_examples=300)
@given(ANYTHING)
def test_any_json_is_read_or_refused_as_a_bad_answer_and_never_crashes(answer: Any) -> None:
    for read in (customer_from_json, points_from_json, players_from_json):
        with contextlib.suppress(BadAnswer):
            read(answer)
    with contextlib.suppress(BadAnswer):
        wallet = wallet_from_json(answer, culture="en-US", read_at=NOW)
        for offer in wallet.offers:
            offer.state(NOW)
    assert all(tag.name for tag in tags_from_json(answer, NOW))
    assert len(points_per_day_from_json(answer, NOW)) == 90


def test_endless_nesting_is_read_without_falling_over() -> None:
    answer: Any = {"tags": 1}
    for _ in range(5_000):
        answer = {"tags": answer}
    assert [tag.name for tag in tags_from_json(answer, NOW)] == ["tags"]


FULL = {
    "status": "ok",
    "user": {
        "id": USER,
        "external_id": "CRM-000123",
        "opted_in": "true",
        "activated": True,
        "suspended": False,
        "email": "ana@example.com",
        "first_name": "Ana",
        "last_name": "Prado",
        "created_at": "2026-01-05 10:20:30",
        "account_status": "good",
        "available_points": 120.0,
        "tier": "Silver",
        "auth_token": "CANARY",
        "identifiers": [{"external_id": "CRM-000123", "external_id_type": "crm"}, None],
        "phone_numbers": [{"phone_number": "+15550100", "phone_type": "mobile"}],
        "user_profile": {"_version": 4, "unknown": {"kept": True}},
    },
}


def test_a_full_customer_is_read_and_what_is_not_known_is_kept() -> None:
    customer = customer_from_json(FULL)
    assert (customer.user_id, customer.external_id, customer.name) == (USER, "CRM-000123", "Ana Prado")
    assert (customer.opted_in, customer.suspended, customer.tier) == (True, False, "Silver")
    assert customer.identifiers == (("crm", "CRM-000123"),)
    assert customer.phone == "+15550100"
    assert customer.created_at == datetime(2026, 1, 5, 10, 20, 30, tzinfo=UTC)
    assert customer.document["user"]["user_profile"]["unknown"] == {"kept": True}


def test_the_auth_token_is_masked_in_what_is_kept() -> None:
    assert "CANARY" not in json.dumps(customer_from_json(FULL).document, ensure_ascii=False)
    assert "CANARY" in json.dumps(FULL)


def test_a_customer_of_nulls_is_a_customer_with_absences() -> None:
    nulls = dict.fromkeys(FULL["user"])  # type: ignore[arg-type]
    customer = customer_from_json({"user": {**nulls, "id": USER}})
    assert (customer.name, customer.phone, customer.identifiers, customer.available_points) == (USER, "", (), None)
    assert (customer.opted_in, customer.created_at, customer.tier) == (None, None, "")


def test_the_tier_may_stand_in_the_details_only() -> None:
    details = {"tier_levels": [{"tier_overview": {"name": "Gold"}}]}
    assert customer_from_json({"user": {"id": USER, "tier_details": details}}).tier == "Gold"
    assert customer_from_json({"user": {"id": USER, "tier_details": {"tier_levels": None}}}).tier == ""


@pytest.mark.parametrize("answer", [None, [], {}, {"user": None}, {"user": {"email": "a@example.com"}}])
def test_an_answer_without_a_customer_is_a_bad_answer(answer: object) -> None:
    with pytest.raises(BadAnswer):
        customer_from_json(answer)


def test_a_search_gives_players_and_skips_rows_without_an_id() -> None:
    found = players_from_json({"players": [{"id": USER, "email": "a@example.com"}, {"email": "b@example.com"}, None]})
    assert [customer.user_id for customer in found] == [USER]
    assert players_from_json({"players": None}) == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"tags": {"a": 3}}, [("a", TagKind.COUNTER, 3, None)]),
        ({"tags": {"a": "3"}}, [("a", TagKind.COUNTER, 3, None)]),
        ({"tags": {"a": {"count": 3}}}, [("a", TagKind.COUNTER, 3, None)]),
        ({"tags": {"a": {"type": "counter"}}}, [("a", TagKind.COUNTER, None, None)]),
        ({"tags": {"a": {"ttl": 60}}}, [("a", TagKind.EXPIRING, None, NOW + timedelta(seconds=60))]),
        (
            {"tags": {"a": {"expires_at": "2026-12-01 00:00:00"}}},
            [("a", TagKind.EXPIRING, None, datetime(2026, 12, 1, tzinfo=UTC))],
        ),
        (
            {"tags": {"a": {"expires_at": 1_764_547_200}}},
            [("a", TagKind.EXPIRING, None, datetime(2025, 12, 1, tzinfo=UTC))],
        ),
        ({"tags": {"a": {"kind": "EXPIRING"}}}, [("a", TagKind.EXPIRING, None, None)]),
        ({"tags": {"a": None}}, [("a", TagKind.UNKNOWN, None, None)]),
        ({"tags": {"a": True}}, [("a", TagKind.UNKNOWN, None, None)]),
        (
            {"tags": ["a", {"tag": "b", "count": 2}, {"name": "c"}, {}, None]},
            [("a", TagKind.UNKNOWN, None, None), ("b", TagKind.COUNTER, 2, None), ("c", TagKind.UNKNOWN, None, None)],
        ),
        ({"payload": {"tags": {"a": 1}}}, [("a", TagKind.COUNTER, 1, None)]),
        ({"payload": {"a": 1}}, [("a", TagKind.COUNTER, 1, None)]),
        ({"user_tags": {"a": 1}}, [("a", TagKind.COUNTER, 1, None)]),
        (
            {"tags": {"tags": 3, "payload": 1}},
            [("tags", TagKind.COUNTER, 3, None), ("payload", TagKind.COUNTER, 1, None)],
        ),
        ({"tags": {"tags": {"count": 2}}}, [("tags", TagKind.COUNTER, 2, None)]),
        ({"tags": None}, []),
        ({"tags": []}, []),
        ({"status": "ok"}, []),
        (None, []),
    ],
)
def test_tags_are_read_in_every_shape(answer: object, expected: list[tuple[str, TagKind, Any, Any]]) -> None:
    found = tags_from_json(answer, NOW)
    assert [(tag.name, tag.kind, tag.count, tag.expires_at) for tag in found] == expected


def test_a_tag_keeps_what_came_for_it() -> None:
    (tag,) = tags_from_json({"tags": {"a": {"odd": [1]}}}, NOW)
    assert tag.raw == {"odd": [1]}


def test_points_are_summed_over_accounts_and_the_disputed_total_is_left_alone() -> None:
    details = [
        {"account_name": "Base Points", "available_balance": 120.0, "life_time_value": 900.0},
        {"account_name": "Bonus", "available_balance": "5.5"},
        {"account_name": "Closed", "available_balance": None},
    ]
    points = points_from_json(
        {"payload": {"summary": {"total_points": 7, "life_time_points": 900}, "details": details}}
    )
    assert (points.available, points.lifetime, len(points.accounts)) == (125.5, 900, 3)
    assert points_from_json({"payload": {"summary": None, "details": None}}).available is None
    with pytest.raises(BadAnswer):
        points_from_json({"payload": None})


def test_points_per_day_count_what_was_issued_and_nothing_else() -> None:
    def row(days: float, amount: object) -> dict[str, object]:
        return {"time_of_occurrence": (NOW - timedelta(days=days)).isoformat(), "modification": amount}

    rows = [row(0.5, 10), row(0.9, 5), row(1.5, 7), row(2, -50), row(89.5, 1), row(90.5, 99), row(-1, 99), {}]
    counted = points_per_day_from_json({"payload": {"results": rows}}, NOW)
    assert (counted[89], counted[88], counted[0], sum(counted)) == (15, 7, 1, 23)


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_an_id_that_would_be_another_path_makes_no_call(value: str) -> None:
    for make in (lambda: tags_call(value), lambda: customer_call(CustomerRef(IdKind.USER_ID, value))):
        with pytest.raises(InvalidInput):
            make()


def test_ids_are_encoded_into_one_segment_and_keys_stay_placeholders() -> None:
    call = post_tags_call("a/b?c#日", ("t",), 5)
    assert call.target == "/priv/v1/apps/{core_key}/users/a%2Fb%3Fc%23%E6%97%A5/tags"
    found = customer_call(CustomerRef(IdKind.EXTERNAL_ID, "x y"))
    assert found.target.startswith("/priv/v1/apps/{core_key}/external/users/x%20y?user%5Buser_profile%5D=true&")
    by_mail = customer_call(CustomerRef(IdKind.EMAIL, "a+b@example.com"))
    assert "email=a%2Bb%40example.com" in by_mail.target


def test_the_wallet_call_has_the_documented_body() -> None:
    assert wallet_call("r", "u", "de-DE", skip=1000).body_json == {
        "retailer_id": "r",
        "user_id": "u",
        "skip": 1000,
        "take": 1000,
        "include_pending_extended_data": False,
        "culture": "de-DE",
    }
