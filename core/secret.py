"""A secret that cannot be printed by accident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

MASK = "•••"
VARIABLES = "OFFERDECK_SECRET_"  # how each variable begins that may hold a secret


class Secret:
    """A key or password. `repr`, `str`, `format` and f-strings give `•••`; pickling and copying are refused.

    Only the wire calls `reveal()`, at the moment the bytes leave.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The value itself, for the wire and the keyring and nobody else."""
        return self.__value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __eq__(self, other: object) -> bool:
        from hmac import compare_digest  # late: what it imports takes 3 ms of every start

        return isinstance(other, Secret) and compare_digest(self.__value.encode(), other.__value.encode())

    def __hash__(self) -> int:
        return hash(("Secret", self.__value))

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A Secret cannot be pickled or copied.")

    def __getstate__(self) -> NoReturn:
        raise TypeError("A Secret cannot be pickled or copied.")


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for somebody else's program: every variable but those that may hold our secrets."""
    return {name: value for name, value in environ.items() if not name.upper().startswith(VARIABLES)}
