"""The Customer room: who this is, the live wallet, one offer in detail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from core.errors import InvalidInput
from core.offers import Offer
from core.reads import Pane
from core.subjects import Subject
from tui.frame import LookUp, Room
from tui.widgets.customer_card import CustomerCard
from tui.widgets.offer_detail import OfferDetail
from tui.widgets.wallet_pane import WalletPane

# SessionM publishes no rate limit; one read in twenty seconds stays far below the few calls a second seen to work.
WATCH_EVERY_S = 20


class CustomerScreen(Room):
    """Three columns where there is room, two with the detail in the card's place, one with tabs on narrow screens."""

    ROOM = "customer"
    CSS_PATH = "customer.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("T", "tag", "Tag", id="customer.tag", tooltip="Compose tags for this customer"),
        Binding("m", "message", "Message", id="customer.message", tooltip="Write a message on this wallet"),
        Binding("S", "send", "Trigger", id="customer.send", tooltip="Trigger a campaign with this offer"),
        Binding("y", "copy", "Copy", id="customer.copy", tooltip="Copy a value, path, row, curl or command line"),
        Binding(
            "i", "source", "Where from", show=False, id="customer.source", tooltip="Request and answer behind this"
        ),
    ]

    def compose_body(self) -> Iterable[Widget]:
        """Card, wallet, detail."""
        yield CustomerCard(id="card")
        yield WalletPane(id="wallet")
        yield OfferDetail(id="detail")

    def on_mount(self) -> None:
        """Countdowns move on once a second; watching reads again."""
        super().on_mount()
        self.card, self.wallet = self.query_one(CustomerCard), self.query_one(WalletPane)
        self.detail = self.query_one(OfferDetail)
        self.set_interval(1, self._tick)
        self._watch_timer = self.set_interval(WATCH_EVERY_S, self._watch, pause=True)
        self.focus_first()

    def focus_first(self) -> None:
        """The wallet once somebody is looked up, else the look-up."""
        (self.wallet.table if self.app.subject.ticket else self.query_one(LookUp)).focus()

    def subject_changed(self, subject: Subject) -> None:
        """Repaint the panes."""
        now, zone = self.app.deck.clock.now(), self.app.zone
        self.card.show(subject, now, zone)
        self.wallet.show(subject, now)
        self.detail.show(self.wallet.offer, subject, now, zone)
        if subject.ticket is not None and self.query_one(LookUp).has_focus and subject.is_loading:
            self.focus_first()

    def _tick(self) -> None:
        if not self.is_current:
            return
        now = self.app.deck.clock.now()
        self.card.tick(now)
        self.wallet.tick(now)
        self.detail.tick(now)

    @on(WalletPane.Highlighted)
    def _highlighted(self, event: WalletPane.Highlighted) -> None:
        self.detail.show(event.offer, self.app.subject, self.app.deck.clock.now(), self.app.zone)

    @on(WalletPane.Opened)
    def _opened(self) -> None:
        self.add_class("-detail")
        self.detail.focus_tab()

    @on(WalletPane.WatchToggled)
    def _toggle_watch(self) -> None:
        self.wallet.watching = not self.wallet.watching
        if self.wallet.watching:
            self._watch_timer.resume()
            self._watch()
        else:
            self._watch_timer.pause()
        self.wallet.show(self.app.subject, self.app.deck.clock.now())

    def _watch(self) -> None:
        if not self.app.subject.is_loading:
            self.app.read_again(Pane.WALLET, Pane.TAGS)

    @property
    def offer(self) -> Offer | None:
        """The offer under the cursor."""
        return self.wallet.offer

    def action_back(self) -> None:
        """From the detail to the list, from a filtered list to the whole one."""
        if self.has_class("-detail"):
            self.remove_class("-detail")
            self.wallet.table.focus()
        elif not self.wallet.clear_filter():
            self.focus_first()

    def action_tag(self) -> None:
        """Compose tags for this customer."""
        from tui.dialogs.tag_composer import TagComposer

        if self.app.subject.user_id:
            self.app.push_screen(TagComposer())
        else:
            self.app.tell(InvalidInput("There is no customer to tag.", "Look one up first."))

    def action_message(self) -> None:
        """Go to the Message room with the offer under the cursor."""
        self.app.chosen_offer = self.offer
        self.app.action_room("message")

    def action_send(self) -> None:
        """Go to the Send room with the offer under the cursor."""
        self.app.chosen_offer = self.offer
        self.app.action_room("send")
