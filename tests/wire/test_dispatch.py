"""Dispatch: confirmed, on disk before the first byte, at most once, and never open when it ends."""

from __future__ import annotations

import ast
import asyncio
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import core
from core.adapters.ledger import SqliteLedger
from core.calls import Call, Effect, Service, encode_json
from core.dispatch import Dispatcher
from core.errors import Guarded, KeyringFailed, SecretMissing
from core.gate import Gate
from core.lastline import check_body
from core.ledger import Entry, EntryState
from core.outcomes import Exchange, Failure, Outcome
from core.plans import Confirmation, Plan, Receipt
from core.profiles import Environment

ACCEPTED = {"message": "success", "dispatch_id": "d-1"}


class Desk:
    """A dispatcher with everything around it in reach."""

    def __init__(self, lab: Any, ledger: Any, clock: Any, *script: Any, gate: Any = None) -> None:
        self.lab, self.ledger, self.clock = lab, ledger, clock
        self.profile = lab.profile_at("http://127.0.0.1:9")
        self.wire = lab.ScriptedWire(self.profile, *script)
        self.dispatcher = Dispatcher(self.wire, ledger, clock, gate or lab.OpenGate(), jitter=lambda: 0.5)

    def plan(self, plan_id: str = "plan-1", **changes: Any) -> Plan:
        made: Plan = self.lab.plan_for(self.profile, self.lab.send_call(), self.clock.now(), plan_id=plan_id)
        return replace(made, **changes)

    async def send(self, plan: Plan | None = None, **options: Any) -> Receipt:
        plan = plan or self.plan()
        return await self.dispatcher.execute(plan, self.lab.yes(plan), **options)

    async def state(self, plan_id: str = "plan-1") -> EntryState | None:
        entry: Entry | None = await self.ledger.entry(plan_id)
        return entry.state if entry else None


async def test_an_accepted_send_leaves_a_receipt_and_an_entry(lab: Any, ledger: Any, clock: Any) -> None:
    answer = lab.came(201, {**ACCEPTED, "dispatch_id": "d\x1b1", "notice": "The Canvas is paused."})
    desk = Desk(lab, ledger, clock, answer)
    receipt = await desk.send()
    assert (receipt.outcome, receipt.reference, receipt.status, receipt.attempts) == (Outcome.SENT, "d\\x1b1", 201, 1)
    assert receipt.warnings == ("The Canvas is paused.",)
    entry = await ledger.entry("plan-1")
    assert (entry.state, entry.reference, entry.warnings) == (EntryState.SENT, "d\\x1b1", receipt.warnings)
    assert entry.body.encode() == desk.plan().call.body and entry.digest == desk.plan().digest
    assert json.loads(entry.answer_body)["message"] == "success" and entry.settled_at == receipt.settled_at


async def test_the_intent_is_on_disk_before_the_first_byte(lab: Any, ledger: Any, clock: Any) -> None:
    seen: list[EntryState | None] = []

    async def look(call: Call) -> Exchange:
        other = SqliteLedger(ledger._path)
        found = await other.entry("plan-1")
        seen.append(found.state if found else None)
        await other.close()
        return lab.came(200, ACCEPTED)  # type: ignore[no-any-return]

    await Desk(lab, ledger, clock, look).send()
    assert seen == [EntryState.SENDING]


async def test_a_ledger_that_loses_intents_is_caught_by_the_look_at_the_disk(lab: Any, ledger: Any, clock: Any) -> None:
    class Forgetful:
        async def plan(self, entry: Entry) -> None: ...
        async def claim(self, entry_id: str) -> bool:
            return True

        async def settle(self, entry: Entry) -> None: ...

    seen: list[Any] = []

    async def look(call: Call) -> Exchange:
        seen.append(await ledger.entry("plan-1"))
        return lab.came(200, ACCEPTED)  # type: ignore[no-any-return]

    await Desk(lab, Forgetful(), clock, look).send()
    assert seen == [None]


async def test_when_the_intent_cannot_be_written_nothing_leaves_and_a_second_try_may(
    lab: Any, ledger: Any, clock: Any
) -> None:
    class Full:
        full = True

        def __getattr__(self, name: str) -> Any:
            return getattr(ledger, name)

        async def plan(self, entry: Entry) -> None:
            if self.full:
                raise Guarded("The ledger cannot be used: database or disk is full.")
            await ledger.plan(entry)

    full = Full()
    desk = Desk(lab, full, clock, lab.came(200, ACCEPTED))
    with pytest.raises(Guarded, match="disk is full"):
        await desk.send()
    assert desk.wire.calls == []
    full.full = False
    assert (await desk.send()).outcome is Outcome.SENT


async def test_when_the_claim_cannot_be_written_nothing_leaves(lab: Any, ledger: Any, clock: Any) -> None:
    class NoClaim:
        def __getattr__(self, name: str) -> Any:
            return getattr(ledger, name)

        async def claim(self, entry_id: str) -> bool:
            raise Guarded("The ledger cannot be used: disk I/O error.")

    desk = Desk(lab, NoClaim(), clock, lab.came(200, ACCEPTED))
    with pytest.raises(Guarded):
        await desk.send()
    assert desk.wire.calls == [] and await desk.state() is EntryState.PLANNED


async def test_a_receipt_survives_a_ledger_that_fails_after_the_send(lab: Any, ledger: Any, clock: Any) -> None:
    class Late:
        def __getattr__(self, name: str) -> Any:
            return getattr(ledger, name)

        async def settle(self, entry: Entry) -> None:
            raise Guarded("The ledger cannot be used: database or disk is full.")

    desk = Desk(lab, Late(), clock, lab.came(200, ACCEPTED))
    receipt = await desk.send()
    assert receipt.outcome is Outcome.SENT and "disk is full" in receipt.warnings[0]
    assert await desk.state() is EntryState.SENDING


async def test_the_same_plan_goes_once_however_often_it_is_executed(lab: Any, ledger: Any, clock: Any) -> None:
    desk = Desk(lab, ledger, clock, lab.came(200, ACCEPTED))
    results = await asyncio.gather(*(desk.send() for _ in range(50)), return_exceptions=True)
    assert sum(isinstance(one, Receipt) for one in results) == 1 and len(desk.wire.calls) == 1
    assert all(isinstance(one, Receipt | Guarded) for one in results)


async def test_the_ledger_stops_a_second_program_with_the_same_plan(lab: Any, ledger: Any, clock: Any) -> None:
    first, second = (Desk(lab, ledger, clock, lab.came(200, ACCEPTED)) for _ in range(2))
    await first.send()
    with pytest.raises(Guarded, match="in the ledger already"):
        await second.send()
    assert second.wire.calls == []


async def test_a_plan_that_somebody_else_claimed_meanwhile_does_not_leave(lab: Any, ledger: Any, clock: Any) -> None:
    desk = Desk(lab, ledger, clock, lab.came(200, ACCEPTED))
    plan = ledger.plan

    async def planned_and_taken(entry: Entry) -> None:
        await plan(entry)
        assert await ledger.claim(entry.id)

    ledger.plan = planned_and_taken
    with pytest.raises(Guarded, match="Somebody else"):
        await desk.send()
    assert desk.wire.calls == []


class OpenMemory:
    """A ledger that forgets to refuse what it knows."""

    def __init__(self) -> None:
        self.planned: set[str] = set()

    async def plan(self, entry: Entry) -> None:
        await asyncio.sleep(0)
        self.planned.add(entry.id)

    async def claim(self, entry_id: str) -> bool:
        return True

    async def settle(self, entry: Entry) -> None: ...


class Sieve(set[str]):
    """A memory of plans that holds nothing: the guard taken out."""

    def __contains__(self, plan_id: object) -> bool:
        return False


@pytest.mark.parametrize("guarded", [True, False])
async def test_a_thousand_double_presses_send_a_thousand_times_and_double_without_the_guard(
    lab: Any, clock: Any, guarded: bool
) -> None:
    desk = Desk(lab, OpenMemory(), clock, lab.came(200, ACCEPTED))
    if not guarded:
        desk.dispatcher._taken = Sieve()
    for number in range(1000):
        plan = desk.plan(f"plan-{number}")
        await asyncio.gather(desk.send(plan), desk.send(plan), return_exceptions=True)
    assert len(desk.wire.calls) == (1000 if guarded else 2000)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"profile": "other"}, "other profile or host"),
        ({"environment": Environment.PRODUCTION}, "other profile or host"),
        ({"base_url": "http://127.0.0.1:10"}, "other profile or host"),
        ({"recipients": ("LM-1", "LM-2")}, "other recipients"),
        ({"recipients": ()}, "other recipients"),
    ],
)
async def test_a_plan_that_does_not_fit_wire_or_body_is_stopped(
    lab: Any, ledger: Any, clock: Any, changes: dict[str, Any], words: str
) -> None:
    desk = Desk(lab, ledger, clock, lab.came(200, ACCEPTED))
    with pytest.raises(Guarded, match=words):
        await desk.send(desk.plan(**changes))
    assert desk.wire.calls == [] and await desk.state() is None


async def test_what_was_confirmed_is_what_goes_and_in_time(lab: Any, ledger: Any, clock: Any) -> None:
    desk = Desk(lab, ledger, clock, lab.came(200, ACCEPTED))
    plan = desk.plan(phrase="Points expiring")
    changed = replace(plan, call=lab.send_call("LM-2"), recipients=("LM-2",))
    wrong = [
        Confirmation("plan-2", plan.digest, plan.phrase),
        Confirmation(plan.id, "0" * 64, plan.phrase),
        Confirmation(plan.id, plan.digest, ""),
        Confirmation(plan.id, plan.digest, "points expiring"),
    ]
    for confirmation in wrong:
        with pytest.raises(Guarded):
            await desk.dispatcher.execute(plan, confirmation)
    with pytest.raises(Guarded, match="not what would go"):
        await desk.dispatcher.execute(changed, lab.yes(plan))
    clock.seconds += 600
    with pytest.raises(Guarded, match="older than 10 minutes"):
        await desk.dispatcher.execute(plan, lab.yes(plan))
    assert desk.wire.calls == [] and await ledger.entries() == []


async def test_what_the_gate_refuses_leaves_no_trace(lab: Any, ledger: Any, clock: Any) -> None:
    production = lab.profile_at("http://127.0.0.1:9", environment="production")
    gate = Gate(production, clock)
    desk = Desk(lab, ledger, clock, lab.came(200, ACCEPTED), gate=gate)
    plan = desk.plan(environment=Environment.PRODUCTION)
    desk.wire.profile = production
    with pytest.raises(Guarded, match="read-only"):
        await desk.send(plan)
    assert desk.wire.calls == [] and await ledger.entries() == []
    gate.unlock()
    assert (await desk.send(plan)).outcome is Outcome.SENT


async def test_an_unlocking_that_ends_during_a_pause_lets_nothing_more_out(lab: Any, ledger: Any, clock: Any) -> None:
    production = lab.profile_at("http://127.0.0.1:9", environment="production")
    gate = Gate(production, clock)
    gate.unlock()
    desk = Desk(lab, ledger, clock, lab.came(429, {}, retry_after="400"), lab.came(200, ACCEPTED), gate=gate)
    desk.wire.profile = production
    with pytest.raises(Guarded, match="read-only"):
        await desk.send(desk.plan(environment=Environment.PRODUCTION))
    assert len(desk.wire.calls) == 1 and await desk.state() is EntryState.NOT_SENT


@pytest.mark.parametrize("failure", [Failure.DNS, Failure.REFUSED, Failure.CONNECT_TIMEOUT, Failure.TLS])
async def test_what_never_left_goes_again_twice_at_most(lab: Any, ledger: Any, clock: Any, failure: Failure) -> None:
    desk = Desk(lab, ledger, clock, lab.came(None, None, failure))
    receipt = await desk.send()
    assert (receipt.outcome, receipt.attempts, clock.slept) == (Outcome.NOT_SENT, 3, [0.4, 0.8])
    assert await desk.state() is EntryState.NOT_SENT


async def test_a_pause_is_kept_and_the_same_goes_again_three_times_at_most(lab: Any, ledger: Any, clock: Any) -> None:
    told: list[float] = []
    busy = lab.came(429, {}, retry_after="20")
    desk = Desk(lab, ledger, clock, busy, busy, busy, lab.came(200, ACCEPTED))
    receipt = await desk.send(on_wait=told.append)
    assert (receipt.outcome, receipt.attempts, told, clock.slept) == (Outcome.SENT, 4, [20] * 3, [20] * 3)
    assert len(set(desk.wire.calls)) == 1 and len(await ledger.entries()) == 1
    desk = Desk(lab, ledger, clock, busy)
    receipt = await desk.send(desk.plan("plan-2"))
    assert (receipt.outcome, receipt.attempts) == (Outcome.NOT_SENT, 4)


@pytest.mark.parametrize(
    "exchange",
    [
        Exchange(None, {}, b"", Failure.CLOSED, 0.1),
        Exchange(None, {}, b"", Failure.TIMEOUT, 0.1),
        Exchange(200, {}, b'{"mess', Failure.CLOSED, 0.1),
        Exchange(200, {}, b"<html>", None, 0.1),
        Exchange(502, {}, b"<html>", None, 0.1),
        Exchange(504, {}, b"", None, 0.1),
        Exchange(408, {}, b"", None, 0.1),
    ],
)
async def test_an_unknown_outcome_is_never_tried_again(lab: Any, ledger: Any, clock: Any, exchange: Exchange) -> None:
    desk = Desk(lab, ledger, clock, exchange)
    receipt = await desk.send()
    assert (receipt.outcome, receipt.attempts, len(desk.wire.calls)) == (Outcome.UNKNOWN, 1, 1)
    assert await desk.state() is EntryState.UNKNOWN


@pytest.mark.parametrize("error", [SecretMissing("none"), KeyringFailed("locked")])
async def test_without_credentials_it_is_not_sent_and_says_why(lab: Any, ledger: Any, clock: Any, error: Any) -> None:
    desk = Desk(lab, ledger, clock, error)
    with pytest.raises(type(error)):
        await desk.send()
    assert await desk.state() is EntryState.NOT_SENT


@pytest.mark.parametrize("error", [RuntimeError("bug"), ZeroDivisionError(), MemoryError(), OSError(5, "io")])
async def test_an_unexpected_error_while_it_is_out_settles_as_unknown(
    lab: Any, ledger: Any, clock: Any, error: Exception
) -> None:
    desk = Desk(lab, ledger, clock, error)
    with pytest.raises(type(error)):
        await desk.send()
    assert await desk.state() is EntryState.UNKNOWN


async def test_cancelling_while_it_is_out_settles_as_unknown(lab: Any, ledger: Any, clock: Any) -> None:
    out = asyncio.Event()

    async def hang(call: Call) -> Exchange:
        out.set()
        await asyncio.Event().wait()
        raise AssertionError

    desk = Desk(lab, ledger, clock, hang)
    task = asyncio.create_task(desk.send())
    await out.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()  # an impatient second time, while it settles
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await desk.state() is EntryState.UNKNOWN and len(desk.wire.calls) == 1


async def test_cancelling_while_it_waits_settles_as_not_sent(lab: Any, ledger: Any) -> None:
    from core.adapters.clock import SystemClock

    waiting = asyncio.Event()
    desk = Desk(lab, ledger, SystemClock(), lab.came(429, {}, retry_after="60"))
    task = asyncio.create_task(desk.send(on_wait=lambda _: waiting.set()))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 0.5)
    assert await desk.state() is EntryState.NOT_SENT


async def test_cancelling_at_any_moment_never_leaves_an_entry_open(lab: Any, tmp_path: Path, clock: Any) -> None:
    """Every point at which the loop could deliver a cancellation, one after another, until it finishes unharmed."""

    async def reply(call: Call) -> Exchange:
        for _ in range(3):
            await asyncio.sleep(0)
        return lab.came(200, ACCEPTED)  # type: ignore[no-any-return]

    class Quick:
        """The ledger's rules in memory, with a step of the loop in every method."""

        def __init__(self) -> None:
            self.states: dict[str, EntryState] = {}

        async def plan(self, entry: Entry) -> None:
            await asyncio.sleep(0)
            self.states[entry.id] = entry.state

        async def claim(self, entry_id: str) -> bool:
            await asyncio.sleep(0)
            self.states[entry_id] = EntryState.SENDING
            await asyncio.sleep(0)
            return True

        async def settle(self, entry: Entry) -> None:
            await asyncio.sleep(0)
            self.states[entry.id] = entry.state

    ends: list[tuple[bool, Any, int]] = []
    for steps in range(40):
        ledger = Quick()
        desk = Desk(lab, ledger, clock, reply)
        task = asyncio.create_task(desk.send())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        state = ledger.states.get("plan-1")
        assert state is not EntryState.SENDING, steps
        if desk.wire.calls:
            assert state in {EntryState.UNKNOWN, EntryState.SENT}, steps
        ends.append((task.cancelled(), state, len(desk.wire.calls)))
    assert {state for _, state, _ in ends} >= {None, EntryState.NOT_SENT, EntryState.UNKNOWN, EntryState.SENT}


def test_only_reading_and_dispatch_meet_the_wire() -> None:
    root = Path(core.__file__).parent
    users = {
        path.relative_to(root).as_posix()
        for path in [*root.rglob("*.py"), *(root.parent / "tui").rglob("*.py")]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "exchange" and isinstance(node.ctx, ast.Load)
        if isinstance(node.value, ast.Name | ast.Attribute) and "wire" in ast.unparse(node.value)
    }
    assert users == {"reading.py", "dispatch.py"}


# The last look at the body


def send_body(**changes: Any) -> Call:
    body = {"campaign_id": "c", "broadcast": False, "recipients": [{"external_user_id": "LM-1"}]} | changes
    return braze(encode_json({name: value for name, value in body.items() if value is not ...}))


def braze(body: bytes | None, *path: str) -> Call:
    room = path or ("campaigns", "trigger", "send")
    return Call("braze.x", Service.BRAZE, "POST", room, Effect.WRITE, body=body)


@pytest.mark.parametrize(
    "call",
    [
        send_body(broadcast=True),
        send_body(broadcast=...),
        send_body(broadcast=None),
        send_body(broadcast=0),
        send_body(broadcast="false"),
        send_body(Broadcast=True),
        send_body(recipients=...),
        send_body(recipients=None),
        send_body(recipients=[]),
        send_body(recipients={}),
        send_body(recipients=["LM-1"]),
        send_body(recipients=[{}]),
        send_body(recipients=[{"external_user_id": ""}]),
        send_body(recipients=[{"external_user_id": " "}]),
        send_body(recipients=[{"external_user_id": None}]),
        send_body(recipients=[{"external_user_id": "a", "email": "b"}]),
        send_body(recipients=[{"user_alias": "x"}]),
        send_body(recipients=[{"user_alias": {"alias_name": "x"}}]),
        send_body(recipients=[{"external_user_id": {"alias_name": "x", "alias_label": "y"}}]),
        send_body(recipients=[{"external_user_id": "LM-1"}] * 51),
        send_body(segment_id="s"),
        send_body(audience={"AND": []}),
        braze(b'{"broadcast":false,"recipients":[{"external_user_id":"a"}],"broadcast":true}'),
        braze(b'{"recipients":[{"external_user_id":"a"}],"broadcast":false,"recipients":[]}'),
        braze(None),
        braze(b""),
        braze(b"[]"),
        braze(b"\xff"),
        braze(b"[" * 100_000),
        braze(b"{}", "messages", "send"),
        braze(b"{}", "a-new-endpoint"),
        braze(b'{"broadcast":true}', "users", "track"),
    ],
)
async def test_no_body_that_could_reach_a_whole_segment_leaves(lab: Any, ledger: Any, clock: Any, call: Call) -> None:
    with pytest.raises(Guarded):
        check_body(call)
    desk = Desk(lab, ledger, clock, lab.came(200, ACCEPTED))
    with pytest.raises(Guarded):
        await desk.send(desk.plan(call=call))
    assert desk.wire.calls == [] and await ledger.entries() == []


def test_ordinary_bodies_pass_the_last_look() -> None:
    three = [
        {"external_user_id": "a", "trigger_properties": {"broadcast": True}},
        {"user_alias": {"alias_name": "n", "alias_label": "l"}},
        {"email": "a@example.com", "prioritization": ["identified"]},
    ]
    assert check_body(send_body(recipients=three, trigger_properties={"broadcast": True, "audience": 1})) == 3
    assert check_body(braze(b'{"attributes":[]}', "users", "track")) == 0
    assert check_body(Call("sessionm.tags.post", Service.CORE, "POST", ("t",), Effect.WRITE, body=b"{}")) == 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
RECIPIENT = st.dictionaries(st.sampled_from(["external_user_id", "email", "user_alias"]), JSON | st.text(max_size=3))
BODIES = st.fixed_dictionaries(
    {"broadcast": st.booleans() | st.none() | st.just(False), "recipients": st.lists(RECIPIENT, max_size=3) | JSON},
    optional=dict.fromkeys(("Broadcast", "BROADCAST ", "audience", "segment_id", "campaign_id", "context"), JSON),
)


@given(BODIES)
@example({"broadcast": False, "recipients": [{"email": "a@example.com"}]})
def test_whatever_passes_the_last_look_names_its_people(body: dict[str, Any]) -> None:
    passes(body)


def passes(body: dict[str, Any]) -> bool:
    """Whether the last look lets a body go; fails where that names nobody, or more than its people."""
    try:
        count = check_body(braze(encode_json(body)))
    except Guarded:
        return False
    assert body["broadcast"] is False and isinstance(body["recipients"], list)
    assert count == len(body["recipients"]) >= 1
    assert not {name.strip().lower() for name in body} & {"audience", "segment_id"}
    assert [name for name in body if name.strip().lower() == "broadcast"] == ["broadcast"]
    for recipient in body["recipients"]:
        ((kind, value),) = recipient.items()
        parts = [value["alias_name"], value["alias_label"]] if kind == "user_alias" else [value]
        assert all(isinstance(part, str) and part.strip() for part in parts)
    return True


def dealt(dice: random.Random) -> dict[str, Any]:
    """A body as an honest send has it, damaged in none or in some of its places."""

    def some(likely: Any) -> Any:
        odd: tuple[Any, ...] = (
            None,
            True,
            False,
            0,
            "",
            " ",
            "x",
            [],
            [[]],
            {},
            {"": ""},
            {"alias_name": "n"},
            [None],
            -1.5,
        )
        return likely if dice.random() < 0.9 else dice.choice(odd)

    alias = {"alias_name": some("n"), "alias_label": some("l")}
    kinds = (("external_user_id", "LM-1"), ("email", "a@example.com"), ("user_alias", alias))
    people = [
        some({name: some(value) for name, value in dice.sample(kinds, dice.choice((1, 1, 1, 1, 2, 0)))})
        for _ in range(dice.choice((0, 1, 1, 2, 3, 50, 51)))
    ]
    body = {"broadcast": some(False), "recipients": some(people), "campaign_id": some("c")}
    wider = ("Broadcast", "BROADCAST ", "audience", " Audience", "segment_id", "context")
    body |= {name: some(True) for name in wider if dice.random() < 0.05}
    return {name: body[name] for name in dice.sample(sorted(body), len(body) - (dice.random() < 0.1))}


def test_none_of_twenty_thousand_bodies_reaches_a_whole_segment() -> None:
    dice = random.Random(20261122)
    let_go = sum(passes(dealt(dice)) for _ in range(20_000))
    assert 1_000 < let_go < 19_000, "both honest and damaged bodies were dealt"
