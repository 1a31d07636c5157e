"""A render as it is shown: readable, clean, summed up."""

from __future__ import annotations

import pytest

from core.channels.document import Message
from core.channels.rendering import RenderedMessage
from core.channels.view import size_words
from core.messageview import MessageView, readable_text, status_words, view_of
from core.readable import Line
from core.render import ConnectedCall, Problem, Read, RenderData, Rendered

DATA = RenderData(attributes={"first_name": "Ana"})


def lone(rendered: Rendered) -> RenderedMessage:
    """A text of no channel that rendered to this."""
    return RenderedMessage(
        Message.parse("x"), {"text": rendered}, rendered.status, rendered.abort_reason, None, rendered.problems
    )


def seen(rendered: Rendered, milliseconds: int = 1) -> MessageView:
    return view_of(lone(rendered), DATA, milliseconds)


def words(lines: tuple[Line, ...]) -> str:
    return "\n".join("".join(span.text for span in line) for line in lines)


def test_html_reads_as_text_and_stays_as_it_is_in_the_raw_lines():
    view = seen(Rendered("rendered", output="<p>Hi</p>\n<p>Ana</p>"), 6)
    assert (view.kind, readable_text(view.blocks), words(view.raw)) == ("HTML", "Hi\n\nAna", "<p>Hi</p>\n<p>Ana</p>")


def test_json_and_text_are_told_apart_and_lose_only_the_blank_lines_around_them():
    assert seen(Rendered("rendered", output='\n{"a": "<b>"}\n'), 1).kind == "JSON"
    view = seen(Rendered("rendered", output="\n\n  Hi\n\nyou\n \n"), 1)
    assert (view.kind, readable_text(view.blocks), view.raw[0][0].text) == ("text", "  Hi\n\nyou", "")


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "\x9b31m", "\u202eabc", "<p>&#27;[2J&#x202e;</p>", "a\x00b", "<b>\x07</b>"]
)
def test_nothing_a_terminal_would_obey_is_left(hostile: str):
    rendered = Rendered(
        "rendered",
        output=hostile,
        abort_reason=hostile,
        calls=(ConnectedCall("GET", f"https://x/{hostile}", 200, hostile, 3),),
        reads=(Read("x", 1, 1, ("attributes", hostile), True, hostile),),
    )
    view = seen(rendered, 1)
    shown = (
        readable_text(view.blocks)
        + words(view.raw + view.calls)
        + "".join(line.label + line.value for line in view.fields)
    )
    assert shown.replace("\n", "").isprintable()


def test_the_summary_says_what_became_of_it_and_what_it_took():
    read = Read("x", 1, 1, ("attributes", "first_name"), True, "Ana")
    calls = (ConnectedCall("POST", "https://x", 200, "w", 12),)
    assert status_words(seen(Rendered("rendered", output="x", reads=(read,), calls=calls), 6)) == (
        "rendered",
        "1 call",
        "1 field read",
        "6 ms",
    )
    error = Problem("r", "error", "m", "", 1, 1, 1, 2)
    assert status_words(seen(Rendered("rendered", "x", problems=(error, error)), 2))[0] == "rendered with 2 errors"
    aborted = Rendered("aborted", abort_reason="empty wallet\x1b")
    assert status_words(seen(aborted, 2)) == ("aborted: empty wallet\\x1b", "0 fields read", "2 ms")
    problem = Problem("r", "error", "m", "", 1, 1, 1, 2)
    hint = Problem("r", "hint", "m", "", 1, 1, 1, 2)
    assert status_words(seen(Rendered("failed", problems=(problem, hint)), 2))[0] == "failed: 1 error"


def test_calls_say_who_was_asked_and_what_came_back():
    calls = (
        ConnectedCall("POST", "https://x.test/a", 200, "wallet", 12),
        ConnectedCall("GET", "https://y.test", None, None, None),
    )
    text = words(seen(Rendered("rendered", output="x", calls=calls), 1).calls)
    assert text == (
        "POST https://x.test/a\n  200 in 12 ms, recorded  saved as wallet\n\nGET https://y.test\n  nobody was asked\n"
    )


def test_a_very_long_output_says_what_is_not_shown_and_still_tells_its_size():
    view = seen(Rendered("rendered", output="x" * 1_000_007), 1)
    assert "7 more characters" in words(view.raw)
    assert view.size_bytes == 1_000_007


@pytest.mark.parametrize(
    ("size", "said"), [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (3_100, "3.1 kB"), (1_200_000, "1.2 MB")]
)
def test_sizes_are_counted_in_thousands(size: int, said: str):
    assert size_words(size) == said
