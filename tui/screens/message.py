"""The Message room: a template, the message a customer would get of it, and which fields it read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import TextArea

from core.channels.rendering import RenderedMessage
from core.messages import data_words
from core.messageview import MessageView
from core.printed import line_words, reads_at
from core.subjects import Subject
from tui.frame import NARROW, WIDE, LookUp
from tui.screens.message_actions import MessageActions
from tui.screens.rendering import SETTLE_S
from tui.widgets.message_preview import NOTHING_WRITTEN, MessagePreview
from tui.widgets.pane_tabs import PaneTabs
from tui.widgets.problem_list import ProblemList
from tui.widgets.template_editor import TemplateEditor
from tui.widgets.text_lines import TextLines
from tui.widgets.trace_pane import TracePane, TraceTree
from tui.widgets.writing_pane import WritingPane

if TYPE_CHECKING:
    from core.render import RenderData


class MessageScreen(MessageActions):
    """Three columns where there is room, two with the trace as a tab, one with the template as a tab."""

    ROOM = "message"
    CSS_PATH = "message.tcss"
    AUTO_FOCUS = "#editor"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 (as Textual types it)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j", "render", "Render", id="message.render", tooltip="Render now; sends nothing"),
        Binding("n,f8", "problem(1)", "Next problem", id="message.next_problem", tooltip="Go to the next problem"),
        Binding("N", "problem(-1)", "Problem before", show=False, id="message.problem", tooltip="The problem before"),
        Binding("S", "send", "Send", id="message.send", tooltip="Go to the Send room with this customer"),
        Binding("left_square_bracket", "tab(-1)", "Tab before", show=False, id="message.before", tooltip="Tab before"),
        Binding("right_square_bracket", "tab(1)", "Next tab", show=False, id="message.next", tooltip="The next tab"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._shown_query = ""

    def compose_body(self) -> Iterable[Widget]:
        """Template, message, trace."""
        yield WritingPane(id="writing")
        yield MessagePreview(id="reading")
        yield TracePane(id="tracing")

    @property
    def reading(self) -> MessagePreview:
        """The middle column."""
        return self.query_one(MessagePreview)

    @property
    def tracing(self) -> TracePane:
        """The right column."""
        return self.query_one("#tracing", TracePane)

    def on_mount(self) -> None:
        """Follow the offer chosen elsewhere; ages move on once a second."""
        self.watch(self.app, "chosen_offer", self._offer_chosen)
        self.set_interval(1, self._draw_data)
        self.call_after_refresh(self._follow, self.app.subject)

    def on_resize(self) -> None:
        """Where the trace goes, and the template."""
        width = self.size.width
        self.reading.fit_in(trace_beside=width >= WIDE, template_tab=width < NARROW)
        self._draw_head()

    def focus_first(self) -> None:
        """The editor."""
        self.remove_class("-reading")
        self.writing.editor.focus()

    # -- the render

    def draft_changed(self) -> None:
        """Show its name and state; render it."""
        self._draw_head()
        self.ask()

    def draft_opened(self) -> None:
        """Nothing of the former message may stand under this one's name, nor be called for it."""
        if self.is_calling:
            self.stop_calling()
        self.forget()
        self.forget_calls()
        self.show_view(None, None, 0)
        if self.reading.tab == "calls":
            self.reading.open_tab("preview")  # where `L` led, for the message before

    def live_rendered(self, made: RenderedMessage) -> None:
        """To the calls, where there were any."""
        if self.kept.records:
            self._open_tab("calls")
        elif made.status == "rendered":
            self.app.notify("This message calls nobody.")

    def data_changed(self) -> None:
        """Other data stands above the customer's."""
        self._draw_data()
        self.ask()

    @property
    def readable_text(self) -> str:
        """The message as it reads."""
        return self.reading.readable_text

    def subject_changed(self, subject: Subject) -> None:
        """Another customer, or more of the same one; nothing of the one before may stay in view.

        Before the wallet is there nothing is rendered for it: what it lacks would be told as a fault of the template.
        """
        if subject.query != self._shown_query:
            self._shown_query = subject.query
            self.forget()
            self.show_view(None, None, 0)
        self._draw_data()
        if subject.wallet.value is not None or not subject.wallet.loading:
            if self.view is None:
                self.show_view(None, None, 0)  # what is waited for is another thing now
            self.ask(SETTLE_S)

    def _offer_chosen(self) -> None:
        self._draw_data()
        self.ask(SETTLE_S)

    def on_screen_resume(self) -> None:
        """What changed while another room was shown."""
        if self.behind:
            self._draw_data()
            self.ask()

    def show_view(self, view: MessageView | None, data: RenderData | None, total: int) -> None:
        is_written = bool(self.draft.text.strip())
        view = view if is_written else None
        before = self._has_problems, self._has_html
        self.view = view
        self.reading.nothing_words = self._waiting_words if is_written else NOTHING_WRITTEN
        self.reading.show(view, data, total, self.app.subject.name)
        fields, read = (view.fields, view.fields_read) if view else ((), 0)
        self.tracing.show(fields, read, total)
        self.writing.show_problems(view.rendered.problems if view else None if is_written else ())
        self._light()
        self._draw_head()
        if before != (self._has_problems, self._has_html):
            self.refresh_bindings()

    @property
    def _waiting_words(self) -> str:
        subject = self.app.subject
        is_reading = subject.wallet.value is None and subject.wallet.loading
        return "the wallet is being read" if is_reading else "being rendered"

    @property
    def _has_problems(self) -> bool:
        return self.view is not None and bool(self.view.rendered.problems)

    @property
    def _has_html(self) -> bool:
        return self.view is not None and self.view.html is not None

    def _draw_head(self) -> None:
        beyond = self.reading.sign_words("preview") if self.size.width < NARROW else None
        self.writing.show_draft(self.draft, self.view.kind if self.view and self.view.size_bytes else "", beyond)

    def _draw_data(self) -> None:
        if self.is_current:
            subject, offer = self.app.subject, self.offer
            own, answered = self.override is not None, bool(self.kept.answers)
            words = data_words(subject, self.app.deck.clock.now(), overridden=own, answered=answered)
            self.writing.show_data(words, offer.name if offer else "")

    # -- keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Problems are walked only where there are any; a room that does not exist cannot be gone to.

        Enter is the room's own only where nothing else has the focus.
        """
        if action == "write":
            return self.focused is None
        if action == "problem" and not self._has_problems:
            return None
        if action == "browser" and parameters:
            return self._has_html
        return None if action == "send" and "send" not in self.app.MODES else True

    def action_back(self) -> None:
        """From the editor to the message, from a list under it to the editor, from the message to the customer.

        While calls are made, it stops them instead.
        """
        if self.is_calling:
            self.stop_calling()
        elif isinstance(self.focused, TemplateEditor):
            self.add_class("-reading")
            self.reading.focus_tab()
        elif isinstance(self.focused, ProblemList | LookUp):
            self.focus_first()
        else:
            self.app.action_room("customer")

    def action_reload(self) -> None:
        """Read the customer again; calls that were made live are no longer answered as they were then."""
        self.forget_answers()
        self._draw_data()
        self.ask()
        self.app.action_reload()

    def action_render(self) -> None:
        """Render now."""
        self.ask()

    def action_problem(self, step: int) -> None:
        """To a problem's place. Who is not writing is not put into the editor: the next `n` would be text."""
        if (problem := self.writing.next_problem(step)) is None:
            return
        if not self.writing.editor.has_focus and any(key == "template" for key, _ in self.reading.tabs()):
            self.remove_class("-reading")
            self.set_focus(None)
        self.writing.point_at(problem)

    def action_tab(self, step: int) -> None:
        """The tab beside the open one; on a narrow screen the template is one of them."""
        names = [name for name, _ in self.reading.tabs()]
        here = "template" if "template" in names and not self.has_class("-reading") else self.reading.tab
        key = names[(names.index(here) + step) % len(names)]
        if key == "template":
            self.remove_class("-reading")
            self.set_focus(None)  # in the editor the next `]` would be text
        else:
            self._open_tab(key)

    @on(PaneTabs.Chosen)
    def _tab_clicked(self, event: PaneTabs.Chosen) -> None:
        if event.key == "template":
            self.focus_first()
        else:
            self._open_tab(event.key)

    def _open_tab(self, key: str) -> None:
        self.add_class("-reading")
        self.reading.open_tab(key)
        self.reading.focus_tab()

    def action_send(self) -> None:
        """To the Send room."""
        self.app.action_room("send")

    @on(ProblemList.Chosen)
    def _problem_opened(self, event: ProblemList.Chosen) -> None:
        self.writing.lead_to(event.problem)

    @on(TraceTree.Chosen)
    def _field_opened(self, event: TraceTree.Chosen) -> None:
        self.focus_first()
        self.writing.editor.go_to(event.line, 1)

    @on(TraceTree.Highlighted)
    def _field_moved(self, event: TraceTree.Highlighted) -> None:
        self.writing.editor.shown_rows = frozenset(line - 1 for line in event.lines)

    @on(TextLines.Chosen)
    def _to_the_editor(self) -> None:
        self.focus_first()

    @on(TextLines.Highlighted, "#raw-text")
    def _output_moved(self, event: TextLines.Highlighted) -> None:
        spans = self.view.printed.on_line(event.line) if self.view and event.line is not None else ()
        self.writing.editor.shown_rows = frozenset(span.line - 1 for span in spans)
        self.reading.point_at(line_words(spans) if event.line is not None else None)

    @on(TextArea.SelectionChanged)
    def _cursor_moved(self) -> None:
        if self.writing.editor.has_focus:
            self.writing.editor.shown_rows = frozenset()
        self._light()

    def _light(self) -> None:
        """In the trace, what the expression under the cursor read."""
        reads = self.view.rendered.reads if self.view else ()
        lit = reads_at(reads, *self.writing.editor.place) if self.writing.editor.has_focus else frozenset()
        for tree in self.query(TraceTree):
            tree.lit = lit
