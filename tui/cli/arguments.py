"""Reading a command's words: argparse with our errors, global options everywhere, the profile that is meant."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from core.errors import InvalidInput
from tui.cli.voice import Voice

if TYPE_CHECKING:
    from core.deck import Deck

Arguments = argparse.Namespace
_VERBATIM = "\0"  # no word of a command line can hold it


class Parser(argparse.ArgumentParser):
    """A parser for one command. Every error is an InvalidInput; options may stand between positional words."""

    def __init__(self, command: str, description: str) -> None:
        super().__init__(prog=f"offerdeck {command}".rstrip(), description=description, allow_abbrev=False)
        self.add_argument("--profile", metavar="NAME", help="the tenant (or OFFERDECK_PROFILE)")
        self.add_argument("--json", action="store_true", help="data as JSON on stdout")
        self.add_argument("--unlock-production", action="store_true", help="with --confirm: write to production")

    def error(self, message: str) -> NoReturn:
        """Raises InvalidInput with argparse's words and the usage line."""
        usage = " ".join(self.format_usage().split())
        raise InvalidInput(f"{self.prog}: {message}.", usage[:1].upper() + usage[1:])

    def read(self, words: list[str], voice: Voice) -> Arguments:
        """The words as values; `--help` among them is answered here and ends the command."""
        if {"--help", "-h"} & set(words[: words.index("--")] if "--" in words else words):
            voice.text(self.format_help())
            raise SystemExit(0)
        if "--" in words:
            end = words.index("--")
            words = words[:end] + [_VERBATIM + word for word in words[end + 1 :]]
        arguments = self.parse_intermixed_args(words)
        for name, value in vars(arguments).items():
            setattr(arguments, name, _verbatim(value))
        voice.json = arguments.json
        return arguments

    def for_writing(self) -> None:
        """The two ways a write may go."""
        ways = self.add_mutually_exclusive_group()
        ways.add_argument("--dry-run", action="store_true", help="show the exact request, send nothing")
        ways.add_argument("--confirm", action="store_true", help="send without asking")


def _verbatim(value: object) -> object:
    """What stood behind `--`, as it was: argparse forgets that mark where options and words are mixed."""
    if isinstance(value, list):
        return [_verbatim(item) for item in value]
    return value.removeprefix(_VERBATIM) if isinstance(value, str) else value


def action_of(command: str, words: list[str], actions: tuple[str, ...], default: str = "") -> tuple[str, list[str]]:
    """The second word of a command like `profile list`, and the rest. Raises InvalidInput for any other."""
    from tui.cli.main import split

    action, rest = split(words)
    if action in actions:
        return action, rest
    if not action and (default or "--help" in words or "-h" in words):
        return default, words
    known = ", ".join(f"offerdeck {command} {name}" for name in actions)
    what = f"There is no {command} {action[:40]!r}." if action else f"offerdeck {command} needs to know what to do."
    raise InvalidInput(what, f"Say {known}.")


def profile_name(deck: Deck, arguments: Arguments) -> str:
    """The profile that is meant. Raises InvalidInput when none is named and there is not exactly one."""
    if name := arguments.profile or deck.default_profile():
        return str(name)
    names = deck.profiles.names()
    if names:
        hint = "Say --profile NAME or set OFFERDECK_PROFILE."
        raise InvalidInput(f"There are {len(names)} profiles: {', '.join(names)}.", hint)
    raise InvalidInput("There is no profile yet.", "Add one: offerdeck profile add. Or look around: offerdeck demo")
