"""The customers looked at in this run, so that a message can be tried on all of them."""

from __future__ import annotations

from core.subjects import Subject

MOST = 20


class Visited:
    """The last 20 customers whose profile and wallet were read, newest first; one profile at a time.

    In memory only. A customer read again takes the place of the earlier reading; another profile forgets everybody.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._profile = ""
        self._subjects: dict[str, Subject] = {}

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Newest first."""
        return tuple(reversed(self._subjects.values()))

    def keep(self, subject: Subject) -> None:
        """Remember `subject` when it has been read; one that still loads, or that nobody knows, changes nothing."""
        if subject.ticket is None or subject.is_loading:
            return
        if subject.customer.value is None or subject.wallet.value is None:
            return
        if subject.ticket.profile != self._profile:
            self.forget()
            self._profile = subject.ticket.profile
        self._subjects.pop(subject.user_id, None)
        self._subjects[subject.user_id] = subject
        while len(self._subjects) > self._most:
            del self._subjects[next(iter(self._subjects))]

    def forget(self) -> None:
        """Nobody has been looked at."""
        self._subjects.clear()
