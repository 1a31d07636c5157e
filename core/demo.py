"""The demo: one made-up tenant on a sandbox of its own, started when it is first needed, gone afterwards."""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from core.deck import DEMO_PROFILE as NAME
from core.errors import InvalidInput
from core.ports import Clock, ProfileStore, Vault
from core.profiles import Environment, Profile, SecretStore
from core.secret import Secret

if TYPE_CHECKING:
    from core.sandbox import SandboxHandle


class Demo:
    """A sandbox on a thread, its profile, its secrets in memory, and a temporary folder for everything on disk."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.seed = seed
        self.port = 0  # any free ones; pictures want the same every time
        self._clock = clock
        self.profiles: ProfileStore = _OneProfile(self)
        self._handle: SandboxHandle | None = None
        self._secrets: dict[str, str] = {}
        self._starting = threading.Lock()

    @cached_property
    def home(self) -> Path:
        """The temporary folder, open to its owner alone; gone at the end of the program at the latest."""
        import atexit
        import shutil
        import tempfile

        folder = Path(tempfile.mkdtemp(prefix="offerdeck-demo-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return folder

    @cached_property
    def customer(self) -> str:
        """The SessionM id of the ordinary customer."""
        from core.sandbox.seed import Seed, customer_id

        return customer_id(Seed(self.seed), "ana")

    @cached_property
    def vault(self) -> Vault:
        """The sandbox's secrets."""
        return _SandboxVault(self)

    def secret(self, field: str) -> str:
        """One of the sandbox's secrets, or nothing."""
        self.start()
        return self._secrets.get(field, "")

    @cached_property
    def profile(self) -> Profile:
        """The profile; the sandbox listens from now on."""
        handle = self.start()
        return Profile(
            name=NAME,
            environment=Environment.SANDBOX,
            core_url=handle.sandbox.core_url,
            connect_url=handle.sandbox.connect_url,
            braze_url=handle.sandbox.braze_url,
            retailer_id=handle.sandbox.settings["retailer_id"],
            culture=handle.sandbox.settings["culture"],
            secrets=SecretStore.MEMORY,
        )

    def start(self) -> SandboxHandle:
        """Start the sandbox unless it runs; returns once it listens. Safe to call from any thread."""
        with self._starting:
            if self._handle is None:
                from core.sandbox import start_in_thread

                self._handle = start_in_thread(seed=self.seed, clock=self._clock.now, port=self.port, history=True)
                self._secrets = dict(self._handle.sandbox.secrets)
            return self._handle

    def stop(self) -> None:
        """End the sandbox and remove the folder with all that is in it."""
        if self._handle is not None:
            self._handle.stop()
        if "home" in self.__dict__:
            import shutil

            shutil.rmtree(self.home, ignore_errors=True)


class _OneProfile:
    """The store of a demo: its one profile, and no other can be made."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo

    def names(self) -> list[str]:
        """The one name."""
        return [NAME]

    def load(self, name: str) -> Profile:
        """The profile. Raises InvalidInput for any other name."""
        if name != NAME:
            raise InvalidInput(f"There is no profile {name[:60]!r} in the demo.", f"There is: {NAME}.")
        return self._demo.profile

    def save(self, profile: Profile, *, replace: bool = False) -> None:
        """Raises InvalidInput: a demo keeps nothing."""
        raise InvalidInput("A demo keeps no profiles.", "Quit it and run: offerdeck profile add")

    def remove(self, name: str) -> None:
        """Raises InvalidInput: a demo keeps nothing."""
        raise InvalidInput("A demo keeps no profiles.", "Quit it and run: offerdeck profile remove")


class _SandboxVault:
    """The sandbox's own credentials, to be read only."""

    kind = "the demo's own, in memory"

    def __init__(self, demo: Demo) -> None:
        self._demo = demo

    async def read(self, profile: Profile, field: str) -> Secret:
        """The sandbox's secret of that field."""
        from core.adapters.vault import missing

        if value := self._demo.secret(field):
            return Secret(value)
        raise missing(profile, field)

    async def write(self, profile: Profile, field: str, secret: Secret) -> None:
        """Raises InvalidInput: the sandbox's secrets are fixed."""
        raise InvalidInput("The demo has its own secrets.", "Quit it and run: offerdeck auth set")

    async def forget(self, profile: Profile, field: str) -> bool:
        """Raises InvalidInput: the sandbox's secrets are fixed."""
        raise InvalidInput("The demo has its own secrets.", "")
