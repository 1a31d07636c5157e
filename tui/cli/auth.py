"""`auth`: secrets in, proved, out. They are read without echo or from one line, never from the command's words."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import aclosing

from core.deck import Deck
from core.errors import Exit, InvalidInput, OfferdeckError, Unreachable
from core.health import Health
from core.ports import Vault
from core.profiles import SECRET_FIELDS, Profile, SecretStore
from core.secret import Secret
from tui.cli.arguments import Arguments, Parser, action_of
from tui.cli.columns import Column
from tui.cli.running import wait_for
from tui.cli.voice import Voice

COLUMNS = (Column("SERVICE"), Column("STATE"), Column("SAYS"))


def run(command: str, words: list[str], voice: Voice) -> int:
    """Answer `auth set`, `auth check` or `auth forget`."""
    action, rest = action_of(command, words, ("set", "check", "forget"))
    parser = Parser(f"{command} {action}".rstrip(), "Secrets of a profile. Fields: " + ", ".join(SECRET_FIELDS))
    parser.add_argument("name", metavar="PROFILE")
    parser.add_argument("field", metavar="FIELD", nargs=None if action == "set" else "?")
    if action == "set":
        parser.add_argument("--stdin", action="store_true", help="read one line of the standard input")
    arguments = parser.read(rest, voice)
    if arguments.field is not None and arguments.field not in SECRET_FIELDS:
        raise InvalidInput(f"{arguments.field[:40]!r} is not a secret's name.", f"Choose {', '.join(SECRET_FIELDS)}.")
    deck = Deck.create(os.environ)
    profile = deck.profiles.load(arguments.name)
    if action == "set":
        return _set(deck, profile, arguments, voice)
    return wait_for({"check": _check, "forget": _forget}[action](deck, profile, arguments, voice))


def _set(deck: Deck, profile: Profile, arguments: Arguments, voice: Voice) -> int:
    if profile.secrets is SecretStore.MEMORY:
        raise InvalidInput(f"{profile.name} keeps its secrets for one run only.", "Nothing was stored.")
    vault = deck.vault(profile)
    if profile.secrets is SecretStore.KEYRING and not arguments.stdin and not voice.can_ask:
        raise InvalidInput("There is no terminal to type the secret at.", "Give it as one line with --stdin.")
    secret = Secret("")
    if profile.secrets is SecretStore.KEYRING:
        what = SECRET_FIELDS[arguments.field]
        secret = voice.read_secret() if arguments.stdin else voice.ask_secret(f"{what} (nothing is shown): ")
    return wait_for(_keep(vault, profile, arguments.field, _checked(secret, profile), voice))


def _checked(secret: Secret, profile: Profile) -> Secret:
    """The secret without the white space that a copy brings along. Raises InvalidInput for nothing."""
    value = secret.reveal().strip()
    if profile.secrets is SecretStore.KEYRING and not value:
        raise InvalidInput("The secret is empty; nothing was stored.", "Type or pipe it in.")
    if value.lower().startswith(("basic ", "bearer ")):
        raise InvalidInput("The secret begins with Basic or Bearer; nothing was stored.", "Leave that word out.")
    return Secret(value)


async def _keep(vault: Vault, profile: Profile, field: str, secret: Secret, voice: Voice) -> int:
    await vault.write(profile, field, secret)
    voice.say(f"Stored {SECRET_FIELDS[field]} of {profile.name} in {vault.kind}.")
    voice.say(f"Prove it: offerdeck auth check {profile.name}")
    return Exit.OK


async def _forget(deck: Deck, profile: Profile, arguments: Arguments, voice: Voice) -> int:
    vault = deck.vault(profile)
    for field in [arguments.field] if arguments.field else SECRET_FIELDS:
        gone = await vault.forget(profile, field)
        if gone or arguments.field:
            voice.say(f"Forgot {field}." if gone else f"There was no {field}.")
    return Exit.OK


async def _check(deck: Deck, profile: Profile, arguments: Arguments, voice: Voice) -> int:
    try:
        found = [health async for health in _wanted(deck, profile, arguments.field)]
    finally:
        await deck.close()
    if voice.json:
        voice.data({"profile": profile.name, "checks": [health_json(health) for health in found]})
    elif found:
        voice.table(COLUMNS, [(health.label, state_words(health), health.words) for health in found])
    else:
        voice.say(f"No {arguments.field} is stored, and nothing needs it.")
    for health in found:
        if health.hint:
            voice.say(f"{health.label}: {health.hint}")
    return worst(found)


async def _wanted(deck: Deck, profile: Profile, field: str | None) -> AsyncGenerator[Health, None]:
    async with aclosing(deck.check(profile)) as checks:
        async for health in checks:
            if field is None or field in health.fields:
                yield health


def state_words(health: Health) -> str:
    """`ok`, `unreachable` or `wrong`."""
    return "ok" if health.ok else "unreachable" if isinstance(health.error, Unreachable) else "wrong"


def health_json(health: Health) -> dict[str, object]:
    """A check as data."""
    return {
        "service": health.label,
        "fields": list(health.fields),
        "ok": health.ok,
        "says": health.words,
        "hint": health.hint,
    }


def worst(found: list[Health]) -> int:
    """The exit code of several checks: credentials before anything else, then what can be tried again."""
    codes = [exit_of(health.error) for health in found if not health.ok]
    return next(
        (code for code in (Exit.CREDENTIALS, Exit.REFUSED, Exit.USAGE, Exit.TRY_AGAIN) if code in codes), Exit.OK
    )


def exit_of(error: OfferdeckError | None) -> Exit:
    """The published code of a failed check."""
    return Exit(error.exit_code) if error is not None else Exit.REFUSED
