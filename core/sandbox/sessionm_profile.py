"""What SessionM Core says of a customer: the user object, tags, campaigns and the timeline."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

from core.sandbox.sessionm_points import balances_of
from core.sandbox.state import Person, World

NEXT_TIER = {"Bronze": "Silver", "Silver": "Gold", "Gold": None}


def zoneless(moment: datetime) -> str:
    """Core's date form: YYYY-MM-DD HH:MM:SS, UTC without saying so."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def user_of(world: World, person: Person, wanted: set[str]) -> dict[str, Any]:
    """The `user` object; `wanted` are the query's switches."""
    persona, seed = person.persona, world.seed
    joined = world.born_at - timedelta(days=120 + seed.below(f"joined {person.name}", 900), hours=3, seconds=11)
    nulls = person.has("nulls")
    user: dict[str, Any] = {
        "id": person.user_id,
        "external_id": persona.external_id,
        "opted_in": not person.has("suspended"),
        "activated": True,
        "suspended": person.has("suspended"),
        "test_account": False,
        "account_status": "reported" if person.has("suspended") else "good",
        "first_name": persona.first_name,
        "last_name": persona.last_name,
        "email": person.email,
        "gender": persona.gender,
        "dob": persona.dob,
        "address": None if nulls else "12 Alder Street",
        "city": None if nulls else persona.city,
        "zip": None if nulls else "97205",
        "country": persona.country,
        "locale": persona.locale,
        "proxy_ids": None if nulls else [],
        "phone_numbers": None if nulls else [_phone(world, person)],
        "created_at": zoneless(joined),
        "updated_at": zoneless(world.born_at - timedelta(days=2, minutes=31)),
        "registered_at": zoneless(joined + timedelta(minutes=2)),
        "profile_photo_url": None,
        "referrer_code": seed.hex(f"referrer {person.name}", 6).upper(),
        "auth_token": None,
        "x_segment_hint": {"cluster": seed.below(f"cluster {person.name}", 9)},
    }
    if not person.has("no_points"):
        user |= _points(world, person)
    if "show_identifiers" in wanted:
        user["identifiers"] = _identifiers(world, person)
    if "user[user_profile]" in wanted:
        user["user_profile"] = None if nulls else {"_version": 4, **persona.profile}
    if "expand_incentives" in wanted and not person.has("no_points"):
        user["tier_details"] = _tier_details(world, person, joined)
    return user


def _phone(world: World, person: Person) -> dict[str, Any]:
    return {
        "phone_number": world.phone(person),
        "phone_type": "mobile",
        "preference_flags": ["primary"],
        "verified_ownership": True,
    }


def _identifiers(world: World, person: Person) -> list[dict[str, str]] | None:
    if person.has("nulls"):
        return None
    held = [{"external_id": person.persona.external_id, "external_id_type": "crm"}]
    if person.name == "ana":
        held.append({"external_id": f"card-{world.seed.hex('ana card', 10)}", "external_id_type": "loyalty_card"})
    return held


def _points(world: World, person: Person) -> dict[str, Any]:
    persona = person.persona
    return {
        "available_points": float(persona.points),
        "test_points": 0,
        "unclaimed_achievement_count": 0,
        "tier": persona.tier,
        "tier_system": "Main" if persona.tier else None,
        "tier_points": persona.life_time_points,
        "next_tier_points": max(0, 10_000 - persona.life_time_points),
        "next_tier_percentage": min(100, persona.life_time_points // 100),
        "tier_entered_at": zoneless(world.born_at - timedelta(days=80)),
    }


def _tier_details(world: World, person: Person, joined: datetime) -> dict[str, Any]:
    seed, persona = world.seed, person.persona
    if persona.tier is None:
        return {"tier_levels": None, "point_account_balances": balances_of(world, person)}
    level: dict[str, Any] = {
        "id": seed.uuid(f"tier row {person.name}"),
        "tier_system_id": seed.uuid("tier system"),
        "tier_level_id": seed.uuid(f"tier {persona.tier}"),
        "user_id": person.user_id,
        "join_date": joined.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "next_maintenance_eval_date": None,
        "tier_overview": _tier_overview(world, persona.tier),
        "next_tier_overview": _tier_overview(world, NEXT_TIER[persona.tier]) if NEXT_TIER[persona.tier] else None,
        "tier_progress": [],
    }
    return {"tier_levels": [level], "point_account_balances": balances_of(world, person)}


def _tier_overview(world: World, name: str | None) -> dict[str, Any]:
    return {
        "id": world.seed.uuid(f"tier {name}"),
        "tier_system_id": world.seed.uuid("tier system"),
        "retailer_id": world.retailer_id,
        "name": name,
        "rank": list(NEXT_TIER).index(name or "Bronze"),
        "status": 1,
    }


def tags_of(person: Person, now: datetime) -> Any:
    """The tags as Core hands them out: a map by name, as SessionM's SDKs type it; the values' form is not documented.

    A counter is its count; an expiring tag an object with the seconds left and the moment. Two personas answer with
    the looser forms that a reader has to expect: a list of objects, and null.
    """
    person.forget_expired(now)
    if person.has("nulls") and not person.tags:
        return None
    if person.has("tag_list"):
        return [{"name": name, **_tag_row(tag.count, tag.expires_at, now)} for name, tag in person.tags.items()]
    if person.has("bare_tags"):
        return {name: tag.count for name, tag in person.tags.items()}
    return {
        name: tag.count if tag.count is not None else _tag_row(None, tag.expires_at, now)
        for name, tag in person.tags.items()
    }


def _tag_row(count: int | None, expires_at: datetime | None, now: datetime) -> dict[str, Any]:
    if expires_at is None:
        return {"count": count}
    return {"ttl": math.ceil((expires_at - now).total_seconds()), "expires_at": zoneless(expires_at)}


def campaigns_of(world: World, person: Person) -> dict[str, Any]:
    """The customer's SessionM campaigns as tiles and promotions; one carries the advanced settings for Braze."""
    if person.has("nulls"):
        return {"tiles": None, "promotions": None}
    tiles = [
        {
            "campaign_id": 4100 + index,
            "name": name,
            "start_date": (world.born_at - timedelta(days=20 - index)).strftime("%Y-%m-%d"),
            "end_date": (world.born_at + timedelta(days=15 + index)).strftime("%Y-%m-%d"),
            "progress": {"state": state},
            "custom_payload": {"braze_campaign_id": world.seed.uuid("campaign 0")} if index == 0 else {},
            "template": {"type": "message", "message": {"header": name, "description": "", "image_url": None}},
        }
        for index, (name, state) in enumerate((("Points reminder", "in_progress"), ("Second visit", "completed")))
    ]
    return {"tiles": tiles, "promotions": []}


EVENT_TYPES = (
    (11, "Offer issued", "offer_issued"),
    (12, "Points earned", "points_earned"),
    (13, "Tag added", "tag_added"),
)


def timeline_of(world: World, person: Person, since: int, count: int, slugs: list[str]) -> dict[str, Any]:
    """Three weeks of events, newest first, at most `count`, from the epoch second `since` on."""
    types = {number: slug for number, _, slug in EVENT_TYPES}
    rows = []
    for index in range(24):
        at = int((world.born_at - timedelta(hours=21 * index + 2)).timestamp())
        number = EVENT_TYPES[index % 3][0]
        if at >= since and (not slugs or types[number] in slugs):
            rows.append(
                {
                    "event_stream_stream_id": index + 1,
                    "event_stream_event_category_id": 1,
                    "event_stream_event_type_id": number,
                    "target_id": person.user_id,
                    "timestamp": at,
                    "created_at": at + 1,
                    "event_stream_payload": {"amount": 10 + index},
                    "contexts": [],
                }
            )
    return {
        "status": "ok",
        "result": rows[:count],
        "grouping_field": "timestamp",
        "count": len(rows[:count]),
        "event_types": [{"id": number, "name": name, "slug": slug} for number, name, slug in EVENT_TYPES],
    }
