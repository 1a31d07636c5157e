"""The Customer room: who this is, the live wallet, one offer in detail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from core.errors import InvalidInput
from core.moments import span_words
from core.offers import Offer
from core.reads import Pane
from core.subjects import Subject
from core.walletdiff import wallet_changes
from tui.copying import Copyable
from tui.customer_values import Standing
from tui.frame import LookUp, Room
from tui.widgets.customer_card import CustomerCard
from tui.widgets.offer_detail import OfferDetail
from tui.widgets.wallet_pane import WalletPane

# SessionM publishes no rate limit; one read in twenty seconds stays far below the few calls a second seen to work.
WATCH_EVERY_S = 20
# What the line below the wallet names, the keys of its find bar apart: they work whichever pane has the focus.
WALLET_KEYS = (
    ("s", "sort", "Next order: expiry, name, type, issued"),
    ("b", "group", "Group by offer group or category"),
    ("w", "watch", "Read again every 20 s, mark changes"),
    ("c", "culture", "Read the texts in another culture"),
)


class CustomerScreen(Room):
    """Three columns where there is room, two with the detail in the card's place, one with tabs on narrow screens."""

    ROOM = "customer"
    CSS_PATH = "customer.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("T", "tag", "Tag", id="customer.tag", tooltip="Compose tags for this customer"),
        Binding("m", "message", "Message", id="customer.message", tooltip="Write a message on this wallet"),
        Binding("S", "send", "Trigger", id="customer.send", tooltip="Trigger a campaign with this offer"),
        Binding("y", "app.copy_menu", "Copy", id="customer.copy", tooltip="Copy value, path, row, curl, command line"),
        Binding("v", "value", "Value", show=False, id="customer.value", tooltip="The whole value, however long"),
        Binding("i", "source", "Where from", show=False, id="customer.source", tooltip="The request that read this"),
        Binding("D", "changes", "Changed", show=False, id="customer.changes", tooltip="What the last read changed"),
        Binding(
            "left_square_bracket", "pane(-1)", "Pane before", show=False, id="customer.before", tooltip="Card side"
        ),
        Binding("right_square_bracket", "pane(1)", "Next pane", show=False, id="customer.next", tooltip="Detail side"),
        Binding("t", "times", "Times", show=False, id="customer.times", tooltip="Time left, or dates"),
        *(
            Binding(key, f"wallet('{act}')", act.capitalize(), show=False, id=f"wallet.{act}", tooltip=tooltip)
            for key, act, tooltip in WALLET_KEYS
        ),
    ]

    def compose_body(self) -> Iterable[Widget]:
        """Card, wallet, detail."""
        yield CustomerCard(id="card")
        yield WalletPane(id="wallet")
        yield OfferDetail(id="detail")

    def on_mount(self) -> None:
        """Countdowns move on once a second; watching reads again."""
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

    def action_pane(self, step: int) -> None:
        """Card, wallet, detail: the one beside the one in view, where there is room for one or two only."""
        if self.has_class("-card"):
            self.remove_class("-card")
            if step > 0:
                self.wallet.table.focus()
        elif step < 0:
            self.set_class(self.has_class("-narrow"), "-card")
            self.card.focus()
        else:
            self._opened()

    def action_back(self) -> None:
        """From the detail or card to the list, from a filtered list to the whole one."""
        self.remove_class("-card")
        if self.has_class("-full"):
            self.app.action_full()
        elif self.has_class("-detail"):
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

    @property
    def standing(self) -> Standing | None:
        """What the cursor stands on; None while no customer is known."""
        subject, desk = self.app.subject, self.app.desk
        if desk is None or not subject.user_id:
            return None
        now, tree = self.app.deck.clock.now(), self.detail.json_tree
        if self.card.has_focus_within:
            return Standing(subject, desk.profile, now)
        return Standing(subject, desk.profile, now, self.offer, tree.current_node if tree.has_focus else None)

    def copyables(self) -> list[Copyable]:
        """What `y` offers."""
        return self.standing.copyables if self.standing is not None else []

    def action_value(self) -> None:
        """The whole value under the cursor."""
        from tui.dialogs.value import ValueDialog

        if self.standing is not None:
            self.app.push_screen(ValueDialog(*self.standing.value))

    def action_source(self) -> None:
        """The request behind what is under the cursor."""
        from tui.dialogs.source import SourceDialog

        standing = self.standing
        if standing is not None:
            self.app.push_screen(SourceDialog(standing.sources, standing.age))

    def action_changes(self) -> None:
        """What the last read of the wallet changed."""
        from tui.dialogs.changes import ChangesDialog

        subject = self.app.subject
        before, after = subject.earlier_wallet, subject.wallet.value
        if before is None or after is None:
            self.app.say("There is no earlier read to compare with.", "^R reads again, w watches.")
            return
        found = wallet_changes(before, after, subject.changes)
        span = span_words(after.read_at - before.read_at)
        self.app.push_screen(ChangesDialog(found, f"{span} apart · {after.count_words} offers"))

    def action_times(self) -> None:
        """Countdowns, or the dates they lead to."""
        self.wallet.show_dates = not self.wallet.show_dates
        self.wallet.zone = self.app.zone
        self.subject_changed(self.app.subject)

    async def action_wallet(self, act: str) -> None:
        """What the wallet's line of keys names, whichever pane has the focus; the wallet comes into view for it."""
        if not self.wallet.display:
            self.remove_class("-card", "-detail")
            self.wallet.table.focus()
        await self.wallet.run_action(act)

    @on(WalletPane.CultureWanted)
    def _culture(self) -> None:
        from tui.dialogs.culture import CultureDialog

        self.app.push_screen(CultureDialog(self.app.subject.culture), self._read_in)

    def _read_in(self, culture: str | None) -> None:
        if culture is not None and culture != self.app.subject.culture:
            self.app.read_again(Pane.WALLET, culture=culture)
