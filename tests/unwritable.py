"""A home on a disk that takes nothing, also for those whom no permission stops."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """An empty folder that anybody can reach, as folders of pytest's own cannot be."""
    folder = Path(tempfile.mkdtemp(prefix="offerdeck-unwritable-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Nothing in or under `folder` can be written meanwhile; root becomes nobody for as long."""
    found = [folder, *folder.rglob("*")]
    is_root = os.geteuid() == 0
    for path in reversed(found):
        path.chmod(0o500 if path.is_dir() else 0o400)
        if is_root:
            os.chown(path, NOBODY, NOBODY)
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path in found:
            path.chmod(0o700 if path.is_dir() else 0o600)
            if is_root:
                os.chown(path, 0, 0)
