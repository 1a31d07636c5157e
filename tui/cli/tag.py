"""`tag`: set tags on one customer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime

from core.customers import Customer, IdKind, exact_ref
from core.deck import Deck
from core.desk import Desk
from core.errors import InvalidInput
from core.tags import Tag, Ttl, check_tag_names, parse_ttl
from tui.cli.arguments import Arguments, Parser, profile_name
from tui.cli.customers import user_id_of
from tui.cli.running import wait_for
from tui.cli.voice import Voice
from tui.cli.writing import carry_out, check_may_write


def run(command: str, words: list[str], voice: Voice) -> int:
    """Read the words of `tag` and carry it out."""
    parser = Parser(command, "Set tags on one customer; without --ttl each post adds 1 to a counter.")
    parser.add_argument("customer", metavar="CUSTOMER", help="a SessionM id, an external id or an email")
    parser.add_argument("tags", metavar="TAG", nargs="+")
    parser.add_argument("--ttl", metavar="30d", help="30d, 36h, 90m, seconds, or a date like 2026-12-24 18:00")
    parser.for_writing()
    return wait_for(_tag(parser.read(words, voice), voice))


async def _tag(arguments: Arguments, voice: Voice) -> int:
    deck = Deck.create(os.environ)
    try:
        name = profile_name(deck, arguments)
        profile = deck.profiles.load(name)
        tags = check_tag_names(tuple(arguments.tags))
        _ttl(arguments.ttl, deck.clock.now())
        check_may_write(arguments, profile, voice)
        desk = await deck.open(name, writing=not arguments.dry_run)
        reviewed = not (arguments.dry_run or arguments.confirm)
        user_id, customer, current = await _who(desk, arguments.customer, reviewed)
        ttl = _ttl(arguments.ttl, deck.clock.now())
        plan = desk.plan_tags(user_id, tags, ttl, customer=customer, current=current)
        return await carry_out(voice, desk, plan, arguments)
    finally:
        await deck.close()


def _ttl(text: str | None, now: datetime) -> Ttl | None:
    """None only where no TTL was asked for: `--ttl "$TTL"` of an unset variable must not make counters.

    Raises InvalidInput.
    """
    if text is not None and not text.strip():
        raise InvalidInput("The TTL is empty.", "Type one like 30d, or leave --ttl out for counters.")
    return parse_ttl(text or "", now)


async def _who(desk: Desk, text: str, reviewed: bool) -> tuple[str, Customer | None, Sequence[Tag] | None]:
    """SessionM's id; for a review also who that is and which tags are there now."""
    if not reviewed:
        return await user_id_of(desk, text), None, None
    ref = exact_ref(text)
    customer = await desk.known_by(ref)
    user_id = ref.value if ref.kind is IdKind.USER_ID else customer.user_id
    return user_id, customer, await desk.sessionm.tags(user_id)
