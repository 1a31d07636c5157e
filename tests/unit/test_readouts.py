"""What a recipient will read is told text by text, and what does not render is told in its place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.composing import Usage
from core.planning import plan_send, with_usage
from core.profiles import Profile
from core.readouts import MOST_FIELDS, read_out, send_data
from core.render import Problem, RenderData, Rendered
from core.sends import MessageTemplate, Recipients, Target, TargetKind
from core.subjects import Subject

PROFILE = Profile.make(
    name="acme",
    environment="staging",
    core_url="https://core.example",
    connect_url="https://connect.example",
    braze_url="US-05",
    retailer_id="6f1c0a52-0000-4000-8000-00000000a001",
)
TARGET = Target(TargetKind.CAMPAIGN, "c-1", "Points expiring", enabled=True)


class Echo:
    """Renders each text to what was set for it, or to itself."""

    def __init__(self, **answers: Rendered) -> None:
        self.answers = answers
        self.connected: set[str] = set()

    async def render(
        self, template: str, data: RenderData, *, connected: Any = "off", name: str = "message"
    ) -> Rendered:
        self.connected.add(connected)
        return self.answers.get(name, Rendered("rendered", template))


def text(field: str, words: str, channel: str = "email") -> MessageTemplate:
    return MessageTemplate("v", channel, field, words)


async def test_each_text_a_person_sees_is_read_out_under_its_channel_and_field():
    echo = Echo()
    parts = await read_out(
        echo,
        [
            text("subject", "Hi"),
            text("custom_plain_text", "no"),
            text("url", "no"),
            text("body", "{}", "webhook"),
            text("body", "<p>A</p><p>B</p>"),
        ],
        RenderData(),
    )
    assert parts == (("email subject", "Hi"), ("email body", "A\nB"))
    assert echo.connected == {"stub"}


HINT = Problem("undocumented-tag", "hint", "No page mentions it.", "", 1, 1, 1, 2)


async def test_an_aborted_and_a_failed_text_say_so():
    echo = Echo(
        subject=Rendered("aborted", abort_reason="empty wallet"),
        body=Rendered("failed", problems=(HINT, *Rendered.failure("missing-end", "There is no end.", "").problems)),
    )
    parts = dict(await read_out(echo, [text("subject", "x"), text("body", "y")], RenderData()))
    assert parts["email subject"] == "nothing: the message is aborted (empty wallet)"
    assert parts["email body"] == "does not render: There is no end."


async def test_nothing_a_terminal_obeys_comes_through_and_long_texts_are_cut():
    parts = await read_out(Echo(), [text("alert", "a\x1b]52;c;x\x07\u202e\n" * 30, "push\x1b")], RenderData())
    ((name, words),) = parts
    assert not {"\x1b", "\x07", "\u202e"} & set(name + words)
    assert words.endswith("\n…")
    many = await read_out(Echo(), [text("alert", "x")] * (MOST_FIELDS + 2), RenderData())
    assert many[-1] == ("", "and 2 more texts")


def test_properties_stand_where_the_kind_of_target_reads_them():
    campaign = send_data(Subject(), PROFILE, TargetKind.CAMPAIGN, {"a": 1})
    canvas = send_data(Subject(), PROFILE, TargetKind.CANVAS, {"a": 1})
    assert campaign.namespaces["api_trigger_properties"] == {"a": 1}
    assert canvas.namespaces["context"] == canvas.namespaces["canvas_entry_properties"] == {"a": 1}
    assert "context" not in campaign.namespaces


def test_the_review_tells_which_properties_are_read_and_what_leaves_stays_the_same():
    now = datetime(2026, 11, 22, tzinfo=UTC)
    plan = plan_send(PROFILE, TARGET, Recipients(("u",)), {"a": 1, "b": 2}, plan_id="p", now=now)
    cases = {
        ("a", "b"): ("all 2 read by the message", "ok"),
        ("a",): ("the message reads 1 of 2", "ok"),
        (): ("the message reads none of them", ""),
        ("a", "c"): ("the message also reads c", "warn"),
    }
    for reads, (words, mark) in cases.items():
        told = with_usage(plan, Usage.of(reads, ("a", "b")))
        (line,) = [one for one in told.lines if one.label == "properties"]
        assert line.note.endswith(words)
        assert line.mark == mark
        assert told.digest == plan.digest
    assert (
        with_usage(plan, Usage.of(("c",), ())).warnings[-1] == "The message reads c, which is not among the properties."
    )
