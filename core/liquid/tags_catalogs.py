"""catalog_items and catalog_selection_items (Braze docs, "Using catalogs" and "Catalog selections")."""

from __future__ import annotations

from typing import Any, TextIO

from liquid import Tag
from liquid.token import Token

from core.liquid.context import Context
from core.liquid.expressions import Literal, Node
from core.liquid.nodes import Item
from core.liquid.parser import Stream
from core.liquid.values import Value, output_text
from core.liquid.words import Nothing, words


class CatalogItems(Item):
    """catalog_items and catalog_selection_items."""

    __slots__ = ("catalog", "keys", "rerender", "selection")

    def __init__(
        self, token: Token, end: int, catalog: Node, keys: list[Node], *, rerender: bool, selection: bool
    ) -> None:
        super().__init__(token, end, blank=True)
        self.catalog, self.keys, self.rerender, self.selection = catalog, keys, rerender, selection

    def render(self, context: Context, buffer: TextIO) -> int:  # type: ignore[override]
        """Set `items`: rows in the order asked for; an unknown id gives none."""
        if context.tags_off:
            return 0
        name = output_text(self.catalog.evaluate(context))
        wanted = [output_text(key.evaluate(context)) for key in self.keys]
        rows = context.data.catalogs.get(name)
        if self.selection and rows is not None:
            chosen = context.data.selections.get(name, {}).get(wanted[0] if wanted else "")
            wanted, rows = (chosen or [])[:50], rows if chosen is not None else None
        if rows is None:
            what = f"selection {wanted[0] if wanted else ''} of the catalog" if self.selection else "catalog"
            context.report(
                "no-catalog-data", *self.span, f"The data has no {what} {name}.", "items is empty in this preview."
            )
        found: list[Any] = [rows[key] for key in wanted if key in rows] if rows else []
        if self.rerender:
            found = [{name: _rerendered(context, cell) for name, cell in row.items()} for row in found]
        else:
            context.trace.adopt("items", found)
        context.set("items", found)
        return 0


def _rerendered(context: Context, cell: Value) -> Value:
    return context.render_text(cell) if isinstance(cell, str) and "{" in cell else cell


class CatalogTag(Tag):
    """`{% catalog_items catalog id [id ...] [:rerender] %}`."""

    name = "catalog_items"
    block = False
    selection = False

    def parse(self, stream: Stream) -> Item:  # type: ignore[override]
        """Ids are parted by spaces; a variable id is wrapped."""
        token, markup = stream.head()
        found = words(stream.compiler, markup)
        rerender = any(isinstance(one, Literal) and one.value == ":rerender" for one in found)
        found = [one for one in found if not (isinstance(one, Literal) and str(one.value).startswith(":"))]
        if len(found) < 2:
            stream.compiler.report(
                "catalog-syntax", token.start_index, markup.end, f"{self.name} wants a catalog and an id.", "Add them."
            )
            return Nothing(token, markup.end, blank=True)
        return CatalogItems(token, markup.end, found[0], found[1:], rerender=rerender, selection=self.selection)


class SelectionTag(CatalogTag):
    """`{% catalog_selection_items catalog selection %}`."""

    name = "catalog_selection_items"
    selection = True


CATALOG_TAGS: tuple[type[Tag], ...] = (CatalogTag, SelectionTag)
