"""What lint tells of plain names: nothing makes them, or they are namespaces without their ${...}."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.liquid.names import ATTRIBUTES, ENGINE_NAMES, MADE_BY, WITH_BRACES, advice
from core.liquid.page import CONDITIONS, NAME, Head, Page
from core.liquid.problems import Finding, nearest
from core.liquid.switches import left_open
from core.render import NAMESPACES, RenderData

_GROUP = re.compile(r"(?:\b\w+\.)?\$\{[^{}]*\}", re.ASCII)
_FILTER = re.compile(r"\|\s*\w+\s*:?", re.ASCII)
_PATH = re.compile(rf"(?<![\w.$\]“”„‘’‚-])({NAME}+)(?:\.[\w-]+|\[-?\d+\])*+(?!\s*:)", re.ASCII)
_SAVED = re.compile(r"(?<!\S):save\s+([\w-]+)", re.ASCII)
_FIRST = re.compile(rf"\s*({NAME})", re.ASCII)
_BEHIND = {"assign": re.compile(r"[^=]*="), "for": re.compile(r".*?\sin\s", re.DOTALL)}
_READING = CONDITIONS | {"{{", "echo", "assign", "for", "tablerow"}
_MAKING = frozenset({"assign", "capture", "for", "tablerow", "increment", "decrement"})
_WORDS = frozenset(
    [
        *("and", "or", "not", "contains", "in", "true", "false", "nil", "null", "blank", "empty"),
        *("reversed", "continue", "limit", "offset", "cols"),
    ]
)
# SessionM's samples write them so (Braze docs, partner page "SessionM"): whoever sends fills them in.
_OF_THE_TENANT = frozenset({"endpoint_core", "endpoint_connect"})


def unmade(page: Page, data: RenderData) -> Iterator[Finding]:
    """Names that nothing in the template makes, told once each, Braze's own wherever they stand; with data the render
    knows better."""
    if not data.is_bare:
        return
    made = {name for head in page.heads for name in _made_by(head)}
    borrowed = "content_blocks" in page.text  # a block shares its variables with the message
    told = {*made, *ENGINE_NAMES, *_OF_THE_TENANT, *NAMESPACES}
    for head in page.heads:
        if head.name not in _READING:
            continue
        for name, start, end in _reads(head):
            if name in told or name in _WORDS or page.text[start - 1 : end + 1] == f"&{name};":
                continue
            if name not in ATTRIBUTES:
                told.add(name)
            hint = advice(name)
            close = None if hint else nearest(name, sorted(made))
            if close:
                yield Finding("misspelt-variable", start, end, f"Nothing is called {name}.", f"Did you mean {close}?")
            elif name in ATTRIBUTES:
                message = f"{name} is no variable: Braze fills it in as ${{{name}}} only."
                yield Finding("undefined-variable", start, end, message, f"Write ${{{name}}}.")
            elif hint or not borrowed:
                hint = hint or "Set it with assign or capture, or save it from a call; Braze's own are written ${...}."
                yield Finding("undefined-variable", start, end, f"Nothing in this template makes {name}.", hint)


def too_early(page: Page, data: RenderData) -> Iterator[Finding]:
    """`items` and its like before the tag that sets them: a Content Block before may hold that tag."""
    wanted = {name for name in MADE_BY if name in page.text and name not in data.variables}
    for head in page.heads if wanted else ():
        if "content_blocks" in head.inside and head.name:
            return
        if head.name in _READING and any(name in head.inside for name in wanted):
            for name, start, end in _reads(head):
                if name in wanted:
                    wanted.discard(name)
                    tag = MADE_BY[name][0]
                    message = f"No {tag} stands before this, so there is no {name}."
                    yield Finding("undefined-variable", start, end, message, f"Write {{% {tag} ... %}} first.")
        wanted -= {*_made_by(head), *(name for name, tags in MADE_BY.items() if head.name in tags)}


def bare_namespaces(page: Page, data: RenderData) -> Iterator[Finding]:
    """`event_properties.price`: Braze's pages write `event_properties.${price}`, but for one example of `context.x`."""
    if not any(f"{name}." in page.text for name in NAMESPACES):
        return
    made = {*(name for head in page.heads for name in _made_by(head)), *data.variables}
    for head in page.heads:
        if head.name not in _READING:
            continue
        for name, start, end in _reads(head):
            written = page.text[start:end]
            if name in WITH_BRACES and name not in made and "." in written:
                key = written.split(".")[1]
                message = f"No page of Braze's writes {written} without ${{ }}."
                hint = f"Write {name}.${{{key}}}. {left_open('bare_namespace')}"
                yield Finding("bare-namespace", start, end, message, hint)


def _reads(head: Head) -> Iterator[tuple[str, int, int]]:
    """The plain paths that the inside of a head reads: root, start and end."""
    inside = _FILTER.sub(_blank, _GROUP.sub(_blank, head.bare))
    behind = _BEHIND.get("for" if head.name == "tablerow" else head.name)
    skipped = behind.match(inside) if behind else None
    for match in _PATH.finditer(inside, skipped.end() if skipped else 0):
        yield match[1], head.at + match.start(), head.at + match.end()


def _made_by(head: Head) -> Iterator[str]:
    if head.name in _MAKING:
        match = _FIRST.match(head.inside)
    elif head.name == "connected_content":
        match = _SAVED.search(head.inside)
    else:
        match = None
    if match is not None:
        yield match[1]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])
