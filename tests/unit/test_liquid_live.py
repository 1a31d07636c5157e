"""A live render in the engine: where it stops, what it wants, how answers carry it on, and that it never guesses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.liquid.engine import Dataset, Engine
from core.render import RenderData, Rendered, Want
from tests.pipe import over_the_pipe

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CALL = "{% connected_content https://api.example/x :save v %}"


def live(template: str, *answers: Mapping[str, Any], **data: Any) -> Rendered:
    dataset = Dataset(RenderData.from_json(data))
    return Engine().render(template, dataset, connected="live", now=NOW, answers=answers)


def told(want: Want | None, outcome: str = "found", **more: Any) -> dict[str, Any]:
    """An answer to exactly `want`."""
    assert want is not None
    return {"kind": want.kind, "request": want.request, "outcome": outcome, **more}


def carried_on(template: str, answer_of: Mapping[str, dict[str, Any]], **data: Any) -> tuple[Rendered, list[str]]:
    """Render until nothing is wanted; each want is answered by its URL, name or item id."""
    answers: list[dict[str, Any]] = []
    asked: list[str] = []
    while (made := live(template, *answers, **data)).wants is not None:
        request = made.wants.request
        asked.append(request.get("url") or request.get("name") or request["id"])
        answers.append(told(made.wants, **answer_of[asked[-1]]))
        assert len(asked) < 100
    return made, asked


def test_a_call_without_an_answer_stops_the_render_and_says_what_it_wants() -> None:
    made = live(
        'a\n  {% connected_content https://api.example/{{${user_id}}} :method post :headers {"X": "{{1}}"} '
        ":body a=1 :cache_max_age 600 :no_cache :retry :basic_auth shop %}b",
        attributes={"user_id": "u1"},
    )
    assert (made.status, made.output, made.abort_reason) == ("waiting", "", None)
    assert made.wants == Want(
        "connected_content",
        {
            "method": "POST",
            "url": "https://api.example/u1",
            "headers": {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*", "X": "1"},
            "body": "a=1",
            "credential": "shop",
            "cache_max_age_s": 600,
            "no_cache": True,
            "retry": True,
        },
        2,
        3,
    )
    assert over_the_pipe(made) == made


def test_an_answer_carries_the_render_on_as_a_recording_would() -> None:
    template = CALL + "{{ v.a }} {{ v.__http_status_code__ }}"
    made, _ = carried_on(template, {"https://api.example/x": {"status": 200, "body": '{"a": 5}', "milliseconds": 31}})
    assert (made.status, made.output) == ("rendered", "5 200")
    assert [(call.status, call.saved_as, call.milliseconds) for call in made.calls] == [(200, "v", 31)]


def test_recordings_of_the_data_are_used_before_anybody_is_asked() -> None:
    recording = {"method": "GET", "url": "https://api.example/x", "body": '{"a": 6}'}
    assert live(CALL + "{{ v.a }}", connected_content=[recording]).output == "6"


@pytest.mark.parametrize("mode", ["off", "stub"])
def test_only_live_ever_waits(mode: str) -> None:
    template = CALL + "{{content_blocks.${B}}}{% catalog_items menu a %}x"
    made = Engine().render(template, Dataset(RenderData()), connected=mode, now=NOW)
    assert (made.status, made.output, made.wants) == ("rendered", "x", None)


def test_calls_in_a_branch_that_is_not_taken_are_never_wanted() -> None:
    made, asked = carried_on(
        CALL + "{% if v.a == 1 %}{% connected_content https://api.example/y %}{% endif %}"
        "{% if v.a == 2 %}{% connected_content https://api.example/z %}{% endif %}",
        {url: {"status": 200, "body": '{"a": 2}'} for url in ("https://api.example/x", "https://api.example/z")},
    )
    assert (made.status, asked) == ("rendered", ["https://api.example/x", "https://api.example/z"])


def test_a_call_in_a_loop_is_wanted_each_time_and_a_block_or_item_once() -> None:
    template = "{% for i in (1..3) %}" + CALL + "{{content_blocks.${B}}}{% catalog_items menu a %}{% endfor %}"
    made, asked = carried_on(
        template,
        {
            "https://api.example/x": {"status": 200, "body": "{}"},
            "B": {"value": "b"},
            "a": {"value": {"id": "a"}},
        },
    )
    assert made.output == "bbb"
    assert asked == ["https://api.example/x", "B", "a", "https://api.example/x", "https://api.example/x"]


def test_an_absent_block_is_wanted_rendered_in_scope_and_its_own_wants_stand_where_it_was_called() -> None:
    template = "\n{{content_blocks.${Outer}}}{{ x }}"
    first = live(template)
    assert first.wants == Want("content_block", {"name": "Outer"}, 2, 3)
    second = live(template, told(first.wants, value="{% assign x = 4 %}{{content_blocks.${Inner}}}"))
    assert second.wants == Want("content_block", {"name": "Inner"}, 2, 3)
    third = live(template, told(first.wants, value="{{content_blocks.${Inner}}}"), told(second.wants, value=CALL))
    assert third.wants is not None and (third.wants.kind, third.wants.line) == ("connected_content", 2)


def test_blocks_of_the_data_are_not_asked_for_and_a_third_level_neither() -> None:
    nested = {"A": "{{content_blocks.${B}}}", "B": "{{content_blocks.${C}}}x"}
    made = live("{{content_blocks.${A}}}", content_blocks=nested)
    assert (made.status, made.output) == ("rendered", "x")
    assert [one.rule for one in made.problems] == ["content-block-nesting"]


def test_catalog_items_come_in_the_order_asked_for_from_data_and_answers_alike() -> None:
    template = "{% catalog_items menu b a c %}{% for i in items %}{{ i.t }}{% endfor %}{{ items.size }}"
    made, asked = carried_on(
        template,
        {"b": {"value": {"t": "B"}}, "c": {"outcome": "not_found", "message": "There is no c."}},
        catalogs={"menu": {"a": {"t": "A"}}},
    )
    assert (made.output, asked) == ("BA2", ["b", "c"])
    assert [(one.rule, one.message) for one in made.problems] == [("catalog-item-missing", "There is no c.")]


def test_not_found_and_failed_are_told_apart() -> None:
    block = "a{{content_blocks.${B}}}z"
    want = live(block).wants
    missing = live(block, told(want, "not_found", message="Braze has no B."))
    failed = live(block, told(want, "failed", message="Braze refused the key.", hint="Fix it."))
    assert (missing.output, failed.output) == ("az", "az")
    assert [(one.rule, one.message) for one in missing.problems] == [("unknown-content-block", "Braze has no B.")]
    (problem,) = failed.problems
    assert (problem.rule, problem.hint, problem.severity) == ("content-block-unread", "Fix it.", "error")


def test_a_refused_call_is_a_problem_and_no_failure_of_brazes() -> None:
    retry = "a{% connected_content https://api.example/x :save v :retry %}z"
    want = live(retry).wants
    refused = live(retry, told(want, "refused", status=None, message="Not allowed.", hint="Add it."))
    assert (refused.status, refused.output) == ("rendered", "az")
    assert [(one.rule, one.message, one.hint) for one in refused.problems] == [
        ("connected-refused", "Not allowed.", "Add it.")
    ]
    failed = live(retry, told(want, "failed", status=None, message="the connection broke"))
    assert (failed.status, "the connection broke" in str(failed.abort_reason)) == ("aborted", True)


@pytest.mark.parametrize(
    ("age", "kept"), [("600", 600), ("10", 300), ("99999", 14_400), ("soon", 300), ("٣٠٠", 300), ("9" * 5000, 300)]
)
def test_a_cache_age_is_held_to_what_braze_takes_with_a_problem(age: str, kept: int) -> None:
    made = live("{% connected_content https://api.example/x :cache_max_age " + age + " %}")
    assert made.wants is not None and made.wants.request["cache_max_age_s"] == kept
    assert [one.rule for one in made.problems] == ([] if age == "600" else ["connected-cache"])


def test_an_answer_to_something_else_ends_loudly() -> None:
    want = live(CALL).wants
    other = CALL.replace("/x", "/y")
    for template in (other, "{{content_blocks.${B}}}", other + CALL):
        made = live(template, told(want, status=200, body="{}"))
        assert (made.status, made.output, made.wants) == ("failed", "", None)
        assert [one.rule for one in made.problems] == ["internal-error"]


def test_half_a_character_in_a_request_does_not_lose_its_answer() -> None:
    template = "{% connected_content https://api.example/{{ x }} %}"
    want = over_the_pipe(live(template, variables={"x": "\ud83d"})).wants
    assert live(template, told(want, status=200, body="ok"), variables={"x": "\ud83d"}).output == "ok"


PIECES = st.lists(
    st.sampled_from(
        [
            CALL + "{{ v.a }}",
            "{% connected_content https://api.example/{% random 9 %} %}",
            "{% random 1000 %}|",
            "{% capture r %}{% random 5 %}{% endcapture %}{% connected_content https://api.example/{{ r }} %}",
            "{{ 'now' | date: '%s' }}|",
            "{{content_blocks.${B}}}",
            "{% for i in (1..2) %}{% connected_content https://api.example/{{ i }} %}{% endfor %}",
            "{% catalog_items menu {{ v.a }} %}{{ items[0].t }}",
            "{% increment n %}",
        ]
    ),
    max_size=8,
)


class AnyAnswer(dict[str, dict[str, Any]]):
    """Answers everything, each thing always the same way."""

    def __missing__(self, key: str) -> dict[str, Any]:
        return {"status": 200, "body": f'{{"a": "{len(key)}"}}', "value": {"t": key} if len(key) < 3 else "{{ 1 }}"}


@settings(max_examples=60, deadline=None)
@given(PIECES)
def test_the_same_template_data_and_answers_always_make_the_same_render(pieces: list[str]) -> None:
    template = "".join(pieces)
    first, asked = carried_on(template, AnyAnswer())
    again, asked_again = carried_on(template, AnyAnswer())
    assert (first, asked) == (again, asked_again)
    assert first.status == "rendered"


def test_each_step_repeats_all_that_was_before_it() -> None:
    template = "{% random 1000000 %}" + CALL + "{% random 1000000 %}{{ 'now' | date: '%s' }}" + CALL
    first = live(template)
    answer = told(first.wants, status=200, body="[1]")
    second = live(template, answer)
    third = live(template, answer, answer)
    assert (first.calls, len(second.calls), len(third.calls)) == ((), 1, 2)
    assert third.calls[:1] == second.calls and third == live(template, answer, answer)
