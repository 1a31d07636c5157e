"""The deck: profiles opened for writing or reading, one writer at a time, and a demo that leaves nothing behind."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from pathlib import Path

import pytest

from core.adapters.files import Places, ProfileFiles
from core.adapters.locks import ProfileLock
from core.deck import Deck
from core.desk import Desk
from core.errors import Guarded, InvalidInput, SecretMissing
from core.plans import Confirmation
from core.profiles import Profile
from core.reads import Pane, Tickets
from core.sandbox import Sandbox
from core.sends import TargetKind

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    running = await Sandbox.start(7)
    yield running
    await running.stop()


@pytest.fixture
def environ(sandbox: Sandbox, tmp_path: Path) -> Mapping[str, str]:
    """A home with the profile `sb` on the sandbox, and its secrets."""
    profile = Profile.make(
        name="sb",
        environment="sandbox",
        core_url=sandbox.core_url,
        connect_url=sandbox.connect_url,
        braze_url=sandbox.braze_url,
        retailer_id=sandbox.settings["retailer_id"],
        secrets="environment",
    )
    ProfileFiles(Places.under(tmp_path)).save(profile)
    secrets = {f"OFFERDECK_SECRET_{name.upper()}": value for name, value in sandbox.secrets.items()}
    return {"OFFERDECK_HOME": str(tmp_path), **secrets}


@pytest.fixture
async def deck(environ: Mapping[str, str]) -> AsyncIterator[Deck]:
    opened = Deck.create(environ)
    yield opened
    await opened.close()


def ana(sandbox: Sandbox) -> str:
    return sandbox.customer("ana").user_id


async def tag(desk: Desk, user_id: str) -> str:
    plan = desk.plan_tags(user_id, ("from_deck",), None)
    return (await desk.execute(plan, Confirmation(plan.id, plan.digest, plan.phrase))).outcome.value


def test_making_a_deck_touches_no_disk_and_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from core.deck import Deck; "
        f"deck = Deck.create({{'OFFERDECK_HOME': {str(tmp_path / 'od')!r}}}); demo = Deck.demo(7, {{}}); "
        "demo.is_demo; print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    heavy = {"httpx", "sqlite3", "keyring", "liquid", "platformdirs", "textual", "msgspec", "core.sandbox"}
    assert not set(done.stdout.split()) & heavy
    assert not (tmp_path / "od").exists()


async def test_a_desk_opened_for_writing_writes_and_keeps_the_lock(deck: Deck, sandbox: Sandbox) -> None:
    desk = await deck.open("sb")
    assert await tag(desk, ana(sandbox)) == "sent"
    other = ProfileLock(deck.places, desk.profile.name)
    assert not other.acquire()
    await desk.aclose()
    await desk.aclose()
    assert other.acquire()
    other.release()


async def test_a_desk_opened_for_reading_reads_takes_no_lock_and_writes_nothing(deck: Deck, sandbox: Sandbox) -> None:
    desk = await deck.open("sb", writing=False)
    assert (await desk.find_customer(ana(sandbox))).first_name == "Ana"
    with pytest.raises(Guarded):
        await tag(desk, ana(sandbox))
    assert not [request for request in sandbox.requests if request.method == "POST" and request.path.endswith("/tags")]
    lock = ProfileLock(deck.places, desk.profile.name)
    assert lock.acquire()
    lock.release()
    assert not deck.places.ledger.exists()


@contextmanager
def holding(code: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that took the lock, until the block ends."""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        yield holder
        holder.communicate()


async def test_while_another_process_holds_the_profile_the_gate_knows_its_pid(
    deck: Deck, sandbox: Sandbox, environ: Mapping[str, str]
) -> None:
    code = (
        "import sys; from core.adapters.files import *; from core.adapters.locks import *; from pathlib import Path\n"
        f"places = Places.under(Path({environ['OFFERDECK_HOME']!r}))\n"
        "lock = ProfileLock(places, 'sb')\n"
        "print(lock.acquire(), flush=True); sys.stdin.read()"
    )
    with holding(code) as holder:
        desk = await deck.open("sb")
        assert desk.gate.other_writer_pid == holder.pid
        with pytest.raises(Guarded, match=str(holder.pid)):
            await tag(desk, ana(sandbox))
        assert (await desk.find_customer(ana(sandbox))).first_name == "Ana"
        await desk.aclose()
    assert await tag(await deck.open("sb"), ana(sandbox)) == "sent"


async def test_two_desks_of_one_deck_share_the_right_to_write(deck: Deck, sandbox: Sandbox) -> None:
    first, second = await deck.open("sb"), await deck.open("sb")
    assert await tag(second, ana(sandbox)) == "sent"
    await first.aclose()
    assert not ProfileLock(deck.places, second.profile.name).acquire()
    assert await tag(second, ana(sandbox)) == "sent"
    await second.aclose()
    lock = ProfileLock(deck.places, second.profile.name)
    assert lock.acquire()
    lock.release()


async def test_what_was_out_when_a_program_died_is_unknown_at_the_next_opening(
    environ: Mapping[str, str], sandbox: Sandbox
) -> None:
    first = Deck.create(environ)
    desk = await first.open("sb")
    await tag(desk, ana(sandbox))
    (entry,) = await first.ledger.entries()
    await first.close()
    import sqlite3

    with sqlite3.connect(first.places.ledger) as connection:
        connection.execute("UPDATE entries SET state='sending', settled_at=NULL")
    connection.close()
    reading = Deck.create(environ)
    await reading.open("sb", writing=False)
    assert [one.state for one in await reading.ledger.entries()] == ["sending"]
    await reading.close()
    again = Deck.create(environ)
    await again.open("sb")
    assert [(one.id, one.state) for one in await again.ledger.entries()] == [(entry.id, "unknown")]
    await again.close()


@pytest.mark.parametrize("name", ["gone", "../../gone"])
async def test_what_a_profile_that_is_gone_left_open_is_unknown_at_the_next_start(
    environ: Mapping[str, str], sandbox: Sandbox, name: str
) -> None:
    first = Deck.create(environ)
    await tag(await first.open("sb"), ana(sandbox))
    await first.close()
    import sqlite3

    with sqlite3.connect(first.places.ledger) as connection:
        connection.execute("UPDATE entries SET state='sending', settled_at=NULL, profile=?", (name,))
    connection.close()
    again = Deck.create(environ)
    await again.open("sb")
    wanted = "unknown" if name == "gone" else "sending"  # no profile can have that name, and no lock lies outside
    assert [(one.profile, one.state) for one in await again.ledger.entries()] == [(name, wanted)]
    await again.close()
    assert not list(again.places.data.parent.parent.glob("gone*"))


async def test_a_profile_that_is_gone_is_left_alone_while_another_program_still_sends_for_it(
    environ: Mapping[str, str], sandbox: Sandbox
) -> None:
    first = Deck.create(environ)
    await tag(await first.open("sb"), ana(sandbox))
    await first.close()
    import sqlite3

    with sqlite3.connect(first.places.ledger) as connection:
        connection.execute("UPDATE entries SET state='sending', settled_at=NULL, profile='gone'")
    connection.close()
    lock = ProfileLock(first.places, "gone")
    assert lock.acquire()
    again = Deck.create(environ)
    await again.open("sb")
    assert [one.state for one in await again.ledger.entries()] == ["sending"]
    lock.release()
    await again.settle_the_dead()
    assert [one.state for one in await again.ledger.entries()] == ["unknown"]
    await again.close()


async def test_opening_a_profile_again_leaves_alone_what_this_program_is_sending(
    environ: Mapping[str, str], sandbox: Sandbox
) -> None:
    sandbox.inject("latency=600@core:/tags")
    deck = Deck.create(environ)
    desk = await deck.open("sb")
    sending = asyncio.create_task(tag(desk, ana(sandbox)))
    async with asyncio.timeout(10):
        while not await deck.ledger.entries(search="sending"):
            pass
    await deck.open("sb")
    await deck.settle_the_dead()
    assert [one.state for one in await deck.ledger.entries()] == ["sending"]
    assert await sending == "sent"
    assert [one.state for one in await deck.ledger.entries()] == ["sent"]
    await deck.close()


@pytest.mark.parametrize("broken", ["data", "data/ledger.sqlite"])
async def test_where_no_intent_can_be_written_a_profile_opens_for_reading_alone(
    deck: Deck, sandbox: Sandbox, broken: str
) -> None:
    stands_in_the_way = deck.places.data.parent / broken
    if broken == "data":
        stands_in_the_way.write_text("")
    else:
        stands_in_the_way.mkdir(parents=True)
    desk = await deck.open("sb")
    assert (await desk.find_customer(ana(sandbox))).first_name == "Ana"
    for _ in range(2):
        with pytest.raises(Guarded, match=r"ledger|lock"):
            await tag(desk, ana(sandbox))
        desk.gate.unlock()
    assert not [request for request in sandbox.requests if request.method == "POST" and request.path.endswith("/tags")]
    await desk.aclose()
    if broken == "data":
        stands_in_the_way.unlink()
    else:
        stands_in_the_way.rmdir()
    assert await tag(await deck.open("sb"), ana(sandbox)) == "sent"


async def test_closing_a_deck_closes_its_desks(environ: Mapping[str, str], sandbox: Sandbox) -> None:
    deck = Deck.create(environ)
    desk = await deck.open("sb")
    await deck.close()
    lock = ProfileLock(deck.places, desk.profile.name)
    assert lock.acquire()
    lock.release()


def test_the_default_profile_is_named_or_the_only_one(environ: Mapping[str, str]) -> None:
    assert Deck.create(environ).default_profile() == "sb"
    assert Deck.create({**environ, "OFFERDECK_PROFILE": "x"}).default_profile() == "x"
    store = ProfileFiles(Places.find(environ))
    store.save(Profile.make(**{**vars_of(store.load("sb")), "name": "second"}))
    assert Deck.create(environ).default_profile() is None


def vars_of(profile: Profile) -> dict[str, str]:
    fields = ("environment", "core_url", "connect_url", "braze_url", "retailer_id")
    return {name: str(getattr(profile, name)) for name in fields}


async def test_without_a_keyring_secrets_live_in_memory_for_this_run(deck: Deck, environ: Mapping[str, str]) -> None:
    from core.secret import Secret

    profile = deck.profiles.load("sb")
    assert (await deck.vault(profile).read(profile, "braze_key")).reveal() == environ["OFFERDECK_SECRET_BRAZE_KEY"]
    vault = deck.keep_in_memory(profile)
    with pytest.raises(SecretMissing):
        await deck.vault(profile).read(profile, "braze_key")
    await vault.write(profile, "braze_key", Secret("typed"))
    deck.keep_in_memory(profile)  # a second time loses nothing
    assert (await deck.vault(profile).read(profile, "braze_key")).reveal() == "typed"


async def test_a_desk_that_is_open_uses_the_secrets_entered_since(deck: Deck, sandbox: Sandbox) -> None:
    from core.secret import Secret

    desk = await deck.open("sb")
    vault = deck.keep_in_memory(desk.profile)
    with pytest.raises(SecretMissing):
        _ = [page async for page in desk.targets(TargetKind.CAMPAIGN)]
    await vault.write(desk.profile, "braze_key", Secret(sandbox.secrets["braze_key"]))
    assert [page async for page in desk.targets(TargetKind.CAMPAIGN)]
    await desk.aclose()


async def test_every_pane_of_a_customer_arrives_through_a_demo_and_nothing_stays_behind(tmp_path: Path) -> None:
    deck = Deck.demo(7, {"OFFERDECK_HOME": str(tmp_path / "od"), "OFFERDECK_PROFILE": "mine"})
    assert (deck.is_demo, deck.default_profile(), deck.profiles.names()) == (True, "demo", ["demo"])
    desk = await deck.open("demo")
    home = deck.places.config.parent
    ticket = Tickets().issue("demo", deck.demo_customer)
    async with aclosing(desk.open_customer(deck.demo_customer, ticket, "en-US")) as reads:
        panes = {read.pane: read async for read in reads}
    assert set(panes) == set(Pane)
    assert [read.error for read in panes.values()] == [None] * len(Pane)
    assert await tag(desk, deck.demo_customer) == "sent"
    assert deck.places.ledger.exists()
    found = [health async for health in deck.check(desk.profile)]
    assert all(health.ok for health in found)
    for refused in (lambda: deck.profiles.save(desk.profile), lambda: deck.profiles.load("other")):
        with pytest.raises(InvalidInput):
            refused()
    await deck.close()
    assert not home.exists()
    assert not (tmp_path / "od").exists()


async def test_a_demo_is_the_same_for_the_same_seed() -> None:
    assert Deck.demo(7, {}).demo_customer == Deck.demo(7, {}).demo_customer != Deck.demo(8, {}).demo_customer


async def test_a_stream_of_panes_that_is_left_early_closes_its_reads(deck: Deck, sandbox: Sandbox) -> None:
    desk = await deck.open("sb", writing=False)
    ticket = Tickets().issue("sb", ana(sandbox))
    async with aclosing(desk.open_customer(ana(sandbox), ticket, "en-US")) as reads:
        async for _ in reads:
            assert pumps()
            break
    assert pumps() == []


def pumps() -> list[str]:
    """Streams that are still being read."""
    return [name for task in asyncio.all_tasks() if "pump" in (name := repr(task.get_coro()))]


def test_a_demo_that_nobody_closes_still_leaves_no_folder() -> None:
    code = (
        "import asyncio; from core.deck import Deck\n"
        "async def main():\n"
        "    deck = Deck.demo(7, {}); await deck.open('demo'); print(deck.places.config.parent)\n"
        "asyncio.run(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "offerdeck-demo-" in done.stdout
    assert not Path(done.stdout.strip()).exists()
