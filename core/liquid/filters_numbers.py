"""Filters on numbers, as Ruby's Liquid 5 has them: decimals are exact, a division of whole numbers floors."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from core.liquid.faults import Fault
from core.liquid.filters import braze_filter
from core.liquid.values import DECIMALS, Value, from_number, to_number

Number = int | Decimal


def _pair(value: Value, operand: Value) -> tuple[Number, Number]:
    left, right = to_number(value), to_number(operand)
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return Decimal(left), Decimal(right)
    return left, right


@braze_filter("plus", takes=(1, 1))
def plus(value: Value, operand: Value) -> int | float:
    """The sum."""
    left, right = _pair(value, operand)
    return from_number(DECIMALS.add(left, right) if isinstance(left, Decimal) else left + right)  # type: ignore[operator]


@braze_filter("minus", takes=(1, 1))
def minus(value: Value, operand: Value) -> int | float:
    """The difference."""
    left, right = _pair(value, operand)
    return from_number(DECIMALS.subtract(left, right) if isinstance(left, Decimal) else left - right)  # type: ignore[operator]


@braze_filter("times", takes=(1, 1))
def times(value: Value, operand: Value) -> int | float:
    """The product."""
    left, right = _pair(value, operand)
    return from_number(DECIMALS.multiply(left, right) if isinstance(left, Decimal) else left * right)  # type: ignore[operator]


@braze_filter("divided_by", takes=(1, 1))
def divided_by(value: Value, operand: Value) -> int | float:
    """The quotient, floored for whole numbers. Raises Fault("divided by 0")."""
    left, right = _pair(value, operand)
    if not right:
        raise Fault("divided by 0", "Check the divisor first.")
    if isinstance(left, Decimal):
        return from_number(DECIMALS.divide(left, right))
    return from_number(left // right)  # type: ignore[operator]


@braze_filter("modulo", takes=(1, 1))
def modulo(value: Value, operand: Value) -> int | float:
    """The rest, with the sign of the divisor. Raises Fault("divided by 0")."""
    left, right = _pair(value, operand)
    if not right:
        raise Fault("divided by 0", "Check the divisor first.")
    if isinstance(left, Decimal):
        rest = DECIMALS.remainder(left, right)
        return from_number(DECIMALS.add(rest, Decimal(right)) if rest and (rest < 0) != (right < 0) else rest)
    return from_number(left % right)  # type: ignore[operator]


@braze_filter("abs")
def absolute(value: Value) -> int | float:
    """Without its sign."""
    return from_number(abs(to_number(value)))


@braze_filter("round", takes=(0, 1))
def round_(value: Value, digits: Value = 0) -> int | float:
    """Half away from zero; a whole number unless `digits` says otherwise."""
    number, places = to_number(value), int(to_number(digits))
    places = max(-400, min(places, 400))
    whole = digits == 0 and not isinstance(digits, bool)
    if isinstance(number, int):
        if places >= 0:
            return number
        unit = 10**-places
        rounded = (abs(number) + unit // 2) // unit * unit
        return rounded if number >= 0 else -rounded
    result = (
        number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, DECIMALS) if _exponent(number) > places else number
    )
    return int(result) if whole else float(result)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


@braze_filter("ceil")
def ceil(value: Value) -> int:
    """The next whole number up."""
    number = to_number(value)
    return number if isinstance(number, int) else int(number.to_integral_value(ROUND_CEILING))


@braze_filter("floor")
def floor(value: Value) -> int:
    """The next whole number down."""
    number = to_number(value)
    return number if isinstance(number, int) else int(number.to_integral_value(ROUND_FLOOR))


@braze_filter("at_least", takes=(1, 1))
def at_least(value: Value, least: Value) -> int | float:
    """The larger of the two."""
    number, bound = to_number(value), to_number(least)
    return from_number(bound if bound > number else number)


@braze_filter("at_most", takes=(1, 1))
def at_most(value: Value, most: Value) -> int | float:
    """The smaller of the two."""
    number, bound = to_number(value), to_number(most)
    return from_number(bound if bound < number else number)
