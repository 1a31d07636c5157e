"""A write on its way: driven once, followed by whoever looks, never owned by a screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from core.errors import Guarded, OfferdeckError
from core.outcomes import Outcome
from core.plans import Confirmation, Plan, PlanKind, Receipt
from core.ports import Clock


class Execute(Protocol):
    """What carries a confirmed plan out: `Desk.execute`."""

    async def __call__(
        self, plan: Plan, confirmation: Confirmation, *, on_wait: Callable[[float], None] | None = None
    ) -> Receipt:
        """The receipt. Raises Guarded, or what the credentials lack, when nothing left."""
        ...


class Stage(StrEnum):
    """Where a run stands."""

    SENDING = "sending"
    WAITING = "waiting"  # the service asked for a pause; the same request goes again after it
    DONE = "done"  # there is a receipt
    STOPPED = "stopped"  # a guard or missing credentials: nothing left


@dataclass(frozen=True, slots=True)
class Standing:
    """A run at one moment (UTC). `again_at` while waiting, `receipt` when done, `error` when stopped."""

    stage: Stage
    since: datetime
    again_at: datetime | None = None
    receipt: Receipt | None = None
    error: OfferdeckError | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.stage in (Stage.DONE, Stage.STOPPED)


class Run:
    """One confirmed plan. `standing` says where it is now; `drive()` sees it through, once."""

    def __init__(self, plan: Plan, confirmation: Confirmation, clock: Clock) -> None:
        self.plan = plan
        self.confirmation = confirmation
        self.began_at = clock.now()
        self.standing = Standing(Stage.SENDING, self.began_at)
        self._clock = clock
        self._driven = False

    @property
    def may_have_changed(self) -> bool:
        """Whether it is over and may have changed something."""
        receipt = self.standing.receipt
        return receipt is not None and receipt.outcome in (Outcome.SENT, Outcome.UNKNOWN)

    async def drive(self, execute: Execute, tell: Callable[[Run], None]) -> None:
        """Carry the plan out; `tell` hears of every move, the last one included.

        Raises Guarded when it was driven before. Failures that a person can act on end up in `standing`.
        """
        if self._driven:
            raise Guarded("This review has been answered already.", "Nothing left again. See the ledger.")
        self._driven = True

        def move(standing: Standing) -> None:
            self.standing = standing
            tell(self)

        def wait(seconds: float) -> None:
            now = self._clock.now()
            move(Standing(Stage.WAITING, now, again_at=now + timedelta(seconds=seconds)))

        tell(self)
        try:
            receipt = await execute(self.plan, self.confirmation, on_wait=wait)
        except OfferdeckError as error:
            move(Standing(Stage.STOPPED, self._clock.now(), error=error))
        else:
            move(Standing(Stage.DONE, receipt.settled_at, receipt=receipt))


class Runs:
    """The runs of one sitting: one for each review, however often its yes is given."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}

    def begin(self, plan: Plan, confirmation: Confirmation, clock: Clock) -> tuple[Run, bool]:
        """The run of `plan`, and whether it is new; only a new one may be driven."""
        if plan.id in self._runs:
            return self._runs[plan.id], False
        run = self._runs[plan.id] = Run(plan, confirmation, clock)
        return run, True

    @property
    def under_way(self) -> list[Run]:
        """Those that are not over."""
        return [run for run in self._runs.values() if not run.standing.is_over]


def next_words(plan: Plan, outcome: Outcome) -> tuple[str, ...]:
    """What a person may do, and must not conclude, after `outcome`: a paragraph each."""
    service = plan.call.service.label
    if outcome is Outcome.SENT:
        if plan.kind is PlanKind.TAG:
            return ("The tags are read again, to show what changed.",)
        return (f"Accepted by {service} is not yet delivered: audience, opt-in and re-eligibility still decide.",)
    if outcome is Outcome.REJECTED:
        return (f"Nothing was done. Mend what {service} names, then review it again.",)
    if outcome is Outcome.NOT_SENT:
        return ("Nothing was done. It can be reviewed and sent again.",)
    if plan.kind is PlanKind.TAG:
        again = "" if "ttl" in plan.call.body_json else " Posting a counter again adds 1 once more."
        return (
            "It may have happened; it is never repeated by itself. The tags are read again: seen there, it arrived.",
            f"In the Ledger: mark it as sent, or send it again through a review.{again}",
        )
    return (
        "It may have happened; it is never repeated by itself.",
        "In the Ledger: verify, mark it as sent, or send it again through a review.",
        f"Verifying asks {service} for a trace: a trace proves that it arrived, absence proves nothing.",
    )
