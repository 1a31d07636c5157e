"""Wallets: pages joined, what runs out when, search and order, and what changed since the last look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sessionm.answers import wallet_from_json
from core.wallets import SortBy, Wallet, changes_between, expiring_per_day, matching, sorted_offers

NOW = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)


def page(rows: Sequence[dict[str, Any]] | None, before: Wallet | None = None, **payload: Any) -> Wallet:
    answer = {"status": "ok", "payload": {"user_id": "u", "user_offers": rows, **payload}}
    return wallet_from_json(answer, culture="en-US", read_at=NOW, before=before)


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"u{number}", "offer_id": f"o{number}", "name": f"Offer {number}", **more}


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(1, 15))
def test_pages_join_into_one_wallet_whose_document_holds_every_row_as_it_came(total: int, size: int) -> None:
    everything = [row(number, extra={"kept": number}) for number in range(total)]
    wallet: Wallet | None = None
    for start in range(0, max(total, 1), size):
        assert wallet is None or not wallet.is_complete
        wallet = page(everything[start : start + size], wallet, total_records=total)
    assert wallet is not None
    assert wallet.is_complete
    assert [offer.raw for offer in wallet.offers] == everything
    assert [offer.index for offer in wallet.offers] == list(range(total))
    assert wallet.document["payload"]["user_offers"] == everything
    assert wallet.count_words == f"{total} of {total}"


def test_a_part_says_how_much_is_missing_and_no_total_means_all() -> None:
    part = page([row(1)], total_records=1312)
    assert (part.is_complete, part.count_words) == (False, "1 of 1312")
    whole = page([row(1)])
    assert (whole.is_complete, whole.count_words) == (True, "1")


def test_null_lists_are_empty_and_null_numbers_absent() -> None:
    wallet = page(None, offer_groups=None, offer_categories=None, available_points=None, total_records=None)
    assert (wallet.offers, wallet.groups, wallet.categories, wallet.available_points) == ((), (), (), None)


def test_groups_have_names_in_their_own_order() -> None:
    groups = [{"id": "b", "name": "B", "sort_order": 2}, {"id": "a", "name": "A", "sort_order": 1}]
    categories = [{"id": "c", "name": "Food", "sort_order": None}]
    wallet = page([row(1, offer_group_id="b", offer_category_id="c")], offer_groups=groups, offer_categories=categories)
    assert [label.name for label in wallet.groups] == ["A", "B"]
    assert wallet.group_name(wallet.offers[0]) == "B"
    assert wallet.category_name(wallet.offers[0]) == "Food"
    assert page([row(2)]).group_name(page([row(2)]).offers[0]) == ""


def test_search_looks_at_names_ids_types_and_states_without_case() -> None:
    wallet = page([row(1, name="Straße Kaffee", offer_type="manual_fulfillment"), row(2, redeem_date="2026-01-01")])
    assert [offer.id for offer in matching(wallet.offers, "STRASSE", NOW)] == ["u1"]
    assert [offer.id for offer in matching(wallet.offers, "redeemed", NOW)] == ["u2"]
    assert [offer.id for offer in matching(wallet.offers, "o1", NOW, inverted=True)] == ["u2"]
    assert len(matching(wallet.offers, "", NOW, inverted=True)) == 2


@pytest.mark.parametrize(
    ("by", "first"), [(SortBy.EXPIRY, "u1"), (SortBy.NAME, "u2"), (SortBy.TYPE, "u3"), (SortBy.ACQUIRED, "u3")]
)
def test_each_order_puts_its_own_offer_first(by: SortBy, first: str) -> None:
    wallet = page(
        [
            row(
                1, name="c", offer_type="z", expiration_date="2026-11-22T00:00:00Z", acquire_date="2026-01-01T00:00:00Z"
            ),
            row(2, name="A", offer_type="y", expiration_date="2026-12-22T00:00:00Z"),
            row(3, name="b", offer_type="x", acquire_date="2026-11-01T00:00:00Z"),
        ]
    )
    assert sorted_offers(wallet.offers, by, NOW)[0].id == first


def test_offers_are_counted_on_the_day_they_end() -> None:
    def ends(delta: timedelta, **more: Any) -> dict[str, Any]:
        return row(0, expiration_date=(NOW + delta).isoformat(), **more)

    rows = [
        ends(timedelta(seconds=1)),
        ends(timedelta(hours=23)),
        ends(timedelta(hours=24)),
        ends(timedelta(days=29, hours=23)),
        ends(timedelta(days=30)),
        ends(timedelta(seconds=-1)),
        ends(timedelta(days=2), redeem_date="2026-01-01T00:00:00Z"),
        row(0),
    ]
    counts = expiring_per_day(page(rows).offers, NOW)
    assert (counts[0], counts[1], counts[2], counts[29], sum(counts)) == (2, 1, 0, 1, 4)


ROWS = st.dictionaries(st.integers(0, 12), st.integers(0, 2), max_size=8)


@settings(deadline=None)
@given(ROWS, ROWS)
def test_changes_are_exactly_what_appeared_changed_and_left(old: dict[int, int], new: dict[int, int]) -> None:
    before = page([row(number, version=version) for number, version in old.items()])
    after = page([row(number, version=version) for number, version in new.items()])
    changes = changes_between(before, after)
    assert changes.appeared == {f"u{number}" for number in new.keys() - old.keys()}
    assert changes.changed == {f"u{number}" for number in new.keys() & old.keys() if new[number] != old[number]}
    assert {offer.id for offer in changes.left} == {f"u{number}" for number in old.keys() - new.keys()}
    assert bool(changes) is (old != new)
    assert changes_between(after, after).words == "no change"


def test_a_partial_read_or_another_culture_is_not_compared() -> None:
    whole, part = page([row(1), row(2)], total_records=2), page([row(1)], total_records=2)
    assert not changes_between(whole, part)
    german = wallet_from_json(whole.document, culture="de-DE", read_at=NOW)
    assert not changes_between(page([row(1)]), german)
