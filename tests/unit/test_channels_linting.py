"""What lint says of a message: what is wrong with it whatever it is rendered with, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.channels.document import Message
from core.channels.linting import lint_problems
from core.channels.rendering import render_message
from core.channels.rules import MESSAGE_RULES, OF_THE_TEXT
from core.liquid.engine import Dataset, Engine
from core.liquid.rules import FINAL, NEEDS_DATA
from core.render import Problem, RenderData, Rendered

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


async def linted(text: str, channel: str | None = None) -> tuple[Problem, ...]:
    async def render(template: str, data: RenderData, **_: Any) -> Rendered:
        return Engine().render(template, Dataset(data), connected="off", now=NOW)

    return lint_problems(await render_message(render, Message.parse(text, channel), RenderData()))


async def places(text: str, channel: str | None = None) -> list[tuple[str, int, int]]:
    return [(one.rule, one.line, one.column) for one in await linted(text, channel)]


DOCUMENT = """--- email ---
--- subject ---
{{ 1 | bogus }}{% abort_message('no data') %}
--- from ---
{{ sender }}
--- html ---
<p>{{${first_name}}}</p>
  {% if points>5 %}x{% endif %}
<script>x()</script>
--- headers ---
X: {{ x }}
Reply-To: {{ y }}
--- footer ---
"""


async def test_each_field_of_a_document_is_judged_by_itself_and_told_where_it_stands() -> None:
    assert await places(DOCUMENT) == [
        ("unknown-filter", 3, 8),
        ("undefined-variable", 5, 4),
        ("missing-default", 7, 6),
        ("missing-spaces", 8, 9),
        ("undefined-variable", 8, 9),
        ("channel-disallowed-tag", 9, 1),
        ("channel-reserved-header", 11, 1),
        ("undefined-variable", 11, 7),
        ("undefined-variable", 12, 14),
    ]


async def test_what_is_wrong_with_the_document_itself_comes_along() -> None:
    text = "--- sms ---\n--- bodi ---\n{% if %}\n--- body ---\n{{ 1 }\n--- body ---\nx"
    assert await places(text) == [
        ("unknown-field", 2, 1),
        ("field-twice", 2, 1),
        ("unbalanced-braces", 5, 1),
        ("field-twice", 6, 1),
    ]
    assert ("missing-field", 1, 1) in await places("--- webhook ---\n{}")


async def test_what_only_missing_data_brings_is_not_told() -> None:
    text = (
        "--- email ---\n--- subject ---\n{{${user_id}}}\n--- from ---\n{{${braze_id}}}@x.test\n--- html ---\n"
        "{{content_blocks.${B}}}"
    )
    assert await places(text + "{{ 1 | divided_by: ${user_id} }}{% promotion('p') %}") == []
    assert await places("--- webhook ---\n--- url ---\n{{endpoint_core}}/\n--- body ---\n{{${user_id}}}") == []
    assert await places("--- ios_push ---\n{{campaign.${name}}}") == []


@pytest.mark.parametrize("rule", sorted(OF_THE_TEXT))
async def test_what_the_pages_say_of_the_text_itself_is_told_without_data(rule: str) -> None:
    example = MESSAGE_RULES[rule].example if rule != "limit-sms-entered" else "--- sms ---\n" + "x" * 1_601
    assert rule in [one.rule for one in await linted(example)]


async def test_a_lone_text_is_judged_as_the_channel_that_is_named_for_it() -> None:
    assert await places("<script></script>") == []
    assert ("channel-disallowed-tag", 1, 1) in await places("<script></script>", "email")
    assert ("channel-plain-text", 1, 1) in await places("<b>x</b>", "ios_push")


async def test_a_comment_in_any_field_silences_what_it_names_in_the_document() -> None:
    quiet = DOCUMENT.replace("<p>", "<!-- offerdeck ignore-file channel-disallowed-tag, channel-reserved-header --><p>")
    quiet = quiet.replace("{{ sender }}", "<!-- offerdeck ignore-file unknown-filter -->")
    rules = [rule for rule, *_ in await places(quiet)]
    assert [rule for rule in rules if rule != "undefined-variable"] == [
        *("unused-ignore", "missing-default", "missing-spaces")
    ]


def test_what_lint_leaves_out_never_is_what_keeps_a_message_from_being_rendered() -> None:
    assert not NEEDS_DATA & FINAL
    assert {*MESSAGE_RULES} >= OF_THE_TEXT
