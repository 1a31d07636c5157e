"""`wallet` and `tags`: what a customer holds now."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.clean import safe
from core.customers import IdKind, exact_ref
from core.deck import Deck
from core.desk import Desk
from core.moments import date_words, iso, span_words
from core.offers import Offer, OfferState
from core.profiles import parse_culture
from core.tags import Tag, TagKind, soonest_first
from core.wallets import SortBy, Wallet, sorted_offers
from tui.cli.arguments import Parser, profile_name
from tui.cli.columns import Column
from tui.cli.running import wait_for
from tui.cli.voice import Voice

_OFFER_COLUMNS = (
    Column("STATE"),
    Column("ENDS IN", "right"),
    Column("OFFER", shrinks=True),
    Column("TYPE", shrinks=True),
    Column("UNTIL"),
    Column("POS ID", shrinks=True),
    Column("USER OFFER ID"),
)
_TAG_COLUMNS = (
    Column("TAG", shrinks=True),
    Column("KIND"),
    Column("COUNT", "right"),
    Column("ENDS IN", "right"),
    Column("UNTIL"),
)


def run(command: str, words: list[str], voice: Voice) -> int:
    """Read the words of `wallet` or `tags` and answer."""
    what = "Show a customer's offer wallet." if command == "wallet" else "Show a customer's tags."
    parser = Parser(command, what)
    parser.add_argument("customer", metavar="CUSTOMER", help="a SessionM id, an external id or an email")
    if command == "wallet":
        parser.add_argument("--culture", metavar="C", help="the language of the texts, like en-US (else the profile's)")
    arguments = parser.read(words, voice)
    return wait_for(_wallet(arguments, voice) if command == "wallet" else _tags(arguments, voice))


async def user_id_of(desk: Desk, text: str) -> str:
    """SessionM's id of who is meant: an id goes on as it stands, anything else is looked up.

    Raises InvalidInput when there is nothing to look up, NotFound when SessionM knows nobody by it.
    """
    ref = exact_ref(text)
    return ref.value if ref.kind is IdKind.USER_ID else (await desk.known_by(ref)).user_id


async def _wallet(arguments: Any, voice: Voice) -> int:
    deck = Deck.create(os.environ)
    try:
        desk = await deck.open(profile_name(deck, arguments), writing=False)
        culture = parse_culture(arguments.culture or desk.profile.culture)
        user_id = await user_id_of(desk, arguments.customer)
        wallet: Wallet | None = None
        async for wallet in desk.sessionm.wallet(user_id, culture):
            if not wallet.is_complete:
                voice.say(f"{wallet.count_words} offers …")
        assert wallet is not None
        _show_wallet(voice, desk, user_id, wallet)
        return 0
    finally:
        await deck.close()


def _show_wallet(voice: Voice, desk: Desk, user_id: str, wallet: Wallet) -> None:
    now = desk.clock.now()
    if voice.json:
        voice.data(wallet_json(desk.profile.name, user_id, wallet, now))
        return
    points = "" if wallet.available_points is None else f" · {wallet.available_points:,g} points"
    voice.say(f"{safe(user_id)} · {wallet.count_words} offers · {wallet.culture}{points} · {desk.profile.name}")
    if wallet.offers:
        voice.table(
            _OFFER_COLUMNS, [_offer_row(offer, now) for offer in sorted_offers(wallet.offers, SortBy.EXPIRY, now)]
        )
    else:
        voice.say("The wallet is empty.")


def _offer_row(offer: Offer, now: datetime) -> tuple[str, ...]:
    state, last = offer.state(now), offer.last_moment
    held = state in (OfferState.ISSUED, OfferState.BLOCKED, OfferState.WAITING)
    left = "never" if last is None else span_words(last - now) if held else ""
    until = "" if last is None else date_words(last, None, now)
    return (state.value, left, offer.name, offer.type, until, offer.pos_discount_id, offer.id)


def wallet_json(profile: str, user_id: str, wallet: Wallet, now: datetime) -> dict[str, Any]:
    """The wallet in SessionM's own names; each offer as it came, with `state`, `usable_until` and `remaining_s`."""
    return {
        "profile": profile,
        "user_id": user_id,
        "culture": wallet.culture,
        "read_at": iso(wallet.read_at),
        "total_records": wallet.total_records,
        "available_points": wallet.available_points,
        "user_offers": [_offer_json(offer, now) for offer in wallet.offers],
        "offer_groups": _labels(wallet.groups),
        "offer_categories": _labels(wallet.categories),
    }


def _labels(labels: Any) -> list[dict[str, Any]]:
    return [{"id": label.id, "name": label.name, "sort_order": label.sort_order} for label in labels]


def _offer_json(offer: Offer, now: datetime) -> dict[str, Any]:
    last, remaining = offer.last_moment, offer.remaining(now)
    derived = {
        "state": offer.state(now).value,
        "usable_until": iso(last) if last else None,
        "remaining_s": None if remaining is None else int(remaining.total_seconds()),
    }
    taken = {key: offer.raw[key] for key in derived if key in offer.raw}
    return {**offer.raw, **derived, **({"as_sent": taken} if taken else {})}


async def _tags(arguments: Any, voice: Voice) -> int:
    deck = Deck.create(os.environ)
    try:
        desk = await deck.open(profile_name(deck, arguments), writing=False)
        user_id = await user_id_of(desk, arguments.customer)
        tags, now = soonest_first(await desk.sessionm.tags(user_id)), desk.clock.now()
        if voice.json:
            rows = [tag_json(tag, now) for tag in tags]
            voice.data({"profile": desk.profile.name, "user_id": user_id, "read_at": iso(now), "tags": rows})
            return 0
        voice.say(f"{safe(user_id)} · {len(tags)} tags · {desk.profile.name}")
        if tags:
            voice.table(_TAG_COLUMNS, [_tag_row(tag, now) for tag in tags])
        return 0
    finally:
        await deck.close()


def _tag_row(tag: Tag, now: datetime) -> tuple[str, ...]:
    count = "" if tag.count is None else str(tag.count)
    if tag.expires_at is None:
        left = "not told" if tag.kind is TagKind.EXPIRING else ""
        return (tag.name, tag.kind.value, count, left, "")
    return (tag.name, tag.kind.value, count, span_words(tag.expires_at - now), date_words(tag.expires_at, None, now))


def tag_json(tag: Tag, now: datetime) -> Mapping[str, Any]:
    """A tag as data: `kind` is counter, expiring or unknown; what the API did not give is null."""
    left = None if tag.expires_at is None else max(0, int((tag.expires_at - now).total_seconds()))
    expires_at = iso(tag.expires_at) if tag.expires_at else None
    return {"name": tag.name, "kind": tag.kind.value, "count": tag.count, "expires_at": expires_at, "remaining_s": left}
