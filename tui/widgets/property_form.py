"""The properties of a send as a form: a row a property, its kind kept, marked by whether the template reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from core.composing import Form, Usage, shown_key
from core.sends import PropertyGroup
from tui import glyphs
from tui.theme import Inks, inks
from tui.widgets.virtual_table import Column, VirtualTable

_COLUMNS = (
    Column("mark", "", 1),
    Column("key", "property", None, min_width=12),
    Column("value", "value", None, min_width=12),
)
_GROUP_KEYS = (
    ("o", PropertyGroup.OFFER),
    ("b", PropertyGroup.POINTS),
    ("v", PropertyGroup.EVENT),
    ("c", PropertyGroup.CAMPAIGN),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the form: row `index`, or a key that the template reads and nobody gave (`index` past the end)."""

    index: int
    key: str
    text: str
    filled: bool
    mark: str  # "read", "unread", "missing" or nothing


class PropertyForm(Vertical):
    """Set with `show()`; posts `Edited` with the form as it is meant to be and `GroupWanted`."""

    DEFAULT_CSS = """
    PropertyForm {
        & #form-groups { height: 2; }
        & #form-list { height: 1fr; }
        & #form-editor { height: 1; display: none; &.-open { display: block; } }
        & #form-editor Input, & #form-editor Input:focus {
            height: 1; border: none; padding: 0 1; background: $bar; color: $bright;
        }
        & #form-editor Input:focus { background: $cursor; }
        & #form-key { width: 2fr; }
        & #form-value { width: 3fr; }
        & #form-equals { width: 3; padding: 0 1; color: $dim; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,insert", "add", "Add", id="form.add", tooltip="A property of your own"),
        Binding("d,delete", "remove", "Remove", id="form.remove", tooltip="Take this property out"),
        *(
            Binding(key, f"group('{group}')", show=False, id=f"form.{group}", tooltip=f"The {group} group, on or off")
            for key, group in _GROUP_KEYS
        ),
    ]

    class Edited(Message):
        """The form as a person changed it."""

        def __init__(self, form: Form) -> None:
            super().__init__()
            self.form = form

    class GroupWanted(Message):
        """A group is to be switched on or off."""

        def __init__(self, group: PropertyGroup) -> None:
            super().__init__()
            self.group = group

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._form = Form()
        self._usage: Usage | None = None
        self._editing: int | None = None

    def compose(self) -> Iterator[Widget]:
        """Groups, rows, the line to edit one."""
        yield Static(id="form-groups")
        yield VirtualTable[Entry](
            _COLUMNS,
            paint=self._paint,
            key=lambda entry: (entry.index, entry.key),
            search_text=lambda entry: f"{entry.key}\n{entry.text}",
            id="form-list",
        )
        with Horizontal(id="form-editor"):
            yield Input(placeholder="property", id="form-key", compact=True)
            yield Static("=", id="form-equals", markup=False)
            yield Input(placeholder="value", id="form-value", compact=True)

    @property
    def table(self) -> VirtualTable[Entry]:
        """The rows."""
        return self.query_one("#form-list", VirtualTable)

    @property
    def is_editing(self) -> bool:
        """Whether the line to edit a row is open."""
        return self._editing is not None

    def show(self, form: Form, usage: Usage | None) -> None:
        """Draw the form; `usage` None: what the template reads is not known."""
        self._form, self._usage = form, usage
        self.table.rows = list(self._entries())
        ink = inks(self.app)
        self.table.empty = Text.assemble(("no properties   ", ink.dim), ("a", ink.key), (" adds one", ink.dim))
        line, check = Text(no_wrap=True, overflow="ellipsis"), glyphs.current().check
        for key, group in _GROUP_KEYS:
            is_on = form.has(group)
            line.append(key, ink.key).append(f" {group}", ink.ink if is_on else ink.dim)
            line.append(f"{check} " if is_on else "  ", ink.ok)
        self.query_one("#form-groups", Static).update(line)

    def _entries(self) -> Iterator[Entry]:
        usage = self._usage
        for index, row in enumerate(self._form.rows):
            reads = usage is not None and (row.key in usage.used or row.key in usage.missing)
            mark = "" if usage is None else "read" if reads and row.filled else "missing" if reads else "unread"
            yield Entry(index, row.key, row.text, row.filled, mark)
        there = {row.key for row in self._form.rows}
        for key in usage.missing if usage is not None else ():
            if key not in there:
                yield Entry(len(self._form.rows), key, "", False, "missing")

    def _paint(self, entry: Entry, column: Column, ink: Inks, width: int) -> Text | tuple[str, Style]:
        signs = glyphs.current()
        if column.key == "key":
            return shown_key(entry.key) or "no name", ink.ink if entry.filled else ink.dim
        if column.key == "value":
            if not entry.filled:
                return f"{signs.dash} not sent", ink.faint
            return (entry.text or '""'), ink.bright if entry.text else ink.faint
        return {
            "read": (signs.check, ink.ok),
            "missing": (signs.warn, ink.warn + ink.strong),
            "unread": (signs.ring, ink.faint),
            "": ("", ink.faint),
        }[entry.mark]

    # -- editing

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        event.stop()
        entry = event.row
        if isinstance(entry, Entry):
            self._edit(entry.index, shown_key(entry.key), entry.text)
        else:
            self.action_add()

    def action_add(self) -> None:
        """A new row."""
        self._edit(len(self._form.rows), "", "")

    def _edit(self, index: int, key: str, text: str) -> None:
        self._editing = None
        key_field, value_field = self.query_one("#form-key", Input), self.query_one("#form-value", Input)
        with self.prevent(Input.Changed):
            key_field.value, value_field.value = key, text
        self._editing = index
        self.query_one("#form-editor").add_class("-open")
        (value_field if key else key_field).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """What is typed is in the form at once, so that leaving the line loses nothing."""
        event.stop()
        if self._editing is None:
            return
        key, text = self.query_one("#form-key", Input).value, self.query_one("#form-value", Input).value
        if key or self._editing < len(self._form.rows):
            self._change(self._form.put(self._editing, key, text))

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        """From the name to the value; Enter in the value ends the editing, and an empty one is then sent as such."""
        event.stop()
        key, value = self.query_one("#form-key", Input), self.query_one("#form-value", Input)
        if event.input is key:
            value.focus()
            return
        if self._editing is not None and key.value:
            self._change(self._form.put(self._editing, key.value, value.value, even_empty=True))
        self.close_editor()

    def _change(self, form: Form) -> None:
        if form != self._form:
            self._form = form
            self.post_message(self.Edited(form))

    def close_editor(self) -> bool:
        """Close the line and go back to the rows; False when it was not open."""
        if self._editing is None:
            return False
        self._editing = None
        self.query_one("#form-editor").remove_class("-open")
        self.table.focus()
        return True

    def action_remove(self) -> None:
        """Take the row under the cursor out."""
        entry = self.table.current
        if isinstance(entry, Entry) and entry.index < len(self._form.rows) and not self.is_editing:
            self.post_message(self.Edited(self._form.without(entry.index)))

    def action_group(self, name: str) -> None:
        """A group on or off."""
        self.post_message(self.GroupWanted(PropertyGroup(name)))

    @on(VirtualTable.Highlighted)
    def _moved(self, event: VirtualTable.Highlighted) -> None:
        event.stop()
