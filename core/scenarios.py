"""Circumstances a message may meet, each as a change of the data it reads; the data itself stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from core.flaws import OFFER_ENDS, PROPERTY_BAGS
from core.moments import parse_moment
from core.render import RenderData

Json = Any

WALLET = "wallet"
_WALLET_CALL = "/get_user_offers"  # Braze docs, partner page "SessionM"
_POINTS = ("available_points", "total_points")
_IDS = ("user_id", "braze_id", "random_bucket_number")  # what Braze has of everybody
_REFUSED = '{"status": "error", "error": {"code": "access_denied", "message": "Authorization has been denied."}}'
_NOT_JSON = "<html><body>Service Unavailable</body></html>"


class Changed(NamedTuple):
    """Other data and what was changed in words; the very same data when there was nothing to change."""

    data: RenderData
    words: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One circumstance. `change` takes the data and the moment and leaves both as they are; with `ends_offers` a
    message that shows an offer all the same is one to beware of."""

    name: str
    change: Callable[[RenderData, datetime], Changed]
    ends_offers: bool = False


# -- the wallet: the variable and the recorded answers to get_user_offers


def _empty_wallet(data: RenderData, now: datetime) -> Changed:
    def empty(payload: Mapping[str, Json]) -> Mapping[str, Json]:
        return {**payload, "user_offers": [], "total_records": 0}

    changed = _with_payload(data, empty)
    return Changed(changed, _none("wallet") if changed is data else "user_offers [], total_records 0")


def _no_points(data: RenderData, now: datetime) -> Changed:
    def poor(payload: Mapping[str, Json]) -> Mapping[str, Json]:
        held = [key for key in _POINTS if key in payload]
        return {**payload, **dict.fromkeys(held or _POINTS[:1], 0)}

    changed = _with_payload(data, poor)
    return Changed(changed, _none("wallet") if changed is data else "available_points 0")


def _expired(data: RenderData, now: datetime) -> Changed:
    def over(payload: Mapping[str, Json]) -> Mapping[str, Json]:
        offers = payload.get("user_offers")
        if not isinstance(offers, list) or not offers:
            return payload
        return {**payload, "user_offers": [_ended(offer, now, must=True) for offer in offers]}

    changed = _with_payload(data, over)
    bags = changed.namespaces
    namespaces = {name: _ended(held, now) if name in PROPERTY_BAGS else held for name, held in bags.items()}
    if any(namespaces[name] is not held for name, held in bags.items()):
        changed = replace(changed, namespaces=namespaces)
    return Changed(changed, _none("offer that could expire") if changed is data else f"ends on {_yesterday(now)[:10]}")


def _ended(offer: Json, now: datetime, *, must: bool = False) -> Json:
    """The offer with every end that lies ahead put to the day before; with `must` one that never ends gets an end."""
    if not isinstance(offer, Mapping):
        return offer
    ends = {key: parse_moment(offer.get(key)) for key in OFFER_ENDS}
    ahead = {key: _yesterday(now) for key, end in ends.items() if end is not None and end > now}
    if must and not any(ends.values()):
        ahead = {OFFER_ENDS[0]: _yesterday(now)}
    return {**offer, **ahead} if ahead else offer


def _yesterday(now: datetime) -> str:
    return f"{now - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"


def _with_payload(data: RenderData, change: Callable[[Mapping[str, Json]], Mapping[str, Json]]) -> RenderData:
    """The data with the payload of every wallet in it changed; the same data when there is no wallet."""
    held = data.variables.get(WALLET)
    wallet = _changed_wallet(held, change)
    recorded = tuple(_changed_recording(one, change) for one in data.connected_content)
    if wallet is not held:
        data = replace(data, variables={**data.variables, WALLET: wallet})
    if any(fresh is not one for fresh, one in zip(recorded, data.connected_content, strict=True)):
        data = replace(data, connected_content=recorded)
    return data


def _changed_wallet(wallet: Json, change: Callable[[Mapping[str, Json]], Mapping[str, Json]]) -> Json:
    payload = wallet.get("payload") if isinstance(wallet, Mapping) else None
    if not isinstance(payload, Mapping) or (changed := change(payload)) is payload:
        return wallet
    return {**wallet, "payload": changed}


def _changed_recording(
    recording: Mapping[str, Json], change: Callable[[Mapping[str, Json]], Mapping[str, Json]]
) -> Mapping[str, Json]:
    if _WALLET_CALL not in str(recording.get("url", "")):
        return recording
    body = recording.get("body")
    held = _decoded(body) if isinstance(body, str) else body
    changed = _changed_wallet(held, change)
    if changed is held:
        return recording
    return {**recording, "body": json.dumps(changed, ensure_ascii=False) if isinstance(body, str) else changed}


def _decoded(body: str) -> Json:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


# -- connected content


def _answering(words: str, **answer: Json) -> Callable[[RenderData, datetime], Changed]:
    """Every recorded call answers otherwise. A variable `wallet` goes too: in Braze only the call would make it."""

    def change(data: RenderData, now: datetime) -> Changed:
        if not data.connected_content and WALLET not in data.variables:
            return Changed(data, _none("recorded call"))
        recorded = tuple({**one, **answer} for one in data.connected_content)
        variables = {name: value for name, value in data.variables.items() if name != WALLET}
        count = len({(str(one.get("method", "GET")).upper(), one.get("url")) for one in recorded})
        who = f"{count} calls answer" if count > 1 else "1 call answers" if count else "the wallet's call answers"
        return Changed(replace(data, connected_content=recorded, variables=variables), f"{who} {words}")

    return change


# -- the customer


def _another_language(data: RenderData, now: datetime) -> Changed:
    spoken = str(data.attributes.get("language") or "en")
    wanted = "en" if spoken.lower().startswith("de") else "de"
    culture = {"de": "de-DE", "en": "en-US"}[wanted]
    attributes = {**_in_culture(data.attributes, culture), "language": wanted}
    changed = replace(data, attributes=attributes, variables=_in_culture(data.variables, culture))
    custom = data.namespaces.get("custom_attribute", {})
    if (other := _in_culture(custom, culture)) != custom:
        changed = replace(changed, namespaces={**data.namespaces, "custom_attribute": other})
    return Changed(changed, f"language {wanted}, culture {culture}")


_CULTURES = ("culture", "locale", "most_recent_locale")


def _in_culture(values: Mapping[str, Json], culture: str) -> Mapping[str, Json]:
    """The values with those that name a culture put to `culture`, in the spelling (`en-US`, `en_US`) they have."""
    named = {key: held for key in _CULTURES if isinstance(held := values.get(key), str)}
    spelled = {key: culture.replace("-", "_") if "_" in held else culture for key, held in named.items()}
    return {**values, **spelled} if spelled else values


def _nobody(data: RenderData, now: datetime) -> Changed:
    kept = {name: value for name, value in data.attributes.items() if name in _IDS}
    namespaces = {name: held for name, held in data.namespaces.items() if name != "custom_attribute"}
    gone = len(data.attributes) - len(kept) + len(data.namespaces.get("custom_attribute", {}))
    if not gone:
        return Changed(data, _none("attribute"))
    namespaces |= {"custom_attribute": {}} if "custom_attribute" in data.namespaces else {}
    return Changed(
        replace(data, attributes=kept, namespaces=namespaces), f"{gone} attribute{'s' * (gone != 1)} gone, ids kept"
    )


def _none(what: str) -> str:
    return f"nothing: there is no {what}"


SCENARIOS = (
    Scenario("empty wallet", _empty_wallet),
    Scenario("0 points", _no_points),
    Scenario("offers expired", _expired, ends_offers=True),
    Scenario("answer 401", _answering("401, with an error in JSON", status=401, body=_REFUSED)),
    Scenario("answer 404", _answering("404, not found", status=404, body="")),
    Scenario("answer 500", _answering("500, server error", status=500, body="")),
    Scenario("no answer", _answering("nothing within 2 s", status=None, body="")),
    Scenario("not JSON", _answering("with an HTML page", status=200, body=_NOT_JSON)),
    Scenario("other language", _another_language),
    Scenario("nobody known", _nobody),
)
