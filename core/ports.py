"""The ports: what the core needs of the world, as protocols that the adapters fill."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.calls import Call, Service
from core.ledger import Entry, EntryState
from core.outcomes import Exchange
from core.profiles import Profile
from core.secret import Secret


class Clock(Protocol):
    """Time, so that tests and pictures can hold it still."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        ...

    def monotonic_s(self) -> float:
        """Seconds that never run backwards."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; cancelling ends it at once."""
        ...


class Wire(Protocol):
    """One attempt at one call for one profile; the only place that adds keys and meets sockets."""

    @property
    def profile(self) -> Profile:
        """Whose hosts and keys it uses."""
        ...

    async def exchange(self, call: Call) -> Exchange:
        """Send `call` once. Failures of the network are in the Exchange, never raised.

        Raises SecretMissing or KeyringFailed when the credentials cannot be read (nothing left then).
        """
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


class Vault(Protocol):
    """Secrets of profiles. Keys are (profile, host, field): a host that does not match reads nothing."""

    @property
    def kind(self) -> str:
        """In words: `GNOME Keyring (Secret Service)`, `environment variables`, `memory, this run only`."""
        ...

    async def read(self, profile: Profile, field: str) -> Secret:
        """The secret of `field`. Raises SecretMissing or KeyringFailed."""
        ...

    async def write(self, profile: Profile, field: str, secret: Secret) -> None:
        """Keep it. Raises KeyringFailed, or Guarded where the store cannot be written (environment)."""
        ...

    async def forget(self, profile: Profile, field: str) -> bool:
        """Remove it; False when there was none. Raises KeyringFailed or Guarded."""
        ...


class Ledger(Protocol):
    """The journal of writes, durable before anything leaves. Raises Guarded when it cannot be used; where it cannot be
    written it can still be read."""

    async def plan(self, entry: Entry) -> None:
        """Put `entry` (state planned) on disk. Raises Guarded when its id is already there or the disk refuses."""
        ...

    async def claim(self, entry_id: str) -> bool:
        """`planned -> sending`, on disk; False when somebody else took it."""
        ...

    async def settle(self, entry: Entry) -> None:
        """Write the final state of a claimed entry."""
        ...

    async def recover(self, profile: str) -> int:
        """At start, under the profile's lock: every `sending` of `profile` becomes `unknown`. Gives how many."""
        ...

    async def left_sending(self) -> Sequence[str]:
        """The profiles with a `sending` entry, whether or not there still is such a profile."""
        ...

    async def entries(
        self, *, profile: str | None = None, search: str = "", limit: int = 500, before: datetime | None = None
    ) -> Sequence[Entry]:
        """Newest first; `search` matches names, ids, recipients, states, bodies and references, without case."""
        ...

    async def entry(self, entry_id: str) -> Entry | None:
        """One entry by its id or an unambiguous beginning of it."""
        ...

    async def mark(self, entry_id: str, state: EntryState) -> None:
        """A person's word on an `unknown` entry, kept beside the fact that it was one."""
        ...

    async def close(self) -> None:
        """Let go of the file."""
        ...


class ProfileStore(Protocol):
    """Profiles on disk."""

    def names(self) -> list[str]:
        """All names, in the order they were added."""
        ...

    def load(self, name: str) -> Profile:
        """Raises InvalidInput naming the profiles there are, or what is wrong in the file."""
        ...

    def save(self, profile: Profile, *, replace: bool = False) -> None:
        """Raises InvalidInput when the name is taken and `replace` is not set."""
        ...

    def remove(self, name: str) -> None:
        """Raises InvalidInput when there is none of that name."""
        ...


class Pulse(Protocol):
    """How each service last answered, for the bar at the top."""

    def last_ms(self, service: Service) -> int | None:
        """Milliseconds of the latest complete answer; None before the first."""
        ...
