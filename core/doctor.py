"""What `offerdeck doctor` finds out: versions, places, the keyring, profiles, what the environment says. No secrets."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from core import __version__
from core.deck import Deck
from core.errors import OfferdeckError, SecretMissing
from core.profiles import Environment, Profile, SecretStore

PACKAGES = ("textual", "httpx", "h11", "python-liquid", "keyring", "platformdirs", "msgspec", "tomli-w")
# The only variables whose values are shown; of every other one only that it is set.
SHOWN_VARIABLES = ("OFFERDECK_HOME", "OFFERDECK_PROFILE", "OFFERDECK_ASCII")


@dataclass(frozen=True, slots=True)
class Keyring:
    """The system's keyring: what it is called when it works, else why it does not."""

    words: str
    error: OfferdeckError | None


def versions() -> dict[str, str]:
    """offerdeck, Python, the system and every package it stands on."""
    found = {"offerdeck": __version__, "python": platform.python_version(), "system": platform.platform(terse=True)}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def places(deck: Deck) -> dict[str, str]:
    """Where things lie, by the words of `offerdeck locate`; none of it need exist."""
    where = deck.places
    return {
        "config": str(where.profiles),
        "ledger": str(where.ledger),
        "log": str(where.log),
        "cache": str(where.cache),
    }


def variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Every OFFERDECK_ variable that is set; a value only where it can be no secret."""
    names = sorted(name for name in environ if name.startswith("OFFERDECK_"))
    return {name: environ[name] if name in SHOWN_VARIABLES else "set" for name in names}


async def keyring(environ: Mapping[str, str]) -> Keyring:
    """Ask the keyring for a secret that nobody stored."""
    from core.adapters.keyring_vault import KeyringVault

    nobody = Profile(
        name="doctor",
        environment=Environment.SANDBOX,
        core_url="http://localhost",
        connect_url="http://localhost",
        braze_url="http://localhost",
        retailer_id="",
        secrets=SecretStore.KEYRING,
    )
    vault = KeyringVault(environ)
    try:
        await vault.read(nobody, "braze_key")
    except SecretMissing:
        pass
    except OfferdeckError as error:
        return Keyring(error.message, error)
    return Keyring(f"{vault.kind} answers", None)
