"""HTML read fast gives what reading it one step at a time gives, and no input makes it slow or large."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.readable import readable
from tests.growth import assert_grows_linearly

HEADINGS = {f"h{level}" for level in range(1, 7)}
STRONG = {"b", "strong", "th"}
SPACED = HEADINGS | {"p", "ul", "ol", "table", "blockquote", "pre", "dl", "figure"}
BLOCKS = SPACED | {*("div", "tr", "li", "section", "article", "header", "footer", "center", "body", "html", "form")}
BLOCKS |= {*("dt", "dd", "main", "tbody", "thead", "tfoot", "address", "nav", "aside", "fieldset", "figcaption")}
UNSEEN = {"script", "style", "head", "title", "template", "noscript"}
VOID = {"br", "img", "hr", "input", "meta", "link", "col", "area", "base", "wbr", "source"}
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:\"[^\"<]*\"|'[^'<]*'|[^\"'<>])*)>")
ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


class StepByStep:
    """Says of each character, tag by tag, where it goes; every question is asked anew."""

    def __init__(self, html: str) -> None:
        self.lines: list[list[tuple[str, str]]] = []
        self.line: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.lists: list[int] = []
        self.links: list[str] = []
        self.hidden: list[str] = []
        self.gap = False
        text, at, comments = "", 0, True
        while at < len(html):
            end = -1
            match = TAG.match(html, at)
            if match:
                end = match.end()
            elif html.startswith("<!--", at) and comments:
                end = html.find("-->", at + 4)
                comments = end >= 0
                end = end + 3 if comments else -1
            elif html.startswith(("<!", "<?"), at):
                end = html.find(">", at, at + 2_000) + 1 or -1
            if end < 0:
                text, at = text + html[at], at + 1
                continue
            self.words(text)
            text, at = "", end
            if match:
                self.tag(match[2].lower(), match[3], is_end=bool(match[1]))
        self.words(text)
        self.finish()
        while self.lines and not self.lines[-1]:
            self.lines.pop()

    def tone(self) -> str:
        if self.links:
            return "link"
        if HEADINGS & {*self.open}:
            return "heading"
        return "strong" if STRONG & {*self.open} else "plain"

    def put(self, text: str, tone: str = "") -> None:
        if not tone and self.line and self.line[-1][1] == self.tone():
            self.line[-1] = (self.line[-1][0] + text, self.tone())
        elif text:
            self.line.append((text, tone or self.tone()))

    def words(self, raw: str) -> None:
        if self.hidden or not raw:
            return
        text = unescape(raw)
        if "pre" in self.open:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self.put(first)
            for line in rest:
                self.finish(always=True)
                self.put(line)
            return
        text = re.sub(r"[ \t\r\n\f]+", " ", text)
        if text.strip(" "):
            self.put((" " if self.line and (self.gap or text[0] == " ") else "") + text.strip(" "))
            self.gap = text[-1] == " "
        elif text:
            self.gap = True

    def finish(self, *, blank: bool = False, always: bool = False) -> None:
        self.gap = False
        if self.line or always:
            self.lines.append(self.line)
            self.line = []
        if blank and self.lines and self.lines[-1]:
            self.lines.append([])

    def tag(self, name: str, raw: str, *, is_end: bool) -> None:
        if self.hidden:
            if name == self.hidden[-1] and is_end:
                self.hidden.pop()
            elif name == self.hidden[-1]:
                self.hidden.append(name)
        elif is_end:
            self.end(name)
        else:
            self.begin(name, raw)

    def begin(self, name: str, raw: str) -> None:
        held = {key.lower(): unescape(one or two or three) for key, one, two, three in ATTRIBUTE.findall(raw)}
        style = re.search(r"display\s*:\s*none|mso-hide\s*:\s*all", held.get("style", ""), re.IGNORECASE)
        if name not in VOID and (name in UNSEEN or "hidden" in raw.split() or style):
            self.hidden = [name]
            return
        if name in BLOCKS:
            self.finish(blank=name in SPACED and not (name in ("ul", "ol") and self.lists))
        if name == "br":
            self.finish(always=True)
        if name == "hr":
            self.finish(blank=True)
            self.lines += [[("———", "faint")], []]
        if name == "img" and not {"0", "1"} & {held.get("width"), held.get("height")}:
            self.put(" " * bool(self.line) + f"[{held.get('alt') or 'picture'}]", "faint")
            self.gap = True
        if name in ("td", "th") and self.line:
            self.put("   ")
            self.gap = False
        if name in ("ul", "ol"):
            self.lists.append(0 if name == "ol" else -1)
        if name == "li":
            sign = "•"
            if self.lists and self.lists[-1] >= 0:
                self.lists[-1] += 1
                sign = f"{self.lists[-1]}."
            self.put("  " * max(len(self.lists), 1) + sign + " ", "plain")
            self.gap = False
        if name == "a":
            self.links.append(held.get("href", ""))
        if name in HEADINGS | STRONG | {"pre"}:
            self.open.append(name)

    def end(self, name: str) -> None:
        if name == "a" and self.links:
            target = self.links.pop()
            if target and not target.startswith("#"):
                self.put(" " + (target if len(target) <= 60 else target[:59] + "…"), "faint")
                self.gap = True
        if name in self.open:
            self.open.remove(name)
        if name in ("ul", "ol") and self.lists:
            self.lists.pop()
        if name in BLOCKS:
            self.finish(blank=name in SPACED and not (name in ("ul", "ol") and self.lists))


NAMES = st.sampled_from(
    [
        *(
            "p",
            "div",
            "h1",
            "h3",
            "b",
            "strong",
            "i",
            "em",
            "u",
            "pre",
            "ul",
            "ol",
            "li",
            "a",
            "table",
            "tr",
            "td",
            "th",
        ),
        *("hr", "br", "img", "span", "style", "script", "template", "P", "Td", "Ul", "B", "x-y", "svg:a", "section"),
    ]
)
HREF = st.sampled_from(["https://x.test/a", "#top", "", "x" * 61, "a&amp;b", "q" * 60])
ATTRIBUTES = st.one_of(
    st.just(""),
    st.sampled_from(
        [
            *(" hidden", " style='display:none'", ' style="DISPLAY :\tnone; x"', " style=mso-hide:all", " /", "/"),
            *(' style="display&#58;none"', ' title="a > b"', " title='a > b' hidden", " width=1", ' height="0"', "  "),
            *(' alt="cup"', " alt='a \"cup\"'", " data-hidden", '"', " '", ' a="', "=", ' href = "x.test"', "\n"),
        ]
    ),
    HREF.map(lambda href: f' href="{href}"'),
)
WORDS = st.one_of(
    st.sampled_from(["one", " ", "\n", "  two  three ", "\r\n", "\t", "\f", "a\nb", "\xa0", "x\xa0 \xa0y", "日本 語"]),
    st.sampled_from(["&amp;", "&nbsp;", "&#10;", "&#32;", "&lt;", "&am", "p;", "&", "&#1;", "&#127881;", "<", ">"]),
    st.sampled_from(["<!--", "-->", "<!-->", "<!", "<?", "<!doctype html>", "<?xml ?>", "--", "'", '"', "< 2", "</"]),
    st.text(alphabet="<>/!-?'\"=& \n\rabpuli1", max_size=8),
)
START = st.builds("<{}{}>".format, NAMES, ATTRIBUTES)
END = st.builds("</{}{}>".format, NAMES, st.sampled_from(["", " ", " x='>'"]))
SOUP = st.lists(st.one_of(START, START, END, END, WORDS, WORDS), max_size=25).map("".join)
NESTED = st.recursive(
    WORDS,
    lambda inner: st.builds("<{0}{1}>{2}</{0}>".format, NAMES, ATTRIBUTES, st.lists(inner, max_size=4).map("".join)),
)


def stepped(html: str) -> list[tuple[tuple[str, str], ...]]:
    return [tuple(line) for line in StepByStep(html).lines]


@settings(max_examples=500, deadline=None)
@given(st.one_of(SOUP, NESTED))
@example("a<!-- b")
@example("<!-- a <!-- b <p>c")
@example("<!--> a --> b")
@example("<p>1 < 2<b> <i>x</i> </b>\n< y")
@example("<pre>a\r\n<b>b\n</b>\n\nc &lt;</pre> d  e")
@example("<p title='>'>a</p><p title='>'>b</p>")
@example("<!" + "x" * 1_996 + ">a<!" + "y" * 1_998 + ">b")
def test_it_reads_what_reading_step_by_step_gives(html: str):
    assert readable(html) == stepped(html)


@pytest.mark.parametrize(
    "piece",
    [
        *("<b>x", "<h1>x</b>", "</b>x<b>", "<ul><li>", "<ol><li>x", "a<i>", "<a href='x'>y", "<pre>x\n", "<p>x</p>\n"),
        *("<!-- a", "<!--><!", "<?a", "<![x", "<p hidden>", "<div style='display:none'>x", "<p title='>'>", "x > y"),
        *("<a href='{}'>x</a>", "<p class={}>", "&#", "&amp", "<td>x", "<img alt='x'>", "<br>", "<hr>", "a&#32;<b "),
    ],
)
def test_no_repetition_makes_it_slow(piece: str):
    def read(size: int) -> None:
        readable("".join(piece.replace("{}", str(number)) for number in range(size // len(piece))))

    assert_grows_linearly(read, 75_000)


@pytest.mark.parametrize("before", ["<a ", "<p style=", "<!--", "&#", "<img alt='", "<"])
@pytest.mark.parametrize("run", ["a", " ", "'\"", "a ", "9", "=", "display:", "a=' b=\" "])
def test_no_run_of_signs_makes_it_slow(before: str, run: str):
    def read(size: int) -> None:
        for after in (" b=1>", "'>", '">'):
            readable(before + run * (size // len(run)) + after)

    assert_grows_linearly(read, 20_000)


def test_lists_in_lists_stand_further_in_until_forty():
    lines = readable("<ul><li>x" * 10_000)
    assert [len(line[0].text) for line in lines[38:42]] == [2 * 39 + 3, 2 * 40 + 3, 2 * 40 + 3, 2 * 40 + 3]
    assert sum(len(line[0].text) for line in lines) < 100 * 10_000


def test_a_number_of_thousands_of_digits_is_no_character():
    lines = readable(f"<p>a&#{'9' * 5_000};b <img alt='&#{'0' * 5_000}'></p>")
    assert lines == [(("a\ufffdb", "plain"), (" [\ufffd]", "faint"))]


def test_the_same_tag_with_another_quoted_sign_is_another_tag():
    assert readable('<p title="a>b">x</p><p title="a>c" hidden>y</p>') == [(("x", "plain"),)]
