"""One pane of a room alone on the screen, and all of them again."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen


def toggle_full(screen: Screen[Any]) -> None:
    """Show the pane of a room that holds the focus alone; a second time, all of them as the stylesheet has them."""
    bodies = screen.query("#body")
    panes = list(bodies.first().children) if bodies else []
    if screen.has_class("-full"):
        screen.remove_class("-full")
        for pane in panes:
            pane.styles.display = None
            pane.styles.width = None
        return
    held = [pane for pane in panes if pane.has_focus_within]
    if not held or len(panes) < 2:
        return
    screen.add_class("-full")
    for pane in panes:
        pane.display = pane is held[0]
    held[0].styles.width = "1fr"
