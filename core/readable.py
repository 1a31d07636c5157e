"""An HTML message as the lines a person would read: no markup, no styles, links and pictures named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple

Tone = Literal["plain", "strong", "heading", "link", "faint"]
MAX_CHARACTERS = 1_000_000

# What follows a `<`. Linear: no alternative can match what another one matches, and no tag reaches over the next `<`.
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9:-]*+)((?:[^\"'<>]++|\"[^\"<]*+\"|'[^'<]*+')*+)>")
_NOTE = re.compile(r"<[!?]")  # comments, declarations, instructions
# A name begins where none goes on; else each letter of a long one would be tried as the first.
_ATTRIBUTE = re.compile(r"(?<![a-zA-Z-])([a-zA-Z-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:!doctype|html|head|body|div|p|br|table|tr|td|h[1-6]|ul|ol|li|a|span|img|b|strong|em|i)\b[^<>]*+>",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_BLANKS = " \t\r\n\f"
_SPACE = re.compile(f"[{_BLANKS}]+")
_ENDLESS_NUMBER = re.compile(r"&#[0-9]{1000,}+;?")

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_STRONG = frozenset({"b", "strong", "th"})
_MARKS = _HEADINGS | _STRONG | {"pre"}  # change how words look
_LISTS = frozenset({"ul", "ol"})
_SPACED = _HEADINGS | _LISTS | {"p", "table", "blockquote", "pre", "dl", "figure"}
_PARTS = {"section", "article", "header", "footer", "main", "nav", "aside", "address", "form", "fieldset", "figcaption"}
_BLOCKS = _SPACED | _PARTS | {"html", "body", "div", "center", "tr", "li", "dt", "dd", "tbody", "thead", "tfoot"}
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "col", "area", "base", "wbr", "source"})
_PLACED = _LISTS | {"br", "hr", "img", "td", "th", "li", "a"}
_SHOWN_LINK = 60
_DEEPEST = 40  # lists in lists that still stand further in, or their indents would outgrow any message


class Span(NamedTuple):  # thousands in a message: a dataclass takes ten times as long to make
    """A piece of a line and how it is meant."""

    text: str
    tone: Tone = "plain"


Line = tuple[Span, ...]


def is_html(text: str) -> bool:
    """Whether `text` holds a tag that messages use; a lone `<`, an unknown tag or JSON does not make HTML."""
    return not text.lstrip().startswith(("{", "[")) and _LOOKS_LIKE_HTML.search(text) is not None


def plain_lines(text: str) -> list[Line]:
    """Text that is no HTML, a line per line."""
    return [(Span(line),) for line in text.split("\n")]


def readable(html: str) -> list[Line]:
    """The lines of `html`: paragraphs and headings apart, lists with bullets, cells of a row side by side.

    What a mail program hides (styles, scripts, comments, `display:none`) is left out. Takes time linear in the length;
    what lies beyond the first million characters is left out and said so in the last line.
    """
    page = _Page()
    for stretch in _stretches(html[:MAX_CHARACTERS]):
        page.read(stretch)
    page.end_line()
    lines = page.lines
    while lines and not lines[-1]:
        lines.pop()
    if len(html) > MAX_CHARACTERS:
        lines += [(), (Span(f"{len(html) - MAX_CHARACTERS:,} more characters are not shown.", "faint"),)]
    return lines


def _stretches(html: str) -> Iterator[str]:
    """What stands between comments, declarations and instructions; one that nothing ends is text."""
    start = at = 0
    comments = True
    while (match := _NOTE.search(html, at)) is not None:
        at = match.start()
        if comments and html.startswith("<!--", at):
            comments = (end := html.find("-->", at + 4)) >= 0
            size = 3
        else:
            end, size = html.find(">", at, at + 2_000), 1
        if end < 0:
            at += 1
            continue
        yield html[start:at]
        start = at = end + size
    yield html[start:]


class _Tag(NamedTuple):
    """A tag as it is written; `is_break`: it ends a line and does nothing else."""

    name: str
    is_end: bool
    is_break: bool
    is_spaced: bool
    hides: bool
    attributes: dict[str, str]


def _tag(sign: str, name: str, raw: str) -> _Tag:
    attributes = _attributes(raw) if raw and not sign else {}
    hides = name not in _VOID and (name in _UNSEEN or (bool(raw) and _hides(raw, attributes)))
    is_break = name in _BLOCKS and name not in _PLACED and name not in _MARKS and not (hides and not sign)
    return _Tag(name, bool(sign), is_break, name in _SPACED, hides, attributes)


class _Page:
    """Lines being put together."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._seen: dict[str, _Tag] = {}  # by what stands between `<` and `>`: most tags of a message are alike
        self._line: list[Span] = []
        self._open = dict.fromkeys(_MARKS, 0)  # how many are
        self._lists: list[int] = []  # -1 for bullets, else the last number
        self._links: list[str] = []
        self._tone: Tone = "plain"  # of the words that come
        self._hidden = ""  # the tag that hides what follows
        self._depth = 0
        self._gap = False  # a space waits for the next word

    def read(self, html: str) -> None:
        """Tags and the words between them; a `<` that begins no tag is a word."""
        first, *pieces = html.split("<")
        self.words(first)
        for piece in pieces:
            inside, closed, text = piece.partition(">")
            tag = self._seen.get(inside) if closed else None
            if tag is None:
                if (match := _TAG.match(piece)) is None:
                    self.words("<" + piece)
                    continue
                tag, text = _tag(match[1], match[2].lower(), match[3]), piece[match.end() :]
                if match.end() == len(inside) + 1:  # else a quoted `>` stands in it
                    self._seen[inside] = tag
            if self._hidden:
                self._pass(tag)
            elif tag.is_break:
                self.end_line(tag.is_spaced)
            elif tag.is_end:
                self._end(tag.name)
            else:
                self._begin(tag)
            if text:
                self.words(text)

    def words(self, raw: str) -> None:
        """Characters between tags; runs of white space are one space, as a mail program shows them."""
        if self._hidden:
            return
        text = _characters(raw) if "&" in raw else raw
        if self._open["pre"]:
            self._keep(text)
            return
        shown = text.strip(_BLANKS)
        if not shown:
            self._gap = self._gap or bool(text)
            return
        if "  " in shown or not shown.isprintable():
            shown = _SPACE.sub(" ", shown)
        if self._line and (self._gap or text[0] in _BLANKS):
            shown = " " + shown
        self._line.append(Span(shown, self._tone))
        self._gap = text[-1] in _BLANKS

    def _keep(self, text: str) -> None:
        first, *rest = text.replace("\r\n", "\n").split("\n")
        self._put(first)
        for line in rest:
            self.end_line(always=True)
            self._put(line)

    def _put(self, text: str) -> None:
        if text:
            self._line.append(Span(text, self._tone))

    def _retone(self) -> None:
        if self._links:
            self._tone = "link"
        elif any(map(self._open.__getitem__, _HEADINGS)):
            self._tone = "heading"
        else:
            self._tone = "strong" if any(map(self._open.__getitem__, _STRONG)) else "plain"

    def _pass(self, tag: _Tag) -> None:
        """A tag in what is hidden: the one that ends it, or another like it."""
        if tag.name == self._hidden:
            self._depth += -1 if tag.is_end else 1
            self._hidden = self._hidden if self._depth else ""

    def _begin(self, tag: _Tag) -> None:
        """A start tag."""
        name = tag.name
        if tag.hides:
            self._hidden, self._depth = name, 1
            return
        if name in _BLOCKS:
            self.end_line(tag.is_spaced and not (name in _LISTS and self._lists))
        if name in _PLACED:
            self._place(name, tag.attributes)
        if name in _MARKS:
            self._open[name] += 1
            self._retone()

    def _place(self, name: str, attributes: dict[str, str]) -> None:
        """What a tag puts where it stands."""
        if name == "br":
            self.end_line(always=True)
        elif name == "hr":
            self.end_line(True)
            self.lines += [(Span("———", "faint"),), ()]
        elif name == "img":
            self._picture(attributes)
        elif name in ("td", "th") and self._line:
            self._put("   ")
            self._gap = False
        elif name in _LISTS:
            self._lists.append(0 if name == "ol" else -1)
        elif name == "li":
            self._bullet()
        elif name == "a":
            self._links.append(attributes.get("href", ""))
            self._retone()

    def _end(self, name: str) -> None:
        """An end tag; one that nothing opened changes nothing."""
        if name == "a" and self._links:
            self._leave_link(self._links.pop())
            self._retone()
        if self._open.get(name):
            self._open[name] -= 1
            self._retone()
        if name in _LISTS and self._lists:
            self._lists.pop()
        if name in _BLOCKS:
            self.end_line(name in _SPACED and not (name in _LISTS and self._lists))

    def _leave_link(self, target: str) -> None:
        if target and not target.startswith("#"):
            shown = target if len(target) <= _SHOWN_LINK else target[: _SHOWN_LINK - 1] + "…"
            self._line.append(Span(f" {shown}", "faint"))
            self._gap = True

    def _picture(self, attributes: dict[str, str]) -> None:
        width, height = attributes.get("width", ""), attributes.get("height", "")
        if "1" in (width, height) or "0" in (width, height):
            return  # a tracking pixel
        self._line.append(Span(("" if not self._line else " ") + f"[{attributes.get('alt') or 'picture'}]", "faint"))
        self._gap = True

    def _bullet(self) -> None:
        depth = min(max(len(self._lists), 1), _DEEPEST)
        sign = "•"
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            sign = f"{self._lists[-1]}."
        self._line.append(Span("  " * depth + sign + " "))
        self._gap = False

    def end_line(self, blank: bool = False, *, always: bool = False) -> None:
        """Finish the line if there is one; `blank` leaves an empty one behind it, never two in a row."""
        self._gap = False
        if self._line or always:
            self.lines.append(tuple(self._line) if len(self._line) < 2 else _joined(self._line))
            self._line = []
        if blank and self.lines and self.lines[-1]:
            self.lines.append(())


def _joined(pieces: list[Span]) -> Line:
    """Neighbours of one tone as one span; what stands for itself is faint."""
    spans: list[Span] = []
    for tone, alike in groupby(pieces, itemgetter(1)):
        same = list(alike)
        spans += same if tone == "faint" or len(same) < 2 else [Span("".join([text for text, _ in same]), tone)]
    return tuple(spans)


def _characters(raw: str) -> str:
    """Entities as what they stand for. Python refuses to read a number of thousands of digits; no character has it."""
    return unescape(_ENDLESS_NUMBER.sub("\N{REPLACEMENT CHARACTER}", raw) if len(raw) > 1_000 else raw)


def _attributes(raw: str) -> dict[str, str]:
    if "=" not in raw:
        return {}
    return {name.lower(): _characters(one or two or three) for name, one, two, three in _ATTRIBUTE.findall(raw)}


def _hides(raw: str, attributes: dict[str, str]) -> bool:
    return "hidden" in raw.split() or _HIDDEN.search(attributes.get("style", "")) is not None
