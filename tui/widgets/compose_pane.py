"""What a send carries: who gets it, line by line, and the properties as a form or as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.text import Text
from textual import on
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Input, Static, TextArea

from core.calls import encode_json
from core.clean import safe
from core.composing import Form, Usage, parse_recipient_lines, properties_text
from core.customers import IdMatch
from core.errors import InvalidInput
from core.offers import Offer
from core.sends import MAX_PROPERTIES_BYTES, MAX_RECIPIENTS, Recipients, parse_properties
from core.subjects import Subject
from tui import glyphs
from tui.frame import Head
from tui.theme import Inks, inks
from tui.widgets.action import Action
from tui.widgets.lines import fit
from tui.widgets.property_form import PropertyForm


class ComposePane(Vertical):
    """Recipients, properties and the way to the review. Posts `Changed` whenever what would be sent changes."""

    DEFAULT_CSS = """
    ComposePane {
        & TextArea, & TextArea:focus { border: none; padding: 0 1; background: $bar; color: $bright; }
        & TextArea:focus { background: $cursor; }
        & #compose-to { height: auto; min-height: 1; max-height: 6; scrollbar-size: 0 1; }
        & #compose-note { height: auto; max-height: 3; margin-bottom: 1; }
        & #compose-switch { height: 1fr; }
        & #compose-json { height: 1fr; scrollbar-size: 1 1; }
        & #compose-wrong { height: auto; max-height: 3; }
        & #compose-actions { height: auto; margin: 1 0; }
        &.-short {
            & #compose-actions { margin: 0; }
            & #compose-note { margin: 0; max-height: 1; }
            & #form-groups { height: 1; }
        }
        & #compose-reason { width: 1fr; height: auto; max-height: 2; }
    }
    """

    class Changed(Message):
        """Recipients or properties are others."""

    class ReviewWanted(Message):
        """The button was pressed."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.form = Form()
        self._usage: Usage | None = None
        self._default = ""
        self._json_error = ""

    def compose(self) -> Iterator[Widget]:
        """Recipients, properties, the button."""
        yield Head(id="compose-head")
        yield TextArea(id="compose-to", compact=True, show_line_numbers=False, soft_wrap=False)
        yield Static(id="compose-note")
        yield Head(id="compose-properties")
        with ContentSwitcher(initial="compose-form", id="compose-switch"):
            yield PropertyForm(id="compose-form")
            yield TextArea(id="compose-json", compact=True, show_line_numbers=True, soft_wrap=False)
        yield Static(id="compose-wrong")
        with Horizontal(id="compose-actions"):
            yield Action("Review", key="S", id="compose-review", disabled=True)
            yield Static(id="compose-reason")

    def on_resize(self) -> None:
        """On short screens air gives way."""
        self.set_class(self.size.height < 24, "-short")

    # -- what would be sent

    @property
    def recipients(self) -> Recipients:
        """Who is named. Raises InvalidInput."""
        return parse_recipient_lines(self._to.text)

    @property
    def properties(self) -> dict[str, Any]:
        """What is carried. Raises InvalidInput, also while the JSON text cannot be read."""
        if self._json_error:
            raise InvalidInput(self._json_error, "")
        return self.form.properties()

    @property
    def _to(self) -> TextArea:
        return self.query_one("#compose-to", TextArea)

    @property
    def is_json(self) -> bool:
        """Whether the properties are shown as JSON text."""
        return self.query_one(ContentSwitcher).current == "compose-json"

    @property
    def to_text(self) -> str:
        """The recipients as they are typed."""
        return self._to.text

    @property
    def wrong_json(self) -> str | None:
        """The JSON text while it cannot be read; None while the form has all there is."""
        return self.query_one("#compose-json", TextArea).text if self._json_error else None

    @property
    def is_untouched(self) -> bool:
        """Whether nobody but the customer on the screen is named, and nothing is carried."""
        return self._to.text == self._default and self.form == Form() and not self._json_error

    def restore(self, to: str, form: Form, wrong_json: str | None) -> None:
        """Everything as it stood, JSON text that cannot be read included."""
        self._to.text, self.form, self._json_error = to, form, ""
        if wrong_json is not None:
            self.query_one("#compose-json", TextArea).text = wrong_json
            self.query_one(ContentSwitcher).current = "compose-json"
            self._read_json()
        elif self.is_json:
            self._write_json()
        self.post_message(self.Changed())

    def clear(self) -> None:
        """As nobody has touched it."""
        self.query_one(PropertyForm).close_editor()
        self.restore(self._default, Form(), None)

    def aim_at(self, user_id: str) -> None:
        """The customer on the screen is the recipient, unless somebody else was typed."""
        if self._to.text == self._default:
            with self.prevent(TextArea.Changed):
                self._to.text = user_id
        self._default = user_id

    def set_form(self, form: Form) -> None:
        """Other properties than before; the JSON text follows."""
        if form == self.form:
            return
        self.form = form
        if self.is_json:
            self._write_json()
        self.post_message(self.Changed())

    def show(self, subject: Subject, offer: Offer | None, usage: Usage | None) -> None:
        """Draw the pane for this customer; `usage` None: what the template reads is not known."""
        self._usage = usage
        ink = inks(self.app)
        self.query_one(PropertyForm).show(self.form, usage)
        self._show_recipients(subject, ink)
        self._show_properties(offer, ink)

    def _show_recipients(self, subject: Subject, ink: Inks) -> None:
        ids = [line for line in self._to.text.split("\n") if line.strip()]
        style = ink.warn if len(ids) > MAX_RECIPIENTS or not ids else ink.dim
        to = Text.assemble(("To", ink.bold), ("   one id a line", ink.faint))
        self.query_one("#compose-head", Head).show(to, Text.assemble((f"{len(ids)} of {MAX_RECIPIENTS}", style)))
        self.query_one("#compose-note", Static).update(self._note(ids, subject, ink))

    def _note(self, ids: list[str], subject: Subject, ink: Inks) -> Text:
        signs = glyphs.current()
        if not subject.user_id:
            return Text("nobody is looked up", ink.faint)
        if subject.user_id not in ids:
            name = fit(subject.name, 24, signs.ellipsis)
            return Text(f"{signs.warn} {name}, on the screen, is not among them", ink.warn)
        others = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
        # Whether the ids agree must stay in sight, however long a name is.
        who = Text.assemble((f"{fit(subject.name, 24, signs.ellipsis)}{others}", ink.ink), ("  ", ink.ink))
        link = subject.braze.value
        if link is None:
            return who.append("Braze is being asked …" if subject.braze.loading else "Braze not read", ink.faint)
        if link.match is IdMatch.MATCH:
            return who.append(f"ids agree {signs.check}", ink.ok)
        known = f"Braze knows {safe(link.user.external_id or 'no id')}" if link.user else "Braze does not know this id"
        return who.append(f"{signs.cross} {known}", ink.danger)

    def _show_properties(self, offer: Offer | None, ink: Inks) -> None:
        left = Text.assemble(("Properties", ink.bold), "   ")
        for name, is_on in (("form", not self.is_json), ("JSON", self.is_json)):
            left.append("" if name == "form" else "  ")
            left.append(name, ink.accent + ink.strong + ink.underline if is_on else ink.dim)
        wrong, right, told = "", Text(), self._usage_words(ink)
        try:
            properties = self.properties
            size = len(encode_json(properties)) if properties else 0
            right.append(f"{size / 1000:.1f} of 50 kB", ink.danger if size > MAX_PROPERTIES_BYTES else ink.dim)
        except InvalidInput as error:
            wrong = error.message
        self.query_one("#compose-properties", Head).show(left, right)
        if offer is not None:
            told.append("\n" if told.plain else "").append("from ", ink.faint).append(_name(offer), ink.dim)
        self.query_one("#compose-wrong", Static).update(Text(wrong, ink.danger) if wrong else told)

    def _usage_words(self, ink: Inks) -> Text:
        """What the marks in front of the properties mean, with how many there are of each."""
        usage, signs, line = self._usage, glyphs.current(), Text()
        if usage is None:
            return Text("what the template reads is not known", ink.faint) if self.form.rows else line
        if not usage.used and not usage.missing:
            return Text("the template reads no property", ink.dim)
        told = (
            (usage.used, signs.check, "read", ink.ok),
            (usage.missing, signs.warn, "missing", ink.warn),
            (usage.unused, signs.ring, "not read", ink.faint),
        )
        for keys, sign, word, style in told:
            if keys:
                line.append("   " if line.plain else "").append(f"{sign} {len(keys)} {word}", style)
        return line

    def tell(self, reason: str) -> None:
        """Why there can be no review now, or nothing."""
        action = self.query_one(Action)
        if reason and action.has_focus:
            self.query_one(PropertyForm).table.focus()
        action.disabled = bool(reason)
        ink = inks(self.app)
        words = Text(reason, ink.dim) if reason else Text("nothing leaves yet", ink.faint)
        self.query_one("#compose-reason", Static).update(words)

    # -- what the keys do

    @on(TextArea.Changed, "#compose-to")
    def _recipients_typed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(self.Changed())

    @on(TextArea.Changed, "#compose-json")
    def _json_typed(self, event: TextArea.Changed) -> None:
        event.stop()
        if self.is_json:
            self._read_json()
            self.post_message(self.Changed())

    def _read_json(self) -> None:
        try:
            self.form = self.form.told(parse_properties(self.query_one("#compose-json", TextArea).text))
            self._json_error = ""
        except InvalidInput as error:
            self._json_error = error.message

    def _write_json(self) -> None:
        try:
            text = properties_text(self.form.properties())
        except InvalidInput:
            return
        self._json_error = ""
        area = self.query_one("#compose-json", TextArea)
        with self.prevent(TextArea.Changed):
            area.text = text

    def turn(self) -> None:
        """The form, or the same as JSON text; text that cannot be read stays until it is mended."""
        form = self.query_one(PropertyForm)
        if self.is_json:
            if self._json_error:
                return
            self.query_one(ContentSwitcher).current = "compose-form"
            form.table.focus()
        else:
            form.close_editor()
            self._write_json()
            self.query_one(ContentSwitcher).current = "compose-json"
            self.query_one("#compose-json").focus()
        self.post_message(self.Changed())

    def back(self) -> bool:
        """Out of the line that edits a property; False when none was open."""
        return self.query_one(PropertyForm).close_editor()

    @on(PropertyForm.Edited)
    def _edited(self, event: PropertyForm.Edited) -> None:
        event.stop()
        self.set_form(event.form)

    @on(Action.Pressed)
    def _pressed(self, event: Action.Pressed) -> None:
        event.stop()
        self.post_message(self.ReviewWanted())

    @on(Input.Submitted)
    def _kept(self, event: Input.Submitted) -> None:
        event.stop()


def _name(offer: Offer) -> str:
    return offer.name or safe(offer.offer_id)
