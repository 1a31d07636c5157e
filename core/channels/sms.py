"""An SMS as the network takes it: its alphabet, what it counts, and where it is cut into segments.

Numbers: Braze docs, channels/sms_mms_and_rcs/billing_calculator. The alphabet: 3GPP TS 23.038, section 6.2.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

MAX_SEGMENTS = 10

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"  # an escape goes before each, so that it counts 2
_FOREIGN = re.compile(f"[^{re.escape(_BASIC + _EXTENSION)}]")
_DOUBLE = {
    "GSM-7": re.compile(f"[{re.escape(_EXTENSION)}]"),
    "UCS-2": re.compile("[\U00010000-\U0010ffff]"),
}
_SINGLE = {"GSM-7": 160, "UCS-2": 70}
_PART = {"GSM-7": 153, "UCS-2": 67}

Encoding = Literal["GSM-7", "UCS-2"]


@dataclass(frozen=True, slots=True)
class SmsCount:
    """A text as an SMS. `units` are septets (GSM-7) or UTF-16 code units (UCS-2); `room` is what its segments hold.

    `foreign` is the first character that GSM-7 lacks and `foreign_at` its offset; empty and -1 if there is none.
    `gsm_segments` is how many segments the text would take with a GSM-7 character in place of each such one.
    """

    encoding: Encoding
    units: int
    segments: tuple[str, ...]
    room: int
    gsm_segments: int
    foreign: str = ""
    foreign_at: int = -1

    @property
    def too_long(self) -> bool:
        """Whether it takes more than the 10 segments that Braze sends."""
        return len(self.segments) > MAX_SEGMENTS


def count_sms(text: str) -> SmsCount:
    """Count and cut a text; one character outside GSM-7 makes all of it UCS-2. Takes time linear in the text.

    A text that does not fit one segment is cut anew at 153 or 67. What counts 2 (an escaped character, a surrogate
    pair) is never cut in half. Nothing is one empty segment.
    """
    foreign = _FOREIGN.search(text)
    encoding: Encoding = "UCS-2" if foreign else "GSM-7"
    units = len(text) + sum(1 for _ in _DOUBLE[encoding].finditer(text))
    alone = units <= _SINGLE[encoding]
    segments = (text,) if alone else tuple(_cut(text, encoding, units))
    room = _SINGLE[encoding] if alone else len(segments) * _PART[encoding]
    if foreign is None:
        return SmsCount(encoding, units, segments, room, len(segments))
    without = count_sms(_FOREIGN.sub("?", text))
    return SmsCount(encoding, units, segments, room, len(without.segments), foreign[0], foreign.start())


def _cut(text: str, encoding: Encoding, units: int) -> list[str]:
    size = _PART[encoding]
    if units == len(text):
        return [text[at : at + size] for at in range(0, len(text), size)]
    double = _DOUBLE[encoding]
    segments: list[str] = []
    start = room = 0
    for at, character in enumerate(text):
        weight = 2 if double.match(character) else 1
        room += weight
        if room > size:
            segments.append(text[start:at])
            start, room = at, weight
    return [*segments, text[start:]]
