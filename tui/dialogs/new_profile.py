"""A new profile: which tenant in which environment; every error beside its field, nothing typed is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Select, Static

from core.errors import InvalidInput, OfferdeckError
from core.profiles import BRAZE_INSTANCES, Profile, parse_culture, parse_name, parse_retailer_id, parse_url
from tui.dialogs.dialog import Dialog
from tui.dialogs.field import Field
from tui.theme import inks
from tui.widgets.action import Action

_OTHER = "other"
_WHERE_FROM = "SessionM's account team hands out its addresses and the retailer id."
_ENVIRONMENTS = (
    ("sandbox: made-up people", "sandbox"),
    ("staging: test people", "staging"),
    ("production: starts read-only", "production"),
)
_STORES = (
    ("the system's keyring", "keyring"),
    ("environment variables OFFERDECK_SECRET_…", "environment"),
)


class NewProfileDialog(Dialog[Profile]):
    """Gives the profile once it is saved. What is typed is there again when the dialog is opened again."""

    HEADING = "New profile"
    DEFAULT_CSS = """
    NewProfileDialog {
        & > .box { width: 92; }
        & #profile-fields { height: auto; scrollbar-size-vertical: 1; }
        & #profile-words { height: auto; padding: 0 0 1 0; color: $dim; }
        & #profile-error { height: auto; color: $danger; display: none; margin: 1 0 0 0; }
        & #profile-error.-shown { display: block; }
        & #profile-buttons { height: 1; margin: 1 0 0 0; }
        & #braze_url { display: none; }
        & #braze_url.-shown { display: block; }
        &.-low { & > .box { height: 100%; } & #profile-fields { height: 1fr; } }
        &.-narrow #profile-words { display: none; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back, kept", id="profile.close", tooltip="Back; what is typed is kept"),
        Binding("ctrl+s", "save", "Save", id="profile.save", tooltip="Save the profile, then ask for its secrets"),
    ]

    class Saved(Message):
        """The profile is on disk."""

        def __init__(self, profile: Profile) -> None:
            super().__init__()
            self.profile = profile

    class Refused(Message):
        """It could not be saved."""

        def __init__(self, error: OfferdeckError) -> None:
            super().__init__()
            self.error = error

    def compose_box(self) -> Iterable[Widget]:
        """The form."""
        was = self.app.profile_form
        yield Static(self._words(), id="profile-words")
        instances = [(f"{name}   {url.removeprefix('https://')}", name) for name, url in BRAZE_INSTANCES.items()]
        with VerticalScroll(id="profile-fields", can_focus=False):
            yield Field("name", was.get("name", ""), id="name", placeholder="acme-staging", check=parse_name)
            yield Field("environment", was.get("environment", "staging"), id="environment", options=_ENVIRONMENTS)
            yield _address("SessionM Core", "core_url", was, "https://api-acme.ent-sessionm.com")
            yield _address("SessionM Connect", "connect_url", was, "https://domains-connecteast1.ent-sessionm.com")
            yield Field(
                "retailer id",
                was.get("retailer_id", ""),
                id="retailer_id",
                placeholder="a GUID",
                check=parse_retailer_id,
            )
            yield Field("culture", was.get("culture", "en-US"), id="culture", check=parse_culture)
            yield Field(
                "Braze instance",
                was.get("instance", "US-01"),
                id="instance",
                options=[*instances, ("another address", _OTHER)],
            )
            yield _address("Braze address", "braze_url", was, "https://rest.example.com")
            yield Field("secrets in", was.get("secrets", "keyring"), id="secrets", options=_STORES)
        yield Static("", id="profile-error")
        with Horizontal(id="profile-buttons"):
            yield Action("Save, then the secrets", id="profile-save")
            yield Action("Cancel", id="profile-cancel")

    def _words(self) -> str:
        if self.app.desk is None and not self.app.profile_name:
            return f"There is no profile yet: this is the first. {_WHERE_FROM}"
        return f"One tenant in one environment. {_WHERE_FROM}"

    def on_mount(self) -> None:
        """The first field."""
        self._show_address()
        self.query_one("#name", Field).focus_control()

    def values(self) -> dict[str, str]:
        """What stands in the form."""
        return {str(field.id): field.value for field in self.query(Field)}

    @on(Select.Changed)
    def _show_address(self) -> None:
        """The address is asked for only where the table does not give it."""
        wants_address = self.query_one("#instance", Field).value == _OTHER
        self.query_one("#braze_url").set_class(wants_address, "-shown")

    def action_close(self) -> None:
        """Back, and what is typed stays for the next time."""
        self.app.profile_form = self.values()
        self.dismiss(None)

    @on(Action.Pressed, "#profile-cancel")
    def _cancel(self) -> None:
        self.action_close()

    @on(Action.Pressed, "#profile-save")
    def action_save(self) -> None:
        """Look at every field; when all are right, put the profile on disk."""
        wrong = [field for field in self.query(Field) if field.display and not field.is_right()]
        if wrong:
            wrong[0].focus_control()
            return
        values = self.values()
        braze_url = values["braze_url"] if values["instance"] == _OTHER else values["instance"]
        try:
            profile = Profile.make(
                name=values["name"],
                environment=values["environment"],
                core_url=values["core_url"],
                connect_url=values["connect_url"],
                braze_url=braze_url,
                retailer_id=values["retailer_id"],
                culture=values["culture"],
                secrets=values["secrets"],
            )
        except InvalidInput as error:
            self._refuse(error)
        else:
            self._save(profile)

    @work(exclusive=True, group="profile-save")
    async def _save(self, profile: Profile) -> None:
        try:
            await asyncio.to_thread(self.app.deck.profiles.save, profile)
        except OfferdeckError as error:
            self.post_message(self.Refused(error))
        else:
            self.post_message(self.Saved(profile))

    @on(Saved)
    def _saved(self, event: Saved) -> None:
        self.app.profile_form = {}
        self.dismiss(event.profile)

    @on(Refused)
    def _refused(self, event: Refused) -> None:
        self._refuse(event.error)

    def _refuse(self, error: OfferdeckError) -> None:
        ink = inks(self.app)
        words = Text(f"{error.message} ", ink.danger).append(error.hint, ink.dim)
        self.query_one("#profile-error", Static).update(words)
        self.query_one("#profile-error").add_class("-shown")


def _address(label: str, name: str, was: dict[str, str], example: str) -> Field:
    return Field(
        label, was.get(name, ""), id=name, placeholder=example, check=lambda text: parse_url(text, f"{label} address")
    )
