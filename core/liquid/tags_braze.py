"""Small tags of Braze's own: abort_message, message_extras, promotion, random."""

from __future__ import annotations

import re

from liquid import Tag
from liquid.token import Token

from core.liquid.compiler import Compiler
from core.liquid.context import Context, Output
from core.liquid.expressions import Literal, Node, path
from core.liquid.faults import Aborted
from core.liquid.lexer import WHITESPACE
from core.liquid.markup import Markup
from core.liquid.mixed import Mixed
from core.liquid.nodes import Item
from core.liquid.parser import Stream
from core.liquid.switches import left_open
from core.liquid.tags_cart import CartTag
from core.liquid.tags_translation import TranslationTag
from core.liquid.values import output_text, to_i, to_s
from core.liquid.words import Nothing, words

ABORT_REASON = "{% abort_message %} called"  # Braze docs, "Message Activity Log"
EXTRAS_LIMIT = 1024  # Braze docs, "Message extras": bytes in all
_ABORT = re.compile(r"""\s*(?:\(\s*(?:(["']).*\1|(?!["'])[^()]*)\s*\))?\s*""", re.ASCII | re.DOTALL)
_PROMOTION = re.compile(r"""\s*\(\s*(["'])[^"'{}]+\1\s*\)\s*""", re.ASCII)
_SIDES = re.compile(r"0*[1-9]\d*", re.ASCII)
_PAIR = re.compile(r"(?<!\S):(?:key|value)(?!\S)")
_EXTRAS = re.compile(r"\s*:key\s+(.*?)\s+:value\s+(.*?)\s*", re.ASCII | re.DOTALL)


def argument(text: str) -> str:
    """The text between the brackets of `('why')`, its quotes taken off; brackets and quotes may be missing."""
    text = text.strip(WHITESPACE)
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip(WHITESPACE)
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    return text


class Abort(Item):
    """abort_message."""

    __slots__ = ("reason",)

    def __init__(self, token: Token, end: int, reason: str) -> None:
        super().__init__(token, end, blank=False)
        self.reason = reason

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Raises Aborted: the message is not sent."""
        raise Aborted(self.reason)


class AbortTag(Tag):
    """`{% abort_message('why') %}`, brackets, quotes and reason optional."""

    name = "abort_message"
    block = False

    def parse(self, stream: Stream) -> Abort:  # type: ignore[override]
        """The reason is a literal: no Liquid inside."""
        token, markup = stream.head()
        reason = argument(markup.text)
        if "{{" in reason or "${" in reason:
            message = "The reason of an abort is plain text: Liquid in it is logged as it stands."
            stream.compiler.report("tag-form", token.start_index, markup.end, message, "Take the Liquid out.")
        elif not _ABORT.fullmatch(markup.text):
            message = f"Here the reason is {reason[:40]}."
            stream.compiler.report(
                "tag-form", token.start_index, markup.end, message, "Write {% abort_message('why') %}."
            )
        return Abort(token, markup.end, reason or ABORT_REASON)


class Extras(Item):
    """message_extras."""

    __slots__ = ("key", "value")

    def __init__(self, token: Token, end: int, key: Node, value: Node) -> None:
        super().__init__(token, end, blank=True)
        self.key, self.value = key, value

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Attach a text under a key; the first of a key wins."""
        key = output_text(self.key.evaluate(context)).strip(WHITESPACE)
        value = output_text(self.value.evaluate(context)).strip(WHITESPACE)
        if key in context.message_extras:
            context.report("message-extras", *self.span, f"The key {key} is set twice; the first stays.", "Drop one.")
        context.message_extras.setdefault(key, value)
        size = _size_of(context.message_extras)
        if size > EXTRAS_LIMIT:
            message = f"The extras take {size} bytes; Braze keeps 1 KB in all."
            context.report("message-extras", *self.span, message, left_open("extras_limit"))
            if context.data.switches.extras_limit == "aborted":
                raise Aborted("The message extras are larger than 1 KB.")
            kept = context.message_extras[key].encode()[: EXTRAS_LIMIT - size]  # a negative count: from the end
            context.message_extras[key] = kept.decode(errors="ignore") if len(kept) else ""
        return 0


def _size_of(extras: dict[str, str]) -> int:
    return sum(len(name.encode()) + len(text.encode()) for name, text in extras.items())


class ExtrasTag(Tag):
    """`{% message_extras :key k :value v %}`."""

    name = "message_extras"
    block = False

    def parse(self, stream: Stream) -> Item:  # type: ignore[override]
        """Key before value; both may be wrapped variables."""
        token, markup = stream.head()
        match = _EXTRAS.fullmatch(markup.shadow)
        if match is None or not match[1] or not match[2]:
            stream.compiler.report(
                "message-extras",
                token.start_index,
                markup.end,
                "These extras are malformed; Braze may not send them.",
                "Write {% message_extras :key name :value {{value}} %}, key first.",
            )
            return Nothing(token, markup.end, blank=True)
        if _PAIR.search(match[2]):
            message = "A second :key or :value is part of the text here: one tag takes one pair."
            stream.compiler.report(
                "message-extras", token.start_index, markup.end, message, "Write a tag of its own for each pair."
            )
        key, value = (_text_node(stream.compiler, markup.match_part(match, group)) for group in (1, 2))
        return Extras(token, markup.end, key, value)


def _text_node(compiler: Compiler, part: Markup) -> Node:
    found = words(compiler, part)
    return found[0] if len(found) == 1 else Mixed(compiler, part)


class Promotion(Item):
    """promotion."""

    __slots__ = ("expression", "name")

    def __init__(self, token: Token, end: int, name: str) -> None:
        super().__init__(token, end, blank=False)
        self.name = name
        self.expression = path("promotions", (name,), space=None, text=f"promotion('{name}')", start=self.at)

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """One code, the same all through a message. Raises Aborted when the list is empty."""
        codes = context.data.promotions.get(self.name)
        if codes is None:
            context.report(
                "no-promotion-data",
                *self.span,
                f"The data has no promotion list {self.name}.",
                'Give it: {"promotions": {"list": ["CODE"]}}.',
            )
            return 0
        if not codes:
            raise Aborted(f"The promotion code list {self.name} is empty or expired.")
        code, place = to_s(codes[0]), ("promotions", self.name, 0)
        context.took(self.expression, place, code)
        return buffer.say(self, code, "promotion", place)


class PromotionTag(Tag):
    """`{% promotion('list') %}`."""

    name = "promotion"
    block = False

    def parse(self, stream: Stream) -> Item:  # type: ignore[override]
        """Every list a message mentions is charged, branches not taken included."""
        token, markup = stream.head()
        name = argument(markup.text)
        if not _PROMOTION.fullmatch(markup.text):
            wrong = "A promotion list is named in quotes, without Liquid." if name else "This promotion names no list."
            hint = f"Write {{% promotion('{'list' if '{' in name or not name else name}') %}}."
            stream.compiler.report("tag-form", token.start_index, markup.end, wrong, hint)
        if not name:
            return Nothing(token, markup.end, blank=True)
        stream.promotions[name] = None
        return Promotion(token, markup.end, name)


class Dice(Item):
    """random."""

    __slots__ = ("sides",)

    def __init__(self, token: Token, end: int, sides: Node | None) -> None:
        super().__init__(token, end, blank=False)
        self.sides = sides

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """A float in [0, 1), or a whole number from 0 below the number given."""
        if self.sides is None:
            return buffer.say(self, to_s(context.random.random()), "random")
        return buffer.say(self, str(context.random.randrange(max(to_i(self.sides.evaluate(context)), 1))), "random")


class RandomTag(Tag):
    """`{% random %}` or `{% random 10 %}`."""

    name = "random"
    block = False

    def parse(self, stream: Stream) -> Dice:  # type: ignore[override]
        """The number may be wrapped."""
        token, markup = stream.head()
        found = words(stream.compiler, markup)
        if len(found) > 1 or (found and isinstance(found[0], Literal) and not _SIDES.fullmatch(str(found[0].value))):
            message = f"random takes one whole number above 0, not {markup.text.strip()[:40]}."
            hint = "Write {% random 10 %}; a variable is wrapped: {% random {{n}} %}."
            stream.compiler.report("tag-form", token.start_index, markup.end, message, hint)
        return Dice(token, markup.end, found[0] if found else None)


class LandingPage(Item):
    """landing_page_url."""

    __slots__ = ("expression",)

    def __init__(self, token: Token, end: int) -> None:
        super().__init__(token, end, blank=False)
        self.expression = path(token.value, (), space=None, text=token.value, start=self.at)

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """The address out of the data's variable of that name."""
        url = context.globals.get("landing_page_url")
        if url is None:
            hint = 'Give it: {"variables": {"landing_page_url": "https://..."}}.'
            context.report("no-landing-page", *self.span, "The data has no address of a landing page.", hint)
            return 0
        context.took(self.expression, ("landing_page_url",), url)
        return buffer.say(self, to_s(url), "field", ("landing_page_url",))


class LandingPageTag(Tag):
    """`{% landing_page_url %}`; Braze's pages mention it and say nothing of its arguments."""

    name = "landing_page_url"
    block = False

    def parse(self, stream: Stream) -> LandingPage:  # type: ignore[override]
        """Arguments are read over."""
        token, markup = stream.head()
        return LandingPage(token, markup.end)


BRAZE_TAGS: tuple[type[Tag], ...] = (
    *(AbortTag, ExtrasTag, PromotionTag, TranslationTag, CartTag, RandomTag, LandingPageTag),
)
