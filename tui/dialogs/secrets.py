"""The secrets of a profile: masked, into the keyring; where there is none, into memory for this run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from core.errors import InvalidInput, KeyringFailed, OfferdeckError, SecretMissing
from core.profiles import SECRET_FIELDS, Profile, SecretStore
from core.secret import Secret
from tui.dialogs.dialog import Dialog
from tui.dialogs.field import Field
from tui.theme import inks
from tui.widgets.action import Action

_LABELS = {
    "core_key": "Core key",
    "core_secret": "Core secret",
    "connect_authorization": "Connect auth.",
    "braze_key": "Braze key",
    "braze_import_key": "Braze import key",
    "segment_partner_key": "Segment key",
}
_NEEDED = ("core_key", "core_secret", "connect_authorization", "braze_key")


def check_secret(text: str) -> None:
    """Raises InvalidInput for a secret that was copied together with its scheme."""
    if text.strip().lower().startswith(("basic ", "bearer ")):
        raise InvalidInput("It begins with Basic or Bearer.", "Leave that word out.")


class SecretsDialog(Dialog[bool]):
    """True once something was stored. An empty field leaves what is stored as it is; nothing stored is ever shown."""

    HEADING = "Secrets"
    DEFAULT_CSS = """
    SecretsDialog {
        & > .box { width: 92; }
        & #secret-words { height: auto; padding: 0 0 1 0; }
        & #secret-fields { height: auto; scrollbar-size-vertical: 1; }
        & #secret-trouble { height: auto; display: none; margin: 1 0 0 0; }
        & #secret-buttons { height: 1; margin: 1 0 0 0; }
        & #secret-memory { display: none; }
        &.-low { & > .box { height: 100%; } & #secret-fields { height: 1fr; } }
        &.-narrow #secret-words { display: none; }
        &.-trouble #secret-trouble, &.-trouble #secret-memory { display: block; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back, nothing stored", id="secrets.close", tooltip="Back; nothing typed is stored"),
        Binding("ctrl+s", "store", "Store", id="secrets.store", tooltip="Put what is typed where the profile says"),
    ]

    class Known(Message):
        """What is stored already: field to whether it is there."""

        def __init__(self, stored: Mapping[str, bool]) -> None:
            super().__init__()
            self.stored = stored

    class Stored(Message):
        """All of it is stored."""

        def __init__(self, kind: str, count: int) -> None:
            super().__init__()
            self.kind = kind
            self.count = count

    class Trouble(Message):
        """The store cannot be used."""

        def __init__(self, error: OfferdeckError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self.profile = profile

    def heading(self) -> Text:
        """Whose secrets."""
        ink = inks(self.app)
        return Text.assemble(("Secrets of ", ink.dim), (self.profile.name, ink.bold))

    def compose_box(self) -> Iterable[Widget]:
        """A masked field for each secret."""
        yield Static(self._words(), id="secret-words")
        writable = self.profile.secrets is not SecretStore.ENVIRONMENT
        with VerticalScroll(id="secret-fields", can_focus=not writable):
            for name in SECRET_FIELDS:
                note = "needed" if name in _NEEDED else "for later screens"
                field = Field(_LABELS[name], id=name, note=note, masked=True, placeholder="…", check=check_secret)
                field.disabled = not writable
                yield field
        yield Static("", id="secret-trouble")
        with Horizontal(id="secret-buttons"):
            yield Action("Store", id="secret-store", disabled=not writable)
            yield Action("Keep in memory for this run", id="secret-memory")
            yield Action("Cancel", id="secret-cancel")

    def _words(self) -> Text:
        ink = inks(self.app)
        if self.profile.secrets is SecretStore.ENVIRONMENT:
            words = "This profile reads them from variables named OFFERDECK_SECRET_ and the field in capitals, like "
            return Text(words, ink.dim).append("OFFERDECK_SECRET_CORE_KEY", ink.ink).append(".", ink.dim)
        words = "They go into the system's keyring and nowhere else. Empty leaves what is stored as it is."
        return Text(words, ink.dim)

    def on_mount(self) -> None:
        """The first field; what is stored is looked up beside it."""
        if self.profile.secrets is SecretStore.ENVIRONMENT:
            self.query_one("#secret-cancel").focus()
        else:
            self.query_one("#core_key", Field).focus_control()
        self._look()

    @work(exclusive=True, group="secrets-look")
    async def _look(self) -> None:
        vault = self.app.deck.vault(self.profile)
        stored: dict[str, bool] = {}
        for name in SECRET_FIELDS:
            try:
                await vault.read(self.profile, name)
            except SecretMissing:
                stored[name] = False
            except OfferdeckError as error:
                self.post_message(self.Trouble(error))
                return
            else:
                stored[name] = True
        self.post_message(self.Known(stored))

    @on(Known)
    def _known(self, event: Known) -> None:
        for name, is_there in event.stored.items():
            self.query_one(f"#{name}", Field).placeholder = "stored" if is_there else "not stored"

    @on(Trouble)
    def _trouble(self, event: Trouble) -> None:
        """Say why the store cannot be used, and offer memory where that is a way."""
        ink, error = inks(self.app), event.error
        words = Text(f"{error.message} ", ink.danger).append(error.hint, ink.dim)
        self.query_one("#secret-trouble", Static).update(words)
        self.query_one("#secret-trouble").display = True
        if isinstance(error, KeyringFailed):
            self.add_class("-trouble")
            for name in SECRET_FIELDS:
                self.query_one(f"#{name}", Field).placeholder = "the keyring cannot be asked"

    @on(Action.Pressed, "#secret-cancel")
    def _cancel(self) -> None:
        self.action_close()

    @on(Action.Pressed, "#secret-memory")
    def _in_memory(self) -> None:
        self._take(in_memory=True)

    @on(Action.Pressed, "#secret-store")
    def action_store(self) -> None:
        """Store what is typed."""
        self._take(in_memory=False)

    def _take(self, *, in_memory: bool) -> None:
        wrong = [field for field in self.query(Field) if not field.is_right()]
        if wrong:
            wrong[0].focus_control()
            return
        typed = {str(field.id): Secret(field.value.strip()) for field in self.query(Field) if field.value.strip()}
        if not typed:
            self.post_message(self.Trouble(InvalidInput("Nothing is typed.", "Esc goes back.")))
            return
        self._store(typed, in_memory)

    @work(exclusive=True, group="secrets-store")
    async def _store(self, typed: Mapping[str, Secret], in_memory: bool) -> None:
        deck = self.app.deck
        vault = deck.keep_in_memory(self.profile) if in_memory else deck.vault(self.profile)
        try:
            for name, secret in typed.items():
                await vault.write(self.profile, name, secret)
        except OfferdeckError as error:
            self.post_message(self.Trouble(error))
        else:
            self.post_message(self.Stored(vault.kind, len(typed)))

    @on(Stored)
    def _stored(self, event: Stored) -> None:
        noun = "secret" if event.count == 1 else "secrets"
        self.app.say(f"{event.count} {noun} stored.", f"In {event.kind}.")
        self._forget_typed()
        self.dismiss(True)

    def action_close(self) -> None:
        """Back; what was typed is gone."""
        self._forget_typed()
        self.dismiss(False)

    def _forget_typed(self) -> None:
        for field in self.query(Field):
            field.value = ""
