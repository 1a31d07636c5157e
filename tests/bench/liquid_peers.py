"""Other people's Liquid engines, each in a process of its own that times itself."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.bench.measure import NotThere

HERE = Path(__file__).parent
NPM_LIMIT_S = 120


class Peer:
    """One engine behind a pipe. What it answers are milliseconds measured on its side.

    Between its turns the process is stopped: what it would still tidy up in the background is nobody else's cost.
    """

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, what: str, template: str, data: Any, *, times: int, turn: int) -> tuple[float, str]:
        """Milliseconds for one `parse` or `render`, the mean of `times`, and the text rendered.

        Raises NotThere when the engine cannot do it.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        job = {"what": what, "template": template, "data": data, "times": times, "turn": turn}
        self._process.send_signal(signal.SIGCONT)
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"failed": "it died"}')
        self._process.send_signal(signal.SIGSTOP)
        if "failed" in answer:
            raise NotThere(f"{self.name}: {answer['failed']}")
        return answer["ms"], answer["output"]

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def peers() -> Iterator[tuple[list[Peer], list[str]]]:
    """The engines this machine can run, and why it cannot run the others. Packages of npm go to a temporary folder."""
    found: list[Peer] = []
    missing: list[str] = []
    with ExitStack() as stack:
        for start in (_ruby, _node):
            try:
                found += start(stack)
            except NotThere as reason:
                missing.append(str(reason))
        for peer in found:
            stack.callback(peer.close)
        yield found, missing


def _ruby(_: ExitStack) -> list[Peer]:
    program = shutil.which("ruby")
    if program is None or subprocess.run([program, "-e", "require 'liquid'"], capture_output=True).returncode:
        raise NotThere("ruby-liquid: not measured, for ruby or its package liquid is not there.")
    return [Peer("ruby-liquid", [program, str(HERE / "liquid_peer.rb")])]


def _node(stack: ExitStack) -> list[Peer]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotThere("liquidjs, brazejs: not measured, for node or npm is not there.")
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    try:
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", folder, "liquidjs", "brazejs"]
        subprocess.run(command, check=True, capture_output=True, timeout=NPM_LIMIT_S)
    except (subprocess.SubprocessError, OSError) as error:
        raise NotThere("liquidjs, brazejs: not measured, for npm could not install them.") from error
    script = str(HERE / "liquid_peer.js")
    return [Peer(name, [node, script, folder, name]) for name in ("liquidjs", "brazejs")]
