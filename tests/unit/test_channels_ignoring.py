"""Switches and comments of a whole message: what an abort stops, and which rules its author silences."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.channels.document import Message
from core.channels.rendering import RenderedMessage, render_message
from core.liquid.engine import Dataset, Engine
from core.render import RenderData, Rendered

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


async def render(template: str, data: RenderData, *, connected: str, **_: Any) -> Rendered:
    return Engine().render(template, Dataset(data), connected=connected, now=NOW)


async def made(text: str, **data: Any) -> RenderedMessage:
    return await render_message(render, Message.parse(text), RenderData.from_json(data))


ABORTS = "--- email ---\n--- subject ---\n{% abort_message('why') %}\n--- html ---\nbody\n"


async def test_an_abort_in_one_field_stops_the_message_unless_the_switch_says_otherwise() -> None:
    assert (await made(ABORTS)).status == "aborted"
    message = await made(ABORTS, switches={"abort_scope": "field"})
    assert (message.status, message.text("subject"), message.text("html")) == ("rendered", "", "body")


LONG = "--- sms ---\n--- body ---\n" + "x" * 1_601 + " {# #}\n"


async def test_a_rule_about_the_whole_message_is_silenced_by_a_comment_in_its_document() -> None:
    loud = [problem.rule for problem in (await made(LONG)).problems]
    assert "limit-sms-entered" in loud
    comment = "{% comment %}offerdeck ignore-file limit-sms-entered{% endcomment %}"
    quiet = [problem.rule for problem in (await made(LONG.replace("{# #}", comment))).problems]
    assert quiet == [rule for rule in loud if rule != "limit-sms-entered"]


async def test_a_comment_above_the_channel_silences_in_the_whole_document_and_a_rule_that_is_none_is_told() -> None:
    document = "--- sms ---\n{{ nothing_at_all }}"
    rules = [one.rule for one in (await made(document)).problems]
    assert "undefined-variable" in rules
    quiet = await made("<!-- offerdeck ignore-file undefined-variable, undefined-varable -->\n" + document)
    (told,) = [one for one in quiet.problems if one.rule == "unknown-rule"]
    assert (told.line, told.column) == (1, 48)
    assert sorted(one.rule for one in quiet.problems) == sorted({*rules, "unknown-rule"} - {"undefined-variable"})
