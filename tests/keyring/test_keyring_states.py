"""The vault on a real gnome-keyring, in each state such a thing gets into."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest

from core.adapters.keyring_vault import KeyringVault
from core.errors import KeyringFailed, SecretMissing
from core.profiles import Profile
from core.secret import Secret

# keyring's Secret Service backend leaves its connection to the garbage collector when a keyring is locked or gone.
pytestmark = [pytest.mark.keyring, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

CANARY = "CANARY-ключ-🔑"


async def refused(work: Awaitable[Any]) -> tuple[KeyringFailed, float]:
    """The error and the seconds until it came; the loop must not have stood still meanwhile."""
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.005)
            longest = max(longest, time.monotonic() - before)

    ticking = asyncio.create_task(tick())
    began = time.monotonic()
    with pytest.raises(KeyringFailed) as caught:
        await work
    took_s = time.monotonic() - began
    ticking.cancel()
    assert longest < 0.1, f"the loop stood still for {longest:.3f} s"
    assert "for this run only" in caught.value.hint and caught.value.exit_code == 4
    return caught.value, took_s


async def test_secrets_are_kept_read_and_forgotten(desktop: Any, profile: Profile) -> None:
    desktop.start_bus()
    desktop.start_daemon()
    desktop.probe()
    vault = KeyringVault({})
    await vault.write(profile, "braze_key", Secret("old"))
    await vault.write(profile, "braze_key", Secret(CANARY))
    assert (await KeyringVault({}).read(profile, "braze_key")).reveal() == CANARY
    service = "offerdeck:acme-prod@rest.iad-05.braze.com"
    assert desktop.run("secret-tool", "lookup", "service", service, "username", "braze_key") == CANARY
    assert vault.kind.startswith("Secret Service")
    assert await vault.forget(profile, "braze_key") is True
    assert await vault.forget(profile, "braze_key") is False
    with pytest.raises(SecretMissing, match="offerdeck auth set acme-prod braze_key"):
        await vault.read(profile, "braze_key")


async def test_a_secret_of_another_host_or_profile_is_not_found(desktop: Any, profile: Profile) -> None:
    from dataclasses import replace

    desktop.start_bus()
    desktop.start_daemon()
    vault = KeyringVault({})
    await vault.write(profile, "braze_key", Secret(CANARY))
    for other in (replace(profile, braze_url="https://evil.example"), replace(profile, name="acme-test")):
        with pytest.raises(SecretMissing):
            await vault.read(other, "braze_key")


async def test_six_reads_side_by_side_all_come(desktop: Any, profile: Profile) -> None:
    from core.profiles import SECRET_FIELDS

    desktop.start_bus()
    desktop.start_daemon()
    vault = KeyringVault({})
    for field in SECRET_FIELDS:
        await vault.write(profile, field, Secret(field + CANARY))
    found = await asyncio.gather(*(vault.read(profile, field) for field in SECRET_FIELDS))
    assert [secret.reveal() for secret in found] == [field + CANARY for field in SECRET_FIELDS]


async def test_a_locked_keyring_says_so(desktop: Any, profile: Profile) -> None:
    desktop.start_bus()
    desktop.start_daemon()
    vault = KeyringVault({})
    await vault.write(profile, "braze_key", Secret(CANARY))
    desktop.lock()
    error, _ = await refused(vault.read(profile, "braze_key"))
    assert error.message == "The keyring is locked."


async def test_an_ignored_prompt_is_given_up_and_the_next_call_waits_less(desktop: Any, profile: Profile) -> None:
    desktop.start_bus()
    desktop.start_daemon()
    vault = KeyringVault({})
    await vault.write(profile, "braze_key", Secret(CANARY))
    desktop.lock()
    desktop.start_deaf_prompter()
    error, took_s = await refused(vault.read(profile, "braze_key"))
    assert error.message == "The keyring is locked and waits for its password." and took_s < 3.3
    error, took_s = await refused(vault.read(profile, "core_key"))
    assert error.message == "The keyring is locked and waits for its password." and took_s < 0.8


async def test_a_frozen_daemon_is_given_up_and_works_once_it_thaws(desktop: Any, profile: Profile) -> None:
    desktop.start_bus()
    daemon = desktop.start_daemon()
    vault = KeyringVault({})
    await vault.write(profile, "braze_key", Secret(CANARY))
    daemon.send_signal(signal.SIGSTOP)
    error, took_s = await refused(vault.read(profile, "braze_key"))
    assert error.message == "The keyring does not answer (3 seconds)." and 2.4 < took_s < 3.3
    error, took_s = await refused(vault.read(profile, "braze_key"))
    assert took_s < 0.8, "the second one need not wait as long"
    daemon.send_signal(signal.SIGCONT)
    for _ in range(100):
        try:
            assert (await vault.read(profile, "braze_key")).reveal() == CANARY
            break
        except KeyringFailed:
            await asyncio.sleep(0.02)
    else:
        raise AssertionError("it never came back")


async def test_a_killed_daemon_comes_back_locked_and_says_so(desktop: Any, profile: Profile) -> None:
    desktop.start_bus()
    daemon = desktop.start_daemon()
    vault = KeyringVault({})
    await vault.write(profile, "braze_key", Secret(CANARY))
    daemon.kill()
    daemon.wait()
    error, _ = await refused(vault.read(profile, "braze_key"))
    assert error.message == "The keyring is locked."


async def test_a_killed_daemon_that_nobody_restarts_says_so(desktop: Any, profile: Profile) -> None:
    desktop.start_bus(services=False)
    daemon = desktop.start_daemon()
    vault = KeyringVault({})
    await vault.write(profile, "braze_key", Secret(CANARY))
    daemon.kill()
    daemon.wait()
    error, _ = await refused(vault.read(profile, "braze_key"))
    assert error.message == "No keyring service runs on this machine."


async def test_a_wrong_password_leaves_it_locked_and_says_so(desktop: Any, profile: Profile) -> None:
    desktop.start_bus()
    daemon = desktop.start_daemon()
    await KeyringVault({}).write(profile, "braze_key", Secret(CANARY))
    daemon.kill()
    daemon.wait()
    desktop.start_daemon("wrong")
    error, _ = await refused(KeyringVault({}).read(profile, "braze_key"))
    assert error.message == "The keyring is locked."


async def test_a_keyring_nobody_ever_unlocked_says_so(desktop: Any, profile: Profile) -> None:
    desktop.start_bus()
    desktop.start_daemon(None)
    error, _ = await refused(KeyringVault({}).write(profile, "braze_key", Secret(CANARY)))
    assert error.message == "The keyring runs, but nobody has unlocked it or set it up."


async def test_no_service_says_so(desktop: Any, profile: Profile) -> None:
    desktop.start_bus(services=False)
    error, _ = await refused(KeyringVault({}).read(profile, "braze_key"))
    assert error.message == "No keyring service runs on this machine."


async def test_a_dead_bus_says_so(desktop: Any, profile: Profile) -> None:
    bus = desktop.start_bus()
    bus.kill()
    bus.wait()
    error, _ = await refused(KeyringVault({}).read(profile, "braze_key"))
    assert error.message == "No session bus is there, and the keyring is reached over it."


async def test_no_bus_at_all_says_so(desktop: Any, profile: Profile) -> None:
    error, _ = await refused(KeyringVault({}).read(profile, "braze_key"))
    assert error.message == "No session bus is there, and the keyring is reached over it."


async def test_a_bus_that_dies_while_the_vault_is_in_use_says_so(desktop: Any, profile: Profile) -> None:
    bus = desktop.start_bus()
    desktop.start_daemon()
    vault = KeyringVault({})
    await vault.write(profile, "braze_key", Secret(CANARY))
    bus.kill()
    bus.wait()
    error, _ = await refused(vault.read(profile, "braze_key"))
    assert error.message == "No session bus is there, and the keyring is reached over it."


def test_a_frozen_daemon_does_not_keep_the_program_from_ending(desktop: Any, tmp_path: Path) -> None:
    desktop.start_bus()
    daemon = desktop.start_daemon()
    daemon.send_signal(signal.SIGSTOP)
    script = """
import asyncio
from core.adapters.keyring_vault import KeyringVault
from core.errors import KeyringFailed
from core.profiles import Profile
where = "https://x.example"
profile = Profile.make(name="p", environment="sandbox", core_url=where, connect_url=where, braze_url=where,
                       retailer_id="11111111-2222-3333-4444-555555555555")
async def main():
    try:
        await KeyringVault({}).read(profile, "braze_key")
    except KeyringFailed as error:
        print(error.message)
asyncio.run(main())
"""
    root = Path(__file__).parents[2]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=desktop.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "The keyring does not answer (3 seconds).\n", "")
    assert time.monotonic() - began < 6
