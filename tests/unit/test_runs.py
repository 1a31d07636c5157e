"""A run is driven once, tells every move, and ends in a receipt or in the reason why nothing left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.calls import Call, Effect, Service
from core.errors import Guarded
from core.outcomes import Outcome
from core.plans import Confirmation, Plan, PlanKind, Receipt
from core.profiles import Environment
from core.runs import Run, Runs, Stage

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class StillClock:
    """A clock that stands at NOW unless it is moved."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment

    def monotonic_s(self) -> float:
        return self.moment.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def plan_of(plan_id: str = "p1") -> Plan:
    call = Call("core.tags.post", Service.CORE, "POST", ("users", "42", "tags"), Effect.WRITE, body=b'{"tags":["a"]}')
    return Plan(
        plan_id, PlanKind.TAG, "demo", Environment.SANDBOX, "http://127.0.0.1:1", call, "42", "a", ("42",), (), (), NOW
    )


def yes(plan: Plan) -> Confirmation:
    return Confirmation(plan.id, plan.digest)


def receipt_of(plan: Plan) -> Receipt:
    return Receipt(plan.id, Outcome.SENT, "accepted", (), 200, "", NOW + timedelta(seconds=3), 0.1, 2)


class Executor:
    """Stands in for a desk: waits `waits` seconds each, then answers or raises; counts how often it was asked."""

    def __init__(self, *waits: float, error: Exception | None = None) -> None:
        self.waits, self.error, self.count = waits, error, 0

    async def __call__(
        self, plan: Plan, confirmation: Confirmation, *, on_wait: Callable[[float], None] | None = None
    ) -> Receipt:
        self.count += 1
        for seconds in self.waits:
            assert on_wait is not None
            on_wait(seconds)
        if self.error is not None:
            raise self.error
        return receipt_of(plan)


def run_of(plan: Plan) -> Run:
    return Run(plan, yes(plan), StillClock())


async def test_every_move_is_told_and_the_last_one_has_the_receipt():
    plan = plan_of()
    run, told = run_of(plan), []
    await run.drive(Executor(3.0), lambda moved: told.append(moved.standing))
    assert [standing.stage for standing in told] == [Stage.SENDING, Stage.WAITING, Stage.DONE]
    assert told[1].again_at == NOW + timedelta(seconds=3)
    assert told[-1].receipt == receipt_of(plan)
    assert told[-1].since == NOW + timedelta(seconds=3)
    assert [standing.is_over for standing in told] == [False, False, True]


async def test_a_guard_ends_the_run_with_its_reason_and_without_a_receipt():
    run = run_of(plan_of())
    await run.drive(Executor(error=Guarded("No.", "Nothing left.")), lambda _: None)
    assert run.standing.stage is Stage.STOPPED
    assert run.standing.receipt is None
    assert run.standing.error is not None
    assert run.standing.error.message == "No."


async def test_a_run_is_driven_once():
    run, executor = run_of(plan_of()), Executor()
    await run.drive(executor, lambda _: None)
    with pytest.raises(Guarded, match="answered already"):
        await run.drive(executor, lambda _: None)
    assert executor.count == 1
    assert run.standing.stage is Stage.DONE


async def test_a_fault_of_our_own_is_not_swallowed():
    run = run_of(plan_of())
    with pytest.raises(ZeroDivisionError):
        await run.drive(Executor(error=ZeroDivisionError()), lambda _: None)


async def test_a_second_yes_to_the_same_review_gets_the_same_run():
    runs, plan, clock = Runs(), plan_of(), StillClock()
    first, is_new = runs.begin(plan, yes(plan), clock)
    again, is_new_again = runs.begin(plan, yes(plan), clock)
    other, other_is_new = runs.begin(plan_of("p2"), yes(plan_of("p2")), clock)
    assert (is_new, is_new_again, other_is_new) == (True, False, True)
    assert first is again
    assert other is not first


async def test_only_runs_without_an_end_are_under_way():
    runs, clock = Runs(), StillClock()
    done, _ = runs.begin(plan_of("p1"), yes(plan_of("p1")), clock)
    open_, _ = runs.begin(plan_of("p2"), yes(plan_of("p2")), clock)
    await done.drive(Executor(), lambda _: None)
    assert runs.under_way == [open_]
