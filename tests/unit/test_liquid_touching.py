"""Filters on lists: the fields they look at are reads, each at the filter that looked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.liquid.engine import Dataset, Engine
from core.render import RenderData, Rendered

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OFFERS = [{"name": "Latte", "cost": 2, "tags": ["hot"]}, {"name": "cake", "cost": 1, "tags": []}]


def rendered(template: str, offers: Any = OFFERS) -> Rendered:
    return Engine().render(template, Dataset(RenderData(variables={"offers": offers})), connected="stub", now=NOW)


def reads(template: str, offers: Any = OFFERS) -> set[tuple[str, str, bool]]:
    """Expression, path below `offers`, and whether something was there; the read of the list itself is left out."""
    made = rendered(template, offers)
    assert made.status == "rendered"
    assert all(template[one.column - 1 :].startswith(one.expression) for one in made.reads)
    return {(one.expression, ".".join(map(str, one.path[1:])), one.found) for one in made.reads if one.path[1:]}


@pytest.mark.parametrize(
    "written",
    [
        *("map: 'name'", "where: 'name', 'cake'", "where: 'name'", "sort: 'name'", "sort_natural: 'name'"),
        *("uniq: 'name'", "compact: 'name'", "map:'name'", "map : 'name'"),
    ],
)
def test_a_filter_that_looks_at_a_field_of_each_item_reads_it(written: str) -> None:
    assert reads(f"{{{{ offers | {written} | size }}}}") == {(written, "0.name", True), (written, "1.name", True)}


def test_a_field_that_items_lack_is_missing() -> None:
    assert reads("{{ offers | map: 'nmae' }}") == {("map: 'nmae'", "0.nmae", False), ("map: 'nmae'", "1.nmae", False)}


def test_the_name_of_the_field_may_be_a_variable() -> None:
    assert reads("{% assign k = 'cost' %}{{ offers | map: k }}") == {
        ("map: k", "0.cost", True),
        ("map: k", "1.cost", True),
    }


def test_first_and_last_read_the_item_they_take() -> None:
    assert reads("{{ offers | first }}") == {("first", "0", True)}
    assert reads("{{ offers | last }}") == {("last", "1", True)}
    assert reads("{{ offers | last }}", ["a", "b", "c"]) == {("last", "2", True)}
    assert reads("{{ offers | last }}", []) == set()


def test_what_one_filter_leaves_the_next_reads_where_it_stands_in_the_data() -> None:
    found = reads("{{ offers | where: 'name', 'cake' | map: 'cost' | first }}")
    assert ("map: 'cost'", "1.cost", True) in found
    assert ("map: 'cost'", "0.cost", True) not in found
    assert ("last", "0", True) in reads("{{ offers | sort: 'cost' | last }}")


def test_a_list_in_a_field_is_read_as_a_list() -> None:
    made = rendered("{{ offers | map: 'tags' | join }}")
    assert [one.value for one in made.reads[1:]] == ["1 item", "0 items"]


def test_a_long_list_takes_no_room_from_the_next_filter() -> None:
    offers = [{"name": f"offer {number}", "cost": number} for number in range(5_000)]
    made = rendered("{{ offers | where: 'cost' | map: 'name' | size }}", offers)
    assert made.output == "5000"
    counts = [sum(one.expression == written for one in made.reads) for written in ("where: 'cost'", "map: 'name'")]
    assert counts == [50, 50]


def test_what_is_no_list_of_the_data_gives_no_reads_and_what_it_gave_before() -> None:
    assert (
        reads("{{ 'a,b' | split: ',' | first }}{{ 5 | map: 'x' }}{{ nil | sort: 'x' }}{{ offers | sort | size }}", [1])
        == set()
    )
    assert rendered("{{ offers | map: 'name' | join: '+' }}").output == "Latte+cake"
    assert "Liquid error" in rendered("{{ offers | map: 'x' }}", [True, 1.5, [2]]).output
