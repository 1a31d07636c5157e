"""Which offer of the wallet a message is about."""

from __future__ import annotations

from datetime import datetime

from core.moments import span_words
from core.offers import Offer, OfferState
from core.wallets import SortBy, sorted_offers
from tui.dialogs.picker import Pick, Picker


class ChooseOffer(Picker[Offer]):
    """Gives the offer chosen."""

    HEADING = "The offer whose properties the message has"

    def on_mount(self) -> None:
        """What runs out first stands first, as in the wallet."""
        now, wallet = self.app.deck.clock.now(), self.app.subject.wallet.value
        offers = sorted_offers(wallet.offers, SortBy.EXPIRY, now) if wallet is not None else []
        self.picks = [Pick(offer.key, offer.name or offer.key, _note(offer, now), "", offer) for offer in offers]
        if not offers:
            self.say("There is no offer: no wallet is read, or it is empty.")


def _note(offer: Offer, now: datetime) -> str:
    state, left = offer.state(now), offer.remaining(now)
    if state in (OfferState.ISSUED, OfferState.BLOCKED):
        return f"{span_words(left)} left" if left is not None else "never expires"
    return str(state)
