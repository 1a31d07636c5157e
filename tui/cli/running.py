"""Running a command: its module, its streams, and every failure as words and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Coroutine
from importlib import import_module
from io import BytesIO, TextIOWrapper
from typing import Any, TextIO

from core.clean import safe
from core.errors import Exit, InvalidInput, OfferdeckError
from tui.cli.main import COMMANDS, NOT_YET
from tui.cli.voice import Voice


def run(command: str, words: list[str]) -> int:
    """Run `command` with its words; gives the published exit code. A traceback comes only where it was asked for."""
    voice = Voice(sys.stdin or _nowhere(), sys.stdout or _nowhere(), sys.stderr or _nowhere(), os.environ)
    code = _run(command, words, voice)
    voice.close()
    return Exit.REFUSED if code == Exit.OK and voice.lost and not voice.has_receipt else code


def _nowhere() -> TextIO:
    """What stands for a stream that was closed before the program began."""
    return TextIOWrapper(BytesIO(), encoding="utf-8")


def _run(command: str, words: list[str], voice: Voice) -> int:
    try:
        return int(_module(command).run(command, words, voice))
    except OfferdeckError as error:
        voice.fail(error)
        return error.exit_code
    except SystemExit as ended:
        return int(ended.code or 0)
    except KeyboardInterrupt:
        voice.say("Interrupted.")
        return Exit.INTERRUPTED
    except Exception as error:  # a fault of ours: a person gets words, a developer the rest with OFFERDECK_TRACE=1
        if os.environ.get("OFFERDECK_TRACE"):
            raise
        voice.say(f"offerdeck met a fault of its own: {type(error).__name__}.")
        voice.say("OFFERDECK_TRACE=1 shows where; a trace can hold what you typed, so read it before you pass it on.")
        return Exit.REFUSED


def _module(command: str) -> Any:
    if not command:
        return import_module("tui.cli.cockpit")
    if command in NOT_YET:
        raise InvalidInput(f"offerdeck {command} does not exist yet.", "See offerdeck --help for what does.")
    if command not in COMMANDS:
        raise InvalidInput(f"There is no command {safe(command)[:40]!r}.", "See offerdeck --help.")
    return import_module(f"tui.cli.{COMMANDS[command]}")


def wait_for(work: Coroutine[Any, Any, int]) -> int:
    """Run a command's coroutine to its end."""
    import asyncio

    return asyncio.run(work)
