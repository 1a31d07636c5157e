"""From bytes to a wallet: the core against a bare msgspec Struct and json.loads."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.bench.measure import Comparison, NotThere, in_turns

READ_AT = datetime(2026, 11, 22, tzinfo=UTC)


def wallet_bytes(offers: int = 2_000) -> bytes:
    """A wallet's answer, about 0.8 kB an offer."""
    rows = [
        {
            "id": f"c8f0aa31-55b2-4000-8000-{number:012d}",
            "offer_id": f"1a2b3324-1da6-4000-8000-{number:012d}",
            "root_offer_id": f"77c0e1aa-9e10-4000-8000-{number:012d}",
            "offer_type": "manual_fulfillment",
            "name": f"Offer number {number}",
            "description": "Any single espresso, on us, with a slice of cake. " * 4,
            "terms": "Once per visit, not with other offers. " * 3,
            "start_date": "2026-11-01T00:00:00Z",
            "end_date": "2026-12-01T00:00:00Z",
            "acquire_date": "2026-11-19T09:02:00Z",
            "redemption_start_date": "2026-11-19T09:02:00Z",
            "redemption_end_date": "2026-12-01T00:00:00Z",
            "expiration_date": "2026-12-01T22:59:00Z",
            "redeem_date": None,
            "is_redeemable": True,
            "pos_discount_id": str(20_000 + number),
        }
        for number in range(offers)
    ]
    payload = {"user_id": "6f1c0a52-0000-4000-8000-00000000a001", "total_records": offers, "available_points": 100}
    return json.dumps({"status": "ok", "payload": {**payload, "user_offers": rows}}).encode()


def decoded(body: bytes) -> Any:
    """The JSON value in `body`, by the decoder the core reads answers with."""
    from core.outcomes import Exchange
    from core.reading import decode

    return decode(Exchange(200, {"content-type": "application/json"}, body, None, 0.1))


def _struct_decoder() -> Any:
    import msgspec

    wallet = json.loads(wallet_bytes(1))
    fields = [(name, str | None) for name in wallet["payload"]["user_offers"][0] if name != "is_redeemable"]
    offer = msgspec.defstruct("Row", [*fields, ("is_redeemable", bool)])
    payload = msgspec.defstruct("Payload", [("user_id", str), ("total_records", int), ("user_offers", list[offer])])  # type: ignore[valid-type]
    answer = msgspec.defstruct("Answer", [("status", str), ("payload", payload)])
    return msgspec.json.Decoder(answer)


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    def once() -> float:
        begun = time.perf_counter()
        work()
        return (time.perf_counter() - begun) * 1000

    return once


def decode(turns: int = 40) -> list[Comparison]:
    """Decode and model a wallet of 1.6 MB."""
    try:
        from core.sessionm.answers import wallet_from_json
    except ImportError as error:
        raise NotThere("core.sessionm.answers does not exist yet.") from error
    body, decoder = wallet_bytes(2_000), _struct_decoder()
    sides = in_turns(
        turns,
        (
            ("decoded and modelled", _timed(lambda: wallet_from_json(decoded(body), culture="en-US", read_at=READ_AT))),
            ("msgspec Struct", _timed(lambda: decoder.decode(body))),
            ("decoded only", _timed(lambda: decoded(body))),
            ("json.loads", _timed(lambda: json.loads(body))),
        ),
    )
    return [Comparison(f"wallet of {len(body) / 1e6:.1f} MB", sides[0], sides[1], 1.2, tuple(sides[2:]))]
