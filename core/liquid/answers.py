"""What a render child answers, as bytes: straight from the values and into them, for thousands come at once."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from core.liquid.frames import decoded, encoded
from core.render import Rendered


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one render. `retire`: memory ran short, a fresh child should take over."""

    rendered: Rendered
    retire: bool = False

    def to_bytes(self) -> bytes:
        """As JSON; half characters become U+FFFD."""
        try:
            return msgspec.json.encode(self)
        except (UnicodeEncodeError, OverflowError, ValueError, msgspec.MsgspecError):
            return encoded(msgspec.to_builtins(self))

    @classmethod
    def from_bytes(cls, body: bytes) -> Answer:
        """The inverse of `to_bytes()`. Raises ValueError for anything else."""
        try:
            return _DECODER.decode(body)
        except msgspec.MsgspecError:
            return msgspec.convert(decoded(body), cls)  # a number beyond 64 bits comes through the slow way only


_DECODER = msgspec.json.Decoder(Answer)
