"""Tags that choose: if, unless, case, ifchanged."""

from __future__ import annotations

import re

from liquid import Tag
from liquid.token import Token

from core.liquid.context import Context, Output
from core.liquid.expressions import NIL, Literal, Node
from core.liquid.markup import FRAGMENT, FRAGMENT_RE, Markup
from core.liquid.nodes import Body, Item
from core.liquid.parser import Stream, close_block, parse_body
from core.liquid.values import equal, truthy

_WHEN = re.compile(rf"({FRAGMENT})(?:(?:\s+or\s+|\s*,\s*)({FRAGMENT}.*))?", re.ASCII | re.DOTALL)
IF_ENDS = frozenset({"elsif", "else", "endif"})
UNLESS_ENDS = frozenset({"elsif", "else", "endunless"})
CASE_ENDS = frozenset({"when", "else", "endcase"})
BRANCHES = frozenset({"elsif", "else"})
WHENS = frozenset({"when", "else"})
ALWAYS = Literal(True)


class Choice(Item):
    """if and unless: the first branch whose condition holds."""

    __slots__ = ("branches", "negated")

    def __init__(self, token: Token, end: int, branches: list[tuple[Node, Body]], *, negated: bool) -> None:
        super().__init__(token, end, blank=all(body.blank for _, body in branches))
        self.branches, self.negated = branches, negated
        if self.blank:
            for _, body in branches:
                body.drop_text()

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Render one branch or none."""
        negate = self.negated
        for condition, body in self.branches:
            if truthy(condition.evaluate(context)) != negate:
                return body.render(context, buffer)
            negate = False
        return 0


class IfTag(Tag):
    """`{% if %} {% elsif %} {% else %} {% endif %}`."""

    name = "if"
    end = "endif"
    ends = IF_ENDS

    def parse(self, stream: Stream) -> Choice:  # type: ignore[override]
        """Ruby's rules: branches behind an else are kept, and never reached."""
        opener, markup = stream.head()
        branches: list[tuple[Node, Body]] = [(self._condition(stream, opener, markup), self._body(stream))]
        closed = False
        while stream.stands_at(BRANCHES):
            token, part = stream.head()
            if closed:
                place = (token.start_index, max(part.end, token.start_index + 2))
                stream.compiler.report(
                    "ignored-tail", *place, "What stands behind an else is never reached.", "Put else last."
                )
            closed = closed or token.value == "else"
            condition: Node = ALWAYS if token.value == "else" else self._condition(stream, token, part)
            if token.value == "else" and part.strip().shadow:
                stream.compiler.report(
                    "ignored-tail", part.base, part.end, "else takes no condition; this is ignored.", "Use elsif."
                )
            branches.append((condition, self._body(stream)))
        end = close_block(stream, opener, markup)
        return Choice(opener, end, branches, negated=self.name == "unless")

    def _body(self, stream: Stream) -> Body:
        return parse_body(stream, self.env, self.ends)

    def _condition(self, stream: Stream, token: Token, markup: Markup) -> Node:
        condition = stream.compiler.condition(markup)
        if condition is None:
            stream.refuse(token, markup, f"{token.value} has no condition.", f"Write {{% {token.value} a == b %}}.")
            return NIL
        return condition


class UnlessTag(IfTag):
    """`{% unless %}`: if, turned round in its first branch."""

    name = "unless"
    end = "endunless"
    ends = UNLESS_ENDS


class Case(Item):
    """case: every when that matches, else only when none did."""

    __slots__ = ("branches", "subject")

    def __init__(self, token: Token, end: int, subject: Node, branches: list[tuple[list[Node] | None, Body]]) -> None:
        super().__init__(token, end, blank=all(body.blank for _, body in branches))
        self.subject, self.branches = subject, branches
        if self.blank:
            for _, body in branches:
                body.drop_text()

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """A body is rendered once for each of its values that match, as Ruby does."""
        matched = False
        for values, body in self.branches:
            if values is None:
                if not matched:
                    body.render(context, buffer)
                continue
            for value in values:
                if equal(self.subject.evaluate(context), value.evaluate(context)):
                    matched = True
                    body.render(context, buffer)
        return 0


class CaseTag(Tag):
    """`{% case x %} {% when a, b or c %} {% else %} {% endcase %}`."""

    name = "case"
    end = "endcase"

    def parse(self, stream: Stream) -> Case:  # type: ignore[override]
        """Text before the first when is dropped."""
        opener, markup = stream.head()
        match = FRAGMENT_RE.search(markup.shadow)
        subject: Node = NIL
        if match is None:
            stream.refuse(opener, markup, "case has no value.", "Write {% case x %}.")
        else:
            subject = stream.compiler.value(markup.match_part(match))
            self._judge_tail(stream, markup.part(match.end(), len(markup)).strip())
        parse_body(stream, self.env, CASE_ENDS)
        branches: list[tuple[list[Node] | None, Body]] = []
        while stream.stands_at(WHENS):
            token, part = stream.head()
            values = None if token.value == "else" else self._values(stream, token, part)
            if token.value == "else" and part.strip().shadow:
                stream.refuse(token, part, "else takes no value.", "Write {% else %}.")
            branches.append((values, parse_body(stream, self.env, CASE_ENDS)))
        return Case(opener, close_block(stream, opener, markup), subject, branches)

    def _judge_tail(self, stream: Stream, tail: Markup) -> None:
        if tail.shadow:
            rule = "filter-in-condition" if tail.shadow.startswith("|") else "ignored-tail"
            stream.compiler.report(
                rule, tail.base, tail.end, "case takes one value; the rest is ignored.", "Assign it first."
            )

    def _values(self, stream: Stream, token: Token, markup: Markup) -> list[Node]:
        values: list[Node] = []
        part: Markup | None = markup
        while part is not None:
            match = _WHEN.search(part.shadow)
            if match is None:
                stream.refuse(token, markup, "when has no value.", "Write {% when 'a' or 'b' %}.")
                break
            values.append(stream.compiler.value(part.match_part(match, 1), question=True))
            part = part.match_part(match, 2) if match[2] else None
        return values


class IfChanged(Item):
    """ifchanged: its body when it differs from the last one printed."""

    __slots__ = ("body",)

    def __init__(self, token: Token, end: int, body: Body) -> None:
        super().__init__(token, end, blank=body.blank)
        self.body = body

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """The body or nothing."""
        inner = Output()
        self.body.render(context, inner)
        return buffer.take_over(inner) if context.ifchanged(inner.getvalue()) else 0


class IfChangedTag(Tag):
    """`{% ifchanged %} {% endifchanged %}`."""

    name = "ifchanged"
    end = "endifchanged"

    def parse(self, stream: Stream) -> IfChanged:  # type: ignore[override]
        """No arguments."""
        opener, markup = stream.head()
        body = parse_body(stream, self.env, frozenset({"endifchanged"}))
        return IfChanged(opener, close_block(stream, opener, markup), body)


CHOICE_TAGS: tuple[type[Tag], ...] = (IfTag, UnlessTag, CaseTag, IfChangedTag)
