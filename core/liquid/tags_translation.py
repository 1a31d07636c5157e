"""translation (Braze docs, "Locales in messages"): a text under an id, replaced by the user's language."""

from __future__ import annotations

from typing import TextIO

from liquid import Tag
from liquid.token import Token

from core.liquid.content_blocks import borrow
from core.liquid.context import Context
from core.liquid.lexer import WHITESPACE
from core.liquid.nodes import Body, Item
from core.liquid.parser import Stream, close_block, parse_body
from core.render import RenderData


class Translation(Item):
    """The translation of the user's locale, or the default text."""

    __slots__ = ("body", "id")

    def __init__(self, token: Token, end: int, name: str, body: Body) -> None:
        super().__init__(token, end, blank=False)
        self.id, self.body = name, body

    def render(self, context: Context, buffer: TextIO) -> int:  # type: ignore[override]
        """Liquid in a translation is rendered like the default text's; that it may hold some is inferred."""
        given = [texts for locale in locales_of(context.data) if (texts := _of_locale(context.data, locale))]
        text = next((texts[self.id] for texts in given if self.id in texts), None)
        if text is not None:
            known = text
            whose = f"the translation {self.id}"
            return buffer.write(borrow(context, whose, self.span, lambda: context.render_text(known), nests=False))
        if given:
            message = f"The user's locale has no translation {self.id}; the default text stays."
            context.report("missing-translation", *self.span, message, "Add it to the translations.")
        return self.body.render(context, buffer)


def locales_of(data: RenderData) -> list[str]:
    """The locales to look in, best first: the one given, else language and country, language; then that for all."""
    language, country = (str(data.attributes.get(name) or "") for name in ("language", "country"))
    own = [data.locale] if data.locale else [f"{language}-{country}"] * bool(country) + [language]
    return [*filter(None, own), ""]


def _of_locale(data: RenderData, locale: str) -> dict[str, str] | None:
    """The texts of a locale; case and the sign in `pt-BR` do not matter."""
    wanted = locale.replace("_", "-").lower()
    found = (texts for name, texts in data.translations.items() if name.replace("_", "-").lower() == wanted)
    return dict(next(found, {})) or None


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
    if name in stream.translations:
        return f"The translation id {name} is used twice."
    inside = any("endtranslation" in ends for ends in stream.open_ends)
    return f"The translation {name} stands inside another one." if inside else ""
