"""Point balances and the point audit log as SessionM Connect's incentives service tells them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.sandbox.seed_offers import OfferSeed
from core.sandbox.state import Person, World

_KINDS = (
    ("deposit", 1, "Purchase"),
    ("deposit", 1, "Birthday bonus"),
    ("spend", 2, "Reward store"),
    ("expire", 4, "Expiry"),
)


def iso(moment: datetime, digits: int = 0) -> str:
    """Connect's date form: ISO 8601 UTC with `digits` (0 to 7) fractional digits."""
    fraction = f"{moment.microsecond:06d}7"[:digits]
    return f"{moment.strftime('%Y-%m-%dT%H:%M:%S')}{'.' if fraction else ''}{fraction}Z"


def balances_of(world: World, person: Person) -> dict[str, Any]:
    """The balances object: a summary and one row an account."""
    persona, seed = person.persona, world.seed
    bonus = persona.points // 5
    accounts = (("Base Points", "Core", persona.points - bonus), ("Bonus Points", "Promotional", bonus))
    details = [
        {
            "account_name": name,
            "user_point_account_id": seed.uuid(f"user account {name} {person.name}"),
            "point_account_id": seed.uuid(f"account {name}"),
            "grouping_label": label,
            "available_balance": float(balance),
            "life_time_value": float(persona.life_time_points if label == "Core" else bonus),
        }
        for name, label, balance in accounts
    ]
    return {
        "retailer_id": world.retailer_id,
        "user_id": person.user_id,
        "summary": {"total_points": float(persona.points), "life_time_points": float(persona.life_time_points)},
        "details": None if person.has("nulls") else details,
    }


def audit_rows_of(world: World, person: Person) -> list[dict[str, Any]]:
    """The audit log over the 90 days before the sandbox was started, newest first."""
    rows, many = [], person.persona.audit_rows
    for index in range(many):
        minutes = 90 * 24 * 60 * index // max(many, 1) + world.seed.below(f"audit {person.name} {index}", 600)
        rows.append(_audit_row(world, person, index, world.born_at - timedelta(minutes=minutes + 20)))
    return sorted(rows, key=lambda row: str(row["time_of_occurrence"]), reverse=True)


def _audit_row(world: World, person: Person, index: int, at: datetime) -> dict[str, Any]:
    seed, label = world.seed, f"{person.name} {index}"
    kind, audit_type, source = seed.pick(f"audit kind {label}", _KINDS)
    amount = 5 * (1 + seed.below(f"audit amount {label}", 40))
    return {
        "id": seed.uuid(f"audit id {label}"),
        "retailer_id": world.retailer_id,
        "user_id": person.user_id,
        "account_name": "Base Points",
        "point_account_id": seed.uuid("account Base Points"),
        "user_point_account_id": seed.uuid(f"user account Base Points {person.name}"),
        "modification": float(amount if kind == "deposit" else -amount),
        "amount_spent": float(amount) if kind == "spend" else 0.0,
        "amount_expired": float(amount) if kind == "expire" else 0.0,
        "audit_type": audit_type,
        "modification_type": kind,
        "modification_entity_id": seed.uuid(f"audit entity {label}"),
        "spend_weight": 1,
        "point_source_id": seed.uuid(f"source {source}"),
        "point_source_name": source,
        "time_of_occurrence": iso(at, index % 8),
        "request_id": seed.uuid(f"audit request {label}"),
        "create_date": iso(at + timedelta(seconds=1), 7),
        "transaction_id": None if kind == "expire" else seed.hex(f"till {label}", 12),
        "idempotency_id": None,
    }


def moment(world: World, offset: timedelta) -> datetime:
    """A seeded offset as a moment."""
    return world.born_at + offset


def redeemable(world: World, seed: OfferSeed) -> bool:
    """Whether a customer could use the offer now."""
    now = world.clock()
    begins = moment(world, seed.redeem_from or seed.starts)
    over = seed.expires is not None and moment(world, seed.expires) <= now
    return seed.redeemed is None and not seed.pending and begins <= now and not over
