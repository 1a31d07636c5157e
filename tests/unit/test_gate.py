"""The gate: read-only production, timed unlocking, one writer, and plans made for somewhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import Guarded
from core.gate import UNLOCKED_FOR, Gate
from core.planning import plan_tags
from core.plans import Plan
from core.profiles import Profile

USER = "6f1c0a52-0000-4000-8000-00000000a001"


class HeldClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic_s(self) -> float:
        return self.moment.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def profile(environment: str, name: str = "acme") -> Profile:
    return Profile.make(
        name=name,
        environment=environment,
        core_url="https://core.example",
        connect_url="https://connect.example",
        braze_url="US-05",
        retailer_id="0b7e0000-0000-4000-8000-00000000b0b0",
    )


def plan_for(owner: Profile, clock: HeldClock) -> Plan:
    return plan_tags(owner, USER, ("a",), None, plan_id="p1", now=clock.now())


@pytest.mark.parametrize("environment", ["sandbox", "staging"])
def test_other_profiles_write_at_once(environment: str) -> None:
    clock = HeldClock()
    gate = Gate(profile(environment), clock)
    gate.check(plan_for(gate.profile, clock))
    assert gate.refusal is None


def test_production_writes_only_while_it_is_unlocked() -> None:
    clock = HeldClock()
    gate = Gate(profile("production"), clock)
    plan = plan_for(gate.profile, clock)
    with pytest.raises(Guarded, match="read-only"):
        gate.check(plan)
    assert gate.unlock() == clock.now() + UNLOCKED_FOR
    gate.check(plan)
    clock.moment += UNLOCKED_FOR - timedelta(seconds=1)
    gate.check(plan)
    assert gate.unlocked_for == timedelta(seconds=1)
    clock.moment += timedelta(seconds=1)
    with pytest.raises(Guarded, match="read-only"):
        gate.check(plan)
    assert gate.unlocked_for is None


def test_locking_closes_it_at_once() -> None:
    gate = Gate(profile("production"), HeldClock())
    gate.unlock()
    gate.lock()
    assert gate.refusal is not None


def test_while_another_process_writes_even_an_unlocked_profile_reads_only() -> None:
    clock = HeldClock()
    gate = Gate(profile("production"), clock, other_writer_pid=4711)
    gate.unlock()
    with pytest.raises(Guarded, match="process 4711"):
        gate.check(plan_for(gate.profile, clock))


def test_a_plan_for_another_profile_or_host_never_passes() -> None:
    clock = HeldClock()
    gate = Gate(profile("sandbox"), clock)
    own = plan_for(gate.profile, clock)
    moved = replace(gate.profile, core_url="https://elsewhere.example")
    for plan in (plan_for(profile("sandbox", "other"), clock), plan_for(moved, clock)):
        with pytest.raises(Guarded, match="another profile or host"):
            gate.check(plan)
    gate.check(own)
