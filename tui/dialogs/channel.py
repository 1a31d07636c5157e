"""Which channel a message is for: what it becomes, with the fields that channel has."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.widget import Widget

from core.channels.fields import CHANNELS, MESSAGE, Channel
from tui.dialogs.choice import Choice, ChoiceList
from tui.dialogs.dialog import Dialog
from tui.widgets.virtual_table import VirtualTable

_KEYS = "eiawshpc"  # email, iOS, Android, web, SMS, webhook, in-app (p: popup), card


class ChooseChannel(Dialog[str]):
    """Gives the name of a channel; what it has no place for is put aside, and told."""

    HEADING = "Channel of this message"
    DEFAULT_CSS = "ChooseChannel > .box { width: 84; }"

    def __init__(self, now: str) -> None:
        super().__init__()
        self._now = now

    def compose_box(self) -> Iterable[Widget]:
        """The channels, each with its fields."""
        yield ChoiceList(
            [_choice(key, channel) for key, channel in zip(_KEYS, CHANNELS, strict=True)]
            + [Choice("m", MESSAGE.name, "one text, no channel named")]
        )

    def on_mount(self) -> None:
        """The cursor on the channel it has."""
        self.query_one(ChoiceList).select(self._now)

    @on(VirtualTable.Chosen)
    def _take(self, event: VirtualTable.Chosen) -> None:
        self.dismiss(event.row.name)


def _choice(key: str, channel: Channel) -> Choice:
    fields = ", ".join(name.replace("_", " ") for name in channel.field_names)
    return Choice(key, channel.name, fields)
