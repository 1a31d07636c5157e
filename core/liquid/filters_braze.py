"""Filters that Braze adds (Braze docs, "Filters" and "Advanced filters")."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import quote

from core.liquid.faults import ArgumentFault
from core.liquid.filters import braze_filter
from core.liquid.values import Drop, Value, to_number, to_s


@braze_filter("md5")
def md5(value: Value) -> str:
    """The digest in hex."""
    return hashlib.md5(to_s(value).encode(), usedforsecurity=False).hexdigest()


@braze_filter("sha1")
def sha1(value: Value) -> str:
    """The digest in hex."""
    return hashlib.sha1(to_s(value).encode(), usedforsecurity=False).hexdigest()


@braze_filter("sha2")
def sha2(value: Value) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(to_s(value).encode()).hexdigest()


def _hmac(value: Value, key: Value, algorithm: str) -> bytes:
    return hmac.new(to_s(key).encode(), to_s(value).encode(), algorithm).digest()


@braze_filter("hmac_sha1_hex", "hmac_sha1", takes=(1, 1))
def hmac_sha1_hex(value: Value, key: Value) -> str:
    """HMAC-SHA1 in hex; hmac_sha1 is its old name."""
    return _hmac(value, key, "sha1").hex()


@braze_filter("hmac_sha1_base64", takes=(1, 1))
def hmac_sha1_base64(value: Value, key: Value) -> str:
    """HMAC-SHA1, the raw digest in Base64."""
    return b64encode(_hmac(value, key, "sha1")).decode()


@braze_filter("hmac_sha256_hex", "hmac_sha256", takes=(1, 1))
def hmac_sha256_hex(value: Value, key: Value) -> str:
    """HMAC-SHA256 in hex."""
    return _hmac(value, key, "sha256").hex()


@braze_filter("hmac_sha256_base64", takes=(1, 1))
def hmac_sha256_base64(value: Value, key: Value) -> str:
    """HMAC-SHA256, the raw digest in Base64."""
    return b64encode(_hmac(value, key, "sha256")).decode()


@braze_filter("hmac_sha512", takes=(1, 1))
def hmac_sha512(value: Value, key: Value) -> str:
    """HMAC-SHA512 in hex; that it is hex is inferred, Braze lists it without an example."""
    return _hmac(value, key, "sha512").hex()


@braze_filter("url_escape")
def url_escape(value: Value) -> str:
    """Percent-escapes what may not stand in a URL; its structure and & are left alone."""
    return quote(to_s(value), safe="!#$&'()*+,/:;=?@[]~%-._")


@braze_filter("url_param_escape")
def url_param_escape(value: Value) -> str:
    """Percent-escapes everything but letters, digits and `-._~`; a space becomes %20 (inferred)."""
    return quote(to_s(value), safe="-._~")


@braze_filter("property_accessor", takes=(1, 1))
def property_accessor(value: Value, key: Value) -> Value:
    """The field of that name; nil for none (inferred)."""
    if isinstance(value, Drop):
        return value.field(key)
    return value.get(to_s(key)) if isinstance(value, dict) else None


@braze_filter("number_with_delimiter")
def number_with_delimiter(value: Value) -> str:
    """A comma every three digits; a fraction is left as it is (inferred)."""
    whole, dot, fraction = to_s(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if not digits.isdecimal():
        return to_s(value)
    grouped = f"{int(digits):,}" if len(digits) < 4000 else digits
    return sign + grouped + dot + fraction


@braze_filter("money")
def money(value: Value) -> str:
    """Two decimals, no currency sign, no division by 100, no thousands separator (the last is inferred)."""
    return str(Decimal(to_number(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)) if value is not None else ""


@braze_filter("json_escape")
def json_escape(value: Value) -> str:
    """Fit to stand between the quotes of a JSON text."""
    return json.dumps(to_s(value), ensure_ascii=False)[1:-1]


@braze_filter("json_parse")
def json_parse(value: Value) -> Value:
    """The JSON text as a value. Raises ArgumentFault for anything else."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ArgumentFault("unexpected token in JSON", "The text is not JSON.") from error


@braze_filter("as_json_string")
def as_json_string(value: Value) -> str:
    """Compact JSON (its spacing is inferred)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=to_s)
