"""A whole message: each field on its own, places in the document, aborts, and all of it as one render."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.channels.document import Message
from core.channels.rendering import MAX_SPANS, RenderedMessage, render_message
from core.liquid.engine import Dataset, Engine
from core.render import (
    ConnectedCall,
    PrintedSpan,
    Problem,
    Read,
    RenderData,
    Rendered,
    Want,
)
from tests.pipe import over_the_pipe

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
DATA = RenderData(attributes={"first_name": "Ana"}, variables={"known": 1})
EMAIL = "--- email ---\n--- subject ---\nsub\n--- html ---\nbody\n"


def said(rule: str, line: int, column: int = 1, end_line: int = 0) -> Problem:
    return Problem(rule, "warning", "m", "h", line, column, end_line or line, column + 3)


class Script:
    """Renders by heart: what is written down for a text, else the text itself."""

    def __init__(self, **answers: Rendered) -> None:
        self.answers = answers
        self.asked: list[tuple[str, str, Any, Any]] = []

    async def __call__(
        self, template: str, data: RenderData, *, connected: str, name: str, now: datetime | None
    ) -> Rendered:
        assert data is DATA
        self.asked.append((name, template, connected, now))
        return self.answers.get(name, Rendered("rendered", template))


async def made(text: str, script: Script | None = None, **options: Any) -> RenderedMessage:
    return await render_message(script or Script(), Message.parse(text), DATA, **options)


def rules(message: RenderedMessage) -> list[tuple[str, int]]:
    return [(one.rule, one.line) for one in message.problems]


@pytest.mark.parametrize("rule", ["limit-time", "renderer-died"])
async def test_behind_a_field_that_took_all_of_its_time_nothing_is_rendered(rule: str) -> None:
    script = Script(subject=Rendered.failure(rule, "m", "h"))
    message = await made(EMAIL, script, connected="stub")
    assert [name for name, *_ in script.asked] == ["subject"]
    assert message.status == "failed"
    other = Script(subject=Rendered.failure("syntax", "m", "h"))
    await made(EMAIL, other, connected="stub")
    assert [name for name, *_ in other.asked] == ["subject", "html"]


async def test_each_field_is_rendered_on_its_own_with_the_same_data_and_moment() -> None:
    script = Script()
    message = await made(EMAIL, script, connected="stub", now=NOW)
    assert script.asked == [("subject", "sub", "stub", NOW), ("html", "body", "stub", NOW)]
    assert (message.status, message.text("subject"), message.text("plain")) == ("rendered", "sub", "")


async def test_places_are_those_of_the_document() -> None:
    answer = Rendered(
        "rendered",
        "x",
        problems=(said("a", 2, 7, 4),),
        reads=(Read("e", 2, 3, ("v",), True, 1),),
        spans=(PrintedSpan(0, 1, 3, 4, "field", ("v",)),),
        wants=Want("content_block", {"name": "B"}, 1, 2),
    )
    field = (await made(EMAIL, Script(html=answer))).fields["html"]
    assert [(one.line, one.column, one.end_line, one.end_column) for one in field.problems] == [(6, 7, 8, 10)]
    assert [(one.line, one.column) for one in field.reads] == [(6, 3)]
    assert [(one.line, one.column, one.start) for one in field.spans] == [(7, 4, 0)]
    assert field.wants is not None
    assert (field.wants.line, field.wants.column) == (5, 2)


async def test_problems_of_the_document_the_fields_and_the_limits_come_in_the_order_of_the_lines() -> None:
    text = "--- email ---\n--- html ---\n\nx\n--- from ---\nann@x.test\n"
    message = await made(text, Script(html=Rendered("rendered", " ", problems=(said("a", 2),))))
    assert rules(message) == [("missing-field", 1), ("channel-blank-field", 3), ("a", 4), ("channel-from-pair", 6)]


# -- what becomes of it


async def test_an_abort_in_one_field_aborts_the_message_and_the_others_still_show_their_problems() -> None:
    script = Script(
        subject=Rendered("aborted", abort_reason="no offers"), html=Rendered("rendered", "", problems=(said("a", 1),))
    )
    message = await made(EMAIL, script)
    assert (message.status, message.abort_field, message.abort_reason) == ("aborted", "subject", "no offers")
    assert rules(message) == [("a", 5)]
    assert message.whole().output == ""


async def test_whether_an_abort_stops_the_message_can_be_switched() -> None:
    aborted = Rendered("aborted", abort_reason="why")
    message = await made(EMAIL, Script(subject=aborted), abort_stops_message=False)
    assert (message.status, message.abort_field) == ("rendered", None)
    everything = await made(EMAIL, Script(subject=aborted, html=aborted), abort_stops_message=False)
    assert (everything.status, everything.abort_field) == ("aborted", "subject")


async def test_a_failed_field_goes_before_an_aborted_one_and_that_before_a_waiting_one() -> None:
    text = EMAIL + "--- plain ---\np"
    failed, aborted, waiting = Rendered("failed"), Rendered("aborted", abort_reason="r"), Rendered("waiting")
    assert (await made(text, Script(subject=aborted, html=failed, plain=waiting))).status == "failed"
    assert (await made(text, Script(html=aborted, plain=waiting))).status == "aborted"
    assert (await made(text, Script(plain=waiting))).status == "waiting"


async def test_a_live_render_asks_for_nothing_behind_a_field_that_did_not_come_out() -> None:
    for stopped in (Rendered("aborted"), Rendered("failed"), Rendered("waiting")):
        script = Script(subject=stopped)
        await made(EMAIL, script, connected="live")
        assert [name for name, *_ in script.asked] == ["subject"]
        script.asked.clear()
        await made(EMAIL, script, connected="stub")
        assert [name for name, *_ in script.asked] == ["subject", "html"]


async def test_extras_over_a_kilobyte_abort_an_email_and_are_cut_elsewhere() -> None:
    big = Rendered("rendered", "x", message_extras={"k": "v" * 1_100})
    email = await made(EMAIL, Script(html=big))
    assert (email.status, email.abort_field, email.abort_reason) == ("aborted", None, "message extras over 1 KB")
    assert [(one.rule, one.severity) for one in email.problems] == [("limit-extras", "error")]
    sms = await made("--- sms ---\nHi", Script(body=big))
    assert (sms.status, [(one.rule, one.severity) for one in sms.problems]) == (
        "rendered",
        [("limit-extras", "warning")],
    )


async def test_a_live_render_goes_on_behind_an_abort_that_does_not_stop_the_message() -> None:
    script = Script(subject=Rendered("aborted"))
    await made(EMAIL, script, connected="live", abort_stops_message=False)
    assert [name for name, *_ in script.asked] == ["subject", "html"]


# -- variables of another field


def undefined(line: int, column: int) -> Problem:
    return Problem("undefined-variable", "warning", "Nothing is called it.", "", line, column, line, column + 3)


async def test_a_variable_that_another_field_makes_is_told_as_such() -> None:
    text = "--- email ---\n--- subject ---\nx\n--- html ---\na\n {{ points.total }}\n"
    script = Script(
        subject=Rendered("rendered", "s", assigned=("points",)),
        html=Rendered("rendered", "h", problems=(undefined(2, 5),)),
    )
    (problem,) = (await made(text, script)).problems
    assert (problem.rule, problem.line, problem.column, problem.severity) == ("other-field-variable", 6, 5, "warning")
    assert problem.message == "points is made in subject; each field is rendered on its own, so here it is empty."
    assert "subject" in problem.hint


async def test_a_variable_that_nobody_makes_or_the_data_has_stays_undefined() -> None:
    text = "--- email ---\n--- subject ---\nx\n--- html ---\n{{ other }}{{ known.x }}{{ pointsx }}\n"
    problems = (undefined(1, 4), undefined(1, 15), undefined(1, 28))
    script = Script(
        subject=Rendered("rendered", "s", assigned=("points", "known")),
        html=Rendered("rendered", "h", problems=problems),
    )
    assert [one.rule for one in (await made(text, script)).problems] == ["undefined-variable"] * 3


@pytest.mark.parametrize(("line", "column"), [(1, 90), (2, 1), (40, 90)])
async def test_a_problem_that_points_nowhere_is_left_as_it_is(line: int, column: int) -> None:
    script = Script(
        subject=Rendered("rendered", "s", assigned=("points",)),
        html=Rendered("rendered", "h", problems=(undefined(line, column),)),
    )
    assert [one.rule for one in (await made(EMAIL, script)).problems] == ["undefined-variable"]


async def test_the_engine_itself_does_not_share_what_a_field_assigns() -> None:
    engine = Engine()

    async def render(template: str, data: RenderData, *, connected: str, name: str, now: datetime | None) -> Rendered:
        return engine.render(template, Dataset(data), connected=connected, now=now or NOW)

    text = "--- email ---\n--- subject ---\n{% assign n = 5 %}{{ n }}\n--- html ---\n<p>{{ n }}</p>\n"
    message = await render_message(render, Message.parse(text), DATA)
    assert (message.text("subject"), message.text("html")) == ("5", "<p></p>")
    assert rules(message) == [("other-field-variable", 5)]


STOOD_IN = RenderData(variables={"wallet": {"points": 1240}, "known": 1}, stand_ins=("wallet",))
SAVES = "{% connected_content https://api.example/a :save wallet %}{{ wallet.points }}"


class Counted:
    """The engine, and which fields it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(
        self, template: str, data: RenderData, *, connected: str, name: str, now: datetime | None
    ) -> Rendered:
        self.asked.append(name)
        return Engine().render(template, Dataset(data), connected=connected, now=now or NOW)


async def test_a_wallet_that_stands_in_is_empty_in_a_field_when_another_one_calls_for_it() -> None:
    text = f"--- email ---\n--- subject ---\n{{{{ wallet.points }}}} points\n--- html ---\n{SAVES}\n"
    answer = {"method": "GET", "url": "https://api.example/a", "status": 200, "body": '{"points": 7}'}
    data = replace(STOOD_IN, connected_content=(answer,))
    render = Counted()
    message = await render_message(render, Message.parse(text), data, connected="stub")
    assert (message.text("subject"), message.text("html")) == (" points", "7")
    assert [one.line for one in message.problems if one.rule == "other-field-variable"] == [3]
    assert "stand-in" not in [one.rule for one in message.problems]
    assert render.asked == ["subject", "html", "subject"]


async def test_a_wallet_that_stands_in_is_printed_and_told_where_no_field_calls_for_it() -> None:
    text = "--- email ---\n--- subject ---\n{{ wallet.points }}\n--- html ---\n{{ known }}\n"
    render = Counted()
    message = await render_message(render, Message.parse(text), STOOD_IN)
    assert message.text("subject") == "1240"
    assert rules(message) == [("stand-in", 3)]
    assert render.asked == ["subject", "html"]


async def test_what_the_data_itself_gives_is_no_other_fields_variable() -> None:
    text = "--- email ---\n--- subject ---\n{{ known }}\n--- html ---\n{% assign known = 2 %}{{ known }}\n"
    message = await render_message(Counted(), Message.parse(text), STOOD_IN)
    assert (message.text("subject"), rules(message)) == ("1", [])


async def test_a_field_that_would_call_again_is_only_told_of() -> None:
    own = "{% connected_content https://api.example/b :save other %}{{ wallet.points }}"
    text = f"--- email ---\n--- subject ---\n{own}\n--- html ---\n{SAVES}\n"

    async def render(template: str, data: RenderData, *, connected: str, name: str, now: datetime | None) -> Rendered:
        asked.append((name, connected))
        return Engine().render(template, Dataset(data), connected="off", now=now or NOW)

    asked: list[tuple[str, str]] = []
    message = await render_message(render, Message.parse(text), STOOD_IN, connected="live")
    assert asked == [("subject", "live"), ("html", "live")]
    assert "other-field-variable" in [one.rule for one in message.problems if one.line == 3]


# -- what the channel has not


@pytest.mark.parametrize(("channel", "printed"), [("content_card", "on"), ("email", "on"), ("ios_push", "14on")])
async def test_a_channel_without_a_targeted_device_prints_nothing_of_it(channel: str, printed: str) -> None:
    data = RenderData(namespaces={"targeted_device": {"os": "14"}, "app": {"name": "n"}})
    seen: list[RenderData] = []

    async def render(template: str, data: RenderData, **_: Any) -> Rendered:
        seen.append(data)
        return Engine().render(template, Dataset(data), connected="stub", now=NOW)

    text = f"--- {channel} ---\n{{{{targeted_device.${{os}}}}}}o{{{{app.${{name}}}}}}"
    main = Message.parse(text).channel.main.name
    for _ in range(2):
        message = await render_message(render, Message.parse(text), data)
        assert message.text(main) == printed
    assert seen[0] is seen[1], "the same data goes to the renderer once"
    told = [one.rule for one in message.problems if one.rule != "missing-field"]
    assert told == ([] if channel == "ios_push" else ["channel-targeted-device"])


# -- as one render


async def test_a_lone_text_as_a_whole_is_what_its_field_became() -> None:
    answer = Rendered("rendered", "Hi", reads=(Read("e", 1, 1, ("v",), True, 1),), assigned=("a",))
    message = await made("{{ x }}\n", Script(text=answer))
    assert message.whole() == answer


async def test_several_fields_as_a_whole_are_the_document_with_its_fields_rendered() -> None:
    text = EMAIL + "\n"
    subject = Rendered("rendered", "Hello", spans=(PrintedSpan(1, 3, 1, 1, "literal"),))
    html = Rendered("rendered", "<p>x</p>", spans=(PrintedSpan(3, 4, 1, 2, "field", ("v",)),))
    whole = (await made(text, Script(subject=subject, html=html))).whole()
    assert whole.output == "--- email ---\n--- subject ---\nHello\n--- html ---\n<p>x</p>\n"
    assert [(whole.output[one.start : one.end], one.line) for one in whole.spans] == [("el", 3), ("x", 5)]


async def test_a_whole_joins_what_its_fields_read_called_and_gave_along() -> None:
    call = ConnectedCall("GET", "https://x.test", 200, "w", 3)
    want = Want("content_block", {"name": "B"}, 1, 1)
    subject = Rendered(
        "rendered",
        "s",
        reads=(Read("a", 1, 1, (), True, 1),),
        calls=(call,),
        message_extras={"k": "first", "s": "1"},
        promotions=("P", "Q"),
        assigned=("v",),
    )
    html = replace(
        subject,
        reads=(Read("b", 1, 1, (), True, 1),),
        message_extras={"k": "second"},
        promotions=("Q", "R"),
        wants=want,
    )
    whole = (await made(EMAIL, Script(subject=subject, html=html))).whole()
    assert [(one.expression, one.line) for one in whole.reads] == [("a", 3), ("b", 5)]
    assert whole.calls == (call, call)
    assert (whole.promotions, whole.assigned) == (("P", "Q", "R"), ("v",))
    assert whole.message_extras == {"k": "first", "s": "1"}
    assert whole.wants == replace(want, line=5)
    assert over_the_pipe(whole).reads == whole.reads


async def test_a_whole_that_did_not_come_out_has_its_reason_and_no_output() -> None:
    aborted = (await made(EMAIL, Script(html=Rendered("aborted", abort_reason="why")))).whole()
    assert (aborted.status, aborted.abort_reason, aborted.output, aborted.spans) == ("aborted", "why", "", ())
    failed = (await made(EMAIL, Script(html=Rendered("failed", problems=(said("x", 1),))))).whole()
    assert (failed.status, failed.output, [one.line for one in failed.problems]) == ("failed", "", [5])


async def test_a_whole_keeps_to_the_number_of_spans_that_a_render_may_have() -> None:
    many = Rendered("rendered", "x", spans=(PrintedSpan(0, 1, 1, 1, "literal"),) * 4_000)
    whole = (await made(EMAIL, Script(subject=many, html=many))).whole()
    assert len(whole.spans) == MAX_SPANS


async def test_a_field_given_twice_is_rendered_once() -> None:
    script = Script()
    message = await made("--- sms ---\n--- body ---\none\n--- body ---\ntwo\n--- media ---\nu\n", script)
    assert [name for name, *_ in script.asked] == ["body", "media"]
    assert message.whole().output == "--- sms ---\n--- body ---\none\n--- media ---\nu\n"
