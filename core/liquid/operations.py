"""What is done with values: filters and conditions."""

from __future__ import annotations

from collections.abc import Callable

from core.liquid.context import Context
from core.liquid.expressions import Literal, Node
from core.liquid.faults import ArgumentFault, LimitReached
from core.liquid.switches import left_open
from core.liquid.values import Value, compare, contains, equal, truthy


class FilterCall:
    """One filter with its arguments. `apply` None: unknown, the value passes."""

    __slots__ = ("apply", "args", "constant", "name", "needs_context", "options", "place", "takes")

    def __init__(
        self,
        name: str,
        spec: tuple[Callable[..., Value], int, int, bool] | None,
        args: tuple[Node, ...],
        options: tuple[tuple[str, Node], ...],
        place: tuple[int, int],
    ) -> None:
        self.name, self.args, self.options, self.place = name, args, options, place
        self.apply: Callable[..., Value] | None = spec[0] if spec else None
        self.needs_context = spec[3] if spec else False
        self.takes = (spec[1], spec[2]) if spec else (0, 0)
        literal = not options and all(isinstance(arg, Literal) for arg in args)
        self.constant = [arg.value for arg in args if isinstance(arg, Literal)] if literal else None

    def __call__(self, context: Context, value: Value) -> Value:
        if self.apply is None:
            if context.data.switches.unknown_filter == "error":
                raise ArgumentFault(f"undefined filter {self.name}", left_open("unknown_filter"))
            return value
        args = self.constant
        if args is None:
            args = [arg.evaluate(context) for arg in self.args]
            if self.options:
                args.append({name: option.evaluate(context) for name, option in self.options})
        least, most = self.takes
        if not least <= len(args) <= most:
            expected = str(least + 1) if least == most else f"{least + 1}..{most + 1}"
            raise ArgumentFault(f"wrong number of arguments (given {len(args) + 1}, expected {expected})", told=True)
        if self.needs_context:
            context.place = self.place
            return self.apply(context, value, *args)
        return self.apply(value, *args)


class Filtered(Node):
    """A value and the filters it goes through."""

    __slots__ = ("filters", "value")

    def __init__(self, value: Node, filters: tuple[FilterCall, ...]) -> None:
        self.value, self.filters = value, filters

    def evaluate(self, context: Context) -> Value:  # type: ignore[override]
        value = self.value.evaluate(context)
        for one in self.filters:
            before, met = value, context.met
            value = one(context, value)
            if value is not before and one.name == "default":
                context.gave_way(met)
            if value.__class__ is str and len(value) > 5_000_000:
                raise LimitReached("limit-text", f"The filter {one.name} made more than 5,000,000 characters.", "")
        return value


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

    def evaluate(self, context: Context) -> Value:  # type: ignore[override]
        condition = self
        while True:
            result = condition.compare(context)
            if condition.child is None or truthy(result) == (condition.relation == "or"):
                return result
            condition = condition.child

    def compare(self, context: Context) -> Value:
        """This comparison alone."""
        left = self.left.evaluate(context)
        operator = self.operator
        if operator is None:
            return left
        right = self.right.evaluate(context)
        if operator == "==":
            return equal(left, right)
        if operator in ("!=", "<>"):
            return not equal(left, right)
        if operator == "contains":
            return contains(left, right)
        if operator in ("<", ">", "<=", ">="):
            return compare(left, operator, right)
        raise ArgumentFault(f"Unknown operator {operator}", "Use == != > < >= <= or contains.")
