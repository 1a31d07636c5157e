"""Whether work grows with its input and no faster: CPU time against CPU time, never against a clock."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TIMES = 4
_MOST = 12  # times as long for four times as much; what grows with the square takes sixteen
_NOISE_S = 0.004


def cpu_s(work: Callable[[], object], tries: int = 3) -> float:
    """The least CPU time that `work` took in some tries, the walks of the garbage collector left out."""
    best = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(tries):
            began = time.process_time()
            work()
            best = min(best, time.process_time() - began)
    finally:
        gc.enable()
    return best


def assert_grows_linearly(work: Callable[[int], object], size: int) -> None:
    """Fails when `work(4 * size)` takes more than twelve times as long as `work(size)`."""
    small, large = cpu_s(lambda: work(size)), cpu_s(lambda: work(TIMES * size))
    assert large < _MOST * (small + _NOISE_S), f"{size}: {small:.3f} s, {TIMES * size}: {large:.3f} s"
