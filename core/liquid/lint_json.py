"""Mistakes in the JSON a template writes: captured bodies, :body and :headers, a text that is JSON as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.liquid.page import Page
from core.liquid.problems import Finding
from core.render import RenderData

_BEGINS = re.compile(r"\s*(?:\{\s*[\"}.…]|\[\s*[\[{\"\].…\d]|\{\s*$)")
_OPTION = re.compile(r":(?:body|headers)\s+(?=[\[{](?![{%]))")
_NEXT_OPTION = re.compile(r"\s:[a-z_]+\b")
_LITERAL = re.compile(r"=\s*(?:'(?=[{\[])([^']*)'|\"(?=[{\[])([^\"]*)\")")
_OPENS = re.compile(r"\{\{|\{%|\$\{")
_CLOSES = {"{{": "}}", "{%": "%}", "${": "}"}
_STRING = re.compile(r'"(?:[^"\\\n]|\\[^\n])*+["\\]?')  # matches whatever follows a quote: linear
_MARK = "\x01"
_COMMA = re.compile(r",(?=\s*[}\]])")
_ELISION = re.compile(r"\.{3,}|…")


def json_findings(page: Page, data: RenderData) -> Iterator[Finding]:
    """Trailing commas and elisions, each once."""
    for start, end in _regions(page):
        shadow = _STRING.sub(_marked, _without_liquid(page.text[start:end]))
        for match in _COMMA.finditer(shadow):
            at = start + match.start()
            message = "JSON takes no comma before a closing bracket."
            yield Finding("json-trailing-comma", at, at + 1, message, "Take the comma out.")
        for match in _ELISION.finditer(shadow):
            at = start + match.start()
            message = f"{match[0]} stands for something left out; it is not JSON."
            yield Finding("json-elision", at, start + match.end(), message, "Write out what belongs there.")


def _regions(page: Page) -> Iterator[tuple[int, int]]:
    """Where JSON is written, as offsets."""
    if _is_json(page.text):
        yield 0, len(page.text)
        return
    opened: list[int] = []
    for head in page.heads:
        if head.name == "capture":
            opened.append(head.end)
        elif head.name == "endcapture" and opened:
            start = page.text.find("%}", opened.pop()) + 2
            if _is_json(page.text[start : head.start]):
                yield start, head.start
        elif head.name == "connected_content":
            for match in _OPTION.finditer(head.inside):
                following = re.search(r"\s:[a-z_]+\b", head.inside[match.end() :])
                yield (
                    head.at + match.end(),
                    head.at + (match.end() + following.start() if following else len(head.inside)),
                )
        elif head.name == "assign" and (literal := _LITERAL.search(head.inside)):
            group = 1 if literal[1] is not None else 2
            yield head.at + literal.start(group), head.at + literal.end(group)


def _is_json(text: str) -> bool:
    return _BEGINS.match(text) is not None


def _without_liquid(text: str) -> str:
    """The text with outputs and tags marked, as long as before."""
    pieces: list[str] = []
    at = 0
    endless: set[str] = set()
    for match in _OPENS.finditer(text):
        if match.start() < at or match[0] in endless:
            continue
        end = text.find(_CLOSES[match[0]], match.end())
        if end < 0:
            endless.add(match[0])
            continue
        end += len(_CLOSES[match[0]])
        while match[0] == "{{" and text.startswith("}", end):
            end += 1
        pieces += [text[at : match.start()], _MARK * (end - match.start())]
        at = end
    return "".join([*pieces, text[at:]])


def _marked(match: re.Match[str]) -> str:
    """As long as the match, but neither a comma, a bracket nor white space."""
    return _MARK * len(match[0])
