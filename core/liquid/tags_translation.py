"""translation (Braze docs, "Locales in messages"): a text under an id, replaced by the user's language."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from liquid import Tag
from liquid.token import Token

from core.liquid.content_blocks import borrow
from core.liquid.context import Context, Output
from core.liquid.expressions import path
from core.liquid.lexer import WHITESPACE
from core.liquid.nodes import Body, Item
from core.liquid.parser import Stream, close_block, parse_body
from core.liquid.trace import Steps
from core.render import RenderData


class Translation(Item):
    """The translation of the user's locale, or the default text."""

    __slots__ = ("body", "expression", "id")

    def __init__(self, token: Token, end: int, name: str, body: Body) -> None:
        super().__init__(token, end, blank=False)
        self.id, self.body = name, body
        self.expression = path("translations", (name,), space=None, text=f"translation {name}", start=self.at)

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Liquid in a translation is rendered like the default text's; that it may hold some is inferred."""
        given = [(name, texts) for one in locales_of(context.data) for name, texts in _of_locale(context.data, one)]
        for locale, texts in given:
            if (text := texts.get(self.id)) is not None:
                return self._say(context, buffer, text, ("translations", locale, self.id))
        if given and self.id:
            message = f"The user's locale has no translation {self.id}; the default text stays."
            context.report("missing-translation", *self.span, message, "Add it to the translations.")
        return self.body.render(context, buffer)

    def _say(self, context: Context, buffer: Output, text: str, place: Steps) -> int:
        context.took(self.expression, place, text)
        whose = f"the translation {self.id}"
        made = borrow(context, whose, self.expression, self.span, lambda: context.render_text(text), nests=False)
        if made:
            buffer.adopt(self, len(made), context.borrowed_pieces, ("translation", place))
        return buffer.write(made)


def locales_of(data: RenderData) -> list[str]:
    """The locales to look in, best first: the one given, else language and country, language; then that for all."""
    language, country = (str(data.attributes.get(name) or "") for name in ("language", "country"))
    own = [data.locale] if data.locale else [f"{language}-{country}"] * bool(country) + [language]
    return [*filter(None, own), ""]


def _of_locale(data: RenderData, locale: str) -> list[tuple[str, Mapping[str, str]]]:
    """A locale's name and texts as the data has them, if it has; case and the sign in `pt-BR` do not matter."""
    wanted = locale.replace("_", "-").lower()
    found = ((name, texts) for name, texts in data.translations.items() if name.replace("_", "-").lower() == wanted)
    return [one for one in islice(found, 1) if one[1]]


class TranslationTag(Tag):
    """`{% translation id %}default text{% endtranslation %}`."""

    name = "translation"
    end = "endtranslation"

    def parse(self, stream: Stream) -> Translation:  # type: ignore[override]
        """Ids are unique in a message, and none holds another."""
        opener, markup = stream.head()
        name = markup.text.strip(WHITESPACE)
        problem = _problem(stream, name)
        if problem:
            hint = "Give each an id of its own, one after the other."
            stream.compiler.report("translation-id", opener.start_index, markup.end, problem, hint)
        stream.translations.add(name)
        body = parse_body(stream, self.env, frozenset({"endtranslation"}))
        return Translation(opener, close_block(stream, opener, markup), name, body)


def _problem(stream: Stream, name: str) -> str:
    if not name:
        return "This translation has no id."
    if not name.isprintable() or any(sign in name for sign in " \"'{}"):
        return f"{name[:40]} is no id: it is one word without quotes or Liquid."
    if name in stream.translations:
        return f"The translation id {name} is used twice."
    inside = any("endtranslation" in ends for ends in stream.open_ends)
    return f"The translation {name} stands inside another one." if inside else ""
