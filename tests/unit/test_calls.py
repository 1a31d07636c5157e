"""A call as a value: what is shown is what leaves, and nothing in it can reach a shell or another path."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import __version__
from core.calls import AUTHORIZATION, Call, Effect, Service, Slot, encode_json
from core.clean import safe
from core.errors import InvalidInput

SEGMENT = st.text(min_size=1).filter(lambda text: text not in {".", ".."})
PAIRS = st.lists(st.tuples(st.text(), st.text()), max_size=4).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def tag_call(user: str = "42", **changes: Any) -> Call:
    path = ("priv", "v1", "apps", Slot("core_key"), "users", user, "tags")
    return Call("sessionm.tags.post", Service.CORE, "POST", path, Effect.WRITE, body=b'{"tags":["vip"]}', **changes)


def test_a_target_shows_where_the_secret_goes() -> None:
    call = tag_call("a b/c", query=(("x", "1&2"), ("x", "ü")))
    assert call.target == "/priv/v1/apps/{core_key}/users/a%20b%2Fc/tags?x=1%262&x=%C3%BC"


@given(st.lists(SEGMENT, min_size=1, max_size=5), PAIRS)
def test_every_id_can_be_read_back_byte_for_byte(path: list[str], query: tuple[tuple[str, str], ...]) -> None:
    call = Call("x", Service.CORE, "GET", tuple(path), Effect.READ, query)
    target = call.target
    assert target.isascii() and not set(target) & set(' "<>\\^`{}|\r\n\t')
    shown = urlsplit("https://h" + target)
    assert [unquote(part) for part in shown.path.split("/")[1:]] == path
    assert parse_qsl(shown.query, keep_blank_values=True) == list(query)
    assert (shown.netloc, shown.fragment) == ("h", "")


@pytest.mark.parametrize("user", ["", ".", "..", "\ud83d", "a\udcff"])
def test_an_id_that_would_name_another_path_cannot_be_called(user: str) -> None:
    with pytest.raises(InvalidInput):
        tag_call(user)


@pytest.mark.parametrize("user", ["...", ".x", "x..", "%2e%2e", " "])
def test_other_dots_are_ids_like_any(user: str) -> None:
    assert user in unquote(tag_call(user).target)


@given(JSON)
def test_a_body_is_the_json_it_was_made_from(value: object) -> None:
    try:
        raw = encode_json(value)
    except UnicodeEncodeError:
        return
    assert json.loads(raw) == value
    assert Call("x", Service.BRAZE, "POST", ("a",), Effect.WRITE, body=raw).body_json == value


def test_a_body_keeps_the_order_of_its_keys_and_its_characters() -> None:
    assert encode_json({"b": 1, "a": "日本", "n": 1.5}) == '{"b":1,"a":"日本","n":1.5}'.encode()
    assert tag_call().body_json == {"tags": ["vip"]} and replace(tag_call(), body=None).body_json is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_json_is_no_body(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode_json({"a": value})


def test_any_change_of_what_leaves_changes_the_digest() -> None:
    call = tag_call()
    changed = [
        replace(call, service=Service.BRAZE),
        replace(call, method="PUT"),
        replace(call, path=(*call.path, "x")),
        replace(call, path=tuple("{core_key2}" if isinstance(part, Slot) else part for part in call.path)),
        replace(call, query=(("a", "b"),)),
        replace(call, body=b'{"tags":["vip"] }'),
        replace(call, body=None),
    ]
    assert len({one.digest for one in [call, *changed]}) == len(changed) + 1
    harmless = {"endpoint", "effect"}
    assert {one.name for one in fields(Call)} - harmless == {"service", "method", "path", "query", "body"}


def test_a_slot_and_its_name_typed_as_an_id_are_told_apart() -> None:
    typed = replace(tag_call(), path=("priv", "v1", "apps", "{core_key}", "users", "42", "tags"))
    assert typed.target != tag_call().target and typed.digest != tag_call().digest


@pytest.mark.parametrize("service", list(Service))
def test_the_http_text_shows_placeholders_for_secrets(service: Service) -> None:
    call = replace(tag_call(), service=service)
    assert call.http("https://api.example/") == (
        "POST /priv/v1/apps/{core_key}/users/42/tags HTTP/1.1\nHost: api.example\n"
        f"Authorization: {AUTHORIZATION[service]}\nAccept: application/json\nAccept-Encoding: identity\n"
        f"User-Agent: offerdeck/{__version__}\nContent-Type: application/json\n\n"
        '{"tags":["vip"]}'
    )
    assert "Content-Type" not in replace(call, body=None).http("https://api.example")


def spoken(line: str) -> list[str]:
    """The words that a POSIX shell hands to curl."""
    script = 'curl() { for word in "$@"; do printf "%s\\0" "$word"; done; }\n' + line
    environ = {"CORE_KEY": "k", "CORE_SECRET": "s", "CONNECT_AUTHORIZATION": "c", "BRAZE_KEY": "b"}
    shell = shutil.which("sh") or "/bin/sh"
    done = subprocess.run([shell, "-c", script], env=environ, capture_output=True, check=True, timeout=10)
    assert done.stderr == b""
    return done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]


@pytest.mark.parametrize(
    ("service", "words"),
    [
        (Service.CORE, ["-u", "k:s"]),
        (Service.CONNECT, ["-H", "Authorization: Basic c"]),
        (Service.BRAZE, ["-H", "Authorization: Bearer b"]),
    ],
)
def test_the_curl_line_makes_the_same_request(service: Service, words: list[str]) -> None:
    line = replace(tag_call("it's"), service=service).curl("https://api.example")
    url = "https://api.example/priv/v1/apps/k/users/it%27s/tags"
    body = ["-H", "Content-Type: application/json", "--data-binary", '{"tags":["vip"]}']
    assert spoken(line) == ["-X", "POST", url, *words, *body]


@given(SEGMENT, st.text(), st.text())
@settings(max_examples=60, deadline=None)
def test_nothing_in_a_call_can_speak_to_the_shell(user: str, value: str, text: str) -> None:
    body = encode_json({"text": text})
    call = Call("x", Service.BRAZE, "POST", ("users", user), Effect.WRITE, (("q", value),), body)
    heard = spoken(call.curl('https://api.example/$(id)`id`"\\'))
    assert heard[2] == 'https://api.example/$(id)`id`"\\' + call.target
    assert json.loads(heard[-1].encode("utf-8", "surrogateescape")) == {"text": text}
    assert safe(heard[-1]) == heard[-1], "pasting it types nothing that cannot be seen"


@pytest.mark.parametrize("make", [repr, lambda call: call.http("https://h"), lambda call: call.curl("https://h")])
def test_a_call_holds_no_secret_to_show(make: Callable[[Call], str]) -> None:
    assert "core_key" in make(tag_call()).lower()
