"""Faults by name: what a service does wrong on request, where, and how often."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

VENDOR_STATUSES = ("401", "403", "404", "429", "500")
PAGES = ("502-html", "503-html", "504-html")
BEFORE = ("reset-before-read", "close-after-accept")
UNAPPLIED = ("reset-after-read", "hang", "redirect", "status-error", *VENDOR_STATUSES, *PAGES)
APPLIED = (
    "reset-after-apply",
    "hang-after-apply",
    "504-after-apply",
    "truncated-json",
    "cut-body",
    "slow-drip",
    "gzip-bomb",
    "non-json-200",
    "empty-200",
    "oversized-json",
    "deep-json",
)
NAMES = ("latency", *BEFORE, *UNAPPLIED, *APPLIED)
VALUES = {"latency": 400, "429": 3, "slow-drip": 200}
"""The faults that take a value, with the default: milliseconds, seconds until the reset, milliseconds a byte."""

SERVICES = ("core", "connect", "braze")
_SPEC = re.compile(
    r"(?P<name>[a-z0-9-]+)(=(?P<value>\d+))?(@(?P<service>[a-z]+))?(:(?P<path>/[^*]*))?(\*(?P<times>\d+))?"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `service` and `path` (a substring of the target) limit where, `times` how often; None is no limit."""

    name: str
    value: int = 0
    service: str | None = None
    path: str | None = None
    times: int | None = None

    @classmethod
    def parse(
        cls, text: str, *, service: str | None = None, path: str | None = None, times: int | None = None
    ) -> Fault:
        """Read `NAME[=VALUE][@SERVICE][:/PATH][*TIMES]`; keywords win. Raises ValueError naming what is wrong."""
        match = _SPEC.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a fault; write NAME[=VALUE][@SERVICE][:/PATH][*TIMES]")
        name = match["name"]
        if name not in NAMES:
            raise ValueError(f"no fault is called {name!r}; there are {', '.join(NAMES)}")
        if match["value"] and name not in VALUES:
            raise ValueError(f"the fault {name!r} takes no value")
        where = service or match["service"]
        if where is not None and where not in SERVICES:
            raise ValueError(f"no service is called {where!r}; there are {', '.join(SERVICES)}")
        often = times if times is not None else int(match["times"]) if match["times"] else None
        return cls(name, int(match["value"] or VALUES.get(name, 0)), where, path or match["path"], often)

    def fits(self, service: str, target: str) -> bool:
        """Whether the fault applies to this request."""
        return self.service in (None, service) and (self.path is None or self.path in target)


class FaultBoard:
    """The faults in force; safe to change from another thread."""

    def __init__(self, faults: Sequence[str] = ()) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = [Fault.parse(text) for text in faults]

    def add(self, fault: Fault) -> None:
        """Put a fault in force, after those that stand."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Lift every fault."""
        with self._lock:
            self._faults.clear()

    def names(self) -> list[str]:
        """What is in force now."""
        with self._lock:
            return [fault.name for fault in self._faults]

    def take(self, service: str, target: str) -> tuple[int, Fault | None]:
        """Latency in milliseconds and the first other fault for this request; counted ones are used up by one."""
        latency, chosen = 0, None
        with self._lock:
            kept: list[Fault] = []
            for fault in self._faults:
                used = fault.fits(service, target) and (fault.name == "latency" or chosen is None)
                if used and fault.name == "latency":
                    latency += fault.value
                elif used:
                    chosen = fault
                if not used or fault.times is None:
                    kept.append(fault)
                elif fault.times > 1:
                    kept.append(Fault(fault.name, fault.value, fault.service, fault.path, fault.times - 1))
            self._faults = kept
        return latency, chosen
