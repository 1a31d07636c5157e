"""render: data in, text and problems out, with and without a customer."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

from tests.cli.driver import ROOT, Done, Program, Vendors


def rendered(program: Program, template: str, data: Any = None, *words: str) -> Done:
    """Render `template` from standard input with `data` from a file."""
    path = program.home / "data.json"
    path.write_text(json.dumps(data or {}), encoding="utf-8")
    return program("render", "-", "--data", str(path), *words, stdin=template)


def test_a_template_is_rendered_without_any_profile(bare: Program) -> None:
    data = {
        "attributes": {"first_name": "Ana"},
        "api_trigger_properties": {"offer_id": "o-7"},
        "variables": {"wallet": {"payload": {"available_points": 100}}},
    }
    template = "Hi {{${first_name}}}: {{api_trigger_properties.${offer_id}}} {{wallet.payload.available_points}}"
    done = rendered(bare, template, data)
    assert (done.code, done.out) == (0, "Hi Ana: o-7 100\n")
    assert not (bare.home / "od").exists()


def test_json_has_exactly_the_published_keys(bare: Program) -> None:
    done = rendered(
        bare,
        "a\n{{ ${first_name} }} {% if x %}y{% endif %}",
        {"attributes": {"first_name": "Zoë\x1b\u202e\x9b\U000e0041"}},
        "--json",
    )
    assert done.code == 0, done.err
    published = {"status", "output", "abort_reason", "problems", "reads", "calls", "message_extras", "promotions"}
    assert set(done.json) == published
    assert done.json["output"] == "a\nZoë\x1b\u202e\x9b\U000e0041 "
    assert "Zoë" in done.out
    assert not set("\x1b\u202e\x9b\U000e0041") & set(done.out)
    keys = {"rule", "severity", "message", "hint", "line", "column", "end_line", "end_column"}
    assert all(set(problem) == keys for problem in done.json["problems"])
    assert set(done.json["reads"][0]) == {"expression", "line", "column", "path", "found", "value"}
    assert (done.json["reads"][0]["line"], done.json["reads"][0]["found"]) == (2, True)


def test_an_abort_and_a_failure_exit_with_1_and_say_why(bare: Program) -> None:
    aborted = rendered(bare, "{% abort_message('no coffee') %}", None, "--json")
    assert (aborted.code, aborted.json["status"], aborted.json["abort_reason"]) == (1, "aborted", "no coffee")
    failed = rendered(bare, "one\n  {% if x %}", None, "--json")
    assert (failed.code, failed.json["status"]) == (1, "failed")
    assert (failed.json["problems"][0]["line"], failed.json["problems"][0]["column"]) == (2, 3)
    assert "2:3 error" in rendered(bare, "one\n  {% if x %}").err
    assert "Aborted: no coffee. Braze" in rendered(bare, "{% abort_message('no coffee.') %}").err


def test_extras_that_no_text_shows_are_told(bare: Program) -> None:
    done = rendered(bare, "Hi{% message_extras :key cohort :value spring %}")
    assert done.out.strip() == "Hi"
    assert "Message extras: cohort=spring." in done.err


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('{"nonsense": 1}', "nonsense"),
        ("[]", "object"),
        ("{", "line 1"),
        ('{"now": "later"}', "now"),
        ('{"variables": {"x": NaN}}', "NaN"),
    ],
)
def test_data_that_cannot_be_is_a_usage_error(bare: Program, tmp_path: Path, data: str, said: str) -> None:
    path = tmp_path / "data.json"
    path.write_text(data, encoding="utf-8")
    done = bare("render", "-", "--data", str(path), stdin="x")
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_files_that_cannot_be_read_are_usage_errors(bare: Program, tmp_path: Path) -> None:
    (tmp_path / "latin.liquid").write_bytes(b"ok\ncaf\xe9")
    assert "line 2" in bare("render", str(tmp_path / "latin.liquid")).err
    assert bare("render", str(tmp_path / "latin.liquid")).code == 2
    assert bare("render", str(tmp_path / "none.liquid")).code == 2
    assert bare("render", str(tmp_path)).code == 2
    assert bare("render", "-", "--data", "-").code == 2
    assert bare("render", "-", "--connected", "live").code == 2


def test_recorded_answers_are_used_with_stub_and_not_with_off(bare: Program) -> None:
    recording = {"method": "GET", "url": "https://api.example/x", "status": 200, "headers": {}, "body": '{"a": 5}'}
    template = "{% connected_content https://api.example/x :save r %}{{r.a}}"
    stub = rendered(bare, template, {"connected_content": [recording]}, "--connected", "stub", "--json")
    assert (stub.code, stub.json["output"]) == (0, "5")
    assert stub.json["calls"][0]["status"] == 200
    off = rendered(bare, template, {"connected_content": [recording]}, "--json")
    assert "5" not in off.json["output"]


def test_the_calls_of_a_message_are_told_as_it_makes_them(bare: Program) -> None:
    recording = {"url": "https://api.example/x?who=a%20b", "body": "5"}
    call = "{% connected_content https://api.example/x?who={{ who | url_param_escape }} :save r %}{{ r }}"
    told = {
        who: rendered(
            bare, call, {"connected_content": [recording], "variables": {"who": who}}, "--connected", "stub"
        ).err
        for who in ("a b", "\x1b\u202e")
    }
    assert "GET https://api.example/x?who=a%20b: 200\n" in told["a b"]
    assert "GET https://api.example/x?who=%1B%E2%80%AE: no answer\n" in told["\x1b\u202e"]


def test_a_customer_brings_attributes_and_the_live_wallet(program: Program, vendors: Vendors) -> None:
    template = "{{${first_name}}} {{custom_attribute.${favourite_drink}}} {{wallet.payload.user_offers | size}}"
    done = rendered(program, template, None, "--customer", "ana@example.com")
    assert (done.code, done.out) == (0, "Ana flat white 12\n"), done.err
    given = rendered(program, template, {"attributes": {"first_name": "Test"}}, "--customer", vendors.customers[0])
    assert given.out.startswith("Test flat white 12")


def test_a_customer_unknown_to_braze_is_rendered_from_sessionm(program: Program) -> None:
    done = rendered(program, "{{${first_name}}} {{${email_address}}}", None, "--customer", "CRM-000210")
    assert (done.code, done.out) == (0, "Greta unknown@example.com\n")


def test_rendered_text_cannot_command_the_terminal(bare: Program) -> None:
    done = rendered(bare, "a{{x}}\tb", {"variables": {"x": "\x1b]52;c;aGk=\x07\u202e\r\n2"}})
    assert done.out == "a\\x1b]52;c;aGk=\\x07\\u202e\n2\tb\n"


def test_a_message_of_several_fields_comes_back_as_the_same_document_and_each_field_by_name(bare: Program) -> None:
    template = "--- email ---\n--- subject ---\nHi {{${first_name}}}\n--- html ---\n<p>{{ x }}</p>\n"
    data = {"attributes": {"first_name": "Ana"}, "variables": {"x": 1}}
    done = rendered(bare, template, data)
    assert (done.code, done.out) == (0, "--- email ---\n--- subject ---\nHi Ana\n--- html ---\n<p>1</p>\n")
    told = rendered(bare, template, data, "--json").json
    assert (told["channel"], told["fields"]) == ("email", {"subject": "Hi Ana", "html": "<p>1</p>"})
    assert [read["line"] for read in told["reads"]] == [3, 5]


def test_a_channel_may_be_named_for_a_text_that_names_none(bare: Program) -> None:
    done = rendered(bare, "Hi ☕", None, "--channel", "sms")
    assert (done.code, done.out) == (0, "Hi ☕\n")
    assert "SMS, 1 segment, UCS-2" in done.err
    unknown = rendered(bare, "Hi", None, "--channel", "fax")
    assert unknown.code == 2
    assert "content_card" in unknown.err


def test_a_text_that_names_its_channel_keeps_it_and_the_other_name_is_answered(bare: Program) -> None:
    done = rendered(bare, "--- sms ---\nHi", None, "--channel", "webhook")
    assert (done.code, done.out) == (0, "--- sms ---\nHi\n")
    assert "The text says sms itself" in done.err
    assert "itself" not in rendered(bare, "--- sms ---\nHi", None, "--channel", "SMS").err


def test_data_that_is_no_json_is_named_as_a_person_knows_it(bare: Program) -> None:
    (bare.home / "text").write_text("Hi", encoding="utf-8")
    done = bare("render", str(bare.home / "text"), "--data", "-", stdin="{")
    assert done.code == 2
    assert "The standard input is not JSON" in done.err


@pytest.mark.parametrize("option", ["--customer", "--data", "--channel", "--culture"])
def test_an_option_with_nothing_in_it_is_not_taken_for_one_that_was_not_given(program: Program, option: str) -> None:
    done = program("render", "-", option, "", stdin="Hi")
    assert (done.code, done.out) == (2, ""), done.err
    assert program("render", "", stdin="Hi").code == 2


def test_a_profile_that_is_named_must_be_there(program: Program) -> None:
    done = program("render", "-", "--profile", "sbb", stdin="Hi")
    assert (done.code, done.out) == (2, "")
    assert "sbb" in done.err and "sb." in done.err


def test_a_culture_without_a_customer_is_answered(bare: Program) -> None:
    done = bare("render", "-", "--culture", "de-DE", stdin="Hi")
    assert (done.code, done.out) == (0, "Hi\n")
    assert "there is no --customer" in done.err


def test_a_name_given_twice_in_the_data_is_told(bare: Program) -> None:
    data = r'{"attributes": {}, "variables": {"x": {"b\u001b": 1, "b\u001b": 2}}, "attributes": {"first_name": "Ana"}}'
    path = bare.home / "data.json"
    path.write_text(data, encoding="utf-8")
    done = bare("render", "-", "--data", str(path), stdin="{{${first_name}}}")
    assert (done.code, done.out) == (0, "Ana\n")
    told = [line for line in done.err.splitlines() if "twice in one object; the last one counts" in line]
    assert [line.split(" says ")[1].split(" twice")[0] for line in told] == [r"'b\x1b'", "'attributes'"]
    assert "twice in" not in rendered(bare, "Hi", {"attributes": {"a": 1}, "variables": {"a": 1}}).err


def waits_for_more(process: subprocess.Popen[bytes], writer: IO[bytes]) -> bool:
    """Whether the program has read all that is in the pipe, and sleeps."""
    unread = fcntl.ioctl(writer, termios.FIONREAD, bytes(4))
    state = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]
    return (unread, state) == (bytes(4), "S")


@pytest.mark.parametrize("command", ["render", "lint"])
def test_one_ctrl_c_ends_a_wait_for_a_file(bare: Program, command: str) -> None:
    pipe = bare.home / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        bare.command(command, str(pipe)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=bare.env
    )
    with pipe.open("wb", buffering=0) as writer:
        writer.write(b"x")
        give_up_at = time.monotonic() + 20
        while not waits_for_more(process, writer):
            assert time.monotonic() < give_up_at
        process.send_signal(signal.SIGINT)
        try:
            out, err = process.communicate(timeout=10)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (130, b"", b"Interrupted.\n")


BORROWS = (
    "{{content_blocks.${greeting}}} {% catalog_items menu matcha %}{{ items[0].title }} "
    "{{content_blocks.${connect_authorization}}}"
)


@pytest.mark.parametrize("mode", ["off", "stub", "live"])
def test_blocks_and_items_that_the_data_lacks_are_read_from_the_profile_that_is_named(
    program: Program, mode: str
) -> None:
    done = rendered(program, BORROWS, None, "--profile", "sb", "--connected", mode)
    assert (done.code, done.out, done.err) == (0, "Hello friend 抹茶ラテ <connect_authorization>\n", "")
    known = rendered(program, BORROWS, None, "--customer", "CRM-000123", "--connected", mode, "--json")
    assert known.json["output"] == "Hello Ana 抹茶ラテ <connect_authorization>"
    own = {"content_blocks": {"greeting": "Own"}, "catalogs": {"menu": {"matcha": {"title": "tea"}}}}
    assert rendered(program, BORROWS, own, "--profile", "sb", "--connected", mode).out.startswith("Own tea ")


def test_without_a_profile_it_is_told_how_blocks_and_items_are_found(program: Program) -> None:
    done = rendered(program, BORROWS)
    assert done.code == 0
    assert "--profile NAME reads from Braze" in done.err
    assert "--profile NAME" not in rendered(program, "Hi").err


def test_what_braze_does_not_have_is_told_with_everything_off_too(program: Program) -> None:
    template = "{{content_blocks.${Greeting}}}{% catalog_items menu none %}"
    done = rendered(program, template, None, "--profile", "sb")
    assert "Braze has no Content Block Greeting. Did you mean greeting?" in done.err
    assert "The catalog menu has no item none." in done.err


def test_with_recordings_the_live_wallet_answers_the_call_for_it(program: Program) -> None:
    template = (
        "{% connected_content {{endpoint_connect}}/offers/api/2.0/offers/get_user_offers :method post :save w %}"
        "{{ w.payload.user_offers | size }} {{ w.__http_status_code__ }}"
    )
    done = rendered(program, template, None, "--customer", "CRM-000123", "--connected", "stub", "--json")
    assert (done.code, done.json["output"]) == (0, "12 200")
    assert [one["rule"] for one in done.json["problems"] if one["severity"] == "error"] == []
    off = rendered(program, template, None, "--customer", "CRM-000123")
    assert off.out.startswith("0")
    assert "--connected stub" in off.err


def test_the_help_names_every_key_of_the_data(bare: Program) -> None:
    shown = set(bare("render", "--help").out.replace(",", " ").split())
    namespaces = {"custom_attribute", "event_properties", "api_trigger_properties", "canvas_entry_properties"}
    namespaces |= {"context", "campaign", "canvas", "subscribed_state", "targeted_device", "app", "card", "sms"}
    namespaces |= {"most_recently_used_device"}
    others = {"attributes", "content_blocks", "catalogs", "selections", "promotions", "variables", "connected_content"}
    assert not (namespaces | others | {"now", "switches", "translations"}) - shown
    template = " ".join(f"{{{{{name}.${{a key}}}}}}" for name in sorted(namespaces))
    done = rendered(bare, template, {name: {"a key": name} for name in namespaces})
    assert (done.code, done.out) == (0, " ".join(sorted(namespaces)) + "\n")


def test_a_pause_that_a_service_asks_for_is_told(bare: Program, faulty: Callable[..., Vendors]) -> None:
    faulty("429=1@core*1")
    done = rendered(bare, "{{${first_name}}}", None, "--customer", "CRM-000123")
    assert (done.code, done.out) == (0, "Ana\n")
    assert "A pause of 1 s" in done.err
