"""What changed between two reads of a wallet, offer by offer and field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.offers import Offer
from core.walletdiff import FieldChange, wallet_changes
from core.wallets import Wallet, changes_between

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def wallet(*rows: dict[str, Any]) -> Wallet:
    offers = tuple(Offer(row, index) for index, row in enumerate(rows))
    return Wallet("u", "en-US", offers, len(rows), None, (), (), NOW)


def test_new_changed_and_gone_offers_are_told_apart_and_a_changed_one_field_by_field():
    before = wallet({"id": "1", "name": "Stays"}, {"id": "2", "name": "Old"}, {"id": "3", "name": "Goes", "x": 1})
    after = wallet({"id": "1", "name": "Stays"}, {"id": "2", "name": "New", "y": None}, {"id": "4", "name": "Comes"})
    found = wallet_changes(before, after, changes_between(before, after))
    assert [(change.kind, change.name) for change in found] == [("new", "Comes"), ("changed", "New"), ("gone", "Goes")]
    assert found[1].fields == (FieldChange("name", '"Old"', '"New"'), FieldChange("y", "", "null"))


def test_the_same_read_twice_changes_nothing():
    before = wallet({"id": "1", "name": "Stays"})
    assert wallet_changes(before, replace(before), changes_between(before, before)) == []


def test_hostile_fields_are_told_in_visible_escapes():
    before = wallet({"id": "1", "name": "a"})
    after = wallet({"id": "1", "name": "\x9b31m\u202e", "\x1b[2J": 1})
    (change,) = wallet_changes(before, after, changes_between(before, after))
    assert all(field.key.isprintable() and field.after.isprintable() for field in change.fields)
