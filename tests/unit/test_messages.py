"""A message being written: drafts that survive, data that is honest, starters without secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.channels.document import Message
from core.customers import BrazeLink, BrazeUser, IdMatch
from core.errors import InvalidInput
from core.liquid.engine import Dataset, Engine
from core.messages import (
    Draft,
    chosen_offer,
    data_words,
    draft_from_braze,
    draft_from_email_template,
    draft_from_file,
    message_data,
    parse_draft_name,
    shelf_names,
    shelf_with,
)
from core.profiles import Profile
from core.reads import Ticket
from core.render import RenderData
from core.sends import Target, TargetKind
from core.sessionm.answers import customer_from_json, wallet_from_json
from core.starters import starters
from core.subjects import Part, Subject
from core.templates import BrazeMessage, EmailTemplate

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
PROFILE = Profile.make(
    name="acme",
    environment="staging",
    core_url="https://core.test",
    connect_url="https://connect.test/",
    braze_url="US-05",
    retailer_id="0b0f2f6c-7a0d-4f0e-9f3c-2a6d8a1c4e55",
)
USER_ID = "6f1c0a52-0000-4000-8000-00000000a001"
WALLET = {
    "status": "ok",
    "payload": {
        "user_id": USER_ID,
        "available_points": 100,
        "total_records": 2,
        "user_offers": [
            {"id": "u1", "offer_id": "o1", "name": "Later", "expiration_date": "2026-12-24T18:00:00Z"},
            {"id": "u2", "offer_id": "o2", "name": "Sooner", "expiration_date": "2026-11-22T18:00:00Z"},
        ],
    },
}
CUSTOMER = {"status": "ok", "user": {"id": USER_ID, "first_name": "Ana", "email": "ana@x.test", "locale": "de_DE"}}


def subject(**parts: Any) -> Subject:
    read_at = NOW - timedelta(seconds=4)
    wallet = wallet_from_json(WALLET, culture="en-US", read_at=read_at)
    made = Subject(
        "ana",
        ticket=Ticket("acme", "ana", 1),
        customer=Part(customer_from_json(CUSTOMER), read_at=read_at),
        wallet=Part(wallet, read_at=read_at),
        braze=Part(BrazeLink(IdMatch.MISSING, None), read_at=read_at),
    )
    return replace(made, **parts)


def braze_user(**document: Any) -> Part[BrazeLink]:
    user = BrazeUser("", "", "", "", "", "", "", "", {"drink": "flat white"}, (), document)
    return Part(BrazeLink(IdMatch.MATCH, user, "SessionM id"))


def render(template: str, data: Any) -> Any:
    return Engine().render(template, Dataset(data), connected="stub", now=NOW)


def test_the_wallet_renders_as_a_variable_and_as_the_answer_of_connected_content():
    data = message_data(subject(), None, PROFILE)
    assert data.variables["wallet"] == WALLET
    assert render("{{wallet.payload.available_points}}", data).output == "100"
    url = "{{endpoint_connect}}/offers/api/2.0/offers/get_user_offers"
    called = render(f"{{% connected_content {url} :method post :save w %}}{{{{w.payload.user_offers[1].name}}}}", data)
    assert called.output.strip() == "Sooner"
    assert [(call.method, call.status) for call in called.calls] == [("POST", 200)]


def test_for_a_live_render_the_wallet_at_hand_is_no_answer_but_recordings_of_ones_own_are():
    recording = {"url": "https://api.example/x", "body": "{}"}
    data = message_data(subject(), None, PROFILE, live=True, override={"connected_content": [recording]})
    assert (data.connected_content, data.variables["wallet"]) == ((recording,), WALLET)


def test_attributes_are_braze_s_own_and_sessionm_fills_in_only_for_a_person_braze_does_not_know():
    known = message_data(subject(braze=braze_user(external_id="b-1", email="a@b.test")), None, PROFILE)
    assert known.attributes == {"user_id": "b-1", "email_address": "a@b.test"}
    assert known.namespaces["custom_attribute"] == {"drink": "flat white"}
    unknown = message_data(subject(), None, PROFILE)
    assert unknown.attributes["first_name"] == "Ana"
    assert unknown.attributes["language"] == "de"


@pytest.mark.parametrize(
    ("trigger", "filled"),
    [
        (TargetKind.CAMPAIGN, {"api_trigger_properties"}),
        (TargetKind.CANVAS, {"canvas_entry_properties", "context"}),
        (None, {"api_trigger_properties", "canvas_entry_properties", "context"}),
    ],
)
def test_the_chosen_offer_fills_the_properties_of_the_kind_of_send(trigger: TargetKind | None, filled: set[str]):
    someone = subject()
    data = message_data(someone, chosen_offer(someone, "u1", NOW), PROFILE, trigger=trigger)
    assert {name for name, value in data.namespaces.items() if value.get("offer_title") == "Later"} == filled


def test_an_override_stands_above_the_customer_and_a_wrong_one_is_refused_by_name():
    override = {"attributes": {"first_name": "Bo"}, "api_trigger_properties": {"offer_title": "Mine"}}
    someone = subject()
    data = message_data(someone, chosen_offer(someone, "", NOW), PROFILE, override=override)
    assert data.attributes["first_name"] == "Bo"
    assert data.namespaces["api_trigger_properties"]["offer_title"] == "Mine"
    assert data.namespaces["api_trigger_properties"]["offer_id"] == "o2"
    with pytest.raises(InvalidInput, match="atributes"):
        message_data(someone, None, PROFILE, override={"atributes": {}})


def test_without_a_customer_there_is_still_data_to_render_with():
    data = message_data(Subject(), None, None)
    assert data.attributes == {}
    assert "wallet" not in data.variables
    assert data.connected_content == ()


def test_the_offer_that_runs_out_first_is_chosen_until_one_is_named():
    someone = subject()
    assert [chosen_offer(someone, key, NOW).name for key in ("", "u1", "gone")] == ["Sooner", "Later", "Sooner"]  # type: ignore[union-attr]
    assert chosen_offer(Subject(), "", NOW) is None


def test_the_data_line_says_whose_data_and_how_old():
    assert data_words(subject(braze=braze_user(external_id="x")), NOW) == (
        "Ana",
        "live wallet, 4 s old",
        "culture en-US",
    )
    assert data_words(subject(), NOW, overridden=True)[-2:] == ("attributes from SessionM", "data of your own")
    assert data_words(subject(braze=Part()), NOW)[-1] == "Braze not read"
    assert data_words(Subject(), NOW) == ("no customer",)


def test_every_starter_renders_for_a_customer_and_names_secrets_without_holding_any():
    someone = subject(braze=braze_user(external_id=USER_ID, first_name="Ana"))
    data = message_data(someone, chosen_offer(someone, "u1", NOW), PROFILE)
    found = {starter.name: (starter, render(starter.text, data)) for starter in starters(PROFILE)}
    assert {name: one.status for name, (_, one) in found.items()} == dict.fromkeys(found, "rendered")
    assert not [one for _, one in found.values() if any(problem.severity == "error" for problem in one.problems)]
    wallet, rendered = found["live-wallet.liquid"]
    assert "Hi Ana" in rendered.output
    assert "<li>Sooner until 22 Nov</li>" in rendered.output
    assert PROFILE.retailer_id in wallet.text
    assert "content_blocks.${connect_authorization}" in wallet.text
    assert "Later is yours\n--- body ---\nHi Ana, use it until 24 Dec." in found["offer-push.liquid"][1].output
    assert all("@" not in starter.text for starter, _ in found.values())


def test_every_starter_but_the_snippet_is_a_document_whose_fields_its_channel_has():
    for starter in starters(PROFILE):
        message = Message.parse(starter.text)
        assert message.problems == ()
        assert message.marked == (starter.name != "wallet-snippet.liquid")


def test_the_wallet_starter_aborts_for_an_empty_wallet():
    empty = {"status": "ok", "payload": {**WALLET["payload"], "user_offers": [], "total_records": 0}}  # type: ignore[dict-item]
    wallet = wallet_from_json(empty, culture="en-US", read_at=NOW)
    rendered = render(starters(PROFILE)[0].text, message_data(subject(wallet=Part(wallet)), None, PROFILE))
    assert (rendered.status, rendered.abort_reason) == ("aborted", "the wallet is empty")


@pytest.mark.parametrize(
    "text", ["", "{{x}}\n", "日本 \u202e\x00\x1b[2J 'quotes' \"", "a\ud800b", '{"text": "no draft"}']
)
def test_a_draft_comes_back_as_it_was(text: str):
    draft = Draft("a name", text, "email · body", TargetKind.CANVAS, is_saved=False)
    assert Draft.from_text(draft.to_text()) == draft
    assert draft.to_text().isascii()


@pytest.mark.parametrize("content", ["{{x}}", "[1]", '{"text": 3}', '{"a": 1}', "[" * 100_000])
def test_a_file_that_is_no_draft_is_taken_for_the_template(content: str):
    assert Draft.from_text(content) == Draft(text=content, is_saved=False)


def test_a_draft_with_odd_members_keeps_its_text():
    assert Draft.from_text('{"text": "t", "name": 3, "trigger": "boat", "saved": "yes"}') == Draft(
        text="t", is_saved=False
    )


def test_the_shelf_puts_the_newest_name_first_and_holds_each_once():
    shelf = shelf_with(shelf_with(shelf_with(None, "a"), "b"), "a")
    assert shelf_names(shelf) == ("a", "b")
    assert shelf_names("no json") == shelf_names(None) == shelf_names('{"a": 1}') == ()


def test_a_draft_name_is_one_line_that_can_be_seen():
    assert parse_draft_name("  a b.liquid ") == "a b.liquid"
    for bad in ("", "  ", "a\nb", "x" * 81, "a\x1bb"):
        with pytest.raises(InvalidInput):
            parse_draft_name(bad)


def test_a_file_and_a_braze_message_become_drafts_with_one_kind_of_line_break():
    assert draft_from_file("/tmp/x/a.html", "one\r\ntwo\rthree").text == "one\ntwo\nthree"
    assert draft_from_file("C:\\mail\\b.html", "").name == "b.html"
    assert draft_from_file("/tmp/\x1b[2J.html", "").name == "_[2J.html"
    target = Target(TargetKind.CANVAS, "c1", "Welcome")
    message = BrazeMessage("Step 1: A", "email", (("subject", "Hi\r\n"), ("html", "<p>\r\nx")))
    draft = draft_from_braze(target, message)
    assert (draft.name, draft.origin, draft.trigger, draft.text) == (
        "Welcome · Step 1: A · email",
        "email",
        TargetKind.CANVAS,
        "--- email ---\n--- subject ---\nHi\n\n--- html ---\n<p>\nx\n",
    )
    read = {field.name: field.text for field in Message.parse(draft.text).fields}
    assert read == {"subject": "Hi\n", "html": "<p>\nx"}


def test_an_email_template_becomes_a_document_without_what_is_empty():
    whole = EmailTemplate("t1", "Letter", "Hi", "Soon", "<p>a</p>", "a")
    draft = draft_from_email_template(whole)
    assert (draft.name, draft.origin, draft.trigger, draft.is_saved) == ("Letter", "email template", None, True)
    assert [(field.name, field.text) for field in Message.parse(draft.text).fields] == [
        ("subject", "Hi"),
        ("preheader", "Soon"),
        ("html", "<p>a</p>"),
        ("plain", "a"),
    ]
    bare = Message.parse(draft_from_email_template(EmailTemplate("t1", "", "", "", "<p>", "")).text)
    assert [field.name for field in bare.fields] == ["subject", "html"]


def test_a_message_of_an_unknown_channel_is_its_texts():
    target = Target(TargetKind.CAMPAIGN, "c1", "")
    draft = draft_from_braze(target, BrazeMessage("", "", (("header_text", "a"), ("body_text", "b"))))
    assert (draft.name, draft.text, draft.origin) == ("c1", "a\n\nb", "message")


@pytest.mark.parametrize(
    ("raw", "words", "hint"),
    [
        ({"custom_attributes": {}}, "custom_attributes", "Did you mean custom_attribute?"),
        ({"stand-ins": []}, "stand-ins", "Did you mean stand_ins?"),
        ({"x" * 3_000: 1}, "'" + "x" * 40 + "'", "Known keys: api_trigger_properties"),
        ({"selections": {"books": {"new": "b1"}}}, "selections.books.new", ""),
        ({"selections": {"books": {"new": [1]}}}, "selections.books.new", ""),
        ({"connected_content": [{"url": "https://x.test", "method": 1}]}, r"connected_content[0].method", ""),
    ],
)
def test_data_that_is_none_is_refused_by_name(raw: dict[str, object], words: str, hint: str):
    with pytest.raises(InvalidInput) as refused:
        RenderData.from_json(raw)
    assert words in str(refused.value) and refused.value.hint.startswith(hint)
    assert "reads_braze" not in refused.value.hint
