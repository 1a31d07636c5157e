"""Reading: patience, then words; the answer decoded strictly and kept as it came."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calls import Call, Effect, Service, encode_json
from core.errors import (
    BadAnswer,
    CredentialsRefused,
    Guarded,
    NotFound,
    OfferdeckError,
    RateLimited,
    Rejected,
    Unreachable,
)
from core.outcomes import Exchange, Failure
from core.reading import decode, permission, read_json, wait_after

USER = Call("sessionm.user", Service.CORE, "GET", ("users", "1"), Effect.READ)
WALLET = Call("sessionm.wallet", Service.CONNECT, "POST", ("get_user_offers",), Effect.READ, body=b"{}")
EXPORT = Call("braze.users.export.ids", Service.BRAZE, "POST", ("users", "export", "ids"), Effect.READ, body=b"{}")


@pytest.fixture
def read(lab: Any, clock: Any) -> Any:
    """Reads `call` from a wire that answers `script`; keeps the waits told and the calls made."""

    async def do(call: Call, *script: Any, name: str = "acme-prod", **options: Any) -> Any:
        do.wire = lab.ScriptedWire(lab.profile_at("http://127.0.0.1:9", name=name), *script)  # type: ignore[attr-defined]
        return await read_json(do.wire, call, clock, jitter=lambda: 0.5, **options)  # type: ignore[attr-defined]

    return do


@pytest.mark.parametrize(
    "trouble",
    [
        *((None, failure) for failure in (Failure.DNS, Failure.REFUSED, Failure.CONNECT_TIMEOUT, Failure.POOL_TIMEOUT)),
        *((None, failure) for failure in (Failure.CLOSED, Failure.TIMEOUT)),
        *((200, failure) for failure in (Failure.CLOSED, Failure.TIMEOUT)),
        *((status, None) for status in (408, 499, 500, 502, 503, 504, 520)),
    ],
)
async def test_trouble_that_may_pass_is_waited_out_twice_and_then_told(
    lab: Any, read: Any, clock: Any, trouble: Any
) -> None:
    status, failure = trouble
    bad = lab.came(status, b"<html>", failure)
    assert await read(USER, bad, bad, lab.came(200, {"status": "ok"})) == {"status": "ok"}
    assert len(read.wire.calls) == 3 and clock.slept == [0.4, 0.8]
    with pytest.raises(Unreachable, match="three times"):
        await read(USER, bad)
    assert len(read.wire.calls) == 3


@pytest.mark.parametrize(
    ("status", "failure", "kind"),
    [
        (None, Failure.TLS, Unreachable),
        (None, Failure.GUARD, Guarded),
        (200, Failure.TOO_LARGE, BadAnswer),
        (200, Failure.ENCODED, BadAnswer),
        (400, None, Rejected),
        (404, None, NotFound),
        (401, None, CredentialsRefused),
        (403, None, CredentialsRefused),
        (302, None, Rejected),
    ],
)
async def test_trouble_that_stays_is_told_at_once(lab: Any, read: Any, status: Any, failure: Any, kind: Any) -> None:
    with pytest.raises(OfferdeckError) as caught:
        await read(EXPORT, lab.came(status, {"message": "no"}, failure))
    assert type(caught.value) is kind and len(read.wire.calls) == 1


async def test_a_refused_key_is_told_with_profile_and_remedy(lab: Any, read: Any) -> None:
    with pytest.raises(CredentialsRefused) as caught:
        await read(USER, lab.came(401, {"message": "x"}))
    assert caught.value.message.startswith("SessionM Core refused the key (401). Profile acme-prod.")
    assert caught.value.hint == "Fix: offerdeck auth set acme-prod core_key"


async def test_a_missing_braze_permission_is_named(lab: Any, read: Any) -> None:
    with pytest.raises(CredentialsRefused, match=r"users\.export\.ids \(403\)"):
        await read(EXPORT, lab.came(403, {"message": "Access Denied"}))
    with pytest.raises(CredentialsRefused, match=r"needs the permission users\.export\.ids"):
        await read(EXPORT, lab.came(401, {"message": "Unauthorized"}))
    odd = Call("braze.messages.scheduled_broadcasts", Service.BRAZE, "GET", ("x",), Effect.READ)
    assert permission(odd) == "messages.schedule_broadcasts"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("user_not_found", NotFound),
        ("USER_NOT_FOUND", NotFound),
        ("Requires_Registered_User", NotFound),
        ("not_found", NotFound),
        ("ACCESS_DENIED", CredentialsRefused),
        ("invalid_api_key", CredentialsRefused),
        ("something_else", Rejected),
    ],
)
async def test_an_error_inside_a_200_of_sessionm_is_an_error(lab: Any, read: Any, code: str, kind: Any) -> None:
    body = {"status": "ERROR", "errors": {"code": code, "message": "so sorry"}}
    with pytest.raises(OfferdeckError) as caught:
        await read(USER, lab.came(200, body))
    assert type(caught.value) is kind
    with pytest.raises(Rejected, match="status failed, no reason given"):
        await read(WALLET, lab.came(200, {"status": "failed"}))
    assert await read(WALLET, lab.came(200, {"status": "OK", "payload": 1})) == {"status": "OK", "payload": 1}


async def test_the_wait_after_a_429_is_told_kept_and_cancelled_at_once(lab: Any, read: Any, clock: Any) -> None:
    told: list[float] = []
    date = "Sat, 21 Nov 2026 12:00:00 GMT"
    busy = lab.came(429, {}, date=date, x_ratelimit_reset="1795262407")
    assert await read(EXPORT, busy, lab.came(200, {}), on_wait=told.append) == {}
    assert told == clock.slept == [7.0]


async def test_a_pause_beyond_our_patience_is_an_error_that_says_how_long(lab: Any, read: Any, clock: Any) -> None:
    with pytest.raises(RateLimited, match="120 seconds") as caught:
        await read(EXPORT, lab.came(429, {}, retry_after="120"))
    assert caught.value.retry_after_s == 120 and clock.slept == [] and len(read.wire.calls) == 1


async def test_cancelling_a_wait_ends_it_and_sends_no_more(lab: Any) -> None:
    from core.adapters.clock import SystemClock

    wire = lab.ScriptedWire(lab.profile_at("http://127.0.0.1:9"), lab.came(429, {}, retry_after="30"))
    waiting = asyncio.Event()
    task = asyncio.create_task(read_json(wire, EXPORT, SystemClock(), on_wait=lambda _: waiting.set()))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 0.2)
    assert len(wire.calls) == 1


async def test_all_tries_together_end_after_45_seconds(lab: Any, clock: Any) -> None:
    async def slow(call: Call) -> Exchange:
        clock.seconds += 30
        return lab.came(None, None, Failure.TIMEOUT)  # type: ignore[no-any-return]

    wire = lab.ScriptedWire(lab.profile_at("http://127.0.0.1:9"), slow)
    with pytest.raises(Unreachable, match="no answer within the time limit, twice"):
        await read_json(wire, USER, clock, jitter=lambda: 0.5)
    assert len(wire.calls) == 2


def test_the_wait_is_the_reset_minus_the_servers_own_clock_and_between_a_second_and_an_hour(lab: Any) -> None:
    date = "Sat, 21 Nov 2026 12:00:00 GMT"
    epoch = 1795262400

    def wait(**headers: str) -> float:
        return wait_after(lab.came(429, {}, **headers), 1, 0.5)

    assert wait(date=date, x_ratelimit_reset=str(epoch + 90)) == 90
    assert wait(date=date, x_ratelimit_reset=str(epoch - 90)) == 1
    assert wait(date=date, x_ratelimit_reset=str(epoch + 90_000)) == 3600
    assert wait(date=date, x_ratelimit_reset="soon", retry_after="12") == 12
    assert wait(x_ratelimit_reset=str(epoch), retry_after="12") == 12
    assert wait(date=date, retry_after="Sat, 21 Nov 2026 12:00:20 GMT") == 20
    assert wait(retry_after="-5") == wait(retry_after="1e9") == wait(retry_after="nan") == wait() == 1
    assert wait(date="yesterday", retry_after="someday") == 1


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.integers(1, 3), st.floats(0, 1))
def test_no_header_makes_the_wait_absurd(date: str, reset: str, retry: str, attempt: int, jitter: float) -> None:
    headers = {"date": date, "x-ratelimit-reset": reset, "retry-after": retry}
    assert 1 <= wait_after(Exchange(429, headers, b"", None, 0.0), attempt, jitter) <= 3600


async def test_a_write_never_goes_as_a_read(lab: Any, read: Any) -> None:
    with pytest.raises(Guarded):
        await read(lab.send_call(), lab.came(200, {}))
    assert read.wire.calls == []


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"a":1', b"NaN", b"[Infinity]", b"1" * 5000, b"[" * 200_000 + b"]" * 200_000, b"\xff", b"1e400",
     b'{"a":"\\u001b"}x', b'"\\ud800', b"[\"\\u0000\", NaN]"],
)  # fmt: skip
async def test_what_is_not_json_is_a_bad_answer(lab: Any, read: Any, body: bytes) -> None:
    with pytest.raises(BadAnswer):
        await read(EXPORT, lab.came(200, body))


def test_every_text_and_key_of_an_answer_stays_as_it_came() -> None:
    hostile = {"a\x1b]52;c;x\x07": ["\u202eb", {"c\nd": "line\r\nbreak"}], "e": "\U000e0041", "f": "日本 👩‍👩‍👧 café"}
    for ascii_only in (True, False):
        body = json.dumps(hostile, ensure_ascii=ascii_only).encode()
        assert decode(Exchange(200, {}, body, None, 0.0)) == hostile


def test_half_an_emoji_becomes_the_replacement_character_in_texts_and_keys() -> None:
    body = rb'{"\udc00": ["caf\u00e9 \ud83d", "\ud83d\ude00", "\u200f\u001b", 1e-7, 12345678901234567890]}'
    found = decode(Exchange(200, {}, body, None, 0.0))
    assert found == {"\ufffd": ["café \ufffd", "😀", "\u200f\x1b", 1e-7, 12345678901234567890]}
    encode_json(found)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert decode(Exchange(200, {}, b'\xef\xbb\xbf{"a":1}', None, 0.0)) == {"a": 1}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.booleans(),
    st.sampled_from([None, 1]),
)
def test_decoding_gives_what_json_gives(value: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    assert decode(Exchange(200, {}, text, None, 0.0)) == value


async def test_error_words_carry_no_control_characters(lab: Any, read: Any) -> None:
    evil = "\x1b]52;c;aGk=\x07\u202e"
    answers = [
        lab.came(400, {"message": evil}),
        lab.came(302, b"", location=evil),
        lab.came(404, {"errors": {"code": evil, "message": evil}}),
        lab.came(200, {"status": evil}),
        lab.came(200, {"status": "error", "errors": {"code": evil}}),
        Exchange(None, {}, b"", Failure.REFUSED, 0.0, evil),
        lab.came(200, evil.encode()),
    ]
    for one in answers:
        with pytest.raises(OfferdeckError) as caught:
            await read(USER, one)
        error = caught.value
        shown = error.message + error.hint + error.detail + getattr(error, "code", "")
        assert not set(shown) & set("\x1b\x07\u202e"), one


async def test_a_refused_answer_over_a_real_socket_is_told(lab: Any) -> None:
    from core.adapters.clock import SystemClock

    raw = lab.answer(403, b'{"message":"Access Denied"}')
    async with lab.raw_server(raw) as server, lab.wire_to(server.url) as wire:
        with pytest.raises(CredentialsRefused, match="Profile demo"):
            await read_json(wire, EXPORT, SystemClock())
