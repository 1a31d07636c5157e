"""Small programs to start in a terminal: `python -m tests.bench.apps bare` and `wallet FILE`."""

from __future__ import annotations

import sys
from pathlib import Path


def bare() -> None:
    """Textual with one Static: the least an app can be."""
    from textual.app import App, ComposeResult
    from textual.widgets import Static

    class Bare(App[None]):
        def compose(self) -> ComposeResult:
            yield Static("bare-ready")

    Bare().run()


def wallet(file: str) -> None:
    """A cached wallet, decoded and modelled by the core, in the table the cockpit uses."""
    from datetime import UTC, datetime

    from textual.app import App, ComposeResult

    from core.sessionm.answers import wallet_from_json
    from tests.bench.decode import decoded
    from tui import theme
    from tui.theme import Inks
    from tui.widgets.lines import Cell
    from tui.widgets.virtual_table import Column, VirtualTable

    def paint(row: object, column: Column, ink: Inks, width: int) -> Cell:
        return str(getattr(row, column.key)), ink.ink if column.key == "name" else ink.dim

    columns = (Column("name", "offer", None), Column("type", "type", 20), Column("id", "id", 36))

    class Wallet(App[None]):
        CSS = "Screen { background: $ground; }"

        def __init__(self) -> None:
            super().__init__()
            theme.install(self)

        def compose(self) -> ComposeResult:
            table: VirtualTable[object] = VirtualTable(columns, paint=paint, key=id)
            answer = decoded(Path(file).read_bytes())
            table.rows = wallet_from_json(answer, culture="en-US", read_at=datetime.now(UTC)).offers
            yield table

    Wallet().run()


if __name__ == "__main__":
    {"bare": bare, "wallet": wallet}[sys.argv[1]](*sys.argv[2:])
