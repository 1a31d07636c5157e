"""What left, as the ledger keeps it: the entry, its states, and the questions one can ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.calls import Service
from core.plans import PlanKind


class EntryState(StrEnum):
    """A write's state on disk. `planned -> sending` is written before the first byte leaves."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """As people read it: a vendor's success is "accepted", never "sent"."""
        return {"sent": "accepted", "not_sent": "not sent"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Entry:
    """One write. No secret is in it: `target` holds placeholders and `answer_body` is a redacted copy of at most 4 kB.

    Times are UTC. `settled_at` is None while the state is planned or sending.
    """

    id: str
    kind: PlanKind
    profile: str
    environment: str
    base_url: str
    service: Service
    endpoint: str
    method: str
    target: str
    body: str
    digest: str
    target_id: str
    target_name: str
    recipients: tuple[str, ...]
    state: EntryState
    created_at: datetime
    settled_at: datetime | None = None
    status: int | None = None
    reason: str = ""
    warnings: tuple[str, ...] = ()
    reference: str = ""
    answer_body: str = ""
    elapsed_s: float = 0.0
    attempts: int = 0
    marked_by_person: bool = False
