"""The gate in front of every write: read-only profiles, the timed unlocking of production, one writer at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.errors import Guarded
from core.plans import Plan
from core.ports import Clock
from core.profiles import Profile

UNLOCKED_FOR = timedelta(minutes=5)


class Gate:
    """Whether writes of one profile may pass now.

    `other_writer_pid` is the process that holds the profile's lock; while it is not None this one only reads. `broken`
    says why no intent could be put on disk: then this one only reads as well.
    """

    def __init__(
        self, profile: Profile, clock: Clock, *, other_writer_pid: int | None = None, broken: Guarded | None = None
    ) -> None:
        self.profile = profile
        self.other_writer_pid = other_writer_pid
        self._broken = broken
        self._clock = clock
        self._unlocked_until: datetime | None = None

    def unlock(self) -> datetime:
        """Let a read-only profile write for five minutes; gives the moment (UTC) it closes again."""
        self._unlocked_until = self._clock.now() + UNLOCKED_FOR
        return self._unlocked_until

    def lock(self) -> None:
        """Close it at once."""
        self._unlocked_until = None

    @property
    def unlocked_for(self) -> timedelta | None:
        """What is left of an unlocking; None when the profile needs none or is locked."""
        if self._unlocked_until is None:
            return None
        left = self._unlocked_until - self._clock.now()
        return left if left > timedelta(0) else None

    @property
    def shut(self) -> Guarded | None:
        """Why nothing may be written whatever is unlocked, or None."""
        if self._broken is not None or self.other_writer_pid is None:
            return self._broken
        who = f" (process {self.other_writer_pid})" if self.other_writer_pid else ""
        return Guarded(
            f"Another offerdeck{who} writes to {self.profile.name}.",
            "This one only reads. Close the other and open the profile again.",
        )

    @property
    def shut_words(self) -> str:
        """Why nothing may be written, in the few words that a line has room for; empty when writes may pass."""
        if self._broken is not None:
            return "no ledger"
        if self.other_writer_pid is None:
            return ""
        return f"process {self.other_writer_pid} writes" if self.other_writer_pid else "another offerdeck writes"

    @property
    def refusal(self) -> Guarded | None:
        """Why nothing may be written now, or None."""
        if self.shut is not None:
            return self.shut
        if self.profile.starts_read_only and self.unlocked_for is None:
            return Guarded(
                f"{self.profile.name} is production and read-only.",
                "Unlock it for five minutes: U in the cockpit, --unlock-production with --confirm elsewhere.",
            )
        return None

    def check(self, plan: Plan) -> None:
        """Raises Guarded when `plan` may not leave: locked, held by another, or made for another profile or host."""
        if self.refusal is not None:
            raise self.refusal
        if plan.profile != self.profile.name or plan.base_url != self.profile.url(plan.call.service):
            raise Guarded("This was planned for another profile or host.", "Nothing left. Plan it again.")
