"""A text area that stays quick when a line is as long as a whole email: no key costs more than the rows in sight."""

from __future__ import annotations

from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.expand_tabs import expand_text_tabs_from_widths
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import DocumentNavigator, Location

from tui.widgets.template_document import TemplateDocument
from tui.widgets.wrapping import Wrapping


class LongLines(TextArea):
    """Textual's, drawing of a line no more than the row asked for; a subclass says in `drawn` how that looks."""

    document: TemplateDocument
    wrapped_document: Wrapping

    def drawn(self, row: int, start: int, end: int) -> Text:
        """Line `row` from column `start` to before `end`, one character for each there is."""
        raise NotImplementedError

    def get_line(self, line_index: int) -> Text:
        """The whole line as it is drawn."""
        return self.drawn(line_index, 0, len(self.document.get_line(line_index)))

    def _set_document(self, text: str, language: str | None) -> None:
        """A document of ours in place of Textual's; the languages that Textual knows are of no use for Liquid."""
        self.document = TemplateDocument(text)
        self.wrapped_document = Wrapping(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._build_highlight_map()
        self.move_cursor((0, 0))
        self._rewrap_and_refresh_virtual_size()

    def find_matching_bracket(self, bracket: str, search_from: Location) -> Location | None:
        """As the base does, without looking at every character."""
        return self.document.partner(bracket, search_from)

    def _render_line(self, y: int) -> Strip:
        """One row; of a line that goes over several rows no more is made than the one that is drawn."""
        places, at = self.wrapped_document.rows, y + self.scroll_offset.y
        if not self.soft_wrap or self.suggestion or at >= len(places):
            return super()._render_line(y)
        row, section = places[at]
        if not self.wrapped_document.get_offsets(row):
            return super()._render_line(y)
        theme = self._theme
        is_current = self.highlight_cursor_line and self._has_cursor and self.cursor_location[0] == row
        line = self._section(row, section, is_current)
        room = self.scrollable_content_region.size.width - self.gutter_width
        strip = Strip(line.render(self.app.console), line.cell_len)
        strip = strip.extend_cell_length(room, theme.cursor_line_style if is_current else theme.base_style)
        gutter = self._gutter(row if section == 0 else None, is_current)
        return Strip.join([gutter, strip]).apply_style(theme.base_style or self.rich_style)

    def _gutter(self, row: int | None, is_current: bool) -> Strip:
        """The number of a line, in its first row."""
        width, theme = self.gutter_width, self._theme
        if not self.show_line_numbers:
            return Strip([])
        number = "" if row is None else str(row + self.line_number_start)
        style = theme.cursor_line_gutter_style if is_current else theme.gutter_style
        return Strip([Segment(f"{number:>{width - 2}}  ", style)], width)

    def _section(self, row: int, section: int, is_current: bool) -> Text:
        """One row of a line, with the cursor and all."""
        start, end = self.wrapped_document.section(row, section)
        line = self.drawn(row, start, end)
        whole = self.document.get_line(row)
        if end == len(whole):
            line.pad_right(1)  # the cursor may stand there
        if is_current and self._theme.cursor_line_style:
            line.stylize(self._theme.cursor_line_style)
        for style, one, two in self._marks(row, len(whole)):
            if style is not None:
                put_ink(line, style, one - start, two - start)
        if "\t" in line.plain:
            before = whole.count("\t", 0, start)
            line = expand_text_tabs_from_widths(line, self.wrapped_document.get_tab_widths(row)[before:])
        return line

    def _marks(self, row: int, length: int) -> Iterator[tuple[Style | None, int, int]]:
        """What Textual shows in a line: selection, brackets, cursor; in the order in which they cover each other."""
        theme, (start, end) = self._theme, self.selection
        top, bottom = sorted((start, end))
        if start != end and top[0] <= row <= bottom[0]:
            first = top[1] if row == top[0] else 0
            yield theme.selection_style, first, bottom[1] if row == bottom[0] else length
        partner = self.matching_bracket_location if self.match_cursor_bracket and start == end else None
        if self._has_cursor and row == end[0]:
            if partner is not None:
                yield theme.bracket_matching_style, end[1], end[1] + 1
            if self._draw_cursor:
                yield theme.cursor_style, end[1], end[1] + 1
        if self._has_cursor and partner is not None and partner[0] == row:
            yield theme.bracket_matching_style, partner[1], partner[1] + 1


def put_ink(line: Text, style: Style, start: int, end: int) -> None:
    """Dress what of a span lies in the line; `start` and `end` may be left or right of it."""
    if end > 0 and start < len(line):
        line.stylize(style, max(start, 0), end)
