"""Tags that repeat: for, tablerow, cycle, break, continue."""

from __future__ import annotations

import re

from liquid import Tag
from liquid.token import TOKEN_EOF, Token

from core.liquid.compiler import options_of
from core.liquid.context import NOWHERE, Context, Output
from core.liquid.expressions import NIL, Literal, Node, RangeOf
from core.liquid.loops import ForLoop, TableLoop, items_of, segment_bounds
from core.liquid.markup import FRAGMENT, FRAGMENT_RE, Markup
from core.liquid.nodes import Body, Item
from core.liquid.parser import Stream, close_block, parse_body
from core.liquid.trace import PairSteps
from core.liquid.values import Value, inspect, output_text, to_i, truthy

_FOR = re.compile(rf"([\w-]+)\s+in\s+((?:{FRAGMENT})+)\s*(reversed)?", re.ASCII)
_TABLEROW = re.compile(rf"(\w+)\s+in\s+((?:{FRAGMENT})+)", re.ASCII)
BREAK = "b"
_NAMED_CYCLE = re.compile(rf"({FRAGMENT})\s*:\s*(.*)", re.ASCII | re.DOTALL)


class For(Item):
    """for, with limit, offset, reversed and else."""

    __slots__ = ("body", "collection", "key", "limit", "offset", "otherwise", "reverse", "variable")

    def __init__(self, token: Token, variable: str, collection: Node, key: str, *, reverse: bool) -> None:
        super().__init__(token, token.start_index, blank=False)
        self.variable, self.collection, self.key, self.reverse = variable, collection, key, reverse
        self.limit: Node = NIL
        self.offset: Node | None = NIL  # None: offset:continue
        self.body = Body([])
        self.otherwise: Body | None = None

    def close(self, end: int) -> None:
        """Settle place and blankness once the bodies are there."""
        self.span = (self.span[0], end)
        bodies = [self.body] if self.otherwise is None else [self.body, self.otherwise]
        self.blank = all(body.blank for body in bodies)
        if self.blank:
            for body in bodies:
                body.drop_text()

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Render the body for each item, or the else when there is none."""
        start, stop = segment_bounds(context, self.offset, self.limit, context.stops.get(self.key, 0))
        value = self.collection.evaluate(context)
        items, first = items_of(value, start, stop)
        context.stops[self.key] = start + len(items)
        if not items:
            return self.otherwise.render(context, buffer) if self.otherwise else 0
        context.tick(len(items))
        if value.__class__ is dict:
            context.trace.adopt_pairs(value, items)
        if self.reverse:
            items = items[::-1]
        origin = context.trace.origin(value) if isinstance(value, list) else None
        if origin.__class__ is PairSteps:
            origin = None
        loop = ForLoop(self.key, len(items), context.loop_drops[-1] if context.loop_drops else None)
        scope: dict[str, Value] = {"forloop": loop}
        context.scopes.insert(0, scope)
        context.loop_drops.append(loop)
        body, variable = self.body, self.variable
        try:
            for index, item in enumerate(items):
                scope[variable] = item
                if origin is not None and not isinstance(item, dict | list):
                    scope["\0" + variable] = (*origin, first + (len(items) - 1 - index if self.reverse else index))
                body.render(context, buffer)
                loop.at += 1
                if context.interrupt:
                    word = context.interrupt[-1]
                    context.interrupt = context.interrupt[:-1]
                    if word == BREAK:
                        break
        finally:
            del context.scopes[0]
            context.loop_drops.pop()
        return 0


class ForTag(Tag):
    """`{% for x in list limit:n offset:n reversed %} {% else %} {% endfor %}`."""

    name = "for"
    end = "endfor"
    ends = frozenset({"else", "endfor"})

    def parse(self, stream: Stream) -> For:  # type: ignore[override]
        """Anything Ruby's pattern skips is reported."""
        opener, markup = stream.head()
        match = _FOR.match(markup.shadow)
        node = self._head(stream, opener, markup, match)
        node.body = parse_body(stream, self.env, self.ends)
        if stream.current.value == "else" and stream.current.kind != TOKEN_EOF:
            stream.head()
            node.otherwise = parse_body(stream, self.env, self.ends)
            if stream.current.value == "else" and stream.current.kind != TOKEN_EOF:
                return self._ended(stream, node)
        node.close(close_block(stream, opener, markup))
        return node

    def _ended(self, stream: Stream, node: For) -> For:
        """Ruby forgets the first else at the second, and ends the loop there."""
        token, markup = stream.head()
        stream.compiler.report(
            "second-else",
            token.start_index,
            max(markup.end, token.start_index + 2),
            "This second else ends the loop, which thereby has an empty one; endfor ends what stands around it.",
            "Take it out; an if inside of the else tells more cases apart.",
        )
        node.close(markup.end)
        node.otherwise = Body([])
        return node

    def _head(self, stream: Stream, opener: Token, markup: Markup, match: re.Match[str] | None) -> For:
        if match is None:
            stream.refuse(opener, markup, "This loop says not what it runs over.", "Write {% for item in list %}.")
            return For(opener, "", NIL, "", reverse=False)
        stream.compiler.known.add(match[1])
        source = markup.match_part(match, 2)
        node = For(opener, match[1], stream.compiler.value(source), f"{match[1]}-{source.text}", reverse=bool(match[3]))
        for option in options_of(markup.shadow):
            value = markup.match_part(option, 2)
            if option[1] == "limit":
                node.limit = stream.compiler.value(value)
            elif option[1] == "offset":
                node.offset = None if value.text == "continue" else stream.compiler.value(value)
        tail = markup.part(match.end(), len(markup)).strip()
        if tail.shadow.startswith("|"):
            stream.compiler.report(
                "filter-in-loop",
                tail.base,
                tail.end,
                "A filter does not work in for; it is ignored.",
                "Assign it first.",
            )
        elif tail.shadow:
            self._judge_tail(stream, tail)
        return node

    def _judge_tail(self, stream: Stream, tail: Markup) -> None:
        """What is neither limit: nor offset: behind the list."""
        at = 0
        for option in options_of(tail.shadow):
            if option[1] in ("limit", "offset"):
                if self._ignored(stream, tail.part(at, option.start())):
                    return
                at = option.end()
        self._ignored(stream, tail.part(at, len(tail)))

    def _ignored(self, stream: Stream, part: Markup) -> bool:
        found = re.search(r"[^\s,].*[^\s,]|[^\s,]", part.shadow, re.ASCII | re.DOTALL)
        if found:
            ignored = part.match_part(found)
            hint = "After the list come reversed, then limit:n and offset:n."
            if ignored.shadow.startswith(".."):
                hint = "Write a range without spaces: (1..3)."
            message = f"{ignored.text[:40]!r} is ignored here."
            stream.compiler.report("ignored-tail", ignored.base, ignored.end, message, hint)
        return bool(found)


class TableRow(Item):
    """tablerow: an HTML table's rows and cells."""

    __slots__ = ("body", "collection", "options", "variable")

    def __init__(self, token: Token, variable: str, collection: Node, options: dict[str, Node]) -> None:
        super().__init__(token, token.start_index, blank=False)
        self.variable, self.collection, self.options = variable, collection, options
        self.body = Body([])

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Rows and cells; the HTML around them is Ruby's, line breaks included."""
        value = self.collection.evaluate(context)
        if not truthy(value):
            return 0
        start, limit, cols = (self._number(context, name) for name in ("offset", "limit", "cols"))
        items, _ = items_of(value, start or 0, None if limit is None else (start or 0) + limit)
        context.tick(len(items))
        loop = TableLoop(len(items), cols or 0)
        scope: dict[str, Value] = {"tablerowloop": loop}
        context.scopes.insert(0, scope)
        buffer.say(self, '<tr class="row1">\n', "tablerow")
        try:
            for item in items:
                scope[self.variable] = item
                buffer.say(self, f'<td class="col{loop.col}">', "tablerow")
                self.body.render(context, buffer)
                buffer.say(self, "</td>", "tablerow")
                if loop.col == loop.cols and loop.at < loop.length - 1:
                    buffer.say(self, f'</tr>\n<tr class="row{loop.row + 1}">', "tablerow")
                loop.step()
        finally:
            del context.scopes[0]
        return buffer.say(self, "</tr>\n", "tablerow")

    def _number(self, context: Context, name: str) -> int | None:
        return to_i(self.options[name].evaluate(context)) if name in self.options else None


class TableRowTag(Tag):
    """`{% tablerow x in list cols:n limit:n offset:n %} {% endtablerow %}`."""

    name = "tablerow"
    end = "endtablerow"

    def parse(self, stream: Stream) -> TableRow:  # type: ignore[override]
        """As Ruby reads it."""
        opener, markup = stream.head()
        match = _TABLEROW.search(markup.shadow)
        if match is None:
            stream.refuse(opener, markup, "This table says not what it runs over.", "Write {% tablerow x in list %}.")
            node = TableRow(opener, "", NIL, {})
        else:
            stream.compiler.known.add(match[1])
            options = {one[1]: stream.compiler.value(markup.match_part(one, 2)) for one in options_of(markup.shadow)}
            node = TableRow(opener, match[1], stream.compiler.value(markup.match_part(match, 2)), options)
        node.body = parse_body(stream, self.env, frozenset({"endtablerow"}))
        node.span = (opener.start_index, close_block(stream, opener, markup))
        node.blank = node.body.blank
        return node


class Cycle(Item):
    """cycle: the next of its values."""

    __slots__ = ("key", "values")

    def __init__(self, token: Token, end: int, key: Node, values: list[Node]) -> None:
        super().__init__(token, end, blank=False)
        self.key, self.values = key, values

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """One value; groups of the same name share their turn."""
        key = repr(self.key.evaluate(context))
        turn = context.cycle(key, len(self.values))
        if turn >= len(self.values):  # a group may have fewer values here than where it was met before
            return 0
        context.met = NOWHERE
        text = output_text(self.values[turn].evaluate(context))
        kind, steps = context.origin()
        return buffer.say(self, text, "cycle", steps if kind == "field" else ())


class CycleTag(Tag):
    """`{% cycle 'a', 'b' %}` or `{% cycle 'group': 'a', 'b' %}`."""

    name = "cycle"
    block = False

    def parse(self, stream: Stream) -> Cycle:  # type: ignore[override]
        """As Ruby reads it: values are parted at every comma."""
        opener, markup = stream.head()
        named = _NAMED_CYCLE.match(markup.shadow)
        listed = markup.match_part(named, 2) if named else markup
        values: list[Node] = []
        at = 0
        for piece in listed.shadow.split(","):
            part = listed.part(at, at + len(piece))
            at += len(piece) + 1
            if match := FRAGMENT_RE.search(part.shadow):
                values.append(stream.compiler.value(part.match_part(match)))
        if not values or not FRAGMENT_RE.match(markup.shadow):
            stream.refuse(opener, markup, "cycle has no values.", "Write {% cycle 'a', 'b' %}.")
        # Ruby's nameless key is the list's inspection, in which variables show their address: a key of its own.
        shown = [_constant(value) for value in values]
        nameless = Literal(f"cycle at {opener.start_index}" if None in shown else f"[{', '.join(map(str, shown))}]")
        key = stream.compiler.value(markup.match_part(named, 1)) if named else nameless
        return Cycle(opener, markup.end, key, values)


def _constant(value: Node) -> str | None:
    """What Ruby shows of a value that is settled before rendering."""
    if isinstance(value, RangeOf) and isinstance(value.first, Literal) and isinstance(value.last, Literal):
        return f"{value.first.value}..{value.last.value}"
    return inspect(value.value) if isinstance(value, Literal) else None


class Interrupt(Item):
    """break and continue. A table takes none of them: there they gather, and each ends one turn of a loop around it."""

    __slots__ = ("kind",)

    def __init__(self, token: Token, end: int) -> None:
        super().__init__(token, end, blank=False)
        self.kind = token.value

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Leave a word for the loop around."""
        context.interrupt += self.kind[0]
        return 0


class BreakTag(Tag):
    """`{% break %}`."""

    name = "break"
    block = False

    def parse(self, stream: Stream) -> Interrupt:  # type: ignore[override]
        """No arguments."""
        token, markup = stream.head()
        return Interrupt(token, markup.end)


class ContinueTag(BreakTag):
    """`{% continue %}`."""

    name = "continue"


LOOP_TAGS: tuple[type[Tag], ...] = (ForTag, TableRowTag, CycleTag, BreakTag, ContinueTag)
