"""What a program leaves behind: terminal modes, processes, and the text of a terminal after it has gone."""

from __future__ import annotations

import re
from pathlib import Path

_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([<>])\d*u")
_AT_REST = {7, 25}  # a terminal wraps its lines and shows its cursor


def modes_changed(raw: bytes) -> set[int]:
    """The private modes that are not as they were before `raw`: 1049 the other screen, 1000 to 1016 the mouse, ..."""
    modes: dict[int, bool] = {}
    for numbers, letter in _MODE.findall(raw):
        modes |= {int(number): letter == b"h" for number in numbers.split(b";")}
    return {number for number, is_on in modes.items() if is_on is not (number in _AT_REST)}


def keyboards_pushed(raw: bytes) -> int:
    """How many keyboard protocols were pushed and not popped."""
    return sum(1 if sign == b">" else -1 for sign in _KITTY.findall(raw))


def after_the_end(raw: bytes) -> bytes:
    """What stands in the terminal once its own screen is back, control sequences taken out."""
    left = raw.rpartition(b"\x1b[?1049l")[2]
    return re.sub(rb"\x1b\[[?<>=]?[\d;]*[a-zA-Z]", b"", left).strip()


def processes_below(pid: int) -> list[int]:
    """Every process that `pid` started and that still runs, and theirs."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            found += [child, *processes_below(child)]
    return found


def runs(pid: int) -> bool:
    """Whether the process is there and not just waiting to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
