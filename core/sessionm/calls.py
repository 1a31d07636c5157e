"""Requests to SessionM as values. Core has its key in the path, Connect its retailer id in the body."""

from __future__ import annotations

from core.calls import Call, Effect, Service, Slot, encode_json
from core.customers import CustomerRef, IdKind

# Connect's sibling calls cap a page at 1,000 rows and every published sample asks for 1,000.
# Source: docs.sessionm.com, reward store offers; Braze docs, partner page "SessionM".
PAGE_SIZE = 1_000

_APP = ("priv", "v1", "apps", Slot("core_key"))
_PROFILE_QUERY = (("user[user_profile]", "true"), ("expand_incentives", "true"), ("show_identifiers", "true"))


def customer_call(ref: CustomerRef) -> Call:
    """The profile of a customer with custom attributes, tier details and every external id.

    Source: docs.sessionm.com, Core customer profile. The search by email was seen in a public client only; its
    documented path was not found.
    """
    if ref.kind is IdKind.EMAIL:
        query = (("email", ref.value), ("advanced_search_params[user_profile]", "true"))
        return Call("sessionm.search_users", Service.CORE, "GET", (*_APP, "users", "search_users"), Effect.READ, query)
    owner = ("users",) if ref.kind is IdKind.USER_ID else ("external", "users")
    return Call("sessionm.user", Service.CORE, "GET", (*_APP, *owner, ref.value), Effect.READ, _PROFILE_QUERY)


def tags_call(user_id: str) -> Call:
    """The tags of a customer. That reading is a GET on the path of the POST is inferred from docs.sessionm.com."""
    path = (*_APP, "users", user_id, "tags")
    return Call("sessionm.tags.read", Service.CORE, "GET", path, Effect.READ)


def post_tags_call(user_id: str, names: tuple[str, ...], ttl_seconds: int | None) -> Call:
    """Create or refresh expiring tags, or count counter tags up by 1 when there is no TTL.

    Source: docs.sessionm.com, Core customers tags; Braze docs, partner page "SessionM". One TTL covers all tags.
    """
    body: dict[str, object] = {"tags": list(names)}
    if ttl_seconds is not None:
        body["ttl"] = ttl_seconds
    path = (*_APP, "users", user_id, "tags")
    return Call("sessionm.tags.post", Service.CORE, "POST", path, Effect.WRITE, body=encode_json(body))


def wallet_call(retailer_id: str, user_id: str, culture: str, *, skip: int = 0, take: int = PAGE_SIZE) -> Call:
    """A page of the offer wallet: a POST that only reads.

    Source: Braze docs, partner page "SessionM"; the `/offers` prefix stands there and not in SessionM's own pages.
    """
    body = {
        "retailer_id": retailer_id,
        "user_id": user_id,
        "skip": skip,
        "take": take,
        "include_pending_extended_data": False,
        "culture": culture,
    }
    path = ("offers", "api", "2.0", "offers", "get_user_offers")
    return Call("sessionm.wallet", Service.CONNECT, "POST", path, Effect.READ, body=encode_json(body))


def balances_call(retailer_id: str, user_id: str, culture: str) -> Call:
    """All point balances. Source: public clients of SessionM Connect; not in the documentation that could be read."""
    body = {"retailer_id": retailer_id, "user_id": user_id, "culture": culture}
    path = ("incentives", "api", "1.0", "user_points", "all_balances")
    return Call("sessionm.balances", Service.CONNECT, "POST", path, Effect.READ, body=encode_json(body))


def points_audit_call(retailer_id: str, user_id: str, *, take: int = PAGE_SIZE) -> Call:
    """The latest rows of the points audit log, at most 1,000. Source: docs.sessionm.com; body as in public clients.

    The documentation asks for a date range whose JSON spelling was not found, so none is sent.
    """
    body = {"retailer_id": retailer_id, "user_id": user_id, "skip": 0, "take": take}
    path = ("incentives", "api", "1.0", "point_audit_logs", "fetch_point_audit_logs")
    return Call("sessionm.points_audit", Service.CONNECT, "POST", path, Effect.READ, body=encode_json(body))
