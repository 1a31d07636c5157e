"""The catalogue of rules: every rule that is reported anywhere stands in it, with an example that breaks it."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.channels.document import Message
from core.channels.rendering import RenderedMessage, render_message
from core.channels.rules import MESSAGE_RULES, Entry, catalogue
from core.liquid.engine import Dataset, Engine
from core.liquid.explained import EXPLAINED
from core.liquid.rules import NEEDS_DATA, RULES
from core.render import RenderData, Rendered, Severity

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CORE = Path(__file__).parents[2] / "core"
ENTRIES = {entry.id: entry for entry in catalogue()}
MILDNESS: dict[Severity, int] = {"error": 0, "warning": 1, "hint": 2}
DATA: dict[str, Any] = {
    "kind": "campaign",
    "attributes": {"country": "Austria"},
    "variables": {"offers": [1], "points": 1, "b": "x", "wallet": {"status": "ok"}},
    "stand_ins": ["wallet"],
    "translations": {"": {"b": "B"}},
    "content_blocks": {"A": "{{content_blocks.${B}}}", "B": "{{content_blocks.${C}}}", "C": "c", "Big": "x" * 60_000},
    "connected_content": [
        {"url": "https://x.test/a", "body": {"n": 1}},
        {"url": "https://x.test/late", "body": {}, "milliseconds": 2_001},
        {"url": "https://x.test/text", "body": "Service Unavailable"},
        {"url": "https://x.test/big", "body": "x" * 1_000_001},
        {"method": "POST", "url": "https://x.test/p", "body": {"n": 1}},
        {"method": "POST", "url": "https://x.test/q", "body": {}, "asked": {"body": {"culture": "de-DE"}}},
    ],
}
TURNED = {"refused-by-switch": {"switches": {"undocumented_tags": "refused"}}}

# What cannot be shown in a line or two, or needs a machine, a guard or a network: the example is in words.
IN_WORDS = {
    *("too-deep", "limit-size", "limit-time", "limit-memory", "limit-data", "limit-sms-entered", "limit-wants"),
    *("internal-error", "renderer-died", "connected-refused", "content-block-unread", "catalog-unread"),
    "catalog-item-missing",
}

# Words of that shape that are no rules: switches' readings, encodings, headers.
NO_RULES = {
    *("ignore-file", "not-sent", "utf-8", "content-type", "reply-to", "mime-version", "content-transfer-encoding"),
    *("utf-16", "dkim-signature", "x-sg-eid", "x-sg-id"),
}
REPORTS = {"report", "_report", "add", "failure", "LimitReached", "Finding", "Problem", "problem", "_at"}


async def made(text: str, data: dict[str, Any], connected: str) -> RenderedMessage:
    async def render(template: str, data: RenderData, **_: Any) -> Rendered:
        return Engine().render(template, Dataset(data), connected=connected, now=NOW)

    return await render_message(render, Message.parse(text), RenderData.from_json(data))


def sources() -> list[ast.Module]:
    catalogues = {CORE / "liquid/rules.py", CORE / "liquid/explained.py", CORE / "channels/rules.py"}
    files = [*(CORE / "liquid").glob("*.py"), *(CORE / "channels").glob("*.py"), CORE / "connecting.py"]
    files += [CORE / "adapters/render_child.py", CORE / "render.py"]
    return [ast.parse(file.read_text()) for file in files if file not in catalogues]


def words_in(tree: ast.AST) -> set[str]:
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def test_whatever_looks_like_a_rule_where_problems_are_made_is_in_the_catalogue() -> None:
    shaped = {word for tree in sources() for word in words_in(tree) if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", word)}
    assert shaped - {*ENTRIES} == NO_RULES


def test_no_rule_is_put_together_out_of_pieces() -> None:
    for tree in sources():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) in REPORTS):
            for argument in call.args[:2]:
                assert not (isinstance(argument, ast.JoinedStr) and "-" in "".join(words_in(argument))), ast.dump(call)


def test_every_rule_of_the_catalogue_is_reported_somewhere() -> None:
    said = {word for tree in sources() for word in words_in(tree)}
    assert {*ENTRIES} - said == set()


def test_every_rule_says_what_why_and_where_it_comes_from_and_shows_an_example() -> None:
    assert [entry.id for entry in catalogue()] == [*RULES, *MESSAGE_RULES]
    assert {*EXPLAINED} == {*RULES}
    assert not {*RULES} & {*MESSAGE_RULES}
    for entry in ENTRIES.values():
        assert entry.why.endswith((".", '"Content Card invalid").')), entry
        assert entry.source
        assert entry.what[0].islower() or entry.what.startswith(("HTML", "JSON", "Liquid")) or entry.what[0] == ".", (
            entry
        )
        assert not entry.what.endswith("."), entry
        assert entry.example.strip(), entry
        assert len(entry.example) < 260, entry


@pytest.mark.parametrize("entry", [one for one in ENTRIES.values() if one.id not in IN_WORDS], ids=lambda one: one.id)
async def test_an_example_breaks_its_rule(entry: Entry) -> None:
    connected = "off" if entry.id == "connected-off" else "stub"
    message = await made(entry.example, DATA | TURNED.get(entry.id, {}), connected)
    raised = [one.severity for one in message.problems if one.rule == entry.id]
    assert raised, [one.rule for one in message.problems]
    assert min(map(MILDNESS.__getitem__, raised)) == MILDNESS[entry.severity]


@pytest.mark.parametrize("entry", [one for one in ENTRIES.values() if one.id not in IN_WORDS], ids=lambda one: one.id)
async def test_nothing_that_an_example_raises_is_outside_of_the_catalogue_or_worse_than_it_says(entry: Entry) -> None:
    for problem in (await made(entry.example, DATA | TURNED.get(entry.id, {}), "stub")).problems:
        assert MILDNESS[problem.severity] >= MILDNESS[ENTRIES[problem.rule].severity]


def test_what_lint_leaves_out_are_rules() -> None:
    assert {*NEEDS_DATA} <= {*RULES}
