"""The vendors' memory: customers with their tags and wallets, and what Braze knows of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import unquote

from core.sandbox.seed import Seed, customer_id
from core.sandbox.seed_offers import OfferSeed
from core.sandbox.seed_people import PEOPLE, Persona
from core.sandbox.state_braze import BrazeMemory, phone_of
from core.sandbox.values import SeedCustomer


@dataclass(slots=True)
class Tag:
    """A tag on a customer: a counter has `count`, an expiring one `expires_at`; never both."""

    count: int | None = None
    expires_at: datetime | None = None


@dataclass
class Person:
    """A customer as SessionM keeps one."""

    persona: Persona
    user_id: str
    email: str
    tags: dict[str, Tag] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The slug."""
        return self.persona.name

    def has(self, flag: str) -> bool:
        """Whether the persona has this peculiarity."""
        return flag in self.persona.flags

    @cached_property
    def offers(self) -> tuple[OfferSeed, ...]:
        """The wallet's rows, built when first read."""
        return self.persona.offers()

    def post_tags(self, names: list[str], ttl_s: int | None, now: datetime) -> None:
        """Count or set each tag: without a TTL a counter grows by 1, with one the tag starts to run.

        What happens to a tag of the other kind is documented nowhere; here the last call decides the kind.
        """
        self.forget_expired(now)
        for name in names:
            if ttl_s is not None:
                self.tags[name] = Tag(expires_at=now + timedelta(seconds=ttl_s))
            else:
                held = self.tags.get(name)
                self.tags[name] = Tag(count=1 + (held.count or 0 if held else 0))

    def forget_expired(self, now: datetime) -> None:
        """Drop the tags whose time has run out."""
        for name in [name for name, tag in self.tags.items() if tag.expires_at and tag.expires_at <= now]:
            del self.tags[name]


def customers_of(seed: Seed) -> tuple[SeedCustomer, ...]:
    """The seeded customers with their ids; cheap, no wallet is built."""
    return tuple(
        SeedCustomer(
            persona.name, customer_id(seed, persona.name), persona.external_id, email_of(persona), persona.summary
        )
        for persona in PEOPLE
    )


def email_of(persona: Persona) -> str:
    """The customer's address, at example.com."""
    return f"{persona.name}@example.com"


class World:
    """All that the three services share; moments in the seed count from `born_at`."""

    def __init__(self, seed: Seed, clock: Callable[[], datetime], born_at: datetime) -> None:
        self.seed = seed
        self.clock = clock
        self.born_at = born_at
        self.retailer_id = seed.uuid("retailer")
        self.people = [self._person(persona) for persona in PEOPLE]
        self.by_user_id = {person.user_id: person for person in self.people}
        self.by_external_id = {person.persona.external_id: person for person in self.people}
        self.braze = BrazeMemory(seed, clock, born_at, self.people)

    def phone(self, person: Person) -> str:
        """The customer's mobile number."""
        return phone_of(self.seed, person)

    def slow_s(self, text: str) -> float:
        """2.5 seconds when a request names a customer whose answers are slow, else none."""
        slow = (person for person in self.people if person.has("slow"))
        return 2.5 if any(self._names(person, text) for person in slow) else 0.0

    @staticmethod
    def _names(person: Person, text: str) -> bool:
        return person.user_id in text or person.persona.external_id in text or person.email in unquote(text)

    def _person(self, persona: Persona) -> Person:
        person = Person(persona, customer_id(self.seed, persona.name), email_of(persona))
        for name, value in persona.tags.items():
            counts = isinstance(value, int)
            person.tags[name] = Tag(value) if isinstance(value, int) else Tag(expires_at=self.born_at + value)
            assert counts == (person.tags[name].count is not None)
        return person
