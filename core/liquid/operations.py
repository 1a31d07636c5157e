"""What is done with values: filters and conditions."""

from __future__ import annotations

from collections.abc import Callable

from core.liquid.context import SETTLED, Context
from core.liquid.expressions import Literal, Node, Path
from core.liquid.faults import ArgumentFault, LimitReached
from core.liquid.switches import left_open
from core.liquid.touching import TOUCHING, touching
from core.liquid.values import Value, compare, contains, equal, truthy

_ORDERS = frozenset({"<", ">", "<=", ">="})
Apply = Callable[[Context, Value], Value]


class FilterCall:
    """One filter with its arguments: `function(value, *settled)` when nothing is left to be found out, else `apply`."""

    __slots__ = ("apply", "function", "name", "settled")

    def __init__(
        self,
        name: str,
        spec: tuple[Callable[..., Value], int, int, bool] | None,
        args: tuple[Node, ...],
        options: tuple[tuple[str, Node], ...],
        place: tuple[int, int],
        text: str,
    ) -> None:
        """`text` is the filter as it is written, from `place` on."""
        self.name = name
        self.function: Callable[..., Value] = _as_it_is
        self.settled: tuple[Value, ...] | None = None
        self.apply: Apply = _as_it_is
        if spec is None:
            self.apply = _unknown(name)
            return
        self.function, least, most, needs_context = spec
        given = len(args) + bool(options)
        fits = least <= given <= most
        if fits and not needs_context and not options and name != "default":
            known = tuple([arg.value for arg in args if isinstance(arg, Literal)])
            if len(known) == given:
                self.settled = known
                if name in TOUCHING:
                    self._trace(args, _with_settled(self.function, known), place, text)
                return
        arguments = _arguments(args, options)
        if not fits:
            self.apply = _refusal(arguments, given + 1, str(least + 1) if least == most else f"{least + 1}..{most + 1}")
        elif needs_context:
            self.apply = _with_context(self.function, arguments, place)
        else:
            self.apply = _with_arguments(self.function, arguments)
            if name in TOUCHING:
                self._trace(args, self.apply, place, text)

    def _trace(self, args: tuple[Node, ...], apply: Apply, place: tuple[int, int], text: str) -> None:
        reader = Path(text, (), space=None, text=text, start=place[0])
        self.settled, self.apply = None, touching(self.name, args, reader, apply)


# These know nothing of the FilterCall they work for: a template without cycles is freed as soon as it is let go.


def _arguments(args: tuple[Node, ...], options: tuple[tuple[str, Node], ...]) -> Callable[[Context], list[Value]]:
    def evaluated(context: Context) -> list[Value]:
        values = [arg.evaluate(context) for arg in args]
        if options:
            values.append({name: option.evaluate(context) for name, option in options})
        return values

    return evaluated


def _as_it_is(_: Context, value: Value) -> Value:
    return value


def _with_arguments(function: Callable[..., Value], arguments: Callable[[Context], list[Value]]) -> Apply:
    return lambda context, value: function(value, *arguments(context))


def _with_settled(function: Callable[..., Value], settled: tuple[Value, ...]) -> Apply:
    return lambda _, value: function(value, *settled)


def _with_context(
    function: Callable[..., Value], arguments: Callable[[Context], list[Value]], place: tuple[int, int]
) -> Apply:
    def apply(context: Context, value: Value) -> Value:
        args = arguments(context)
        context.place = place
        return function(context, value, *args)

    return apply


def _refusal(arguments: Callable[[Context], list[Value]], given: int, expected: str) -> Apply:
    def refuse(context: Context, _: Value) -> Value:
        arguments(context)  # a mistake in them comes first
        raise ArgumentFault(f"wrong number of arguments (given {given}, expected {expected})", told=True)

    return refuse


def _unknown(name: str) -> Apply:
    def passed(context: Context, value: Value) -> Value:
        if context.data.switches.unknown_filter == "error":
            raise ArgumentFault(f"undefined filter {name}", left_open("unknown_filter"))
        return value

    return passed


class Filtered(Node):
    """A value and the filters it goes through."""

    __slots__ = ("filters", "value")

    def __init__(self, value: Node, filters: tuple[FilterCall, ...]) -> None:
        self.value, self.filters = value, filters

    def evaluate(self, context: Context) -> Value:
        value = self.value.evaluate(context)
        for one in self.filters:
            if one.settled is not None:
                value = one.function(value, *one.settled)
            else:
                value = _defaulted(context, one, value) if one.name == "default" else one.apply(context, value)
            if value.__class__ is str and len(value) > 5_000_000:
                raise LimitReached("limit-text", f"The filter {one.name} made more than 5,000,000 characters.", "")
        return value


def _defaulted(context: Context, default: FilterCall, value: Value) -> Value:
    """What `default` makes of a value; one that is taken is traced to where nothing was found."""
    met = context.met
    made = default.apply(context, value)
    context.met = met
    if made is not value:
        context.met = (SETTLED, ("default", context.origin()[1]), None)
    return made


class Condition(Node):
    """A comparison, and what it is joined to: Ruby reads and/or from right to left without precedence."""

    __slots__ = ("child", "left", "operator", "relation", "right")

    def __init__(self, left: Node, operator: str | None, right: Node) -> None:
        self.left, self.operator, self.right = left, operator, right
        self.relation = ""
        self.child: Condition | None = None

    def join(self, relation: str, child: Condition) -> None:
        """Hang `child` behind this one with `and` or `or`."""
        self.relation, self.child = relation, child

    def evaluate(self, context: Context) -> Value:
        condition = self
        result = condition.compare(context)
        while condition.child is not None and truthy(result) != (condition.relation == "or"):
            condition = condition.child
            result = condition.compare(context)
        return result

    def compare(self, context: Context) -> Value:
        """This comparison alone."""
        left = self.left.evaluate(context)
        operator = self.operator
        if operator is None:
            return left
        right = self.right.evaluate(context)
        if operator == "==":
            return equal(left, right)
        if operator in _ORDERS:
            return compare(left, operator, right)
        if operator in ("!=", "<>"):
            return not equal(left, right)
        if operator == "contains":
            return contains(left, right)
        raise ArgumentFault(f"Unknown operator {operator}", "Use == != > < >= <= or contains.")
