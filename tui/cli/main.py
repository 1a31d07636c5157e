"""Where the command `offerdeck` begins: finds the command's module, runs it, says in words what went wrong."""

from __future__ import annotations

import os
import sys

# Each command and the module that answers it; nothing is imported before it is asked for.
COMMANDS = {
    "demo": "cockpit",
    "sandbox": "sandbox",
    "wallet": "customers",
    "tags": "customers",
    "tag": "tag",
    "render": "render",
    "lint": "lint",
    "send": "send",
    "ledger": "ledger",
    "profile": "profile",
    "auth": "auth",
    "doctor": "doctor",
    "locate": "doctor",
}
NOT_YET = ("batch", "segment")
_WITH_VALUE = ("--profile",)
_FLAGS = ("--json", "--unlock-production")


def main(argv: list[str] | None = None) -> int:
    """Run one command line; gives the published exit code."""
    command, words = split(sys.argv[1:] if argv is None else argv)
    if not command and {"--version", "-V"}.intersection(words):
        from core import __version__

        return _tell(f"offerdeck {__version__}\n")
    if command == "help" or (not command and {"--help", "-h"}.intersection(words)):
        from tui.cli.help import TEXT

        return _tell(TEXT)
    from tui.cli.running import run

    return run(command, words)


def _tell(text: str) -> int:
    """`text` as data; 1 when it could not be written. A reader that left, as `head` does, is no trouble."""
    try:
        print(text, end="", flush=True)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0 if isinstance(error, BrokenPipeError) else 1
    return 0


def split(words: list[str]) -> tuple[str, list[str]]:
    """The command (nothing for the cockpit) and its words, with the global options that stood before it."""
    at = 0
    while at < len(words):
        word = words[at]
        if word in _WITH_VALUE:
            at += 2
        elif word in _FLAGS or word.startswith(tuple(f"{name}=" for name in _WITH_VALUE)):
            at += 1
        elif word.startswith("-"):
            return "", words
        else:
            return word, words[:at] + words[at + 1 :]
    return "", words


if __name__ == "__main__":
    sys.exit(main())
