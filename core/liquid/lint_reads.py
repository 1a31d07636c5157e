"""What lint tells of reads: `${name}`, the namespaces before it, the properties of a message's kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.liquid.names import ATTRIBUTES, FIELDS, FILLED_SPACES, NOT_MISSED, SPACES
from core.liquid.page import CONDITIONS, NAME, WORDED, Page, ReadOf, is_meant, reads_in
from core.liquid.problems import Finding, nearest
from core.liquid.switches import left_open
from core.render import RenderData

_BAG = re.compile(r"(?<![\w.$-])(api_trigger_properties|canvas_entry_properties|context_properties|context)\s*\.")
_KIND_OF_BAG = {"api_trigger_properties": "campaign"}
_LABEL = re.compile(
    r"\b(api_trigger_properties|canvas_entry_properties|context)\.\$\{\s*([^{}\s]++(?:[^\S\n]++[^{}\s]++)++)\s*\}"
)
_MADE = re.compile(rf"\s*({NAME})")
_DEFAULT = re.compile(r"\|\s*default\b")


def property_bags(page: Page, data: RenderData) -> Iterator[Finding]:
    if "_properties" not in page.text and "context" not in page.text:
        return
    made = {match[1] for head in page.named("assign", "capture") if (match := _MADE.match(head.inside))}
    found: dict[str, list[tuple[str, int]]] = {"campaign": [], "canvas": []}
    for head in page.heads:
        for match in _BAG.finditer(head.bare) if head.name else ():
            if match[1] not in made and match[1] not in data.variables:
                found[_KIND_OF_BAG.get(match[1], "canvas")].append((match[1], head.at + match.start()))
    other = {"campaign": "canvas", "canvas": "campaign"}
    if data.kind is not None:
        where = {"campaign": "a campaign", "canvas": "a Canvas"}
        right = "api_trigger_properties" if data.kind == "campaign" else "context or canvas_entry_properties"
        for name, at in found[other[data.kind]]:
            message = f"{name} is empty in {where[data.kind]}."
            yield Finding("wrong-property-bag", at, at + len(name), message, f"Use {right}.")
    elif found["campaign"] and found["canvas"]:
        first, second = sorted((places[0] for places in found.values()), key=lambda place: place[1])
        message = f"{first[0]} and {second[0]} are never filled in one message: one of them is empty."
        hint = "Campaigns have api_trigger_properties, Canvases context."
        yield Finding("wrong-property-bag", second[1], second[1] + len(second[0]), message, hint)


def labels(page: Page, data: RenderData) -> Iterator[Finding]:
    if "_properties" not in page.text and "context" not in page.text:
        return
    for match in _LABEL.finditer(page.text):
        if match[2] not in data.namespaces.get(match[1], {}):
            key = re.sub(r"\s+", "_", match[2].lower())
            message = f"{match[2]} looks like a label; keys of a request have no spaces."
            yield Finding("label-as-name", match.start(), match.end(), message, f"Did you mean ${{{key}}}?")


def names(page: Page, data: RenderData) -> Iterator[Finding]:
    if "${" not in page.text:
        return
    for head in page.heads:
        for read in reads_in(head.inside) if "${" in head.inside and head.name else ():
            space, name = read.space, read.name
            if read.quoted:
                continue
            known = ATTRIBUTES if space is None else FIELDS.get(space)
            held = data.attributes if space is None else data.namespaces.get(space, {})
            if space is not None and space not in SPACES:
                known = None
            if not name:
                place = (head.at + read.start, head.at + read.end)
                hint = "Write the attribute's name into the braces."
                yield Finding("unknown-attribute", *place, "Nothing stands between these braces.", hint)
            root = re.split(r"[.\[]", name)[0]
            if known is not None and name and name not in held and root not in known:
                place = (head.at + read.start, head.at + read.end)
                yield unknown_attribute(space, name, place)


def unknown_attribute(space: str | None, name: str, place: tuple[int, int]) -> Finding:
    """The finding for a name that Braze's fixed list for `space` (None: default attributes) does not hold."""
    known = ATTRIBUTES if space is None else FIELDS[space]
    close = nearest(name, sorted(known))
    if space is None:
        message = f"Braze has no default attribute {name}."
        hint = (
            f"Did you mean ${{{close}}}?" if close else f"A custom attribute is written custom_attribute.${{{name}}}."
        )
        before, dot, after = name.partition(".")
        if "|" in name:
            first, _, filters = (one.strip() for one in name.partition("|"))
            hint = f"Filters stand outside of the braces: ${{{first}}} | {filters}"
        elif dot and before in SPACES:
            hint = f"Write {before}.${{{after}}}."
    else:
        message = f"Braze has no {name} in {space}."
        hint = f"Did you mean {space}.${{{close}}}?" if close else f"There are {', '.join(sorted(known))}."
    return Finding("unknown-attribute", *place, message, hint)


def defaults(page: Page, data: RenderData) -> Iterator[Finding]:
    """Holes that a render does not show, for it is without data or with somebody who lacks nothing: what is printed
    without a default and never asked for."""
    if not (data.is_bare or data.one_of_many) or "${" not in page.text:
        return
    asked: set[tuple[str | None, str]] = set()
    for head in page.heads:
        if not head.name or "${" not in head.inside:
            continue
        reads = [read for read in reads_in(head.inside) if not read.quoted]
        if head.name in CONDITIONS:
            asked |= {(read.space, read.name) for read in reads}
        elif head.name in ("{{", "echo") and reads and not _DEFAULT.search(head.inside):
            first = reads[0]
            leads = not head.inside[: first.start].strip()
            known = (first.space, first.name) in asked or first.name in NOT_MISSED or first.space in FILLED_SPACES
            if leads and not known and (data.is_bare or _is_held(first, data)):
                whole = head.bare.split("|", 1)[0].strip()
                at = head.at + first.start
                message = f"{first.name} has no default: for whoever lacks it nothing is printed."
                yield Finding("missing-default", at, at + len(whole), message, "Add | default: '...'.")


def _is_held(read: ReadOf, data: RenderData) -> bool:
    """Whether this person has what somebody else may lack; properties come with the send itself, for everybody."""
    held = data.attributes if read.space is None else data.namespaces.get("custom_attribute", {})
    return read.space in (None, "custom_attribute") and read.name in held


def two_attributes(page: Page, data: RenderData) -> Iterator[Finding]:
    for head in page.named("{{"):
        reads = reads_in(head.inside) if head.inside.count("${") > 1 else ()
        if sum(read.space != "content_blocks" and not read.quoted for read in reads) > 1:
            message = "Braze does not take two attributes in one {{ }}."
            yield Finding("two-attributes", head.start, head.end, message, "Assign one of them to a variable first.")


def quoted(page: Page, data: RenderData) -> Iterator[Finding]:
    for head in page.heads:
        if not head.name or "${" not in head.inside or head.name in WORDED:
            continue
        for read in reads_in(head.inside):
            if read.quoted and is_meant(read.space, read.name):
                reading = data.switches.quoted_attribute
                message = f"{head.inside[read.start : read.end]} stands between quotes; here it is {reading}."
                start, end = head.at + read.start, head.at + read.end
                yield Finding("quoted-attribute", start, end, message, left_open("quoted_attribute"))


def recommendations(page: Page, data: RenderData) -> Iterator[Finding]:
    if "product_recommendation" not in page.text:
        return
    for head in page.heads:
        at = head.bare.find("product_recommendation.$") if head.name not in ("", "assign") else -1
        if at >= 0:
            message = "A recommendation is a list of items, to be assigned before it is used."
            hint = "Write {% assign items = {{product_recommendation.${Name}}} %}, then {{items[0].name}}."
            yield Finding("recommendation-unassigned", head.at + at, head.at + at + 22, message, hint)
