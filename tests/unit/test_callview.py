"""Calls as lines: what was asked and what came, clean and bounded."""

from __future__ import annotations

import pytest

from core.admission import CallRequest
from core.callrecords import CallRecord
from core.callview import live_lines, recorded_lines
from core.readable import Line
from core.render import ConnectedCall

REQUEST = CallRequest.from_want(
    {"method": "POST", "url": "https://x.example/a", "headers": {"Accept": "*/*"}, "body": '{"id":1}'}
)


def text(lines: list[Line]) -> str:
    return "\n".join("".join(span.text for span in line) for line in lines)


def test_a_live_call_shows_request_answer_time_and_place():
    shown = text(live_lines([CallRecord(REQUEST, 7, 3, 200, {}, '{"a":[1]}', 34)]))
    assert shown.splitlines()[:3] == ["POST https://x.example/a", "  200 in 34 ms, line 7", "  Accept: */*"]
    assert '      "id": 1' in shown
    assert '"a": [' in shown


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (CallRecord(REQUEST, 7, 3, 200, {}, "x", 0, from_cache=True), "200 from the cache, line 7"),
        (CallRecord(REQUEST, 7, 3, failure="no answer within 2 seconds"), "no answer: no answer within 2 seconds"),
        (CallRecord(REQUEST, 7, 3, refused="This host is not allowed."), "not called: This host is not allowed."),
    ],
)
def test_what_did_not_go_as_usual_is_said(record: CallRecord, words: str):
    assert words in text(live_lines([record]))


def test_an_offline_render_names_its_recorded_answers_and_what_nobody_was_asked():
    shown = text(
        recorded_lines([ConnectedCall("GET", "https://x/1", 200, "w", 5), ConnectedCall("GET", "b", None, None, None)])
    )
    assert "200 in 5 ms, recorded  saved as w" in shown
    assert "nobody was asked" in shown


def test_a_long_answer_is_cut_and_says_how_much_more_there_is():
    body = "\n".join(f"line {number}" for number in range(100))
    shown = text(live_lines([CallRecord(REQUEST, 1, 1, 200, {}, body, 1)]))
    assert "line 39" in shown
    assert "line 40" not in shown
    assert "60 more lines" in shown


@pytest.mark.parametrize("hostile", ["\x1b]52;c;x\x07", "\u202e", "\x9b2J", "a\x00"])
def test_nothing_a_terminal_would_obey_is_left(hostile: str):
    request = CallRequest.from_want({"method": "GET", "url": hostile, "headers": {hostile: hostile}, "body": hostile})
    records = [CallRecord(request, 1, 1, 200, {}, hostile, 1), CallRecord(request, 1, 1, refused=hostile)]
    calls = [ConnectedCall(hostile, hostile, 200, hostile, 1)]
    assert text(live_lines(records) + recorded_lines(calls)).replace("\n", "").isprintable()
