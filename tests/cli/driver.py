"""The real program by subprocess, in a home of its own, against servers on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.adapters.files import Places, ProfileFiles
from core.profiles import Profile

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """How one command line ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


@dataclass
class Program:
    """offerdeck in one home; `environ` holds what it sees beside PATH."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        """The whole environment of a run: nothing of the tester's own."""
        plain = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8", "TZ": "UTC"}
        plain |= {"OFFERDECK_HOME": str(self.home / "od"), "PYTHONWARNINGS": "error", "OFFERDECK_TRACE": "1"}
        return plain | self.environ

    def command(self, *words: str) -> list[str]:
        """The words of a process that runs this program."""
        return [sys.executable, "-m", "tui.cli.main", *words]

    def __call__(self, *words: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Done:
        ended = subprocess.run(
            self.command(*words),
            input=stdin.encode("utf-8", "surrogateescape"),
            capture_output=True,
            cwd=ROOT,
            env=self.env | dict(env or {}),
            timeout=60,
            check=False,
        )
        out, err = ended.stdout.decode(), ended.stderr.decode()
        assert "Traceback" not in err, err
        return Done(ended.returncode, out, err)


@dataclass(frozen=True)
class Vendors:
    """Where the vendors listen, with what secrets; `customers` are SessionM ids."""

    core_url: str
    connect_url: str
    braze_url: str
    secrets: Mapping[str, str]
    retailer_id: str
    customers: list[str]

    def profile_words(self, name: str, environment: str = "sandbox") -> list[str]:
        """`profile add` with every setting, secrets from the environment."""
        urls = ["--core-url", self.core_url, "--connect-url", self.connect_url, "--braze-url", self.braze_url]
        rest = ["--retailer-id", self.retailer_id, "--environment", environment, "--secrets", "environment"]
        return ["profile", "add", name, *urls, *rest]

    @property
    def variables(self) -> dict[str, str]:
        """The secrets as variables."""
        return {f"OFFERDECK_SECRET_{name.upper()}": value for name, value in self.secrets.items()}


@contextmanager
def sandbox_process(program: Program, *words: str) -> Iterator[Vendors]:
    """`offerdeck sandbox` as a process of its own, read by its one line, ended by SIGTERM."""
    process = subprocess.Popen(
        program.command("sandbox", *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=program.env
    )
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        yield Vendors(
            said["core_url"],
            said["connect_url"],
            said["braze_url"],
            said["secrets"],
            said["settings"]["retailer_id"],
            said["customers"],
        )
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, b"", b"")


def at(program: Program, vendors: Vendors) -> Program:
    """The program with the profile `sb` on these vendors."""
    program.environ |= vendors.variables
    profile = Profile.make(
        name="sb",
        environment="sandbox",
        core_url=vendors.core_url,
        connect_url=vendors.connect_url,
        braze_url=vendors.braze_url,
        retailer_id=vendors.retailer_id,
        secrets="environment",
    )
    ProfileFiles(Places.under(program.home / "od")).save(profile)
    return program
