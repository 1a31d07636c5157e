"""A live preview on the sandbox: wallet, Content Blocks, catalogs and templates, read under guards and read once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.adapters.files import Places, ProfileFiles
from core.admission import PLACEHOLDERS
from core.callrecords import recordings
from core.channels.document import Message
from core.channels.rendering import render_message
from core.deck import Deck
from core.desk import Desk
from core.messages import draft_from_braze, draft_from_email_template
from core.profiles import Profile
from core.render import RenderData
from core.sandbox import Sandbox
from core.sends import TargetKind


@asynccontextmanager
async def opened(tmp_path: Path) -> AsyncIterator[tuple[Deck, Desk, Sandbox]]:
    """A deck with a desk for reading on a sandbox of its own."""
    sandbox = await Sandbox.start(7)
    profile = Profile.make(
        name="sb",
        environment="sandbox",
        core_url=sandbox.core_url,
        connect_url=sandbox.connect_url,
        braze_url=sandbox.braze_url,
        retailer_id=sandbox.settings["retailer_id"],
        secrets="environment",
    )
    ProfileFiles(Places.under(tmp_path)).save(profile)
    secrets = {f"OFFERDECK_SECRET_{name.upper()}": value for name, value in sandbox.secrets.items()}
    deck = Deck.create({"OFFERDECK_HOME": str(tmp_path), **secrets})
    try:
        yield deck, await deck.open("sb", writing=False), sandbox
    finally:
        await deck.close()
        await sandbox.stop()


def ana(sandbox: Sandbox) -> RenderData:
    user = sandbox.customer("ana").user_id
    return RenderData.from_json({"attributes": {"user_id": user, "first_name": "Ana", "language": "en-US"}})


async def test_a_campaigns_email_renders_whole_on_the_live_wallet_and_again_from_its_recordings(tmp_path: Path) -> None:
    async with opened(tmp_path) as (deck, desk, sandbox):
        (target,) = [
            one async for page in desk.targets(TargetKind.CAMPAIGN) for one in page if one.name == "Wallet digest"
        ]
        message = Message.parse(draft_from_braze(target, (await desk.target_messages(target))[0]).text)
        live = desk.live_renderer(deck.renderer())
        made = await render_message(live.render, message, ana(sandbox), connected="live")
        html = made.fields["html"]
        assert (made.status, html.status) == ("rendered", "rendered"), made.problems
        assert "Your offers, Ana" in html.output and html.output.count("<li>") >= 1
        assert "1240 points" in html.output
        assert [(one.status, one.refused) for one in live.records] == [(200, "")]
        everything = repr((made, live.records))
        assert not any(secret in everything for secret in sandbox.secrets.values())
        answers = {"connected_content": recordings(live.records), "content_blocks": dict(PLACEHOLDERS)}
        kept = RenderData.from_json({**ana(sandbox).to_json(), **answers})
        before = len(sandbox.requests)
        again = await render_message(deck.renderer().render, message, kept, connected="stub")
        assert again.fields["html"].output == html.output
        assert len(sandbox.requests) == before


async def test_an_email_template_with_a_block_and_a_catalog_renders_and_braze_is_read_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as (deck, desk, sandbox):
        listed = {one.name: one async for page in desk.templates() for one in page}
        drafts = [
            draft_from_email_template(await desk.template(listed[name])) for name in ("Plain letter", "Menu card")
        ]
        letter, menu = (Message.parse(draft.text) for draft in drafts)
        before = len(sandbox.requests)
        for _ in range(2):
            live = desk.live_renderer(deck.renderer())
            letter_made = await render_message(live.render, letter, ana(sandbox), connected="live")
            menu_made = await render_message(live.render, menu, ana(sandbox), connected="live")
        assert letter_made.fields["subject"].output == "Hello Ana"
        assert "12 Alder Street. Ana" in letter_made.fields["html"].output
        assert "<h2>Flat white</h2><p>4.2</p>" in menu_made.fields["html"].output
        asked = [request.path.partition("?")[0] for request in sandbox.requests[before:]]
        assert asked == ["/content_blocks/list", "/content_blocks/info", "/catalogs/menu/items/flat-white"]


@pytest.mark.parametrize("body", ["{}", '{"retailer_id": "x"}'])
async def test_what_the_service_refuses_reaches_the_template_as_it_came(tmp_path: Path, body: str) -> None:
    async with opened(tmp_path) as (deck, desk, sandbox):
        call = (
            "{% capture b %}"
            + body
            + "{% endcapture %}{% connected_content "
            + sandbox.connect_url
            + "/offers/api/2.0/offers/get_user_offers :method post :headers "
            + '{"Authorization": "Basic {{content_blocks.${connect_authorization}}}"} :body {{b}} '
            + ":content_type application/json :save w %}{{ w.status }}"
        )
        live = desk.live_renderer(deck.renderer())
        made = await live.render(call, RenderData(), connected="live")
        (record,) = live.records
        assert (made.output, json.loads(record.body)["status"]) == ("error", "error")


async def test_a_post_that_writes_leaves_only_after_a_yes(tmp_path: Path) -> None:
    async with opened(tmp_path) as (deck, desk, sandbox):
        user = sandbox.customer("ana").user_id
        template = (
            '{% capture b %}{"tags": ["from_preview"], "ttl": 60}{% endcapture %}{% connected_content '
            + sandbox.core_url
            + "/priv/v1/apps/{{content_blocks.${appkey_core}}}/users/"
            + user
            + "/tags :method post "
            + ':headers {"Authorization": "Basic {{content_blocks.${core_authorization}}}"} :body {{b}} '
            + ":content_type application/json :save t %}{{ t.status }}"
        )
        refused = await desk.live_renderer(deck.renderer()).render(template, RenderData(), connected="live")
        assert refused.output == "" and sandbox.requests == []
        confirmed = desk.live_renderer(deck.renderer(), confirm=lambda request: "<appkey_core>" in request.url)
        made = await confirmed.render(template, RenderData(), connected="live")
        assert made.output == "ok"
        assert [name.name for name in await desk.sessionm.tags(user) if name.name == "from_preview"] == ["from_preview"]


async def test_a_slow_service_is_given_up_after_two_seconds(tmp_path: Path) -> None:
    async with opened(tmp_path) as (deck, desk, sandbox):
        sandbox.inject("latency=5000", service="connect")
        live = desk.live_renderer(deck.renderer())
        template = "{% connected_content " + sandbox.connect_url + "/x :save v %}a{{ v }}"
        made = await live.render(template, RenderData(), connected="live")
        assert made.output == "a" and "2 seconds" in live.records[0].failure
