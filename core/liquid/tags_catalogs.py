"""catalog_items and catalog_selection_items (Braze docs, "Using catalogs" and "Catalog selections")."""

from __future__ import annotations

from itertools import islice
from typing import Any

from liquid import Tag
from liquid.token import Token

from core.liquid.content_blocks import borrow, without_tags
from core.liquid.context import Context, Output
from core.liquid.expressions import Literal, Node, path
from core.liquid.nodes import Item
from core.liquid.parser import Stream
from core.liquid.problems import nearest
from core.liquid.values import Value, output_text
from core.liquid.words import Nothing, words

MOST_TOLD = 5  # missing items of one tag


class CatalogItems(Item):
    """catalog_items and catalog_selection_items."""

    __slots__ = ("catalog", "keys", "reader", "rerender", "selection")

    def __init__(
        self, token: Token, end: int, catalog: Node, keys: list[Node], *, rerender: bool, selection: bool
    ) -> None:
        super().__init__(token, end, blank=True)
        self.catalog, self.keys, self.rerender, self.selection = catalog, keys, rerender, selection
        self.reader = path("items", (), space=None, text=token.value, start=self.at)

    def render(self, context: Context, buffer: Output) -> int:  # type: ignore[override]
        """Set `items`: rows in the order asked for; an unknown id gives none."""
        if context.tags_off:
            return 0
        name = output_text(self.catalog.evaluate(context))
        wanted = [output_text(key.evaluate(context)) for key in self.keys]
        if self.selection:
            found = self._selected(context, name, wanted[0] if wanted else "")
        else:
            found = self._items(context, name, wanted, f"catalog {name}")
        if self.rerender:
            found = [{name: self._rerendered(context, name, cell) for name, cell in row.items()} for row in found]
        context.trace.adopt("items", found)
        context.set("items", found)
        return 0

    def _selected(self, context: Context, name: str, selection: str) -> list[Any]:
        """No endpoint tells what a selection holds, so only the data can."""
        what = f"selection {selection} of the catalog {name}"
        chosen = context.data.selections.get(name, {}).get(selection)
        if chosen is None:
            self._report(context, "no-catalog-data", f"The data has no {what}.")
            return []
        return self._items(context, name, chosen[:50], what)

    def _items(self, context: Context, name: str, wanted: list[str], what: str) -> list[Any]:
        """The rows of the data; what it does not hold is asked of the port. What is missing is one problem a rule."""
        rows = context.data.catalogs.get(name)
        found: list[Any] = []
        missing: dict[str, dict[str, str]] = {}  # messages with their hints, by rule
        for key in wanted:
            if rows is not None and key in rows:
                found.append(rows[key])
                continue
            if not key:
                hint = "Check the variable it comes from."
                missing.setdefault("catalog-item-missing", {})["An id is empty here, so there is no item."] = hint
                continue
            answer = context.connected.item(name, key, context.anchor or self.span)
            if answer is not None and answer.value is not None:
                found.append(answer.value)
            elif answer is not None:
                rule = "catalog-unread" if answer.failed else "catalog-item-missing"
                missing.setdefault(rule, {})[answer.words] = answer.hint
            elif rows is not None:
                near = nearest(key, [*rows])
                hint = f"Did you mean {near}?" if near else "Check its id, or give the item in the data."
                missing.setdefault("catalog-item-missing", {})[f"The catalog {name} has no item {key}."] = hint
            else:
                missing.setdefault("no-catalog-data", {})[f"The data has no {what}."] = ""
        for rule, told in missing.items():
            words = [*islice(told, MOST_TOLD)]
            more = f" And {len(told) - len(words)} more." if len(told) > len(words) else ""
            self._report(context, rule, " ".join(words) + more, next(filter(None, told.values()), ""))
        return found

    def _rerendered(self, context: Context, column: str, cell: Value) -> Value:
        """A cell's Liquid, in which neither catalogs nor connected content are called again."""
        if not isinstance(cell, str) or "{" not in cell:
            return cell
        whose = f"the column {column}"
        return borrow(context, whose, self.reader, self.span, lambda: without_tags(context, cell), nests=False)

    def _report(self, context: Context, rule: str, message: str, hint: str = "") -> None:
        context.report(rule, *self.span, message, hint or "items is empty in this preview.")


class CatalogTag(Tag):
    """`{% catalog_items catalog id [id ...] [:rerender] %}`."""

    name = "catalog_items"
    block = False
    selection = False

    def parse(self, stream: Stream) -> Item:  # type: ignore[override]
        """Ids are parted by spaces; a variable id is wrapped."""
        token, markup = stream.head()
        stream.compiler.assigned.add("items")
        found = words(stream.compiler, markup)
        options = [one for one in found if isinstance(one, Literal) and str(one.value).startswith(":")]
        rerender = any(one.value == ":rerender" for one in options)
        found = [one for one in found if one not in options]
        if problem := self._problem(stream, found, options):
            stream.compiler.report("catalog-syntax", token.start_index, markup.end, *problem)
        if len(found) < 2:
            stream.compiler.report(
                "catalog-syntax", token.start_index, markup.end, f"{self.name} wants a catalog and an id.", "Add them."
            )
            return Nothing(token, markup.end, blank=True)
        return CatalogItems(token, markup.end, found[0], found[1:], rerender=rerender, selection=self.selection)

    def _problem(self, stream: Stream, found: list[Node], options: list[Literal]) -> tuple[str, str] | None:
        """What is wrong in a tag that can be read all the same, and what to do."""
        made = stream.compiler.assigned | stream.compiler.known
        for option in options:
            if option.value != ":rerender":
                return f"There is no option {option.value}.", "Known: :rerender."
        for key in found[1:]:
            text = str(key.value) if isinstance(key, Literal) else ""
            if "," in text:
                return f"The comma belongs to the id {text}.", "Ids are parted by spaces."
            if text in made:
                return f"{text} is taken for an id as it stands.", f"A variable is wrapped: {{{{{text}}}}}."
        if self.selection and len(found) > 2:
            return "One selection at a time: what follows is ignored.", "Take it out."
        return None


class SelectionTag(CatalogTag):
    """`{% catalog_selection_items catalog selection %}`."""

    name = "catalog_selection_items"
    selection = True


CATALOG_TAGS: tuple[type[Tag], ...] = (CatalogTag, SelectionTag)
