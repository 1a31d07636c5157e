"""What can be told of a template without rendering it: calls, properties, nesting, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from core.liquid.lint_json import json_findings
from core.liquid.names import ATTRIBUTES, FIELDS, NOT_MISSED, SPACES, UNDOCUMENTED_FILTERS
from core.liquid.page import CONDITIONS, Head, Page, is_meant
from core.liquid.problems import Finding, nearest
from core.liquid.switches import left_open
from core.render import RenderData

MAX_NESTING = 8

_NAME = r"[A-Za-z_][\w-]*"
_BAG = re.compile(r"(?<![\w.$-])(api_trigger_properties|canvas_entry_properties|context_properties|context)\s*\.")
_KIND_OF_BAG = {"api_trigger_properties": "campaign"}
_LABEL = re.compile(
    r"\b(api_trigger_properties|canvas_entry_properties|context)\.\$\{\s*([^{}\s]++(?:[^\S\n]++[^{}\s]++)++)\s*\}"
)
_KEY = re.compile(r"\b(app|api)_?key_(core|connect)\b")
_SAVE = re.compile(r":save\s+([\w-]+)", re.ASCII)
_POST = re.compile(r":method\s+post\b", re.ASCII | re.IGNORECASE)
_SET = re.compile(rf"\s*({_NAME})\s*=")
_READ = re.compile(r"(?:(?<![\w.$-])(\w+)\.|(?<![\w.]))\$\{([^{}]*)\}", re.ASCII)
_UNDOCUMENTED = re.compile(rf"\|\s*({'|'.join(sorted(UNDOCUMENTED_FILTERS))})\b")

Rule = Callable[[Page, RenderData], Iterator[Finding]]


def lint(page: Page, data: RenderData) -> list[Finding]:
    """The findings of every rule, in no order. Takes time linear in the text."""
    return [finding for rule in _RULES for finding in rule(page, data)]


def _property_bags(page: Page, data: RenderData) -> Iterator[Finding]:
    if "_properties" not in page.text and "context" not in page.text:
        return
    made = {match[1] for head in page.named("assign", "capture") if (match := re.match(rf"\s*({_NAME})", head.inside))}
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


def _labels(page: Page, data: RenderData) -> Iterator[Finding]:
    if "_properties" not in page.text and "context" not in page.text:
        return
    for match in _LABEL.finditer(page.text):
        if match[2] not in data.namespaces.get(match[1], {}):
            key = re.sub(r"\s+", "_", match[2].lower())
            message = f"{match[2]} looks like a label; keys of a request have no spaces."
            yield Finding("label-as-name", match.start(), match.end(), message, f"Did you mean ${{{key}}}?")


def _key_spelling(page: Page, data: RenderData) -> Iterator[Finding]:
    if "key_co" not in page.text:
        return
    spellings: dict[str, re.Match[str]] = {}
    for match in _KEY.finditer(page.text):
        first = spellings.setdefault(match[2], match)
        if first[0] != match[0]:
            message = f"{match[0]} is written {first[0]} further up."
            yield Finding("key-spelling", match.start(), match.end(), message, "Write one value one way.")


def _calls(page: Page, data: RenderData) -> Iterator[Finding]:
    if "connected_content" not in page.text:
        return
    for index, head in enumerate(page.heads):
        if head.name != "connected_content":
            continue
        if _POST.search(head.inside) and ":cache_max_age" not in head.inside:
            hint = "Add :cache_max_age 300 if the answer may be five minutes old."
            message = "This POST goes out again for each field and part of each message."
            yield Finding("post-uncached", head.start, head.end, message, hint)
        saved = _SAVE.search(head.inside)
        name = saved[1] if saved else "connected"
        if not re.search(r":retry\b", head.inside) and _is_used_untested(name, page.heads[index + 1 :]):
            message = f"A call that fails leaves {name} nil, and nothing tests for it."
            hint = f"Test it: {{% if {name}.__http_status_code__ != 200 %}}{{% abort_message('...') %}}{{% endif %}}"
            yield Finding("status-unchecked", head.start, head.end, message, hint)


def _is_used_untested(name: str, heads: tuple[Head, ...]) -> bool:
    """Whether what a call saved is read, and no condition ever asks whether it is there."""
    used = False
    names = re.compile(rf"(?<![\w.$-]){re.escape(name)}(?![\w-])")
    aliases = {name}
    for head in heads:
        if not head.name or name == "" or not names.search(head.bare):
            continue
        if head.name in CONDITIONS:
            return False
        if head.name == "connected_content" and (saved := _SAVE.search(head.inside)) and saved[1] == name:
            return used
        used = used or head.name not in ("assign", "capture")
        made = _SET.match(head.inside) if head.name == "assign" else None
        if made and made[1] not in aliases:
            aliases.add(made[1])
            names = re.compile(rf"(?<![\w.$-])(?:{'|'.join(map(re.escape, aliases))})(?![\w-])")
    return used


def _nesting(page: Page, data: RenderData) -> Iterator[Finding]:
    depth = 0
    for head in page.heads:
        if head.name in ("if", "unless", "case"):
            depth += 1
            if depth == MAX_NESTING + 1:
                message = f"This condition stands inside {MAX_NESTING} others."
                hint = "Work the answer out with assign first, or use elsif."
                yield Finding("nesting-deep", head.start, head.end, message, hint)
        elif head.name in ("endif", "endunless", "endcase"):
            depth -= 1


def _names(page: Page, data: RenderData) -> Iterator[Finding]:
    if "${" not in page.text:
        return
    for head in page.heads:
        for match in _READ.finditer(head.bare) if "${" in head.inside and head.name else ():
            space, name = match[1], match[2].strip()
            known = ATTRIBUTES if space is None else FIELDS.get(space)
            held = data.attributes if space is None else data.namespaces.get(space, {})
            if space is not None and space not in SPACES:
                known = None
            root = re.split(r"[.\[]", name)[0]
            if known is not None and name and name not in held and root not in known:
                place = (head.at + match.start(), head.at + match.end())
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
    else:
        message = f"Braze has no {name} in {space}."
        hint = f"Did you mean {space}.${{{close}}}?" if close else f"There are {', '.join(sorted(known))}."
    return Finding("unknown-attribute", *place, message, hint)


def _defaults(page: Page, data: RenderData) -> Iterator[Finding]:
    """Holes a render without data cannot show, for it takes no branch: printed, without default, never asked for."""
    if data.attributes or data.namespaces or data.variables or "${" not in page.text:
        return
    asked: set[tuple[str | None, str]] = set()
    for head in page.heads:
        if not head.name or "${" not in head.inside:
            continue
        reads = [(match[1], match[2].strip(), match.start()) for match in _READ.finditer(head.bare)]
        if head.name in CONDITIONS:
            asked |= {(space, name) for space, name, _ in reads}
        elif head.name in ("{{", "echo") and reads and not re.search(r"\|\s*default\b", head.inside):
            space, name, start = reads[0]
            leads = not head.bare[:start].strip()
            if leads and (space, name) not in asked and name not in NOT_MISSED and space not in _FILLED:
                whole = head.bare.split("|", 1)[0].strip()
                at = head.at + start
                message = f"{name} has no value here, so nothing is printed."
                yield Finding("missing-default", at, at + len(whole), message, "Add | default: '...'.")


def _two_attributes(page: Page, data: RenderData) -> Iterator[Finding]:
    for head in page.named("{{"):
        if head.inside.count("${") > 1 and sum(match[1] != "content_blocks" for match in _READ.finditer(head.bare)) > 1:
            message = "Braze does not take two attributes in one {{ }}."
            yield Finding("two-attributes", head.start, head.end, message, "Assign one of them to a variable first.")


def _quoted(page: Page, data: RenderData) -> Iterator[Finding]:
    for head in page.heads:
        if not head.name or "${" not in head.inside or head.name == "connected_content":
            continue
        bare = head.bare
        for match in _READ.finditer(head.inside):
            if is_meant(match[1], match[2]) and bare[match.start()] == " ":
                reading = {"text": "text", "replaced": "replaced"}[data.switches.quoted_attribute]
                message = f"{match[0]} stands between quotes; here it is {reading}."
                start, end = head.at + match.start(), head.at + match.end()
                yield Finding("quoted-attribute", start, end, message, left_open("quoted_attribute"))


def _undocumented_filters(page: Page, data: RenderData) -> Iterator[Finding]:
    if not _UNDOCUMENTED.search(page.text):
        return
    for head in page.named("{{", "assign", "echo"):
        for match in _UNDOCUMENTED.finditer(head.bare):
            message = f"No page of Braze's mentions the filter {match[1]}."
            start, end = head.at + match.start(1), head.at + match.end(1)
            yield Finding("undocumented-filter", start, end, message, "It works in Ruby's Liquid; test it.")


def _recommendations(page: Page, data: RenderData) -> Iterator[Finding]:
    if "product_recommendation" not in page.text:
        return
    for head in page.heads:
        at = head.bare.find("product_recommendation.$") if head.name not in ("", "assign") else -1
        if at >= 0:
            message = "A recommendation is a list of items, to be assigned before it is used."
            hint = "Write {% assign items = {{product_recommendation.${Name}}} %}, then {{items[0].name}}."
            yield Finding("recommendation-unassigned", head.at + at, head.at + at + 22, message, hint)


_FILLED = ("content_blocks", "campaign", "canvas", "card", "app", "preference_center", "product_recommendation")
_RULES: tuple[Rule, ...] = (
    *(
        _property_bags,
        _labels,
        _key_spelling,
        _calls,
        _nesting,
        _names,
        _two_attributes,
        _quoted,
        _undocumented_filters,
        _recommendations,
        _defaults,
    ),
    json_findings,
)
