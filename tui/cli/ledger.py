"""`ledger`: what left, one entry in full, and sending it again."""

from __future__ import annotations

import os
from datetime import datetime

from core.deck import Deck
from core.entries import call_of, entry_document, sent_again
from core.errors import Guarded, InvalidInput
from core.ledger import Entry
from tui.cli.arguments import Arguments, Parser, action_of
from tui.cli.columns import Column
from tui.cli.running import wait_for
from tui.cli.voice import Voice
from tui.cli.writing import carry_out, check_may_write

_COLUMNS = (
    Column("WHEN"),
    Column("OUTCOME"),
    Column("WHAT"),
    Column("TARGET", shrinks=True),
    Column("TO", shrinks=True),
    Column("PROFILE", shrinks=True),
    Column("REFERENCE", shrinks=True),
    Column("ENTRY"),
)


def run(command: str, words: list[str], voice: Voice) -> int:
    """Answer `ledger list`, `ledger show` or `ledger replay`."""
    action, rest = action_of(command, words, ("list", "show", "replay"), "list")
    parser = Parser(f"{command} {action}", "What left this machine, newest first.")
    if action == "list":
        parser.add_argument(
            "--search", metavar="TEXT", default="", help="names, ids, people, states, bodies, references"
        )
        parser.add_argument("--limit", metavar="N", type=int, default=100, help="how many at most (100)")
    else:
        parser.add_argument("id", metavar="ID", help="the entry, or the beginning of its id")
    if action == "replay":
        parser.for_writing()
    arguments = parser.read(rest, voice)
    return wait_for({"list": _list, "show": _show, "replay": _replay}[action](arguments, voice))


async def _list(arguments: Arguments, voice: Voice) -> int:
    if arguments.limit < 1:
        raise InvalidInput(f"{arguments.limit} is not a number of entries.", "Use 1 or more.")
    deck = Deck.create(os.environ)
    try:
        await deck.settle_the_dead()
        profile = arguments.profile or deck.environ.get("OFFERDECK_PROFILE") or None
        entries = await deck.ledger.entries(profile=profile, search=arguments.search, limit=arguments.limit)
        if voice.json:
            voice.data({"entries": [entry_document(entry) for entry in entries]})
        elif entries:
            voice.table(_COLUMNS, [_row(entry) for entry in entries])
        else:
            voice.say("Nothing matches." if arguments.search else "Nothing has left yet.")
        return 0
    finally:
        await deck.close()


async def _show(arguments: Arguments, voice: Voice) -> int:
    deck = Deck.create(os.environ)
    try:
        entry = await _entry(deck, arguments.id)
        if voice.json:
            voice.data(entry_document(entry))
            return 0
        voice.pairs(_pairs(entry))
        voice.line()
        voice.text(call_of(entry).http(entry.base_url))
        if entry.answer_body:
            voice.line()
            voice.text(f"{entry.status or ''}\n{entry.answer_body}".lstrip())
        return 0
    finally:
        await deck.close()


async def _replay(arguments: Arguments, voice: Voice) -> int:
    deck = Deck.create(os.environ)
    try:
        entry = await _entry(deck, arguments.id)
        if arguments.profile and arguments.profile != entry.profile:
            raise Guarded(f"That went through {entry.profile}, not {arguments.profile}.", "Leave --profile out.")
        check_may_write(arguments, deck.profiles.load(entry.profile), voice)
        desk = await deck.open(entry.profile, writing=not arguments.dry_run)
        return await carry_out(voice, desk, sent_again(desk, entry), arguments)
    finally:
        await deck.close()


async def _entry(deck: Deck, entry_id: str) -> Entry:
    await deck.settle_the_dead()
    found = await deck.ledger.entry(entry_id)
    if found is None:
        raise InvalidInput(
            f"The ledger has no entry {entry_id[:40]!r}, or several begin so.", "See offerdeck ledger list."
        )
    return found


def _row(entry: Entry) -> tuple[str, ...]:
    people = entry.recipients[0] if len(entry.recipients) == 1 else f"{len(entry.recipients)} people"
    target = entry.target_name or entry.target_id
    outcome = entry.state.words + (" (marked)" if entry.marked_by_person else "")
    when = _local(entry.created_at)
    return (when, outcome, entry.kind.value, target, people, entry.profile, entry.reference, entry.id[:12])


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def _pairs(entry: Entry) -> list[tuple[str, str]]:
    """What there is to know of an entry, but for its bodies."""
    marked = ", marked so by a person: the outcome was unknown" if entry.marked_by_person else ""
    return [
        ("entry", entry.id),
        ("outcome", entry.state.words + marked),
        ("reason", entry.reason),
        ("warnings", "; ".join(entry.warnings)),
        ("what", entry.kind.value),
        ("target", " · ".join(part for part in (entry.target_name, entry.target_id) if part)),
        ("to", ", ".join(entry.recipients)),
        ("dispatch id", entry.reference),
        ("profile", f"{entry.profile} ({entry.environment})"),
        ("planned", _local(entry.created_at)),
        ("settled", f"{_local(entry.settled_at)}, after {entry.elapsed_s:.2f} s" if entry.settled_at else ""),
        ("attempts", str(entry.attempts)),
        ("digest", entry.digest),
    ]
