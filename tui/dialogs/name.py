"""A name under which something is kept: asked for at once, compared with the names there are when they are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from core.errors import OfferdeckError
from tui.dialogs.dialog import Dialog
from tui.theme import inks


class NameDialog(Dialog[str]):
    """Gives a name that `parse()` takes; `names` reads those that are taken."""

    PLACEHOLDER: ClassVar[str] = ""
    FIELD: ClassVar[str] = ""
    REPLACES: ClassVar[str] = ""
    KEEPS: ClassVar[str] = ""
    DEFAULT_CSS = "NameDialog { & > .box { width: 64; } & #name-state { height: auto; margin: 1 0 0 0; } }"

    class Known(Message):
        """The names that are taken, or why nobody knows."""

        def __init__(self, names: Sequence[str], error: OfferdeckError | None = None) -> None:
            super().__init__()
            self.names, self.error = names, error

    def __init__(self, names: Callable[[], Awaitable[Sequence[str]]]) -> None:
        super().__init__()
        self._names = names
        self._taken: Sequence[str] | None = None
        self._is_entered = False

    def parse(self, text: str) -> str:
        """The name in `text`. Raises OfferdeckError for one that cannot be."""
        raise NotImplementedError

    def compose_box(self) -> Iterable[Widget]:
        """One field and what becomes of it."""
        yield Input(placeholder=self.PLACEHOLDER, id=self.FIELD, compact=True)
        yield Static(id="name-state")

    def on_mount(self) -> None:
        """Straight into the field."""
        self.query_one(Input).focus()
        self._tell()
        self._read()

    @work
    async def _read(self) -> None:
        try:
            self.post_message(self.Known(await self._names()))
        except OfferdeckError as error:
            self.post_message(self.Known((), error))

    def on_name_dialog_known(self, message: Known) -> None:
        """Say so where the name typed is one of them; what was entered before goes through unless it is."""
        self._taken = message.names
        if message.error is not None:
            self._say(f"{message.error.message} {message.error.hint}", danger=True)
            return
        self._tell()
        if self._is_entered and not self._is_taken:
            self._entered()

    @property
    def _is_taken(self) -> bool:
        return self.query_one(Input).value.strip() in (self._taken or ())

    def _tell(self) -> None:
        ink, taken = inks(self.app), self._is_taken
        words = Text(self.REPLACES if taken else self.KEEPS, ink.warn if taken else ink.dim)
        self.query_one("#name-state", Static).update(words)

    def _say(self, words: str, *, danger: bool = False) -> None:
        ink = inks(self.app)
        self.query_one("#name-state", Static).update(Text(words, ink.danger if danger else ink.dim))

    @on(Input.Changed)
    def _typed(self) -> None:
        self._is_entered = False
        self._tell()

    @on(Input.Submitted)
    def _entered(self) -> None:
        try:
            name = self.parse(self.query_one(Input).value)
        except OfferdeckError as error:
            self._say(f"{error.message} {error.hint}", danger=True)
            return
        if self._taken is None:
            self._is_entered = True  # nobody was told yet whether this replaces something
        else:
            self.dismiss(name)
