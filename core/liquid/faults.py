"""How a render stops or stumbles."""

from __future__ import annotations

from liquid.exceptions import LiquidError


class Fault(LiquidError):
    """A mistake met while rendering: Ruby prints it in place as "Liquid error: ..." and goes on."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, token=None)
        self.words = message
        self.hint = hint


class ArgumentFault(Fault):
    """A filter or comparison was given what it cannot work with."""


class Stop(BaseException):
    """The render ends here. Not an Exception: nothing between the node and the engine may swallow it."""


class Aborted(Stop):
    """`{% abort_message %}` was reached, or a Braze rule cancels the message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LimitReached(Stop):
    """One of our own limits; Braze documents none."""

    def __init__(self, rule: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.rule, self.message, self.hint = rule, message, hint


class TimedOut(Stop):
    """The clock of the child ran out."""
