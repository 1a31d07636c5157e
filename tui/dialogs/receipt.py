"""The receipt of a write: it follows the run, says what became of it and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from core.ledger import EntryState
from core.outcomes import Outcome
from core.plans import PlanKind, Receipt
from core.runs import Run, Stage, next_words
from core.tags import Tag, tag_changes
from tui import glyphs
from tui.dialogs.dialog import Dialog
from tui.frame import Head, KeyBar, TopBar
from tui.theme import Inks, inks
from tui.widgets.action import Action
from tui.widgets.labels import Fact, facts_text
from tui.widgets.request_pane import warning_lines

_LABELS = 14


class ReceiptDialog(Dialog[str]):
    """Follows one run; leaving it never ends the run. Ends with the room to go to, or None.

    Esc closes it. Close does not take the focus: the second half of a double Enter must not close a receipt unread.
    """

    DEFAULT_CSS = """
    ReceiptDialog {
        & > .box { width: 100; padding: 1 3; }
        & Head { margin-bottom: 1; }
        & #receipt-scroll { height: auto; scrollbar-size-vertical: 1; }
        & #receipt-body { height: auto; }
        & #receipt-actions { height: 1; margin-top: 1; }
        & #receipt-reason { width: 1fr; }
        &.-middle > .box { padding: 0 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", id="receipt.close", tooltip="Close; a write under way goes on"),
        Binding("6", "ledger", "Ledger", id="receipt.ledger", tooltip="Everything that left"),
        Binding("down,j", "scroll(1)", "Down", show=False, id="receipt.down", tooltip="A line down"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="receipt.up", tooltip="A line up"),
        Binding("pagedown", "scroll(10)", "Page down", show=False, id="receipt.page_down", tooltip="A page down"),
        Binding("pageup", "scroll(-10)", "Page up", show=False, id="receipt.page_up", tooltip="A page up"),
    ]

    AUTO_FOCUS = None

    def __init__(self, run: Run, *, tags_before: tuple[Tag, ...] | None = None) -> None:
        super().__init__()
        self.run_followed = run
        self._tags_before = tags_before

    def compose(self) -> ComposeResult:
        """Bar, box, keys."""
        yield TopBar()
        with Vertical(classes="box"):
            yield from self.compose_box()
        yield KeyBar()

    def compose_box(self) -> Iterable[Widget]:
        """Head, what became of it, the one button."""
        yield Head(id="receipt-head")
        with VerticalScroll(id="receipt-scroll", can_focus=False):
            yield Static(id="receipt-body")
        with Horizontal(id="receipt-actions"):
            yield Action("Close", id="receipt-close", disabled=True)
            yield Static(id="receipt-reason")

    def on_mount(self) -> None:
        """Follow the run and, for the tags, the customer."""
        self.app.run_moved.subscribe(self, self._moved)
        self.watch(self.app, "subject", self._show, init=False)
        self.set_interval(1, self._show)
        self._show()

    def on_resize(self) -> None:
        """What scrolls gets the lines that the rest leaves."""
        self.query_one("#receipt-scroll").styles.max_height = max(4, self.size.height - 12)
        self._show()

    def _moved(self, run: Run) -> None:
        if run is self.run_followed:
            self._show()

    def _show(self) -> None:
        if not self.query("#receipt-close"):
            return
        ink, run = inks(self.app), self.run_followed
        self.query_one(Head).show(
            Text.assemble((run.plan.action_words, ink.bold)),
            Text(f"plan {run.plan.short_id} · {run.plan.profile}", ink.dim),
        )
        width = max(20, self.query_one("#receipt-scroll").size.width - 1)
        self.query_one("#receipt-body", Static).update(self._body(ink, width))
        close, is_over = self.query_one("#receipt-close", Action), run.standing.is_over
        words = "" if is_over else "esc leaves; the write goes on, see the Ledger"
        self.query_one("#receipt-reason", Static).update(Text(words, ink.dim))
        close.disabled = not is_over

    def _body(self, ink: Inks, width: int) -> Text:
        run, standing = self.run_followed, self.run_followed.standing
        if standing.receipt is not None:
            parts = [receipt_text(run, standing.receipt, width, ink), self._tags(ink)]
            return Text("\n\n").join(part for part in parts if part.plain)
        if standing.error is not None:
            head = Text.assemble((f"{glyphs.current().ring} not sent", ink.warn + ink.strong))
            return head.append(f"   {standing.error.message}\n\n", ink.ink).append(standing.error.hint, ink.dim)
        now, signs, service = self.app.deck.clock.now(), glyphs.current(), run.plan.call.service.label
        if standing.stage is Stage.WAITING and standing.again_at is not None:
            left = max(0, round((standing.again_at - now).total_seconds()))
            words = f"{service} asked for a pause: the same request goes again in {left} s"
            return Text.assemble((f"{signs.clock} waiting", ink.warn + ink.strong), (f"   {words}", ink.ink))
        seconds = int((now - run.began_at).total_seconds())
        return Text.assemble(
            (f"{signs.ring} sending", ink.accent + ink.strong), (f"   to {service}, {seconds} s", ink.dim)
        )

    def _tags(self, ink: Inks) -> Text:
        """The difference a tagging made, once the tags were read again."""
        run, part = self.run_followed, self.app.subject.tags
        if run.plan.kind is not PlanKind.TAG or not run.may_have_changed or self._tags_before is None:
            return Text()
        if self.app.subject.user_id not in run.plan.recipients:
            return Text()
        title = Text.assemble(("TAGS", ink.dim + ink.strong))
        if part.loading or part.read_at is None or part.read_at <= run.standing.since:
            error = "" if part.loading or part.error is None else part.error.message
            return title.append(f"  {error or 'reading them again …'}", ink.danger if error else ink.faint)
        title.append("  read again", ink.faint)
        changes = tag_changes(self._tags_before, part.value or ())
        if not changes:
            return title.append("\nno difference to what was shown before", ink.dim)
        styles = {"+": ink.ok, "~": ink.accent, "-": ink.warn}
        for change in changes:
            title.append("\n").append(f"{change.sign} {change.name}", styles[change.sign] + ink.strong)
            title.append(f"   {change.words}", ink.ink)
        return title

    @on(Action.Pressed, "#receipt-close")
    def _close(self, event: Action.Pressed) -> None:
        event.stop()
        if self.is_active:
            self.dismiss(None)

    def action_ledger(self) -> None:
        """Close and go to the Ledger."""
        if self.is_active:
            self.dismiss("ledger")

    def action_scroll(self, lines: int) -> None:
        """The receipt moves by lines."""
        self.query_one("#receipt-scroll").scroll_relative(y=lines, animate=False)


def outcome_text(outcome: Outcome, ink: Inks) -> Text:
    """The outcome's word behind its own sign, in its own colour."""
    signs = glyphs.current()
    sign, style = {
        Outcome.SENT: (signs.check, ink.ok),
        Outcome.REJECTED: (signs.cross, ink.danger),
        Outcome.NOT_SENT: (signs.ring, ink.warn),
        Outcome.UNKNOWN: (signs.warn, ink.warn),
    }[outcome]
    return Text.assemble((f"{sign} {EntryState(outcome.value).words}", style + ink.strong))


def receipt_text(run: Run, receipt: Receipt, width: int, ink: Inks) -> Text:
    """Outcome, the vendor's words, the facts, the warnings, what to do next."""
    plan = run.plan
    head = outcome_text(receipt.outcome, ink).append("   ").append(receipt.reason, ink.ink)
    shown = (
        plan.recipients if len(plan.recipients) <= 2 else (plan.recipients[0], f"and {len(plan.recipients) - 1} more")
    )
    status = f"HTTP {receipt.status}" if receipt.status is not None else "no answer"
    tries = f" · {receipt.attempts} attempts" if receipt.attempts > 1 else ""
    dash = glyphs.current().dash
    facts = [
        Fact("tags" if plan.kind is PlanKind.TAG else plan.kind.value, plan.target_name or plan.target_id),
        Fact("to", ", ".join(shown)),
        *([] if plan.kind is PlanKind.TAG else [Fact("dispatch id", receipt.reference or dash)]),
        Fact("answer", f"{status} · {round(receipt.elapsed_s * 1000)} ms{tries}"),
    ]
    body, _ = facts_text(facts, width, ink, label_width=_LABELS)
    parts = [head, body]
    if receipt.warnings:
        parts.append(warning_lines(receipt.warnings, ink))
    parts.append(Text("\n".join(next_words(plan, receipt.outcome)), ink.dim))
    return Text("\n\n").join(parts)
