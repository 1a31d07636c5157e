"""Filters on numbers, as Ruby's Liquid 5 has them: decimals are exact, a division of whole numbers floors."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from core.liquid.faults import Fault
from core.liquid.filters import braze_filter
from core.liquid.values import DECIMALS, Value, from_number, to_number

_WIDE = Context(prec=7_000)


def _calculated(
    value: Value, operand: Value, whole: Callable[[int, int], int], exact: Callable[[Decimal, Decimal], Decimal]
) -> int | float:
    left, right = to_number(value), to_number(operand)
    if isinstance(left, int) and isinstance(right, int):
        return from_number(whole(left, right))
    return from_number(exact(Decimal(left), Decimal(right)))


@braze_filter("plus", takes=(1, 1))
def plus(value: Value, operand: Value) -> int | float:
    """The sum."""
    return _calculated(value, operand, operator.add, DECIMALS.add)


@braze_filter("minus", takes=(1, 1))
def minus(value: Value, operand: Value) -> int | float:
    """The difference."""
    return _calculated(value, operand, operator.sub, DECIMALS.subtract)


@braze_filter("times", takes=(1, 1))
def times(value: Value, operand: Value) -> int | float:
    """The product."""
    return _calculated(value, operand, operator.mul, DECIMALS.multiply)


@braze_filter("divided_by", takes=(1, 1))
def divided_by(value: Value, operand: Value) -> int | float:
    """The quotient, floored for whole numbers. Raises Fault("divided by 0")."""
    return _calculated(value, operand, _floored, DECIMALS.divide)


@braze_filter("modulo", takes=(1, 1))
def modulo(value: Value, operand: Value) -> int | float:
    """The rest, with the sign of the divisor. Raises Fault("divided by 0")."""
    if not to_number(operand) and not _is_nan(to_number(value)):
        raise _by_zero()
    return _calculated(value, operand, operator.mod, _modulo)


def _by_zero() -> Fault:
    return Fault("divided by 0", "Check the divisor first.")


def _floored(left: int, right: int) -> int:
    if not right:
        raise _by_zero()
    return left // right


def _modulo(left: Decimal, right: Decimal) -> Decimal:
    rest: Decimal = DECIMALS.remainder(left, right)
    if not rest:
        return DECIMALS.abs(rest)
    turned = not right.is_infinite() and _less(rest, 0) != _less(right, 0)
    return DECIMALS.add(rest, right) if turned else rest


def _is_nan(number: int | Decimal) -> bool:
    return isinstance(number, Decimal) and number.is_nan()


def _less(one: int | Decimal, other: int | Decimal) -> bool:
    """Whether one is smaller; NaN never is, and nothing is smaller than it."""
    return not _is_nan(one) and not _is_nan(other) and one < other


@braze_filter("abs")
def absolute(value: Value) -> int | float:
    """Without its sign."""
    number = to_number(value)
    return from_number(number.copy_abs() if isinstance(number, Decimal) else abs(number))


@braze_filter("round", takes=(0, 1))
def round_(value: Value, digits: Value = 0) -> int | float:
    """Half away from zero; a whole number unless `digits` asks for a fraction."""
    number, asked = to_number(value), int(_finite(Decimal(to_number(digits))))
    if not -(2**31) <= asked < 2**31:
        raise Fault("internal", "No number has that many digits.")
    places = max(-400, min(asked, 400))
    if isinstance(number, int) and places >= 0:
        return number
    if isinstance(number, Decimal) and places > 0 and not number.is_finite():
        return float(number)
    exact = _finite(Decimal(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)
    return float(exact) if places > 0 else int(exact)


def _finite(number: Decimal) -> Decimal:
    if number.is_finite():
        return number
    name = "NaN" if number.is_nan() else "-Infinity" if number < 0 else "Infinity"
    told = "'NaN' (Not a Number)" if name == "NaN" else f"'{name}'"
    raise Fault(f"Computation results in {told}", "Check the divisor first.")


@braze_filter("ceil")
def ceil(value: Value) -> int:
    """The next whole number up."""
    number = to_number(value)
    return number if isinstance(number, int) else int(_finite(number).to_integral_value(ROUND_CEILING))


@braze_filter("floor")
def floor(value: Value) -> int:
    """The next whole number down."""
    number = to_number(value)
    return number if isinstance(number, int) else int(_finite(number).to_integral_value(ROUND_FLOOR))


@braze_filter("at_least", takes=(1, 1))
def at_least(value: Value, least: Value) -> int | float:
    """The larger of the two."""
    number, bound = to_number(value), to_number(least)
    return from_number(bound if _less(number, bound) else number)


@braze_filter("at_most", takes=(1, 1))
def at_most(value: Value, most: Value) -> int | float:
    """The smaller of the two."""
    number, bound = to_number(value), to_number(most)
    return from_number(bound if _less(bound, number) else number)
