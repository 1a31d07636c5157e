"""The tag composer: tags and a TTL as people type them, what they will do, the exact request; then the review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from core.clean import safe, safe_lines
from core.errors import InvalidInput
from core.outcomes import Outcome
from core.plans import Plan
from core.runs import Run
from core.tags import Ttl, parse_tag_names, parse_ttl
from tui.dialogs.dialog import Dialog
from tui.frame import Head, KeyBar, TopBar
from tui.theme import Inks, inks
from tui.widgets.action import Action
from tui.widgets.customer_card import short_id
from tui.widgets.request_pane import warning_lines
from tui.writing import CopyWanted, refusal_words

_TABS = ("HTTP", "curl")


class TagComposer(Dialog[None]):
    """Tags for the customer on the screen. Enter goes from field to field and to the review, never further."""

    DEFAULT_CSS = """
    TagComposer {
        & > .box { width: 100; padding: 1 3; }
        & Head { margin-bottom: 1; }
        & .row { height: 1; }
        & .label { width: 7; color: $dim; }
        & .under { height: 1; padding: 0 0 0 8; }
        & #tag-names { width: 1fr; padding: 0 1; }
        & #tag-ttl { width: 24; padding: 0 1; }
        & #tag-scroll { height: auto; scrollbar-size-vertical: 1; margin-top: 1; }
        & #tag-warnings { height: auto; padding-bottom: 1; }
        & #tag-request { height: auto; }
        & #tag-tabs { height: 1; margin-bottom: 1; }
        & #tag-actions { height: 1; margin-top: 1; }
        & #tag-reason { width: 1fr; }
        &.-middle > .box { padding: 0 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back, text kept", id="tags.close", tooltip="Back; what was typed is kept"),
        # First, so that a TTL typed right behind the tags becomes no part of their names.
        Binding("enter", "to_ttl", show=False, priority=True, id="tags.ttl", tooltip="On to the TTL"),
        Binding("f8,S", "review", "Review", id="tags.review", tooltip="Open the review; nothing leaves yet"),
        Binding("f6", "tab", "HTTP / curl", id="tags.tab", tooltip="The request as HTTP or as a curl line"),
        Binding("left_square_bracket,right_square_bracket", "tab", show=False, id="tags.tabs", tooltip="Other tab"),
        Binding("y", "copy", "Copy", show=False, id="tags.copy", tooltip="The request as a curl line without secrets"),
        Binding("U", "app.unlock", "Unlock", show=False, id="tags.unlock", tooltip="Unlock production"),
        Binding("pagedown", "scroll(8)", "Page down", show=False, id="tags.page_down", tooltip="The request, on"),
        Binding("pageup", "scroll(-8)", "Page up", show=False, id="tags.page_up", tooltip="The request, back"),
    ]
    AUTO_FOCUS = "#tag-names"

    def __init__(self) -> None:
        super().__init__()
        self._tab = _TABS[0]

    def compose(self) -> ComposeResult:
        """Bar, box, keys."""
        yield TopBar()
        with Vertical(classes="box"):
            yield from self.compose_box()
        yield KeyBar()

    def compose_box(self) -> Iterable[Widget]:
        """Two fields, what they mean, the request, the buttons."""
        names, ttl = self.app.tag_texts.get(self.app.subject.user_id, ("", ""))
        yield Head()
        with Horizontal(classes="row"):
            yield Static("tags", classes="label")
            yield Input(names, placeholder="winback_q3, vip_weekend", id="tag-names", compact=True)
        yield Static(id="tag-count", classes="under")
        with Horizontal(classes="row"):
            yield Static("ttl", classes="label")
            yield Input(ttl, placeholder="none: a counter", id="tag-ttl", compact=True)
        yield Static(id="tag-ends", classes="under")
        with VerticalScroll(id="tag-scroll", can_focus=False):
            yield Static(id="tag-warnings")
            yield Static(id="tag-tabs")
            yield Static(id="tag-request")
        with Horizontal(id="tag-actions"):
            yield Action("Cancel", id="tag-cancel")
            yield Action("Review", id="tag-review")
            yield Static(id="tag-reason")

    def on_mount(self) -> None:
        """A date comes nearer each second, and so the TTL changes."""
        self.set_interval(1, self._show)
        self.watch(self.app, "subject", self._show, init=False)
        self._show()

    def on_resize(self) -> None:
        """The request gets the lines that the rest leaves."""
        self.query_one("#tag-scroll").styles.max_height = max(3, self.size.height - 15)

    # -- what is typed

    def _plan(self) -> Plan:
        """The plan as it stands. Raises InvalidInput for what cannot go out, Guarded for a locked profile."""
        app, subject = self.app, self.app.subject
        if app.desk is None or not subject.user_id:
            raise InvalidInput("nobody is looked up", "")
        names = parse_tag_names(self.query_one("#tag-names", Input).value)
        return app.desk.plan_tags(
            subject.user_id, names, self._ttl(), customer=subject.customer.value, current=subject.tags.value
        )

    def _ttl(self) -> Ttl | None:
        # Counted from the whole second, so that 18:00 leads to 18:00 and not to a moment before it.
        now = self.app.deck.clock.now().replace(microsecond=0)
        return parse_ttl(self.query_one("#tag-ttl", Input).value, now, self.app.zone)

    # -- what is shown

    def _show(self) -> None:
        if not self.query("#tag-reason"):
            return
        ink, subject = inks(self.app), self.app.subject
        self.query_one(Head).show(
            Text.assemble(("Tag ", ink.bold), (subject.name, ink.bold)),
            Text(f"{short_id(subject.user_id, 16)} · SessionM Core", ink.dim),
        )
        self.query_one("#tag-ends", Static).update(self._ttl_words(ink))
        try:
            plan, reason = self._plan(), ""
        except InvalidInput as error:
            plan, reason = None, error.message
        if not self.query_one("#tag-names", Input).value.strip():
            reason = "no tag is typed yet"
        words = plan.action_words.removeprefix("Set ") if plan is not None else "several: separated by spaces or commas"
        self.query_one("#tag-count", Static).update(Text(words, ink.faint))
        if not reason and self.app.desk is not None:
            reason = refusal_words(self.app.desk)
        self._show_plan(plan, ink)
        self._show_reason(reason, ink)

    def _show_plan(self, plan: Plan | None, ink: Inks) -> None:
        warnings = self.query_one("#tag-warnings", Static)
        warnings.display = plan is not None
        tabs, request = self.query_one("#tag-tabs", Static), self.query_one("#tag-request", Static)
        tabs.display = request.display = plan is not None
        if plan is None:
            return
        warnings.update(warning_lines(plan.warnings, ink))
        line = Text()
        for name in _TABS:
            line.append(name, ink.accent + ink.strong + ink.underline if name == self._tab else ink.dim).append("    ")
        tabs.update(line.append("F6", ink.key).append(" the other", ink.faint))
        call, url = plan.call, plan.base_url
        request.update(Text(safe_lines(call.http(url)) if self._tab == "HTTP" else safe(call.curl(url)), ink.dim))

    def _ttl_words(self, ink: Inks) -> Text:
        try:
            ttl = self._ttl()
        except InvalidInput as error:
            return Text(error.message, ink.warn)
        if ttl is None:
            return Text("30d, 36h, 2026-12-24 18:00 or seconds", ink.faint)
        return Text(ttl.words(self.app.zone, self.app.deck.clock.now()), ink.ink)

    def _show_reason(self, reason: str, ink: Inks) -> None:
        go = self.query_one("#tag-review", Action)
        if reason and go.has_focus:
            self.query_one("#tag-cancel", Action).focus()
        go.disabled = bool(reason)
        self.query_one("#tag-reason", Static).update(Text(reason, ink.dim, no_wrap=True, overflow="ellipsis"))

    # -- what the keys do

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        texts = (self.query_one("#tag-names", Input).value, self.query_one("#tag-ttl", Input).value)
        if self.app.subject.user_id:
            self.app.tag_texts[self.app.subject.user_id] = texts
        self._show()

    @on(Input.Submitted, "#tag-ttl")
    def _to_review(self, event: Input.Submitted) -> None:
        event.stop()
        review = self.query_one("#tag-review", Action)
        if not review.disabled:
            review.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter leads to the TTL from the tags alone."""
        if action == "to_ttl":
            return self.focused is not None and self.focused.id == "tag-names"
        return super().check_action(action, parameters)

    def action_to_ttl(self) -> None:
        """On to the TTL."""
        self.set_focus(self.query_one("#tag-ttl"))

    @on(Action.Pressed, "#tag-cancel")
    def _cancel(self, event: Action.Pressed) -> None:
        event.stop()
        if self.is_active:
            self.action_close()

    @on(Action.Pressed, "#tag-review")
    def _pressed(self, event: Action.Pressed) -> None:
        event.stop()
        self.action_review()

    def action_review(self) -> None:
        """The review of what is typed, if it can go out."""
        if not self.is_active or self.query_one("#tag-review", Action).disabled:
            return
        try:
            plan = self._plan()
        except InvalidInput:
            self._show()
            return
        self.app.review(plan, then=self._settled)

    def _settled(self, run: Run) -> None:
        """Back from the receipt: what was accepted is done with; anything else stays to be mended."""
        receipt = run.standing.receipt
        if receipt is not None and receipt.outcome is Outcome.SENT:
            for user_id in run.plan.recipients:
                self.app.tag_texts.pop(user_id, None)
            if self.is_current:  # the receipt still lies on top while it closes
                self.dismiss(None)

    def action_tab(self) -> None:
        """HTTP or curl."""
        self._tab = _TABS[1 - _TABS.index(self._tab)]
        self._show()

    def action_copy(self) -> None:
        """The curl line to whoever copies."""
        try:
            plan = self._plan()
        except InvalidInput:
            return
        self.post_message(CopyWanted(plan.call.curl(plan.base_url), "curl line"))

    def action_scroll(self, lines: int) -> None:
        """Warnings and request move by lines."""
        self.query_one("#tag-scroll").scroll_relative(y=lines, animate=False)
