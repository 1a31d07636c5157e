"""Profiles and secrets by keys alone: the first run, a profile of one's own, its health, its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path

import pytest
from textual.widgets import Input, Select

from core.deck import Deck
from core.errors import SecretMissing
from core.profiles import Profile
from core.sandbox import start_in_thread
from core.sandbox.sandbox import Sandbox
from core.secret import Secret
from tests.screens.cockpit import Cockpit, cockpit
from tui import theme
from tui.app import OfferdeckApp
from tui.dialogs.field import Field
from tui.dialogs.new_profile import NewProfileDialog
from tui.dialogs.profiles import ProfilesDialog
from tui.dialogs.secrets import SecretsDialog

UNTRUSTED = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
RETAILER = "d35ba835-e971-43bf-9920-bff0c47a29dc"


@asynccontextmanager
async def own_deck(
    home: Path, *, size: tuple[int, int] = (120, 40), profile: str | None = None, environ: Mapping[str, str] = UNTRUSTED
) -> AsyncIterator[Cockpit]:
    """The cockpit on profiles of its own in `home`, with a keyring that offerdeck does not trust."""
    deck = Deck.create({"OFFERDECK_HOME": str(home), **environ})
    app = OfferdeckApp(deck, profile=profile, zone=UTC, colours=theme.DARK)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            yield Cockpit(app, pilot, deck)
    finally:
        await deck.close()


def value(running: Cockpit, name: str) -> str:
    return running.app.screen.query_one(f"#{name}", Field).value


async def fill(running: Cockpit, name: str, core: str, connect: str) -> None:
    """Name, Core and Connect address and retailer id; everything else as it stands."""
    await running.shows("New profile")
    await running.press(f"text:{name}", "tab", "tab", f"text:{core}", "tab", f"text:{connect}", "tab")
    await running.press(f"text:{RETAILER}")


async def test_the_first_run_asks_for_a_profile_and_says_why(tmp_path):
    async with own_deck(tmp_path) as running:
        await running.shows("New profile", "There is no profile yet", "Braze instance", "US-01")


async def test_every_error_stands_beneath_its_field_and_nothing_typed_is_lost(tmp_path):
    async with own_deck(tmp_path, size=(80, 24)) as running:
        await fill(running, "bad name", "http://core.example", "https://connect.example")
        await running.press("ctrl+s")
        await running.shows("cannot be a profile name", "Use https:// (plain http")
        assert running.app.focused is running.app.screen.query_one("#name Input")
        assert value(running, "core_url") == "http://core.example"
        await running.press("text:better")
        await running.hides("cannot be a profile name")
        assert not list(tmp_path.rglob("*.toml"))


async def test_escape_keeps_what_was_typed_for_the_next_time(tmp_path):
    async with own_deck(tmp_path) as running:
        await fill(running, "acme", "https://core.example", "https://connect.example")
        await running.press("escape")
        await running.until(lambda: not isinstance(running.app.screen, NewProfileDialog), "the room")
        await running.press("tab", "p")
        await running.shows("none yet")
        await running.press("n")
        await running.shows("New profile")
        assert value(running, "name") == "acme"
        assert value(running, "core_url") == "https://core.example"


async def test_the_braze_instance_is_chosen_from_the_table_and_goes_into_the_profile(tmp_path):
    async with own_deck(tmp_path) as running:
        await fill(running, "acme", "https://core.example", "https://connect.example")
        await running.press("tab", "tab", "enter")
        await running.shows("rest.fra-01.braze.eu")
        await running.press("text:EU-01", "enter", "ctrl+s")
        await running.shows("Secrets of acme")
        saved = running.deck.profiles.load("acme")
        assert saved.braze_url == "https://rest.fra-01.braze.eu"


async def test_a_name_that_is_taken_is_refused_and_the_form_stays(tmp_path):
    async with own_deck(tmp_path) as running:
        await fill(running, "acme", "https://core.example", "https://connect.example")
        await running.press("ctrl+s")
        await running.shows("Secrets of acme")
        await running.press("escape")
        await running.shows("STAGING")
        await running.press("tab", "p")
        await running.shows("Profiles")
        await running.press("n")
        await fill(running, "acme", "https://core.example", "https://connect.example")
        await running.press("ctrl+s")
        await running.shows("There is a profile acme already.")
        assert value(running, "name") == "acme"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    handle = start_in_thread(seed=7)
    yield handle.sandbox
    handle.stop()


async def make_on(sandbox: Sandbox, running: Cockpit, *, secrets: Mapping[str, str]) -> None:
    """A profile on `sandbox` by keys; its secrets kept in memory, for the keyring cannot be used."""
    await fill(running, "mine", sandbox.core_url, sandbox.connect_url)
    await running.press("tab", "tab", "enter", "end", "enter")
    await running.shows("Braze address")
    await running.press("tab", f"text:{sandbox.braze_url}", "ctrl+s")
    await running.shows("Secrets of mine", "does not trust", "Keep in memory for this run")
    for field in ("core_key", "core_secret", "connect_authorization", "braze_key"):
        await running.press(f"text:{secrets[field]}", "enter")
    await running.press("tab", "tab", "tab", "enter")


async def test_from_nothing_to_a_wallet_without_a_keyring_and_no_secret_on_screen_or_disk(tmp_path, sandbox):
    async with own_deck(tmp_path) as running:
        await make_on(sandbox, running, secrets=sandbox.secrets)
        await running.shows("4 secrets stored.", "memory, this run only", "mine", "STAGING")
        await running.press("f2", "text:ana@example.com", "enter")
        await running.shows("Ana Prado", "Free coffee", "12 of 12")
        for secret in sandbox.secrets.values():
            assert secret not in running.text
            assert not any(secret.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert "braze-key" not in repr(running.app.screen.query("*").nodes)


async def test_what_is_typed_into_a_secret_is_masked_and_gone_after_escape(tmp_path):
    async with own_deck(tmp_path) as running:
        await fill(running, "acme", "https://core.example", "https://connect.example")
        await running.press("ctrl+s")
        await running.shows("Secrets of acme")
        dialog = running.app.screen
        await running.press("text:CANARY-secret")
        await running.shows("•••")
        assert "CANARY" not in running.text
        field = dialog.query_one("#core_key Input", Input)
        assert "CANARY" not in repr(field)
        await running.press("escape")
        assert field.value == ""
        with pytest.raises(SecretMissing):
            await running.deck.keep_in_memory(running.deck.profiles.load("acme")).read(
                running.deck.profiles.load("acme"), "core_key"
            )


async def test_a_secret_with_its_scheme_is_refused_beside_the_field(tmp_path):
    async with own_deck(tmp_path) as running:
        await fill(running, "acme", "https://core.example", "https://connect.example")
        await running.press("ctrl+s")
        await running.shows("Secrets of acme")
        await running.press("text:Basic abcdef", "ctrl+s")
        await running.shows("It begins with Basic or Bearer.", "Leave that word out.")


async def test_a_profile_that_reads_the_environment_says_so_and_takes_nothing(tmp_path):
    async with own_deck(tmp_path) as running:
        await fill(running, "ci", "https://core.example", "https://connect.example")
        running.app.screen.query_one("#secrets Select", Select).value = "environment"
        await running.press("ctrl+s")
        await running.shows("Secrets of ci", "OFFERDECK_SECRET_CORE_KEY")
        assert all(field.disabled for field in running.app.screen.query(Field))


async def test_the_open_profile_is_checked_at_once_each_credential_in_words():
    async with cockpit() as running:
        await running.press("p")
        await running.shows("Profiles", "demo", "sandbox", "read / write")
        await running.shows("SessionM Core", "key and secret accepted", "authorization accepted", "key accepted")


async def test_a_wrong_key_is_told_with_what_to_do_and_enter_opens_all_the_same(tmp_path, sandbox):
    async with own_deck(tmp_path) as running:
        await make_on(sandbox, running, secrets={**sandbox.secrets, "braze_key": "wrong-key-000"})
        await running.shows("STAGING")
        await running.press("tab", "p")
        await running.shows("Braze refused the key (401)", "another instance", "key and secret accepted")
        await running.press("enter")
        await running.until(lambda: not isinstance(running.app.screen, ProfilesDialog), "the room")


async def test_a_profile_goes_only_after_its_name_was_typed(tmp_path):
    async with own_deck(tmp_path, environ={}) as running:
        running.deck.profiles.save(a_profile("first", secrets="environment"))
        running.deck.profiles.save(a_profile("second", secrets="environment"))
        await running.shows("first", "second", "staging")
        await running.press("down", "D")
        await running.shows("Remove second?", "Type the name second")
        await running.press("enter")
        await running.hides("Remove second?")
        assert running.deck.profiles.names() == ["first", "second"]
        await running.press("D", "shift+tab", "text:secon", "enter", "tab", "enter")
        await running.hides("Remove second?")
        assert running.deck.profiles.names() == ["first", "second"]
        await running.press("D", "shift+tab", "text:second", "enter", "enter")
        await running.shows("second is removed.")
        assert running.deck.profiles.names() == ["first"]


async def test_a_removed_profile_takes_its_secrets_with_it_and_says_which(tmp_path):
    async with own_deck(tmp_path) as running:
        profile = a_profile("second")
        running.deck.profiles.save(a_profile("first", secrets="environment"))
        running.deck.profiles.save(profile)
        vault = running.deck.keep_in_memory(profile)
        await vault.write(profile, "braze_key", Secret("CANARY"))
        await running.shows("first", "second", "staging")
        await running.press("down", "D", "shift+tab", "text:second", "enter", "enter")
        await running.shows("second is removed.", "1 secret forgotten: braze_key.")
        with pytest.raises(SecretMissing):
            await vault.read(profile, "braze_key")


def a_profile(name: str, **settings: str) -> Profile:
    return Profile.make(
        name=name,
        environment=settings.pop("environment", "staging"),
        core_url="https://core.example",
        connect_url="https://connect.example",
        braze_url="US-05",
        retailer_id=RETAILER,
        **settings,  # type: ignore[arg-type]
    )


async def test_with_several_profiles_and_none_named_the_list_is_shown_first(tmp_path):
    deck = Deck.create({"OFFERDECK_HOME": str(tmp_path)})
    deck.profiles.save(a_profile("acme-prod", environment="production"))
    deck.profiles.save(a_profile("acme-test"))
    async with own_deck(tmp_path) as running:
        await running.shows("Profiles", "▲ production", "◆ staging", "starts read-only", "not checked")
        await running.press("enter")
        await running.shows("▲ PRODUCTION", "read-only")


async def test_a_profile_file_that_cannot_be_read_is_told_and_the_rest_is_listed(tmp_path):
    deck = Deck.create({"OFFERDECK_HOME": str(tmp_path)})
    deck.profiles.save(a_profile("good"))
    path = deck.places.profiles
    path.write_text(path.read_text() + '\n[profiles.bad]\ncore_url = "[/b] \\u202e"\n')
    async with own_deck(tmp_path) as running:
        await running.shows("Profiles", "good", "bad", "missing")


async def test_the_demo_says_that_it_keeps_no_profiles():
    async with cockpit() as running:
        await running.press("p", "n")
        await fill(running, "acme", "https://core.example", "https://connect.example")
        await running.press("ctrl+s")
        await running.shows("A demo keeps no profiles.")


async def test_the_secrets_dialog_says_which_are_stored():
    async with cockpit() as running:
        await running.press("p")
        await running.shows("key and secret accepted")
        await running.press("s")
        await running.until(lambda: isinstance(running.app.screen, SecretsDialog), "the secrets")
        await running.shows("stored")
        assert not any(secret in running.text for secret in running.sandbox.secrets.values())
