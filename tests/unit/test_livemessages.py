"""A whole message rendered live: calls in order, lines of the document, and what is kept for the renders after it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from core.admission import Admitted
from core.borrowed import Borrowed
from core.channels.document import Message
from core.channels.rendering import render_message
from core.livemessages import Kept, render_live
from core.outcomes import Exchange
from core.render import RenderData
from tests.unit.test_connecting import WALLET, Net, Shelf, Stage, get, post

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

DOCUMENT = f"""\
--- email ---
--- subject ---
{get("a")}{{{{v.n}}}}
--- html ---
<p>{{{{content_blocks.${{B}}}}}}</p>
{get("b")}{{{{v.n}}}} {{% catalog_items teas m1 %}}{{{{items[0].t}}}}
"""


async def test_what_came_live_renders_the_same_offline_afterwards():
    stage = Stage(Net(a={"n": 1}, b={"n": 2}), Shelf(B="block", m1={"t": "Tea"}))
    made, kept = await render_live(stage.live, Message.parse(DOCUMENT), RenderData(), NOW)
    assert made.status == "rendered", made.problems
    assert (made.text("subject"), made.text("html")) == ("1", "<p>block</p>\n2 Tea")
    assert [(record.line, record.status) for record in kept.records] == [(3, 200), (6, 200)]
    again = await render_message(
        stage.renders.render, Message.parse(DOCUMENT), kept.with_data(RenderData()), connected="stub", now=NOW
    )
    assert again.whole().output == made.whole().output
    assert len(stage.net.calls) == 2


async def test_two_bodies_posted_to_one_address_keep_their_own_answers():
    class Wallets(Net):
        async def fetch(self, admitted: Admitted) -> Exchange:
            body = json.dumps({"of": admitted.request.body}).encode()
            return Exchange(200, {}, body, None, 0.01)

    template = "".join(post(WALLET, f":body user={user}") + "{{v.of}} " for user in ("ana", "ben"))
    stage = Stage(Wallets())
    made, kept = await render_live(stage.live, Message.parse(template), RenderData(), NOW)
    assert made.whole().output == "user=ana user=ben "
    data = kept.with_data(RenderData())
    assert RenderData.from_json(data.to_json()) == data
    again = await render_message(stage.renders.render, Message.parse(template), data, connected="stub", now=NOW)
    assert again.whole().output == "user=ana user=ben "


async def test_recordings_at_hand_do_not_stand_in_for_a_live_call():
    stage = Stage(Net(a={"n": 1}))
    data = RenderData(connected_content=({"method": "GET", "url": "https://api.example/a", "body": '{"n": 9}'},))
    made, kept = await render_live(stage.live, Message.parse(get("a") + "{{v.n}}"), data, NOW)
    assert made.whole().output == "1"
    first, second = kept.with_data(data).connected_content
    assert (json.loads(first["body"]), json.loads(second["body"])) == ({"n": 1}, {"n": 9})


def test_nothing_kept_leaves_the_data_as_it_is_and_own_texts_stay():
    data = RenderData(content_blocks={"B": "mine"}, catalogs={"teas": {"m1": {"t": "Own"}}})
    assert Kept().with_data(data) == data
    items = {"teas": {"m1": {"t": "x"}, "m2": {"t": "y"}}}
    merged = Kept(borrowed=Borrowed({"B": "theirs", "C": "c"}, items)).with_data(data)
    assert merged.content_blocks == {"B": "mine", "C": "c"}
    assert merged.catalogs == {"teas": {"m1": {"t": "Own"}, "m2": {"t": "y"}}}
