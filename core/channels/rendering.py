"""A whole message rendered: each field on its own, their places brought back to the document, then what spans them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from core.channels.across import EXHAUSTED, across_fields, as_in, stood_in, without
from core.channels.document import Field, Message
from core.channels.limits import EXTRAS_REASON, extras_abort, limit_problems
from core.liquid.ignoring import heeded, silenced
from core.render import NOT_MADE, Connected, PrintedSpan, Problem, Read, RenderData, Rendered, Status, Want

MAX_SPANS = 5_000


class RendersText(Protocol):
    """How a text is rendered: `Renders.render`, or a driver that answers live calls around it."""

    async def __call__(
        self, template: str, data: RenderData, *, connected: Connected, name: str, now: datetime | None
    ) -> Rendered:
        """The template as Braze would render it; whatever is wrong comes back as problems."""
        ...


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """What became of a message. Places in `fields` and `problems` are lines of the document.

    `fields` has what was rendered, by name, in the document's order. `failed` goes before `aborted`, that before
    `waiting`; `abort_field` is the first field that aborts, None if a limit of the whole message did.
    """

    message: Message
    fields: Mapping[str, Rendered]
    status: Status
    abort_reason: str | None = None
    abort_field: str | None = None
    problems: tuple[Problem, ...] = ()

    def text(self, name: str) -> str:
        """What a field rendered to; empty if there is none or it did not render."""
        field = self.fields.get(name)
        return field.output if field is not None and field.status == "rendered" else ""

    @property
    def lacks(self) -> tuple[Want, ...]:
        """What the fields lack of the Braze workspace, each thing once; places are those in their field."""
        wanted = (want for rendered in self.fields.values() for want in rendered.lacks)
        return tuple({(want.kind, *want.request.values()): want for want in wanted}.values())

    def whole(self) -> Rendered:
        """All of it as one render; the output is the document with its fields rendered, or a lone field's output."""
        parts = [(field, self.fields[field.name]) for field in self.message.fields if field.name in self.fields]
        all_rendered = [rendered for _, rendered in parts]
        output, starts = _merged(parts) if self.message.marked else _alone(all_rendered)
        spans = (
            span
            for start, rendered in zip(starts, all_rendered, strict=True)
            for span in (_moved(rendered.spans, start, 0) if start else rendered.spans)
        )
        is_rendered = self.status == "rendered"
        return Rendered(
            self.status,
            (output + self.message.tail if self.message.marked else output) if is_rendered else "",
            self.abort_reason,
            self.problems,
            tuple(_reads(all_rendered)),
            tuple(call for rendered in all_rendered for call in rendered.calls),
            message_extras(all_rendered),
            tuple(dict.fromkeys(code for rendered in all_rendered for code in rendered.promotions)),
            tuple(dict.fromkeys(name for rendered in all_rendered for name in rendered.assigned)),
            tuple(spans)[:MAX_SPANS] if is_rendered else (),
            next((rendered.wants for rendered in all_rendered if rendered.wants), None),
        )


async def render_message(
    render: RendersText,
    message: Message,
    data: RenderData,
    *,
    connected: Connected = "off",
    now: datetime | None = None,
    abort_stops_message: bool | None = None,
) -> RenderedMessage:
    """Render each field on its own, as Braze does (docs, "Making an API call": parts are rendered separately).

    Whether an abort in one field stops the others is said by the data's switch abort_scope, unless it is given here.
    `now` is the same for all of them. With `connected="live"` nothing is rendered behind a field that did not come
    out, so that no call is made that Braze would not have made; otherwise every field is, for its problems' sake, but
    for those behind one that took all of its time: seven such fields would take a quarter of a minute.
    """
    fields: dict[str, Rendered] = {}
    data = as_in(message, data)
    if abort_stops_message is None:
        abort_stops_message = data.switches.abort_scope == "message"
    for field in message.fields:
        rendered = await render(field.text, data, connected=connected, name=field.name, now=now)
        fields[field.name] = in_document(rendered, field)
        passed = rendered.status == "rendered" or (rendered.status == "aborted" and not abort_stops_message)
        if (connected == "live" and not passed) or any(one.rule in EXHAUSTED for one in rendered.problems):
            break
    for field in message.fields if data.stand_ins else ():
        if names := stood_in(field.name, fields, data, connected):
            rendered = await render(field.text, without(data, names), connected=connected, name=field.name, now=now)
            fields[field.name] = in_document(rendered, field)
    fields = across_fields(message, fields, data)
    status, abort_field = _status(fields, abort_stops_message)
    reason = fields[abort_field].abort_reason if abort_field else None
    problems = [*message.problems, *(problem for rendered in fields.values() for problem in rendered.problems)]
    if status in ("rendered", "failed"):
        extras = message_extras(fields.values())
        problems += limit_problems(message, {k: v for k, v in fields.items() if v.status == "rendered"}, data, extras)
        if status == "rendered" and extras_abort(message.channel, extras):
            status, reason = "aborted", EXTRAS_REASON
    problems.sort(key=lambda one: (one.line, one.column))
    heard = [*_of_the_preface(message), *silenced(problems, message.to_text())]
    return RenderedMessage(message, fields, status, reason, abort_field, tuple(heard))


def _of_the_preface(message: Message) -> Iterator[Problem]:
    """The comments above the channel are no field's: what they name wrongly is told here."""
    return (one for one in heeded((), message.preface) if one.rule == "unknown-rule")


def in_document(rendered: Rendered, field: Field) -> Rendered:
    """A field's render with its places as lines of the document; columns stay, a field begins a line."""
    down = field.line - 1
    if not down:
        return rendered
    return replace(
        rendered,
        problems=tuple(replace(one, line=one.line + down, end_line=one.end_line + down) for one in rendered.problems),
        reads=tuple(Read(one.expression, one.line + down, *one[2:]) for one in rendered.reads),
        spans=tuple(_moved(rendered.spans, 0, down)),
        wants=rendered.wants and replace(rendered.wants, line=rendered.wants.line + down),
    )


def _reads(fields: Iterable[Rendered]) -> Iterator[Read]:
    """The reads of all fields, each with its call's place among the calls of all of them."""
    before = 0
    for rendered in fields:
        for read in rendered.reads:
            is_counted = before and read.call is not None and read.call != NOT_MADE
            yield read._replace(call=read.call + before) if is_counted and read.call is not None else read
        before += len(rendered.calls)


def _moved(spans: Iterable[PrintedSpan], by: int, down: int) -> Iterator[PrintedSpan]:
    for start, end, line, column, kind, path in spans:
        yield PrintedSpan(start + by, end + by, line + down, column, kind, path)


def message_extras(fields: Iterable[Rendered]) -> dict[str, str]:
    """The message extras of all fields; of a key given twice the first (Braze docs, "Message extras")."""
    extras: dict[str, str] = {}
    for rendered in fields:
        for key, value in rendered.message_extras.items():
            extras.setdefault(key, value)
    return extras


def _status(fields: Mapping[str, Rendered], abort_stops_message: bool) -> tuple[Status, str | None]:
    statuses = [rendered.status for rendered in fields.values()]
    aborted = next((name for name, rendered in fields.items() if rendered.status == "aborted"), None)
    if "failed" in statuses:
        return "failed", None
    if aborted is not None and (abort_stops_message or set(statuses) == {"aborted"}):
        return "aborted", aborted
    return ("waiting" if "waiting" in statuses else "rendered"), None


def _alone(rendered: list[Rendered]) -> tuple[str, list[int]]:
    return "".join(one.output for one in rendered), [0] * len(rendered)


def _merged(parts: list[tuple[Field, Rendered]]) -> tuple[str, list[int]]:
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    for field, rendered in parts:
        length += len(field.marker)
        starts.append(length)
        length += len(rendered.output)
        pieces += (field.marker, rendered.output)
    return "".join(pieces), starts
