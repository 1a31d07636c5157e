"""The frame every room shares: the bar at the top, the rooms and the look-up, the keys at the bottom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from tui import glyphs
from tui.theme import inks

if TYPE_CHECKING:
    from core.calls import Service
    from core.desk import Desk
    from core.subjects import Subject
    from tui.app import OfferdeckApp

ROOMS = (("1", "customer", "Customer"), ("2", "message", "Message"), ("3", "send", "Send"), ("6", "ledger", "Ledger"))
NARROW, WIDE, ROOMY = 80, 120, 150
LOW = 24


class TopBar(Widget):
    """Profile, environment, whether writes may pass, region; how the services answer, and the time."""

    DEFAULT_CSS = "TopBar { height: 1; background: $bar; }"
    app: OfferdeckApp

    def on_mount(self) -> None:
        """The clock and an unlocking's countdown move on; latencies follow the answers."""
        self.set_interval(1, self.refresh)
        self.watch(self.app, "subject", self._changed)

    def _changed(self) -> None:
        self.refresh()

    def render(self) -> RenderResult:
        """As much as fits: region, then latencies, then the clock go first."""
        ink, desk = inks(self.app), self.app.desk
        left = Text.assemble((" offerdeck ", ink.chip), "  ")
        left.append((desk.profile.name if desk else self.app.profile_name) or "no profile", ink.bold)
        extra, rights = Text(), []
        if desk is not None:
            left.append("  ").append_text(self._environment(desk)).append("  ").append_text(self._writing(desk))
            extra.append(f"   {desk.profile.region}", ink.dim)
            rights = self._latencies(desk)
        local = self.app.deck.clock.now().astimezone(self.app.zone)
        is_small = self.app.size.width < NARROW or self.app.size.height < LOW
        rights.append(Text("80x24 best " if is_small else f"{local:%H:%M} {local.tzname()} ", ink.dim))
        width = self.size.width
        if left.cell_len + extra.cell_len + 4 < width:
            left.append_text(extra)
        while rights and left.cell_len + sum(part.cell_len + 2 for part in rights) + 1 > width:
            rights.pop(0)
        right = Text("  ").join(rights)
        left.pad_right(max(1, width - left.cell_len - right.cell_len))
        return left.append_text(right)

    def _environment(self, desk: Desk) -> Text:
        ink, signs, environment = inks(self.app), glyphs.current(), desk.profile.environment
        sign, style = {
            "sandbox": (signs.dot, ink.chip),
            "staging": (signs.diamond, ink.chip_warn),
            "production": (signs.triangle, ink.chip_danger),
        }[environment.value]
        return Text(f" {sign} {environment.upper()} ", style)

    def _writing(self, desk: Desk) -> Text:
        ink = inks(self.app)
        if desk.gate.shut is not None:
            return Text(f"{glyphs.current().warn} read-only: {desk.gate.shut_words}", ink.warn)
        left = desk.gate.unlocked_for
        if left is not None:
            seconds = int(left.total_seconds())
            return Text(f"unlocked {seconds // 60}:{seconds % 60:02d}", ink.danger + ink.strong)
        return Text("read-only", ink.dim) if desk.gate.refusal else Text("read / write", ink.ok)

    def _latencies(self, desk: Desk) -> list[Text]:
        from core.calls import Service

        return [self._latency(service, desk.last_ms(service)) for service in Service]

    def _latency(self, service: Service, milliseconds: int | None) -> Text:
        ink = inks(self.app)
        shown = glyphs.current().dash if milliseconds is None else f"{milliseconds} ms"
        return Text.assemble((f"{service.short} ", ink.dim), (shown, ink.ink))


class RoomTabs(Widget):
    """The rooms by number; the open one in the accent."""

    DEFAULT_CSS = "RoomTabs { height: 1; width: 1fr; }"
    app: OfferdeckApp

    def __init__(self, current: str) -> None:
        super().__init__()
        self._current = current

    def render(self) -> RenderResult:
        """The numbers alone where the names do not fit."""
        ink, line = inks(self.app), Text(no_wrap=True)
        room = self.size.width
        roomy = room >= sum(len(name) + 6 for _, _, name in ROOMS) - 2
        for key, room_id, name in ROOMS:
            is_open = room_id == self._current
            if roomy or is_open:
                line.append(f"{key} ", ink.dim)
                line.append(name, ink.accent + ink.strong + ink.underline if is_open else ink.ink)
                line.append("   ")
            else:
                line.append(f"{key}  ", ink.dim)
        return line

    def on_click(self, event: Any) -> None:
        """A click opens the room under it."""
        at = 0
        for _, room_id, name in ROOMS:
            at += len(name) + 5
            if event.x < at:
                self.app.action_room(room_id)
                return


class KeyBar(Widget):
    """The keys that act now: those of the focused widget, of the room and of the app, as many as fit."""

    DEFAULT_CSS = "KeyBar { height: 1; background: $bar; padding: 0 1; }"
    app: OfferdeckApp

    def on_mount(self) -> None:
        """Drawn again when the focus or what is enabled changes."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> RenderResult:
        """Help first, quit at the right end; what does not fit is dropped from the right."""
        ink = inks(self.app)
        first, rest, quit_ = Text(), [], Text()
        seen: set[str] = set()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if not binding.show or binding.action in seen:
                continue
            seen.add(binding.action)
            key = key_words(binding.key)
            style = (ink.key, ink.dim) if active.enabled else (ink.faint, ink.faint)
            item = Text.assemble((key, style[0]), (f" {binding.description.lower()}", style[1]))
            if binding.action in ("app.help", "help"):
                first = item
            elif binding.action in ("quit", "app.quit"):
                quit_ = item
            else:
                rest.append(item)
        width, line = self.size.width - quit_.cell_len - 2, first
        for item in rest:
            if line.cell_len + 3 + item.cell_len > width:
                break
            line = Text.assemble(line, "   " if line.plain else "", item)
        line.pad_right(max(0, self.size.width - line.cell_len - quit_.cell_len))
        return line.append_text(quit_)


_KEY_WORDS = {
    "question_mark": "?",
    "slash": "/",
    "minus": "-",
    "colon": ":",
    "enter": "⏎",
    "escape": "esc",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def key_words(keys: str) -> str:
    """The first key of a binding as people write it: `F1`, `^P`, `/`, `T`."""
    key = keys.split(",", maxsplit=1)[0]
    if key.startswith("ctrl+"):
        return f"^{key[5:].upper()}"
    if re.fullmatch(r"f\d+", key):
        return key.upper()
    return _KEY_WORDS.get(key, key)


class LookUp(Input):
    """Where a customer is typed or pasted."""

    DEFAULT_CSS = """
    LookUp { width: 46; max-width: 50%; height: 1; border: none; padding: 0 1; background: $bar; color: $bright;
        &:focus { background: $cursor; border: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__(placeholder="id, email or pasted text   F2", id="look-up", compact=True)


class Head(Widget):
    """A pane's first line: what it is on the left, how fresh it is on the right."""

    DEFAULT_CSS = "Head { height: 1; }"

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._left, self._right = Text(), Text()

    def show(self, left: Text, right: Text | None = None) -> None:
        """Put other words on the line."""
        self._left, self._right = left, right or Text()
        self.refresh()

    def render(self) -> RenderResult:
        """The left side is cut when both do not fit: how fresh something is must be seen."""
        line, right, width = self._left.copy(), self._right, self.size.width
        line.no_wrap = True
        room = width - right.cell_len - 2
        if right.plain and room > 0:
            line.truncate(room, overflow="ellipsis")
            line.pad_right(width - line.cell_len - right.cell_len)
            return line.append_text(right)
        line.truncate(width, overflow="ellipsis")
        return line


class Room(Screen[None]):
    """A screen inside the frame. A subclass gives `ROOM` and the widgets of its body, and follows the customer."""

    ROOM: ClassVar[str]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-middle"), (WIDE, "-wide"), (ROOMY, "-roomy")]  # noqa: RUF012 (as Textual types it)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False, id="room.back", tooltip="One level back; never loses text"),
    ]
    CSS = """
    Room { background: $ground; }
    #nav { height: 3; padding: 1 2; background: $ground; }
    #body { height: 1fr; background: $ground; }
    """
    app: OfferdeckApp

    def compose(self) -> ComposeResult:
        """Frame around body."""
        yield TopBar()
        with Horizontal(id="nav"):
            yield RoomTabs(self.ROOM)
            yield LookUp()
        with Container(id="body"):
            yield from self.compose_body()
        yield KeyBar()

    def compose_body(self) -> Iterable[Widget]:
        """The widgets of this room."""
        return ()

    def on_mount(self) -> None:
        """Follow the app's customer from now on."""
        self.watch(self.app, "subject", self._follow)

    def _follow(self, subject: Subject) -> None:
        if not self.is_mounted:
            return
        look_up = self.query_one(LookUp)
        if not look_up.has_focus:
            look_up.value = subject.name
        self.subject_changed(subject)

    def subject_changed(self, subject: Subject) -> None:
        """The customer, or something about them, is another; a subclass repaints."""

    @on(Input.Submitted, "#look-up")
    def _look_up(self, event: Input.Submitted) -> None:
        event.stop()
        if not event.value.strip():
            return
        subject = self.app.subject
        if subject.customer.value is None or event.value != subject.name:  # the name shown is nothing to look up
            self.app.look_up(event.value)
        self.focus_first()

    def focus_first(self) -> None:
        """Where the focus goes when nothing else is asked for."""

    def action_back(self) -> None:
        """Leave a text field for the room's first widget."""
        self.focus_first()


class StartScreen(Room):
    """The frame alone: the first thing on the terminal, while the rooms are still being imported."""

    ROOM = "customer"
    AUTO_FOCUS = None

    def on_mount(self) -> None:
        """There is no customer to follow yet."""
