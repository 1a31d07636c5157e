"""The program in a home of its own, and vendors to speak with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.driver import Program, Vendors, at, sandbox_process


@pytest.fixture(scope="session")
def vendors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendors]:
    """One sandbox for every test that needs no fault."""
    with sandbox_process(Program(tmp_path_factory.mktemp("sandbox"))) as running:
        yield running


@pytest.fixture
def bare(tmp_path: Path) -> Program:
    """The program in an empty home."""
    return Program(tmp_path)


@pytest.fixture
def program(bare: Program, vendors: Vendors) -> Program:
    """The program with one profile, `sb`, on the sandbox."""
    return at(bare, vendors)


@pytest.fixture
def faulty(bare: Program, tmp_path: Path) -> Iterator[Callable[..., Vendors]]:
    """Starts a sandbox with faults and gives the program the profile `sb` on it."""
    with ExitStack() as stack:

        def start(*faults: str) -> Vendors:
            words = [word for fault in faults for word in ("--fault", fault)]
            running = stack.enter_context(sandbox_process(Program(tmp_path / "vendors"), *words))
            at(bare, running)
            return running

        yield start
