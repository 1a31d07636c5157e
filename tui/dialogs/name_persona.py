"""The name under which data of one's own becomes a persona."""

from __future__ import annotations

from core.personas import parse_persona_name
from tui.dialogs.name import NameDialog


class NamePersona(NameDialog):
    """Gives a name that a persona can have."""

    HEADING = "Keep your data as a persona"
    PLACEHOLDER = "gold member, German"
    FIELD = "persona-name"
    REPLACES = "Replaces the persona of that name."
    KEEPS = "Kept on this machine. What the data lacks, the persona's message lacks."

    def parse(self, text: str) -> str:
        """As personas are named."""
        return parse_persona_name(text)
