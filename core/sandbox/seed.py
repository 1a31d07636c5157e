"""Everything made up from one number: ids, secrets and small choices."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

NIL_GUID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class Seed:
    """A number from which every id follows: the same label is the same id, in every run."""

    number: int

    def _digest(self, label: str, size: int) -> bytes:
        return hashlib.blake2b(f"{self.number}/{label}".encode(), digest_size=size).digest()

    def uuid(self, label: str) -> str:
        """A version 4 UUID for `label`, lower case."""
        made = self._digest(label, 16).hex()
        return f"{made[:8]}-{made[8:12]}-4{made[13:16]}-{'89ab'[int(made[16], 16) % 4]}{made[17:20]}-{made[20:]}"

    def hex(self, label: str, length: int) -> str:
        """`length` hexadecimal digits, at most 128."""
        return self._digest(label, 64).hex()[:length]

    def below(self, label: str, limit: int) -> int:
        """A number from 0 to `limit` - 1."""
        return int.from_bytes(self._digest(label, 8)) % limit

    def pick(self, label: str, options: Sequence[T]) -> T:
        """One of `options`."""
        return options[self.below(label, len(options))]


def customer_id(seed: Seed, name: str) -> str:
    """The SessionM id of the customer with this slug."""
    return seed.uuid(f"user {name}")


def secrets_of(seed: Seed) -> dict[str, str]:
    """The sandbox's credentials by field: all different, all plainly fake, in the vendors' forms."""
    pair = f"sandbox-connect-key-{seed.hex('connect key', 12)}:sandbox-connect-secret-{seed.hex('connect secret', 20)}"
    return {
        "core_key": "fa4e" + seed.hex("core key", 36),
        "core_secret": f"sandbox-core-secret-{seed.hex('core secret', 24)}",
        "connect_authorization": base64.b64encode(pair.encode()).decode(),
        "braze_key": f"sandbox-braze-key-{seed.hex('braze key', 24)}",
        "braze_import_key": f"sandbox-import-key-{seed.hex('import key', 24)}",
        "segment_partner_key": f"sandbox-partner-key-{seed.hex('partner key', 24)}",
    }


def limited_braze_key(seed: Seed) -> str:
    """A Braze key that may list and export but neither send nor track."""
    return f"sandbox-braze-reader-{seed.hex('limited braze key', 24)}"
