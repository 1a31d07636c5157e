"""The name under which a draft is saved."""

from __future__ import annotations

from core.messages import parse_draft_name
from tui.dialogs.name import NameDialog


class NameDraft(NameDialog):
    """Gives a name that a draft can have."""

    HEADING = "Save the draft as"
    PLACEHOLDER = "points-expiring.liquid"
    FIELD = "draft-name"
    REPLACES = "Replaces the draft of that name."
    KEEPS = "Kept on this machine; nothing goes to Braze."

    def parse(self, text: str) -> str:
        """As drafts are named."""
        return parse_draft_name(text)
