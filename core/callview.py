"""Connected-content calls as lines: what was asked, what came, and what an answer held."""

from __future__ import annotations

from collections.abc import Sequence

from core.callrecords import CallRecord
from core.channels.jsontext import indented_json
from core.clean import safe, safe_lines
from core.readable import Line, Span, plain_lines
from core.render import ConnectedCall

_ANSWER_LINES = 40
_INDENTED = 200_000  # characters; a longer answer is shown as it came, from its beginning


def recorded_lines(calls: Sequence[ConnectedCall]) -> list[Line]:
    """The calls of one offline render, each with the recorded answer it was given."""
    lines: list[Line] = []
    for call in calls:
        if call.status is None:
            answer: tuple[Span, ...] = (Span("nobody was asked", "faint"),)
        else:
            took = "" if call.milliseconds is None else f" in {call.milliseconds} ms"
            answer = (Span(str(call.status), "strong"), Span(f"{took}, recorded", "faint"))
        kept = (Span("  saved as ", "faint"), Span(safe(call.saved_as))) if call.saved_as else ()
        lines += [_request(call.method, call.url), (Span("  "), *answer, *kept), ()]
    return lines


def live_lines(records: Sequence[CallRecord]) -> list[Line]:
    """The calls of one live render with request and answer; credentials are placeholders in them already."""
    lines: list[Line] = []
    for record in records:
        request = record.request
        lines += [_request(request.method, request.url), (Span("  "), *_outcome(record))]
        lines += [(Span(f"  {safe(name)}: ", "faint"), Span(safe(value))) for name, value in request.headers]
        lines += _body(request.body or "")
        if record.status is not None:
            answer = record.body if len(record.body) <= _INDENTED else record.excerpt
            lines += [(Span("  answer", "faint"),), *_body(answer)]
        lines.append(())
    return lines


def _request(method: str, url: str) -> Line:
    return (Span(f"{safe(method)} ", "strong"), Span(safe(url)))


def _outcome(record: CallRecord) -> tuple[Span, ...]:
    place = Span(f", line {record.line}", "faint")
    if record.refused:
        return (Span("not called", "strong"), Span(f": {safe(record.refused)}"), place)
    if record.status is None:
        return (Span("no answer", "strong"), Span(f": {safe(record.failure)}"), place)
    how = "from the cache" if record.from_cache else f"in {record.milliseconds} ms"
    return (Span(str(record.status), "strong"), Span(f" {how}"), place)


def _body(text: str) -> list[Line]:
    shown = plain_lines(safe_lines(indented_json(text) or text)) if text.strip() else []
    cut = shown[:_ANSWER_LINES]
    lines: list[Line] = [(Span("    "), *line) for line in cut]
    if len(shown) > len(cut):
        lines.append((Span(f"    {len(shown) - len(cut):,} more lines", "faint"),))
    return lines
