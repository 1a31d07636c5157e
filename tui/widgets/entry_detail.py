"""One entry of the ledger: what became of it, the request as HTTP, the answer that was kept, curl."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from core.clean import safe, safe_lines, shown_json
from core.entries import call_of
from core.ledger import Entry, EntryState
from core.moments import ago_words, date_words
from core.strictjson import exact_json
from core.verifying import Finding
from tui import glyphs
from tui.theme import Inks, inks
from tui.widgets.customer_card import short_id
from tui.widgets.labels import Fact, Facts, Mark, Tone
from tui.widgets.ledger_list import outcome_sign, target_words

TABS = (("facts", "Details"), ("request", "Request"), ("answer", "Answer"), ("curl", "curl"))


class EntryDetail(Vertical):
    """Set with `show()`; `[` and `]` walk through its tabs."""

    DEFAULT_CSS = """
    EntryDetail { padding: 0 2;
        & #entry-top { height: auto; }
        & #entry-tabs { height: 3; padding: 1 0; }
        & ContentSwitcher { height: 1fr; }
        & VerticalScroll { scrollbar-size-vertical: 1; }
        & #entry-keys { height: auto; max-height: 6; padding: 1 0 0 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "tab(-1)", "Tab before", show=False, id="entry.before", tooltip="Tab before"),
        Binding("right_square_bracket", "tab(1)", "Next tab", show=False, id="entry.next", tooltip="Next tab"),
    ]

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.entry: Entry | None = None
        self._finding: Finding | None = None
        self._now: datetime | None = None
        self._zone: tzinfo | None = None

    def compose(self) -> Iterator[Widget]:
        """Head, tabs, the open tab, what can be done."""
        yield Static(id="entry-top")
        yield Static(id="entry-tabs")
        with ContentSwitcher(initial="facts"):
            with VerticalScroll(id="facts", can_focus=True):
                yield Facts(id="entry-facts", label_width=11)
            for name in ("request", "answer", "curl"):
                with VerticalScroll(id=name, can_focus=True):
                    yield Static(id=f"entry-{name}", markup=False)
        yield Static(id="entry-keys")

    def show(self, entry: Entry | None, now: datetime, zone: tzinfo | None, finding: Finding | None = None) -> None:
        """Another entry, the same one in another state, or what verifying found."""
        other = entry is None or self.entry is None or entry.id != self.entry.id
        self.entry, self._now, self._zone, self._finding = entry, now, zone, finding
        ink = inks(self.app)
        self.query_one("#entry-top", Static).update(self._top(ink))
        self.query_one("#entry-tabs", Static).update(self._tabs(ink))
        self.query_one("#entry-keys", Static).update(self._keys(ink))
        self.query_one("#entry-facts", Facts).facts = self._facts(ink)
        self.query_one("#entry-request", Static).update(request_text(entry, ink) if entry else Text())
        self.query_one("#entry-answer", Static).update(answer_text(entry, ink) if entry else Text())
        self.query_one("#entry-curl", Static).update(curl_text(entry, ink) if entry else Text())
        if other:
            for scroll in self.query(VerticalScroll):
                scroll.scroll_home(animate=False)

    def _top(self, ink: Inks) -> Text:
        entry, now = self.entry, self._now
        if entry is None or now is None:
            return Text()
        sign, style = outcome_sign(entry, ink)
        text = Text.assemble((target_words(entry), ink.bold), "\n", (f"{sign} {entry.state.words}", style + ink.strong))
        text.append(f"   {date_words(entry.created_at, self._zone, now)}", ink.dim)
        if entry.marked_by_person:
            text.append("\n* a person said so; the outcome was unknown", ink.warn)
        if entry.reason:
            text.append("\n\n").append(safe(entry.reason), ink.ink)
        for warning in entry.warnings:
            text.append(f"\n{glyphs.current().warn} {safe(warning)}", ink.warn)
        if self._finding is not None:
            text.append("\n\n").append_text(finding_text(self._finding, ink))
        return text

    def _tabs(self, ink: Inks) -> Text:
        current, line = self.query_one(ContentSwitcher).current, Text(no_wrap=True)
        if self.entry is None:
            return line
        for key, name in TABS:
            line.append(name, ink.accent + ink.strong + ink.underline if key == current else ink.dim).append("    ")
        return line

    def _keys(self, ink: Inks) -> Text:
        entry = self.entry
        if entry is None:
            return Text()
        text = Text()
        if entry.state is EntryState.UNKNOWN:
            looks = "in SessionM" if entry.kind.value == "tag" else "in Braze"
            text.append("V  ", ink.key).append(f"verify: look for a trace {looks}\n", ink.dim)
            text.append("M  ", ink.key).append("mark as accepted or not sent, yourself\n", ink.dim)
        if entry.settled_at is not None:
            text.append("R  ", ink.key).append("send again, through the review\n", ink.dim)
        return text.append("y  ", ink.key).append("copy   ", ink.dim).append("[ ]  ", ink.key).append("tabs", ink.dim)

    def _facts(self, ink: Inks) -> list[Fact]:
        entry, now = self.entry, self._now
        if entry is None or now is None:
            return []
        room = max(12, self.size.width - 18)
        host = entry.base_url.split("://", 1)[-1]
        settled = date_words(entry.settled_at, self._zone, now) if entry.settled_at else ""
        took = f"{entry.elapsed_s * 1000:.0f} ms" if entry.elapsed_s else ""
        facts = [
            Fact("kind", entry.kind.value),
            _fact("id", short_id(entry.target_id, room)),
            *self._people(entry, room),
            _fact("dispatch id", short_id(entry.reference, room)),
            Fact("left", f"{date_words(entry.created_at, self._zone, now)} · {ago_words(entry.created_at, now)}"),
            _fact("settled", f"{settled} · {took}" if took else settled),
            _fact("status", str(entry.status) if entry.status is not None else ""),
            Fact("attempts", str(entry.attempts)),
            Fact("profile", f"{safe(entry.profile)} · {entry.environment}"),
            Fact("service", f"{entry.service.label} · {safe(host)}"),
            Fact("endpoint", entry.endpoint),
            Fact("entry", short_id(entry.id, room)),
            Fact("sha-256", short_id(entry.digest, room), tone=Tone.DIM),
        ]
        if entry.state is EntryState.UNKNOWN:
            facts.insert(0, Fact("outcome", "may have been accepted", mark=Mark.WARN, tone=Tone.WARN))
        return facts

    def _people(self, entry: Entry, room: int) -> list[Fact]:
        people = entry.recipients
        if len(people) <= 1:
            return [_fact("to", short_id(people[0], room) if people else "")]
        shown = [short_id(person, room) for person in (*people[:3], *(people[-1:] if len(people) > 3 else ()))]
        between = f"\n{glyphs.current().ellipsis} {len(people) - 4} more" if len(people) > 4 else ""
        return [Fact("to", f"{len(people)} people"), Fact("", "\n".join(shown[:3]) + between + _last(shown))]

    @property
    def tab(self) -> str:
        """The open tab."""
        return self.query_one(ContentSwitcher).current or TABS[0][0]

    def action_tab(self, step: int) -> None:
        """The tab beside this one; the focus follows when it was inside."""
        names = [name for name, _ in TABS]
        was_inside = self.has_focus_within
        self.query_one(ContentSwitcher).current = names[(names.index(self.tab) + step) % len(names)]
        self.query_one("#entry-tabs", Static).update(self._tabs(inks(self.app)))
        if was_inside:
            self.focus_tab()

    def focus_tab(self) -> None:
        """Focus what the open tab shows."""
        self.query_one(f"#{self.tab}").focus()


def _last(shown: list[str]) -> str:
    return f"\n{shown[3]}" if len(shown) > 3 else ""


def _fact(label: str, value: str) -> Fact:
    return Fact(label, value) if value else Fact(label, glyphs.current().dash, tone=Tone.FAINT)


def finding_text(finding: Finding, ink: Inks) -> Text:
    """What verifying found, in words."""
    sign, style = (glyphs.current().check, ink.ok) if finding.proved else (glyphs.current().ring, ink.warn)
    text = Text.assemble((f"{sign} {finding.words}", style))
    for line in finding.seen:
        text.append(f"\n{safe(line)}", ink.dim)
    return text


def request_text(entry: Entry, ink: Inks) -> Text:
    """The request as HTTP, placeholders for secrets, its JSON laid out to be read."""
    call = call_of(entry)
    text = Text.assemble((entry.method, ink.key), " ", (safe(call.target), ink.bright), (" HTTP/1.1", ink.faint))
    text.append("\nHost: ", ink.dim).append(safe(entry.base_url.split("://", 1)[-1]), ink.ink)
    for name, value in call.headers:
        text.append(f"\n{name}: ", ink.dim).append(value, ink.ink)
    return text.append("\n\n").append(pretty(entry.body), ink.ink)


def answer_text(entry: Entry, ink: Inks) -> Text:
    """What was kept of the answer, at most 4 kB; or why there is none."""
    if not entry.answer_body:
        reason = "No answer yet." if entry.settled_at is None else "No answer was kept."
        return Text(reason, ink.dim)
    text = Text(f"{entry.status}\n\n" if entry.status is not None else "", ink.dim)
    return text.append(pretty(entry.answer_body), ink.ink)


def curl_text(entry: Entry, ink: Inks) -> Text:
    """The curl line; secrets are shell variables."""
    line = Text(safe_lines(call_of(entry).curl(entry.base_url)), ink.ink)
    return line.append("\n\nSecrets stand as variables. Running it sends again.", ink.faint)


def pretty(body: str) -> str:
    """JSON indented, anything else as it is; fit to show."""
    try:
        return shown_json(exact_json(body), indent=2)
    except (ValueError, RecursionError):
        return safe_lines(body)
