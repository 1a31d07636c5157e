"""The review of a plan: what goes, to whom, how wide, byte for byte; Cancel holds the focus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from core.clean import safe
from core.plans import Confirmation, Line, Plan, PlanKind
from core.profiles import Environment
from tui import glyphs
from tui.dialogs.dialog import Dialog
from tui.frame import Head, KeyBar, TopBar
from tui.theme import Inks, inks
from tui.widgets.action import Action
from tui.widgets.labels import Fact, Facts
from tui.widgets.request_pane import request_text, warning_lines
from tui.writing import CopyWanted, refusal_words

_LABELS = 15
_SHORT = 32  # lines of a screen on which air gives way to what is reviewed


@dataclass(frozen=True, slots=True)
class Reads:
    """The message as a person will get it: `who` by name, then each channel field and its rendered text."""

    who: str
    fields: tuple[tuple[str, str], ...]


class ReviewDialog(Dialog[Confirmation]):
    """Ends with a Confirmation, or None for no. Enter alone never sends: it cancels, and a yes is given once."""

    DEFAULT_CSS = """
    ReviewDialog {
        & > .box { width: 112; padding: 1 3; }
        & > .box.-production { border: round $danger; }
        & Head { margin-bottom: 1; }
        & #review-scroll { height: auto; scrollbar-size-vertical: 1; }
        & #review-request, & #review-warnings, & #review-reads { height: auto; margin-top: 1; }
        & #review-reader { height: 1; }
        & #review-phrase { height: auto; margin-top: 1; & Static { height: auto; } & Input { margin-top: 0; } }
        & #review-actions { height: 1; margin-top: 1; }
        & #review-reason { width: 1fr; }
        & #review-foot { height: 1; margin-top: 1; }
        & .hidden { display: none; }
        &.-short > .box { padding: 0 2; margin: 0; }
        &.-short #review-foot { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back, nothing sent", id="review.close", tooltip="Back; nothing leaves"),
        Binding("y", "copy", "Copy as curl", id="review.copy", tooltip="The request as a curl line without secrets"),
        Binding("U", "app.unlock", "Unlock", show=False, id="review.unlock", tooltip="Unlock production"),
        Binding("right", "beside('go')", "Yes", show=False, id="review.right", tooltip="To the button that sends"),
        Binding("left", "beside('cancel')", "No", show=False, id="review.left", tooltip="To Cancel"),
        Binding("down,j", "scroll(1)", "Down", show=False, id="review.down", tooltip="A line down"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="review.up", tooltip="A line up"),
        Binding("pagedown", "scroll(10)", "Page down", show=False, id="review.page_down", tooltip="A page down"),
        Binding("pageup", "scroll(-10)", "Page up", show=False, id="review.page_up", tooltip="A page up"),
    ]
    AUTO_FOCUS = "#review-cancel"

    def __init__(self, plan: Plan, *, reads: Reads | None = None) -> None:
        super().__init__()
        self.plan = plan
        self._reads = reads
        self._answered = False

    def compose(self) -> ComposeResult:
        """Bar, box, keys."""
        yield TopBar()
        with Vertical(classes="box"):
            yield from self.compose_box()
        yield KeyBar()

    def compose_box(self) -> Iterable[Widget]:
        """Head; what scrolls; the phrase; the two buttons."""
        yield Head(id="review-head")
        with VerticalScroll(id="review-scroll", can_focus=False):
            yield Facts(label_width=_LABELS, id="review-facts")
            yield Static(id="review-warnings")
            with Vertical(id="review-reads"):
                yield Static(id="review-reader")
                yield Facts(label_width=_LABELS, id="review-read")
            yield Static(id="review-request")
        with Vertical(id="review-phrase"):
            yield Static(id="review-ask")
            yield Input(id="review-typed", compact=True)
        with Horizontal(id="review-actions"):
            yield Action("Cancel", id="review-cancel")
            yield Action(self.plan.action_words, id="review-go", disabled=True)
            yield Static(id="review-reason")
        yield Static(id="review-foot")

    def on_mount(self) -> None:
        """The countdown moves on; an unlocking is seen at once."""
        plan = self.plan
        self.query_one(".box").set_class(plan.environment is Environment.PRODUCTION, "-production")
        self.query_one("#review-phrase").set_class(not plan.phrase, "hidden")
        self.query_one("#review-warnings").set_class(not plan.warnings, "hidden")
        self.query_one("#review-reads").set_class(self._reads is None, "hidden")
        self._fill()
        self.set_interval(1, self._tick)
        self.watch(self.app, "subject", self._tick, init=False)

    def on_resize(self) -> None:
        """What scrolls gets the lines that the rest leaves."""
        is_short = self.size.height < _SHORT
        self.set_class(is_short, "-short")
        rest = (9 if is_short else 14) + (3 if self.plan.phrase else 0)
        self.query_one("#review-scroll").styles.max_height = max(4, self.size.height - rest)

    # -- what is shown

    def _fill(self) -> None:
        ink, plan = inks(self.app), self.plan
        self.query_one("#review-facts", Facts).facts = [self._fact(line, ink) for line in plan.lines]
        self.query_one("#review-warnings", Static).update(warning_lines(plan.warnings, ink))
        self.query_one("#review-request", Static).update(request_text(plan, ink))
        if self._reads is not None:
            title = Text(f"{safe(self._reads.who)} will read", ink.dim)
            self.query_one("#review-reader", Static).update(title)
            self.query_one("#review-read", Facts).facts = [Fact(name, text) for name, text in self._reads.fields]
        self.query_one("#review-ask", Static).update(self._ask(ink))
        after = "Accepted by Braze is not yet delivered." if plan.kind is not PlanKind.TAG else ""
        self.query_one("#review-foot", Static).update(Text(f"There is no undo. {after}".strip(), ink.faint))
        self._tick()

    def _fact(self, line: Line, ink: Inks) -> Fact:
        signs = glyphs.current()
        value = Text.assemble((line.value, ink.bold))
        if line.note:
            value.append("   ").append(line.note, ink.dim)
        if line.mark:
            sign, style = (signs.check, ink.ok) if line.mark == "ok" else (signs.warn, ink.warn)
            value.append(f" {sign}", style + ink.strong)
        return Fact(line.label, value)

    def _ask(self, ink: Inks) -> Text:
        plan, asked = self.plan, Text(no_wrap=True, overflow="ellipsis")
        lead = "Production: " if plan.environment is Environment.PRODUCTION else "To be sure: "
        asked.append(lead, ink.danger + ink.strong).append(f"type {plan.phrase_words} to go on   ", ink.ink)
        return asked.append(safe(plan.phrase), ink.bold)

    def _tick(self) -> None:
        if not self.query("#review-go"):
            return
        ink, plan = inks(self.app), self.plan
        left = max(0, int((plan.expires_at - self.app.deck.clock.now()).total_seconds()))
        sha = "" if self.has_class("-narrow") else f"sha {plan.digest[:8]} · "
        right = Text.assemble((f"plan {plan.short_id} · {sha}", ink.dim))
        if left:
            right.append(f"expires in {left // 60}:{left % 60:02d}", ink.warn if left < 60 else ink.dim)
        else:
            right.append("expired", ink.danger + ink.strong)
        noun = "tagging" if plan.kind is PlanKind.TAG else "send"
        self.query_one(Head).show(Text.assemble((f"Review this {noun}", ink.bold)), right)
        reason = self.reason
        go, cancel = self.query_one("#review-go", Action), self.query_one("#review-cancel", Action)
        if reason and go.has_focus:
            cancel.focus()
        go.disabled = bool(reason)
        self.query_one("#review-reason", Static).update(Text(reason, ink.dim, no_wrap=True, overflow="ellipsis"))

    @property
    def reason(self) -> str:
        """Why it cannot go now, or nothing."""
        desk = self.app.desk
        if self.app.deck.clock.now() >= self.plan.expires_at:
            return "the review has expired: go back and review again"
        if desk is None or desk.profile.name != self.plan.profile:
            return "another profile is open: go back and review again"
        if words := refusal_words(desk):
            return words
        if self.plan.phrase and self._typed != self.plan.phrase:
            return f"waits for {self.plan.phrase_words}"
        return ""

    @property
    def _typed(self) -> str:
        return self.query_one("#review-typed", Input).value.strip()

    # -- what the keys do

    @on(Input.Changed, "#review-typed")
    def _phrase_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._tick()

    @on(Action.Pressed, "#review-cancel")
    def _cancel(self, event: Action.Pressed) -> None:
        event.stop()
        self.action_close()

    @on(Action.Pressed, "#review-go")
    def _go(self, event: Action.Pressed) -> None:
        event.stop()
        if self._answered or self.reason:
            return
        self._answered = True
        self.dismiss(Confirmation(self.plan.id, self.plan.digest, self._typed))

    def action_close(self) -> None:
        """No: nothing leaves."""
        if not self._answered:
            self._answered = True
            self.dismiss(None)

    def action_copy(self) -> None:
        """The curl line to whoever copies."""
        self.post_message(CopyWanted(self.plan.call.curl(self.plan.base_url), "curl line"))

    def action_beside(self, button: str) -> None:
        """The focus to Cancel, on the left, or to the yes, on the right; never round the end."""
        self.query_one(f"#review-{button}").focus()

    def action_scroll(self, lines: int) -> None:
        """What is reviewed moves by lines."""
        self.query_one("#review-scroll").scroll_relative(y=lines, animate=False)
