"""Golden: each case of tests/golden/liquid renders to the text, status and problems written down for it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.liquid.engine import Dataset, Engine
from core.liquid.rules import RULES
from core.render import RenderData

FILES = sorted((Path(__file__).parents[1] / "golden" / "liquid").glob("*.json"))
CASES = [
    pytest.param(case, id=f"{file.stem}: {case['name']}") for file in FILES for case in json.loads(file.read_text())
]
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_there_are_cases_and_each_names_its_page() -> None:
    assert len(CASES) >= 700
    assert all(case.values[0]["source"] for case in CASES)


@pytest.mark.parametrize("case", CASES)
def test_the_case_renders_as_written(case: dict[str, Any]) -> None:
    dataset = Dataset(RenderData.from_json(case["data"]))
    made = Engine().render(case["template"], dataset, connected="stub", now=NOW)
    assert (made.output, made.status) == (case["output"], case["status"])
    assert sorted({problem.rule for problem in made.problems}) == case["problems"]
    for name in ("abort_reason", "message_extras"):
        if name in case:
            assert getattr(made, name) == case[name]
    if "promotions" in case:
        assert list(made.promotions) == case["promotions"]
    for problem in made.problems:
        assert problem.message
        assert problem.severity == RULES[problem.rule].severity
        assert 1 <= problem.line <= problem.end_line <= case["template"].count("\n") + 1
