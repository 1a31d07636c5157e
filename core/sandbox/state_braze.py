"""Braze's memory: profiles, what they received, and who is found by which id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.sandbox.seed import Seed

if TYPE_CHECKING:
    from core.sandbox.state import Person

STANDARD = frozenset(
    [
        "first_name",
        "last_name",
        "email",
        "phone",
        "country",
        "language",
        "dob",
        "gender",
        "home_city",
        "time_zone",
        "current_location",
        "email_subscribe",
        "push_subscribe",
        "subscription_groups",
        "push_tokens",
        "date_of_first_session",
        "date_of_last_session",
        "marked_email_as_spam_at",
        "email_open_tracking_disabled",
        "email_click_tracking_disabled",
    ]
)


@dataclass
class Profile:
    """A Braze profile: `standard` holds the built-in fields, `custom` the custom attributes."""

    braze_id: str
    external_id: str | None
    created_at: datetime
    updated_at: datetime
    aliases: list[dict[str, str]] = field(default_factory=list)
    standard: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    purchases: list[dict[str, Any]] = field(default_factory=list)
    campaigns_received: dict[str, dict[str, Any]] = field(default_factory=dict)
    canvases_received: dict[str, dict[str, Any]] = field(default_factory=dict)
    devices: list[dict[str, Any]] = field(default_factory=list)

    @property
    def email(self) -> str | None:
        """The address, if there is one."""
        value = self.standard.get("email")
        return value if isinstance(value, str) else None

    @property
    def reachable(self) -> bool:
        """Whether messages reach the person at all."""
        return self.standard.get("email_subscribe") != "unsubscribed"


class BrazeMemory:
    """All profiles of the workspace; look-ups are exact, as ids are opaque."""

    def __init__(self, seed: Seed, clock: Callable[[], datetime], born_at: datetime, people: list[Person]) -> None:
        self._seed = seed
        self._clock = clock
        self.profiles = [
            seeded_profile(seed, person, born_at) for person in people if not person.has("unknown_to_braze")
        ]
        self.broadcasts: list[dict[str, Any]] = []

    def by_external_id(self, external_id: str) -> Profile | None:
        """The identified profile with this id."""
        return next((one for one in self.profiles if one.external_id == external_id), None)

    def by_alias(self, alias: dict[str, str]) -> Profile | None:
        """The profile with this alias, name and label."""
        return next((one for one in self.profiles if alias in one.aliases), None)

    def by_field(self, name: str, value: str) -> list[Profile]:
        """Every profile whose `email` or `phone` is this."""
        return [one for one in self.profiles if one.standard.get(name) == value]

    def by_braze_id(self, braze_id: str) -> Profile | None:
        """The profile with Braze's own id."""
        return next((one for one in self.profiles if one.braze_id == braze_id), None)

    def create(self, external_id: str | None, alias: dict[str, str] | None = None) -> Profile:
        """A new, empty profile."""
        now = self._clock()
        profile = Profile(self._seed.hex(f"braze new {len(self.profiles)}", 24), external_id, now, now)
        if alias is not None:
            profile.aliases.append(dict(alias))
        self.profiles.append(profile)
        return profile

    def write(self, profile: Profile, attributes: dict[str, Any]) -> None:
        """Apply an attributes object: null removes, `inc`, `add` and `remove` change what stands."""
        for name, value in attributes.items():
            holder = profile.standard if name in STANDARD else profile.custom
            if value is None:
                holder.pop(name, None)
            else:
                holder[name] = _changed(holder.get(name), value)
        profile.updated_at = self._clock()


def _changed(held: Any, value: Any) -> Any:
    if not isinstance(value, dict) or len(value) != 1:
        return value
    (verb, operand), *_ = value.items()
    if verb == "inc" and isinstance(operand, int):
        return (held if isinstance(held, int) else 0) + operand
    if verb in ("add", "remove") and isinstance(operand, list):
        kept = [one for one in held if one not in operand] if isinstance(held, list) else []
        return kept + operand if verb == "add" else kept
    return value


def seeded_profile(seed: Seed, person: Person, born_at: datetime) -> Profile:
    """What Braze knows of a seeded customer: by the SessionM id, unless the persona says otherwise."""
    persona = person.persona
    other = person.has("other_braze_id")
    made = born_at - timedelta(days=200 + seed.below(f"braze age {person.name}", 300))
    profile = Profile(
        braze_id=seed.hex(f"braze {person.name}", 24),
        external_id=f"legacy-{seed.hex(f'legacy {person.name}', 8)}" if other else person.user_id,
        created_at=made,
        updated_at=born_at - timedelta(days=1),
        aliases=[{"alias_name": persona.external_id, "alias_label": "sessionm_external_id"}],
        custom=dict(persona.custom),
    )
    profile.standard = {
        "first_name": persona.first_name,
        "last_name": persona.last_name,
        "email": person.email,
        "phone": phone_of(seed, person),
        "country": persona.country,
        "language": persona.locale.partition("-")[0],
        "home_city": persona.city,
        "dob": persona.dob,
        "gender": persona.gender.upper() if persona.gender else None,
        "time_zone": "America/Los_Angeles" if persona.country == "US" else "Europe/Berlin",
        "email_subscribe": "unsubscribed" if person.has("suspended") else "opted_in",
        "push_subscribe": "subscribed",
    }
    if persona.audit_rows and not person.has("nulls"):
        _live_a_little(profile, seed, born_at)
    return profile


def _live_a_little(profile: Profile, seed: Seed, born_at: datetime) -> None:
    """A phone and some weeks of events for a customer who is active at all."""
    for index, name in enumerate(("offer_viewed", "offer_redeemed", "offer_viewed", "store_entered")):
        at = born_at - timedelta(days=3 + 9 * index, minutes=41 * index)
        profile.events.append({"name": name, "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "properties": {}})
    device_id = seed.hex(f"device {profile.braze_id}", 32)
    profile.devices.append({"model": "iPhone 15", "os": "17.4", "device_id": device_id, "ad_tracking_enabled": False})


def phone_of(seed: Seed, person: Person) -> str:
    """A number from the range kept for fiction."""
    return f"+1503555{100 + seed.below(f'phone {person.name}', 99):04d}"
