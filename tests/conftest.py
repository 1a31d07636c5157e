"""What holds for every test."""

from __future__ import annotations

import gc


def pytest_configure() -> None:
    """Let the garbage collector walk the whole heap once in a few tests.

    As Python sets it, it does so once or twice a test: a second for every second of a test of screens.
    """
    gc.set_threshold(2000, 10, 200)
