"""The editor for templates: Liquid in colour, problems underlined, what cannot be seen made visible."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import itemgetter
from typing import Any, ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import App
from textual.binding import Binding, BindingType
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult, Location, Selection, TextAreaTheme

from core.channels.document import is_marker
from core.clean import safe
from core.messages import one_kind_of_break
from tui.theme import Inks, inks
from tui.widgets.long_lines import LongLines, put_ink
from tui.widgets.tints import Kind


@dataclass(frozen=True, slots=True)
class Underline:
    """Marks a problem: rows and columns count from 0, the end is exclusive; `ink` is the name of one."""

    row: int
    column: int
    end_row: int
    end_column: int
    ink: str

    def on(self, row: int, length: int) -> tuple[int, int] | None:
        """The columns of `row` it covers, at least one; None when it does not touch the row."""
        if not self.row <= row <= self.end_row:
            return None
        start = self.column if row == self.row else 0
        end = self.end_column if row == self.end_row else length
        return (start, max(end, start + 1))

    @property
    def end(self) -> Location:
        """Row and column behind the last character it covers."""
        return self.end_row, max(self.end_column, (self.column if self.row == self.end_row else 0) + 1)


class Underlines:
    """Many of them, asked for by place: a long email has thousands."""

    def __init__(self, marks: Sequence[Underline] = ()) -> None:
        self.marks = tuple(marks)
        self._ordered = sorted(enumerate(self.marks), key=lambda one: (one[1].row, one[1].column))
        self._reached = list(accumulate((mark.end for _, mark in self._ordered), max))

    def between(self, start: Location, end: Location) -> list[Underline]:
        """Those that cover something from `start` to before `end`, and perhaps some more, in their own order."""
        first = bisect_right(self._reached, start)
        last = bisect_left(self._ordered, end, key=lambda one: (one[1].row, one[1].column))
        return [mark for _, mark in sorted(self._ordered[first:last], key=itemgetter(0))]


@dataclass
class _Handover(Edit):
    """A text in place of another one's; undone and done again, the editor's `whose` goes along."""

    before: int = 0
    behind: int = 0

    def do(self, text_area: TextArea, record_selection: bool = True) -> EditResult:
        result = super().do(text_area, record_selection)
        if isinstance(text_area, TemplateEditor):
            text_area.whose = self.behind
        return result

    def undo(self, text_area: TextArea) -> EditResult:
        result = super().undo(text_area)
        if isinstance(text_area, TemplateEditor):
            text_area.whose = self.before
        return result


class TemplateEditor(LongLines):
    """A text area for Liquid. `underlines` marks problems, `shown_rows` the rows that another pane speaks of.

    `whose` is the number that came with the text, see `replace_all()`.
    """

    DEFAULT_CSS = """
    TemplateEditor, TemplateEditor:focus {
        border: none; padding: 0; background: $pane; color: $ink; scrollbar-size: 1 1; height: 1fr;
        & .text-area--placeholder { color: $faint; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+home", "text_start", "Text start", show=False, id="editor.start", tooltip="Start of the text"),
        Binding("ctrl+end", "text_end", "Text end", show=False, id="editor.end", tooltip="End of the text"),
    ]
    app: App[Any]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(
            id=id,
            show_line_numbers=True,
            soft_wrap=True,
            placeholder="Write Liquid, or F9 to open a template.",
        )
        self._underlines = Underlines()
        self._shown: frozenset[int] = frozenset()
        self.whose = 0

    def on_mount(self) -> None:
        """Dressed for the theme in use, and again when it changes."""
        self.dress()
        self.app.theme_changed_signal.subscribe(self, lambda _: self.dress())

    def on_resize(self) -> None:
        """Problems that come up below take rows away; the cursor stays where it can be seen."""
        if self.has_focus:
            self.call_after_refresh(self.scroll_cursor_visible)

    def dress(self) -> None:
        """Take over the app's colours."""
        ink = inks(self.app)
        flat = Style(reverse=True) if ink.cursor == Style() else ink.match
        caret = Style(color=ink.chip.color, bgcolor=ink.chip.bgcolor, reverse=ink.chip.reverse)
        self.register_theme(
            TextAreaTheme(
                "offerdeck",
                gutter_style=ink.faint,
                cursor_style=caret,
                cursor_line_style=ink.cursor,
                cursor_line_gutter_style=ink.dim + ink.cursor,
                bracket_matching_style=ink.underline,
                selection_style=flat,
            )
        )
        self.theme = "offerdeck"
        self.notify_style_update()

    # Text

    def edit(self, edit: Edit) -> EditResult:
        """Edit; the room hears of it before the letter is painted, so that its render runs meanwhile."""
        result = super().edit(edit)
        self.screen.post_message(self.Changed(self))
        return result

    def replace_all(self, text: str, whose: int | None = None) -> None:
        """Another text in place of this one, and it is `whose`; undo brings this one back and whose it was."""
        last = self.document.line_count - 1
        end = last, len(self.document.get_line(last))
        behind = self.whose if whose is None else whose
        if not text and not self.text:
            self.history.clear()  # nothing with nothing: no edit that could be undone first
        self.history.checkpoint()
        self.edit(_Handover(one_kind_of_break(text), (0, 0), end, True, before=self.whose, behind=behind))
        self.history.checkpoint()
        self.move_cursor((0, 0))

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor on a line and column that count from 1, as near as the text has them."""
        row = min(max(line - 1, 0), self.document.line_count - 1)
        self.selection = Selection.cursor((row, min(max(column - 1, 0), len(self.document.get_line(row)))))
        self.scroll_cursor_visible(center=True)

    def action_text_start(self) -> None:
        """To the first character."""
        self.move_cursor((0, 0))

    def action_text_end(self) -> None:
        """Behind the last character."""
        self.move_cursor(self.document.end)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of the cursor, from 1 on."""
        row, column = self.cursor_location
        return row + 1, column + 1

    def load_text(self, text: str) -> None:
        """As the base does, with one kind of line break."""
        super().load_text(one_kind_of_break(text))

    # Colours

    @property
    def underlines(self) -> Sequence[Underline]:
        """The problems marked."""
        return self._underlines.marks

    @underlines.setter
    def underlines(self, marks: Sequence[Underline]) -> None:
        if tuple(marks) != self._underlines.marks:
            self._underlines = Underlines(marks)
            self._redraw()

    @property
    def shown_rows(self) -> frozenset[int]:
        """Rows (from 0) that stand out because something elsewhere speaks of them."""
        return self._shown

    @shown_rows.setter
    def shown_rows(self, rows: frozenset[int]) -> None:
        if rows != self._shown:
            self._shown = rows
            self._redraw()

    def _redraw(self) -> None:
        """The same text in other colours: Textual forgets the lines it drew, but draws them again only when told."""
        self.notify_style_update()
        self.refresh()

    def watch_has_focus(self, focus: bool) -> None:
        """The cursor's line stands out only where typing goes; elsewhere it would hide what is shown of it."""
        super().watch_has_focus(focus)
        self.highlight_cursor_line = focus

    def drawn(self, row: int, start: int, end: int) -> Text:
        """The piece of a line: every character in its place, those that cannot be shown replaced by one sign."""
        whole, ink = self.document.get_line(row), inks(self.app)
        raw = whole[start:end]
        line = Text(visible(raw), end="", no_wrap=True)
        if is_marker(whole):
            line.stylize(ink.bold)
        else:
            for one, two, kind in self.document.tints(row, start, end):
                put_ink(line, _style(kind, ink), one - start, two - start)
        if not raw.isascii() or not raw.isprintable():
            for at, character in enumerate(raw):
                if character != "\t" and safe(character) != character:
                    line.stylize(ink.danger + ink.strong, at, at + 1)
        for mark in self._underlines.between((row, start), (row, end)):
            if (span := mark.on(row, len(whole))) is not None:
                style: Style = getattr(ink, mark.ink)
                put_ink(line, style + ink.underline, span[0] - start, span[1] - start)
        if row in self._shown:
            line.stylize(ink.match)
        return line


def _style(kind: Kind, ink: Inks) -> Style:
    styles: Mapping[Kind, Style] = {"tag": ink.accent, "option": ink.accent, "output": ink.warn, "comment": ink.faint}
    return styles[kind]


def visible(text: str) -> str:
    """`text` with each character that a terminal would obey as one sign, so that columns stay columns."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if character == "\t" or safe(character) == character else "¤" for character in text)
