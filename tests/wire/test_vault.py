"""Vaults: bound to profile and host, and no stranger's keyring is trusted."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.adapters import keyring_vault
from core.adapters.keyring_vault import KeyringVault
from core.adapters.threads import OneThread, on_a_thread
from core.adapters.vault import EnvironmentVault, MemoryVault, vault_for
from core.errors import Guarded, InvalidInput, KeyringFailed, SecretMissing
from core.profiles import SECRET_FIELDS, Profile
from core.secret import Secret

PLANTED = """
import pathlib, os
pathlib.Path(os.environ["TRACE"]).write_text("imported")
from keyring.backend import KeyringBackend
class Keyring(KeyringBackend):
    priority = 99
    def get_password(self, service, username): return "stolen"
    def set_password(self, service, username, password): pathlib.Path(os.environ["TRACE"]).write_text(password)
    def delete_password(self, service, username): pass
"""


@pytest.fixture
def profile(lab: Any) -> Profile:
    found: Profile = lab.profile_at("https://api.example", secrets="keyring")
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is searched for files afterwards, with a planted backend on Python's path."""
    folder = tmp_path / "planted"
    folder.mkdir()
    (folder / "planted.py").write_text(PLANTED)
    monkeypatch.syspath_prepend(str(folder))
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("TRACE", str(home / "trace"))
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    return home


def files_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize(
    "name",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyring.backends.chainer.ChainerBackend",
        "keyrings.alt.file.PlaintextKeyring",
        "keyrings.alt.file.EncryptedKeyring",
        "planted.Keyring",
    ],
)
@pytest.mark.parametrize("way", ["variable", "settings"])
async def test_a_keyring_that_is_none_is_refused_and_writes_nothing(
    home: Path, profile: Profile, name: str, way: str
) -> None:
    environ = {"PYTHON_KEYRING_BACKEND": name} if way == "variable" else {}
    if way == "settings":
        settings = home / "python_keyring" / "keyringrc.cfg"
        settings.parent.mkdir()
        settings.write_text(f"[backend]\ndefault-keyring={name}\n")
    before = files_in(home)
    vault = KeyringVault(environ)
    works = [vault.read(profile, "braze_key"), vault.write(profile, "braze_key", Secret("s3cret"))]
    for work in [*works, vault.forget(profile, "braze_key")]:
        with pytest.raises(KeyringFailed, match=name.replace(".", r"\.")) as caught:
            await work
        assert "does not trust" in caught.value.message and "Remove that setting" in caught.value.hint
    assert files_in(home) == before and "planted" not in sys.modules


def test_the_planted_backend_would_have_left_a_trace(home: Path) -> None:
    """The control: keyring itself does load what the environment names."""
    script = "import keyring; keyring.set_password('a', 'b', 's3cret')"
    environ = os.environ | {"PYTHON_KEYRING_BACKEND": "planted.Keyring", "PYTHONPATH": str(home.parent / "planted")}
    subprocess.run([sys.executable, "-c", script], env=environ, check=True, timeout=30)
    assert (home / "trace").read_text() == "s3cret"


async def test_a_trusted_keyring_that_works_on_no_such_system_is_refused(home: Path, profile: Profile) -> None:
    vault = KeyringVault({"PYTHON_KEYRING_BACKEND": "keyring.backends.Windows.WinVaultKeyring"})
    with pytest.raises(KeyringFailed) as caught:
        await vault.read(profile, "braze_key")
    assert "for this run only" in caught.value.hint


async def test_a_keyring_that_hangs_is_given_up_and_heard_again_later(
    home: Path, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keyring.backends.SecretService import Keyring

    answer = threading.Event()

    class Hanging(Keyring):
        def get_password(self, service: str, username: str) -> str:
            answer.wait()
            return f"{service} {username}"

    monkeypatch.setattr(keyring_vault, "choose", lambda environ: Hanging())  # type: ignore[no-untyped-call]
    monkeypatch.setattr(keyring_vault, "look", lambda guess: guess)
    vault = KeyringVault({}, limit_s=0.05)
    for _ in range(2):
        with pytest.raises(KeyringFailed, match="does not answer"):
            await vault.read(profile, "braze_key")
    assert sum(thread.name == "keyring" for thread in threading.enumerate()) == 1, "one waits, not one a call"
    answer.set()
    secret = None
    while secret is None:
        try:
            secret = await vault.read(profile, "braze_key")
        except KeyringFailed:
            await asyncio.sleep(0.001)
    assert secret.reveal() == "offerdeck:demo@api.example braze_key"


@pytest.mark.parametrize(
    "error", [FileNotFoundError(2, "x"), subprocess.CalledProcessError(1, "x"), ValueError(), KeyError("x")]
)
async def test_whatever_a_backend_raises_becomes_words(
    home: Path, profile: Profile, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def choose(environ: object) -> Any:
        raise error

    monkeypatch.setattr(keyring_vault, "choose", choose)
    with pytest.raises(KeyringFailed) as caught:
        await KeyringVault({}).read(profile, "braze_key")
    assert type(error).__name__ in caught.value.detail and caught.value.__cause__ is error


async def test_memory_and_environment_know_profile_and_host(profile: Profile) -> None:
    memory = MemoryVault()
    await memory.write(profile, "core_key", Secret("m"))
    environment = EnvironmentVault(profile, {"OFFERDECK_SECRET_CORE_KEY": " e\n"})
    for vault, value in ((memory, "m"), (environment, "e")):
        assert (await vault.read(profile, "core_key")).reveal() == value
        for other in (replace(profile, core_url="https://evil.example"), replace(profile, name="other")):
            with pytest.raises(SecretMissing):
                await vault.read(other, "core_key")
        with pytest.raises(SecretMissing):
            await vault.read(profile, "core_secret")
        with pytest.raises(InvalidInput):
            await vault.read(profile, "password")


async def test_memory_forgets(profile: Profile) -> None:
    memory = MemoryVault()
    await memory.write(profile, "core_key", Secret("m"))
    assert await memory.forget(profile, "core_key") is True
    assert await memory.forget(profile, "core_key") is False


async def test_the_environment_cannot_be_written(profile: Profile) -> None:
    environment = EnvironmentVault(profile, {})
    with pytest.raises(Guarded, match="OFFERDECK_SECRET_BRAZE_KEY"):
        await environment.write(profile, "braze_key", Secret("x"))
    with pytest.raises(Guarded, match="OFFERDECK_SECRET_BRAZE_KEY"):
        await environment.forget(profile, "braze_key")


async def test_each_kind_of_profile_gets_its_vault(profile: Profile, lab: Any) -> None:
    def vault(secrets: str) -> Any:
        return vault_for(lab.profile_at("https://api.example", secrets=secrets), {})

    assert isinstance(vault("keyring"), KeyringVault) and isinstance(vault("environment"), EnvironmentVault)
    assert vault("memory") is vault("memory") and isinstance(vault("memory"), MemoryVault)
    assert len(SECRET_FIELDS) == 6


def test_neither_memory_nor_environment_imports_keyring() -> None:
    script = """
import asyncio, sys
from core.adapters.vault import vault_for
from core.errors import SecretMissing
from core.profiles import Profile
where = "https://x.example"
for secrets in ("memory", "environment"):
    profile = Profile.make(name="p", environment="sandbox", core_url=where, connect_url=where, braze_url=where,
                           retailer_id="11111111-2222-3333-4444-555555555555", secrets=secrets)
    try:
        asyncio.run(vault_for(profile, {}).read(profile, "core_key"))
    except SecretMissing:
        print("missing")
print([name for name in ("keyring", "httpx", "sqlite3", "platformdirs") if name in sys.modules])
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, timeout=30)
    assert (done.stdout, done.stderr) == ("missing\nmissing\n[]\n", "")


@pytest.mark.parametrize("start", [lambda work: on_a_thread(work, "x"), lambda work: OneThread("x").do(work)])
async def test_work_on_a_thread_gives_its_result_or_its_error(start: Callable[[Any], Any]) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    assert await start(lambda: threading.current_thread().daemon) is True
    with pytest.raises(ZeroDivisionError):
        await start(fail)


async def test_one_thread_keeps_the_order_and_ends_when_told() -> None:
    thread, seen = OneThread("order"), list[int]()
    await asyncio.gather(*(thread.do(lambda number=number: seen.append(number)) for number in range(100)))  # type: ignore[misc]
    assert seen == list(range(100))
    working = [one for one in threading.enumerate() if one.name == "order"]
    thread.stop()
    await asyncio.to_thread(working[0].join, 5)
    assert not working[0].is_alive()
