"""The frames between the renderer and its child: four bytes of length, one of kind, then JSON.

Fast for what JSON is meant to hold; lone surrogates, huge numbers and the like take the slow way, and come through.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import msgspec

HEAD = struct.Struct(">IB")
DATA, REQUEST, ANSWER = ord("D"), ord("R"), ord("A")


def frame(kind: int, body: bytes) -> bytes:
    """A whole frame."""
    return HEAD.pack(len(body), kind) + body


def encoded(value: Any) -> bytes:
    """`value` as JSON; half characters become U+FFFD. Raises ValueError for what JSON cannot hold or nests too deep."""
    try:
        return msgspec.json.encode(value)
    except (UnicodeEncodeError, OverflowError, ValueError, TypeError, RecursionError, msgspec.MsgspecError):
        try:
            text = json.dumps(value, ensure_ascii=False)
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
        except (TypeError, RecursionError) as error:
            raise ValueError("This is no JSON, or is nested too deep.") from error


def decoded(body: bytes) -> Any:
    """The inverse of `encoded()`. Raises ValueError for anything else."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        try:
            return json.loads(body)
        except RecursionError as error:
            raise ValueError("This is nested too deep.") from error
