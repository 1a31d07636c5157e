"""Where what is shown came from: the reads behind each pane of a customer, as the requests they were."""

from __future__ import annotations

from dataclasses import dataclass

from core.braze.calls import export_by_external_id_call
from core.calls import Call
from core.customers import CustomerRef, IdKind
from core.jsontree import Path, path_text
from core.offers import Offer
from core.profiles import Profile
from core.sessionm.calls import (
    PAGE_SIZE,
    balances_call,
    customer_call,
    points_audit_call,
    tags_call,
    wallet_call,
)


@dataclass(frozen=True, slots=True)
class Source:
    """One read: its request, the host it goes to, and where in the answer the value lies."""

    name: str
    call: Call
    base_url: str
    path: str = ""

    @property
    def http(self) -> str:
        """The request as HTTP, placeholders for secrets."""
        return self.call.http(self.base_url)

    @property
    def curl(self) -> str:
        """The request as a curl line, variables for secrets."""
        return self.call.curl(self.base_url)


def wallet_source(profile: Profile, user_id: str, culture: str, offer: Offer | None, inner: Path = ()) -> Source:
    """The page of the wallet that holds `offer`, and the path to it (and to `inner` within it) in that answer."""
    at = offer.index if offer is not None else 0
    skip = at - at % PAGE_SIZE
    call = wallet_call(profile.retailer_id, user_id, culture, skip=skip)
    steps: Path = ("payload", "user_offers") if offer is None else ("payload", "user_offers", at - skip, *inner)
    return Source("wallet", call, profile.url(call.service), path_text(steps))


def customer_sources(profile: Profile, user_id: str, culture: str) -> tuple[Source, ...]:
    """The reads behind the card, in the order it shows them."""
    reads = (
        ("profile", customer_call(CustomerRef(IdKind.USER_ID, user_id)), "user"),
        ("points", balances_call(profile.retailer_id, user_id, culture), "payload"),
        ("points per day", points_audit_call(profile.retailer_id, user_id), "payload"),
        ("tags", tags_call(user_id), "tags"),
        ("Braze", export_by_external_id_call(user_id), "users[0]"),
    )
    return tuple(Source(name, call, profile.url(call.service), path) for name, call, path in reads)
