"""A write before it happens: who, what, how wide, the exact call; and the confirmation that is bound to it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.calls import Call
from core.errors import Guarded
from core.outcomes import Outcome
from core.profiles import Environment

PLAN_LIFETIME = timedelta(minutes=10)


class PlanKind(StrEnum):
    """What a plan would do."""

    TAG = "tag"
    CAMPAIGN = "campaign"
    CANVAS = "canvas"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a review: `campaign  Points expiring  c7d2…9e1 · email`. `mark` is `ok`, `warn` or nothing."""

    label: str
    value: str
    note: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One write, ready for review. `made_at` is UTC; `phrase` must be typed to the letter where it is not empty."""

    id: str
    kind: PlanKind
    profile: str
    environment: Environment
    base_url: str
    call: Call
    target_id: str
    target_name: str
    recipients: tuple[str, ...]
    lines: tuple[Line, ...]
    warnings: tuple[str, ...]
    made_at: datetime
    phrase: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over the profile, the host, every byte that leaves and what the review called it."""
        where = [self.profile, self.environment, self.base_url]
        shown = [self.kind, self.target_id, self.target_name, self.phrase, *self.recipients]
        return hashlib.sha256(json.dumps([where, self.call.digest, shown]).encode()).hexdigest()

    @property
    def expires_at(self) -> datetime:
        """After this moment (UTC) the plan must be reviewed again."""
        return self.made_at + PLAN_LIFETIME

    @property
    def short_id(self) -> str:
        """The id cut in its middle: `7f3a…c21`."""
        return self.id if len(self.id) <= 8 else f"{self.id[:4]}…{self.id[-3:]}"

    @property
    def action_words(self) -> str:
        """What a yes does, as a button says it: `Set 2 tags`, `Trigger campaign`."""
        if self.kind is PlanKind.TAG:
            count = len(self.call.body_json["tags"])
            return "Set 1 tag" if count == 1 else f"Set {count} tags"
        return "Trigger campaign" if self.kind is PlanKind.CAMPAIGN else "Trigger Canvas"

    @property
    def phrase_words(self) -> str:
        """What must be typed where a phrase is asked for: `the campaign's name`."""
        if self.kind is PlanKind.TAG:
            return "the tags" if self.phrase == self.target_name.strip() else "how many tags"
        noun = "campaign" if self.kind is PlanKind.CAMPAIGN else "Canvas"
        return f"the {noun}'s {'name' if self.phrase == self.target_name.strip() else 'id'}"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A person's yes to exactly one plan, given at the review."""

    plan_id: str
    digest: str
    phrase: str = ""


def check_confirmation(plan: Plan, confirmation: Confirmation, now: datetime) -> None:
    """Raises Guarded unless `confirmation` was given to this very plan, in time and with its phrase."""
    if confirmation.plan_id != plan.id or confirmation.digest != plan.digest:
        raise Guarded("What was reviewed is not what would go.", "Nothing left. Review it again.")
    if now >= plan.expires_at:
        raise Guarded("The review is older than 10 minutes.", "Nothing left. Review it again.")
    if plan.phrase and confirmation.phrase.strip() != plan.phrase:
        raise Guarded("The name was not typed as shown.", "Nothing left. Type it exactly.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a plan. `reference` is Braze's dispatch id, or empty. Times are UTC."""

    plan_id: str
    outcome: Outcome
    reason: str
    warnings: tuple[str, ...]
    status: int | None
    reference: str
    settled_at: datetime
    elapsed_s: float
    attempts: int
