"""Ruby's view of values: printing, truth, equality, order and numbers.

Measured on Ruby 3.1 with liquid 5.4.0 in lax mode; Braze says it runs "Liquid up to and including 5".
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from core.liquid.faults import ArgumentFault, LimitReached
from core.liquid.lexer import WHITESPACE
from core.liquid.times_far import FarTime, Moment

Value = Any
MAX_NUMBER_BITS = 20_000
DECIMALS = Context(prec=60, rounding=ROUND_HALF_UP, traps=[])  # as in Ruby, what has no result is NaN or Infinity

_PLAIN = frozenset({str, int, float})  # compared with their like as Python compares them
_DECIMAL = re.compile(r"-?\d+\.\d+", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+(?:_\d+)*", re.ASCII)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\e"}
_ESCAPES |= {"\x07": "\\a", "\x08": "\\b", "\x0b": "\\v", "\x0c": "\\f"}


class MethodLiteral:
    """`blank` or `empty` in a comparison: a question put to the other side."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def asked_of(self, value: Value) -> bool:
        """Braze docs, "Conditional logic": blank is nil, false, empty or white space; nil is not empty."""
        if not self.name:
            return False
        if self.name == "empty":
            return isinstance(value, str | list | dict) and not value
        if isinstance(value, str):
            return not value.strip(WHITESPACE + "\u00a0\u3000")
        return value is None or value is False or (isinstance(value, list | dict) and not value)


BLANK, EMPTY, NEVER_BLANK = MethodLiteral("blank"), MethodLiteral("empty"), MethodLiteral("")


class Drop:
    """An object of the engine (`forloop`): a fixed set of fields, nil for any other name."""

    __slots__ = ()
    ruby_name = "Liquid::Drop"

    def field(self, name: object) -> Value:
        """The field of that name, or None."""
        return None


def truthy(value: Value) -> bool:
    """Everything but nil and false."""
    return value is not None and value is not False


def float_text(value: float) -> str:
    """Ruby's Float#to_s: `100.0`, `1.0e+15` but `1000000000000000.5`, `1.0e-05`."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or (abs(value) >= 1e-4 and (abs(value) < 1e15 or value % 1)):
        text = repr(value)
        return f"{value:.1f}" if "e" in text else text
    sign, digits, scale = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    power = len(digits) - 1 + int(scale)
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}e{'-' if power < 0 else '+'}{abs(power):02}"


def time_text(value: Moment) -> str:
    """Ruby's Time#to_s: `2021-06-03 17:13:41 UTC` or with an offset."""
    near = value.near if isinstance(value, FarTime) else value
    zone = "UTC" if near.tzname() == "UTC" else near.strftime("%z")
    return f"{value.year:0{5 if value.year < 0 else 4}}-{near:%m-%d %H:%M:%S} {zone}"


def to_s(value: Value) -> str:
    """Ruby's to_s: nil is nothing, an array or hash is inspected."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, range):
        return f"{value.start}..{value.stop - 1}"
    if isinstance(value, Moment):
        return time_text(value)
    if isinstance(value, Drop):
        return value.ruby_name
    if isinstance(value, MethodLiteral):
        return ""
    return inspect(value)


def output_text(value: Value) -> str:
    """What `{{ }}` prints: arrays are joined without separator, everything else as `to_s()`."""
    if value.__class__ is int:
        return str(value)
    return joined(value, "") if isinstance(value, list) else to_s(value)


def joined(items: list[Value], glue: str) -> str:
    """Ruby's Array#join: nested arrays are joined with the same glue."""
    return glue.join(joined(item, glue) if isinstance(item, list) else to_s(item) for item in items)


def inspect(value: Value) -> str:
    """Ruby 3.1's inspect: `{"a"=>1, "b"=>nil}`, `["x", 2]`."""
    if value is None:
        return "nil"
    if isinstance(value, str):
        return _inspect_text(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(inspect, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inspect(key)}=>{inspect(item)}" for key, item in value.items()) + "}"
    return to_s(value)


def _inspect_text(text: str) -> str:
    out = []
    for index, char in enumerate(text):
        if char in _ESCAPES:
            out.append(_ESCAPES[char])
        elif char == "#" and text[index + 1 : index + 2] in ("{", "$", "@"):
            out.append("\\#")
        elif char == " " or char.isprintable():
            out.append(char)
        elif ord(char) < 0x80:
            out.append(f"\\x{ord(char):02X}" if ord(char) != 0x7F else "\\x7F")
        else:
            out.append(f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\u{{{ord(char):X}}}")
    return '"' + "".join(out) + '"'


def equal(left: Value, right: Value) -> bool:
    """Ruby's ==: true is not 1, 1 is 1.0, arrays and hashes by content."""
    if left.__class__ is right.__class__ and left.__class__ in _PLAIN:
        return bool(left == right)
    if isinstance(left, MethodLiteral):
        return left.asked_of(right)
    if isinstance(right, MethodLiteral):
        return right.asked_of(left)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(item, right[key]) for key, item in left.items())
    return bool(left == right)


def compare(left: Value, operator: str, right: Value) -> bool:
    """`<`, `>`, `<=`, `>=`: false for what has no order; raises ArgumentFault for a text against a number."""
    alike = left.__class__ is right.__class__ and left.__class__ in _PLAIN
    if not alike and not (_ordered(left) and _ordered(right)):
        return False
    if not alike and _kind(left) != _kind(right):
        shown = inspect(right) if isinstance(right, int | float) and not isinstance(left, int | float) else _kind(right)
        hint = (
            "Assign the text with | plus: 0 first: that makes a number of it."
            if str in (type(left), type(right))
            else ""
        )
        raise ArgumentFault(f"comparison of {_class(left)} with {shown} failed", hint)
    if operator == "<":
        return bool(left < right)
    if operator == ">":
        return bool(left > right)
    return bool(left <= right) if operator == "<=" else bool(left >= right)


def _ordered(value: Value) -> bool:
    return isinstance(value, int | float | str | Moment) and not isinstance(value, bool)


def _kind(value: Value) -> str:
    if isinstance(value, str):
        return "String"
    return "Time" if isinstance(value, Moment) else "Numeric"


def _class(value: Value) -> str:
    if isinstance(value, float):
        return "Float"
    return "Integer" if isinstance(value, int) else _kind(value)


def contains(left: Value, right: Value) -> bool:
    """A part of a text, a member of an array or range, a key of a hash."""
    if not (truthy(left) and truthy(right)):
        return False
    if isinstance(left, str):
        return to_s(right) in left
    if isinstance(left, list):
        return any(equal(item, right) for item in left)
    if isinstance(left, range):
        return isinstance(right, int | float) and not isinstance(right, bool) and left.start <= right <= left.stop - 1
    return isinstance(left, dict) and isinstance(right, str) and right in left


def leading_integer(text: str) -> int:
    """Ruby's String#to_i: the whole number a text begins with, else 0."""
    match = _INTEGER.match(text.lstrip(WHITESPACE))
    return bounded(int(match.group().replace("_", ""))) if match and len(match.group()) < 4000 else 0


def to_i(value: Value) -> int:
    """Ruby's to_i for nil, numbers and texts; 0 for the rest."""
    if isinstance(value, str):
        return leading_integer(value)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0


def to_number(value: Value) -> int | Decimal:
    """What a math filter computes with; texts that are no number count as the whole number they begin with."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str):
        stripped = value.strip(WHITESPACE)
        return Decimal(stripped) if _DECIMAL.fullmatch(stripped) else leading_integer(value)
    return 0


def from_number(number: int | Decimal) -> int | float:
    """A result of a math filter as a template sees it: decimals become floats."""
    return float(number) if isinstance(number, Decimal) else bounded(number)


def bounded(number: int) -> int:
    """The number itself. Raises LimitReached for thousands of digits."""
    if number.bit_length() > MAX_NUMBER_BITS:
        raise LimitReached("limit-number", "A number grew beyond 6,000 digits.", "Check the arithmetic in the loop.")
    return number


def to_integer(value: Value) -> int:
    """A whole number, strictly. Raises ArgumentFault("invalid integer") for anything else, floats included."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = to_s(value).strip(WHITESPACE)
    if _INTEGER.fullmatch(text) and len(text) < 4000:
        digits = text.replace("_", "")
        octal = re.fullmatch(r"([+-]?)0([0-7]+)", digits)
        return int(octal[1] + octal[2], 8) if octal else int(digits)
    raise ArgumentFault("invalid integer")
