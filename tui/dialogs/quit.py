"""Leaving while something would be lost."""

from __future__ import annotations

from collections.abc import Sequence

from tui.dialogs.ask import AskDialog


class QuitDialog(AskDialog):
    """Names what is unsaved and what is on its way."""

    def __init__(self, drafts: Sequence[str], requests: int) -> None:
        said = []
        if drafts:
            noun = "draft is" if len(drafts) == 1 else "drafts are"
            said.append(f"{len(drafts)} {noun} not saved: {', '.join(drafts[:5])}.")
        if requests:
            noun = "request is" if requests == 1 else "requests are"
            said.append(
                f"{requests} {noun} on the way. Leaving now, the outcome stays unknown: the ledger will show it so at "
                "the next start."
            )
        super().__init__("Leave offerdeck?", "\n".join(said), "Leave")
