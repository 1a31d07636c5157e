"""A rendered message as it is shown: readable lines, raw lines, calls, the trace, and one line that sums it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.channels.rendering import RenderedMessage
from core.clean import safe, safe_lines
from core.fieldtree import FieldLine, count_read, field_lines
from core.printed import Printed
from core.readable import Line, Span, is_html, plain_lines, readable
from core.render import ConnectedCall, RenderData, Rendered

_SHOWN = 1_000_000


@dataclass(frozen=True, slots=True)
class MessageView:
    """Everything the Message screen paints of one render. Texts are clean; `milliseconds` is the whole round trip."""

    rendered: Rendered
    printed: Printed  # by the lines of `raw`
    html: str | None  # as a mail program gets it, not clean; None where nothing is HTML
    kind: str  # `HTML`, `JSON` or `text`
    lines: tuple[Line, ...]
    raw: tuple[Line, ...]
    calls: tuple[Line, ...]
    fields: tuple[FieldLine, ...]
    fields_read: int
    size_bytes: int
    milliseconds: int


def view_of(
    rendered: Rendered, data: RenderData, milliseconds: int, message: RenderedMessage | None = None
) -> MessageView:
    """Lay a render out; takes time linear in the output, some 0.1 s for a large email.

    `message` is what `rendered` is the whole of, for one that has a channel.
    """
    output = safe_lines(rendered.output[:_SHOWN])
    html = is_html(output)
    raw = plain_lines(output) if output else []
    if len(rendered.output) > _SHOWN:
        raw += [(), (Span(f"{len(rendered.output) - _SHOWN:,} more characters are not shown.", "faint"),)]
    return MessageView(
        rendered=rendered,
        printed=Printed(rendered),
        html=_html(rendered, message) if rendered.status == "rendered" else None,
        kind="HTML" if html else "JSON" if output.lstrip().startswith(("{", "[")) else "text",
        lines=tuple(_clean(readable(output))) if html else tuple(_without_blank_edges(raw)),
        raw=tuple(raw),
        calls=tuple(_call_lines(rendered.calls)),
        fields=tuple(field_lines(rendered.reads, data)),
        fields_read=count_read(rendered.reads, data),
        size_bytes=len(rendered.output.encode("utf-8", "replace")),
        milliseconds=milliseconds,
    )


def _html(rendered: Rendered, message: RenderedMessage | None) -> str | None:
    if message is not None and message.message.marked:
        return message.text("html") or None
    return rendered.output if is_html(rendered.output) else None


def _clean(lines: Sequence[Line]) -> list[Line]:
    """Once more: an entity like `&#27;` becomes a character only when the HTML is read."""
    return [tuple(Span(safe(span.text), span.tone) for span in line) for line in lines]


def _without_blank_edges(lines: Sequence[Line]) -> Sequence[Line]:
    """Tags that print nothing leave empty lines around a message; nobody reads those."""
    filled = [at for at, line in enumerate(lines) if any(span.text.strip() for span in line)]
    return lines[filled[0] : filled[-1] + 1] if filled else ()


def _call_lines(calls: Sequence[ConnectedCall]) -> list[Line]:
    lines: list[Line] = []
    for call in calls:
        method, url, saved = safe(call.method), safe(call.url), safe(call.saved_as or "")
        if call.status is None:
            answer: tuple[Span, ...] = (Span("nobody was asked", "faint"),)
        else:
            took = "" if call.milliseconds is None else f" in {call.milliseconds} ms"
            answer = (Span(str(call.status), "strong"), Span(f"{took}, recorded", "faint"))
        kept = (Span("  saved as ", "faint"), Span(saved)) if saved else ()
        lines += [(Span(f"{method} ", "strong"), Span(url)), (Span("  "), *answer, *kept), ()]
    return lines


def size_words(size_bytes: int) -> str:
    """`812 bytes`, `3.1 kB`, `1.2 MB`, in thousands as mail programs count."""
    if size_bytes < 1_000:
        return f"{size_bytes} byte{'s' * (size_bytes != 1)}"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1_000:.1f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def status_words(view: MessageView) -> tuple[str, ...]:
    """What became of it, then what it took: `rendered`, `1 call`, `7 fields read`, `6 ms`."""
    rendered = view.rendered
    if rendered.status == "aborted":
        head = f"aborted: {safe(rendered.abort_reason or 'no reason given')}"
    elif rendered.status == "failed":
        errors = sum(problem.severity == "error" for problem in rendered.problems)
        head = f"failed: {errors} error{'s' * (errors != 1)}"
    else:
        head = "rendered"
    calls = len(rendered.calls)
    counted = (f"{calls} call{'s' * (calls != 1)}",) if calls else ()
    read = f"{view.fields_read} field{'s' * (view.fields_read != 1)} read"
    return (head, *counted, read, f"{view.milliseconds} ms")
