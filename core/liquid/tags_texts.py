"""Tags that hide or keep text: comment, the inline comment, raw; and include and render, which have nothing to read."""

from __future__ import annotations

import re

from liquid import Environment, Tag
from liquid.token import TOKEN_TAG, Token

from core.liquid.compiler import Compiler
from core.liquid.context import Context, Output
from core.liquid.faults import ArgumentFault
from core.liquid.lexer import Lexer
from core.liquid.nodes import Body, Item
from core.liquid.parser import COMMENT_ENDS, Stream, close_block, parse_body
from core.liquid.problems import FATAL, Findings
from core.liquid.rules import REFUSED_BY
from core.liquid.switches import left_open

_REFUSED = frozenset(rule for rule, reading in REFUSED_BY.items() if reading == ("gem", "5.4"))


class Silent(Item):
    """A node that prints nothing: comments."""

    __slots__ = ()

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Nothing."""
        return 0


class CommentTag(Tag):
    """`{% comment %} {% endcomment %}`; the lexer has skipped what is inside."""

    name = "comment"
    end = "endcomment"

    def parse(self, stream: Stream) -> Silent:  # type: ignore[override]
        """Nothing of it remains; what older gems would refuse in it is reported."""
        opener, markup = stream.head()
        if stream.commented:
            self._read(stream)
        start, end = opener.source.find("%}", markup.end) + 2, stream.current.start_index
        if opener.source.startswith("{%", opener.start_index) and not stream.commented and end > start > 1:
            self._judge(stream, opener, opener.source[start:end])
        return Silent(opener, close_block(stream, opener, markup), blank=True)

    def _read(self, stream: Stream) -> None:
        """A comment in a comment: what belongs to a block around it is none of its business."""
        parse_body(stream, self.env, COMMENT_ENDS)
        while stream.current.kind == TOKEN_TAG and stream.current.value != self.end:
            stream.head()
            parse_body(stream, self.env, COMMENT_ENDS)

    def _judge(self, stream: Stream, opener: Token, text: str) -> None:
        """Liquid up to 5.4 parses what is commented out, later versions skip it."""
        if "{" not in text:
            return
        findings = Findings()
        tokens = Lexer(text + "{% endcomment %}", findings.add, "5.4", commented=True).read()
        if not any(token.value == self.end for token in tokens[-2:]):
            # A tag in there runs on to the end of {% endcomment %} itself.
            findings.add("missing-end", 0, 1, "The comment is never closed.", "")
        judge_commented(stream, self.env, tokens, opener.start_index, findings)


def judge_commented(
    stream: Stream, tags: Environment, tokens: list[Token], at: int, findings: Findings | None = None
) -> None:
    """Report the comment that opens at `at` if Liquid up to 5.4 would not have what it holds."""
    findings = findings or Findings()
    inner = Stream(tokens, Compiler(findings, stream.compiler.filters))
    inner.commented = True
    parse_body(inner, tags)
    broken = [one for one in findings.items if one.rule in FATAL or one.rule in _REFUSED]
    if broken:
        message = f"Liquid up to 5.4 refuses the message for what is commented out here: {broken[0].message}"
        stream.compiler.report("broken-comment", at, at + 2, message, left_open("gem"))


class InlineCommentTag(Tag):
    """`{% # ... %}`."""

    name = "#"
    block = False

    def parse(self, stream: Stream) -> Silent:  # type: ignore[override]
        """Every line of it begins with #."""
        token, markup = stream.head()
        if re.search(r"\n\s*[^#\s]", markup.text, re.ASCII):
            stream.refuse(token, markup, "Each line of an inline comment begins with #.", "Use {% comment %} instead.")
        return Silent(token, markup.end, blank=True)


class RawTag(Tag):
    """`{% raw %} {% endraw %}`; the lexer has made its inside one text."""

    name = "raw"
    end = "endraw"

    def parse(self, stream: Stream) -> Body:  # type: ignore[override]
        """The text as it stands."""
        opener, markup = stream.head()
        if markup.strip().shadow:
            stream.refuse(opener, markup, "raw takes no arguments.", "Write {% raw %}.")
        body = parse_body(stream, self.env, frozenset({"endraw"}))
        close_block(stream, opener, markup)
        return Verbatim(body)


class Verbatim(Body):
    """Text that is never dropped as white space of a block."""

    __slots__ = ()

    def __init__(self, body: Body) -> None:
        super().__init__([RawText(node) for node in body.nodes if isinstance(node, Item)])


class RawText(Item):
    """One stretch of raw text."""

    __slots__ = ("text",)

    def __init__(self, text: Item) -> None:
        super().__init__(text.token, text.span[1], blank=False)
        self.text = str(getattr(text, "text", ""))

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """The text."""
        return buffer.write(self.text)


class Partial(Item):
    """include and render: Braze has nowhere to put a snippet."""

    __slots__ = ()

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Ruby's words for a template without a file system."""
        raise ArgumentFault(
            "This liquid context does not allow includes.", "Use a Content Block: {{content_blocks.${Name}}}."
        )


class IncludeTag(Tag):
    """`{% include 'x' %}`."""

    name = "include"
    block = False

    def parse(self, stream: Stream) -> Partial:  # type: ignore[override]
        """Its arguments do not matter."""
        token, markup = stream.head()
        return Partial(token, markup.end, blank=False)


class RenderTag(IncludeTag):
    """`{% render 'x' %}`."""

    name = "render"


TEXT_TAGS: tuple[type[Tag], ...] = (CommentTag, InlineCommentTag, RawTag, IncludeTag, RenderTag)
