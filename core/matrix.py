"""The matrix: one template for several people, each message beside the first."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Literal

from core.admission import WALLET_PATH
from core.flaws import hole_words, holes, shows_expired
from core.livemessages import Kept
from core.messages import chosen_offer, message_data
from core.offers import Offer
from core.personas import Persona
from core.profiles import Profile
from core.render import Problem, RenderData, Rendered
from core.scenarios import WALLET
from core.sends import TargetKind
from core.subjects import Subject
from core.verdicts import NO_DIFFERENCE, Difference, Judged, Outcome, Render, Verdict, difference, judged

Kind = Literal["shown", "customer", "persona"]

# What data of one's own says of the person, not of the message: it stays with the person it was typed for.
_PERSONAL = frozenset(
    {
        *("attributes", "custom_attribute", "variables", "connected_content", "subscribed_state"),
        *("targeted_device", "most_recently_used_device"),
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the message is rendered for: the customer on the screen, one looked at before, or a persona."""

    name: str
    kind: Kind
    data: RenderData


@dataclass(frozen=True, slots=True)
class MatrixRow(Judged):
    """What became of the message for one person. `size` is in characters, `segments` in words (empty: not counted).

    `number` is the person's place, from 0 on; `too_long` are the limits it breaks; `difference` is how it differs
    from the first person's message. `reason` is why it aborted or what is wrong; `holes` counts the places that print
    nothing for something is missing, `warning` is what else the person would get and should not.
    """

    number: int
    person: Person
    verdict: Verdict
    segments: str = ""
    too_long: tuple[Problem, ...] = ()
    difference: Difference = NO_DIFFERENCE
    reason: str = ""
    holes: int = 0
    warning: str = ""

    @property
    def size(self) -> int:
        """The message's length in characters."""
        return self.verdict.size


async def matrix(
    render: Render,
    people: Sequence[Person],
    now: datetime,
) -> AsyncGenerator[MatrixRow, None]:
    """A row for each person, in order, as the renders come back; the first is what the others are held against.

    `render` must ask nobody: recorded answers only. `now` is everybody's clock but for data that has its own.
    Closing the generator ends the run.
    """
    first: Verdict | None = None
    for number, person in enumerate(people):
        data = person.data if person.data.now is not None else replace(person.data, now=now)
        row = await judged(render, data, partial(_row, number, person, data.now or now, first))
        first = first or row.verdict
        yield row


def _row(number: int, person: Person, now: datetime, first: Verdict | None, verdict: Verdict) -> MatrixRow:
    rendered, is_rendered = verdict.rendered, verdict.outcome is Outcome.RENDERED
    found = holes(rendered, first.rendered if first else None) if is_rendered else ()
    return MatrixRow(
        number,
        person,
        verdict,
        verdict.segments,
        _too_long(rendered),
        difference(first, verdict) if first is not None else NO_DIFFERENCE,
        hole_words(found) if found and not verdict.errors else verdict.reason,
        len(found),
        shows_expired(rendered, person.data, now) if is_rendered else "",
    )


def _too_long(rendered: Rendered) -> tuple[Problem, ...]:
    """The limits a message breaks; what is advice only, or ended the render itself, is not among them."""
    if rendered.status != "rendered":
        return ()
    return tuple(one for one in rendered.problems if one.rule.startswith("limit-") and one.severity != "hint")


# -- who there is


def customers(
    shown: Subject,
    visited: Iterable[Subject],
    profile: Profile | None,
    now: datetime,
    *,
    offer: Offer | None = None,
    trigger: TargetKind | None = None,
    override: Mapping[str, Any] | None = None,
) -> tuple[Person, ...]:
    """The customer on the screen just as the message shows them, then those looked at before, each with the offer of
    theirs that runs out first. Nobody on the screen is a person without data. Takes some milliseconds a wallet.
    """
    first = message_data(shown, offer, profile, trigger=trigger, override=override)
    people = [Person(shown.name or "no customer", "shown", first)]
    for subject in visited:
        if subject.user_id != shown.user_id:
            own = chosen_offer(subject, "", now)
            data = message_data(subject, own, profile, trigger=trigger, override=of_the_message(override))
            people.append(Person(subject.name, "customer", data))
    return tuple(people)


def persona_as_person(
    persona: Persona, profile: Profile | None, *, override: Mapping[str, Any] | None = None
) -> Person:
    """A persona as somebody to render for: their data alone, with what the profile gives to everybody.

    A variable `wallet` is also the recorded answer of the call that fills it, unless the persona has one.
    """
    shared = of_the_message(override)
    joined = {
        key: {**shared[key], **value} if isinstance(value, dict) and isinstance(shared.get(key), dict) else value
        for key, value in persona.data.items()
    }
    data = message_data(Subject(), None, profile, override={**shared, **joined})
    if profile is not None and WALLET in data.variables:
        url = profile.connect_url + WALLET_PATH
        answer = {"method": "POST", "url": url, "status": 200, "body": data.variables[WALLET]}
        data = replace(data, connected_content=(*data.connected_content, answer), stand_ins=(*data.stand_ins, WALLET))
    return Person(persona.name, "persona", data)


def with_kept(people: Iterable[Person], kept: Kept) -> tuple[Person, ...]:
    """The people with what a live render met: its answers for the customer on the screen, whom it called for, blocks
    and items for everybody."""
    return tuple(
        replace(one, data=(kept if one.kind == "shown" else kept.of_the_workspace).with_data(one.data))
        for one in people
    )


def of_the_message(override: Mapping[str, Any] | None) -> dict[str, Any]:
    """The part of one's own data that goes with the message, whoever gets it: properties, blocks, catalogs, clock."""
    return {key: value for key, value in (override or {}).items() if key not in _PERSONAL}
