"""Where a fault of the program itself is kept: a private file in the log folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from core.adapters.private import write_private
from core.crashes import Crash


def keep_crash(folder: Path, crash: Crash, at: datetime) -> str:
    """Write `crash` into `folder`; gives the file's path, or nothing when it could not be written."""
    path = folder / f"crash-{at:%Y%m%dT%H%M%SZ}.txt"
    try:
        write_private(path, f"{at:%Y-%m-%d %H:%M:%S} UTC\n{crash.report}".encode())
    except OSError:
        return ""
    return str(path)
