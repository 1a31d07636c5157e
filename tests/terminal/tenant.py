"""A tenant of one's own for the cockpit on a real terminal: a sandbox process, a profile, its secrets in variables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from core.adapters.files import Places, ProfileFiles
from core.profiles import Profile
from tests.cli.driver import Program, Vendors, sandbox_process
from tests.terminal.terminal import Terminal

READS = ("get_user_offers", "/users/export/ids", "/incentives/api/1.0/")


@dataclass(frozen=True)
class Tenant:
    """Where the vendors listen, and the home of the person whose profile `sb` is on them."""

    vendors: Vendors
    home: Path

    def cockpit(self, *words: str, columns: int = 120, lines: int = 40, secrets: bool = True) -> Terminal:
        """The cockpit as `words` start it, this Python's arguments; its temporary files lie in the home too.

        Browser and pager keep what they were given, and their environment, in the home.
        """
        (self.home / "tmp").mkdir(exist_ok=True)
        environ = {"TMPDIR": str(self.home / "tmp"), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
        environ |= {"BROWSER": self._program("browser"), "PAGER": self._program("pager")}
        variables = self.vendors.variables if secrets else {}
        return Terminal(words, self.home, columns=columns, lines=lines, environ={**environ, **variables})

    def _program(self, name: str) -> str:
        path = self.home / name
        path.write_text(f'#!/bin/sh\ncat "${{1#file://}}" > "{path}.kept"\nenv > "{path}.environment"\n')
        path.chmod(0o700)
        return str(path)

    def add(self, name: str, secrets: str) -> None:
        """A profile on the vendors."""
        vendors = self.vendors
        profile = Profile.make(
            name=name,
            environment="sandbox",
            core_url=vendors.core_url,
            connect_url=vendors.connect_url,
            braze_url=vendors.braze_url,
            retailer_id=vendors.retailer_id,
            secrets=secrets,
        )
        ProfileFiles(Places.under(self.home / "offerdeck")).save(profile)

    def requests(self) -> list[dict[str, Any]]:
        """Every request the vendors received."""
        with urlopen(f"{self.vendors.core_url}/__sandbox__/requests") as answer:
            return list(json.load(answer)["requests"])

    def writes(self) -> list[str]:
        """Method and path of the requests that change something."""
        return [
            f"{request['method']} {request['path']}"
            for request in self.requests()
            if request["method"] != "GET" and not any(read in request["path"] for read in READS)
        ]


@contextmanager
def tenant_in(folder: Path) -> Iterator[Tenant]:
    """A tenant whose home is `folder`/home, with the profile `sb`; the vendors keep to a folder of their own."""
    home, elsewhere = folder / "home", folder / "vendors"
    home.mkdir()
    elsewhere.mkdir()
    with sandbox_process(Program(elsewhere)) as vendors:
        tenant = Tenant(vendors, home)
        tenant.add("sb", "environment")
        yield tenant
