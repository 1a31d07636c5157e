"""The body of the starter that reads the wallet, for tests of one text."""

from __future__ import annotations

from core.channels.document import Message
from core.profiles import Profile
from core.starters import starters


def wallet_html(profile: Profile | None) -> str:
    """The email starter's HTML field."""
    field = Message.parse(starters(profile)[0].text).field("html")
    assert field is not None
    return field.text
