"""Vaults: secrets from the environment or for this run only; `vault_for` picks, and knows the way to the keyring."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import Guarded, InvalidInput, SecretMissing
from core.ports import Vault
from core.profiles import SECRET_FIELDS, Profile, SecretStore
from core.secret import VARIABLES, Secret

Key = tuple[str, str, str]


def key_of(profile: Profile, field: str) -> Key:
    """(profile, host, field): what a secret is kept under. Raises InvalidInput for an unknown field."""
    if field not in SECRET_FIELDS:
        raise InvalidInput(f"{field[:40]!r} is not a secret's name.", "Choose " + ", ".join(SECRET_FIELDS) + ".")
    return profile.name, profile.host_of(field), field


def missing(profile: Profile, field: str, how: str = "") -> SecretMissing:
    """The error that says which secret is not there and how to store it."""
    return SecretMissing(
        f"No {SECRET_FIELDS[field]} is stored for profile {profile.name}.",
        how or f"Fix: offerdeck auth set {profile.name} {field}",
    )


class MemoryVault:
    """Secrets that end with the program."""

    kind = "memory, this run only"

    def __init__(self) -> None:
        self._secrets: dict[Key, Secret] = {}

    async def read(self, profile: Profile, field: str) -> Secret:
        """The secret. Raises SecretMissing."""
        secret = self._secrets.get(key_of(profile, field))
        if secret is None:
            raise missing(profile, field)
        return secret

    async def write(self, profile: Profile, field: str, secret: Secret) -> None:
        """Keep it until the program ends."""
        self._secrets[key_of(profile, field)] = secret

    async def forget(self, profile: Profile, field: str) -> bool:
        """Drop it; False when there was none."""
        return self._secrets.pop(key_of(profile, field), None) is not None


class RunVault:
    """A profile's vault for one run. Whoever holds it follows when the secrets move to memory."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @property
    def kind(self) -> str:
        """That of the vault asked now."""
        return self._vault.kind

    def keep_in_memory(self) -> None:
        """From now on, and from nothing: what the vault before holds is asked no more."""
        if not isinstance(self._vault, MemoryVault):
            self._vault = MemoryVault()

    async def read(self, profile: Profile, field: str) -> Secret:
        """The secret. Raises as the vault asked now."""
        return await self._vault.read(profile, field)

    async def write(self, profile: Profile, field: str, secret: Secret) -> None:
        """Keep it. Raises as the vault asked now."""
        await self._vault.write(profile, field, secret)

    async def forget(self, profile: Profile, field: str) -> bool:
        """Drop it; False when there was none. Raises as the vault asked now."""
        return await self._vault.forget(profile, field)


class EnvironmentVault:
    """`OFFERDECK_SECRET_<FIELD>` for one profile and its hosts, for CI; can only be read."""

    kind = "environment variables"

    def __init__(self, profile: Profile, environ: Mapping[str, str]) -> None:
        self._bound = frozenset(key_of(profile, field) for field in SECRET_FIELDS)
        self._environ = environ

    async def read(self, profile: Profile, field: str) -> Secret:
        """The variable's value without white space around it. Raises SecretMissing, also for any other profile."""
        name = _variable(field)
        value = self._environ.get(name, "").strip() if key_of(profile, field) in self._bound else ""
        if not value:
            raise missing(profile, field, f"Set the variable {name}; this profile reads its secrets there.")
        return Secret(value)

    async def write(self, profile: Profile, field: str, secret: Secret) -> None:
        """Raises Guarded: a program cannot set its parent's environment."""
        raise _read_only(field)

    async def forget(self, profile: Profile, field: str) -> bool:
        """Raises Guarded: a program cannot change its parent's environment."""
        raise _read_only(field)


def _variable(field: str) -> str:
    return f"{VARIABLES}{field.upper()}"


def _read_only(field: str) -> Guarded:
    return Guarded("This profile reads its secrets from the environment.", f"Set {_variable(field)} instead.")


_THIS_RUN = MemoryVault()


def vault_for(profile: Profile, environ: Mapping[str, str]) -> Vault:
    """Where `profile` keeps its secrets. All profiles of the memory kind share one vault until the program ends."""
    if profile.secrets is SecretStore.ENVIRONMENT:
        return EnvironmentVault(profile, environ)
    if profile.secrets is SecretStore.MEMORY:
        return _THIS_RUN
    from core.adapters.keyring_vault import KeyringVault

    return KeyringVault(environ)
