"""What can be copied from where one stands: each with its name, the key in the menu and its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.fieldtree import FieldLine


@dataclass(frozen=True, slots=True)
class Copyable:
    """One line of the copy menu. `reason` says why it cannot be copied here; its text is then empty."""

    key: str
    name: str
    text: str
    reason: str = ""


def field_copyables(field: FieldLine) -> list[Copyable]:
    """A field of the trace: what stands there, and its place in the data as Liquid and as a path."""
    from core.copies import json_text, liquid_text
    from core.fieldtree import FieldState
    from core.jsontree import path_text
    from core.readroots import ABSENT

    why = "nothing is there" if field.state is FieldState.MISSING else "it is not in the data"
    is_held = field.held is not ABSENT and field.state is not FieldState.MISSING
    liquid = liquid_text(field.path)
    return [
        Copyable("v", "value", json_text(field.held) if is_held else "", "" if is_held else why),
        Copyable("l", "Liquid", liquid, "" if liquid else "Liquid has no name for it"),
        Copyable("p", "JSON path", path_text(field.path)),
    ]
