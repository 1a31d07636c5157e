"""Where the command `offerdeck` begins: finds the command's module, runs it, says in words what went wrong."""

from __future__ import annotations

import sys

# Each command and the module that answers it; nothing is imported before it is asked for.
COMMANDS = {
    "demo": "cockpit",
    "sandbox": "sandbox",
    "wallet": "customers",
    "tags": "customers",
    "tag": "tag",
    "render": "render",
    "lint": "render",
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
    words = sys.argv[1:] if argv is None else argv
    if words and words[0] in ("--version", "-V"):
        from core import __version__

        print(f"offerdeck {__version__}")
        return 0
    if words and words[0] in ("--help", "-h", "help"):
        from tui.cli.help import TEXT

        print(TEXT, end="")
        return 0
    from tui.cli.running import run

    return run(*split(words))


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
