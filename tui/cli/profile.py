"""`profile`: the tenants this machine knows."""

from __future__ import annotations

import os
from typing import Any

from core.deck import Deck
from core.errors import OfferdeckError
from core.forgetting import Forgotten, remove_profile, replace_profile
from core.profiles import BRAZE_INSTANCES, FIELDS_OF_SERVICE, Environment, Profile, SecretStore
from tui.cli.arguments import Arguments, Parser, action_of, profile_name
from tui.cli.columns import Column
from tui.cli.running import wait_for
from tui.cli.voice import Voice

_COLUMNS = (
    Column("PROFILE"),
    Column("ENVIRONMENT"),
    Column("REGION", shrinks=True),
    Column("SECRETS"),
    Column("WRITES"),
)


def run(command: str, words: list[str], voice: Voice) -> int:
    """Answer `profile list`, `show`, `add` or `remove`."""
    action, rest = action_of(command, words, ("list", "show", "add", "remove"), "list")
    parser = Parser(f"{command} {action}", "A profile is one tenant in one environment.")
    if action == "show":
        parser.add_argument("name", metavar="NAME", nargs="?")
    elif action != "list":
        parser.add_argument("name", metavar="NAME")
    if action == "add":
        _settings(parser)
    if action in ("add", "remove"):
        parser.add_argument("--leave-secrets", action="store_true", help="what the keyring holds stays there")
    arguments = parser.read(rest, voice)
    deck = Deck.create(os.environ)
    if action in ("add", "remove"):
        return wait_for({"add": _add, "remove": _remove}[action](deck, arguments, voice))
    return {"list": _list, "show": _show}[action](deck, arguments, voice)


def _settings(parser: Parser) -> None:
    instances = ", ".join(BRAZE_INSTANCES)
    parser.add_argument("--core-url", metavar="U", required=True, help="SessionM Core")
    parser.add_argument("--connect-url", metavar="U", required=True, help="SessionM Connect")
    parser.add_argument("--braze-url", metavar="U", required=True, help=f"Braze REST, or an instance: {instances}")
    parser.add_argument("--retailer-id", metavar="G", required=True, help="SessionM's GUID for the tenant")
    parser.add_argument("--environment", required=True, metavar="|".join(Environment))
    parser.add_argument("--culture", metavar="C", default="en-US")
    parser.add_argument("--allow-whole-segment", action="store_true", help="has no effect yet")
    parser.add_argument("--connected-content-host", metavar="H", action="append", default=[])
    kept = [SecretStore.KEYRING.value, SecretStore.ENVIRONMENT.value]  # what outlives this run
    parser.add_argument("--secrets", metavar="|".join(kept), choices=kept, default=kept[0])
    parser.add_argument("--replace", action="store_true", help="change the profile of that name")


def _list(deck: Deck, arguments: Arguments, voice: Voice) -> int:
    names = deck.profiles.names()
    if voice.json:
        voice.data({"profiles": [_brief(deck, name) for name in names], "default": deck.default_profile()})
        return 0
    if not names:
        voice.say("There is no profile yet. Add one: offerdeck profile add. Or look around: offerdeck demo")
        return 0
    voice.table(_COLUMNS, [_row(deck, name) for name in names])
    return 0


def _brief(deck: Deck, name: str) -> dict[str, Any]:
    """The settings, or why they cannot be read: one bad profile does not hide the others."""
    try:
        return profile_json(deck.profiles.load(name))
    except OfferdeckError as error:
        return {"name": name, "error": str(error)}


def _row(deck: Deck, name: str) -> tuple[str, ...]:
    try:
        profile = deck.profiles.load(name)
    except OfferdeckError as error:
        return (name, "cannot be read", error.message, "", "")
    writes = "read-only until unlocked" if profile.starts_read_only else "after review"
    return (name, profile.environment.value, profile.region, profile.secrets.value, writes)


def _show(deck: Deck, arguments: Arguments, voice: Voice) -> int:
    name = arguments.name or profile_name(deck, arguments)
    shown = profile_json(deck.profiles.load(name))
    if voice.json:
        voice.data(shown)
        return 0
    voice.pairs((key.replace("_", " "), _words(value)) for key, value in shown.items())
    return 0


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def profile_json(profile: Profile) -> dict[str, Any]:
    """The settings as data; secrets are named nowhere."""
    return {
        "name": profile.name,
        "environment": profile.environment.value,
        "core_url": profile.core_url,
        "connect_url": profile.connect_url,
        "braze_url": profile.braze_url,
        "retailer_id": profile.retailer_id,
        "culture": profile.culture,
        "secrets": profile.secrets.value,
        "allow_whole_segment": profile.allow_whole_segment,
        "connected_content_hosts": list(profile.connected_content_hosts),
    }


async def _add(deck: Deck, arguments: Arguments, voice: Voice) -> int:
    profile = Profile.make(
        name=arguments.name,
        environment=arguments.environment,
        core_url=arguments.core_url,
        connect_url=arguments.connect_url,
        braze_url=arguments.braze_url,
        retailer_id=arguments.retailer_id,
        culture=arguments.culture,
        secrets=arguments.secrets,
        allow_whole_segment=arguments.allow_whole_segment,
        connected_content_hosts=tuple(arguments.connected_content_host),
    )
    if arguments.replace and not arguments.leave_secrets:
        _say_forgotten(await replace_profile(deck.profiles, deck.vault, profile), voice)
    else:
        deck.profiles.save(profile, replace=arguments.replace)
    if voice.json:
        voice.data(profile_json(profile))
    voice.say(f"Saved {profile.name}.")
    fields = [field for fields in FIELDS_OF_SERVICE.values() for field in fields]
    if profile.secrets is SecretStore.KEYRING:
        voice.say("Now its secrets, each by: offerdeck auth set " + f"{profile.name} FIELD")
        voice.say("Fields: " + ", ".join(fields))
    else:
        voice.say("It reads its secrets from: " + ", ".join(f"OFFERDECK_SECRET_{field.upper()}" for field in fields))
    return 0


async def _remove(deck: Deck, arguments: Arguments, voice: Voice) -> int:
    """What the keyring holds for the profile goes, then its settings."""
    if arguments.leave_secrets:
        deck.profiles.remove(arguments.name)
    else:
        _say_forgotten(await remove_profile(deck.profiles, deck.vault, arguments.name), voice)
    voice.say(f"Removed {arguments.name}.")
    return 0


def _say_forgotten(forgotten: Forgotten, voice: Voice) -> None:
    for field in forgotten.fields:
        voice.say(f"Forgot {field}.")
    if not forgotten.was_readable:
        voice.say("The settings before could not be read, so secrets kept for them, if any, were left alone.")
