"""An HTML message as the lines a person would read: no markup, no styles, links and pictures named."""

from __future__ import annotations

import re
from html import unescape
from typing import Literal, NamedTuple

Tone = Literal["plain", "strong", "heading", "link", "faint"]
MAX_CHARACTERS = 1_000_000

# Linear by construction: no alternative can match what another one matches, and no tag reaches over the next `<`.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)((?:\"[^\"<]*+\"|'[^'<]*+'|[^\"'<>])*+)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:!doctype|html|head|body|div|p|br|table|tr|td|h[1-6]|ul|ol|li|a|span|img|b|strong|em|i)\b[^<>]*+>",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_STRONG = frozenset({"b", "strong", "th"})
_SPACED = _HEADINGS | {"p", "ul", "ol", "table", "blockquote", "pre", "dl", "figure"}
_BLOCKS = _SPACED | {
    *(
        "div",
        "tr",
        "li",
        "section",
        "article",
        "header",
        "footer",
        "center",
        "body",
        "html",
        "form",
        "dt",
        "dd",
        "main",
    ),
    *("tbody", "thead", "tfoot", "address", "nav", "aside", "fieldset", "figcaption"),
}
_MARKS = _HEADINGS | _STRONG | {"pre"}  # change how words look
_LISTS = frozenset({"ul", "ol"})
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "col", "area", "base", "wbr", "source"})
_PLACED = _LISTS | {"br", "hr", "img", "td", "th", "li", "a"}
_SHOWN_LINK = 60


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
    for kind, name, content in _tokens(html[:MAX_CHARACTERS]):
        if kind == "text":
            page.words(content)
        elif kind == "open":
            page.open(name, content)
        else:
            page.close(name)
    page.end_line()
    lines = page.lines
    while lines and not lines[-1]:
        lines.pop()
    if len(html) > MAX_CHARACTERS:
        lines += [(), (Span(f"{len(html) - MAX_CHARACTERS:,} more characters are not shown.", "faint"),)]
    return lines


def _tokens(html: str) -> list[tuple[str, str, str]]:
    """(`open`, tag, attributes), (`close`, tag, ""), (`text`, "", characters)."""
    found: list[tuple[str, str, str]] = []
    at = start = 0
    comments = True
    while (at := html.find("<", at)) >= 0:
        end = at + 1
        token: tuple[str, str, str] | None = None
        if (match := _TAG.match(html, at)) is not None:
            token, end = ("close" if match[1] else "open", match[2].lower(), match[3]), match.end()
        elif html.startswith("<!--", at) and comments:
            close = html.find("-->", at + 4)
            comments = close >= 0
            token, end = (("text", "", ""), close + 3) if comments else (None, end)
        elif html.startswith(("<!", "<?"), at):
            close = html.find(">", at, at + 2_000)
            token, end = (("text", "", ""), close + 1) if close >= 0 else (None, end)
        if token is not None:
            if start < at:
                found.append(("text", "", html[start:at]))
            if token[0] != "text":
                found.append(token)
            start = end
        at = end
    if start < len(html):
        found.append(("text", "", html[start:]))
    return found


class _Page:
    """Lines being put together."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._line: list[Span] = []
        self._open: list[str] = []  # tags that change how words look
        self._lists: list[int] = []  # -1 for bullets, else the last number
        self._links: list[str] = []
        self._hidden = ""  # the tag that hides what follows
        self._depth = 0
        self._gap = False  # a space waits for the next word

    def words(self, raw: str) -> None:
        """Characters between tags; runs of white space are one space, as a mail program shows them."""
        if self._hidden:
            return
        text = unescape(raw)
        if "pre" in self._open:
            self._keep(text)
            return
        text = _SPACE.sub(" ", text)
        if not text.strip(" "):
            self._gap = self._gap or bool(text)
            return
        lead = " " if (self._gap or text[0] == " ") and self._line else ""
        self._put(lead + text.strip(" "))
        self._gap = text[-1] == " "

    def _keep(self, text: str) -> None:
        first, *rest = text.replace("\r\n", "\n").split("\n")
        self._put(first)
        for line in rest:
            self.end_line(always=True)
            self._put(line)

    def _put(self, text: str) -> None:
        if not text:
            return
        tone = self._tone()
        if self._line and self._line[-1].tone == tone:
            self._line[-1] = Span(self._line[-1].text + text, tone)
        else:
            self._line.append(Span(text, tone))

    def _tone(self) -> Tone:
        if self._links:
            return "link"
        if not self._open:
            return "plain"
        if any(tag in _HEADINGS for tag in self._open):
            return "heading"
        return "strong" if any(tag in _STRONG for tag in self._open) else "plain"

    def open(self, tag: str, raw: str) -> None:
        """A start tag."""
        if self._hidden:
            self._depth += tag == self._hidden
            return
        attributes = _attributes(raw) if raw else {}
        if tag not in _VOID and (tag in _UNSEEN or (raw and _hides(raw, attributes))):
            self._hidden, self._depth = tag, 1
            return
        if tag in _BLOCKS:
            self.end_line(blank=tag in _SPACED and not (tag in _LISTS and self._lists))
        if tag in _PLACED:
            self._place(tag, attributes)
        if tag in _MARKS:
            self._open.append(tag)

    def _place(self, tag: str, attributes: dict[str, str]) -> None:
        """What a tag puts where it stands."""
        if tag == "br":
            self.end_line(always=True)
        elif tag == "hr":
            self.end_line(blank=True)
            self.lines += [(Span("———", "faint"),), ()]
        elif tag == "img":
            self._picture(attributes)
        elif tag in ("td", "th") and self._line:
            self._put("   ")
            self._gap = False
        elif tag in _LISTS:
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._bullet()
        elif tag == "a":
            self._links.append(attributes.get("href", ""))

    def close(self, tag: str) -> None:
        """An end tag; one that nothing opened changes nothing."""
        if self._hidden:
            self._depth -= tag == self._hidden
            if not self._depth:
                self._hidden = ""
            return
        if tag == "a" and self._links:
            self._leave_link(self._links.pop())
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag)]
        if tag in _LISTS and self._lists:
            self._lists.pop()
        if tag in _BLOCKS:
            self.end_line(blank=tag in _SPACED and not (tag in _LISTS and self._lists))

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
        depth = max(len(self._lists), 1)
        sign = "•"
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            sign = f"{self._lists[-1]}."
        self._line.append(Span("  " * depth + sign + " "))
        self._gap = False

    def end_line(self, *, blank: bool = False, always: bool = False) -> None:
        """Finish the line if there is one; `blank` leaves an empty one behind it, never two in a row."""
        self._gap = False
        if self._line or always:
            self.lines.append(tuple(self._line))
            self._line = []
        if blank and self.lines and self.lines[-1]:
            self.lines.append(())


def _attributes(raw: str) -> dict[str, str]:
    if "=" not in raw:
        return {}
    return {name.lower(): unescape(one or two or three) for name, one, two, three in _ATTRIBUTE.findall(raw)}


def _hides(raw: str, attributes: dict[str, str]) -> bool:
    return "hidden" in raw.split() or _HIDDEN.search(attributes.get("style", "")) is not None
