"""One offer in words, as a JSON tree, and its terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from core.clean import safe
from core.jsontree import MISSING
from core.moments import age_words, ago_words, date_words, exact_span_words, span_words
from core.offers import Offer, OfferState
from core.subjects import Subject
from tui import glyphs
from tui.theme import Inks, inks
from tui.widgets.customer_card import short_id
from tui.widgets.findbar import FindPane
from tui.widgets.json_tree import JsonTree
from tui.widgets.labels import Fact, Facts, Tone

_TABS = (("words", "Details"), ("json", "JSON"), ("terms", "Terms"))
_URGENT, _SOON = timedelta(days=1), timedelta(days=3)


class OfferDetail(Vertical):
    """Set with `show()`; `[` and `]` walk through its tabs; where each figure came from stands at the foot."""

    DEFAULT_CSS = """
    OfferDetail { padding: 0 2;
        & VerticalScroll { scrollbar-size-vertical: 1; }
        & #detail-top { height: auto; }
        & #detail-tabs { height: 3; padding: 1 0; }
        & ContentSwitcher { height: 1fr; }
        & #detail-source { height: auto; padding: 1 0 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "tab(-1)", "Tab before", show=False, id="detail.before", tooltip="Tab before"),
        Binding("right_square_bracket", "tab(1)", "Next tab", show=False, id="detail.next", tooltip="Next tab"),
    ]

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._offer: Offer | None = None
        self._subject = Subject()
        self._now: datetime | None = None
        self._zone: tzinfo | None = None
        self._in_tree: Offer | None = None

    def compose(self) -> Iterator[Widget]:
        """Head, tabs, the open tab, source and actions."""
        yield Static(id="detail-top")
        yield Static(id="detail-tabs")
        with ContentSwitcher(initial="words"):
            with VerticalScroll(id="words", can_focus=True):
                yield Facts(id="detail-facts", label_width=13)
            yield FindPane(JsonTree(id="detail-tree"), id="json")
            with VerticalScroll(id="terms", can_focus=True):
                yield Static(id="detail-terms")
        yield Static(id="detail-source")

    def show(self, offer: Offer | None, subject: Subject, now: datetime, zone: tzinfo | None) -> None:
        """Another offer, or the same one read again."""
        self._offer, self._subject, self._now, self._zone = offer, subject, now, zone
        self._draw()

    def tick(self, now: datetime) -> None:
        """The countdown moves on."""
        if self._offer is not None:
            self._now = now
            self.query_one("#detail-top", Static).update(self._top(inks(self.app)))
            self.query_one("#detail-source", Static).update(self._source(inks(self.app)))

    @property
    def json_tree(self) -> JsonTree:
        """The JSON tree."""
        return self.query_one(JsonTree)

    def _draw(self) -> None:
        ink = inks(self.app)
        self.query_one("#detail-top", Static).update(self._top(ink))
        self.query_one("#detail-tabs", Static).update(self._tabs(ink))
        self.query_one("#detail-source", Static).update(self._source(ink))
        self.query_one("#detail-facts", Facts).facts = self._facts(ink)
        terms = self._offer.terms if self._offer else ""
        self.query_one("#detail-terms", Static).update(Text(terms or "no terms given", ink.ink if terms else ink.faint))
        self._fill_tree()

    def _fill_tree(self) -> None:
        # A tree nobody looks at is not built.
        if self.query_one(ContentSwitcher).current == "json" and self._offer is not self._in_tree:
            self._in_tree = self._offer
            self.json_tree.value = self._offer.raw if self._offer is not None else MISSING

    def _top(self, ink: Inks) -> Text:
        offer, now = self._offer, self._now
        if offer is None or now is None:
            return Text("")
        text = Text.assemble((offer.name or "no name", ink.bold), "\n", self._state_line(offer, now, ink))
        return text.append(f"\n\n{offer.description}", ink.ink) if offer.description else text

    def _state_line(self, offer: Offer, now: datetime, ink: Inks) -> Text:
        signs, state, last = glyphs.current(), offer.state(now), offer.last_moment
        when = f"   {date_words(last, self._zone, now)}" if last is not None else ""
        if state is OfferState.REDEEMED and offer.redeemed_at is not None:
            return Text(f"{signs.dot} redeemed {ago_words(offer.redeemed_at, now)}", ink.dim)
        if state is OfferState.EXPIRED and last is not None:
            return Text.assemble((f"{signs.cross} expired {ago_words(last, now)}", ink.danger), (when, ink.dim))
        if state is OfferState.WAITING and offer.first_moment is not None:
            begins = date_words(offer.first_moment, self._zone, now)
            return Text.assemble(
                (f"{signs.ring} starts {ago_words(offer.first_moment, now)}", ink.ink), (f"   {begins}", ink.dim)
            )
        sign, word = (signs.warn, "not redeemable · ") if state is OfferState.BLOCKED else (signs.check, "")
        if last is None:
            return Text.assemble((f"{sign} {word}never expires", ink.ok if not word else ink.warn))
        left = last - now
        style = ink.danger if left < _URGENT else ink.warn if left < _SOON or word else ink.ok
        sign = signs.clock if left < _URGENT and not word else sign
        span = span_words(left) if left < _SOON else exact_span_words(left)
        return Text.assemble((f"{sign} {word}{span} left", style + ink.strong), (when, ink.dim))

    def _tabs(self, ink: Inks) -> Text:
        current, line = self.query_one(ContentSwitcher).current, Text(no_wrap=True)
        if self._offer is None:
            return line
        for key, name in _TABS:
            line.append(name, ink.accent + ink.strong + ink.underline if key == current else ink.dim).append("     ")
        return line

    def _facts(self, ink: Inks) -> list[Fact]:
        offer, now, wallet = self._offer, self._now, self._subject.wallet.value
        if offer is None or now is None:
            return []
        room = max(12, self.size.width - 20)
        group = wallet.group_name(offer) if wallet else ""
        category = wallet.category_name(offer) if wallet else ""
        redeemable = {True: "yes", False: "no", None: glyphs.current().dash}[offer.is_redeemable]
        return [
            _fact("type", offer.type),
            _fact("offer id", short_id(offer.offer_id, room)),
            _fact("root id", short_id(offer.root_offer_id, room)),
            _fact("user offer id", short_id(offer.id, room)),
            _fact("POS discount", offer.pos_discount_id),
            self._moment("issued", offer, "acquire_date", offer.acquired_at, with_age=True),
            self._moment("redeem from", offer, "redemption_start_date", offer.redemption_starts_at),
            self._moment("redeem until", offer, "redemption_end_date", offer.redemption_ends_at),
            self._moment("expires", offer, "expiration_date", offer.expires_at),
            self._moment("redeemed", offer, "redeem_date", offer.redeemed_at, with_age=True),
            Fact("redeemable", redeemable),
            _fact("group", group),
            _fact("category", category),
        ]

    def _moment(self, label: str, offer: Offer, key: str, moment: datetime | None, *, with_age: bool = False) -> Fact:
        """A date; null, absent and unreadable look different."""
        assert self._now is not None
        if moment is not None:
            age = f"· {ago_words(moment, self._now)}" if with_age and self.size.width >= 44 else ""
            return Fact(label, date_words(moment, self._zone, self._now), age)
        if key not in offer.raw:
            return Fact(label, glyphs.current().dash, tone=Tone.FAINT)
        raw = offer.raw[key]
        if raw is None:
            return Fact(label, glyphs.current().null, tone=Tone.FAINT)
        return Fact(label, safe(str(raw)) or '""', "not a date", tone=Tone.WARN)

    def _source(self, ink: Inks) -> Text:
        offer, part, now = self._offer, self._subject.wallet, self._now
        if offer is None or now is None or part.read_at is None:
            return Text("")
        crumb = glyphs.current().crumb
        text = Text(f"get_user_offers {crumb} payload.user_offers[{offer.index}]\n", ink.faint)
        text.append(f"read {age_words(now - part.read_at)}\n\n".replace(" old", " ago"), ink.faint)
        if self.size.height < 30:
            # Short screens keep the room for the facts; the same keys stand in the footer.
            text.rstrip()
            return text
        actions = (("m", "message with this offer"), ("T", "tag this customer"), ("S", "trigger with this offer"))
        for key, words in actions:
            text.append(f"{key}  ", ink.key).append(f"{words}\n", ink.dim)
        text.append("y", ink.key).append("  copy    ", ink.dim)
        return text.append("i", ink.key).append("  where from", ink.dim)

    def on_resize(self) -> None:
        """What is left out on short screens depends on the height."""
        self._draw()

    def open_tab(self, name: str) -> None:
        """Show one of the tabs `words`, `json`, `terms`."""
        self.query_one(ContentSwitcher).current = name
        self._draw()

    def action_tab(self, step: int) -> None:
        """The tab beside this one; the focus follows."""
        names = [name for name, _ in _TABS]
        current = self.query_one(ContentSwitcher).current or names[0]
        self.open_tab(names[(names.index(current) + step) % len(names)])
        if self.screen.focused in self.walk_children():
            self.focus_tab()

    def focus_tab(self) -> None:
        """Focus what the open tab shows."""
        current = self.query_one(ContentSwitcher).current
        (self.json_tree if current == "json" else self.query_one(f"#{current}")).focus()

    @on(JsonTree.Highlighted)
    def _tree_moved(self, event: JsonTree.Highlighted) -> None:
        event.stop()


def _fact(label: str, value: str) -> Fact:
    return Fact(label, value) if value else Fact(label, glyphs.current().dash, tone=Tone.FAINT)
