"""An entry of the ledger is the request it was, and where values came from is the request that read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.braze.calls import trigger_call
from core.calls import Call, Service
from core.entries import call_of, entry_document
from core.ledger import Entry, EntryState
from core.offers import Offer
from core.plans import PlanKind
from core.profiles import Environment, Profile
from core.sends import Recipients, TargetKind
from core.sessionm.calls import post_tags_call
from core.sources import customer_sources, wallet_source

PROFILE = Profile.make(
    name="acme",
    environment=Environment.STAGING,
    core_url="https://core.example",
    connect_url="https://connect.example",
    braze_url="US-05",
    retailer_id="d35ba835-e971-43bf-9920-bff0c47a29dc",
)


def entry(call: Call) -> Entry:
    """`call` as the ledger keeps it."""
    return Entry(
        id="1" * 32,
        kind=PlanKind.TAG,
        profile="acme",
        environment="staging",
        base_url=PROFILE.url(call.service),
        service=call.service,
        endpoint=call.endpoint,
        method=call.method,
        target=call.target,
        body=(call.body or b"").decode(),
        digest="",
        target_id="",
        target_name="",
        recipients=("u",),
        state=EntryState.SENT,
        created_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


@given(st.text(min_size=1, max_size=30).filter(lambda text: text not in (".", "..") and text.isprintable()))
def test_the_request_read_back_from_the_ledger_is_the_one_that_left(user):
    call = post_tags_call(user, ("a", "b"), 60)
    again = call_of(entry(call))
    assert (again.method, again.target, again.body) == (call.method, call.target, call.body)
    assert again.http("https://core.example") == call.http("https://core.example")
    assert again.curl("https://core.example") == call.curl("https://core.example")


def test_a_user_called_like_a_placeholder_stays_a_user():
    call = post_tags_call("{core_key}", ("a",), None)
    assert call_of(entry(call)).curl("https://core.example").count("${CORE_KEY}") == 1


def test_secrets_stand_as_placeholders_in_http_and_as_variables_in_curl():
    call = call_of(entry(trigger_call(TargetKind.CAMPAIGN, "c1", Recipients(("u",)), {"a": 1})))
    assert "Bearer {braze_key}" in call.http("https://braze.example")
    assert "$BRAZE_KEY" in call.curl("https://braze.example")


def test_an_entrys_document_says_what_became_of_it_and_when():
    kept = replace(entry(post_tags_call("u", ("a",), None)), status=200, reference="d-1", answer_body="{}")
    document = entry_document(kept)
    assert document["created_at"] == "2026-11-22T00:00:00Z"
    assert document["dispatch_id"] == "d-1"
    assert document["request"]["url"] == "https://core.example/priv/v1/apps/{core_key}/users/u/tags"


@pytest.mark.parametrize(("index", "skip", "place"), [(0, 0, 0), (999, 0, 999), (1000, 1000, 0), (1311, 1000, 311)])
def test_an_offers_source_is_the_page_that_holds_it_and_its_place_there(index, skip, place):
    source = wallet_source(PROFILE, "u", "en-US", Offer({}, index), ("name",))
    assert source.call.body_json["skip"] == skip
    assert source.path == f"payload.user_offers[{place}].name"


def test_the_cards_sources_are_reads_of_all_three_services():
    sources = customer_sources(PROFILE, "u", "en-US")
    assert {source.call.service for source in sources} == set(Service)
    assert all(source.call.effect == "read" for source in sources)
    assert all("{" in source.http for source in sources)
