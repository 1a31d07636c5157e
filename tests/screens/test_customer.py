"""The Customer room by keys alone, on real HTTP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.reads import Pane, PaneRead, Ticket
from core.sandbox.seed_people import PEOPLE
from core.subjects import asked, told
from core.wallets import SortBy
from tests.screens.cockpit import Cockpit, cockpit, id_of
from tui.widgets.wallet_pane import Row, WalletPane

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def names(running: Cockpit) -> list[str]:
    """The offers in the list, top to bottom."""
    table = running.app.screen.query_one(WalletPane).table
    return [row.offer.name for row in table.rows if isinstance(row, Row)]


async def test_the_offer_that_ends_next_stands_first_and_its_detail_beside_it() -> None:
    async with cockpit() as running:
        await running.shows("Free coffee", "2 h", "12 of 12", "1 240", "store_visit", "same")
        assert names(running)[0] == "Free coffee"


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
@pytest.mark.parametrize("customer", [one.name for one in PEOPLE if one.name != "slow"])
async def test_every_seeded_customer_is_shown_in_every_layout(customer: str, size: tuple[int, int]) -> None:
    async with cockpit(customer, size=size) as running:
        width = size[0]
        assert all(strip.cell_length == width for strip in running.app.screen._compositor.render_strips())
        assert "reading …" not in running.text


async def test_an_email_and_a_pasted_ticket_line_lead_to_the_customer() -> None:
    async with cockpit() as running:
        for typed, name in (
            ("japanese@example.com", "美咲"),
            ("Ticket 4711: please look at CRM-000203, thanks", "Edda"),
        ):
            await running.press("f2", f"text:{typed}", "enter")
            await running.shows(name)
            await running.read()


async def test_an_id_nobody_has_says_so_and_leaves_no_pane_loading() -> None:
    async with cockpit() as running:
        await running.press("f2", "text:nobody@example.com", "enter")
        await running.shows("knows no customer")
        await running.read()
        assert "reading" not in running.text


async def test_a_text_without_an_id_says_so_and_leaves_no_pane_loading() -> None:
    async with cockpit() as running:
        await running.press("f2", "text:Ana Maria", "enter")
        await running.shows("There is no id in this text.")
        await running.read()
        assert "reading" not in running.text


async def test_enter_on_the_name_in_the_look_up_keeps_the_customer() -> None:
    async with cockpit() as running:
        ticket = running.app.subject.ticket
        await running.press("f2", "enter", "down")
        await running.shows("▌✓  20 % off pastries")
        assert running.app.subject.ticket == ticket


async def test_the_json_of_an_offer_goes_with_its_customer() -> None:
    async with cockpit() as running:
        await running.press("enter", "right_square_bracket")
        await running.shows("root_offer_id")
        await running.press("f2", "text:empty@example.com", "enter")
        await running.shows("Ben Ostrow", "The wallet is empty.")
        await running.read()
        assert "root_offer_id" not in running.text


async def test_a_failed_pane_says_so_while_the_others_stand_and_refresh_mends_it() -> None:
    async with cockpit() as running:
        running.sandbox.inject("404", service="core", path="/tags")
        await running.press("f2", f"text:{id_of('german')}", "enter")
        await running.read()
        await running.shows("TAGS", "found nothing", "$5 off")
        running.sandbox.clear_faults()
        await running.press("ctrl+r")
        await running.hides("found nothing")


async def test_a_failed_refresh_keeps_the_rows() -> None:
    async with cockpit() as running:
        before = names(running)
        running.sandbox.inject("404", service="connect", path="get_user_offers")
        await running.press("ctrl+r")
        await running.shows("not refreshed")
        assert names(running) == before


async def test_slash_filters_and_an_exclamation_mark_inverts() -> None:
    async with cockpit() as running:
        await running.press("slash", "text:coffee")
        await running.until(lambda: names(running) == ["Free coffee"], "one offer")
        await running.press("escape", "slash", "ctrl+u", "text:!coffee")
        await running.until(lambda: "Free coffee" not in names(running) and len(names(running)) == 11, "the others")
        await running.press("escape")
        await running.until(lambda: len(names(running)) == 12, "all offers")


async def test_sorting_and_grouping_keep_the_cursor_on_its_offer() -> None:
    async with cockpit() as running:
        await running.press("down", "down")
        pane = running.app.screen.query_one(WalletPane)
        chosen = pane.offer
        await running.press("s")
        assert names(running) == sorted(names(running), key=str.casefold)
        await running.press("b")
        await running.shows("Coffee bar")
        assert pane.offer is chosen


async def test_paging_past_a_thousand_ends_with_every_offer() -> None:
    async with cockpit("many") as running:
        await running.shows("1312 of 1312")
        assert len(names(running)) == 1312


async def test_enter_opens_the_detail_in_the_cards_place_at_80_columns_and_escape_goes_back() -> None:
    async with cockpit(size=(80, 24)) as running:
        await running.shows("IDENTITY")
        await running.press("enter")
        await running.shows("Details", "manual_fulf")
        assert "IDENTITY" not in running.text
        await running.press("escape")
        await running.shows("IDENTITY")


async def test_the_json_tab_shows_the_row_as_it_came() -> None:
    async with cockpit() as running:
        await running.press("enter", "right_square_bracket")
        await running.shows("redemption_end_date", "offer_group_id")


async def test_watching_marks_what_appeared() -> None:
    async with cockpit() as running:
        subject = running.app.subject
        wallet = subject.wallet.value
        assert wallet is not None
        # What the next read would find missing: the same wallet without its first offer was read before.
        fewer = replace(wallet, offers=wallet.offers[1:], total_records=len(wallet.offers) - 1)
        running.app.subject = replace(subject, wallet=replace(subject.wallet, value=fewer))
        await running.press("w")
        await running.shows("stop watching", "● ", "1 new", "Free coffee   new")


async def test_minus_goes_back_to_the_customer_before() -> None:
    async with cockpit() as running:
        await running.press("f2", f"text:{id_of('empty')}", "enter")
        await running.shows("The wallet is empty.")
        await running.press("minus")
        await running.shows("Free coffee")


async def test_an_answer_with_an_older_ticket_is_dropped() -> None:
    async with cockpit() as running:
        subject = running.app.subject
        assert subject.ticket is not None
        stale = Ticket(subject.ticket.profile, subject.ticket.customer, subject.ticket.generation - 1)
        read = PaneRead(stale, Pane.TAGS, [], None, True, running.deck.clock.now())
        running.app.post_message(running.app.ReadArrived(read))
        await running.pilot.pause()
        assert running.app.subject.tags.value


def test_folding_drops_what_was_asked_with_another_ticket() -> None:
    ticket = Ticket("demo", "ana", 2)
    subject = asked("ana", "en-US", ticket)
    for stale in (Ticket("demo", "ana", 1), Ticket("other", "ana", 2), Ticket("demo", "bob", 2)):
        read = PaneRead(stale, Pane.TAGS, ["x"], None, True, None)  # type: ignore[arg-type]
        assert told(subject, read) is subject


async def test_one_pane_at_a_time_on_narrow_screens_and_brackets_walk_between_them() -> None:
    async with cockpit(size=(60, 20)) as running:
        await running.shows("Free coffee")
        assert "IDENTITY" not in running.text
        await running.press("left_square_bracket")
        await running.shows("IDENTITY", "opted in")
        assert "expires ▲" not in running.text
        await running.press("right_square_bracket")
        await running.shows("expires ▲")
        await running.press("right_square_bracket")
        await running.shows("Details")
        await running.press("escape")
        await running.shows("expires ▲")


@pytest.mark.parametrize(
    ("size", "way"), [((120, 40), "enter"), ((60, 20), "enter"), ((60, 20), "left_square_bracket")]
)
async def test_the_letters_of_the_wallet_work_from_every_pane(size: tuple[int, int], way: str) -> None:
    async with cockpit(size=size) as running:
        pane = running.app.screen.query_one(WalletPane)
        await running.press(way)
        await running.until(lambda: not pane.has_focus_within, "another pane")
        await running.press("s")
        await running.until(lambda: pane.sort_by is SortBy.NAME, "the next order")
        assert pane.display
        await running.press("c")
        await running.shows("Culture of the offer texts")


async def test_what_is_typed_right_after_tab_lands_in_the_next_field() -> None:
    async with cockpit() as running:
        await running.press("T")
        await running.shows("Tag Ana Prado")
        for key in ("x", "tab", "3", "6", "h"):
            running.app.simulate_key(key)
        await running.shows("129600 s")
