"""How a render stops or stumbles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liquid.exceptions import LiquidError

from core.render import WantKind


class Fault(LiquidError):
    """A mistake met while rendering: Ruby prints it in place as "Liquid error: ..." and goes on.

    `told`: it was reported already when the template was read.
    """

    def __init__(self, message: str, hint: str = "", *, told: bool = False) -> None:
        super().__init__(message, token=None)
        self.words = message
        self.hint = hint
        self.told = told


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


class Waiting(Stop):
    """A live render came to something that nobody has answered yet; `span` is where it stands."""

    def __init__(self, kind: WantKind, request: Mapping[str, Any], span: tuple[int, int]) -> None:
        super().__init__(kind)
        self.kind, self.request, self.span = kind, request, span


class Mismatched(Stop):
    """An answer was given to something else than what is wanted: a fault of whoever drives a live render."""

    def __init__(self, wanted: WantKind, given: str) -> None:
        super().__init__(wanted)
        self.words = (
            f"The answer to a {given.replace('_', ' ')} came where another {wanted.replace('_', ' ')} is wanted."
        )


class TimedOut(Stop):
    """The clock of the child ran out."""
