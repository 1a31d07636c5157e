"""What changed between two reads of a wallet, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from core.clean import safe, shown_json
from core.jsontree import MISSING
from core.wallets import Changes, Wallet


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row: its value before and after, as JSON fit to show; empty where it was not there."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OfferChange:
    """One offer that is `new`, `changed` or `gone`; only a changed one has fields."""

    kind: str
    name: str
    fields: tuple[FieldChange, ...] = ()


def wallet_changes(before: Wallet, after: Wallet, changes: Changes) -> list[OfferChange]:
    """What `changes` told, with names and fields: new ones, changed ones, gone ones, each by name."""
    old = {offer.key: offer for offer in before.offers}
    new = {offer.key: offer for offer in after.offers}
    found = [OfferChange("new", new[key].name) for key in changes.appeared if key in new]
    for key in changes.changed:
        if key in new and key in old:
            left, right = old[key].raw, new[key].raw
            keys = [name for name in {**left, **right} if left.get(name, MISSING) != right.get(name, MISSING)]
            fields = tuple(FieldChange(safe(name), _shown(left, name), _shown(right, name)) for name in keys)
            found.append(OfferChange("changed", new[key].name, fields))
    found += [OfferChange("gone", offer.name) for offer in changes.left]
    order = ("new", "changed", "gone")
    return sorted(found, key=lambda change: (order.index(change.kind), change.name.casefold()))


def _shown(row: object, key: str) -> str:
    value = row.get(key, MISSING) if isinstance(row, dict) else MISSING
    return "" if value is MISSING else shown_json(value)[:400]
