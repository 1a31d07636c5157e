"""The benches' own arithmetic: a goal that is missed must be said to be missed."""

from __future__ import annotations

from tests.bench.measure import Comparison, Side, in_turns

SLOW, FAST = Side("slow", (2.0, 3.0, 4.0)), Side("fast", (1.0, 2.0, 1.0))


def test_a_ratio_of_medians_above_the_goal_is_missed_and_one_at_it_is_met():
    assert Comparison("x", SLOW, FAST, 3.0).met is True
    missed = Comparison("x", SLOW, FAST, 2.9)
    assert missed.met is False
    assert "MISSED" in missed.lines()[0]
    assert missed.as_json()["ratio"] == 3.0


def test_a_limit_on_the_95th_percentile_counts_too():
    assert Comparison("x", FAST, FAST, 1.0, limit=1.5).met is False
    assert Comparison("x", FAST, FAST, 1.0, limit=2.0).met is True
    assert Comparison("x", FAST, FAST, None).met is None


def test_sides_run_in_turns_and_the_warm_turn_is_not_kept():
    order: list[str] = []

    def side(name: str, took: float) -> tuple[str, object]:
        return name, lambda: (order.append(name), took)[1]

    first, second = in_turns(3, (side("a", 1.0), side("b", 2.0)), warm=1)  # type: ignore[arg-type]
    assert "".join(order) == "abababab"
    assert first.turns == (1.0, 1.0, 1.0)
    assert second.median == 2.0
