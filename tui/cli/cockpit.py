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
    from core.deck import Deck
    from tui.app import run as open_cockpit

    calm_collector()
    deck = Deck.demo(arguments.seed, os.environ) if command else Deck.create(os.environ)
    return open_cockpit(deck, profile=arguments.profile or deck.default_profile())


def calm_collector() -> None:
    """Look for cyclic garbage less often: a large wallet is tens of thousands of objects and none of them garbage, yet
    a keystroke's render makes enough new ones to have all of them walked several times over."""
    gc.set_threshold(20_000, 20, 50)
