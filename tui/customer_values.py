"""What the Customer room has under the cursor: to copy, to see whole, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.copies import (
    CUSTOMER_COLUMNS,
    customer_row,
    json_text,
    markdown_table,
    offer_markdown,
    offer_row,
    tags_command,
    tsv,
    wallet_command,
)
from core.jsontree import Node, jq_text, path_text
from core.moments import age_words
from core.offers import Offer
from core.profiles import Profile
from core.sources import Source, customer_sources, wallet_source
from core.subjects import Subject
from tui.copying import Copyable


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands: on a node of an offer's JSON, on an offer, or on the card when neither."""

    subject: Subject
    profile: Profile
    now: datetime
    offer: Offer | None = None
    node: Node | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The reads behind it."""
        user_id, culture = self.subject.user_id, self.subject.culture
        if self.offer is None:
            return customer_sources(self.profile, user_id, culture)
        inner = self.node.path if self.node is not None else ()
        return (wallet_source(self.profile, user_id, culture, self.offer, inner),)

    @property
    def age(self) -> str:
        """How long ago it was read: `read 4 s ago`."""
        part = self.subject.customer if self.offer is None else self.subject.wallet
        if part.read_at is None:
            return "not read yet"
        return f"read {age_words(self.now - part.read_at)}".replace(" old", " ago")

    @property
    def value(self) -> tuple[str, str]:
        """The whole value: what it is called, and its text."""
        if self.node is not None:
            return path_text(self.node.path) or "offer", json_text(self.node.value)
        if self.offer is not None:
            return self.offer.name or "offer", json_text(dict(self.offer.raw))
        customer = self.subject.customer.value
        return self.subject.name, json_text(dict(customer.document)) if customer is not None else ""

    @property
    def copyables(self) -> list[Copyable]:
        """What `y` offers."""
        return self._of_offer(self.offer) if self.offer is not None else self._of_customer()

    def _of_offer(self, offer: Offer) -> list[Copyable]:
        source = self.sources[0]
        found = [Copyable("v", "value", self.value[1]), Copyable("p", "JSON path", source.path)]
        if self.node is not None:
            found.append(Copyable("q", "jq filter", jq_text(self.node.path)))
        return [
            *found,
            Copyable("r", "row (TSV)", tsv(offer_row(offer, self.now))),
            Copyable("u", "curl", source.curl),
            Copyable("l", "command line", self._wallet_command()),
            Copyable("m", "Markdown", offer_markdown(offer, self.now)),
            Copyable("o", "offer id", offer.offer_id, "" if offer.offer_id else "it has none"),
            Copyable("i", "user offer id", offer.id, "" if offer.id else "it has none"),
        ]

    def _of_customer(self) -> list[Copyable]:
        customer = self.subject.customer.value
        if customer is None:
            return []
        source = self.sources[0]
        return [
            Copyable("v", "value", self.value[1]),
            Copyable("i", "SessionM id", customer.user_id),
            Copyable("e", "email", customer.email, "" if customer.email else "there is none"),
            Copyable("p", "JSON path", source.path),
            Copyable("r", "row (TSV)", tsv(customer_row(customer))),
            Copyable("u", "curl", source.curl),
            Copyable("l", "command line", self._wallet_command()),
            Copyable("t", "tags command line", tags_command(customer.user_id, self.profile.name)),
            Copyable("m", "Markdown", markdown_table(CUSTOMER_COLUMNS, [customer_row(customer)])),
        ]

    def _wallet_command(self) -> str:
        culture = self.subject.culture if self.subject.culture != self.profile.culture else ""
        return wallet_command(self.subject.user_id, self.profile.name, culture)
