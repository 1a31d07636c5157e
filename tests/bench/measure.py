"""Measuring in turns, and saying it: medians, ratios, and whether a goal was met."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


class NotThere(Exception):
    """What was to be measured does not exist in this checkout, or not on this machine."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: what it is called and what each turn took, in the comparison's unit."""

    name: str
    turns: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle turn."""
        return statistics.median(self.turns)

    def quantile(self, share: float) -> float:
        """The turn that `share` of all turns do not exceed."""
        ordered = sorted(self.turns)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours against a floor, with peers beside it; `goal` is the highest ratio of medians that counts as met."""

    what: str
    ours: Side
    floor: Side
    goal: float | None
    peers: tuple[Side, ...] = ()
    unit: str = "ms"
    limit: float | None = None
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def ratio(self) -> float:
        """Our median over the floor's."""
        return self.ours.median / self.floor.median

    @property
    def met(self) -> bool | None:
        """Whether the ratio, and the limit on our 95th percentile where there is one, hold; None without a goal."""
        if self.goal is None and self.limit is None:
            return None
        return (self.goal is None or self.ratio <= self.goal) and (
            self.limit is None or self.ours.quantile(0.95) <= self.limit
        )

    def lines(self) -> list[str]:
        """The comparison for people."""
        verdict = {True: "met", False: "MISSED", None: "no goal"}[self.met]
        goal = f"goal <= {self.goal:.3g}x" if self.goal is not None else "goal"
        if self.limit is not None:
            goal += f", p95 <= {self.limit:g} {self.unit}"
        rows = [f"{self.what}: {self.ratio:.2f}x {self.floor.name}   {goal}   {verdict}"]
        for side in (self.ours, self.floor, *self.peers):
            rows.append(
                f"    {side.name:<34} n={len(side.turns):<5} median {side.median:9.3f} {self.unit}"
                f"   p95 {side.quantile(0.95):9.3f}   {side.median / self.floor.median:6.2f}x"
            )
        return rows + [f"    {note}" for note in self.notes]

    def as_json(self) -> dict[str, Any]:
        """The comparison for programs; every turn is in it."""
        sides = [self.ours, self.floor, *self.peers]
        return {
            "what": self.what,
            "unit": self.unit,
            "ratio": self.ratio,
            "goal": self.goal,
            "limit_p95": self.limit,
            "met": self.met,
            "notes": list(self.notes),
            "sides": [{**asdict(side), "n": len(side.turns), "median": side.median} for side in sides],
        }


def in_turns(count: int, sides: Sequence[tuple[str, Callable[[], float]]], *, warm: int = 1) -> list[Side]:
    """Run every side once per turn, `count` turns after `warm` that are not kept; a side answers what it took."""
    taken: dict[str, list[float]] = {name: [] for name, _ in sides}
    for turn in range(warm + count):
        for name, once in sides:
            took = once()
            if turn >= warm:
                taken[name].append(took)
    return [Side(name, tuple(turns)) for name, turns in taken.items()]
