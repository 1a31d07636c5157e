"""Profiles that end or move to other hosts: what the keyring holds for them goes first, and nothing stays behind."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import InvalidInput, KeyringFailed
from core.ports import ProfileStore, Vault
from core.profiles import SECRET_FIELDS, Profile, SecretStore

VaultOf = Callable[[Profile], Vault]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went: `fields` of the profile as it was; `was_readable` False: nobody knows which hosts it had."""

    fields: tuple[str, ...] = ()
    was_readable: bool = True


def stale_fields(old: Profile, new: Profile | None) -> tuple[str, ...]:
    """The fields whose secrets of `old` nobody reads once `new` stands in its place; None: nothing does."""
    if old.secrets is not SecretStore.KEYRING:
        return ()
    return tuple(
        field
        for field in SECRET_FIELDS
        if new is None or new.secrets is not old.secrets or new.host_of(field) != old.host_of(field)
    )


async def replace_profile(store: ProfileStore, vault_of: VaultOf, profile: Profile) -> Forgotten:
    """Save `profile` in place of the one of its name, whose secrets for other hosts are forgotten.

    Raises KeyringFailed when they cannot be, and InvalidInput as the store; the profile then stands as it was.
    """
    forgotten = Forgotten()
    if profile.name in await to_thread(store.names):
        forgotten = await _forget(store, vault_of, profile.name, profile)
    await to_thread(store.save, profile, replace=True)
    return forgotten


async def remove_profile(store: ProfileStore, vault_of: VaultOf, name: str) -> Forgotten:
    """Forget the profile's secrets, then remove it. Raises as `replace_profile()`, also for a name nobody has."""
    forgotten = Forgotten()
    if name in await to_thread(store.names):
        forgotten = await _forget(store, vault_of, name, None)
    await to_thread(store.remove, name)
    return forgotten


async def _forget(store: ProfileStore, vault_of: VaultOf, name: str, new: Profile | None) -> Forgotten:
    try:
        old = await to_thread(store.load, name)
    except InvalidInput:
        return Forgotten(was_readable=False)
    try:
        vault = vault_of(old)
        return Forgotten(tuple([field for field in stale_fields(old, new) if await vault.forget(old, field)]))
    except KeyringFailed as error:
        raise KeyringFailed(
            f"Its secrets cannot be forgotten, so {name} stays as it is. {error.message}",
            f"{error.hint} Or leave them there: --leave-secrets",
        ) from error
