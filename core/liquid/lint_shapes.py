"""What lint tells of calls, nesting and spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.liquid.names import ATTRIBUTES, UNDOCUMENTED_FILTERS
from core.liquid.page import CONDITIONS, NAME, Head, Page
from core.liquid.problems import Finding
from core.render import NAMESPACES, RenderData

MAX_NESTING = 8

_KEY = re.compile(r"\b(app|api)_?key_(core|connect)\b")
_SAVE = re.compile(r":save\s+([\w-]+)", re.ASCII)
_POST = re.compile(r":method\s+post\b", re.ASCII | re.IGNORECASE)
_BODY = re.compile(r"\bbody\s+(.*?)(?=\s:\w|\Z)", re.ASCII | re.DOTALL)
_OPTION = re.compile(r"\s:\w", re.ASCII)
_RETRY = re.compile(r":retry\b", re.ASCII)
_FIRST = re.compile(rf"\s*({NAME})")
_ONE_BRACE = re.compile(
    r"(?<![{$])\{\s*+((?:[A-Za-z_]\w*+\.)?\$\{[^{}\n]{1,80}\}|[A-Za-z_]\w*+(?:\.\w++|\[\d++\])*+)\s*+(?:\|[^{}\n]{0,200})?\}\}",
    re.ASCII,
)
_SET = re.compile(rf"\s*({NAME})\s*=")
_UNDOCUMENTED = re.compile(rf"\|\s*({'|'.join(sorted(UNDOCUMENTED_FILTERS))})\b")

_ENTITY = re.compile(r"&(quot|apos|gt|lt|amp|nbsp|#34|#39|#160);")
_ENTITIES = {"gt": ">", "lt": "<", "amp": "and", "nbsp": "a plain space", "#160": "a plain space"}


def entities(page: Page, data: RenderData) -> Iterator[Finding]:
    """What an editor of HTML makes of quotes and comparisons; between quotes an entity is what is to be printed."""
    if "&" not in page.text:
        return
    for head in page.heads:
        for match in _ENTITY.finditer(head.bare) if head.name and "&" in head.inside else ():
            start, end = head.at + match.start(), head.at + match.end()
            message = f"{match[0]} is HTML: inside of a tag it is these {len(match[0])} characters."
            yield Finding("html-entity", start, end, message, f"Type {_ENTITIES.get(match[1], 'a straight quote')}.")


def key_spelling(page: Page, data: RenderData) -> Iterator[Finding]:
    if "key_co" not in page.text:
        return
    spellings: dict[str, re.Match[str]] = {}
    for match in _KEY.finditer(page.text):
        first = spellings.setdefault(match[2], match)
        if first[0] != match[0]:
            message = f"{match[0]} is written {first[0]} further up."
            yield Finding("key-spelling", match.start(), match.end(), message, "Write one value one way.")


def lost_braces(page: Page, data: RenderData) -> Iterator[Finding]:
    """`{first_name}}` in plain text, where what stands between the braces is surely meant to be printed."""
    if "}}" not in page.text:
        return
    known = {*ATTRIBUTES, *NAMESPACES, *data.variables}
    known |= {match[1] for head in page.named("assign", "capture") if (match := _FIRST.match(head.inside))}
    for head in page.named(""):
        for match in _ONE_BRACE.finditer(head.inside) if "}}" in head.inside else ():
            if "${" in match[1] or re.split(r"[.\[]", match[1])[0] in known:
                at = head.at + match.start()
                message = f"{match[0][:40]} is printed as it stands: one opening brace is missing."
                yield Finding("unpaired-braces", at, at + len(match[0]), message, "Begin the expression with {{.")


def spare_braces(page: Page, data: RenderData) -> Iterator[Finding]:
    """`{{x}}}` where no brace stands open that the third one could close."""
    if "}}}" not in page.text:
        return
    before = ""
    for head in page.heads:
        if not head.name and "{" in head.inside:
            return
        if before == "{{" and not head.name and head.inside.startswith("}"):
            message = "This brace closes nothing and is printed."
            yield Finding("unpaired-braces", head.at, head.at + 1, message, "End the expression with }}.")
        before = head.name


def calls(page: Page, data: RenderData) -> Iterator[Finding]:
    if "connected_content" not in page.text:
        return
    for index, head in enumerate(page.heads):
        if head.name != "connected_content":
            continue
        if _POST.search(head.inside):
            yield from _caching(head, page.heads[:index])
        saved = _SAVE.search(head.inside)
        name = saved[1] if saved else "connected"
        if not _RETRY.search(head.inside) and _is_used_untested(name, page.heads[index + 1 :]):
            message = f"A call that fails leaves {name} nil or with the service's own error, and nothing tests for it."
            hint = f"Test it: {{% if {name}.__http_status_code__ != 200 %}}{{% abort_message('...') %}}{{% endif %}}"
            yield Finding("status-unchecked", head.start, head.end, message, hint)


def _caching(head: Head, before: tuple[Head, ...]) -> Iterator[Finding]:
    """Braze docs, "Caching responses": a POST is cached only with :cache_max_age, then by its full URL for everybody;
    whether its body counts too, no page says. A wallet must be fresh (Braze docs, partner page "SessionM")."""
    cached = ":cache_max_age" in head.inside
    option = _OPTION.search(head.inside)
    url = head.inside[: option.start()] if option else head.inside
    body = _BODY.search(head.inside, len(url))
    if cached and "{" not in url.replace("{{endpoint_", "") and _tells_people_apart(body, before):
        message = "Braze keeps this answer by its URL for everybody; no page says that the body tells people apart."
        hint = "Leave :cache_max_age out when the answer is one person's, or put the person into the URL."
        yield Finding("post-cached", head.start, head.end, message, hint)
    elif not cached and "get_user_offers" not in url:
        message = "This POST goes out again for each field and part of each message."
        hint = "If the answer is the same for everybody and may be five minutes old, add :cache_max_age 300."
        yield Finding("post-uncached", head.start, head.end, message, hint)


def _tells_people_apart(body: re.Match[str] | None, before: tuple[Head, ...]) -> bool:
    """Whether a body holds what is one person's, itself or in a variable made for it."""
    if body is None:
        return False
    if "${" in body[1]:
        return True
    made = ""
    for head in before:
        made = head.inside.strip() if head.name == "capture" else "" if head.name == "endcapture" else made
        name = made or (match[1] if head.name == "assign" and (match := _SET.match(head.inside)) else "")
        if name and "${" in head.inside and re.search(rf"\b{re.escape(name)}\b", body[1]):
            return True
    return False


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


def nesting(page: Page, data: RenderData) -> Iterator[Finding]:
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


def undocumented_filters(page: Page, data: RenderData) -> Iterator[Finding]:
    if not _UNDOCUMENTED.search(page.text):
        return
    for head in page.named("{{", "assign", "echo"):
        for match in _UNDOCUMENTED.finditer(head.bare):
            message = f"No page of Braze's mentions the filter {match[1]}."
            start, end = head.at + match.start(1), head.at + match.end(1)
            yield Finding("undocumented-filter", start, end, message, "It works in Ruby's Liquid; test it.")
