"""A message tried several times: the run behind a dialog, row by row, the newest run alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message

from core.clean import safe
from core.errors import OfferdeckError
from tui.dialogs.dialog import Dialog


@dataclass(frozen=True, slots=True)
class Trial:
    """One row: its name, and what came of it; None while it has not been rendered."""

    number: int
    name: str
    result: Any = None


class TrialRun(Dialog[None]):
    """A subclass names the rows and renders them, and hears `shown()` whenever there is more to show."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r,f5", "again", "Again", show=False, id="trial.again", tooltip="Render all of it again"),
    ]

    class Named(Message):
        """Who or what is tried, in order."""

        def __init__(self, run: int, names: Sequence[str]) -> None:
            super().__init__()
            self.run, self.names = run, names

    class Arrived(Message):
        """One render came back."""

        def __init__(self, run: int, number: int, result: Any) -> None:
            super().__init__()
            self.run, self.number, self.result = run, number, result

    class Failed(Message):
        """Nothing could be tried."""

        def __init__(self, run: int, error: OfferdeckError) -> None:
            super().__init__()
            self.run, self.error = run, error

    def __init__(self) -> None:
        super().__init__()
        self._trials: list[Trial] = []
        self._run = 0
        self._is_begun = False
        self._error: OfferdeckError | None = None

    # -- what a subclass says

    async def names(self) -> Sequence[str]:
        """The names of the rows, in the order of `results()`. May raise OfferdeckError."""
        raise NotImplementedError

    def results(self) -> AsyncGenerator[Any, None]:
        """What comes back, row by row."""
        raise NotImplementedError

    def shown(self, *, rows: bool) -> None:
        """The state of the run is another; `rows`: a row is, too."""
        raise NotImplementedError

    # -- the run

    def action_again(self) -> None:
        """Render everything once more; what is still on its way is dropped."""
        self._run += 1
        self._is_begun, self._error = False, None
        self.shown(rows=False)
        self._try(self._run)

    @work(exclusive=True, group="trial")
    async def _try(self, run: int) -> None:
        try:
            self.post_message(self.Named(run, await self.names()))
            async with aclosing(self.results()) as results:
                number = 0
                async for result in results:
                    self.post_message(self.Arrived(run, number, result))
                    number += 1
        except OfferdeckError as error:
            self.post_message(self.Failed(run, error))

    @on(Named)
    def _named(self, message: Named) -> None:
        if message.run == self._run:
            self._is_begun = True
            self._trials = [Trial(number, safe(name)) for number, name in enumerate(message.names)]
            self.shown(rows=True)

    @on(Arrived)
    def _arrived(self, message: Arrived) -> None:
        if message.run == self._run and message.number < len(self._trials):
            name = self._trials[message.number].name
            self._trials[message.number] = Trial(message.number, name, message.result)
            self.shown(rows=True)

    @on(Failed)
    def _failed(self, message: Failed) -> None:
        if message.run == self._run:
            self._error = message.error
            self.shown(rows=False)

    @property
    def trials(self) -> Sequence[Trial]:
        """The rows, those that are still on their way too."""
        return self._trials

    @property
    def error(self) -> OfferdeckError | None:
        """Why nothing could be tried."""
        return self._error

    @property
    def progress(self) -> str:
        """How far the run is; empty once every row has come back."""
        if not self._is_begun:
            return "rendering"
        back = sum(trial.result is not None for trial in self._trials)
        return f"rendering {back} of {len(self._trials)}" if back < len(self._trials) else ""
