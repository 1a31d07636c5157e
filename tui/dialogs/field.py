"""A field of a form: its label, what is typed or chosen, and beneath it what is wrong with that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Select, Static

from core.errors import InvalidInput
from tui.theme import inks


class Field(Vertical):
    """Typed, or chosen from `options` (shown text, value). `check` raises InvalidInput; its words stand beneath."""

    DEFAULT_CSS = """
    Field { height: auto;
        & > Horizontal { height: 1; }
        & .field-label { width: 19; color: $dim; }
        & .field-note { width: 20; padding: 0 0 0 2; color: $faint; }
        & .field-error { height: auto; padding: 0 0 0 19; color: $danger; display: none; }
        &.-wrong .field-error { display: block; }
        & Input { width: 1fr; }
        & Select { width: 1fr; height: 1;
            & SelectCurrent { height: 1; border: none; padding: 0 1 !important; background: $bar; color: $bright; }
            & SelectCurrent .arrow { color: $accent; }
            &:focus > SelectCurrent { border: none; background: $cursor; }
            & > SelectOverlay { border: none; padding: 0; background: $bar; color: $ink; max-height: 12;
                scrollbar-size-vertical: 1;
                & > .option-list--option { padding: 0 1; }
            }
            & > SelectOverlay:focus { border: none; background-tint: transparent; }
        }
    }
    .-narrow Field {
        & .field-label { width: 13; }
        & .field-error { padding: 0 0 0 13; }
        & .field-note { display: none; }
    }
    """

    app: App[Any]

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        id: str,  # noqa: A002
        note: str = "",
        placeholder: str = "",
        options: Sequence[tuple[str, str]] = (),
        masked: bool = False,
        check: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(id=id)
        self._label = label
        self._first_value = value
        self._note = note
        self._placeholder = placeholder
        self._options = options
        self._masked = masked
        self._check = check

    def compose(self) -> ComposeResult:
        """Label and control on one line, the error on the next."""
        with Horizontal():
            yield Static(self._label, classes="field-label", markup=False)
            if self._options:
                values = [value for _, value in self._options]
                first = self._first_value if self._first_value in values else values[0]
                yield Select(
                    [(Text(shown), value) for shown, value in self._options],
                    allow_blank=False,
                    value=first,
                    compact=True,
                )
            else:
                yield Input(
                    self._first_value,
                    placeholder=self._placeholder,
                    password=self._masked,
                    compact=True,
                    select_on_focus=not self._masked,
                )
            if self._note:
                yield Static(self._note, classes="field-note", markup=False)
        yield Static("", classes="field-error", markup=False)

    @property
    def value(self) -> str:
        """What is typed or chosen."""
        if self._options:
            return str(self.query_one(Select).value)
        return self.query_one(Input).value

    @value.setter
    def value(self, value: str) -> None:
        if self._options:
            self.query_one(Select).value = value
        else:
            self.query_one(Input).value = value

    @property
    def placeholder(self) -> str:
        """What stands in the empty field."""
        return self._placeholder

    @placeholder.setter
    def placeholder(self, words: str) -> None:
        self._placeholder = words
        self.query_one(Input).placeholder = words

    def focus_control(self) -> None:
        """Put the focus into the field."""
        (self.query_one(Select) if self._options else self.query_one(Input)).focus()

    def tell(self, error: InvalidInput | None) -> None:
        """Show what is wrong, or nothing."""
        self.set_class(error is not None, "-wrong")
        if error is not None:
            ink = inks(self.app)
            words = Text(f"{error.message} ", ink.danger).append(error.hint, ink.dim)
            self.query_one(".field-error", Static).update(words)

    def is_right(self) -> bool:
        """Whether what is typed passes the check; what is wrong is shown."""
        try:
            if self._check is not None:
                self._check(self.value)
        except InvalidInput as error:
            is_empty = not self.value.strip()
            self.tell(InvalidInput("Nothing is typed here.", error.hint) if is_empty else error)
            return False
        self.tell(None)
        return True

    @on(Input.Blurred)
    def _left(self) -> None:
        if self.value:
            self.is_right()

    @on(Input.Changed)
    def _changed(self) -> None:
        """What was wrong is looked at again with every key; nothing is called wrong while it is first typed."""
        if self.has_class("-wrong"):
            self.is_right()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()
