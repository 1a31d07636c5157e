"""What Braze does not let stand in the HTML of an email, found in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.channels.document import Field
from core.channels.places import Place
from core.render import Problem, Severity

# Braze docs, channels/email/html_editor/creating_an_email_campaign: disallowed tags. Pages that are written for
# browsers begin with those of the second group, and nobody misses them in a mail: a hint.
_ACTIVE = frozenset(["script", "iframe", "embed", "object", "applet", "svg", "layer", "frameset"])
_HEAD = frozenset(["xml", "meta", "link", "title", "!doctype"])

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<(!?[a-zA-Z][a-zA-Z0-9:-]*+)((?:\"[^\"<]*+\"|'[^'<]*+'|[^\"'<>])*+)>")
_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_EVENT = re.compile(r"(?<![^\s\"'/])(on[a-z]{3,30}+)\s*+=", re.IGNORECASE)


def html_problems(field: Field, html: str) -> Iterable[Problem]:
    """One problem for disallowed tags, one for `on...` attributes, which Braze strips; each names all it is about and
    stands at the first of them that the template itself holds."""
    tags: dict[str, None] = {}
    events: dict[str, None] = {}
    for match in _TAG.finditer(_without_comments(html)):
        name = match[1].lower()
        if name in _ACTIVE or name in _HEAD:
            tags[name] = None
        if "on" in match[2].lower():
            events |= dict.fromkeys(one.lower() for one in _EVENT.findall(_VALUE.sub('""', match[2])))
    yield from _tag_problem(field, [name for name in tags if name in _ACTIVE], "warning")
    yield from _tag_problem(field, [name for name in tags if name in _HEAD], "hint")
    if events:
        message = f"Braze strips {', '.join([*events][:10])} from the HTML."
        place = _place(field, rf"\s{next(iter(events))}\s*=")
        yield place.problem(
            "channel-stripped-attribute", "warning", message, "Mail programs run no scripts; use links."
        )


def _tag_problem(field: Field, names: list[str], severity: Severity) -> Iterable[Problem]:
    if names:
        message = f"Braze does not allow {', '.join(f'<{name}>' for name in names)} in an email."
        yield _place(field, f"<{names[0]}").problem("channel-disallowed-tag", severity, message, "Take it out.")


def _place(field: Field, pattern: str) -> Place:
    found = re.search(pattern, field.text, re.IGNORECASE)
    return Place.in_field(field, *found.span()) if found else Place.of_field(field)


def _without_comments(html: str) -> str:
    """What data brings along may hold comments still; an unclosed one is none."""
    end = html.rfind("-->")
    return html if end < 0 else _COMMENT.sub("", html[: end + 3]) + html[end + 3 :]
