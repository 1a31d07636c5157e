"""Answers without our secrets in them, in whatever spelling a server echoes them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from core.secret import MASK, Secret

_MASK = MASK.encode()
_SHORTEST = 6  # a shorter "secret" would tear holes into innocent text
_AUTH_TOKEN = re.compile(rb'("auth_token"\s*:\s*")(?:[^"\\]|\\.)*+(")')


def spellings(secrets: Iterable[Secret]) -> tuple[bytes, ...]:
    """Every spelling looked for, longest first: plain, percent-encoded, as JSON, as hex, inside any base64."""
    found: set[bytes] = set()
    for secret in secrets:
        text = secret.reveal()
        if len(text) < _SHORTEST:
            continue
        raw = text.encode("utf-8", "surrogatepass")
        found |= {raw, raw.hex().encode(), raw.hex().upper().encode(), *_base64_spellings(raw)}
        found |= {quote(raw, safe="").encode(), quote(raw).encode(), quote_plus(raw).encode()}
        escaped = (json.dumps(text, ensure_ascii=plain)[1:-1] for plain in (True, False))
        for form in escaped:
            found |= {form.encode("utf-8", "surrogatepass"), form.replace("/", "\\/").encode("utf-8", "surrogatepass")}
    return tuple(sorted((form for form in found if len(form) >= _SHORTEST), key=len, reverse=True))


def _base64_spellings(raw: bytes) -> set[bytes]:
    """What is the same in the base64 of every text that contains `raw`, for each of the three ways it can lie."""
    found = {base64.b64encode(raw), base64.urlsafe_b64encode(raw)}
    for offset in range(3):
        first = -(-offset * 8 // 6)  # characters that also hold bits of what stands before
        last = (offset + len(raw)) * 8 // 6  # characters that hold no bit of what stands behind
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * offset + raw)[first:last])
    return found


def redact_bytes(body: bytes, forms: tuple[bytes, ...]) -> bytes:
    """`body` with each of `forms`, and the value of every `auth_token`, replaced by `•••`."""
    for form in forms:
        if form in body:
            body = body.replace(form, _MASK)
    return _AUTH_TOKEN.sub(rb"\g<1>" + _MASK + rb"\g<2>", body) if b'"auth_token"' in body else body
