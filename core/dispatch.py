"""Dispatch: the only way out for writes. Confirmed plan, intent on disk, wire, judgement, receipt."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from core.calls import Effect
from core.clean import safe, safe_lines
from core.errors import CredentialsRefused, Guarded, KeyringFailed, OfferdeckError, SecretMissing
from core.lastline import check_body
from core.ledger import Entry, EntryState
from core.outcomes import Exchange, Failure, Outcome, Verdict, judge
from core.pacing import Pacer
from core.plans import Confirmation, Plan, Receipt, check_confirmation
from core.ports import Clock, Ledger, Wire
from core.reading import wait_after

NETWORK_RETRIES = 2
PAUSE_RETRIES = 3
KEPT_ANSWER_BYTES = 4096
BEFORE_ANY_BYTE = (Guarded, SecretMissing, KeyringFailed, CredentialsRefused)  # by the contract of the `Wire` port

_Result = TypeVar("_Result")


class Gate(Protocol):
    """Whether this program may write at all just now."""

    def check(self, plan: Plan) -> None:
        """Raises Guarded with the reason when it may not."""
        ...


@dataclass(slots=True)
class _Run:
    """One plan on its way out."""

    entry: Entry
    began_at_s: float
    attempts: int = 0
    in_flight: bool = False
    exchange: Exchange | None = None


class Dispatcher:
    """Executes plans, each at most once."""

    def __init__(
        self,
        wire: Wire,
        ledger: Ledger,
        clock: Clock,
        gate: Gate,
        *,
        pacer: Pacer | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._wire = wire
        self._ledger = ledger
        self._clock = clock
        self._gate = gate
        self._pacer = pacer
        self._jitter = jitter
        self._taken: set[str] = set()

    async def execute(
        self, plan: Plan, confirmation: Confirmation, *, on_wait: Callable[[float], None] | None = None
    ) -> Receipt:
        """What became of `plan`; every outcome is a Receipt, whatever the service said.

        Raises Guarded when a guard stopped it, or what the credentials lack: then nothing left. Cancelling it while
        a request is out settles the entry as unknown. `on_wait` is told the seconds of each pause before it begins.
        """
        self._check(plan, confirmation)
        self._taken.add(plan.id)
        run = _Run(self._entry(plan), self._clock.monotonic_s())
        try:
            await self._ledger.plan(run.entry)
        except OfferdeckError:
            self._taken.discard(plan.id)
            raise
        try:
            if not await _see_through(self._ledger.claim(plan.id)):
                raise Guarded("Somebody else is sending this plan already.", "Nothing left from here. See the ledger.")
        except asyncio.CancelledError:
            await self._settle(run, _stopped())
            raise
        try:
            verdict = await self._send(plan, run, on_wait)
        except BaseException as error:  # whatever it was, the entry must not stay open
            await self._settle(run, _broken_off(plan, run, error))
            raise
        return await self._settle(run, verdict)

    def _check(self, plan: Plan, confirmation: Confirmation) -> None:
        check_confirmation(plan, confirmation, self._clock.now())
        profile, call = self._wire.profile, plan.call
        if (plan.profile, plan.environment, plan.base_url) != (
            profile.name,
            profile.environment,
            profile.url(call.service),
        ):
            raise Guarded("The plan was made for another profile or host.", "Nothing left. Make and review it again.")
        if call.effect is not Effect.WRITE:
            raise Guarded("The plan would change nothing.", "Nothing left.")
        if (count := check_body(call)) and count != len(plan.recipients):
            raise Guarded("The request names other recipients than the review.", "Nothing left. Review it again.")
        self._gate.check(plan)
        if plan.id in self._taken:
            raise Guarded("This plan has been sent already.", "Nothing left again. See the ledger, or make a new plan.")

    async def _send(self, plan: Plan, run: _Run, on_wait: Callable[[float], None] | None) -> Verdict:
        """Attempts until a verdict stands: at most 2 more after the network, at most 3 more after a 429."""
        network, pauses = NETWORK_RETRIES, PAUSE_RETRIES
        while True:
            if self._pacer is not None:
                await self._pacer.turn(plan.call)
            self._gate.check(plan)
            run.attempts += 1
            run.exchange, run.in_flight = None, True
            exchange = run.exchange = await self._wire.exchange(plan.call)
            verdict = judge(plan.call.service, exchange)
            run.in_flight = verdict.outcome is not Outcome.NOT_SENT
            if not verdict.retry_same:
                return verdict
            paused = exchange.status == 429
            network, pauses = (network, pauses - 1) if paused else (network - 1, pauses)
            if min(network, pauses) < 0:
                return verdict
            wait_s = wait_after(exchange, run.attempts, self._jitter())
            if paused and self._pacer is not None:
                self._pacer.pause(plan.call, wait_s)
            if on_wait is not None:
                on_wait(wait_s)
            await self._clock.sleep(wait_s)

    async def _settle(self, run: _Run, verdict: Verdict) -> Receipt:
        """The entry's last state on disk, come what may, and the receipt of it."""
        exchange, now = run.exchange, self._clock.now()
        warnings = tuple(safe(warning) for warning in verdict.warnings)
        entry = replace(
            run.entry,
            state=EntryState(verdict.outcome.value),
            settled_at=now,
            status=exchange.status if exchange else None,
            reason=safe(verdict.reason),
            warnings=warnings,
            reference=_reference(exchange),
            answer_body=_kept(exchange),
            elapsed_s=self._clock.monotonic_s() - run.began_at_s,
            attempts=run.attempts,
        )
        try:
            await _see_through(self._ledger.settle(entry))
        except OfferdeckError as error:  # what happened has happened: losing the receipt would invite a second send
            warnings += (f"The ledger could not keep this outcome and will call it unknown: {error.message}",)
        return Receipt(
            plan_id=entry.id,
            outcome=verdict.outcome,
            reason=entry.reason,
            warnings=warnings,
            status=entry.status,
            reference=entry.reference,
            settled_at=now,
            elapsed_s=entry.elapsed_s,
            attempts=entry.attempts,
        )

    def _entry(self, plan: Plan) -> Entry:
        return Entry(
            id=plan.id,
            kind=plan.kind,
            profile=plan.profile,
            environment=plan.environment.value,
            base_url=plan.base_url,
            service=plan.call.service,
            endpoint=plan.call.endpoint,
            method=plan.call.method,
            target=plan.call.target,
            body=(plan.call.body or b"").decode(),
            digest=plan.digest,
            target_id=plan.target_id,
            target_name=plan.target_name,
            recipients=plan.recipients,
            state=EntryState.PLANNED,
            created_at=self._clock.now(),
        )


def _stopped() -> Verdict:
    return Verdict(Outcome.NOT_SENT, "Stopped before anything left.")


def _broken_off(plan: Plan, run: _Run, error: BaseException) -> Verdict:
    """The verdict when no exchange was judged: unknown, unless nothing was out just then."""
    if isinstance(error, BEFORE_ANY_BYTE):
        return Verdict(Outcome.NOT_SENT, f"Nothing left: {error}")
    if not run.in_flight:
        return _stopped()
    failure = Failure.CANCELLED if isinstance(error, asyncio.CancelledError) else Failure.CLOSED
    return judge(plan.call.service, Exchange(None, {}, b"", failure, 0.0, type(error).__name__))


def _reference(exchange: Exchange | None) -> str:
    """Braze's dispatch id (Braze docs, /campaigns/trigger/send), or nothing."""
    try:
        answer = exchange.json() if exchange else None
    except ValueError:
        return ""
    found = answer.get("dispatch_id") if isinstance(answer, dict) else None
    return safe(found)[:200] if isinstance(found, str) else ""


def _kept(exchange: Exchange | None) -> str:
    return safe_lines(exchange.body[:KEPT_ANSWER_BYTES].decode("utf-8", "replace")) if exchange else ""


async def _see_through(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Finish `work` even while being cancelled; the cancellation is raised afterwards."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
        except BaseException:
            break
    if cancelled is not None:
        task.exception()
        raise cancelled
    return task.result()
