"""Offers: the state derived from dates and flags, and the order of what runs out first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.offers import Offer, OfferState, expiry_rank

NOW = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)


def offer(index: int = 0, **row: Any) -> Offer:
    """An offer from its row; moments may be given as datetimes."""
    shaped = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}
    return Offer({"id": f"u{index}", "name": f"offer {index}", **shaped}, index)


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({}, OfferState.ISSUED),
        ({"is_redeemable": True}, OfferState.ISSUED),
        ({"is_redeemable": False}, OfferState.BLOCKED),
        ({"is_redeemable": "false"}, OfferState.BLOCKED),
        ({"redeem_date": NOW - HOUR}, OfferState.REDEEMED),
        ({"redeem_date": NOW - HOUR, "expiration_date": NOW - HOUR}, OfferState.REDEEMED),
        ({"expiration_date": NOW}, OfferState.EXPIRED),
        ({"expiration_date": NOW + timedelta(microseconds=1)}, OfferState.ISSUED),
        ({"expiration_date": NOW + HOUR, "redemption_end_date": NOW - HOUR}, OfferState.EXPIRED),
        ({"redemption_start_date": NOW + HOUR}, OfferState.WAITING),
        ({"redemption_start_date": NOW}, OfferState.ISSUED),
        ({"start_date": NOW + HOUR}, OfferState.WAITING),
        ({"start_date": NOW + HOUR, "redemption_start_date": NOW - HOUR}, OfferState.ISSUED),
        ({"redemption_start_date": NOW + HOUR, "is_redeemable": False}, OfferState.WAITING),
        ({"expiration_date": NOW - HOUR, "redemption_start_date": NOW + HOUR}, OfferState.EXPIRED),
        ({"status": 2, "state": "redeemed", "is_redeemable": True}, OfferState.ISSUED),
        ({"expiration_date": "unreadable", "redeem_date": ""}, OfferState.ISSUED),
    ],
)
def test_the_state_follows_dates_and_flags_and_no_status_number(row: dict[str, Any], state: OfferState) -> None:
    assert offer(**row).state(NOW) is state


def test_an_offer_without_an_end_never_runs_out() -> None:
    endless = offer(expiration_date=None, redemption_end_date=None)
    assert (endless.last_moment, endless.remaining(NOW)) == (None, None)
    assert endless.state(NOW + timedelta(days=36_500)) is OfferState.ISSUED


def test_the_nil_guid_is_no_group() -> None:
    assert offer(offer_group_id="00000000-0000-0000-0000-000000000000").group_id is None
    assert offer(offer_group_id="g1").group_id == "g1"


def test_the_key_is_the_user_offer_id_under_either_name_else_the_place() -> None:
    assert offer(3).key == "u3"
    assert Offer({"user_offer_id": "uo"}, 0).key == "uo"
    assert Offer({"offer_id": "o", "id": None}, 7).key == "o#7"


MOMENTS = st.one_of(st.none(), st.integers(-5, 5).map(lambda hours: NOW + hours * HOUR))
OFFERS = st.builds(
    offer,
    index=st.integers(0, 99),
    expiration_date=MOMENTS,
    redemption_end_date=MOMENTS,
    redemption_start_date=MOMENTS,
    start_date=MOMENTS,
    redeem_date=MOMENTS,
    is_redeemable=st.sampled_from([True, False, None]),
)


@settings(deadline=None)
@given(st.lists(OFFERS, max_size=8))
def test_sorting_puts_usable_ones_first_by_their_end_then_waiting_then_over(offers: list[Offer]) -> None:
    ordered = sorted(offers, key=lambda one: expiry_rank(one, NOW))
    places = {OfferState.ISSUED: 0, OfferState.BLOCKED: 0, OfferState.WAITING: 1}
    ranks = [places.get(one.state(NOW), 2) for one in ordered]
    assert ranks == sorted(ranks)
    ends = [
        one.last_moment or datetime.max.replace(tzinfo=UTC)
        for one, rank in zip(ordered, ranks, strict=True)
        if rank == 0
    ]
    assert ends == sorted(ends)


@settings(deadline=None)
@given(OFFERS, st.integers(-9, 9))
def test_once_over_always_over(one: Offer, hours: int) -> None:
    moment = NOW + hours * HOUR
    over = (OfferState.REDEEMED, OfferState.EXPIRED)
    if one.state(moment) in over:
        assert one.state(moment + HOUR) in over
