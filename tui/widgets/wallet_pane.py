"""The wallet as a list: state, name, type, countdown; filtered, sorted, grouped; what changed is marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from core.moments import age_words
from core.offers import Offer
from core.subjects import Subject
from core.wallets import SortBy, Wallet, expiring_per_day, matching, search_text, sorted_offers
from tui import glyphs
from tui.frame import Head
from tui.theme import Inks, inks
from tui.widgets.findbar import FindBar
from tui.widgets.line_list import Found
from tui.widgets.offer_rows import COLUMNS, Row, RowPainter
from tui.widgets.pictures import expiry_strip
from tui.widgets.virtual_table import Column, Heading, VirtualTable


class GroupBy(StrEnum):
    """How the list is split under headings."""

    NOTHING = "nothing"
    GROUP = "offer group"
    CATEGORY = "category"


class WalletPane(Vertical):
    """Set `subject`; posts `Highlighted` and `Opened` with the offer."""

    DEFAULT_CSS = """
    WalletPane { background: $pane; padding: 0 2;
        & #wallet-expiry { height: 3; padding: 1 0; }
        & #wallet-keys { height: 2; padding: 1 0 0 0; color: $dim; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", show=False, id="wallet.find", tooltip="Find among the offers; !x inverts"),
    ]

    class Highlighted(Message):
        """The cursor stands on an offer (None: on none)."""

        def __init__(self, offer: Offer | None) -> None:
            super().__init__()
            self.offer = offer

    class Opened(Message):
        """An offer was opened with Enter."""

        def __init__(self, offer: Offer) -> None:
            super().__init__()
            self.offer = offer

    class WatchToggled(Message):
        """`w` was pressed."""

    class CultureWanted(Message):
        """`c` was pressed."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.sort_by, self.group_by = SortBy.EXPIRY, GroupBy.NOTHING
        self.filter_text, self.filter_inverted = "", False
        self.watching = False
        self.show_dates = False
        self.zone: tzinfo | None = None
        self._subject = Subject()
        self._now: datetime | None = None

    def compose(self) -> Iterator[Widget]:
        """Head, picture, list, keys."""
        yield Head(id="wallet-head")
        yield Static(id="wallet-expiry")
        yield FindBar(id="wallet-find")
        yield VirtualTable[Row](
            COLUMNS, paint=self._paint, key=lambda row: row.offer.key, search_text=self._text_of, id="wallet-list"
        )
        yield Static(id="wallet-keys")

    def on_resize(self) -> None:
        """Head and keys say what fits."""
        if self._now is not None:
            self.call_after_refresh(self._draw_heads)

    @property
    def table(self) -> VirtualTable[Row]:
        """The list."""
        return self.query_one("#wallet-list", VirtualTable)

    @property
    def offer(self) -> Offer | None:
        """The offer under the cursor."""
        row = self.table.current
        return row.offer if row is not None else None

    def show(self, subject: Subject, now: datetime) -> None:
        """Draw the wallet of `subject` as it stands at `now`."""
        other = subject.query != self._subject.query or subject.culture != self._subject.culture
        self._subject, self._now = subject, now
        if other and self.filter_text:
            self.filter_text = ""
        self._fill()

    def tick(self, now: datetime) -> None:
        """Move the countdowns on; rows are made again only when one changed its state."""
        if self._now is None or self._subject.wallet.value is None:
            return
        self._now = now
        rows = [row for row in self.table.rows if isinstance(row, Row)]
        if any(row.state is not row.offer.state(now) for row in rows):
            self._fill()
        else:
            self._draw_heads()
            self.table.repaint()

    def _fill(self) -> None:
        now, wallet = self._now, self._subject.wallet.value
        assert now is not None
        changes = self._subject.changes
        if wallet is None:
            self.table.rows = ()
        else:
            shown = matching(wallet.offers, self.filter_text, now, inverted=self.filter_inverted)
            gone = {offer.key for offer in changes.left}
            ordered = sorted_offers([*shown, *changes.left], self.sort_by, now)
            rows = [Row(offer, offer.state(now), self._news(offer, gone)) for offer in ordered]
            self.table.rows = self._grouped(rows, wallet)
        self.table.mark_sorted({SortBy.EXPIRY: "expires", SortBy.NAME: "name", SortBy.TYPE: "type"}.get(self.sort_by))
        self.table.empty = self._empty_words()
        self._draw_heads()

    def _news(self, offer: Offer, gone: set[str]) -> str:
        changes = self._subject.changes
        if offer.key in gone:
            return "gone"
        return "new" if offer.key in changes.appeared else "changed" if offer.key in changes.changed else ""

    def _grouped(self, rows: list[Row], wallet: Wallet) -> list[Row | Heading]:
        if self.group_by is GroupBy.NOTHING:
            return list(rows)
        name_of = wallet.group_name if self.group_by is GroupBy.GROUP else wallet.category_name
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(name_of(row.offer), []).append(row)
        listed: list[Row | Heading] = []
        for name, members in groups.items():
            listed += [Heading(name or f"no {self.group_by}", str(len(members))), *members]
        return listed

    def _empty_words(self) -> Text:
        ink, part = inks(self.app), self._subject.wallet
        if part.error is not None:
            return Text.assemble((part.error.message, ink.danger), "   ", ("^R", ink.key), (" retry", ink.dim))
        if part.loading:
            return Text("reading the wallet …", ink.faint)
        if part.value is None:
            return Text("")
        if part.value.offers:
            return Text(f"no offer matches “{self.filter_text}”   esc shows all", ink.dim)
        return Text("The wallet is empty.", ink.dim)

    def _draw_heads(self) -> None:
        ink, part, now = inks(self.app), self._subject.wallet, self._now
        left = Text.assemble(("Wallet", ink.bold), "   ")
        right = Text()
        wallet = part.value
        if wallet is not None and part.read_at is not None and now is not None:
            left.append(wallet.count_words, ink.dim)
            if not wallet.is_complete:
                left.append("  partial" if not part.loading else "  reading on", ink.warn)
            if self._subject.changes:
                left.append(f"  {self._subject.changes.words}", ink.accent)
            left.append(f" · {self._subject.culture}", ink.dim)
            if part.error is not None:
                right.append("not refreshed · ", ink.danger)
            right.append("reading …" if part.loading else age_words(now - part.read_at), ink.dim)
            if self.watching:
                sign, word = glyphs.current().dot, " watching · "
                fits = left.cell_len + right.cell_len + len(word) + 4 <= self.size.width - 4
                right = Text.assemble((sign, ink.accent), (word if fits else " ", ink.accent), right)
        self.query_one("#wallet-head", Head).show(left, right)
        self.query_one("#wallet-expiry", Static).update(self._expiry(wallet, now, ink))
        self.query_one("#wallet-keys", Static).update(self._keys(ink))

    def _expiry(self, wallet: Wallet | None, now: datetime | None, ink: Inks) -> Text:
        if wallet is None or now is None or not wallet.offers:
            return Text("")
        strip = expiry_strip(expiring_per_day(wallet.offers, now), ink)
        lead = "expiry  today " if self.size.width >= 56 else "today "
        return Text.assemble((lead, ink.dim), strip, (" 30 d", ink.dim), no_wrap=True)

    def _keys(self, ink: Inks) -> Text:
        watch = ("w", "stop watching" if self.watching else "watch")
        pairs = (("/", "find"), watch, ("b", "group"), ("s", f"sort: {self.sort_by}"), ("c", "culture"))
        line, room = Text(no_wrap=True), self.query_one("#wallet-keys").size.width or self.size.width
        for key, words in pairs:
            if line.cell_len + len(key) + len(words) + 1 <= room:
                line.append(key, ink.key).append(f" {words}   ", ink.dim)
        line.rstrip()
        return line

    def _text_of(self, row: Row) -> str:
        return search_text(row.offer, self._now) if self._now is not None else row.offer.name

    def _paint(self, row: Row, column: Column, ink: Inks, width: int) -> Text | tuple[str, Style]:
        assert self._now is not None
        return RowPainter(self._now, self.zone, self.show_dates).cell(row, column, ink, width)

    # -- what the keys do

    def action_sort(self) -> None:
        """The next order."""
        orders = list(SortBy)
        self.sort_by = orders[(orders.index(self.sort_by) + 1) % len(orders)]
        self._refill()

    def action_group(self) -> None:
        """The next grouping."""
        ways = list(GroupBy)
        self.group_by = ways[(ways.index(self.group_by) + 1) % len(ways)]
        self._refill()

    def _refill(self) -> None:
        if self._now is not None:
            self._fill()

    def action_find(self) -> None:
        """Open the find bar."""
        self.query_one(FindBar).open()

    def action_watch(self) -> None:
        """Watch, or stop watching."""
        self.post_message(self.WatchToggled())

    def action_culture(self) -> None:
        """Ask for another culture."""
        self.post_message(self.CultureWanted())

    @on(FindBar.Changed)
    def _filter(self, event: FindBar.Changed) -> None:
        event.stop()
        self.filter_text, self.filter_inverted = event.text, event.inverted
        self._refill()
        wallet = self._subject.wallet.value
        shown = sum(isinstance(row, Row) for row in self.table.rows)
        event.bar.tell(Found(shown, len(wallet.offers) if wallet else 0))

    @on(FindBar.Closed)
    def _unfilter(self, event: FindBar.Closed) -> None:
        event.stop()
        if not event.kept:
            self.clear_filter()
        self.table.focus()

    def clear_filter(self) -> bool:
        """Show every offer again; False when none was hidden."""
        was, self.filter_text = bool(self.filter_text), ""
        self._refill()
        return was

    @on(VirtualTable.Highlighted)
    def _highlighted(self, event: VirtualTable.Highlighted) -> None:
        event.stop()
        self.post_message(self.Highlighted(event.row.offer if event.row is not None else None))

    @on(VirtualTable.Chosen)
    def _chosen(self, event: VirtualTable.Chosen) -> None:
        event.stop()
        if event.row is not None:
            self.post_message(self.Opened(event.row.offer))
