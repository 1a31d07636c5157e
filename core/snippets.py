"""What a workspace lends to messages, as drafts to look at and to write on: Content Blocks and items of catalogs."""

from __future__ import annotations

import re

from core.messages import Draft, one_kind_of_break
from core.templates import CatalogItem, ListedCatalog

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,250}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_SHOWN = 60


def draft_from_block(name: str, text: str) -> Draft:
    """A Content Block's text as a draft; Braze itself is never written."""
    return Draft(_short(name), one_kind_of_break(text), "content block", None, is_saved=True)


def draft_from_item(item: CatalogItem) -> Draft:
    """A draft that reads the item, a line for each of its columns (Braze docs, "Using catalogs")."""
    first, wanted = "", item.id
    if not _PLAIN.fullmatch(item.id):
        first, wanted = f"{{% assign wanted = {_quoted(item.id)} %}}\n", "{{wanted}}"
    columns = [name for name in item.columns if name != "id"] or ["id"]
    lines = "".join(f"{_label(name)}: {{{{items[0]{_step(name)}}}}}\n" for name in columns)
    text = f"{first}{{% catalog_items {_tame(item.catalog)} {wanted} %}}\n{lines}"
    return Draft(_short(f"{item.catalog} · {item.id}"), one_kind_of_break(text), "catalog item", None, is_saved=True)


def columns_words(catalog: ListedCatalog) -> str:
    """`id string, title string, price number`."""
    return ", ".join(f"{name} {kind}".rstrip() for name, kind in catalog.columns)


def count_words(catalog: ListedCatalog, shown: int) -> str:
    """`3 items`, or `The first 50 of 127 items`."""
    if shown >= catalog.size:
        return f"{shown} item{'s' * (shown != 1)}"
    return f"The first {shown} of {catalog.size:,} items"


def item_words(item: CatalogItem) -> str:
    """What stands in an item, in short: `Flat white · 4.2 · false`."""
    values = [value for name, value in item.columns.items() if name != "id" and value is not None]
    words = (str(value).lower() if isinstance(value, bool) else str(value) for value in values)
    return " · ".join(" ".join(word.split())[:_SHOWN] for word in words)[: 3 * _SHOWN]


def _short(name: str) -> str:
    return "".join(character if character.isprintable() else "_" for character in name)[:80]


def _label(name: str) -> str:
    return name.replace("{", "(").replace("}", ")")


def _step(name: str) -> str:
    return f".{name}" if _NAME.fullmatch(name) else f"[{_quoted(name)}]"


def _quoted(text: str) -> str:
    quote = '"' if "'" in text else "'"
    return quote + _tame(text).replace(quote, "") + quote


def _tame(text: str) -> str:
    """Without braces: in quotes too they would end the tag around them, and what follows would act as Liquid."""
    return text.replace("{", "").replace("}", "")
