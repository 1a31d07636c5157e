"""Content Blocks and catalog items as drafts: what a template can read of them, spelt so that it renders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.liquid.engine import Dataset, Engine
from core.render import RenderData
from core.snippets import columns_words, count_words, draft_from_block, draft_from_item, item_words
from core.templates import CatalogItem, ListedCatalog

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def item(item_id: str = "oolong", **columns: Any) -> CatalogItem:
    return CatalogItem("menu", item_id, {"id": item_id, **columns})


def test_an_item_is_read_column_by_column() -> None:
    draft = draft_from_item(item(title="Oolong", price=3.8))
    assert draft.text == "{% catalog_items menu oolong %}\ntitle: {{items[0].title}}\nprice: {{items[0].price}}\n"
    assert (draft.name, draft.origin, draft.is_saved) == ("menu · oolong", "catalog item", True)


@pytest.mark.parametrize("item_id", ["plain-1", "two words", "it's", 'a"b', "ünï", "%}"])
@pytest.mark.parametrize("column", ["title", "two words", "it's", "größe", "a-b"])
def test_whatever_an_item_and_its_columns_are_called_the_draft_prints_them(item_id: str, column: str) -> None:
    one = item(item_id, **{column: "Oolong"})
    data = RenderData(catalogs={"menu": {item_id: one.columns}})
    made = Engine().render(draft_from_item(one).text, Dataset(data), connected="stub", now=NOW)
    if item_id == "%}":  # no tag can hold it; it ends as a problem, not as another text
        assert made.problems
    else:
        assert (made.output.strip(), made.problems) == (f"{column}: Oolong", ())


_ACTS = "{% abort_message('it acts') %}"


@pytest.mark.parametrize(
    "item",
    [
        CatalogItem("menu", "i1", {"id": "i1", f"x'\"]}}}}{_ACTS}": 1}),
        CatalogItem("menu", f"a' %}}{_ACTS}", {"id": "i1", "title": 1}),
        CatalogItem(f"menu i1 %}}{_ACTS}", "i1", {"id": "i1", "title": 1}),
    ],
    ids=["a column", "an id", "a catalog"],
)
def test_no_name_of_braze_acts_as_liquid_in_a_draft(item: CatalogItem) -> None:
    engine, data = Engine(), Dataset(RenderData())
    assert engine.render(_ACTS, data, connected="off", now=NOW).status == "aborted", "the control"
    assert engine.render(draft_from_item(item).text, data, connected="off", now=NOW).status != "aborted"


def test_a_block_is_its_text_with_one_kind_of_line_break() -> None:
    draft = draft_from_block("foo\nter", "<p>one</p>\r\n{{${first_name}}}")
    assert (draft.name, draft.text, draft.origin) == (
        "foo_ter",
        "<p>one</p>\n{{${first_name}}}",
        "content block",
    )


def test_a_catalog_says_its_columns_and_how_much_of_it_is_shown() -> None:
    shops = ListedCatalog("shops", (("id", "string"), ("seats", "number"), ("odd", "")), 1270)
    assert columns_words(shops) == "id string, seats number, odd"
    assert (count_words(shops, 50), count_words(ListedCatalog("m", (), 1), 1)) == (
        "The first 50 of 1,270 items",
        "1 item",
    )
    assert item_words(item(title="Flat\nwhite", price=4.2, vegan=False, note=None)) == "Flat white · 4.2 · false"
