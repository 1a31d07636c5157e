"""What can be copied from where one stands: each with its name, the key in the menu and its text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Copyable:
    """One line of the copy menu. `reason` says why it cannot be copied here; its text is then empty."""

    key: str
    name: str
    text: str
    reason: str = ""
