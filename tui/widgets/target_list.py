"""Campaigns and Canvases as Braze lists them: searched, highlighted, or named by a typed id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from core.clean import safe
from core.errors import OfferdeckError
from core.moments import span_words
from core.sends import Target, TargetKind
from tui import glyphs
from tui.frame import Head
from tui.theme import Inks, inks
from tui.widgets.customer_card import short_id
from tui.widgets.findbar import FindBar
from tui.widgets.labels import Fact, Facts, Tone
from tui.widgets.line_list import Found
from tui.widgets.virtual_table import Column, VirtualTable

COLUMNS = (
    Column("name", "name", None, min_width=16),
    Column("tags", "tags", 14, drop_order=1),
    Column("edited", "edited", 6, align="right", drop_order=2),
    Column("state", "state", 10, drop_order=3),
)
_NAMES = {TargetKind.CAMPAIGN: "Campaigns", TargetKind.CANVAS: "Canvases"}


@dataclass(frozen=True, slots=True)
class Listing:
    """What is known of one kind: the list so far, whether more comes, why not; details by id, or why they failed."""

    targets: tuple[Target, ...] = ()
    loading: bool = False
    error: OfferdeckError | None = None
    details: Mapping[str, Target] = field(default_factory=dict)
    failures: Mapping[str, OfferdeckError] = field(default_factory=dict)

    def known(self, target: Target) -> Target:
        """The target with its details where they were read."""
        return self.details.get(target.id, target)


class TargetList(Vertical):
    """Set with `show()`; posts `KindWanted`, `Highlighted`, `Opened` and `IdTyped`."""

    DEFAULT_CSS = """
    TargetList {
        & #targets-tabs { height: 2; }
        & #targets-id { display: none; height: 1; border: none; padding: 0 1; background: $bar; color: $bright;
            &.-open { display: block; }
            &:focus { background: $cursor; border: none; }
        }
        & #targets-facts { height: auto; margin-top: 1; }
        & #targets-keys { height: 2; padding: 1 0 0 0; color: $dim; }
        &.-short { & #targets-tabs { height: 1; } & #targets-keys { display: none; } }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "find", "Find", id="targets.find", tooltip="Find by name, tag or id; !x inverts"),
        Binding("f9,number_sign", "type_id", "Id", id="targets.id", tooltip="Type the id of one that is not listed"),
        Binding("left_square_bracket", "kind", show=False, id="targets.before", tooltip="Campaigns or Canvases"),
        Binding("right_square_bracket", "kind", show=False, id="targets.next", tooltip="Campaigns or Canvases"),
    ]

    class KindWanted(Message):
        """The other kind is to be shown."""

        def __init__(self, kind: TargetKind) -> None:
            super().__init__()
            self.kind = kind

    class Highlighted(Message):
        """The cursor stands on a target (None: on none)."""

        def __init__(self, target: Target | None) -> None:
            super().__init__()
            self.target = target

        def can_replace(self, message: Message) -> bool:
            """Only the newest place of the cursor matters."""
            return isinstance(message, TargetList.Highlighted)

    class Opened(Message):
        """A target was chosen with Enter."""

    class IdTyped(Message):
        """An id was typed."""

        def __init__(self, kind: TargetKind, target_id: str) -> None:
            super().__init__()
            self.kind = kind
            self.target_id = target_id

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.kind = TargetKind.CAMPAIGN
        self._listing = Listing()
        self._now: datetime | None = None
        self._filter: tuple[str, bool] = ("", False)

    def compose(self) -> Iterator[Widget]:
        """Head, tabs, list, what is known of the one under the cursor."""
        yield Head(id="targets-head")
        yield Static(id="targets-tabs")
        yield FindBar(id="targets-find")
        yield Input(placeholder="an id as Braze shows it", id="targets-id", compact=True)
        yield VirtualTable[Target](
            COLUMNS, paint=self._paint, key=lambda target: target.id, search_text=_search_text, id="targets-list"
        )
        yield Facts(label_width=8, id="targets-facts")
        yield Static(id="targets-keys")

    def on_resize(self) -> None:
        """On short screens air gives way."""
        self.set_class(self.size.height < 24, "-short")

    @property
    def table(self) -> VirtualTable[Target]:
        """The list."""
        return self.query_one("#targets-list", VirtualTable)

    @property
    def target(self) -> Target | None:
        """The one under the cursor, with its details where they were read."""
        current = self.table.current
        return self._listing.known(current) if current is not None else None

    def show(self, kind: TargetKind, listing: Listing, now: datetime) -> None:
        """Draw one kind as far as it is known."""
        if kind is not self.kind:
            self._filter = ("", False)
            self.query_one(FindBar).close()
        self.kind, self._listing, self._now = kind, listing, now
        self._fill()

    def _fill(self) -> None:
        text, inverted = self._filter
        needle = text.casefold()
        targets = [
            target
            for target in map(self._listing.known, self._listing.targets)
            if not needle or (needle in _search_text(target).casefold()) is not inverted
        ]
        self.table.rows = targets
        self.table.empty = self._empty_words()
        self._draw()

    def _draw(self) -> None:
        ink, listing = inks(self.app), self._listing
        count = len(listing.targets)
        shown = f"{len(self.table.rows)} of {count}" if len(self.table.rows) != count else f"{count}"
        words = Text.assemble(("Trigger", ink.bold), (f"   {shown}{' so far' if listing.loading else ''}", ink.dim))
        right = Text("reading …", ink.dim) if listing.loading else Text()
        if listing.error is not None:
            what = "not all read  " if count else "not read  "
            right = Text.assemble((what, ink.danger), ("^R", ink.key), (" retry", ink.dim))
        self.query_one("#targets-head", Head).show(words, right)
        tabs = Text(no_wrap=True)
        for kind, name in _NAMES.items():
            tabs.append(name, ink.accent + ink.strong + ink.underline if kind is self.kind else ink.dim).append("    ")
        self.query_one("#targets-tabs", Static).update(tabs.append("[ ]", ink.faint))
        self.query_one("#targets-facts", Facts).facts = self._facts(ink)
        keys = Text(no_wrap=True, overflow="ellipsis")
        for key, name in (("/", "find"), ("#", "type an id"), ("⏎", "choose")):
            keys.append(key, ink.key).append(f" {name}   ", ink.dim)
        self.query_one("#targets-keys", Static).update(keys)

    def _empty_words(self) -> Text:
        ink, listing = inks(self.app), self._listing
        if listing.error is not None:
            return Text("not read", ink.danger)
        if listing.loading:
            return Text("reading …", ink.faint)
        if listing.targets:
            return Text(f"nothing matches “{self._filter[0]}”   esc shows all", ink.dim)
        return Text(f"Braze lists no {_NAMES[self.kind]}.", ink.dim)

    def _facts(self, ink: Inks) -> list[Fact]:
        target, error = self.target, self._listing.error
        failed = [Fact("list", f"{error.message} {error.hint}".strip(), tone=Tone.DANGER)] if error is not None else []
        if target is None:
            return failed
        facts = [
            Fact("name", Text.assemble((target.name or "not known yet", ink.bold))),
            Fact("id", short_id(target.id, max(12, self.size.width - 14))),
        ]
        if target.channels:
            facts.append(Fact("channels", ", ".join(target.channels)))
        if (error := self._listing.failures.get(target.id)) is not None:
            facts.append(Fact("details", error.message, tone=Tone.DANGER))
        if target.schedule_type:
            facts.append(Fact("delivery", target.schedule_type.replace("_", " ")))
        return facts + failed

    def _paint(self, target: Target, column: Column, ink: Inks, width: int) -> Text | tuple[str, Style]:
        if column.key == "name":
            dimmed = target.archived or target.draft or target.enabled is False
            return target.name or safe(target.id), ink.dim if dimmed else ink.ink
        if column.key == "tags":
            return ", ".join(target.tags), ink.faint
        if column.key == "edited":
            return _age(target.last_edited, self._now), ink.dim
        return state_text(target, ink)

    # -- what the keys do

    def action_find(self) -> None:
        """Open the find bar."""
        self.query_one(FindBar).open()

    def action_kind(self) -> None:
        """Campaigns or Canvases."""
        self.post_message(self.KindWanted(_other(self.kind)))

    def action_type_id(self) -> None:
        """Open the field for an id."""
        field_ = self.query_one("#targets-id", Input)
        field_.add_class("-open")
        field_.focus()

    def back(self) -> bool:
        """Close the field for an id, else show every target again; False when there was nothing to close."""
        field_ = self.query_one("#targets-id", Input)
        if field_.has_class("-open"):
            field_.remove_class("-open")
            self.table.focus()
            return True
        was, self._filter = bool(self._filter[0]), ("", False)
        if was:
            self._fill()
        return was

    @on(Input.Submitted, "#targets-id")
    def _id_typed(self, event: Input.Submitted) -> None:
        event.stop()
        if target_id := event.value.strip():
            self.back()
            self.post_message(self.IdTyped(self.kind, target_id))

    @on(Input.Changed, "#targets-id")
    def _id_changing(self, event: Input.Changed) -> None:
        event.stop()

    @on(FindBar.Changed)
    def _filtered(self, event: FindBar.Changed) -> None:
        event.stop()
        self._filter = (event.text, event.inverted)
        self._fill()
        event.bar.tell(Found(len(self.table.rows), len(self._listing.targets)))

    @on(FindBar.Closed)
    def _find_closed(self, event: FindBar.Closed) -> None:
        event.stop()
        if not event.kept:
            self._filter = ("", False)
            self._fill()
        self.table.focus()

    @on(VirtualTable.Highlighted)
    def _moved(self, event: VirtualTable.Highlighted) -> None:
        event.stop()
        self._draw()
        self.post_message(self.Highlighted(self.target))

    @on(VirtualTable.Chosen)
    def _chosen(self, event: VirtualTable.Chosen) -> None:
        event.stop()
        self.post_message(self.Opened())


def state_text(target: Target, ink: Inks) -> tuple[str, Style]:
    """The state as sign and word; nothing while it is not read."""
    signs = glyphs.current()
    return {
        "enabled": (f"{signs.check} enabled", ink.ok),
        "stopped": (f"{signs.ring} stopped", ink.warn),
        "draft": (f"{signs.middle} draft", ink.warn),
        "archived": (f"{signs.cross} archived", ink.faint),
        "": (signs.ellipsis, ink.faint),
    }[target.state_words]


def _other(kind: TargetKind) -> TargetKind:
    return TargetKind.CANVAS if kind is TargetKind.CAMPAIGN else TargetKind.CAMPAIGN


def _age(moment: datetime | None, now: datetime | None) -> str:
    if moment is None or now is None:
        return glyphs.current().dash
    return " ".join(span_words(now - moment).split(" ")[:2])


def _search_text(target: Target) -> str:
    return "\n".join((target.name, *target.tags, target.id, target.state_words))
