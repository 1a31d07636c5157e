"""wallet and tags: ids, languages, shapes and failures, as a script sees them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cli.driver import Program, Vendors, at
from tests.cli.vendor import APP, SECRETS, USER, WALLET, Answer, Vendor, vendor_server


def test_a_wallet_is_shown_with_what_ends_first_on_top(program: Program, vendors: Vendors) -> None:
    done = program("wallet", vendors.customers[0])
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].split()[:3] == ["STATE", "ENDS", "IN"]
    assert "Free coffee" in lines[1]
    assert "抹茶ラテ" in done.out
    assert "\x1b" not in done.out
    assert "12 of 12 offers" in done.err


@pytest.mark.parametrize("who", ["ID", "CRM-000123", "ana@example.com"])
def test_a_customer_is_found_by_each_kind_of_id(program: Program, vendors: Vendors, who: str) -> None:
    done = program("tags", who.replace("ID", vendors.customers[0]), "--json")
    assert done.code == 0
    assert done.json["user_id"] == vendors.customers[0]
    kinds = {tag["name"]: tag["kind"] for tag in done.json["tags"]}
    assert kinds["store_visit"] == "counter"
    assert kinds["churn_risk"] == "expiring"


def test_the_global_options_stand_before_or_after_the_command(program: Program, vendors: Vendors) -> None:
    ana = vendors.customers[0]
    before = program("--json", "--profile=sb", "tags", ana)
    after = program("tags", ana, "--profile", "sb", "--json")
    assert before.code == after.code == 0
    assert [tag["name"] for tag in before.json["tags"]] == [tag["name"] for tag in after.json["tags"]]


def test_a_wallet_of_two_pages_is_whole_as_json(program: Program, vendors: Vendors) -> None:
    done = program("wallet", "CRM-000203", "--json")
    assert done.code == 0
    assert done.json["total_records"] == len(done.json["user_offers"]) == 1312
    assert "1000 of 1312" in done.err
    assert {"state", "usable_until", "remaining_s", "offer_id"} <= done.json["user_offers"][0].keys()


def test_texts_come_in_the_culture_asked_for(program: Program, vendors: Vendors) -> None:
    english = program("wallet", vendors.customers[0], "--json").json
    assert english["culture"] == "en-US"
    assert program("wallet", vendors.customers[0], "--json", "--culture", "de-DE").json["culture"] == "de-DE"
    assert program("wallet", vendors.customers[0], "--culture", "not a culture").code == 2


def dangerous(text: str) -> set[str]:
    """Line breaks apart, every control, format, surrogate and separator character, by Unicode's own categories."""
    joiners = {"\u200c", "\u200d"}
    return {
        char for char in set(text) - joiners - {"\n"} if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }


def test_nothing_a_terminal_obeys_leaves_in_text_or_json(program: Program) -> None:
    for words in (
        ("wallet", "hostile@example.com"),
        ("tags", "hostile@example.com"),
        ("wallet", "hostile@example.com", "--json"),
    ):
        done = program(*words)
        assert done.code == 0, done.err
        assert dangerous(done.out + done.err) == set()
    assert dangerous("a\x1b]52;c;aGk=\x07\u202eb\x9b\n") == {"\x1b", "\x07", "\u202e", "\x9b"}


def test_a_customer_nobody_knows_is_refused_and_named(program: Program) -> None:
    done = program("wallet", "CRM-nobody")
    assert (done.code, done.out) == (1, "")
    assert "CRM-nobody" in done.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "code"),
    [("401", 4), ("403", 4), ("404", 1), ("429=60", 3), ("500", 3), ("502-html", 3), ("non-json-200", 3)],
)
def test_each_failure_of_a_read_has_its_exit_code(
    bare: Program, faulty: Callable[..., Vendors], fault: str, code: int
) -> None:
    running = faulty(fault)
    done = bare("tags", running.customers[0])
    assert (done.code, done.out) == (code, ""), done.err
    assert "SessionM Core" in done.err


def test_a_service_that_is_not_there_says_try_again(bare: Program, vendors: Vendors) -> None:
    bare.environ |= vendors.variables
    words = vendors.profile_words("gone")
    words[words.index(vendors.core_url)] = "http://127.0.0.1:1"
    assert bare(*words).code == 0
    done = bare("tags", vendors.customers[0])
    assert done.code == 3
    assert "refused" in done.err


def test_a_missing_secret_is_named_with_the_way_to_set_it(bare: Program, vendors: Vendors) -> None:
    at(bare, vendors)
    del bare.environ["OFFERDECK_SECRET_CORE_SECRET"]
    done = bare("tags", vendors.customers[0])
    assert done.code == 4
    assert "OFFERDECK_SECRET_CORE_SECRET" in done.err


# -- a server that is not the sandbox


@pytest.fixture
def vendor(bare: Program) -> Iterator[Vendor]:
    with vendor_server() as running:
        at(bare, running.vendors)
        yield running


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status": "OK", "tags": {"a": 3, "b": None}}, {("a", "counter", 3), ("b", "unknown", None)}),
        ({"status": "ok", "tags": {"a": {"count": 2}}}, {("a", "counter", 2)}),
        ({"status": "ok", "tags": ["a", {"tag": "b", "ttl": 60}]}, {("a", "unknown", None), ("b", "expiring", None)}),
        ({"status": "ok", "payload": {"tags": {"a": "5"}}}, {("a", "counter", 5)}),
        ({"status": "ok", "tags": None}, set()),
        ({"status": "ok"}, set()),
    ],
)
def test_tags_of_every_undocumented_shape_are_read(
    bare: Program, vendor: Vendor, answer: Any, expected: set[tuple[str, str, int | None]]
) -> None:
    vendor.answers["GET", f"{APP}/users/{USER}/tags"] = Answer(answer)
    done = bare("tags", USER, "--json")
    assert done.code == 0, done.err
    assert {(tag["name"], tag["kind"], tag["count"]) for tag in done.json["tags"]} == expected


def test_a_wallet_with_nulls_and_seven_digit_fractions_is_read_and_unknown_keys_survive(
    bare: Program, vendor: Vendor
) -> None:
    row = {
        "id": "u1",
        "offer_id": "o1",
        "name": "Coffee",
        "redemption_end_date": "2030-01-01T00:00:00.1234567Z",
        "redeem_date": None,
        "media": None,
        "made_up_key": {"deep": [1]},
        "state": "vendor's own",
    }
    payload = {"user_offers": [row], "offer_groups": None, "offer_categories": None, "total_records": None}
    vendor.answers["POST", WALLET] = Answer({"status": "OK", "payload": payload})
    done = bare("wallet", USER, "--json")
    assert done.code == 0, done.err
    (offer,) = done.json["user_offers"]
    assert offer["made_up_key"] == {"deep": [1]}
    assert (offer["state"], offer["usable_until"]) == ("issued", "2030-01-01T00:00:00Z")
    assert offer["as_sent"] == {"state": "vendor's own"}
    _, target, authorization, body = vendor.received[-1]
    assert (target, authorization) == (WALLET, f"Basic {SECRETS['connect_authorization']}")
    assert f'"user_id":"{USER}"'.encode() in body


def test_an_empty_wallet_is_no_failure(bare: Program, vendor: Vendor) -> None:
    vendor.answers["POST", WALLET] = Answer({"status": "ok", "payload": {"user_offers": None}})
    done = bare("wallet", USER)
    assert (done.code, done.out) == (0, "")
    assert "empty" in done.err


def test_an_error_inside_a_200_is_a_refusal(bare: Program, vendor: Vendor) -> None:
    answer = {"status": "error", "errors": {"code": "VALIDATION", "message": "the retailer is not known"}}
    vendor.answers["POST", WALLET] = Answer(answer)
    done = bare("wallet", USER)
    assert done.code == 1
    assert "the retailer is not known" in done.err


def test_an_external_id_goes_out_byte_for_byte(bare: Program, vendor: Vendor) -> None:
    bare("wallet", "Crm 日本/7%")
    target = vendor.received[0][1]
    assert target.startswith(f"{APP}/external/users/Crm%20%E6%97%A5%E6%9C%AC%2F7%25?")
