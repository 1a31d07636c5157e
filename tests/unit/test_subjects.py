"""The customer on the screen: answers are folded in, and those asked for somebody else are dropped."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from core.errors import Unreachable
from core.reads import Pane, PaneRead, Ticket, Tickets
from core.subjects import Subject, asked, asked_again, told
from core.tags import Tag, TagKind

NOW = datetime(2026, 11, 21, 21, 14, tzinfo=UTC)


def answer(ticket: Ticket) -> PaneRead:
    """Tags that say whom and which asking they belong to."""
    name = f"{ticket.profile} {ticket.customer} {ticket.generation}"
    return PaneRead(ticket, Pane.TAGS, [Tag(name, TagKind.UNKNOWN, None, None)], None, True, NOW)


def wrong_panels(switches: int, *, keep_tickets: bool) -> int:
    """How often other tags than those asked for last were shown, over `switches` with answers in any order."""
    chance, tickets, subject = random.Random(7), Tickets(), Subject()
    on_their_way: list[PaneRead] = []
    wrong = 0
    for _ in range(switches):
        ticket = tickets.issue(chance.choice(["acme", "acme-prod"]), chance.choice(["ana", "ben", "cho"]))
        again = subject.ticket is not None and subject.ticket.customer == ticket.customer and chance.random() < 0.5
        subject = asked_again(subject, ticket, Pane.TAGS) if again else asked(ticket.customer, "en-US", ticket)
        on_their_way.append(answer(ticket))
        for _ in range(chance.randrange(3)):
            if not on_their_way:
                break
            late = on_their_way.pop(chance.randrange(len(on_their_way)))
            assert tickets.is_current(late.ticket) is (late.ticket == ticket)
            if not keep_tickets:
                late = PaneRead(ticket, late.pane, late.value, None, True, NOW)
            subject = told(subject, late)
            shown = subject.tags.value
            if shown and not subject.tags.loading:
                wrong += shown[0].name != f"{ticket.profile} {ticket.customer} {ticket.generation}"
    return wrong


def test_five_thousand_switches_show_no_wrong_panel_and_many_without_tickets() -> None:
    assert wrong_panels(5_000, keep_tickets=True) == 0
    assert wrong_panels(5_000, keep_tickets=False) > 1_000


def test_after_a_profile_is_left_every_answer_is_stale() -> None:
    tickets = Tickets()
    ticket = tickets.issue("acme", "ana")
    assert tickets.is_current(ticket)
    tickets.void()
    assert not tickets.is_current(ticket)


def test_a_failed_refresh_keeps_what_was_there_beside_the_error() -> None:
    tickets = Tickets()
    first = tickets.issue("acme", "ana")
    subject = told(asked("ana", "en-US", first), answer(first))
    second = tickets.issue("acme", "ana")
    error = Unreachable("no answer")
    subject = told(asked_again(subject, second, Pane.TAGS), PaneRead(second, Pane.TAGS, None, error, True, NOW))
    assert subject.tags.value == answer(first).value
    assert (subject.tags.error, subject.tags.loading) == (error, False)
