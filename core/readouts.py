"""What a recipient will read: the texts of a campaign's or Canvas's messages, rendered for one customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.clean import safe
from core.messages import message_data
from core.numerals import plain_numbers
from core.profiles import Profile
from core.readable import is_html, plain_lines, readable
from core.render import RenderData, Rendered, Renders
from core.sends import MessageTemplate, TargetKind
from core.subjects import Subject

# What a person sees of a message first; a plain-text twin, AMP and a webhook's address are for machines.
_READ = ("subject", "preheader", "title", "alert", "body", "message")
MOST_FIELDS = 6
MOST_LINES = 8


def send_data(subject: Subject, profile: Profile, kind: TargetKind, properties: Mapping[str, Any]) -> RenderData:
    """What a template reads when `properties` go with the trigger: `api_trigger_properties`, or a Canvas's `context`.

    Canvas properties also stand under their old name, as Braze keeps it (Braze docs, /canvas/trigger/send).
    """
    names = ("api_trigger_properties",) if kind is TargetKind.CAMPAIGN else ("context", "canvas_entry_properties")
    given = {name: plain_numbers(dict(properties)) for name in names}
    return message_data(subject, None, profile, trigger=kind, override=given)


async def read_out(
    renders: Renders, templates: Sequence[MessageTemplate], data: RenderData
) -> tuple[tuple[str, str], ...]:
    """Each text a person sees, as `("email subject", "Free coffee ends soon")`, 6 of 8 lines at most, fit to show.

    What does not render says so in the text's place. Connected Content answers from the recordings in `data` only.
    """
    seen = [one for one in templates if one.field in _READ and one.channel != "webhook" and one.text.strip()]
    parts = []
    for one in seen[:MOST_FIELDS]:
        rendered = await renders.render(one.text, data, connected="stub", name=one.field)
        parts.append((safe(f"{one.channel} {one.field}".strip()), _words(rendered)))
    if len(seen) > MOST_FIELDS:
        parts.append(("", f"and {len(seen) - MOST_FIELDS} more texts"))
    return tuple(parts)


def _words(rendered: Rendered) -> str:
    if rendered.status == "aborted":
        return f"nothing: the message is aborted ({safe(rendered.abort_reason or 'no reason given')})"
    if rendered.status == "failed":
        errors = (one.message for one in rendered.problems if one.severity == "error")
        return f"does not render: {safe(next(errors, 'for a reason nobody told'))}"
    output = rendered.output
    lines = readable(output) if is_html(output) else plain_lines(output)
    texts = ["".join(safe(span.text) for span in line).strip() for line in lines]
    return _cut([text for text in texts if text]) or "nothing"


def _cut(lines: Iterable[str]) -> str:
    kept = list(lines)
    return "\n".join([*kept[:MOST_LINES], *(["…"] if len(kept) > MOST_LINES else [])])
