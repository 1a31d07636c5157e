"""What every room answers to: notices, the mouse, panes alone, dates, cultures, changes, leaving."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from io import StringIO

from textual.widgets._toast import Toast

from core.errors import InvalidInput
from core.moments import date_words
from core.offers import Offer
from core.wallets import changes_between
from tests.screens.cockpit import Cockpit, cockpit
from tui.dialogs.quit import QuitDialog
from tui.widgets.customer_card import CustomerCard
from tui.widgets.wallet_pane import WalletPane


async def test_an_error_stays_until_escape_dismisses_it_the_newest_first():
    async with cockpit(size=(80, 24)) as running:
        running.app.tell(InvalidInput("The first thing failed.", "Do this."))
        running.app.tell(InvalidInput("Then [/b] another.", "Do that."))
        await running.shows("The first thing failed.", "Then [/b] another.", "Do that.")
        assert all(toast._timeout > 600 for toast in running.app.screen.query(Toast))
        await running.press("escape")
        await running.hides("Then [/b] another.")
        await running.shows("The first thing failed.")
        await running.press("escape")
        await running.hides("The first thing failed.")


async def test_escape_acts_in_the_room_again_once_no_error_is_left():
    async with cockpit() as running:
        await running.press("slash", "text:coffee", "enter")
        await running.hides("pastries")
        running.app.tell(InvalidInput("It failed.", "Do this."))
        await running.shows("It failed.")
        await running.press("escape")
        await running.hides("It failed.")
        assert "pastries" not in running.text
        await running.press("escape")
        await running.shows("pastries")


async def test_escape_leaves_jump_mode_and_dialogs_even_while_a_passing_notice_is_shown():
    async with cockpit() as running:
        room = running.app.screen
        running.app.say("A notice.")
        running.app.tell(InvalidInput("It failed.", "Do this."))
        await running.shows("A notice.", "It failed.")
        await running.press("ctrl+o", "escape")
        await running.until(lambda: running.app.screen is room, "the room")
        await running.press("escape")
        await running.hides("It failed.")
        await running.press("p", "escape")
        await running.until(lambda: running.app.screen is room, "the room")


async def test_quitting_asks_only_while_something_would_be_lost():
    async with cockpit() as running:
        running.app.unsaved.add("points-expiring")
        await running.press("ctrl+q")
        await running.shows("Leave offerdeck?", "1 draft is not saved: points-expiring.")
        await running.press("ctrl+q", "enter")
        await running.until(lambda: not isinstance(running.app.screen, QuitDialog), "the room again")
        assert running.app.is_running
        running.app.unsaved.clear()
        await running.press("ctrl+q")
        await running.until(lambda: running.app._exit, "the end")


async def test_quitting_over_a_dialog_asks_too_and_yes_leaves():
    async with cockpit() as running:
        running.app.unsaved.add("welcome")
        await running.press("p")
        await running.shows("Profiles")
        await running.press("ctrl+q")
        await running.shows("Leave offerdeck?")
        await running.press("tab", "enter")
        await running.until(lambda: running.app._exit, "the end")


async def test_f_shows_the_focused_pane_alone_and_escape_shows_all_again():
    async with cockpit() as running:
        card, wallet = running.app.screen.query_one(CustomerCard), running.app.screen.query_one(WalletPane)
        width = wallet.size.width
        await running.press("f")
        await running.until(lambda: not card.display, "the wallet alone")
        await running.until(lambda: wallet.size.width > 100, "the wallet's new width")
        await running.press("escape")
        await running.until(lambda: card.display and wallet.size.width == width, "all panes as before")


async def test_f10_works_on_a_narrow_terminal_and_leaves_the_layout_as_it_was():
    async with cockpit(size=(80, 24)) as running:
        detail = running.app.screen.query_one("#detail")
        await running.press("f10", "f10")
        await running.pilot.pause()
        assert not detail.display
        await running.press("enter")
        await running.until(lambda: detail.display, "the detail")


async def test_t_changes_between_time_left_and_dates():
    async with cockpit() as running:
        await running.shows("2 h")
        left = running.app.screen.query_one(WalletPane).offer
        assert left is not None
        assert left.last_moment is not None
        await running.press("t")
        await running.shows(date_words(left.last_moment, UTC, running.deck.clock.now()))
        await running.press("t")
        await running.shows("2 h 0")


async def test_c_reads_the_wallet_in_another_culture():
    async with cockpit("german") as running:
        await running.press("c")
        await running.shows("Culture of the offer texts", "German, Germany")
        await running.press("3")
        await running.shows("· de-DE")
        await running.press("c", "tab", "text:not a culture", "enter")
        await running.shows("is not a culture")
        await running.press("escape")
        await running.shows("· de-DE")


async def test_capital_d_tells_what_the_last_read_changed():
    async with cockpit() as running:
        await running.press("D")
        await running.shows("There is no earlier read to compare with.")
        await running.press("escape", "ctrl+r")
        await running.read()
        await running.press("D")
        await running.shows("Changed since the read before", "Nothing changed.")
        await running.press("escape")
        subject = running.app.subject
        assert subject.wallet.value is not None
        first, *rest = subject.wallet.value.offers
        other = Offer({**first.raw, "name": "Free tea \u202e[/b]"}, 0)
        earlier = replace(subject.wallet.value, offers=(other, *rest[1:]), total_records=len(rest))
        changes = changes_between(earlier, subject.wallet.value)
        running.app.subject = replace(subject, earlier_wallet=earlier, changes=changes)
        await running.press("D")
        await running.shows("+ new", "~ changed", "name", "Free tea", "Free coffee")


async def test_f7_gives_the_mouse_to_the_terminal_and_takes_it_back():
    async with cockpit() as running:
        written: list[str] = []
        assert running.app._driver is not None
        running.app._driver.write = written.append  # type: ignore[method-assign]
        await running.press("f7")
        await running.shows("The mouse is the terminal's.")
        assert written[-1] == "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"
        await running.press("f7")
        assert written[-1] == "\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h"


async def test_a_notice_goes_by_itself_after_a_while():
    async with cockpit() as running:
        running.app.say("A notice.")
        await running.shows("A notice.")
        (toast,) = running.app.screen.query(Toast)
        assert toast._timeout < 10


def rendered(running: Cockpit, show_locals: bool) -> str:
    """The traceback of the error being handled, as a terminal would get it."""
    from rich.console import Console
    from rich.traceback import Traceback

    console = Console(width=200, record=True, file=StringIO())
    if show_locals:
        console.print(Traceback(show_locals=True))
    else:
        running.app._fatal_error()
        for renderable in running.app._exit_renderables:
            console.print(renderable)
        running.app._exit_renderables.clear()
    return console.export_text()


async def test_a_crash_shows_no_local_variable_for_it_may_be_a_secret():
    async with cockpit() as running:
        typed = "-".join(("CANARY", "typed"))
        try:
            raise RuntimeError("a bug")
        except RuntimeError:
            control, told = rendered(running, show_locals=True), rendered(running, show_locals=False)
        assert typed in control
        assert "RuntimeError" in told
        assert typed not in told


async def test_a_small_terminal_is_told_which_size_is_best():
    async with cockpit(size=(60, 20)) as running:
        await running.shows("80x24 best")
    async with cockpit(size=(80, 24)) as running:
        assert "80x24" not in running.text


async def test_a_dialog_ends_once_and_leaves_what_lies_below():
    async with cockpit() as running:
        await running.press("i")
        await running.shows("Where from")
        await running.press("y")
        await running.shows("HTTP request")
        menu = running.app.screen
        menu.dismiss(None)
        menu.dismiss(None)
        await running.hides("HTTP request")
        await running.shows("Where from")
