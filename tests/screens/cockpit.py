"""The whole cockpit on the demo's sandbox, driven by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC

from textual.pilot import Pilot

from core.deck import Deck
from core.sandbox.sandbox import Sandbox
from core.sandbox.seed import Seed, customer_id
from tests.screens.driver import screen_lines, type_text, until
from tui import theme
from tui.app import OfferdeckApp

SEED = 7


def id_of(name: str) -> str:
    """The SessionM id of a seeded customer."""
    return customer_id(Seed(SEED), name)


@dataclass(slots=True)
class Cockpit:
    """A running cockpit and the hands on it."""

    app: OfferdeckApp
    pilot: Pilot[None]
    deck: Deck

    @property
    def sandbox(self) -> Sandbox:
        """The embedded vendors behind it."""
        demo = self.deck._demo
        assert demo is not None
        return demo.start().sandbox

    @property
    def text(self) -> str:
        """What the terminal shows now."""
        return "\n".join(screen_lines(self.app))

    async def press(self, *keys: str) -> None:
        """Press keys one after the other; `text:…` types."""
        for key in keys:
            if key.startswith("text:"):
                await type_text(self.pilot, key[5:])
            else:
                await self.pilot.press(key)

    async def shows(self, *words: str) -> None:
        """Wait until every word stands on the screen."""
        await self.until(lambda: all(word in self.text for word in words), f"{words} on the screen")

    async def hides(self, word: str) -> None:
        """Wait until a word is gone from the screen."""
        await self.until(lambda: word not in self.text, f"{word!r} gone from the screen")

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until something holds; names it, and the screen, when it gives up."""
        await until(self.pilot, condition, what=what, seconds=15)

    async def read(self) -> None:
        """Wait until every pane of the customer has its answer."""
        await self.until(self._is_read, "the customer")
        await self.pilot.pause()

    def _is_read(self) -> bool:
        subject = self.app.subject
        return subject is not None and subject.ticket is not None and not subject.is_loading


@asynccontextmanager
async def cockpit(
    customer: str = "ana", *, size: tuple[int, int] = (120, 40), environ: Mapping[str, str] | None = None
) -> AsyncIterator[Cockpit]:
    """The demo's cockpit, opened on a seeded customer whose panes are all read."""
    deck = Deck.demo(SEED, dict(environ or {}))
    app = OfferdeckApp(deck, profile="demo", query=id_of(customer), zone=UTC, colours=theme.DARK)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            running = Cockpit(app, pilot, deck)
            await running.read()
            yield running
    finally:
        await deck.close()
