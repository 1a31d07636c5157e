"""What holds for every test: how often the garbage collector walks, and who runs what in which order."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.scheduler import LoadFileScheduling

# Files whose tests each take seconds and share nothing: a worker takes them one by one, so that none is left with a
# whole file while the others have nothing to do. Their pictures share a port, and all other files are short.
ONE_BY_ONE = ("tests/screens/", "tests/terminal/")


def pytest_configure() -> None:
    """Let the garbage collector walk the whole heap once in a few tests.

    As Python sets it, it does so once or twice a test: a second for every second of a test of screens.
    """
    gc.set_threshold(2000, 10, 200)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slowest come first, as `slow(seconds)` tells; else the end would wait for one of them alone."""
    items.sort(key=lambda item: -_seconds(item))


def _seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("slow")
    return float(mark.args[0]) if mark is not None and mark.args else 0.0


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """File by file, but for the files that are given out test by test."""
    from xdist.scheduler import LoadFileScheduling

    class Pieces(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if nodeid.startswith(ONE_BY_ONE) else super()._split_scope(nodeid)

    return Pieces(config, log) if config.getoption("dist") == "loadfile" else None
