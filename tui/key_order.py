"""Keys are obeyed in the order they are pressed, however busy the screen is."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

_PATIENCE_S = 10.0  # a screen that takes longer over one key is not waited for
_ROUNDS = 2  # the first ends behind the key itself, the second behind what the key set off
_MOVES = frozenset({"up", "down", "left", "right", "pageup", "pagedown", "home", "end", "backspace", "delete"})
_AT_ONCE = frozenset({"ctrl+q"})  # leaves, whatever else is under way


class KeyOrder(App[None]):
    """Holds back what is typed behind a key that is no text until that key has done what it does.

    Textual gives a key to the widget with the focus and takes the next one at once; only when the widget has worked
    its strokes off does the key come up again and act. What is typed behind a key that opens a dialog would go to the
    widget left behind: a path into the template, a return that takes the wrong line.
    """

    class Followed(Message):
        """Goes the way of a key, behind it."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._held: deque[events.Key | events.Paste] = deque()
        self._number = 0  # of the messenger that is waited for
        self._rounds: int | None = None  # how often it came back; None while nothing is waited for
        self._wanted = _ROUNDS
        self._sent_to: Screen[Any] | None = None
        self._patience: Timer | None = None

    def on_mount(self) -> None:
        """A messenger that went into a screen which is closed does not come back."""
        self.screen_change_signal.subscribe(self, self._screen_changed, immediate=True)

    async def on_event(self, event: events.Event) -> None:
        """Hold a key or a paste back, or let it go and wait for it."""
        is_typed = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if not is_typed or (isinstance(event, events.Key) and event.key in _AT_ONCE):
            await super().on_event(event)
        elif self._rounds is not None:
            assert isinstance(event, events.Key | events.Paste)
            self._held.append(event)
        else:
            is_text = isinstance(event, events.Paste) or self._is_text(event)
            await super().on_event(event)
            if not is_text:
                # Keys that are held down set nothing off, and are not to lag behind the finger.
                self._wanted = 1 if isinstance(event, events.Key) and event.key in _MOVES else _ROUNDS
                self._rounds = 0
                self._patience = self.set_timer(_PATIENCE_S, self._let_go)
                self._follow()

    def _is_text(self, event: events.Event) -> bool:
        """Whether the widget with the focus takes a key for itself: it opens nothing then."""
        assert isinstance(event, events.Key)
        return self.focused is not None and self.focused.check_consume_key(event.key, event.character)

    def _follow(self) -> None:
        self._number += 1
        self._sent_to = self.screen
        (self.focused or self.screen).post_message(self.Followed(self._number))

    async def on_key_order_followed(self, message: Followed) -> None:
        """Behind the key; once more behind what it set off, and behind a screen that it opened."""
        if self._rounds is None or message.number != self._number:
            return
        await asyncio.sleep(0)  # a worker that the key began comes as far as its dialog
        if not self.screen_stack:  # the app ends
            return
        self._rounds += 1
        if self._rounds < self._wanted or self.screen is not self._sent_to:
            self._follow()
        else:
            await self._let_go()

    def _screen_changed(self, _: Screen[Any]) -> None:
        if self._rounds is not None and self.screen_stack and self._sent_to not in self.screen_stack:
            self._follow()

    async def _let_go(self) -> None:
        """What was held back, up to the next key that is waited for."""
        self._rounds = None
        if self._patience is not None:
            self._patience.stop()
        while self._held and self._rounds is None:
            await self.on_event(self._held.popleft())
