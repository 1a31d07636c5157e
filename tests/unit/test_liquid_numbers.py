"""Numbers that are none: what Ruby prints of NaN and Infinity, and never an internal error."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.liquid.engine import Dataset, Engine
from core.render import RenderData

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NUMBERS = "{% assign nan = 0.0 | divided_by: 0 %}{% assign inf = 1.0 | divided_by: 0 %}"


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("nan | divided_by: 0", "NaN"),
        ("nan | modulo: 0", "NaN"),
        ("2 | modulo: nan", "NaN"),
        ("inf | minus: inf", "NaN"),
        ("inf | times: 0", "NaN"),
        ("-5.5 | modulo: inf", "-5.5"),
        ("nan | abs", "NaN"),
        ("nan | at_least: 1", "NaN"),
        ("2 | at_most: nan", "2"),
        ("nan | round: 2", "NaN"),
        ("inf | round", "Liquid error: Computation results in 'Infinity'"),
        ("1.5 | round: nan", "Liquid error: Computation results in 'NaN' (Not a Number)"),
        ("1.5 | modulo: 0", "Liquid error: divided by 0"),
    ],
)
def test_numbers_that_are_none_are_reckoned_with_as_ruby_does(expression: str, printed: str) -> None:
    made = Engine().render(NUMBERS + f"{{{{ {expression} }}}}", Dataset(RenderData()), connected="off", now=NOW)
    assert made.output == printed
    assert "internal-error" not in [one.rule for one in made.problems]


def test_what_ruby_itself_calls_internal_is_no_fault_of_this_program() -> None:
    data = Dataset(RenderData.from_json({"variables": {"s": "text"}}))
    made = Engine().render("{% increment s %}", data, connected="off", now=NOW)
    assert made.output == "Liquid error: internal"
    assert [one.rule for one in made.problems if one.severity == "error"] == ["liquid-error"]
