"""The profiles there are: environment, hosts, where secrets lie, and how each credential fares."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import aclosing
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from core.calls import Service
from core.clean import safe
from core.errors import OfferdeckError
from core.forgetting import Forgotten, remove_profile
from core.health import Health
from core.profiles import Environment, Profile, SecretStore
from tui import glyphs
from tui.dialogs.ask import AskDialog
from tui.dialogs.dialog import Dialog
from tui.theme import Inks, inks
from tui.widgets.labels import Fact, facts_text, title
from tui.widgets.virtual_table import Column, VirtualTable

_COLUMNS = (Column("open", "", 1), Column("name", "profile", None, min_width=10), Column("environment", "", 13))
_STORES = {
    SecretStore.KEYRING: "in the system's keyring",
    SecretStore.ENVIRONMENT: "in environment variables",
    SecretStore.MEMORY: "in memory, this run only",
}


class ProfileTable(VirtualTable[Profile]):
    """The list; `n` makes a profile here, for there is nothing to find."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "screen.new", "New", id="profiles.new", tooltip="Make a profile"),
        Binding("enter", "choose", "Open", id="profiles.open", tooltip="Open this profile"),
    ]


class ProfilesDialog(Dialog[None]):
    """Enter opens the profile under the cursor."""

    HEADING = "Profiles"
    DEFAULT_CSS = """
    ProfilesDialog {
        & > .box { width: 108; height: 28; }
        & #profiles-columns { height: 1fr; }
        & #profiles-list { width: 34; }
        & #profiles-side { width: 1fr; padding: 0 0 0 3; scrollbar-size-vertical: 1; }
        & #profiles-one { height: auto; }
        &.-low > .box { height: 100%; }
        &.-middle #profiles-list { width: 28; }
        &.-middle #profiles-side { padding: 0 0 0 2; }
        &.-narrow #profiles-columns { layout: vertical; }
        &.-narrow #profiles-list { width: 1fr; height: 5; }
        &.-narrow #profiles-side { padding: 1 0 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "secrets", "Secrets", id="profiles.secrets", tooltip="Enter this profile's secrets"),
        Binding("c", "check", "Check", id="profiles.check", tooltip="Prove each credential with a harmless read"),
        Binding("D,delete", "remove", "Remove", id="profiles.remove", tooltip="Remove this profile and its secrets"),
    ]

    class Listed(Message):
        """The profiles were read."""

        def __init__(self, profiles: list[Profile], broken: list[OfferdeckError]) -> None:
            super().__init__()
            self.profiles = profiles
            self.broken = broken

    class Told(Message):
        """One credential of a profile was proved; None: that was the last, or it failed as a whole."""

        def __init__(self, name: str, health: Health | None, error: OfferdeckError | None = None) -> None:
            super().__init__()
            self.name = name
            self.health = health
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self._profiles: list[Profile] = []
        self._health: dict[str, list[Health]] = {}
        self._checking = ""
        self._trouble: OfferdeckError | None = None

    def compose_box(self) -> Iterable[Widget]:
        """The list and the one under the cursor."""
        with Horizontal(id="profiles-columns"):
            yield ProfileTable(
                _COLUMNS, paint=self._paint, key=lambda profile: profile.name, empty="reading …", id="profiles-list"
            )
            with VerticalScroll(id="profiles-side", can_focus=True):
                yield Static(id="profiles-one")

    @property
    def table(self) -> VirtualTable[Profile]:
        """The list."""
        return self.query_one("#profiles-list", VirtualTable)

    @property
    def profile(self) -> Profile | None:
        """The profile under the cursor."""
        return self.table.current

    def on_mount(self) -> None:
        """Read what there is; the open one is checked at once."""
        self.table.focus()
        self._list(self.app.profile_name)
        if self.app.desk is not None:
            self._begin_check(self.app.desk.profile)

    @work(exclusive=True, group="profiles")
    async def _list(self, stand_on: str) -> None:
        profiles: list[Profile] = []
        broken: list[OfferdeckError] = []
        store = self.app.deck.profiles
        try:
            names = await asyncio.to_thread(store.names)
        except OfferdeckError as error:
            names, broken = [], [error]
        for name in names:
            try:
                profiles.append(await asyncio.to_thread(store.load, name))
            except OfferdeckError as error:
                broken.append(error)
        self.post_message(self.Listed(profiles, broken))
        self.call_after_refresh(self.table.select, stand_on)

    @on(Listed)
    def _listed(self, event: Listed) -> None:
        self._profiles = event.profiles
        self._trouble = event.broken[0] if event.broken else None
        self.table.rows = event.profiles
        self.table.empty = Text.assemble(("none yet   ", "dim"), ("n", inks(self.app).key), (" makes one", "dim"))
        self._draw()

    @on(VirtualTable.Highlighted)
    def _draw(self) -> None:
        self.query_one("#profiles-one", Static).update(self._one(inks(self.app)))

    # -- drawing

    def _paint(self, profile: Profile, column: Column, ink: Inks, width: int) -> Text | tuple[str, Style]:
        is_open = self.app.desk is not None and profile.name == self.app.desk.profile.name
        if column.key == "open":
            return (glyphs.current().dot, ink.accent) if is_open else ("", ink.ink)
        if column.key == "name":
            return profile.name, ink.bright if is_open else ink.ink
        return environment_text(profile.environment, ink)

    def _one(self, ink: Inks) -> Text:
        profile = self.profile
        parts: list[Text] = []
        width = max(24, self.query_one("#profiles-side").size.width - 4)
        if self._trouble is not None:
            parts.append(Text(f"{self._trouble.message} {self._trouble.hint}", ink.danger))
        if profile is not None:
            read_only = "starts read-only" if profile.starts_read_only else "read / write"
            facts = [
                Fact("environment", environment_text(profile.environment, ink), Text(read_only, ink.dim)),
                *[Fact(service.short, profile.url(service).removeprefix("https://")) for service in Service],
                Fact("instance", profile.region),
                Fact("retailer", profile.retailer_id),
                Fact("culture", profile.culture),
                Fact("secrets", _STORES[profile.secrets]),
            ]
            parts += [Text(profile.name, ink.bold), facts_text(facts, width, ink)[0], self._health_text(profile, ink)]
        return Text("\n\n").join(parts)

    def _health_text(self, profile: Profile, ink: Inks) -> Text:
        found = self._health.get(profile.name, [])
        checking = self._checking == profile.name
        text = Text().append_text(title("CREDENTIALS", ink, note="checking …" if checking else ""))
        if not found and not checking:
            return text.append("\nnot checked   ", ink.dim).append("c", ink.key).append(" checks them", ink.dim)
        for health in found:
            sign, style = (glyphs.current().check, ink.ok) if health.ok else (glyphs.current().cross, ink.danger)
            text.append(f"\n{sign} ", style).append(f"{health.label}\n", ink.ink)
            text.append(f"  {safe(health.words)}", ink.dim if health.ok else ink.danger)
            if health.hint:
                text.append(f"\n  {safe(health.hint)}", ink.faint if health.ok else ink.ink)
        return text

    # -- what the keys do

    @on(VirtualTable.Chosen)
    def _open(self) -> None:
        profile = self.profile
        if profile is not None:
            self.dismiss(None)
            self.app.open_profile(profile.name)

    def action_new(self) -> None:
        """Make a profile, then enter its secrets."""
        self.app.make_profile()

    def action_secrets(self) -> None:
        """Enter secrets; what changed is checked at once."""
        from tui.dialogs.secrets import SecretsDialog

        profile = self.profile
        if profile is not None:
            self.app.push_screen(SecretsDialog(profile), lambda stored: self._secrets_entered(profile, stored))

    def _secrets_entered(self, profile: Profile, stored: bool | None) -> None:
        if stored:
            self._begin_check(profile)

    def on_screen_resume(self) -> None:
        """A profile may have been made meanwhile."""
        if self._profiles:
            self._list(self.profile.name if self.profile else "")

    def action_check(self) -> None:
        """Prove each credential of the profile under the cursor."""
        if self.profile is not None:
            self._begin_check(self.profile)

    def _begin_check(self, profile: Profile) -> None:
        self._health[profile.name] = []
        self._checking = profile.name
        self._check(profile)
        self._draw()

    @work(exclusive=True, group="health")
    async def _check(self, profile: Profile) -> None:
        error: OfferdeckError | None = None
        try:
            async with aclosing(self.app.deck.check(profile)) as found:
                async for health in found:
                    self.post_message(self.Told(profile.name, health))
        except OfferdeckError as failure:
            error = failure
        self.post_message(self.Told(profile.name, None, error))

    @on(Told)
    def _told(self, event: Told) -> None:
        if event.health is not None:
            order = [service.label for service in Service]
            found = [*self._health.get(event.name, []), event.health]
            found.sort(key=lambda one: order.index(one.label) if one.label in order else len(order))
            self._health[event.name] = found
        elif self._checking == event.name:
            self._checking = ""
        if event.error is not None:
            self.app.tell(event.error)
        self._draw()

    def action_remove(self) -> None:
        """Remove the profile and its secrets, once its name was typed."""
        profile = self.profile
        if profile is None:
            return
        words = "Its settings and its secrets are removed from this machine. The ledger keeps what left through it."
        dialog = AskDialog(f"Remove {profile.name}?", words, "Remove", phrase=profile.name)
        self.app.push_screen(dialog, lambda yes: self._really_remove(profile, yes))

    def _really_remove(self, profile: Profile, yes: bool | None) -> None:
        if yes:
            self._remove(profile)

    @work(exclusive=True, group="profile-remove")
    async def _remove(self, profile: Profile) -> None:
        deck = self.app.deck
        try:
            forgotten = await remove_profile(deck.profiles, deck.vault, profile.name)
        except OfferdeckError as error:
            self.app.tell(error)
            return
        self.app.say(f"{profile.name} is removed.", _forgotten_words(forgotten))
        self._list(self.app.profile_name)


def _forgotten_words(forgotten: Forgotten) -> str:
    count = len(forgotten.fields)
    return f"{count} secret{'s' * (count > 1)} forgotten: {', '.join(forgotten.fields)}." if count else ""


def environment_text(environment: Environment, ink: Inks) -> Text:
    """Word, shape and colour of an environment."""
    signs = glyphs.current()
    sign, style = {
        Environment.SANDBOX: (signs.dot, ink.accent),
        Environment.STAGING: (signs.diamond, ink.warn),
        Environment.PRODUCTION: (signs.triangle, ink.danger),
    }[environment]
    return Text(f"{sign} {environment.value}", style)
