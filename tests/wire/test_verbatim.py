"""What a vendor answered goes out again as it came, and is shown without anything that a terminal obeys."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.adapters.files import Places, ProfileFiles
from core.calls import encode_json
from core.channels.document import Message
from core.channels.rendering import render_message
from core.clean import safe, safe_lines
from core.composing import Form, properties_text, shown_key
from core.copies import json_text as copied_text
from core.deck import Deck
from core.desk import Desk
from core.entries import call_of, entry_document
from core.errors import InvalidInput
from core.fieldtree import field_lines
from core.jsontree import Tree
from core.messageview import readable_text, view_of
from core.offers import Offer
from core.outcomes import Exchange
from core.planning import body_preview
from core.plans import Confirmation
from core.profiles import Profile
from core.reading import decode
from core.readouts import read_out, send_data
from core.reads import Tickets
from core.render import RenderData
from core.sandbox import Sandbox
from core.sandbox.seed_offers import OfferSeed, plain
from core.sends import (
    MessageTemplate,
    PropertyGroup,
    Recipients,
    Target,
    TargetKind,
    offer_properties,
    parse_properties,
)
from core.sessionm.answers import wallet_from_json
from core.subjects import asked
from core.wallets import Wallet
from tui.cli.customers import wallet_json
from tui.cli.voice import json_text

ARABIC = "\u200fقهوة مجانية\u200f 20%"
EVIL = "\x1b]52;c;aGk=\x07Coffee \u202eeerf\u202c\r\n\x9b31m"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(params=[ARABIC, EVIL], ids=["arabic", "evil"])
def title(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def sandbox(title: str) -> AsyncIterator[Sandbox]:
    """Ana's wallet holds one offer, by that title."""
    running = await Sandbox.start(7)
    person = running.world.by_user_id[running.customer("ana").user_id]
    person.offers = (OfferSeed("verbatim", plain(title, f"description {title}", f"terms {title}")),)
    yield running
    await running.stop()


@pytest.fixture
async def deck(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Deck]:
    urls: dict[str, Any] = {
        "core_url": sandbox.core_url,
        "connect_url": sandbox.connect_url,
        "braze_url": sandbox.braze_url,
    }
    retailer = str(sandbox.settings["retailer_id"])
    profile = Profile.make(name="sb", environment="sandbox", retailer_id=retailer, secrets="environment", **urls)
    ProfileFiles(Places.under(tmp_path)).save(profile)
    secrets = {f"OFFERDECK_SECRET_{name.upper()}": value for name, value in sandbox.secrets.items()}
    opened = Deck.create({"OFFERDECK_HOME": str(tmp_path), **secrets})
    yield opened
    await opened.close()


async def wallet_of(desk: Desk, sandbox: Sandbox) -> Wallet:
    return [page async for page in desk.sessionm.wallet(sandbox.customer("ana").user_id, "en-US")][-1]


async def campaign_of(desk: Desk) -> Target:
    pages = [page async for page in desk.braze.targets(TargetKind.CAMPAIGN)]
    return next(one for page in pages for one in page if one.name == "Offer expiring reminder")


def words_in(value: Any) -> Iterator[str]:
    """Every string in nested tuples, lists and dataclass-like values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from words_in(item)
    elif hasattr(type(value), "__slots__"):
        for name in type(value).__slots__:
            yield from words_in(getattr(value, name))


def check_shown(*values: Any) -> None:
    for words in words_in(list(values)):
        assert safe_lines(words) == words


async def test_a_title_goes_out_in_a_send_byte_for_byte_and_is_shown_escaped(
    deck: Deck, sandbox: Sandbox, title: str
) -> None:
    desk = await deck.open("sb")
    wallet = await wallet_of(desk, sandbox)
    (offer,) = wallet.offers
    assert offer.raw["name"] == title and offer.name == safe(title) != title
    form = Form().with_group(PropertyGroup.OFFER, offer_properties(offer))
    plan = desk.plan_send(await campaign_of(desk), Recipients.parse([wallet.user_id]), form.properties())
    receipt = await desk.execute(plan, Confirmation(plan.id, plan.digest, plan.phrase))
    assert receipt.outcome.value == "sent"
    (request,) = [one for one in sandbox.requests if one.path == "/campaigns/trigger/send"]
    assert json.dumps(title, ensure_ascii=False).encode() in request.body
    assert request.json["trigger_properties"]["terms_and_conditions"] == f"terms {title}"

    entry = await desk.ledger.entry(plan.id)
    assert entry is not None
    call = call_of(entry)
    check_shown(plan.lines, plan.warnings, plan.target_name, body_preview(plan), receipt.reason, receipt.warnings)
    check_shown(call.http("https://h"), call.curl("https://h"), entry.reason, entry.answer_body)
    check_shown([row.text for row in form.rows], properties_text(form.properties()), copied_text(dict(offer.raw)))
    tree = Tree(wallet.document)
    check_shown([(node.label, node.text, node.summary) for node in tree.ordered()])
    for document in (wallet_json("sb", wallet.user_id, wallet, NOW), entry_document(entry)):
        shown = json_text(document)
        check_shown(shown)
        assert json.loads(shown) == document


async def test_a_title_reaches_a_preview_as_it_came_and_its_pictures_escaped(
    deck: Deck, sandbox: Sandbox, title: str
) -> None:
    desk = await deck.open("sb", writing=False)
    wallet = await wallet_of(desk, sandbox)
    subject = asked("ana", "en-US", Tickets().issue("sb", wallet.user_id))
    data = send_data(subject, desk.profile, TargetKind.CAMPAIGN, offer_properties(wallet.offers[0]))
    data = RenderData(namespaces=data.namespaces, variables={"wallet": wallet.document})
    text = "{{api_trigger_properties.${offer_title}}}|{{wallet.payload.user_offers[0].name}}"
    message = await render_message(deck.renderer().render, Message.parse(text), data)
    rendered = message.whole()
    assert rendered.output == f"{title}|{title}"
    view = view_of(message, data, 1)
    check_shown(readable_text(view.blocks), view.raw, view.fields and [(one.label, one.value) for one in view.fields])
    check_shown([(one.label, one.value) for one in field_lines(rendered.reads, data)])
    check_shown(await read_out(deck.renderer(), [MessageTemplate("v", "email", "body", text)], data))
    assert json.loads(json_text(rendered.to_json()))["output"] == rendered.output


async def test_an_id_that_holds_what_cannot_be_seen_is_never_acted_on(deck: Deck, sandbox: Sandbox, title: str) -> None:
    desk = await deck.open("sb")
    wallet = wallet_from_json({"payload": {"user_id": title, "user_offers": None}}, culture="en-US", read_at=NOW)
    with pytest.raises(InvalidInput, match="cannot be seen"):
        desk.plan_tags(wallet.user_id, ("vip",), None)
    with pytest.raises(InvalidInput, match="cannot be seen"):
        desk.plan_send(Target(TargetKind.CAMPAIGN, "c-1", ""), Recipients.parse([wallet.user_id]), {})
    assert [one for one in sandbox.requests if one.method == "POST"] == []


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from([ARABIC, EVIL, '"', "\x7f"])
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | TEXTS
VALUES = st.recursive(
    SCALARS | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["offer_id", "name", "id", "description", "terms"]), VALUES), st.booleans())
def test_whatever_a_vendor_answers_is_what_a_send_carries(row: dict[str, Any], ascii_only: bool) -> None:
    came = json.dumps({"status": "ok", "payload": {"user_offers": [row]}}, ensure_ascii=ascii_only).encode()
    answer = decode(Exchange(200, {}, came, None, 0.1))
    (offer,) = wallet_from_json(answer, culture="en-US", read_at=NOW).offers
    assert offer.raw == row
    form = Form().with_group(PropertyGroup.OFFER, offer_properties(offer))
    for index, one in enumerate(form.rows):  # opened in the form and closed again, nothing typed
        form = form.put(index, shown_key(one.key), one.text)
    expected = encode_json(offer_properties(Offer(row, 0)))
    assert encode_json(form.properties()) == expected
    told = form.told(parse_properties(properties_text(form.properties())))  # and by way of the JSON text
    assert encode_json(told.properties()) == expected
