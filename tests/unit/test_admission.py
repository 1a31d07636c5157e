"""Which connected-content calls a preview may make; each guard is also taken away, to see that it is what holds."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import admission
from core.addresses import is_public
from core.admission import Admitted, CallRequest, admit
from core.errors import Guarded, InvalidInput
from core.profiles import Profile

CORE, CONNECT = "https://core.example", "https://connect.example"
WALLET = f"{CONNECT}/offers/api/2.0/offers/get_user_offers"


def profile(**settings: Any) -> Profile:
    given: dict[str, Any] = {
        "name": "shop",
        "environment": "staging",
        "core_url": CORE,
        "connect_url": CONNECT,
        "braze_url": "https://braze.example",
        "retailer_id": "11111111-2222-3333-4444-555555555555",
        "connected_content_hosts": ("api.example", "odd.example:80"),
    }
    return Profile.make(**given | settings)


SANDBOX = profile(
    environment="sandbox",
    core_url="http://127.0.0.1:9001",
    connect_url="http://127.0.0.1:9002",
    braze_url="http://127.0.0.1:9003",
)


def get(url: str, **more: Any) -> CallRequest:
    return CallRequest("GET", url, **more)


def admitted(request: CallRequest, on: Profile | None = None) -> Admitted:
    return admit(request, on or profile())


GUARDS: list[tuple[str, CallRequest, str]] = [
    ("_check_method", CallRequest("PUT", "https://api.example/x"), "GET and POST"),
    ("_check_stored_credential", get("https://api.example/x", credential="shop"), "never guesses"),
    ("_check_host", get("https://evil.example/x"), "evil.example is not among the hosts"),
    ("_check_host", get("https://api.example.evil.example/x"), "not among"),
    ("_check_host", get("https://xapi.example/x"), "not among"),
    ("_check_host", get("https://sub.api.example/x"), "not among"),
    ("_check_host", get("https://odd.example/x"), "not among"),
    ("_check_host", get("https://braze.example/users/export/ids"), "not among"),
    ("_check_encrypted", get("http://api.example/x"), "not encrypted"),
    ("_check_encrypted", get("http://core.example/x"), "not encrypted"),
    ("_check_port", get("https://api.example:8443/x"), "80 and 443"),
    ("_check_port", get("https://api.example:22/x"), "80 and 443"),
    ("_check_headers", get("https://api.example/x", headers=(("Host", "evil.example"),)), "not a template's"),
    ("_check_headers", get("https://api.example/x", headers=(("transfer-encoding", "chunked"),)), "not a template's"),
    (
        "_check_placeholders",
        get("https://api.example/x", headers=(("Authorization", "Basic <connect_authorization>"),)),
        "was to go to api.example",
    ),
    ("_check_placeholders", get("https://api.example/<appkey_core>"), "was to go to api.example"),
    (
        "_check_placeholders",
        CallRequest("POST", "https://connect.example/x", body="<core_authorization>"),
        "was to go to connect.example",
    ),
    ("_check_placeholders", get("https://core.example:80/<appkey_core>"), "was to go to core.example"),
]


@pytest.mark.parametrize(("guard", "request_", "words"), GUARDS)
def test_what_a_preview_must_not_do_is_refused(guard: str, request_: CallRequest, words: str) -> None:
    with pytest.raises(Guarded, match=words):
        admitted(request_)


@pytest.mark.parametrize(("guard", "request_", "words"), GUARDS)
def test_without_its_guard_the_same_call_would_be_let_through(
    monkeypatch: pytest.MonkeyPatch, guard: str, request_: CallRequest, words: str
) -> None:
    monkeypatch.setattr(admission, guard, lambda *_: None)
    assert admitted(request_).request is request_


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example/x?y=1",
        "https://API.example:443/x",
        "https://api.example:80/x",
        "https://odd.example:80",
        "https://core.example/priv",
        f"{WALLET}?a=b",
        "https://api.example?q",
        "https://api.example/ä#fragment",
    ],
)
def test_allowed_hosts_and_the_profiles_own_are_let_through(url: str) -> None:
    made = admitted(get(url))
    assert not made.is_sandbox and made.target.startswith("/") and "#" not in made.target


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example/a b",
        "https://api.example/\n",
        "https://api.example\\@evil",
        "ftp://api.example",
        "api.example/x",
        "https://",
        "https:///x",
        "https://[::1",
        "https://api.example:99999999/",
        "https://ä.example/",
    ],
)
def test_what_is_no_address_is_invalid_rather_than_guessed(url: str) -> None:
    with pytest.raises(InvalidInput):
        admitted(get(url))


SPELLINGS = [
    "https://",
    "http://",
    "//",
    "/",
    "@",
    ":",
    "?",
    "#",
    "\\",
    "%",
    "%2f",
    "%40",
    "..",
    "443",
    "80",
    "8080",
    "a",
]
HOSTS = ["api.example", "evil.example", "core.example", "127.0.0.1", "[::1]", "<appkey_core>"]
PIECES = st.lists(st.sampled_from([*SPELLINGS, *HOSTS, " ", "\t", "\r\n", "\x00"]), max_size=9).map("".join)


@settings(max_examples=3000, deadline=None)
@given(st.sampled_from(["", "https://", "https://api.example", "https://core.example"]), PIECES)
def test_whatever_is_spelled_only_allowed_hosts_are_let_through(start: str, rest: str) -> None:
    try:
        made = admitted(get(start + rest))
    except (Guarded, InvalidInput):
        return
    assert (made.scheme, made.port in (80, 443)) == ("https", True)
    assert made.host in {"api.example", "core.example", "connect.example"}
    assert "<appkey_core>" not in rest or (made.host, made.port) == ("core.example", 443) or "#" in rest
    assert made.target.startswith("/") and not set(made.target) & set(" \t\r\n\x00\\#")
    assert urlsplit(start + rest).hostname == made.host


def test_a_user_name_in_the_url_does_not_hide_the_host() -> None:
    with pytest.raises(Guarded, match="user name"):
        admitted(get("https://api.example@evil.example/x"))


def test_headers_that_would_break_the_request_apart_are_invalid() -> None:
    for pair in (("X", "a\r\nHost: evil"), ("X Y", "a"), ("", "a"), ("X:", "a"), ("X", "\x00")):
        with pytest.raises(InvalidInput):
            admitted(get("https://api.example/x", headers=(pair,)))


def test_the_sandboxes_own_addresses_are_let_through_as_they_are_and_only_those() -> None:
    for url in ("http://127.0.0.1:9001/x", "http://127.0.0.1:9002/y"):
        assert admitted(get(url), SANDBOX).is_sandbox
    for url in (
        "http://127.0.0.1:9003/x",
        "http://127.0.0.1:9004/",
        "http://localhost:9001/",
        "http://127.0.0.1/x",
        "https://127.0.0.1:9001/",
        "http://127.0.0.2:9001/",
    ):
        with pytest.raises(Guarded):
            admitted(get(url), SANDBOX)
    with pytest.raises(Guarded):
        admitted(get("http://127.0.0.1:9001/x"))


def test_every_post_asks_first_but_the_wallet_of_the_profiles_own_connect() -> None:
    assert not admitted(get("https://api.example/x")).asks_first
    assert not admitted(CallRequest("POST", WALLET)).asks_first
    wallet = WALLET.removeprefix(CONNECT)
    for url in (
        f"https://api.example{wallet}",
        f"{CORE}{wallet}",
        f"{WALLET}/",
        f"{WALLET}?x=1",
        f"{CONNECT}/redeem",
        f"https://connect.example:80{wallet}",
        f"{CONNECT}//offers/api/2.0/offers/get_user_offers",
    ):
        assert admitted(CallRequest("POST", url)).asks_first, url
    on_sandbox = CallRequest("POST", "http://127.0.0.1:9002" + wallet)
    assert not admitted(on_sandbox, SANDBOX).asks_first


def test_a_credential_may_go_to_its_own_host() -> None:
    header = (("Authorization", "Basic <connect_authorization>"),)
    made = admitted(CallRequest("POST", WALLET, headers=header))
    assert made.request.placeholders == ("connect_authorization",)
    assert admitted(get("https://core.example/apps/<appkey_core>/x")).target == "/apps/<appkey_core>/x"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "100.127.255.255", "168.63.129.16", "192.0.0.1", "198.18.0.1"),
        *("192.0.2.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::8.8.8.8", "64:ff9b::808:808", "64:ff9b:1::1"),
        *("2002:808:808::1", "2001::1", "2001:db8::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254"),
        *("fec0::1", "ff02::1", "100::1", "2600::1%eth0", "3fff::1", "5f00::1", "", "localhost", "8.8.8", "0x7f.1"),
    ],
)
def test_addresses_that_are_not_of_the_public_internet_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "168.63.129.17",
        "223.255.255.1",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "2400:cb00::1",
    ],
)
def test_public_addresses_are_let_through(address: str) -> None:
    assert is_public(address)
