"""Messages, email templates, Content Blocks and catalog items out of Braze's answers."""

from __future__ import annotations

from typing import Any

import pytest

from core.braze import calls, contents
from core.braze.api import Braze
from core.calls import Call, Effect
from core.errors import BadAnswer, NotFound, Unreachable
from core.sends import Target, TargetKind
from core.templates import BrazeMessage, EmailTemplate, ListedBlock
from core.workspace import Workspace


def only(channel: str, **members: Any) -> BrazeMessage:
    answer = {"messages": {"v1": {"channel": channel, "name": "A", **members}}}
    (message,) = contents.messages_from_json(answer)
    return message


@pytest.mark.parametrize(
    ("channel", "members", "fields"),
    [
        (
            "email",
            {"body": "<p>", "subject": "Hi\r\n", "custom_plain_text": None, "from": "A <a@b>", "preheader": ""},
            (("from", "A <a@b>"), ("subject", "Hi\r\n"), ("html", "<p>")),
        ),
        ("ios_push", {"alert": "x", "title": "t", "extras": {}}, (("title", "t"), ("body", "x"))),
        ("android_push", {"body": "x", "large_image_url": "u"}, (("body", "x"), ("image", "u"))),
        ("web_push", {"alert": "x", "extras": {"a": "b"}}, (("body", "x"),)),
        ("sms", {"body": "x", "from": ["+1"]}, (("body", "x"),)),
        (
            "webhook",
            {"url": "u", "method": "POST", "headers": {"A": "1", "B": "{{x}}"}, "body": "{}"},
            (("url", "u"), ("method", "POST"), ("headers", "A: 1\nB: {{x}}"), ("body", "{}")),
        ),
        ("webhook", {"url": "u", "headers": {"A": "1\n2"}}, (("url", "u"), ("headers", '{"A": "1\\n2"}'))),
        ("trigger_in_app_message", {"message": "x"}, (("body", "x"),)),
        ("content_cards", {"title": "t", "description": "x"}, (("header", "t"), ("body", "x"))),
    ],
)
def test_each_channels_members_become_the_fields_of_its_document(
    channel: str, members: dict[str, Any], fields: tuple[tuple[str, str], ...]
) -> None:
    assert only(channel, **members).fields == fields


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("email", "email"),
        ("content_card", "content_card"),
        ("content_cards", "content_card"),
        ("in-app_message", "in_app_message"),
        ("kindle_push", "android_push"),
        ("whats_app", ""),
    ],
)
def test_channels_are_matched_loosely(name: str, channel: str) -> None:
    assert only(name, body="x").channel == channel


def test_controls_and_empty_messages_are_left_out_and_steps_are_named() -> None:
    answer = {
        "messages": {"c": {"channel": "email", "type": "control"}, "n": None},
        "steps": [{"name": "Day 1", "messages": {"m": {"channel": "sms", "body": "x"}}}, None, {"messages": None}],
    }
    assert contents.messages_from_json(answer) == (BrazeMessage("Day 1: m", "sms", (("body", "x"),)),)
    assert contents.messages_from_json(None) == ()


def test_a_template_with_nulls_has_empty_texts() -> None:
    answer = {"email_template_id": "t", "template_name": "N", "subject": None, "body": "<p>", "plaintext_body": None}
    assert contents.template_from_json(answer) == EmailTemplate("t", "N", "", "", "<p>", "")


@pytest.mark.parametrize("answer", [{}, None, [], {"templates": {}}, {"content_blocks": "x"}, {"items": []}])
def test_an_answer_without_what_was_asked_for_is_a_bad_one(answer: object) -> None:
    for read in (
        contents.templates_from_json,
        contents.blocks_from_json,
        contents.block_from_json,
        contents.item_from_json,
    ):
        with pytest.raises(BadAnswer):
            read(answer)


def test_every_one_of_these_calls_only_reads_and_the_first_page_names_no_offset() -> None:
    made = (
        calls.templates_call(0),
        calls.template_call("t"),
        calls.blocks_call(1000),
        calls.block_call("b"),
        calls.catalog_item_call("menu", "a/b c"),
    )
    assert [call.target for call in made] == [
        "/templates/email/list?limit=1000",
        "/templates/email/info?email_template_id=t",
        "/content_blocks/list?limit=1000&offset=1000",
        "/content_blocks/info?content_block_id=b",
        "/catalogs/menu/items/a%2Fb%20c",
    ]
    assert {(call.method, call.effect) for call in made} == {("GET", Effect.READ)}


class Blocks:
    """A workspace of 2,300 blocks and one catalog item; `fail` is raised once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fail: Exception | None = None

    async def read(self, call: Call) -> Any:
        self.asked.append(call.target)
        if self.fail is not None:
            error, self.fail = self.fail, None
            raise error
        query = dict(call.query)
        if call.endpoint == "braze.content_blocks.list":
            start = int(query.get("offset", "0"))
            rows = [{"content_block_id": f"b{n}", "name": f"Block {n}"} for n in range(2300)]
            return {"content_blocks": rows[start : start + int(query["limit"])]}
        if call.endpoint == "braze.content_blocks.info":
            return {"content": f"text of {query['content_block_id']}"}
        if call.path[-1] == "known":
            return {"items": [{"id": "known", "price": 4.2}]}
        raise NotFound("nothing", status=404)


async def test_blocks_are_listed_to_the_last_page() -> None:
    pages = [page async for page in Braze(Blocks().read).content_blocks()]
    assert [len(page) for page in pages] == [1000, 1000, 300]
    assert pages[2][-1] == ListedBlock("b2299", "Block 2299")


async def test_a_block_is_found_by_its_exact_name_and_read_once() -> None:
    braze = Blocks()
    workspace = Workspace(Braze(braze.read))
    for _ in range(3):
        assert await workspace.content_block("Block 2299") == "text of b2299"
        assert await workspace.content_block("block 2299") is None
    assert len(braze.asked) == 4
    workspace.forget()
    assert await workspace.content_block("Block 0") == "text of b0"
    assert len(braze.asked) == 8


async def test_an_item_is_read_once_a_missing_one_too_and_a_failure_is_tried_again() -> None:
    braze = Blocks()
    workspace = Workspace(Braze(braze.read))
    braze.fail = Unreachable("down")
    with pytest.raises(Unreachable):
        await workspace.catalog_item("menu", "known")
    for _ in range(2):
        assert await workspace.catalog_item("menu", "known") == {"id": "known", "price": 4.2}
        assert await workspace.catalog_item("menu", "none") is None
    assert len(braze.asked) == 3
    braze.fail = Unreachable("down")
    with pytest.raises(Unreachable):
        await workspace.content_block("Block 1")
    assert await workspace.content_block("Block 1") == "text of b1"


async def test_a_targets_messages_are_whole() -> None:
    async def read(call: Call) -> Any:
        assert call.target == "/campaigns/details?campaign_id=c1"
        return {"messages": {"v": {"channel": "sms", "body": "x"}}}

    found = await Braze(read).messages(Target(TargetKind.CAMPAIGN, "c1", "C"))
    assert found == (BrazeMessage("v", "sms", (("body", "x"),)),)
