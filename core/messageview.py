"""A rendered message as it is shown: readable lines, raw lines, calls, the trace, and one line that sums it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.callrecords import CallRecord
from core.callview import live_lines, recorded_lines
from core.channels.rendering import RenderedMessage
from core.channels.view import Block, channel_blocks, channel_words, size_words
from core.clean import safe, safe_lines
from core.fieldtree import FieldLine, count_read, field_lines
from core.flaws import count_errors, error_words
from core.printed import Printed
from core.readable import Line, Span, is_html, plain_lines
from core.render import RenderData, Rendered

_SHOWN = 1_000_000


@dataclass(frozen=True, slots=True)
class MessageView:
    """Everything the Message screen paints of one render. Texts are clean; `milliseconds` is the whole round trip."""

    rendered: Rendered
    printed: Printed  # by the lines of `raw`
    html: str | None  # as a mail program gets it, not clean; None where nothing is HTML
    kind: str  # a channel's name, else `HTML`, `JSON` or `text`
    blocks: tuple[Block, ...]
    words: tuple[str, ...]  # what a status line says of it
    raw: tuple[Line, ...]
    calls: tuple[Line, ...]
    fields: tuple[FieldLine, ...]
    fields_read: int
    size_bytes: int
    milliseconds: int
    errors: int  # of a message that came out all the same


def view_of(
    message: RenderedMessage, data: RenderData, milliseconds: int, records: Sequence[CallRecord] = ()
) -> MessageView:
    """Lay a render out; takes time linear in the output, some 0.1 s for a large email.

    `records` are the live calls whose answers it was rendered with.
    """
    rendered = message.whole()
    output = safe_lines(rendered.output[:_SHOWN])
    raw = plain_lines(output) if output else []
    if len(rendered.output) > _SHOWN:
        raw += [(), (Span(f"{len(rendered.output) - _SHOWN:,} more characters are not shown.", "faint"),)]
    return MessageView(
        rendered=rendered,
        printed=Printed(rendered),
        html=_html(message),
        kind=message.message.channel.label if message.message.marked else _kind(output),
        blocks=channel_blocks(message),
        words=channel_words(message) if message.message.marked else (),
        raw=tuple(raw),
        calls=(*_live(records), *recorded_lines(rendered.calls)),
        fields=tuple(field_lines(rendered.reads, data, rendered.calls)),
        fields_read=count_read(rendered.reads, data, rendered.calls),
        size_bytes=len(rendered.output.encode("utf-8", "replace")),
        milliseconds=milliseconds,
        errors=count_errors(rendered) if rendered.status == "rendered" else 0,
    )


def _live(records: Sequence[CallRecord]) -> list[Line]:
    if not records:
        return []
    return [(Span("Called live", "heading"),), (), *live_lines(records), (Span("This render", "heading"),), ()]


def _html(message: RenderedMessage) -> str | None:
    if message.message.channel.field("html") is not None:
        return message.text("html") or None
    text = message.text(message.message.channel.main.name)
    return text if not message.message.marked and is_html(text) else None


def _kind(output: str) -> str:
    if is_html(output):
        return "HTML"
    return "JSON" if output.lstrip().startswith(("{", "[")) else "text"


def readable_text(blocks: Sequence[Block]) -> str:
    """The message as it reads, without frames: what copies and pagers get."""
    texts = ("\n".join("".join(span.text for span in line) for line in block.lines) for block in blocks)
    return "\n\n".join(texts)


def status_words(view: MessageView) -> tuple[str, ...]:
    """What became of it, then what it took: `rendered with 2 errors`, `1 call`, `7 fields read`, `6 ms`."""
    rendered = view.rendered
    if rendered.status == "aborted":
        head = f"aborted: {safe(rendered.abort_reason or 'no reason given')}"
    elif rendered.status == "failed":
        head = f"failed: {error_words(sum(problem.severity == 'error' for problem in rendered.problems))}"
    else:
        head = f"rendered with {error_words(view.errors)}" if view.errors else "rendered"
    calls = len(rendered.calls)
    counted = (f"{calls} call{'s' * (calls != 1)}",) if calls else ()
    read = f"{view.fields_read} field{'s' * (view.fields_read != 1)} read"
    return (head, *counted, read, f"{view.milliseconds} ms")


def content_words(view: MessageView) -> tuple[str, ...]:
    """What it is and how large: `HTML 812 bytes`; of a channel its own figures: `SMS`, `2 segments`, `GSM-7`."""
    return view.words or (f"{view.kind} {size_words(view.size_bytes)}",)
