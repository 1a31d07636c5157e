"""The answer of get_user_offers.

Source: Braze's SessionM partner page; further row fields as seen in public clients.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.sandbox.seed import NIL_GUID
from core.sandbox.seed_offers import OfferSeed
from core.sandbox.sessionm_points import iso, moment, redeemable
from core.sandbox.state import Person, World

GROUPS = {None: "All Offers", "bar": "Coffee bar", "partners": "Partners", "store": "Reward store"}
CATEGORIES = {None: "All Offers", "drinks": "Drinks", "food": "Food", "basket": "Basket", "services": "Services"}


def wallet_of(world: World, person: Person, skip: int, take: int, culture: str, pending: bool) -> dict[str, Any]:
    """The payload: the page of rows from `skip`, the groups and categories, and points where the tenant has them."""
    rows = [offer for offer in person.offers if pending or not offer.pending]
    page = [_row(world, person, offer, culture) for offer in rows[skip : skip + take]]
    nulls = person.has("nulls")
    payload: dict[str, Any] = {
        "user": {"opted_in": not person.has("suspended"), "activated": True, "suspended": person.has("suspended")},
        "user_id": person.user_id,
        "user_offers": None if nulls else page,
        "total_records": 0 if nulls else len(rows),
        "offer_groups": None if nulls else _named(world, "group", GROUPS),
        "offer_categories": None if nulls else _named(world, "category", CATEGORIES),
        "served_by": "sandbox",
    }
    if not person.has("no_points"):
        payload |= {"total_points": person.persona.points, "available_points": person.persona.points}
    return payload


def _named(world: World, kind: str, names: dict[str | None, str]) -> list[dict[str, Any]]:
    return [
        {"id": _id(world, kind, key), "name": name, "sort_order": order}
        for order, (key, name) in enumerate(names.items())
    ]


def _id(world: World, kind: str, key: str | None) -> str:
    return world.seed.uuid(f"{kind} {key}") if key else NIL_GUID


def _row(world: World, person: Person, offer: OfferSeed, culture: str) -> dict[str, Any]:
    seed = world.seed
    name, description, terms = offer.texts[spoken_culture(offer, culture)]
    root = seed.uuid(f"root offer {offer.key}")

    def date(offset: timedelta | None) -> str | None:
        return None if offset is None else iso(moment(world, offset), offer.digits)

    row: dict[str, Any] = {
        "id": seed.uuid(f"user offer {person.name} {offer.key}"),
        "offer_id": root if offer.from_store else seed.uuid(f"offer {offer.key}"),
        "root_offer_id": root,
        "offer_group_id": _id(world, "group", offer.group),
        "offer_category_id": _id(world, "category", offer.category),
        "offer_type": offer.kind,
        "name": name,
        "description": description,
        "terms": terms,
        "start_date": date(offer.starts),
        "end_date": date(offer.expires),
        "acquire_date": date(offer.acquired),
        "redemption_start_date": date(offer.redeem_from or offer.acquired),
        "redemption_end_date": date(offer.expires),
        "expiration_date": date(offer.expires),
        "redeem_date": date(offer.redeemed),
        "is_redeemable": redeemable(world, offer),
        "pos_discount_id": offer.pos,
        "media": _media(world, offer, culture),
    }
    return row | ({"pending_extended_data": True} if offer.pending else {})


def spoken_culture(offer: OfferSeed, wanted: str) -> str:
    """The culture to speak: the wanted one, else one of the same language, else en-US."""
    language = wanted.partition("-")[0]
    akin = (culture for culture in offer.texts if culture.partition("-")[0] == language)
    return wanted if wanted in offer.texts else next(akin, "en-US")


def _media(world: World, offer: OfferSeed, culture: str) -> list[dict[str, Any]]:
    if offer.pos is None:
        return []
    return [
        {
            "id": world.seed.uuid(f"media {offer.key}"),
            "offer_id": world.seed.uuid(f"offer {offer.key}"),
            "uri": f"https://img.example.com/offers/{offer.pos.lower()}.png",
            "category_id": world.seed.uuid("media category logo"),
            "category_name": "Logo",
            "content_type": 1,
            "culture": culture,
        }
    ]
