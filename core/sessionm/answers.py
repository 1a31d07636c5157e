"""SessionM's answers as values: optional everything, null lists, unknown keys kept, `ok` in any case.

Shapes: docs.sessionm.com (Core customers, Connect offers), Braze docs (partner page "SessionM"); spellings that only
public clients show are read when present and never required.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.customers import Customer, PointAccount, Points
from core.errors import BadAnswer
from core.moments import parse_moment
from core.offers import Offer
from core.shapes import flag, ident, line, mapping, number, rows, whole
from core.tags import Tag, TagKind
from core.wallets import Label, Wallet


def customer_from_json(answer: object) -> Customer:
    """A customer out of `{"user": {...}}`. Raises BadAnswer when there is no user with an id in it."""
    user = mapping(mapping(answer).get("user"))
    if not ident(user.get("id")):
        raise BadAnswer("SessionM answered without a customer in it.", "Retry; if it stays so, look at the raw answer.")
    identifiers = tuple(
        (line(row.get("external_id_type")), ident(row.get("external_id"))) for row in rows(user.get("identifiers"))
    )
    details = mapping(user.get("tier_details"))
    overview = mapping(next(iter(rows(details.get("tier_levels"))), {}).get("tier_overview"))
    return Customer(
        user_id=ident(user.get("id")),
        external_id=ident(user.get("external_id")),
        first_name=line(user.get("first_name")),
        last_name=line(user.get("last_name")),
        email=line(user.get("email")),
        phone=line(next(iter(rows(user.get("phone_numbers"))), {}).get("phone_number")),
        opted_in=flag(user.get("opted_in")),
        activated=flag(user.get("activated")),
        suspended=flag(user.get("suspended")),
        test_account=flag(user.get("test_account")),
        account_status=line(user.get("account_status")),
        available_points=number(user.get("available_points")),
        tier=line(user.get("tier")) or line(overview.get("name")),
        tier_points=number(user.get("tier_points")),
        next_tier_points=number(user.get("next_tier_points")),
        next_tier_percentage=number(user.get("next_tier_percentage")),
        created_at=parse_moment(user.get("created_at")),
        updated_at=parse_moment(user.get("updated_at")),
        identifiers=identifiers,
        locale=line(user.get("locale")),
        document=without_token(mapping(answer)),
    )


def without_token(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with `user.auth_token` masked: it is a credential and may be present (docs.sessionm.com)."""
    user = mapping(answer.get("user"))
    return {**answer, "user": {**user, "auth_token": "•••"}} if user.get("auth_token") else dict(answer)


def players_from_json(answer: object) -> list[Customer]:
    """The customers that a search found, out of `{"players": [...]}` as one public client shows it."""
    return [customer_from_json({"user": row}) for row in rows(mapping(answer).get("players")) if row.get("id")]


def wallet_from_json(answer: object, *, culture: str, read_at: datetime, before: Wallet | None = None) -> Wallet:
    """A page of the wallet, joined to the pages `before` it. Raises BadAnswer when there is no payload object."""
    whole_answer = mapping(answer)
    payload = whole_answer.get("payload")
    if not isinstance(payload, dict):
        raise BadAnswer("SessionM answered without a wallet in it.", "Retry; if it stays so, look at the raw answer.")
    earlier = before.offers if before else ()
    page = rows(payload.get("user_offers"))
    offers = earlier + tuple(Offer(row, index) for index, row in enumerate(page, len(earlier)))
    document = dict(whole_answer)
    if before is not None:
        document["payload"] = {**payload, "user_offers": [*(offer.raw for offer in earlier), *page]}
    return Wallet(
        user_id=ident(payload.get("user_id")),
        culture=culture,
        offers=offers,
        total_records=whole(payload.get("total_records")),
        available_points=number(payload.get("available_points")),
        groups=_labels(payload.get("offer_groups")),
        categories=_labels(payload.get("offer_categories")),
        read_at=read_at,
        document=document,
    )


def _labels(value: object) -> tuple[Label, ...]:
    found = [
        Label(ident(row.get("id")), line(row.get("name")), whole(row.get("sort_order")) or 0) for row in rows(value)
    ]
    return tuple(sorted(found, key=lambda label: label.sort_order))


def points_from_json(answer: object) -> Points:
    """Balances out of `{"payload": {"summary", "details"}}`. Raises BadAnswer when there is no payload object."""
    payload = mapping(answer).get("payload")
    if not isinstance(payload, dict):
        raise BadAnswer("SessionM answered without balances in it.", "Retry; if it stays so, look at the raw answer.")
    accounts = tuple(_account_from_json(row) for row in rows(payload.get("details")))
    balances = [account.available for account in accounts if account.available is not None]
    lifetime = number(mapping(payload.get("summary")).get("life_time_points"))
    return Points(available=sum(balances) if balances else None, lifetime=lifetime, accounts=accounts)


def _account_from_json(row: Mapping[str, Any]) -> PointAccount:
    name = line(row.get("account_name"))
    return PointAccount(name, number(row.get("available_balance")), number(row.get("life_time_value")))


def points_per_day_from_json(answer: object, now: datetime, days: int = 90) -> list[float]:
    """Points issued on each of the last `days` days, oldest first, out of `payload.results[]`.

    Rows that took points away are left out. Only public clients show the row's spelling (`modification`,
    `time_of_occurrence`); a row without them counts for nothing.
    """
    issued = [0.0] * days
    for row in rows(mapping(mapping(answer).get("payload")).get("results")):
        moment, amount = parse_moment(row.get("time_of_occurrence")), number(row.get("modification"))
        if moment is None or amount is None or amount <= 0:
            continue
        age = (now - moment) // timedelta(days=1)
        if 0 <= age < days:
            issued[days - 1 - age] += amount
    return issued


def tags_from_json(answer: object, read_at: datetime) -> list[Tag]:
    """Tags out of an answer whose shape SessionM does not document.

    Its SDKs hand back a map keyed by tag name with untyped values, so lists, maps, numbers, objects and null are all
    read: a number is taken as a count, an object by its keys, null and everything else as a kind nobody told.
    """
    outer = mapping(answer)
    inner = mapping(outer.get("payload"))
    named = (holder.get(key) for holder in (outer, inner) for key in ("tags", "user_tags"))
    found = next((value for value in named if value is not None), outer.get("payload"))
    if isinstance(found, dict):
        return _tags_from_pairs(found.items(), read_at)
    if isinstance(found, list):
        return _tags_from_pairs((_tag_pair(item) for item in found), read_at)
    return []


def _tag_pair(item: object) -> tuple[object, object]:
    if isinstance(item, dict):
        return item.get("tag") or item.get("name"), item
    return item, None


def _tags_from_pairs(pairs: Any, read_at: datetime) -> list[Tag]:
    return [_tag(line(name), value, read_at) for name, value in pairs if line(name)]


_COUNT_KEYS = ("count", "value", "counter")
_SECONDS_KEYS = ("ttl", "expires_in", "remaining")
_MOMENT_KEYS = ("expires_at", "expiration", "expiration_date", "expire_at", "expires")


def _tag(name: str, value: object, read_at: datetime) -> Tag:
    if (count := whole(value)) is not None:
        return Tag(name, TagKind.COUNTER, count, None, value)
    fields = mapping(value)
    end = _first(fields, _MOMENT_KEYS, parse_moment)
    seconds = _first(fields, _SECONDS_KEYS, number)
    if end is None and seconds is not None and 0 <= seconds < 1e11:
        end = read_at + timedelta(seconds=seconds)
    kind = line(fields.get("type") or fields.get("kind")).lower()
    if end is not None or "expir" in kind:
        return Tag(name, TagKind.EXPIRING, None, end, value)
    count = _first(fields, _COUNT_KEYS, whole)
    if count is not None or "count" in kind:
        return Tag(name, TagKind.COUNTER, count, None, value)
    return Tag(name, TagKind.UNKNOWN, None, None, value)


def _first(fields: Mapping[str, Any], keys: Sequence[str], read: Any) -> Any:
    return next((found for key in keys if (found := read(fields.get(key))) is not None), None)
