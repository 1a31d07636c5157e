"""The judgement: only a vendor's own word for success makes a send, and doubt is never called a refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calls import Service
from core.clean import safe
from core.outcomes import FAILURE_WORDS, NEVER_LEFT, Exchange, Failure, Outcome, Verdict, judge, vendor_words

SENT, REJECTED, NOT_SENT, UNKNOWN = Outcome.SENT, Outcome.REJECTED, Outcome.NOT_SENT, Outcome.UNKNOWN
OK = {Service.BRAZE: {"message": "success"}, Service.CORE: {"status": "ok"}, Service.CONNECT: {"status": "OK"}}


def came(status: int | None, body: object = b"", failure: Failure | None = None) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(status, {}, raw, failure, 0.1)


def verdict(service: Service, status: int | None, body: object = b"", failure: Failure | None = None) -> Verdict:
    return judge(service, came(status, body, failure))


@pytest.mark.parametrize("service", list(Service))
@pytest.mark.parametrize("failure", list(Failure))
def test_without_a_status_only_what_never_left_is_not_sent(service: Service, failure: Failure) -> None:
    found = verdict(service, None, b"", failure)
    never_left = failure in {
        *(Failure.DNS, Failure.REFUSED, Failure.CONNECT_TIMEOUT, Failure.TLS, Failure.POOL_TIMEOUT, Failure.GUARD)
    }
    assert found.outcome is (NOT_SENT if never_left else UNKNOWN)
    assert found.retry_same is (never_left and failure is not Failure.GUARD)
    assert FAILURE_WORDS[failure] in found.reason and (failure in NEVER_LEFT) is never_left


@pytest.mark.parametrize("service", list(Service))
@pytest.mark.parametrize("failure", list(Failure))
def test_a_success_whose_body_was_not_read_is_unknown(service: Service, failure: Failure) -> None:
    for body in (OK[service], b""):
        assert verdict(service, 200, body, failure).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        *((status, b"", REJECTED) for status in (300, 301, 302, 304, 307, 400, 401, 403, 404, 405, 409, 413, 415, 422)),
        *((status, b"<html>", REJECTED) for status in (302, 400, 403, 404)),
        *((status, {"message": "no"}, UNKNOWN) for status in (408, 499, 501, 502, 503, 504, 520, 599)),
        (429, b"", NOT_SENT),
        (500, {"message": "Internal Server Error"}, REJECTED),
        (500, {"errors": {"code": "INTERNAL_SERVER_ERROR"}}, REJECTED),
        (500, b"<html>", UNKNOWN),
        (500, b"", UNKNOWN),
        (500, {}, UNKNOWN),
        (500, [], UNKNOWN),
        *((status, b"", UNKNOWN) for status in (200, 201, 202, 204, 206, 100, 101, 199, 600, 999)),
        *(
            (200, body, UNKNOWN)
            for body in (b"<html>", b"null", b"[]", b'"success"', b"1", b"NaN", {}, b"{", b"[" * 99_999)
        ),
    ],
)
@pytest.mark.parametrize("service", list(Service))
def test_each_status_has_its_outcome(service: Service, status: int, body: object, outcome: Outcome) -> None:
    found = verdict(service, status, body)
    assert found.outcome is outcome and found.retry_same is (status == 429)


@pytest.mark.parametrize("service", list(Service))
@pytest.mark.parametrize("status", [200, 201, 202])
def test_the_vendors_own_word_is_a_send(service: Service, status: int) -> None:
    assert verdict(service, status, OK[service]) == Verdict(SENT, f"{service.label} accepted it.")


@pytest.mark.parametrize("status", ["ok", "OK", "Ok"])
def test_sessionm_says_ok_in_any_case(status: str) -> None:
    assert verdict(Service.CORE, 200, {"status": status}).outcome is SENT


@pytest.mark.parametrize(
    "message", ["Success", "SUCCESS", "success ", "queued", "", None, 1, ["success"], {"a": "success"}]
)
def test_braze_says_success_to_the_letter(message: object) -> None:
    assert verdict(Service.BRAZE, 201, {"message": message}).outcome is UNKNOWN


def test_one_vendors_word_is_not_the_others() -> None:
    assert verdict(Service.BRAZE, 200, {"status": "ok"}).outcome is UNKNOWN
    assert verdict(Service.CORE, 200, {"message": "success"}).outcome is UNKNOWN


@pytest.mark.parametrize("status", ["error", "ERROR"])
def test_an_error_inside_a_200_of_sessionm_is_a_refusal_with_its_code(status: str) -> None:
    body = {"status": status, "errors": {"code": "USER_NOT_FOUND", "message": "No such user"}}
    found = verdict(Service.CORE, 200, body)
    assert (found.outcome, found.code) == (REJECTED, "USER_NOT_FOUND") and "No such user" in found.reason


def test_minor_errors_and_notices_are_warnings() -> None:
    body = {"message": "success", "errors": ["one", {"type": "two"}], "notice": "The Canvas is paused."}
    found = verdict(Service.BRAZE, 201, body)
    assert found.outcome is SENT
    assert found.warnings == ("one", '{"type": "two"}', "The Canvas is paused.")
    assert verdict(Service.CORE, 200, {"status": "ok", "errors": {"code": "x"}}).warnings == ('{"code": "x"}',)


@pytest.mark.parametrize(
    ("body", "words", "code"),
    [
        ({"errors": {"code": "user_not_found", "message": "No user"}}, "No user", "user_not_found"),
        ({"errors": {"error": "text"}}, "text", ""),
        ({"errors": {"code": 7}}, "7", "7"),
        ({"message": "Bad Request", "errors": ["a", "b"]}, "Bad Request; a; b", ""),
        ({"message": "success", "errors": ["a"]}, "a", ""),
        ({"error": "parse"}, "parse", ""),
        ({"message": None}, "", ""),
        ({"errors": None}, "", ""),
        ([], "", ""),
        (b"<html>", "", ""),
        ({"errors": {"code": "\x1b[m", "message": "\x07"}}, "\\x07", "\\x1b[m"),
    ],
)
def test_vendors_words_are_found_in_each_of_their_shapes(body: object, words: str, code: str) -> None:
    assert vendor_words(came(400, body)) == (words, code)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["ok", "success"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["status", "message", "errors", "notice", "code"]) | st.text(max_size=3), inner
        )
    ),
    max_leaves=6,
)
ANSWERS = st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode())


@given(
    st.sampled_from(list(Service)),
    st.none() | st.integers(100, 999) | st.sampled_from([200, 201, 429, 500]),
    ANSWERS,
    st.none() | st.sampled_from(list(Failure)),
)
def test_whatever_comes_is_judged_and_only_the_word_is_a_send(
    service: Service, status: int | None, body: bytes, failure: Failure | None
) -> None:
    found = judge(service, Exchange(status, {}, body, failure, 0.0, "detail"))
    if found.outcome is SENT:
        assert failure is None and status is not None and 200 <= status < 300
        answer: Any = json.loads(body)
        said = answer["message"] if service is Service.BRAZE else answer["status"].lower()
        assert said == ("success" if service is Service.BRAZE else "ok")
    if found.retry_same:
        assert found.outcome is NOT_SENT
    if found.outcome is NOT_SENT:
        assert status == 429 or (status is None and failure in NEVER_LEFT)
    assert all(said == safe(said) for said in (found.reason, *found.warnings))


@pytest.mark.parametrize("body", [b"NaN", b"[Infinity]", b"-Infinity", b"[" * 200_000, b"1" * 5_000, b"\xff\xfe\xff"])
def test_json_that_is_none_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        came(200, body).json()
