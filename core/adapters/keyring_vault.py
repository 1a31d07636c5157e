"""The operating system's keyring, and nothing that only calls itself one."""

from __future__ import annotations

import asyncio
import configparser
import importlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from core.adapters.keyring_words import Trouble, look, trouble_of, words_for
from core.adapters.threads import on_a_thread
from core.adapters.vault import key_of, missing
from core.clean import safe
from core.errors import KeyringFailed
from core.profiles import Profile
from core.secret import Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

LIMIT_S = 2.5
LOOK_LIMIT_S = 0.5  # together the 3 seconds that a person is kept waiting

# By class, for a name can be forged and an entry point can be anybody's.
ALLOWED: Mapping[str, str] = {
    "keyring.backends.SecretService.Keyring": "Secret Service (GNOME Keyring, KeePassXC, KDE)",
    "keyring.backends.libsecret.Keyring": "Secret Service through libsecret",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.kwallet.DBusKeyringKWallet4": "KWallet 4",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Locker",
}
_OF_THE_SYSTEM: Mapping[str, tuple[str, ...]] = {
    "darwin": ("keyring.backends.macOS.Keyring",),
    "win32": ("keyring.backends.Windows.WinVaultKeyring",),
}
_OF_LINUX = tuple(name for name in ALLOWED if not name.endswith(("macOS.Keyring", "WinVaultKeyring")))
_Result = TypeVar("_Result")


class KeyringVault:
    """Fills the `Vault` port; every call on a daemon thread and given up after 3 seconds in all.

    A secret of field F of profile P lies under the service `offerdeck:P@HOST` and the user name F.
    """

    def __init__(self, environ: Mapping[str, str], *, limit_s: float = LIMIT_S) -> None:
        self._environ = environ
        self._limit_s = limit_s
        self._backend: KeyringBackend | None = None
        self._hanging: asyncio.Future[Any] | None = None

    @property
    def kind(self) -> str:
        """The keyring in words, once one was used."""
        return "the system's keyring" if self._backend is None else ALLOWED[_name_of(type(self._backend))]

    async def read(self, profile: Profile, field: str) -> Secret:
        """The secret. Raises SecretMissing or KeyringFailed."""
        service, name = _address(profile, field)
        value = await self._do(lambda backend: backend.get_password(service, name))
        if value is None:
            raise missing(profile, field)
        return Secret(value)

    async def write(self, profile: Profile, field: str, secret: Secret) -> None:
        """Keep it. Raises KeyringFailed."""
        service, name = _address(profile, field)
        await self._do(lambda backend: backend.set_password(service, name, secret.reveal()))

    async def forget(self, profile: Profile, field: str) -> bool:
        """Remove it; False when there was none. Raises KeyringFailed."""
        service, name = _address(profile, field)

        def work(backend: KeyringBackend) -> bool:
            there = backend.get_password(service, name) is not None
            if there:
                backend.delete_password(service, name)
            return there

        return await self._do(work)

    async def _do(self, work: Callable[[KeyringBackend], _Result]) -> _Result:
        """`work` with the backend, or why the keyring cannot be used."""
        if self._hanging is not None and not self._hanging.done():
            raise words_for(await self._trouble(Trouble.SILENT))
        future = on_a_thread(lambda: work(self._chosen()), "keyring")
        done, _ = await asyncio.wait([future], timeout=self._limit_s)
        if not done:
            self._hanging = future
            future.add_done_callback(_forget_late_error)
            raise words_for(await self._trouble(Trouble.SILENT))
        try:
            return future.result()
        except KeyringFailed:
            raise
        except Exception as error:  # the backends let anything through: FileNotFoundError, CalledProcessError, D-Bus
            raise words_for(await self._trouble(trouble_of(error)), error) from error

    async def _trouble(self, guess: Trouble) -> Trouble:
        """What a quick look at the bus says, where it can say more than `guess`."""
        future = on_a_thread(lambda: look(guess), "keyring look")
        future.add_done_callback(_forget_late_error)
        await asyncio.wait([future], timeout=LOOK_LIMIT_S)
        return future.result() if future.done() and future.exception() is None else guess

    def _chosen(self) -> KeyringBackend:
        """The first backend of this system that works; runs on the keyring's thread."""
        if self._backend is None:
            self._backend = choose(self._environ)
        return self._backend


def choose(environ: Mapping[str, str]) -> KeyringBackend:
    """A trusted backend that works here, made without loading any other. Raises KeyringFailed with the reason."""
    forced, by = _forced(environ)
    if forced and forced not in ALLOWED:
        raise KeyringFailed(
            f"{by} forces the keyring {safe(forced)[:100]}, which offerdeck does not trust with secrets.",
            "Remove that setting to use the system's own keyring, or enter the secrets for this run only.",
        )
    names = (forced,) if forced else _OF_THE_SYSTEM.get(sys.platform, _OF_LINUX)
    reasons: list[Exception] = []
    for name in names:
        module, _, kind = name.rpartition(".")
        try:
            backend_class = getattr(importlib.import_module(module), kind)
            _ = backend_class.priority
            backend: KeyringBackend = backend_class()
        except Exception as error:  # whatever a backend raises here means that it cannot be used
            reasons.append(error)
        else:
            return backend
    raise reasons[0]


def _forced(environ: Mapping[str, str]) -> tuple[str, str]:
    """The backend that the environment or keyring's own settings name, and which of them does."""
    if name := environ.get("PYTHON_KEYRING_BACKEND", "").strip():
        return name, "PYTHON_KEYRING_BACKEND"
    from keyring.util import platform_

    path = Path(platform_.config_root()) / "keyringrc.cfg"
    settings = configparser.RawConfigParser()
    try:
        settings.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError, OSError):
        return "", ""
    return settings.get("backend", "default-keyring", fallback="").strip(), safe(str(path))


def _name_of(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _address(profile: Profile, field: str) -> tuple[str, str]:
    name, host, field = key_of(profile, field)
    return f"offerdeck:{name}@{host}", field


def _forget_late_error(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()
