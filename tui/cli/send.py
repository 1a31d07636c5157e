"""`send`: trigger a campaign or Canvas for named people."""

from __future__ import annotations

import os
from typing import Any

from core.deck import Deck
from core.desk import Desk
from core.errors import Guarded, InvalidInput
from core.sends import Recipients, Target, TargetKind, parse_properties, parse_set
from tui.cli.arguments import Arguments, Parser, profile_name
from tui.cli.given import read_given
from tui.cli.running import wait_for
from tui.cli.voice import Voice
from tui.cli.writing import carry_out, check_may_write


def run(command: str, words: list[str], voice: Voice) -> int:
    """Read the words of `send` and carry it out."""
    parser = Parser(command, "Trigger an API-triggered campaign or Canvas for named people.")
    parser.add_argument("kind", metavar="campaign|canvas", choices=[kind.value for kind in TargetKind])
    parser.add_argument("id", metavar="ID", help="as Braze shows it")
    parser.add_argument(
        "--to", metavar="USER", nargs="+", action="extend", default=[], help="external user ids, byte for byte"
    )
    parser.add_argument("--properties", metavar="FILE", help="a JSON object; - is the standard input")
    parser.add_argument(
        "--set", metavar="K=V", action="append", default=[], help="one property; V as JSON, else as text"
    )
    parser.add_argument("--broadcast", action="store_true", help="the whole segment: not possible in this version")
    parser.add_argument("--confirm-broadcast", metavar="NAME", help="the campaign's name, for --broadcast")
    parser.for_writing()
    return wait_for(_send(parser.read(words, voice), voice))


async def _send(arguments: Arguments, voice: Voice) -> int:
    if arguments.broadcast or arguments.confirm_broadcast is not None:
        raise Guarded("Sending to a whole segment is not possible in this version.", "Nothing left. Name people: --to")
    recipients = Recipients.parse(arguments.to)
    deck = Deck.create(os.environ)
    try:
        properties = _properties(deck, arguments, voice)
        name = profile_name(deck, arguments)
        check_may_write(arguments, deck.profiles.load(name), voice)
        target = Target(TargetKind(arguments.kind), arguments.id, "")
        desk = await deck.open(name, writing=not arguments.dry_run)
        if not (arguments.dry_run or arguments.confirm):
            target = await _named(desk, target)
        return await carry_out(voice, desk, desk.plan_send(target, recipients, properties), arguments)
    finally:
        await deck.close()


def _properties(deck: Deck, arguments: Arguments, voice: Voice) -> dict[str, Any]:
    """The file's properties with those of `--set` over them."""
    given = parse_properties(read_given(deck, arguments.properties, voice)) if arguments.properties else {}
    return {**given, **parse_set(arguments.set)}


async def _named(desk: Desk, target: Target) -> Target:
    """The target with its name and state, for a review."""
    if not target.id.strip():
        raise InvalidInput(f"The {target.kind.noun} has no id.", "Copy it from Braze.")
    return (await desk.target_details(target))[0]
