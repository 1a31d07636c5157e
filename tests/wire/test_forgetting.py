"""Profiles that end or move: their secrets go before they do, and one that cannot be freed of them stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.adapters.files import Places, ProfileFiles
from core.adapters.vault import MemoryVault
from core.errors import InvalidInput, KeyringFailed, SecretMissing
from core.forgetting import remove_profile, replace_profile, stale_fields
from core.ports import Vault
from core.profiles import SECRET_FIELDS, Profile, SecretStore
from core.secret import Secret


class LockedVault(MemoryVault):
    """A keyring that forgets nothing."""

    async def forget(self, profile: Profile, field: str) -> bool:
        raise KeyringFailed("The keyring is locked.", "Unlock it.")


@pytest.fixture
def profile(lab: Any) -> Profile:
    found: Profile = lab.profile_at("https://old.example", secrets="keyring")
    return found


@pytest.fixture
def store(tmp_path: Path, profile: Profile) -> ProfileFiles:
    files = ProfileFiles(Places.under(tmp_path))
    files.save(profile)
    return files


async def kept_by(vault: Vault, profile: Profile) -> set[str]:
    found = set()
    for field in SECRET_FIELDS:
        try:
            await vault.read(profile, field)
        except SecretMissing:
            continue
        found.add(field)
    return found


async def full(vault: MemoryVault, profile: Profile) -> MemoryVault:
    for field in SECRET_FIELDS:
        await vault.write(profile, field, Secret("x"))
    return vault


async def test_only_secrets_of_hosts_that_are_left_are_forgotten(store: ProfileFiles, profile: Profile) -> None:
    vault = await full(MemoryVault(), profile)
    moved = replace(profile, braze_url="https://new.example")
    forgotten = await replace_profile(store, lambda _: vault, moved)
    assert forgotten.fields == ("braze_key", "braze_import_key", "segment_partner_key")
    assert store.load(profile.name) == moved
    assert await kept_by(vault, profile) == {"core_key", "core_secret", "connect_authorization"}


async def test_a_profile_that_leaves_the_keyring_or_the_machine_leaves_nothing_there(
    store: ProfileFiles, profile: Profile
) -> None:
    vault = await full(MemoryVault(), profile)
    assert stale_fields(profile, profile) == ()
    assert stale_fields(profile, replace(profile, secrets=SecretStore.ENVIRONMENT)) == tuple(SECRET_FIELDS)
    assert (await remove_profile(store, lambda _: vault, profile.name)).fields == tuple(SECRET_FIELDS)
    assert await kept_by(vault, profile) == set()
    assert store.names() == []
    with pytest.raises(InvalidInput, match="no profile"):
        await remove_profile(store, lambda _: vault, profile.name)


async def test_a_keyring_that_refuses_keeps_the_profile_that_knows_where_its_secrets_lie(
    store: ProfileFiles, profile: Profile
) -> None:
    vault = await full(LockedVault(), profile)
    with pytest.raises(KeyringFailed, match="stays as it is"):
        await remove_profile(store, lambda _: vault, profile.name)
    with pytest.raises(KeyringFailed, match="stays as it is"):
        await replace_profile(store, lambda _: vault, replace(profile, core_url="https://new.example"))
    assert store.load(profile.name) == profile


async def test_settings_that_cannot_be_read_go_and_it_is_known_that_nobody_looked(
    store: ProfileFiles, profile: Profile, tmp_path: Path
) -> None:
    path = Places.under(tmp_path).profiles
    path.write_text(path.read_text().replace("https://old.example", "nowhere"))
    forgotten = await replace_profile(store, lambda _: MemoryVault(), profile)
    assert not forgotten.was_readable
    assert store.load(profile.name) == profile
