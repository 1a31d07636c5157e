"""Filters on text, as Ruby's Liquid 5 has them."""

from __future__ import annotations

import base64
import binascii
import html
import re
from urllib.parse import quote_plus, unquote_plus

from core.liquid.faults import ArgumentFault
from core.liquid.filters import braze_filter
from core.liquid.lexer import WHITESPACE
from core.liquid.values import Value, to_integer, to_s

_LINE_BREAK = re.compile(r"\r?\n")
_HTML_BLOCK = re.compile(r"<script|<!--|<style")
_HTML_BLOCK_ENDS = {"<script": "</script>", "<!--": "-->", "<style": "</style>"}
_HTML_TAG = re.compile(r"<[^>]*>")
_ESCAPE_ONCE = re.compile(r"""["><']|&(?!([a-zA-Z]+|(#\d+));)""", re.ASCII)
_HTML = {"&": "&amp;", ">": "&gt;", "<": "&lt;", '"': "&quot;", "'": "&#39;"}
_SPACES = re.compile(r"[\t\n\v\f\r \0]+")


@braze_filter("downcase")
def downcase(value: Value) -> str:
    """All letters small."""
    return to_s(value).lower()


@braze_filter("upcase")
def upcase(value: Value) -> str:
    """All letters large."""
    return to_s(value).upper()


@braze_filter("capitalize")
def capitalize(value: Value) -> str:
    """The first letter large, all others small."""
    return to_s(value).capitalize()


@braze_filter("escape", "h")
def escape(value: Value) -> str | None:
    """HTML's five characters as entities."""
    return None if value is None else html.escape(to_s(value)).replace("&#x27;", "&#39;")


@braze_filter("escape_once")
def escape_once(value: Value) -> str:
    """As escape, entities left alone."""
    return _ESCAPE_ONCE.sub(lambda match: _HTML[match.group()], to_s(value))


@braze_filter("url_encode")
def url_encode(value: Value) -> str | None:
    """Form encoding: a space becomes +."""
    return None if value is None else quote_plus(to_s(value))


@braze_filter("url_decode")
def url_decode(value: Value) -> str | None:
    """The inverse of url_encode. Raises ArgumentFault for bytes that are no UTF-8."""
    if value is None:
        return None
    try:
        return unquote_plus(to_s(value), errors="strict")
    except UnicodeDecodeError as error:
        raise ArgumentFault("invalid byte sequence in UTF-8") from error


@braze_filter("base64_encode", "base64")
def base64_encode(value: Value) -> str:
    """Standard Base64 with padding (Braze docs, "Filters": the table's row is headed base64)."""
    return base64.b64encode(to_s(value).encode()).decode()


@braze_filter("base64_url_safe_encode")
def base64_url_safe_encode(value: Value) -> str:
    """URL-safe Base64."""
    return base64.urlsafe_b64encode(to_s(value).encode()).decode()


@braze_filter("base64_decode")
def base64_decode(value: Value) -> str:
    """Raises ArgumentFault for what is no Base64."""
    return _decoded(to_s(value), "base64_decode", altchars=None)


@braze_filter("base64_url_safe_decode")
def base64_url_safe_decode(value: Value) -> str:
    """Raises ArgumentFault for what is no Base64; padding may be missing."""
    text = to_s(value)
    return _decoded(text + "=" * (-len(text) % 4), "base64_url_safe_decode", altchars=b"-_")


def _decoded(text: str, name: str, *, altchars: bytes | None) -> str:
    try:
        return base64.b64decode(text, altchars, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError) as error:
        raise ArgumentFault(f"invalid base64 provided to {name}") from error


@braze_filter("slice", takes=(1, 2))
def slice_(value: Value, offset: Value, length: Value = None) -> Value:
    """`length` characters or items from `offset`, which may count from the end."""
    start = to_integer(offset)
    count = 1 if length is None or length is False else to_integer(length)
    whole: Value = value if isinstance(value, list) else to_s(value)
    start = start + len(whole) if start < 0 else start
    if not 0 <= start <= len(whole) or count < 0:
        return [] if isinstance(value, list) else ""
    return whole[start : start + count]


@braze_filter("truncate", takes=(0, 2))
def truncate(value: Value, length: Value = 50, ellipsis: Value = "...") -> str | None:
    """At most `length` characters, the ellipsis among them."""
    if value is None:
        return None
    text, tail, most = to_s(value), to_s(ellipsis), to_integer(length)
    keep = max(most - len(tail), 0)
    return text[:keep] + tail if len(text) > most else text


@braze_filter("truncatewords", takes=(0, 2))
def truncatewords(value: Value, words: Value = 15, ellipsis: Value = "...") -> str | None:
    """At most `words` words, then the ellipsis."""
    if value is None:
        return None
    text, most = to_s(value), max(to_integer(words), 1)
    found = [word for word in _SPACES.split(text) if word]
    if len(found) <= most:
        return text
    return " ".join(found[:most]) + to_s(ellipsis)


@braze_filter("split", takes=(1, 1))
def split(value: Value, pattern: Value) -> list[str]:
    """Ruby's split: one space parts at any white space, empty parts at the end are dropped."""
    text, glue = to_s(value), to_s(pattern)
    if glue == " ":
        return [word for word in _SPACES.split(text) if word]
    parts = list(text) if glue == "" else text.split(glue)
    while parts and parts[-1] == "":
        parts.pop()
    return parts


@braze_filter("strip")
def strip(value: Value) -> str:
    """Without white space at both ends."""
    return to_s(value).strip(WHITESPACE)


@braze_filter("lstrip")
def lstrip(value: Value) -> str:
    """Without white space at the beginning."""
    return to_s(value).lstrip(WHITESPACE)


@braze_filter("rstrip")
def rstrip(value: Value) -> str:
    """Without white space at the end."""
    return to_s(value).rstrip(WHITESPACE)


@braze_filter("strip_html")
def strip_html(value: Value) -> str:
    """Without tags, comments, scripts and styles."""
    text = to_s(value)
    if "<" not in text:
        return text
    text = _without_blocks(text)
    last = text.rfind(">") + 1  # behind it no tag can end, so none is looked for
    return _HTML_TAG.sub("", text[:last]) + text[last:]


def _without_blocks(text: str) -> str:
    kept, at = [], 0
    endless: set[str] = set()
    for match in _HTML_BLOCK.finditer(text):
        if match.start() < at or match[0] in endless:
            continue
        closing = _HTML_BLOCK_ENDS[match[0]]
        end = text.find(closing, match.end())
        if end < 0:
            endless.add(match[0])
            continue
        kept.append(text[at : match.start()])
        at = end + len(closing)
    return "".join([*kept, text[at:]])


@braze_filter("strip_newlines")
def strip_newlines(value: Value) -> str:
    """Without line breaks."""
    return _LINE_BREAK.sub("", to_s(value))


@braze_filter("newline_to_br")
def newline_to_br(value: Value) -> str:
    """`<br />` before each line break."""
    return _LINE_BREAK.sub("<br />\n", to_s(value))


@braze_filter("replace", takes=(1, 2))
def replace(value: Value, old: Value, new: Value = "") -> str:
    """Every occurrence."""
    return to_s(value).replace(to_s(old), _replacement(new))


@braze_filter("replace_first", takes=(1, 2))
def replace_first(value: Value, old: Value, new: Value = "") -> str:
    """The first occurrence."""
    return to_s(value).replace(to_s(old), _replacement(new), 1)


@braze_filter("replace_last", takes=(2, 2))
def replace_last(value: Value, old: Value, new: Value) -> str:
    """The last occurrence."""
    text, what = to_s(value), to_s(old)
    at = text.rfind(what)
    return text if at < 0 else text[:at] + to_s(new) + text[at + len(what) :]


@braze_filter("remove", takes=(1, 1))
def remove(value: Value, old: Value) -> str:
    """Without any occurrence."""
    return to_s(value).replace(to_s(old), "")


@braze_filter("remove_first", takes=(1, 1))
def remove_first(value: Value, old: Value) -> str:
    """Without the first occurrence."""
    return to_s(value).replace(to_s(old), "", 1)


@braze_filter("remove_last", takes=(1, 1))
def remove_last(value: Value, old: Value) -> str:
    """Without the last occurrence."""
    return replace_last(value, old, "")


@braze_filter("append", takes=(1, 1))
def append(value: Value, text: Value) -> str:
    """`text` behind the value."""
    return to_s(value) + to_s(text)


@braze_filter("prepend", takes=(1, 1))
def prepend(value: Value, text: Value) -> str:
    """`text` before the value."""
    return to_s(text) + to_s(value)


def _replacement(value: Value) -> str:
    r"""Ruby's gsub reads `\\` in a replacement as one backslash; groups there are none."""
    text = to_s(value)
    return text if "\\" not in text else text.replace("\\\\", "\\")
