"""Profiles: what is typed is checked setting by setting, and nothing unencrypted leaves the machine."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calls import Service
from core.errors import InvalidInput
from core.profiles import (
    BRAZE_INSTANCES,
    FIELDS_OF_SERVICE,
    SECRET_FIELDS,
    Environment,
    Profile,
    SecretStore,
    parse_culture,
    parse_name,
    parse_retailer_id,
    parse_url,
)

GUID = "11111111-2222-3333-4444-555555555555"


def make(**changes: Any) -> Profile:
    given_settings: dict[str, Any] = {
        "name": "acme-prod",
        "environment": "production",
        "core_url": "https://core.example/",
        "connect_url": "https://domains-connecteast1.example:8443",
        "braze_url": "us-05",
        "retailer_id": GUID,
    }
    return Profile.make(**(given_settings | changes))


def test_a_profile_is_what_was_typed_in_order() -> None:
    profile = make()
    assert profile.environment is Environment.PRODUCTION and profile.secrets is SecretStore.KEYRING
    assert profile.core_url == "https://core.example" and profile.braze_url == "https://rest.iad-05.braze.com"
    assert profile.host(Service.CONNECT) == "domains-connecteast1.example:8443"
    assert profile.url(Service.BRAZE) == profile.braze_url and not profile.allow_whole_segment
    assert profile.region == "US-05 · connecteast1"
    assert make(connect_url="https://connect.example", braze_url="https://b.example").region == "b.example"


@pytest.mark.parametrize("environment", list(Environment))
def test_only_production_starts_read_only(environment: Environment) -> None:
    assert make(environment=environment.value.upper()).starts_read_only is (environment is Environment.PRODUCTION)


@pytest.mark.parametrize("name", list(BRAZE_INSTANCES))
def test_every_braze_instance_can_be_named(name: str) -> None:
    profile = make(braze_url=f" {name.lower()} ")
    assert profile.braze_url == BRAZE_INSTANCES[name] and profile.region.startswith(name)


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("name", "", "profile name"),
        ("name", "../x", "profile name"),
        ("name", "-x", "profile name"),
        ("name", "a" * 41, "profile name"),
        ("name", "a b", "profile name"),
        ("environment", "live", "environment"),
        ("core_url", "core.example", "SessionM Core address"),
        ("core_url", "ftp://core.example", "SessionM Core address"),
        ("core_url", "http://core.example", "not encrypted"),
        ("core_url", "http://127.0.0.1.evil.example", "not encrypted"),
        ("core_url", "http://localhost.evil.example", "not encrypted"),
        ("core_url", "http://10.0.0.1", "not encrypted"),
        ("core_url", "https://user:key@core.example", "plain address"),
        ("core_url", "https://core.example?key=1", "plain address"),
        ("core_url", "https://core.example#x", "plain address"),
        ("core_url", "https://core.example?", "plain address"),
        ("core_url", "https://core.example/#", "plain address"),
        ("core_url", "https://@core.example", "plain address"),
        ("core_url", "https://core.example:99999", "not an address"),
        ("core_url", "https://[::1", "not an address"),
        ("core_url", "https://", "not an address"),
        ("core_url", "https://a b", "not an address"),
        ("core_url", "https://a\x1b[m.example", "not an address"),
        ("core_url", "https://bücher.example", "not an address"),
        ("core_url", "https://a.example/x y", "not an address"),
        ("core_url", "https://a.example/$(id)", "not an address"),
        ("core_url", "https://a.example/../x", "not an address"),
        ("core_url", "https://a_b", "not an address"),
        ("core_url", "https://a.example:", "not an address"),
        ("core_url", "https://.example", "not an address"),
        ("connect_url", "x", "SessionM Connect address"),
        ("braze_url", "US-09", "Braze REST address"),
        ("retailer_id", "7", "not a GUID"),
        ("culture", "german!", "culture"),
        ("secrets", "file", "secret store"),
        ("connected_content_hosts", ("https://x.example",), "host name"),
        ("connected_content_hosts", ("x.example/path",), "host name"),
    ],
)
def test_a_wrong_setting_is_named(setting: str, value: object, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        make(**{setting: value})
    assert caught.value.hint


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.9.9.9", "[::1]"])
def test_plain_http_is_for_loopback(host: str) -> None:
    assert parse_url(f" http://{host}:8080/x/ ", "address") == f"http://{host}:8080/x"


@given(st.text() | st.text().map("https://{}".format) | st.text().map("https://a.example/{}".format))
def test_any_text_is_parsed_or_refused_with_words(text: str) -> None:
    for parse in (parse_name, parse_culture, parse_retailer_id, lambda one: parse_url(one, "address")):
        try:
            kept = parse(text)
        except InvalidInput as error:
            assert error.message
        else:
            assert kept.isprintable() and kept.isascii() and " " not in kept


def test_every_secret_of_a_service_has_a_name_for_people() -> None:
    assert {field for names in FIELDS_OF_SERVICE.values() for field in names} < set(SECRET_FIELDS)
    assert set(FIELDS_OF_SERVICE) == set(Service)
