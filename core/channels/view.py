"""A rendered message laid out as what it is: a mail, a notification, bubbles, an HTTP request, a card.

A screen frames the blocks to its width; every text in them is clean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from core.channels import fields
from core.channels.checked import size_bytes
from core.channels.fields import Channel
from core.channels.jsontext import indented_json
from core.channels.limits_email import parse_sender
from core.channels.pairs import parse_pairs
from core.channels.rendering import RenderedMessage
from core.channels.sms import SmsCount, count_sms
from core.clean import safe, safe_lines
from core.readable import Line, Span, Tone, is_html, plain_lines, readable

BlockKind = Literal["heading", "bubble", "card", "plain"]

_SHOWN = 1_000_000
_BUBBLES = 30
_UNREAD = 50  # lines that are no pair
_LABEL = 11
_APPS = {fields.IOS_PUSH: "iOS", fields.ANDROID_PUSH: "Android", fields.WEB_PUSH: "browser"}
FORMATTED = "formatted here; Raw has the bytes"
DEFAULT_METHOD = "POST"  # of a webhook that names none; no page says so, SessionM's tag export needs it


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. A `heading` is what stands above a text, a `bubble` one SMS segment, a `card` a
    notification or card to be framed, `plain` everything else."""

    kind: BlockKind
    lines: tuple[Line, ...]


def channel_blocks(rendered: RenderedMessage) -> tuple[Block, ...]:
    """The message as its channel shows it. A field that did not render says so in its place; takes linear time."""
    layout = _LAYOUTS.get(rendered.message.channel, _message)
    return tuple(block for block in layout(rendered) if block.lines)


def channel_words(rendered: RenderedMessage) -> tuple[str, ...]:
    """What a status line says of it: `email`, `4.1 of 400 kB`, `subject 20`; `SMS`, `2 segments`, `GSM-7`."""
    channel = rendered.message.channel
    if rendered.status != "rendered":
        return (channel.label,)
    if channel is fields.EMAIL:
        subject = _one_line(rendered.text("subject"))
        kilobytes = size_bytes(rendered.text("html")) / 1_000
        return (channel.label, f"{kilobytes:.1f} of 400 kB", f"subject {len(subject)}")
    if channel is fields.SMS:
        count = count_sms(rendered.text("body"))
        return (channel.label, _segments(count), count.encoding)
    size = sum(size_bytes(one.output) for one in rendered.fields.values())
    if channel is fields.CONTENT_CARD:
        return (channel.label, f"{size:,} bytes of 2 KB")
    if channel in _APPS:
        return (channel.label, f"title {len(rendered.text('title'))}", f"body {len(rendered.text('body'))}")
    return (channel.label, size_words(size))


def size_words(size: int) -> str:
    """`812 bytes`, `3.1 kB`, `1.2 MB`, in thousands as mail programs count; `size` is in bytes."""
    if size < 1_000:
        return f"{size} byte{'s' * (size != 1)}"
    if size < 1_000_000:
        return f"{size / 1_000:.1f} kB"
    return f"{size / 1_000_000:.1f} MB"


def _segments(count: SmsCount) -> str:
    return f"{len(count.segments):,} segment{'s' * (len(count.segments) != 1)}"


# -- pieces


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _state(rendered: RenderedMessage, name: str, *, named: bool = True) -> str:
    """What became of a field that cannot be shown; empty for one that can or that is not there."""
    field = rendered.fields.get(name)
    spec = rendered.message.channel.field(name)
    label = f"{spec.label} " if named and spec is not None else ""
    if field is None:
        return f"{label}not rendered yet" if rendered.message.field(name) else ""
    if field.status == "aborted":
        return f"{label}aborted: {safe(field.abort_reason or 'no reason given')}"
    if field.status == "failed":
        return f"{label}not rendered; see the problems"
    return f"{label}waiting for an answer" if field.status == "waiting" else ""


def _faint(text: str) -> Line:
    return (Span(text, "faint"),)


def _line_of(
    rendered: RenderedMessage, name: str, tone: Tone = "plain", before: str = "", *, named: bool = True
) -> list[Line]:
    """A field on one line, `before` in front of it; no line for one that is empty."""
    if state := _state(rendered, name, named=named):
        return [_faint(state)]
    text = safe(_one_line(rendered.text(name)))
    if not text:
        return []
    return [(Span(before, "faint"), Span(text, tone))] if before else [(Span(text, tone),)]


def _lines_of(rendered: RenderedMessage, name: str) -> list[Line]:
    """A field as the text it is; HTML as it reads where HTML is read, tags as they are elsewhere."""
    if state := _state(rendered, name):
        return [_faint(state)]
    raw = rendered.text(name)
    spec = rendered.message.channel.field(name)
    lines = _text_lines(raw, as_html=rendered.message.channel is fields.MESSAGE or (spec and spec.kind) == "html")
    if len(raw) > _SHOWN:
        lines += [(), _faint(f"{len(raw) - _SHOWN:,} more characters are not shown.")]
    return lines


def _text_lines(raw: str, *, as_html: bool) -> list[Line]:
    text = safe_lines(raw[:_SHOWN])
    if as_html and is_html(text):
        # An entity like `&#27;` becomes a character only when the HTML is read, so it is cleaned once more.
        return [_cleaned(line) for line in readable(text)] if "&" in text else readable(text)
    lines = plain_lines(text)
    filled = [at for at, line in enumerate(lines) if line[0].text.strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _cleaned(line: Line) -> Line:
    cleaned = [safe(span.text) for span in line]
    return tuple(map(Span, cleaned, [span.tone for span in line]))


def _pair_lines(rendered: RenderedMessage, name: str) -> list[Line]:
    if state := _state(rendered, name):
        return [_faint(state)]
    pairs = parse_pairs(rendered.text(name))
    lines: list[Line] = [(Span(f"{safe(key)}: ", "faint"), Span(safe(value))) for key, value in pairs.items]
    lines += [_faint(safe(line[:_SHOWN])) for line in pairs.unread[:_UNREAD]]
    if len(pairs.unread) > _UNREAD:
        lines.append(_faint(f"{len(pairs.unread) - _UNREAD:,} more lines are not shown."))
    return lines


def _picture(rendered: RenderedMessage, name: str) -> list[Line]:
    return _line_of(rendered, name, "faint", "[picture] ")


def _link(rendered: RenderedMessage) -> list[Line]:
    return _line_of(rendered, "link", "faint", "opens ")


def _apart(*groups: list[Line]) -> tuple[Line, ...]:
    """Groups of lines with an empty line between those that have any."""
    joined: list[Line] = []
    for group in filter(None, groups):
        joined += [(), *group] if joined else group
    return tuple(joined)


# -- layouts


def _message(rendered: RenderedMessage) -> Iterable[Block]:
    yield Block("plain", tuple(_lines_of(rendered, rendered.message.channel.main.name)) or (_faint("It is empty."),))


def _labelled(label: str, line: Line) -> Line:
    return (Span(label.ljust(_LABEL), "faint"), *line)


def _email(rendered: RenderedMessage) -> Iterable[Block]:
    name, address = parse_sender(rendered.text("from"))
    sender: list[Line] = [(Span(safe(f"{name} <{address}>" if name and address else name or address)),)]
    state = _state(rendered, "from", named=False)
    rows: list[tuple[str, list[Line]]] = [
        ("From", [_faint(state)] if state else sender if name or address else []),
        ("Reply to", _line_of(rendered, "reply_to", named=False)),
        ("Subject", _line_of(rendered, "subject", "strong", named=False) or [_faint("no subject")]),
        ("Preheader", _line_of(rendered, "preheader", named=False)),
    ]
    head: list[Line] = [_labelled(label, line) for label, lines in rows for line in lines]
    yield Block("heading", (*head, *_pair_lines(rendered, "headers")))
    yield Block("plain", tuple(_lines_of(rendered, "html")) or (_faint("The mail is empty."),))
    if plain := _plain_part(rendered):
        yield Block("heading", ((Span("Plain text", "heading"),),))
        yield Block("plain", plain)


def _plain_part(rendered: RenderedMessage) -> tuple[Line, ...]:
    """The part for programs without HTML: tags in it are shown as they are."""
    if state := _state(rendered, "plain"):
        return (_faint(state),)
    text = rendered.text("plain")
    return tuple(plain_lines(safe_lines(text[:_SHOWN]).strip("\n"))) if text.strip() else ()


def _push(rendered: RenderedMessage) -> Iterable[Block]:
    channel = rendered.message.channel
    text = [*_line_of(rendered, "title", "strong"), *_lines_of(rendered, "body")]
    beneath = [*_picture(rendered, "image"), *_link(rendered)]
    head = [
        (Span("your app" if channel is not fields.WEB_PUSH else "your site"), Span(f" · {_APPS[channel]}", "faint"))
    ]
    yield Block("card", (*head, *_apart(text or [_faint("It is empty.")], beneath)))
    if channel.field("values") and (values := _pair_lines(rendered, "values")):
        yield Block("plain", (_faint("key-value pairs"), *values))


def _sms(rendered: RenderedMessage) -> Iterable[Block]:
    if state := _state(rendered, "body"):
        yield Block("plain", (_faint(state),))
        return
    text = rendered.text("body")
    count = count_sms(text)
    for segment in count.segments[:_BUBBLES]:
        yield Block("bubble", tuple(plain_lines(safe_lines(segment))))
    lines: list[Line] = []
    if len(count.segments) > _BUBBLES:
        lines.append(_faint(f"{len(count.segments) - _BUBBLES:,} more segments are not shown."))
    lines += _picture(rendered, "media")
    lines.append(_faint(f"{_segments(count)} · {count.units:,} of {count.room:,} · {count.encoding}"))
    if count.foreign:
        sign = f"{safe(count.foreign)} (U+{ord(count.foreign):04X})"
        lines.append(_faint(f"{sign} at character {count.foreign_at + 1:,} is not in GSM-7"))
    yield Block("plain", tuple(lines))


def _webhook(rendered: RenderedMessage) -> Iterable[Block]:
    method = _line_of(rendered, "method", "strong") or [(Span(DEFAULT_METHOD, "strong"),)]
    url = _line_of(rendered, "url") or [_faint("no URL")]
    request: Line = (*method[0], Span(" "), *url[0])
    body = _lines_of(rendered, "body")
    if pretty := indented_json(rendered.text("body")[:_SHOWN]):
        formatted = plain_lines(safe_lines(pretty))
        body = [_faint(FORMATTED), *formatted] if formatted != body else body
    yield Block("heading", (request, *_pair_lines(rendered, "headers")))
    yield Block("plain", tuple(body))


def _in_app(rendered: RenderedMessage) -> Iterable[Block]:
    state = _state(rendered, "buttons")
    names = [safe(_one_line(line)) for line in rendered.text("buttons").split("\n")]
    buttons: list[Line] = [(Span(f"[ {name} ]", "link"),) for name in names if name]
    buttons = [_faint(state)] if state else buttons
    header, body = _line_of(rendered, "header", "heading"), _lines_of(rendered, "body")
    groups = (header, body, _lines_of(rendered, "html"), buttons, _link(rendered))
    yield Block("card", _apart(*groups) or (_faint("It is empty."),))


def _content_card(rendered: RenderedMessage) -> Iterable[Block]:
    link = [*_line_of(rendered, "link_text", "link"), *_line_of(rendered, "link", "faint")]
    header = _line_of(rendered, "header", "strong")
    lines = _apart(_picture(rendered, "image"), [*header, *_lines_of(rendered, "body")], link)
    yield Block("card", lines or (_faint("It is empty."),))


_LAYOUTS: dict[Channel, Callable[[RenderedMessage], Iterable[Block]]] = {
    fields.EMAIL: _email,
    fields.IOS_PUSH: _push,
    fields.ANDROID_PUSH: _push,
    fields.WEB_PUSH: _push,
    fields.SMS: _sms,
    fields.WEBHOOK: _webhook,
    fields.IN_APP_MESSAGE: _in_app,
    fields.CONTENT_CARD: _content_card,
}
