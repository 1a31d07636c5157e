"""A message that aborts tells what it had read and not found, unless it asks about that itself."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from core.liquid.engine import Dataset, Engine
from core.render import RenderData, Rendered

NOW = datetime(2026, 11, 22, tzinfo=UTC)
RULE = "missed-before-abort"
OFFER = {"expiration_date": "2030-01-01", "offer_name": "Latte"}
READ = "api_trigger_properties.${expires_at}"
ENDS = (
    "{% assign ends = api_trigger_properties.${expires_at} | date:'%s' | plus:0 %}"
    "{% assign now = 'now' | date:'%s' | plus:0 %}{% if ends < now %}{% abort_message('over') %}{% endif %}"
)
ABORT = "{% abort_message %}"


def rendered(template: str, properties: dict[str, Any] | None = None, **more: Any) -> Rendered:
    namespaces = {"api_trigger_properties": OFFER if properties is None else properties}
    data = RenderData(namespaces=namespaces, attributes={"first_name": "Ana"}, **more)
    return Engine().render(template, Dataset(data), connected="stub", now=NOW)


def told(template: str, properties: dict[str, Any] | None = None, **more: Any) -> list[str]:
    made = rendered(template, properties, **more)
    assert made.status == "aborted"
    return [f"{one.line}:{one.column} {one.message} {one.hint}" for one in made.problems if one.rule == RULE]


def test_a_misspelt_property_behind_an_abort_is_told_with_the_nearest_name() -> None:
    assert told(ENDS) == [
        "1:18 Before the abort, expires_at was read and is not there. "
        "Did you mean expiration_date? There are expiration_date, offer_name."
    ]
    assert [one.severity for one in rendered(ENDS).problems] == ["hint"]


def test_it_is_told_once_for_a_name_however_often_that_is_read() -> None:
    assert len(told(f"{{% if {READ} < 5 %}}{{% endif %}}" * 3 + ENDS)) == 1


def test_a_message_that_does_not_abort_has_none() -> None:
    made = rendered(ENDS.replace("ends < now", "now < ends"))
    assert made.status == "rendered"
    assert not [one for one in made.problems if one.rule == RULE]


@pytest.mark.parametrize(
    "asked",
    [
        f"{{% if {READ} == nil %}}{ABORT}{{% endif %}}",
        f"{{% if {READ} == blank %}}{ABORT}{{% endif %}}",
        f"{{% if {{{{{READ}}}}} == blank %}}{ABORT}{{% endif %}}",
        f"{{% if {READ} != '' %}}{ABORT}{{% endif %}}",
        f"{{% if {READ} %}}{{% else %}}{ABORT}{{% endif %}}",
        f"{{% unless {READ} %}}{ABORT}{{% endunless %}}",
        f"{{% assign ends = {READ} | default: 0 %}}{ABORT}",
        f"{{% assign ends = {READ} | date: '%s' | default: 0 %}}{ABORT}",
        f"{{% assign ends = {READ} %}}{{% if ends == blank %}}{ABORT}{{% endif %}}",
        f"{{% assign ends = {READ} | upcase %}}{{% if {READ} == nil %}}{ABORT}{{% endif %}}",
    ],
)
def test_what_the_template_asks_about_itself_is_not_told(asked: str) -> None:
    assert told(asked) == []


def test_another_names_test_does_not_count() -> None:
    other = "{% if api_trigger_properties.${expires_at_all} == blank %}{% endif %}"
    assert [one[:5] for one in told(f"{other}{ENDS}")] == ["1:87 "]


def test_a_property_that_is_null_is_there() -> None:
    assert told(f"{{% if {READ} < 5 %}}{{% else %}}{ABORT}{{% endif %}}", {"expires_at": None}) == []


def test_a_part_of_a_property_is_told_by_the_step_that_is_missing() -> None:
    template = f"{{% if api_trigger_properties.${{offer}}.ends.at < 5 %}}{{% else %}}{ABORT}{{% endif %}}"
    (words,) = told(template, {"offer": {"until": 1, "starting": 2}})
    assert "Before the abort, ends was read" in words
    assert words.endswith("There are until, starting.")


def test_where_nothing_is_there_at_all_that_is_said() -> None:
    (words,) = told(f"{{% if canvas_entry_properties.${{a}} < 5 %}}{{% else %}}{ABORT}{{% endif %}}")
    assert words.endswith("canvas_entry_properties is empty here: give it in the data, or test for it.")


def test_many_names_are_cut_short_with_the_likely_ones_first() -> None:
    properties = {**{f"field_{number}": number for number in range(20)}, "expiration": 1}
    (words,) = told(ENDS, properties)
    assert words.endswith(
        "Did you mean expiration? There are expiration, field_0, field_1, field_2, field_3 and 16 more."
    )


def test_what_another_problem_tells_of_is_not_told_twice() -> None:
    made = rendered(f"{{% if api_trigger_properties.${{offer_nmae}} == 'x' %}}{{% else %}}{ABORT}{{% endif %}}")
    assert [one.rule for one in made.problems] == ["undefined-variable"]


def test_variables_and_what_braze_fills_itself_are_not_told() -> None:
    assert (
        told(f"{{% if walet.points < 5 or campaign.${{name}} == 'x' or ${{user_id}} == 'y' %}}{{% endif %}}{ABORT}")
        == []
    )


def test_what_a_person_has_not_is_told_where_it_is_almost_something_they_have() -> None:
    has = {"namespaces": {"custom_attribute": {"points_total": 5, "tier": "gold"}}}

    def rules(name: str) -> list[str]:
        template = f"{{% if custom_attribute.${{{name}}} < 5 %}}{{% else %}}{ABORT}{{% endif %}}"
        made = Engine().render(template, Dataset(RenderData.from_json(has["namespaces"])), connected="stub", now=NOW)
        return [one.rule for one in made.problems]

    assert rules("total_points") == [RULE]
    assert rules("birthday") == []


def test_a_template_looked_at_without_data_has_none() -> None:
    made = Engine().render(ENDS, Dataset(RenderData()), connected="stub", now=NOW)
    assert RULE not in [one.rule for one in made.problems]


def test_a_message_of_thousands_of_misses_is_looked_through_at_once() -> None:
    lines = [f"{{% assign e = api_trigger_properties.${{m{number % 400}}} %}}{{{{ e }}}}" for number in range(4_000)]
    template = "\n".join([*lines, ABORT])
    engine, data = Engine(), Dataset(RenderData(namespaces={"api_trigger_properties": OFFER}))
    sound = template.replace(ABORT, "")
    times = []
    for text in (sound, template):
        engine.render(text, data, connected="stub", now=NOW)
        started = time.perf_counter()
        made = engine.render(text, data, connected="stub", now=NOW)
        times.append(time.perf_counter() - started)
    assert made.status == "aborted"
    assert sum(one.rule == RULE for one in made.problems) == 50
    assert times[1] < times[0] + 0.5
