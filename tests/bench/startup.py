"""How soon something stands there: the command line, the first paint, a cached wallet."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from tests.bench.decode import wallet_bytes
from tests.bench.measure import Comparison, NotThere, Side, in_turns
from tests.bench.terminal import Paint, environment, first_paint

OFFERDECK = (sys.executable, "-m", "tui.cli.main")
BARE = (sys.executable, "-m", "tests.bench.apps", "bare")


def _run(*command: str) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment())
    return (time.perf_counter() - begun) * 1000


def version(turns: int = 40) -> list[Comparison]:
    """`--version` and `--help` against a Python that does nothing."""
    if find_spec("tui.cli.main") is None:
        raise NotThere("tui.cli.main does not exist yet.")
    compared = []
    for flag in ("--version", "--help"):
        ours, floor = in_turns(
            turns,
            (
                (f"offerdeck {flag}", lambda flag=flag: _run(*OFFERDECK, flag)),
                ("python -c pass", lambda: _run(sys.executable, "-c", "pass")),
            ),
        )
        compared.append(Comparison(f"offerdeck {flag}", ours, floor, 3.5))
    return compared


def _paints(turns: int, ours: tuple[str, ...], words: str, env: dict[str, str]) -> tuple[list[Paint], list[Paint]]:
    """Ours and the bare app in turns, after one turn that is not kept."""
    mine, bare = [], []
    for turn in range(turns + 1):
        one, other = first_paint(ours, words, env=env), first_paint(BARE, "bare-ready", env=env)
        if turn:
            mine.append(one)
            bare.append(other)
    return mine, bare


def _compared(what: str, name: str, paints: tuple[list[Paint], list[Paint]], goal: float) -> list[Comparison]:
    ours, bare = paints
    return [
        Comparison(
            what,
            Side(name, tuple(paint.took_ms for paint in ours)),
            Side("bare Textual", tuple(paint.took_ms for paint in bare)),
            goal,
        ),
        Comparison(
            f"{what}, memory",
            Side(name, tuple(paint.peak_mib for paint in ours)),
            Side("bare Textual", tuple(paint.peak_mib for paint in bare)),
            1.4,
            unit="MiB",
        ),
    ]


def paint(turns: int = 15, *, arguments: tuple[str, ...] = ("demo",), words: str = "offerdeck") -> list[Comparison]:
    """The first paint of the framed cockpit in a pty of 120x40 against a bare Textual app."""
    if find_spec("tui.cli.main") is None:
        raise NotThere("tui.cli.main does not exist yet.")
    with tempfile.TemporaryDirectory() as home:
        env = environment(OFFERDECK_HOME=home, HOME=home)
        name = " ".join(("offerdeck", *arguments))
        return _compared("first paint", name, _paints(turns, (*OFFERDECK, *arguments), words, env), 1.25)


def cached(turns: int = 15, *, offers: int = 1_000) -> list[Comparison]:
    """A wallet of 1,000 offers, read from a file, decoded, modelled and visible, against a bare Textual app."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "wallet.json"
        file.write_bytes(wallet_bytes(offers))
        command = (sys.executable, "-m", "tests.bench.apps", "wallet", str(file))
        paints = _paints(turns, command, "Offer number 30", environment(HOME=home))
        return _compared(f"cached wallet of {offers:,} offers visible", "offerdeck's table", paints, 1.5)[:1]
