"""`doctor` and `locate`: what is installed, stored and reachable, and where it lies."""

from __future__ import annotations

import asyncio
import os
from contextlib import aclosing
from typing import Any

from core.deck import Deck
from core.doctor import Keyring, keyring, places, variables, versions
from core.errors import Exit, OfferdeckError
from core.health import Health
from core.profiles import Profile, SecretStore
from tui.cli.arguments import Arguments, Parser
from tui.cli.auth import exit_of, health_json, state_words, worst
from tui.cli.running import wait_for
from tui.cli.voice import Voice


def run(command: str, words: list[str], voice: Voice) -> int:
    """Answer `doctor` or `locate`."""
    if command == "locate":
        return _locate(words, voice)
    parser = Parser(command, "What is installed, stored and reachable; shows no secret.")
    parser.add_argument("--offline", action="store_true", help="ask no service")
    return wait_for(_doctor(parser.read(words, voice), voice))


def _locate(words: list[str], voice: Voice) -> int:
    parser = Parser("locate", "Where things lie; none of it need exist.")
    parser.add_argument("what", nargs="?", choices=["config", "ledger", "log", "cache"])
    arguments = parser.read(words, voice)
    found = places(Deck.create(os.environ))
    if arguments.what:
        found = {arguments.what: found[arguments.what]}
    if voice.json:
        voice.data(found)
    elif arguments.what:
        voice.line(found[arguments.what])
    else:
        voice.pairs(found.items())
    return Exit.OK


async def _doctor(arguments: Arguments, voice: Voice) -> int:
    deck = Deck.create(os.environ)
    try:
        names = [arguments.profile] if arguments.profile else deck.profiles.names()
        asked = asyncio.gather(*(_profile(deck, name, ask=not arguments.offline) for name in names))
        store, profiles = await asyncio.gather(keyring(os.environ), asked)
    finally:
        await deck.close()
    needed = any(profile is not None and profile.secrets is SecretStore.KEYRING for _, profile, _, _ in profiles)
    report = {
        "versions": versions(),
        "places": places(deck),
        "variables": variables(os.environ),
        "keyring": {"ok": store.error is None, "says": store.words, "needed": needed},
        "profiles": [_profile_json(*found) for found in profiles],
    }
    if voice.json:
        voice.data(report)
    else:
        _tell(voice, report, store)
    return _code(profiles, store, needed)


_Found = tuple[str, Profile | None, OfferdeckError | None, list[Health]]


async def _profile(deck: Deck, name: str, *, ask: bool) -> _Found:
    """A profile, or why it cannot be read, with the state of its credentials."""
    try:
        profile = deck.profiles.load(name)
    except OfferdeckError as error:
        return name, None, error, []
    if not ask:
        return name, profile, None, []
    async with aclosing(deck.check(profile)) as checks:
        return name, profile, None, [health async for health in checks]


def _profile_json(
    name: str, profile: Profile | None, error: OfferdeckError | None, found: list[Health]
) -> dict[str, Any]:
    if profile is None:
        return {"name": name, "error": str(error), "checks": []}
    return {
        "name": name,
        "environment": profile.environment.value,
        "region": profile.region,
        "secrets": profile.secrets.value,
        "read_only": profile.starts_read_only,
        "checks": [{**health_json(health), "state": state_words(health)} for health in found],
    }


def _code(profiles: list[_Found], store: Keyring, needed: bool) -> int:
    codes = {worst(found) for _, _, _, found in profiles}
    codes |= {int(exit_of(error)) for _, _, error, _ in profiles if error is not None}
    if needed and store.error is not None:
        codes.add(int(exit_of(store.error)))
    order = (Exit.CREDENTIALS, Exit.USAGE, Exit.REFUSED, Exit.TRY_AGAIN)
    return next((code for code in order if code in codes), Exit.OK)


def _tell(voice: Voice, report: dict[str, Any], store: Keyring) -> None:
    for title in ("versions", "places", "variables"):
        if report[title]:
            voice.line(title.capitalize())
            voice.pairs((f"  {name}", value) for name, value in report[title].items())
            voice.line()
    needed = "" if report["keyring"]["needed"] else " (no profile needs it)"
    voice.line(f"Keyring{needed}")
    voice.line(f"  {'ok' if store.error is None else 'cannot be used'}  {store.words}")
    if store.error is not None and store.error.hint:
        voice.line(f"  {store.error.hint}")
    for profile in report["profiles"]:
        voice.line()
        _tell_profile(voice, profile)
    if not report["profiles"]:
        voice.line()
        voice.line("No profile yet. Add one: offerdeck profile add. Or look around: offerdeck demo")


def _tell_profile(voice: Voice, profile: dict[str, Any]) -> None:
    if "error" in profile:
        voice.line(f"Profile {profile['name']}")
        voice.line(f"  {profile['error']}")
        return
    writes = "read-only until unlocked" if profile["read_only"] else "writes after review"
    where = {"environment": "environment variables"}.get(profile["secrets"], profile["secrets"])
    voice.line(f"Profile {profile['name']}: {profile['environment']}, {profile['region']}, {writes}")
    voice.line(f"  secrets from {where}")
    for check in profile["checks"]:
        voice.line(f"  {check['state']:<11}  {check['service']}: {check['says']}")
        if check["hint"]:
            voice.line(f"               {check['hint']}")
