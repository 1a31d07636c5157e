"""A program in a real pseudo-terminal of 120x40: when words first stand on it, and the memory it took until then."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-9;?:>=<]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|[()][A-Z0-9]|.)", re.S
)


@dataclass(frozen=True, slots=True)
class Paint:
    """Milliseconds from starting the program to the words, and the most memory it held until then, in MiB."""

    took_ms: float
    peak_mib: float


def environment(**extra: str) -> dict[str, str]:
    """The variables of a modern terminal on a plain machine."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **extra}


def first_paint(command: Sequence[str], words: str, *, env: dict[str, str], seconds: float = 30.0) -> Paint:
    """Start `command` on a terminal of its own and wait for `words`; then kill it. Raises TimeoutError."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True, close_fds=True
    )
    os.close(slave)
    seen, wanted = b"", words.encode()
    try:
        while time.perf_counter() - begun < seconds:
            if not select.select([master], [], [], 0.5)[0]:
                continue
            try:
                seen += os.read(master, 65536)
            except OSError:
                break
            if wanted in _ESCAPES.sub(b"", seen):
                return Paint((time.perf_counter() - begun) * 1000, _peak_mib(process.pid))
        raise TimeoutError(
            f"{' '.join(command)} never showed {words!r}; its last words: {_ESCAPES.sub(b'', seen)[-600:]!r}"
        )
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(master)


def _peak_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    return int(found.group(1)) / 1024 if found else float("nan")
