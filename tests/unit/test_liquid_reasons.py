"""A render that fails says why: no comment, no switch and no number of other problems takes its last error away."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels.document import Message
from core.channels.rendering import render_message
from core.liquid.engine import Dataset, Engine
from core.liquid.rules import FINAL, REFUSED_BY, RULES
from core.liquid.switches import SWITCHES
from core.render import Problem, RenderData, Rendered

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
REFUSING = dict(REFUSED_BY.values())


def render(template: str, switches: dict[str, str] | None = None) -> Rendered:
    data = RenderData.from_json({"switches": switches or {}})
    return Engine().render(template, Dataset(data), connected="stub", now=NOW)


def reasons(made: Rendered) -> list[Problem]:
    return [one for one in made.problems if one.severity == "error"]


@pytest.mark.parametrize(("rule", "template"), [("undocumented-tag", "{% increment n %}"), ("broken-comment", "#if#")])
@pytest.mark.parametrize("verb", ["ignore", "ignore-file"])
def test_what_a_switch_refuses_is_an_error_that_no_comment_silences(rule: str, template: str, verb: str) -> None:
    name, reading = REFUSED_BY[rule]
    template = template.replace("#if#", "{% comment %}{% if %}{% endcomment %}")
    silencing = f"{template}<!-- offerdeck {verb} {rule}, refused-by-switch -->"
    refused = render(silencing, {name: reading})
    (problem,) = reasons(refused)
    assert (refused.status, problem.rule, problem.line, problem.column) == ("failed", "refused-by-switch", 1, 1)
    assert f"The switch {name} is {reading}" in problem.message
    other = SWITCHES[name].default
    assert (render(silencing, {name: other}).status, reasons(render(silencing, {name: other}))) == ("rendered", [])


def test_the_reason_is_among_any_number_of_other_problems() -> None:
    noise = "{{ 1 | bogus }}" * 300
    for broken in ("{% if 1 %}", "{{ 1", "{% bogus %}", "{% for i in (1..300001) %}{% endfor %}"):
        made = render(noise + broken)
        assert made.status == "failed"
        assert reasons(made), broken
    refused = render(noise + "{% increment n %}", REFUSING)
    assert (refused.status, [one.rule for one in reasons(refused)]) == ("failed", ["refused-by-switch"])
    assert len(render(noise).problems) == 200


PIECES = (
    *("{% if 1 %}", "{% endif %}", "{{ 1", "{% if", "{% bogus %}", "{% assign a %}", "{% %}", "{{ 1 | bogus }}"),
    *("{% increment n %}", "{% comment %}{% if %}{% endcomment %}", "{% for i in (1..300001) %}{% endfor %}"),
    *("{% for i in (1..2000000000) %}{% endfor %}", "{{ 1 | divided_by: 0 }}", "{% abort_message %}", "\n", "text"),
    *(
        "{% liquid\nincrement n\n= 1\n%}",
        "{{ 1 | append }}",
        "{% endfor %}",
        "${first_name}",
        "{% case %}",
        "{% raw %}",
    ),
)
IGNORES = st.builds(
    "<!-- offerdeck {} {} -->".format,
    st.sampled_from(["ignore", "ignore-file"]),
    st.lists(st.sampled_from([*RULES]), min_size=1, max_size=4).map(" ".join),
)
TEXTS = st.lists(st.sampled_from(PIECES) | IGNORES, max_size=8).map("".join)
TURNED = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([*switch.readings]) for name, switch in SWITCHES.items()}
)
EVERY_RULE = "<!-- offerdeck ignore-file " + " ".join(RULES) + " -->"


@settings(max_examples=400, deadline=None)
@given(TEXTS, TURNED, st.booleans())
def test_whatever_fails_tells_an_error(template: str, switches: dict[str, str], silenced: bool) -> None:
    made = render(template + EVERY_RULE * silenced, switches)
    assert made.status != "failed" or reasons(made)
    assert made.status != "aborted" or made.abort_reason


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, TURNED)
def test_whatever_fails_in_a_document_tells_an_error(subject: str, html: str, switches: dict[str, str]) -> None:
    async def one_field(template: str, data: RenderData, *, connected: str, **_: Any) -> Rendered:
        return Engine().render(template, Dataset(data), connected=connected, now=NOW)

    document = f"--- email ---\n--- subject ---\n{subject}\n--- html ---\n{html}\n--- plain ---\n{EVERY_RULE}\n"
    data = RenderData.from_json({"switches": switches})
    made = asyncio.run(render_message(one_field, Message.parse(document), data)).whole()
    assert made.status != "failed" or reasons(made)


def test_every_rule_that_ends_a_render_is_one_that_no_comment_silences() -> None:
    ending = r'(?:failure|LimitReached|Problem)\(\s*"((?:limit|too|internal|renderer)-[a-z-]+)"'
    files = [
        *(ROOT / "core" / "liquid").glob("*.py"),
        *(ROOT / "core").glob("*.py"),
        *(ROOT / "core/adapters").glob("*.py"),
    ]
    named = {rule for file in files for rule in re.findall(ending, file.read_text())}
    assert {"limit-wants", "limit-time", "renderer-died", "internal-error", "too-deep", "limit-range"} <= named <= FINAL


@pytest.mark.parametrize("rule", sorted(FINAL))
async def test_an_error_that_ends_a_render_from_outside_survives_the_comments_of_its_document(rule: str) -> None:
    async def dying(template: str, data: RenderData, **_: Any) -> Rendered:
        return Rendered.failure(rule, "It ended.", "")

    document = f"--- sms ---\n--- body ---\n{EVERY_RULE}\nx\n"
    made = await render_message(dying, Message.parse(document), RenderData())
    assert (made.status, [one.rule for one in made.problems]) == ("failed", [rule])
