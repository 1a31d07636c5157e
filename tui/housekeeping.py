"""Python's collector of cycles works between keys, not behind one."""

from __future__ import annotations

import gc
from time import monotonic
from typing import Any

from textual import events
from textual.app import App

_EVERY_S = 0.25
_PAUSE_S = 0.05  # without a key: one that comes next is likely to be a while
_CALM_S = 2.0  # without a key: the person reads
_YOUNG = 10_000  # objects; looking through twice as many takes some 15 ms, a keystroke's preview leaves a quarter of it
_ROUNDS = 20  # of the next younger generation, before an older one is looked through


class Housekeeping(App[None]):
    """Collects the young between two keys where there are enough, the old ones only while nobody presses a key."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._key_at = 0.0

    def on_mount(self) -> None:
        """Begin."""
        self.set_interval(_EVERY_S, self.keep_house)

    async def on_event(self, event: events.Event) -> None:
        """A key ends the calm."""
        await super().on_event(event)
        if isinstance(event, events.Key | events.Paste):
            self._key_at = monotonic()

    def keep_house(self) -> None:
        """Collect what there is time for now."""
        calm_s = monotonic() - self._key_at
        young, middle, old = gc.get_count()
        if calm_s > _CALM_S and max(middle, old) > _ROUNDS:
            gc.collect(2 if old > _ROUNDS else 1)
        elif calm_s > _PAUSE_S and young > _YOUNG:
            gc.collect(0)
