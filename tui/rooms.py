"""The rooms: which screen answers to which key, each imported when it is first entered."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.frame import StartScreen


def _late(module: str, kind: str) -> Callable[[], Screen[None]]:
    """A screen whose module is imported when it is made."""

    def make() -> Screen[None]:
        screen: Screen[None] = getattr(import_module(f"tui.screens.{module}"), kind)()
        return screen

    return make


MODES: dict[str, Any] = {
    "start": StartScreen,
    "customer": _late("customer", "CustomerScreen"),
    "message": _late("message", "MessageScreen"),
    "send": _late("send", "SendScreen"),
    "ledger": _late("ledger", "LedgerScreen"),
}
KEYS: tuple[BindingType, ...] = (
    Binding("1", "room('customer')", "Customer", show=False, id="app.customer", tooltip="The Customer screen"),
    Binding("2", "room('message')", "Message", show=False, id="app.message", tooltip="The Message screen"),
    Binding("3", "room('send')", "Send", show=False, id="app.send", tooltip="The Send screen"),
    Binding("6", "room('ledger')", "Ledger", show=False, id="app.ledger", tooltip="Everything that left"),
)
