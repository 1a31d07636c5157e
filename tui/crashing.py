"""What a person sees when the cockpit itself fails: words, never the local variables that Textual would print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.app import App

if TYPE_CHECKING:
    from core.deck import Deck


class Crashing(App[None]):
    """Ends with exit code 1, a few lines, and a file that says where; no value of anything is shown or kept."""

    deck: Deck

    def _fatal_error(self) -> None:
        """In place of Textual's traceback."""
        self._end_in_words()

    def panic(self, *renderables: Any) -> None:
        """In place of Textual's picture of an error that draws itself."""
        self._end_in_words()

    def _end_in_words(self) -> None:
        if not self._exit_renderables:
            self._exit_renderables.append(self._last_words())
        self._close_messages_no_wait()

    def _last_words(self) -> Text:
        from textual.worker import WorkerFailed

        from core.adapters.crash_file import keep_crash
        from core.clean import safe
        from core.crashes import Crash

        error: BaseException | None = self._exception
        crash = Crash.of(error.error if isinstance(error, WorkerFailed) else error or RuntimeError())
        lines = [f"offerdeck met a fault of its own: {crash.kind}{', in ' if crash.place else ''}{crash.place}."]
        lines.append("Nothing is sent again by itself; what was under way is in the ledger: offerdeck ledger")
        if self.deck.environ.get("OFFERDECK_TRACE"):
            lines.append(crash.report)
        kept = "" if self.deck.is_demo else keep_crash(self.deck.places.log, crash, self.deck.clock.now())
        if kept:
            lines.append(f"Where it happened, without any value, is kept in {safe(kept)}")
        else:
            lines.append("OFFERDECK_TRACE=1 shows where, without any value.")
        return Text("\n".join(lines))
