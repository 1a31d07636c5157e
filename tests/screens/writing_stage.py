"""The real cockpit on the real demo deck, for tests that work it by keys alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from textual.message import Message
from textual.pilot import Pilot

from core.deck import Deck
from core.ledger import Entry
from core.profiles import Environment
from core.sandbox.sandbox import Sandbox
from core.sandbox.seed_offers import OfferSeed
from core.sandbox.values import ReceivedRequest
from tests.screens.driver import screen_text, type_text, until
from tui.app import OfferdeckApp

WRITES = ("/tags", "/trigger/send")


@dataclass(frozen=True, slots=True)
class Cockpit:
    """A running cockpit with a customer on the screen."""

    app: OfferdeckApp
    pilot: Pilot[Any]
    sandbox: Sandbox
    heard: list[Message]

    @property
    def text(self) -> str:
        """What the terminal shows."""
        return screen_text(self.app)

    @property
    def dialog(self) -> str:
        """The name of the screen on top."""
        return type(self.app.screen).__name__

    @property
    def focused(self) -> str:
        """The id of the widget with the focus."""
        return (self.app.focused.id or type(self.app.focused).__name__) if self.app.focused else ""

    @property
    def writes(self) -> list[ReceivedRequest]:
        """The requests that change something, as the sandbox received them."""
        return [one for one in self.sandbox.requests if one.method == "POST" and one.path.endswith(WRITES)]

    async def ledger(self) -> list[Entry]:
        """What the ledger holds, newest first."""
        assert self.app.desk is not None
        return list(await self.app.desk.ledger_entries())

    async def type(self, text: str) -> None:
        """Type `text` letter by letter."""
        await type_text(self.pilot, text)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        await self.pilot.press(*keys)

    async def sees(self, *words: str, seconds: float = 5.0) -> None:
        """Wait until every one of `words` stands on the screen."""
        what = f"{words} on the screen"
        await until(self.pilot, lambda: all(word in self.text for word in words), what=what, seconds=seconds)

    async def comes_to(self, dialog: str) -> None:
        """Wait until the screen of that class is on top."""
        await until(self.pilot, lambda: self.dialog == dialog, what=f"{dialog} on top, not {self.dialog}")


@asynccontextmanager
async def cockpit(
    customer: str = "ana",
    *,
    size: tuple[int, int] = (120, 40),
    environment: Environment = Environment.SANDBOX,
    unlocked: bool = True,
    offers: tuple[OfferSeed, ...] | None = None,
) -> AsyncIterator[Cockpit]:
    """The cockpit with the sandbox's customer of that name, holding `offers` or the seeded ones, read to the end."""
    deck = Deck.demo(7, {})
    demo = deck._demo
    assert demo is not None
    demo.profile = replace(demo.profile, environment=environment)
    sandbox = demo.start().sandbox
    if offers is not None:
        sandbox.world.by_user_id[sandbox.customer(customer).user_id].offers = offers
    app = OfferdeckApp(deck, profile="demo", query=sandbox.customer(customer).user_id)
    try:
        heard: list[Message] = []
        async with app.run_test(size=size, message_hook=heard.append) as pilot:
            running = Cockpit(app, pilot, sandbox, heard)
            await until(pilot, lambda: _is_read(app), what="the customer", seconds=15)
            if unlocked and environment is Environment.PRODUCTION:
                assert app.desk is not None
                app.desk.gate.unlock()
            yield running
    finally:
        await deck.close()


def _is_read(app: OfferdeckApp) -> bool:
    subject = app.subject
    return subject is not None and subject.ticket is not None and bool(subject.user_id) and not subject.is_loading
