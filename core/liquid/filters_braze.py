"""Filters that Braze adds (Braze docs, "Filters" and "Advanced filters")."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from decimal import ROUND_HALF_UP, Decimal
from decimal import Context as Precision
from urllib.parse import quote

from core.liquid.context import Context
from core.liquid.faults import ArgumentFault
from core.liquid.filters import braze_filter
from core.liquid.values import Drop, Value, to_number, to_s

_WIDE = Precision(prec=7_000)


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


@braze_filter("hmac_sha512", takes=(1, 1), context=True)
def hmac_sha512(context: Context, value: Value, key: Value) -> str:
    """HMAC-SHA512; Braze lists it without an example, so its form is a switch."""
    form = context.data.switches.sha512_form
    context.unclear("sha512_form", f"hmac_sha512 is listed without an example; here it gives {form}.")
    digest = _hmac(value, key, "sha512")
    return digest.hex() if form == "hex" else b64encode(digest).decode()


@braze_filter("url_escape")
def url_escape(value: Value) -> str:
    """Percent-escapes what may not stand in a URL; its structure and & are left alone."""
    return quote(to_s(value), safe="!#$&'()*+,/:;=?@[]~%-._")


@braze_filter("url_param_escape", context=True)
def url_param_escape(context: Context, value: Value) -> str:
    """Percent-escapes everything but letters, digits and `-._~`; how a space is written is a switch."""
    escaped = quote(to_s(value), safe="-._~")
    if "%20" not in escaped:
        return escaped
    sign = {"percent": "%20", "plus": "+"}[context.data.switches.url_space]
    context.unclear("url_space", f"How url_param_escape writes a space is not documented; here it is {sign}.")
    return escaped.replace("%20", sign)


@braze_filter("property_accessor", takes=(1, 1), context=True)
def property_accessor(context: Context, value: Value, key: Value) -> Value:
    """The field of that name. Raises ArgumentFault for a missing one when its switch says so, else gives nil."""
    if isinstance(value, Drop):
        return value.field(key)
    name = to_s(key)
    if not isinstance(value, dict) or name in value:
        return value[name] if isinstance(value, dict) else None
    if context.data.switches.missing_property == "error":
        raise ArgumentFault(f"there is no property {name}")
    context.unclear("missing_property", f"property_accessor finds no {name} here; it gives nil.")
    return None


@braze_filter("number_with_delimiter", context=True)
def number_with_delimiter(context: Context, value: Value) -> str:
    """A comma every three digits; what becomes of a fraction is a switch."""
    whole, dot, fraction = to_s(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if not digits.isdecimal():
        return to_s(value)
    grouped = sign + (f"{int(digits):,}" if len(digits) < 4000 else digits)
    if not dot:
        return grouped
    reading = context.data.switches.delimiter_fraction
    context.unclear("delimiter_fraction", f"number_with_delimiter on a fraction is not documented; it is {reading}.")
    return grouped + dot + fraction if reading == "kept" else grouped


@braze_filter("money", context=True)
def money(context: Context, value: Value) -> str:
    """Two decimals, no currency sign, no division by 100; whether thousands are parted is a switch."""
    if value is None:
        return ""
    amount = Decimal(to_number(value)).quantize(Decimal("0.01"), ROUND_HALF_UP, _WIDE)
    if abs(amount) < 1000:
        return str(amount)
    parted = context.data.switches.money_thousands == "comma"
    told = f"{amount:,}" if parted else str(amount)
    context.unclear("money_thousands", f"Whether money parts thousands is not documented; here it writes {told}.")
    return told


@braze_filter("json_escape")
def json_escape(value: Value) -> str:
    """Fit to stand between the quotes of a JSON text."""
    return json.dumps(to_s(value), ensure_ascii=False)[1:-1]


def _no_json(word: str) -> Value:
    raise ValueError(word)


@braze_filter("json_parse")
def json_parse(value: Value) -> Value:
    """The JSON text as a value. Raises ArgumentFault for anything else."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_constant=_no_json)
    except ValueError as error:
        raise ArgumentFault("unexpected token in JSON", "The text is not JSON.") from error


@braze_filter("as_json_string", context=True)
def as_json_string(context: Context, value: Value) -> str:
    """JSON; its spacing is a switch."""
    spaced = context.data.switches.json_spacing == "spaced"
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": ") if spaced else (",", ":"), default=to_s)
