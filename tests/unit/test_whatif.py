"""What if: each scenario changes what it says and nothing else, and tells what became of the message."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from core.adapters.render_child import Renderer
from core.render import Problem, RenderData, Rendered
from core.scenarios import SCENARIOS, Changed, Scenario
from core.verdicts import Difference, Outcome, Render, difference, verdict_of
from core.whatif import AS_IT_IS, WhatIf, what_if

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
WALLET_URL = "https://connect.example.com/offers/api/2.0/offers/get_user_offers"
WALLET = {
    "status": "ok",
    "payload": {
        "available_points": 1240,
        "total_points": 1300,
        "total_records": 3,
        "user_offers": [
            {
                "name": "Coffee",
                "expiration_date": "2026-12-01T00:00:00Z",
                "redemption_end_date": "2026-11-30T00:00:00Z",
            },
            {"name": "Tea", "expiration_date": None},
            {"name": "Cake", "expiration_date": "2026-01-01T00:00:00Z"},
        ],
    },
}


def data_of(**extra: object) -> RenderData:
    """Ana with a wallet, as a variable and as the recorded answer, and a chosen offer."""
    raw = {
        "attributes": {"first_name": "Ana", "language": "en", "user_id": "u-1", "most_recent_locale": "en_GB"},
        "custom_attribute": {"tier": "gold", "culture": "en-US"},
        "api_trigger_properties": {"offer_title": "Coffee", "expiration_date": "2026-12-01T00:00:00Z"},
        "variables": {"wallet": WALLET, "culture": "en-US"},
        "connected_content": [
            {"method": "POST", "url": WALLET_URL, "status": 200, "body": json.dumps(WALLET)},
            {"method": "GET", "url": "https://weather.example.com/", "status": 200, "body": {"sky": "blue"}},
        ],
    }
    return RenderData.from_json({**raw, **extra})


def changed(name: str, data: RenderData) -> Changed:
    scenario = next(scenario for scenario in SCENARIOS if scenario.name == name)
    return scenario.change(data, NOW)


def payloads(data: RenderData) -> list[dict]:
    """The payload of the variable and that of the recorded answer."""
    return [data.variables["wallet"]["payload"], json.loads(data.connected_content[0]["body"])["payload"]]


def test_an_empty_wallet_is_empty_in_the_variable_and_in_the_recorded_answer() -> None:
    made, words = changed("empty wallet", data_of())
    for payload in payloads(made):
        assert (payload["user_offers"], payload["total_records"], payload["available_points"]) == ([], 0, 1240)
    assert "total_records 0" in words


def test_no_points_takes_the_points_alone() -> None:
    for payload in payloads(changed("0 points", data_of()).data):
        assert (payload["available_points"], payload["total_points"], payload["total_records"]) == (0, 0, 3)


def test_every_offer_and_the_chosen_one_ended_before_now() -> None:
    made, words = changed("offers expired", data_of())
    for payload in payloads(made):
        coffee, tea, cake = payload["user_offers"]
        assert coffee["expiration_date"] == coffee["redemption_end_date"] == "2026-11-21T09:30:00Z"
        assert tea["expiration_date"] == "2026-11-21T09:30:00Z"
        assert cake["expiration_date"] == "2026-01-01T00:00:00Z"
    assert made.namespaces["api_trigger_properties"]["expiration_date"] == "2026-11-21T09:30:00Z"
    assert "2026-11-21" in words


@pytest.mark.parametrize(("name", "status"), [("answer 404", 404), ("answer 500", 500), ("no answer", None)])
def test_a_failing_call_fails_everywhere_and_leaves_no_wallet_behind(name: str, status: int | None) -> None:
    made, words = changed(name, data_of())
    assert [one["status"] for one in made.connected_content] == [status, status]
    assert made.variables == {"culture": "en-US"}
    assert words.startswith("2 calls answer")


def test_a_refusal_is_json_that_says_so() -> None:
    made, words = changed("answer 401", data_of())
    assert [one["status"] for one in made.connected_content] == [401, 401]
    assert json.loads(made.connected_content[0]["body"])["status"] == "error"
    assert made.variables == {"culture": "en-US"}
    assert words == "2 calls answer 401, with an error in JSON"


def test_an_answer_that_is_no_json_comes_with_status_200() -> None:
    made = changed("not JSON", data_of()).data
    for one in made.connected_content:
        assert one["status"] == 200
        with pytest.raises(ValueError, match="Expecting"):
            json.loads(one["body"])


@pytest.mark.parametrize(
    ("spoken", "wanted"), [("en", "de"), ("de", "en"), ("de-AT", "en"), ("fr", "de"), (None, "de")]
)
def test_another_language_is_german_and_for_germans_english(spoken: str | None, wanted: str) -> None:
    attributes = {"first_name": "Ana"} | ({"language": spoken} if spoken else {})
    made = changed("other language", data_of(attributes=attributes)).data
    assert made.attributes == {"first_name": "Ana", "language": wanted}


def test_another_language_speaks_its_culture_wherever_one_is_named_in_the_spelling_found() -> None:
    made = changed("other language", data_of()).data
    assert made.attributes["most_recent_locale"] == "de_DE"
    assert made.variables["culture"] == made.namespaces["custom_attribute"]["culture"] == "de-DE"
    assert made.namespaces["custom_attribute"]["tier"] == "gold"


def test_somebody_unknown_keeps_the_ids_alone() -> None:
    made, words = changed("nobody known", data_of())
    assert made.attributes == {"user_id": "u-1"}
    assert made.namespaces["custom_attribute"] == {}
    assert made.namespaces["api_trigger_properties"]["offer_title"] == "Coffee"
    assert words == "5 attributes gone, ids kept"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_scenario_touches_the_data_it_gets_and_what_it_leaves_alone_is_shared(scenario: Scenario) -> None:
    data = data_of()
    before = copy.deepcopy(data)
    made = scenario.change(data, NOW).data
    assert data == before
    assert made != data
    assert made.content_blocks is data.content_blocks
    assert made.catalogs is data.catalogs


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
@pytest.mark.parametrize(
    "wallet", [None, 7, [], {}, {"payload": None}, {"payload": []}, {"payload": {"user_offers": 3}}]
)
def test_a_wallet_of_any_shape_breaks_nothing(scenario: Scenario, wallet: object) -> None:
    answers = [{"url": WALLET_URL, "body": body} for body in (wallet, json.dumps(wallet), "{", "[" * 100_000)]
    data = data_of(variables={"wallet": wallet}, connected_content=answers)
    scenario.change(data, NOW)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_without_data_a_scenario_says_that_there_is_nothing_to_change(scenario: Scenario) -> None:
    data = RenderData()
    made, words = scenario.change(data, NOW)
    if scenario.name != "other language":
        assert made is data
        assert words.startswith("nothing: there is no ")


# -- the run


class Printing:
    """Renders the names of the offers; counts its renders."""

    def __init__(self) -> None:
        self.seen: list[RenderData] = []

    async def __call__(self, data: RenderData) -> Rendered:
        self.seen.append(data)
        wallet = data.variables.get("wallet")
        if wallet is None:
            return Rendered.failure("broken", "There is no wallet.", "")
        names = [offer["name"] for offer in wallet["payload"]["user_offers"]]
        return Rendered("rendered", "\n".join(names)) if names else Rendered("aborted", abort_reason="nothing\x1b[2J")


async def run(render: Render, data: RenderData) -> dict[str, WhatIf]:
    async with aclosing(what_if(render, data, NOW)) as rows:
        return {row.name: row async for row in rows}


async def test_each_scenario_gives_a_row_with_what_became_of_the_message() -> None:
    rows = await run(Printing(), data_of())
    assert list(rows) == [AS_IT_IS, *(scenario.name for scenario in SCENARIOS)]
    assert (rows[AS_IT_IS].outcome, rows[AS_IT_IS].verdict.size) == (Outcome.RENDERED, 15)
    assert (rows["empty wallet"].outcome, rows["empty wallet"].reason) == (Outcome.ABORTED, "nothing\\x1b[2J")
    assert (rows["answer 404"].outcome, rows["answer 404"].reason) == (Outcome.ERROR, "1:1 There is no wallet.")


async def test_what_the_template_does_not_read_is_the_same() -> None:
    rows = await run(Printing(), data_of())
    assert [name for name, row in rows.items() if row.is_same] == [
        "0 points",
        "offers expired",
        "other language",
        "nobody known",
    ]
    assert not any(row.difference.count for row in rows.values() if row.is_same)


async def test_a_scenario_with_nothing_to_change_is_the_same_and_not_rendered_again() -> None:
    render = Printing()
    data = data_of(connected_content=[], variables={})
    rows = await run(render, data)
    assert rows["empty wallet"].is_same
    assert rows["empty wallet"].changed == "nothing: there is no wallet"
    assert len(render.seen) == 1 + len(SCENARIOS) - sum("there is no" in row.changed for row in rows.values())


async def test_every_render_has_the_one_clock_and_data_of_its_own_keeps_it() -> None:
    render = Printing()
    await run(render, data_of())
    assert {data.now for data in render.seen} == {NOW}
    own = Printing()
    await run(own, data_of(now="2025-01-01T00:00:00Z"))
    assert {data.now for data in own.seen} == {datetime(2025, 1, 1, tzinfo=UTC)}


async def test_a_run_that_is_closed_renders_no_more() -> None:
    render = Printing()
    rows: AsyncGenerator[WhatIf, None] = what_if(render, data_of(), NOW)
    async with aclosing(rows):
        assert (await anext(rows)).name == AS_IT_IS
    assert len(render.seen) == 1


TEMPLATE = f"""\
{{% connected_content {WALLET_URL} :method post :body {{}} :save wallet %}}\
{{% if wallet == nil %}}{{% abort_message('no wallet') %}}{{% endif %}}\
Hi {{{{${{first_name}}}}}},
{{{{wallet.payload.available_points}}}} points
{{% for offer in wallet.payload.user_offers %}}{{{{offer.name}}}} until {{{{offer.expiration_date | date: '%d %b'}}}}
{{% endfor %}}"""


async def test_a_real_template_shows_each_scenario_as_braze_would() -> None:
    renderer = Renderer()
    try:
        rows = await run(lambda data: renderer.render(TEMPLATE, data, connected="stub"), data_of())
    finally:
        await renderer.aclose()
    assert rows[AS_IT_IS].outcome is Outcome.RENDERED
    points = rows["0 points"].difference
    assert (points.count, points.first) == (1, (2, "1240 points", "0 points"))
    assert rows["offers expired"].difference.first.after == "Coffee until 21 Nov"
    assert rows["empty wallet"].difference.first.before == "Coffee until 01 Dec"
    for name in ("answer 404", "answer 500", "no answer"):
        assert (rows[name].outcome, rows[name].reason) == (Outcome.ABORTED, "no wallet")
    assert rows["other language"].is_same
    assert rows["nobody known"].difference.first.after == "Hi ,"


# -- verdicts


def test_a_message_without_anything_to_read_is_blank() -> None:
    for output in ("", " \n\t\n", "<html><head><title>x</title></head><body><p> </p></body></html>"):
        assert verdict_of(Rendered("rendered", output)).outcome is Outcome.BLANK
    assert verdict_of(Rendered("rendered", "<p>x</p>")).outcome is Outcome.RENDERED


def test_what_is_shown_of_a_message_is_clean_even_what_html_makes_of_entities() -> None:
    for output in ("a\u202eb\x1b", "<p>a&#x202e;b\x1b</p>"):
        (line,) = verdict_of(Rendered("rendered", output)).lines
        assert "".join(span.text for span in line) == "a\\u202eb\\x1b"


def test_a_hint_is_no_reason_and_a_failed_render_names_its_error_first() -> None:
    hint, warning, error = (
        Problem(kind, kind, f"{kind} it is", "", 1, 2, 1, 3) for kind in ("hint", "warning", "error")
    )  # type: ignore[arg-type]
    assert verdict_of(Rendered("rendered", "x", problems=(hint,))).reason == ""
    assert verdict_of(Rendered("rendered", "x", problems=(hint, warning))).reason == "1:2 warning it is"
    assert verdict_of(Rendered("failed", problems=(hint, warning, error))).reason == "1:2 error it is"


def between(before: str, after: str) -> Difference:
    return difference(verdict_of(Rendered("rendered", before)), verdict_of(Rendered("rendered", after)))


def test_lines_are_compared_as_they_are_read_and_blank_ones_do_not_count() -> None:
    assert between("a\n\n\nb\n", "a\nb").count == 0
    found = between("<h1>Hi</h1><p>one</p><p>two</p>", "<h1>Hi</h1><p>one</p><p>three</p><p>four</p>")
    assert (found.count, found.pairs) == (2, ((3, "two", "three"), (4, "", "four")))
    gone = between("a\nb\nc", "a\nc")
    assert (gone.count, gone.first) == (1, (2, "b", ""))


def test_what_nobody_sees_is_compared_too() -> None:
    found = between("<p style='color:red'>a</p>", "<p style='color:blue'>a</p>")
    assert (found.count, found.first.after) == (1, "<p style='color:blue'>a</p>")


def test_beyond_two_thousand_lines_the_comparison_says_that_it_stopped() -> None:
    long = "\n".join(f"line {number}" for number in range(2_500))
    found = between(long, long.replace("line 3\n", "other\n"))
    assert (found.count, found.first.line, found.is_complete) == (1, 4, False)


def test_of_many_lines_that_differ_all_are_counted_and_twenty_are_shown() -> None:
    numbers = range(100)
    found = between("\n".join(f"old {number}" for number in numbers), "\n".join(f"new {number}" for number in numbers))
    assert (found.count, len(found.pairs), found.pairs[-1]) == (100, 20, (20, "old 19", "new 19"))


def test_of_long_lines_the_part_that_differs_is_shown() -> None:
    words = "word " * 200
    ((_, before, after),) = between(f"{words}old{words}", f"{words}new{words}").pairs
    assert before.startswith("…word word word word old")
    assert after.startswith("…word word word word new")
    assert len(before) == len(after) == 301
    assert between(words.strip(), "").pairs == ()
    ((_, gone, nothing),) = between(f"first\n{words}end", "first").pairs
    assert (gone[:10], nothing) == ("word word ", "")


# -- messages that nobody should get


async def real(template: str, data: RenderData) -> dict[str, WhatIf]:
    """The rows of a template as the renderer makes it."""
    renderer = Renderer()

    async def render(data: RenderData) -> Rendered:
        return await renderer.render(template, data, connected="stub")

    try:
        return await run(render, data)
    finally:
        await renderer.aclose()


LISTED = "{% for offer in wallet.payload.user_offers %}{{ offer.name }}\n{% endfor %}"


async def test_a_message_that_lists_offers_and_tests_no_date_is_said_to_show_expired_ones() -> None:
    row = (await real(LISTED, data_of()))["offers expired"]
    assert (row.is_same, row.is_flawed) == (True, True)
    assert row.warning == "shows expired offers: nothing tests expiration_date"


async def test_a_message_that_prints_the_date_and_the_offer_all_the_same_shows_expired_ones() -> None:
    row = (await real(LISTED.replace("name }}", "name }} until {{ offer.expiration_date }}"), data_of()))[
        "offers expired"
    ]
    assert row.warning == "shows expired offers: expiration_date is read, and they stay"


async def test_a_message_that_leaves_expired_offers_out_is_not_warned_of() -> None:
    tested = "{% if offer.expiration_date > '2026-11-22' %}{{ offer.name }}{% endif %}"
    rows = await real(f"Hello {LISTED.replace('{{ offer.name }}', tested)}", data_of())
    assert not rows["offers expired"].warning
    rows = await real("You have {{ wallet.payload.available_points }}.", data_of())
    assert not rows["offers expired"].warning


async def test_a_message_with_holes_that_it_has_not_as_it_is_says_how_many() -> None:
    called = f"{{% connected_content {WALLET_URL} :method post :save wallet %}}"
    template = called + "You have {{ wallet.payload.available_points }} of {{ wallet.payload.total_points }} points."
    rows = await real(template, data_of())
    for name in ("answer 500", "no answer"):
        assert (rows[name].outcome, rows[name].holes) == (Outcome.RENDERED, 2)
        assert rows[name].reason.startswith("2 holes: 1:")
        assert rows[name].reason.endswith(" wallet.payload.available_points prints nothing")
    assert not rows[AS_IT_IS].is_flawed
    assert not rows["0 points"].is_flawed


async def test_a_refusal_in_json_passes_a_test_for_nil_and_leaves_holes() -> None:
    row = (await real(TEMPLATE, data_of()))["answer 401"]
    assert (row.outcome, row.is_flawed) == (Outcome.RENDERED, True)
    assert row.reason.endswith(" wallet.payload.available_points prints nothing")
    bare = await real("Hi {{ ${first_name} }}", data_of(connected_content=[], variables={}))
    assert (bare["answer 401"].is_same, bare["answer 401"].changed) == (True, "nothing: there is no recorded call")


async def test_a_hole_that_is_there_as_it_is_is_told_once() -> None:
    rows = await real("Hi {{ ${last_name} }}, {{ wallet.payload.available_points }}", data_of())
    assert rows[AS_IT_IS].reason == "1 hole: 1:7 ${last_name} prints nothing"
    assert rows[AS_IT_IS].is_flawed
    assert (rows["0 points"].holes, rows["0 points"].is_same) == (0, False)


async def test_an_offer_of_a_property_bag_that_has_ended_is_shown_to_nobody() -> None:
    bag = "api_trigger_properties"
    push = f"{{{{ {bag}.${{offer_title}} }}}} until {{{{ {bag}.${{expiration_date}} | date: '%d %b' }}}}"
    rows = await real(push, data_of())
    assert rows["offers expired"].warning == "shows expired offers: expiration_date is read, and they stay"
    assert not rows[AS_IT_IS].is_flawed
    assert not (await real("{{ ${first_name} }}", data_of()))["offers expired"].warning


async def test_a_name_with_a_default_leaves_no_hole() -> None:
    rows = await real("Hi {{ ${first_name} | default: 'you' }}", data_of())
    assert (rows["nobody known"].holes, rows["nobody known"].is_flawed) == (0, False)
    rows = await real("Hi {{ ${first_name} }}", data_of())
    assert (rows["nobody known"].holes, rows["nobody known"].outcome) == (1, Outcome.RENDERED)
