"""render --connected live: against the sandbox, and against a server that is not the sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.driver import Done, Program, Vendors, at
from tests.cli.vendor import RETAILER, SECRETS, USER, WALLET, Answer, Vendor, vendor_server

LIVE = ("--connected", "live")
WALLET_CALL = (
    '{% capture body %}{"retailer_id":"@R@","user_id":"{{${user_id}}}","skip":0,"take":1000,'
    '"include_pending_extended_data":false,"culture":"en-US"}{% endcapture %}'
    "{% connected_content @C@" + WALLET + ' :method post :headers {"Authorization": '
    '"Basic {{content_blocks.${connect_authorization}}}"} :body {{body}} :content_type application/json :save w %}'
)


def live(program: Program, template: str, data: Any = None, *words: str) -> Done:
    path = program.home / "data.json"
    path.write_text(json.dumps(data or {}), encoding="utf-8")
    return program("render", "-", "--data", str(path), *LIVE, *words, stdin=template)


def on(vendors: Vendors, template: str) -> str:
    return template.replace("@C@", vendors.connect_url).replace("@R@", vendors.retailer_id)


@pytest.fixture
def vendor(bare: Program) -> Iterator[Vendor]:
    """A server of three services, and the program with a profile on it."""
    with vendor_server() as running:
        at(bare, running.vendors)
        yield running


def test_live_needs_a_profile(bare: Program) -> None:
    done = live(bare, "x")
    assert (done.code, done.out) == (2, "") and "no profile" in done.err


def test_the_live_wallet_blocks_and_items_of_the_sandbox_fill_a_message(program: Program, vendors: Vendors) -> None:
    template = on(vendors, WALLET_CALL) + (
        "{{ w.payload.user_offers | size }} {{ w.__http_status_code__ }} {{content_blocks.${greeting}}} "
        "{% catalog_items menu matcha %}{{ items[0].title }} {{content_blocks.${connect_authorization}}}"
    )
    done = live(program, template, None, "--customer", vendors.customers[0], "--json")
    assert done.code == 0, done.err
    assert done.json["output"] == "12 200 Hello Ana 抹茶ラテ <connect_authorization>"
    assert [one["rule"] for one in done.json["problems"] if one["severity"] == "error"] == []
    (call,) = done.json["calls"]
    assert set(call) == {"method", "url", "status", "saved_as", "milliseconds"}
    assert (call["method"], call["status"], call["saved_as"]) == ("POST", 200, "w") and call["milliseconds"] >= 0
    assert vendors.secrets["connect_authorization"] not in done.out + done.err


def test_what_the_workspace_does_not_have_is_a_problem(program: Program) -> None:
    template = "a{{content_blocks.${None such}}}{% catalog_items menu none %}{% catalog_items nope x %}z"
    done = live(program, template, None, "--json")
    assert (done.code, done.json["output"]) == (0, "az")
    rules = [one["rule"] for one in done.json["problems"]]
    assert rules == ["unknown-content-block", "catalog-item-missing", "catalog-item-missing"]


def test_the_secret_goes_to_its_host_alone_and_an_echo_is_masked(bare: Program, vendor: Vendor) -> None:
    authorization = f"Basic {SECRETS['connect_authorization']}"
    vendor.answers["POST", WALLET] = Answer({"status": "ok", "echo": authorization, "payload": {"available_points": 7}})
    done = live(bare, on(vendor.vendors, WALLET_CALL) + "{{ w.payload.available_points }} {{ w.echo }}", None, "--json")
    assert (done.code, done.json["output"]) == (0, "7 Basic •••")
    (received,) = vendor.received
    assert received[:3] == ("POST", WALLET, authorization)
    assert json.loads(received[3])["retailer_id"] == RETAILER
    assert SECRETS["connect_authorization"] not in done.out + done.err


def test_a_refused_call_is_a_problem_and_the_text_is_made_all_the_same(bare: Program, vendor: Vendor) -> None:
    connect = vendor.vendors.connect_url
    templates = {
        "{% connected_content https://evil.example/x :save r %}": "evil.example",
        "{% connected_content http://127.0.0.1:1/x :save r %}": "127.0.0.1",
        "{% connected_content " + connect + "/x :method post :save r %}": "POST",
        "{% connected_content " + connect + "/x :basic_auth shop :save r %}": "shop",
    }
    for template, words in templates.items():
        done = live(bare, template + "{{ r.a | default: 'none' }}", None, "--json")
        assert (done.code, done.json["output"]) == (0, "none")
        (problem,) = [one for one in done.json["problems"] if one["severity"] == "error"]
        assert problem["rule"] == "connected-refused" and words in problem["message"]
        assert [one["status"] for one in done.json["calls"]] == [None]
    assert vendor.received == []


def test_a_message_that_comes_to_nothing_with_a_refused_call_exits_with_5(bare: Program, vendor: Vendor) -> None:
    template = (
        "{% connected_content https://evil.example/x :save r %}{% if r == nil %}{% abort_message('no r') %}{% endif %}"
    )
    done = live(bare, template, None, "--json")
    assert (done.code, done.json["status"], done.json["abort_reason"]) == (5, "aborted", "no r")
    assert live(bare, "{% abort_message('why') %}").code == 1
    assert vendor.received == []


def test_recorded_answers_go_before_calls(bare: Program, vendor: Vendor) -> None:
    url = f"{vendor.vendors.connect_url}/x"
    recording = {"url": url, "body": '{"a": "kept"}'}
    template = "{% connected_content " + url + " :save r %}{{ r.a }}"
    assert live(bare, template, {"connected_content": [recording]}).out == "kept\n"
    assert vendor.received == []
    vendor.answers["GET", "/x"] = Answer({"a": "live"})
    assert live(bare, template + template).out == "livelive\n"
    assert [(method, target) for method, target, *_ in vendor.received] == [("GET", "/x")]


def test_a_branch_not_taken_calls_nobody(bare: Program, vendor: Vendor) -> None:
    vendor.answers["GET", "/x"] = Answer({"a": 1})
    call = "{% connected_content " + vendor.vendors.connect_url
    template = call + "/x :save r %}{% if r.a == 2 %}" + call + "/y %}{% endif %}{{ r.a }}"
    assert live(bare, template).out == "1\n"
    assert [target for _, target, *_ in vendor.received] == ["/x"]


def test_redirects_errors_and_oddities_of_a_server_are_rendered_as_braze_would(bare: Program, vendor: Vendor) -> None:
    url = vendor.vendors.connect_url
    vendor.answers["GET", "/moved"] = Answer("", 302, {"Location": f"{url}/x"})
    vendor.answers["GET", "/broken"] = Answer("oops", 500)
    vendor.answers["GET", "/text"] = Answer("plain words")
    template = "{% connected_content " + url + "/@P@ :save r %}{{ r.a | default: 'none' }}"
    said = {path: live(bare, template.replace("@P@", path), None, "--json") for path in ("moved", "broken", "text")}
    assert [one.json["output"] for one in said.values()] == ["none", "none", "plain wordsnone"]
    assert [one.json["calls"][0]["status"] for one in said.values()] == [302, 500, 200]
    assert [target for _, target, *_ in vendor.received] == ["/moved", "/broken", "/text"]


def test_braze_refusing_the_key_is_a_problem_with_its_fix(bare: Program, vendor: Vendor) -> None:
    vendor.answers["GET", "/content_blocks/list"] = Answer({"message": "Invalid API key"}, 401)
    done = live(bare, "a{{content_blocks.${Footer}}}z", None, "--json")
    assert (done.code, done.json["output"]) == (0, "az")
    (problem,) = done.json["problems"]
    assert problem["rule"] == "content-block-unread" and "offerdeck auth set sb braze_key" in problem["hint"]


def test_a_customer_may_be_named_beside_live(bare: Program, vendor: Vendor) -> None:
    assert live(bare, "x", None, "--customer", USER).code == 1  # this server knows nobody


def test_braze_is_asked_for_blocks_only_where_a_profile_is_named_and_never_for_credentials(
    bare: Program, vendor: Vendor
) -> None:
    path = bare.home / "message.liquid"
    path.write_text("{{content_blocks.${Footer}}}", encoding="utf-8")
    assert bare("render", str(path)).code == 0
    assert vendor.received == []
    path.write_text("{{content_blocks.${connect_authorization}}}{{content_blocks.${appkey_core}}}", encoding="utf-8")
    done = bare("render", str(path), "--profile", "sb")
    assert (done.code, done.out, vendor.received) == (0, "<connect_authorization><appkey_core>\n", [])


@pytest.mark.parametrize("mode", ["off", "stub"])
def test_where_braze_refuses_one_block_the_others_are_not_asked_for(bare: Program, vendor: Vendor, mode: str) -> None:
    vendor.answers["GET", "/content_blocks/list"] = Answer({"message": "Invalid API key"}, 401)
    template = "".join(f"{{{{content_blocks.${{Part {number}}}}}}}" for number in range(20))
    done = bare("render", "-", "--profile", "sb", "--connected", mode, stdin=template)
    assert done.code == 0
    assert "offerdeck auth set sb braze_key" in done.err
    assert [target.partition("?")[0] for _, target, *_ in vendor.received] == ["/content_blocks/list"]
    assert SECRETS["braze_key"] not in done.out + done.err
