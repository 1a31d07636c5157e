"""How the credentials of a profile fare: each proved with a harmless read, and said in words what is wrong."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from core.braze.calls import export_by_external_id_call, list_call
from core.calls import Service
from core.customers import CustomerRef, IdKind
from core.desk import Desk
from core.errors import CredentialsRefused, NotFound, OfferdeckError, Rejected, SecretMissing
from core.offers import NIL_GUID
from core.ports import Vault
from core.profiles import FIELDS_OF_SERVICE, SECRET_FIELDS, Profile
from core.reading import permission
from core.sends import TargetKind
from core.sessionm.calls import customer_call, wallet_call
from core.streams import merged


@dataclass(frozen=True, slots=True)
class Health:
    """One credential, or the pair that goes together. `error` is None when it is fine, and tells the exit code."""

    label: str
    fields: tuple[str, ...]
    ok: bool
    words: str
    hint: str = ""
    error: OfferdeckError | None = None


async def check_profile(desk: Desk, vault: Vault) -> AsyncGenerator[Health, None]:
    """Every credential, as the services answer; those nothing reads yet only when one is stored."""
    services = [_one(_core(desk)), _one(_connect(desk)), _one(_braze(desk))]
    async with aclosing(merged(*services, _unused(desk.profile, vault))) as found:
        async for health in found:
            yield health


def proves(health: Health, field: str) -> bool:
    """Whether `health` speaks of `field`."""
    return field in health.fields


async def _one(work: Coroutine[Any, Any, Health]) -> AsyncGenerator[Health, None]:
    yield await work


async def _core(desk: Desk) -> Health:
    """A customer who cannot exist: SessionM looks at key and secret before it says so."""
    label, fields = Service.CORE.label, FIELDS_OF_SERVICE[Service.CORE]
    try:
        await desk.read(customer_call(CustomerRef(IdKind.USER_ID, NIL_GUID)))
    except NotFound as error:
        if error.code:
            return Health(label, fields, True, "key and secret accepted")
        hint = f"Is {desk.profile.core_url} SessionM Core? See: offerdeck profile show {desk.profile.name}"
        return Health(label, fields, False, "nothing of SessionM Core is at this address (404)", hint, error)
    except CredentialsRefused as error:
        hint = error.hint if "(403)" in error.message else _core_hint(desk.profile, error)
        return Health(label, fields, False, error.message, hint, error)
    except OfferdeckError as error:
        return _failed(label, fields, error)
    return Health(label, fields, True, "key and secret accepted")


def _core_hint(profile: Profile, error: OfferdeckError) -> str:
    """docs.sessionm.com, "Statuses and errors": INVALID_API_KEY is the key in the path, ACCESS_DENIED the pair."""
    said = error.detail.lower()
    if "invalid_api_key" in said:
        return f"The app key is wrong. Fix: offerdeck auth set {profile.name} core_key"
    fix = f"Fix: offerdeck auth set {profile.name} core_secret"
    if "access_denied" in said:
        return f"The app key is known, the secret does not fit it. {fix}"
    return f"Either of the two is wrong. {fix} (or core_key)"


async def _connect(desk: Desk) -> Health:
    """The wallet of nobody: Connect looks at the authorization first, then at the retailer, then at the user."""
    label, fields = Service.CONNECT.label, FIELDS_OF_SERVICE[Service.CONNECT]
    try:
        await desk.read(wallet_call(desk.profile.retailer_id, NIL_GUID, desk.profile.culture, take=1))
    except Rejected as error:
        if not error.detail.lstrip().startswith("{"):
            hint = f"Is {desk.profile.connect_url} SessionM Connect? See: offerdeck profile show {desk.profile.name}"
            return Health(
                label, fields, False, f"nothing of SessionM Connect is at this address ({error.status})", hint, error
            )
        if "retailer" in error.message.lower():
            hint = f"Check the retailer id {desk.profile.retailer_id}."
            return Health(label, fields, False, f"authorization accepted, but: {error.message}", hint, error)
        if error.status not in (200, 404):
            return _failed(label, fields, error)
    except OfferdeckError as error:
        return _failed(label, fields, error)
    return Health(label, fields, True, "authorization accepted")


async def _braze(desk: Desk) -> Health:
    """One page of campaigns, then the other reads this program needs, so that a missing permission has a name."""
    label, fields = Service.BRAZE.label, FIELDS_OF_SERVICE[Service.BRAZE]
    campaigns, canvases = (list_call(kind, 0, include_archived=False) for kind in TargetKind)
    lacking: list[str] = []
    last: OfferdeckError | None = None
    for call in (campaigns, canvases, export_by_external_id_call(NIL_GUID)):
        try:
            await desk.read(call)
        except CredentialsRefused as error:
            if "(403)" not in error.message:
                return _braze_refused(desk.profile, error)
            lacking.append(permission(call))
            last = error
        except OfferdeckError as error:
            return _failed(label, fields, error)
    if lacking:
        return Health(label, fields, False, f"the key lacks {_listed(lacking)} (403)", last.hint if last else "", last)
    words = "key accepted; may list campaigns and Canvases and export users"
    return Health(label, fields, True, words, "Whether it may send is shown only by sending.")


def _braze_refused(profile: Profile, error: OfferdeckError) -> Health:
    """A 401 has several causes that Braze does not tell apart (Braze docs, /api/errors)."""
    words = "Braze refused the key (401)"
    hint = (
        f"Either the key is wrong (offerdeck auth set {profile.name} braze_key), or it belongs to another instance or "
        f"workspace than {profile.region.split(' · ')[0]} (offerdeck profile show {profile.name}). "
        "Braze answers both the same."
    )
    return Health(Service.BRAZE.label, FIELDS_OF_SERVICE[Service.BRAZE], False, words, hint, error)


def _failed(label: str, fields: Sequence[str], error: OfferdeckError) -> Health:
    return Health(label, tuple(fields), False, error.message.removeprefix(f"{label}: "), error.hint, error)


async def _unused(profile: Profile, vault: Vault) -> AsyncGenerator[Health, None]:
    """Secrets that no read can prove: said only where one is stored."""
    used = {field for fields in FIELDS_OF_SERVICE.values() for field in fields}
    for field in (field for field in SECRET_FIELDS if field not in used):
        try:
            await vault.read(profile, field)
        except SecretMissing:
            continue
        except OfferdeckError:
            return  # the services say what is wrong with the keyring
        yield Health(SECRET_FIELDS[field], (field,), True, "stored; no harmless read can prove it")


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " and " + names[-1]
