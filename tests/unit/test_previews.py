"""Previews: what a customer fills in for a render, and what the data itself keeps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.braze.answers import users_from_json
from core.customers import BrazeLink, Customer, IdMatch
from core.previews import customer_attributes, with_customer
from core.render import RenderData
from core.sessionm.answers import customer_from_json, wallet_from_json

NOW = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)


def customer(**user: Any) -> Customer:
    return customer_from_json({"user": {"id": "u1", **user}})


def link(**row: Any) -> BrazeLink:
    (user,) = users_from_json({"users": [{"external_id": "u1", **row}]})
    return BrazeLink(IdMatch.MATCH, user)


def test_braze_says_what_braze_would_fill_in() -> None:
    found = customer_attributes(
        customer(first_name="Sessionm", email="s@example.com"),
        link(first_name="Braze", email="b@example.com", dob="1990-02-03", home_city=None, language="", random_bucket=0),
    )
    assert found == {
        "first_name": "Braze",
        "email_address": "b@example.com",
        "date_of_birth": "1990-02-03",
        "user_id": "u1",
        "random_bucket_number": 0,
    }


def test_without_a_braze_profile_sessionm_fills_in_what_it_knows() -> None:
    person = customer(
        first_name="Ana", email="a@example.com", locale="de_DE", city="Bern", phone_numbers=[{"phone_number": "+1555"}]
    )
    for absent in (None, BrazeLink(IdMatch.MISSING, None)):
        assert customer_attributes(person, absent) == {
            "first_name": "Ana",
            "email_address": "a@example.com",
            "language": "de",
            "city": "Bern",
            "phone_number": "+1555",
            "user_id": "u1",
        }
    assert customer_attributes(None, None) == {}


def test_what_the_data_says_itself_stands() -> None:
    wallet = wallet_from_json({"payload": {"available_points": 7}}, culture="en-US", read_at=NOW)
    data = RenderData(
        attributes={"first_name": "Typed"},
        namespaces={"custom_attribute": {"drink": "tea"}, "api_trigger_properties": {"a": 1}},
        variables={"x": 1},
    )
    full = with_customer(
        data,
        customer=customer(first_name="Ana"),
        link=link(first_name="Braze", custom_attributes={"drink": "coffee", "visits": 3}),
        wallet=wallet,
        properties={"a": 2, "b": 3},
    )
    assert full.attributes == {"first_name": "Typed", "user_id": "u1"}
    assert full.namespaces["custom_attribute"] == {"drink": "tea", "visits": 3}
    assert full.namespaces["api_trigger_properties"] == {"a": 1, "b": 3}
    assert full.variables == {"x": 1, "wallet": {"payload": {"available_points": 7}}}
    assert with_customer(RenderData(variables={"wallet": "mine"}), wallet=wallet).variables == {"wallet": "mine"}
    assert data.attributes == {"first_name": "Typed"}


def test_an_empty_customer_changes_nothing() -> None:
    assert with_customer(RenderData()) == RenderData()
