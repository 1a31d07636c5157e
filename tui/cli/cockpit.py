"""`offerdeck` and `offerdeck demo`: the way into the cockpit."""

from __future__ import annotations

import gc
import os
import sys

from core.errors import InvalidInput
from tui.cli.arguments import Parser
from tui.cli.voice import Voice


def run(command: str, words: list[str], voice: Voice) -> int:
    """Open the cockpit on a profile, or on the sandbox for `demo`."""
    parser = Parser(command, "The cockpit on a sandbox." if command else "The cockpit.")
    if command:
        parser.add_argument("--seed", type=int, default=7, metavar="N", help="what everything is made up from")
    arguments = parser.read(words, voice)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InvalidInput("The cockpit needs a terminal.", "Without one, use the commands: offerdeck --help")
    calm_collector()
    from core.deck import Deck
    from tui.app import run as open_cockpit

    deck = Deck.demo(arguments.seed, os.environ) if command else Deck.create(os.environ)
    return open_cockpit(deck, profile=arguments.profile or deck.default_profile())


def calm_collector() -> None:
    """Leave the collector of cycles to the cockpit's housekeeping, but for floods.

    What is imported is no garbage, nor is a large wallet; yet a keystroke's render makes enough new objects to have all
    young ones walked behind almost every key.
    """
    gc.set_threshold(100_000, 20, 20)
