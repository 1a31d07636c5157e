"""What if by keys: a table that fills row by row, the message of each row, and what can be copied of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from core.messages import chosen_offer, message_data
from core.render import RenderData, Rendered
from core.verdicts import Render
from tests.screens.cockpit import Cockpit, cockpit
from tests.screens.driver import widget_text
from tests.starting import wallet_html
from tui.dialogs.what_if import WhatIfDialog
from tui.frame import Room

HOSTILE = "[/b] [@click=app.quit]x[/] \x1b]52;c;aGk=\x07"


def dialog(running: Cockpit) -> WhatIfDialog:
    screen = running.app.screen
    assert isinstance(screen, WhatIfDialog)
    return screen


def ana(running: Cockpit) -> RenderData:
    """The data of the message for the customer on the screen."""
    subject, desk = running.app.subject, running.app.desk
    assert desk is not None
    return message_data(subject, chosen_offer(subject, "", running.deck.clock.now()), desk.profile)


def of_template(running: Cockpit, text: str) -> Render:
    async def render(data: RenderData) -> Rendered:
        return await running.deck.renderer().render(text, data, connected="stub")

    return render


async def open_dialog(running: Cockpit, render: Render, *, whom: str = "Ana Prado") -> None:
    async def data() -> RenderData:
        return ana(running)

    running.app.push_screen(WhatIfDialog(render, data, whom=whom))
    await running.until(lambda: isinstance(running.app.screen, WhatIfDialog), "the dialog")


async def all_back(running: Cockpit) -> None:
    def is_back() -> bool:
        trials = dialog(running).trials
        return bool(trials) and all(trial.result is not None for trial in trials)

    await running.until(is_back, "every row")
    await running.pilot.pause()


@asynccontextmanager
async def starter(size: tuple[int, int] = (120, 40)) -> AsyncIterator[Cockpit]:
    """The dialog on the starter that reads the wallet, every row back."""
    async with cockpit(size=size) as running:
        assert running.app.desk is not None
        await open_dialog(running, of_template(running, wallet_html(running.app.desk.profile)))
        await all_back(running)
        yield running


async def test_each_circumstance_has_a_row_with_sign_word_and_what_is_different():
    async with starter() as running:
        table = widget_text(dialog(running).table)
        rows = {line[1:17].strip(): line[18:] for line in table.splitlines()[1:]}
        assert len(rows) == 11
        assert "✓ rendered" in rows["as it is"]
        assert "! aborted" in rows["empty wallet"]
        assert "the wallet is empty" in rows["empty wallet"]
        assert "You have 0 points." in rows["0 points"]
        assert "= same" in rows["other language"]
        assert "Hi there" in rows["nobody known"]
        await running.shows("for Ana Prado, offline", "! 6 aborted", "= 1 same")


async def test_the_row_under_the_cursor_shows_its_message_beside_and_its_words_below():
    async with starter() as running:
        await running.shows("You have 1240 points.")
        await running.press("j", "j")
        await running.shows("changed    available_points 0", "differs in 1 line", "- You have 1240", "+ You have 0")
        assert "You have 0 points." in widget_text(dialog(running).message)
        await running.press("k")
        await running.shows("user_offers [], total_records 0", "aborts     the wallet is empty", "No message.")


async def test_on_a_small_terminal_enter_shows_the_message_and_esc_goes_back_one_level():
    async with starter((80, 24)) as running:
        assert not dialog(running).message.display or dialog(running).message.region.height == 0
        await running.press("j", "j", "enter")
        await running.until(lambda: dialog(running).message.has_focus, "the focus in the message")
        await running.shows("Hi Ana", "You have 0 points.")
        await running.hides("circumstance")
        await running.shows("[ before", "] next")
        await running.press("]")
        await running.shows("offers expired")
        await running.press("escape")
        await running.shows("circumstance")
        await running.hides("] next")
        assert dialog(running).table.has_focus
        assert dialog(running).current is not None
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, Room), "the room below")


class Permitted:
    """Renders one message for each permit."""

    def __init__(self) -> None:
        self.permits = asyncio.Semaphore(0)
        self.begun = 0
        self.ended = 0

    async def __call__(self, data: RenderData) -> Rendered:
        self.begun += 1
        try:
            await self.permits.acquire()
        finally:
            self.ended += 1
        return Rendered("rendered", f"message {self.begun}")


async def test_rows_wait_by_name_and_fill_one_by_one():
    async with cockpit() as running:
        render = Permitted()
        await open_dialog(running, render)
        await running.shows("rendering 0 of 11", "empty wallet", "… waiting")
        assert "✓" not in widget_text(dialog(running).table)
        render.permits.release()
        await running.shows("rendering 1 of 11", "message 1")
        assert widget_text(dialog(running).table).count("✓ rendered") == 1


async def test_leaving_ends_the_run_and_again_starts_it_over():
    async with cockpit() as running:
        render = Permitted()
        await open_dialog(running, render)
        await running.until(lambda: render.begun == 1, "the first render")
        await running.press("f5")
        await running.until(lambda: (render.begun, render.ended) == (2, 1), "the first one broken off for another")
        await running.press("escape")
        await running.until(lambda: render.ended == 2, "the run ended with the dialog")
        assert render.begun == 2


async def test_blank_and_broken_messages_are_told_by_word():
    async with cockpit() as running:

        async def render(data: RenderData) -> Rendered:
            if "wallet" not in data.variables:
                return Rendered.failure("broken", HOSTILE, "")
            offers = data.variables["wallet"]["payload"]["user_offers"]
            return Rendered("rendered", "offers" if offers else "<p> </p>")

        await open_dialog(running, render, whom=HOSTILE)
        await all_back(running)
        await running.press("j")
        await running.shows("○ blank", "✗ error", "The message is blank.", "✗ 5 error", "○ 1 blank")
        await running.press("j", "j", "j")
        await running.shows("It cannot be rendered.", "[/b] [@click=app.quit]")
        assert "\x1b" not in running.text


async def test_the_table_is_copied_as_markdown(monkeypatch: pytest.MonkeyPatch):
    async with starter() as running:
        copied = []
        monkeypatch.setattr(running.app, "copy", copied.append)
        await running.press("y")
        await running.shows("table as Markdown", "raw output")
        await running.press("m")
        await running.until(lambda: bool(copied), "the copy")
        lines = copied[0].text.splitlines()
        assert lines[0] == "| circumstance | changed | outcome | why | characters | as it is | here |"
        assert "| empty wallet | user_offers [], total_records 0 | aborted | the wallet is empty | 0 |  |  |" in lines
        assert len(lines) == 13


async def test_a_message_with_holes_and_one_that_shows_expired_offers_are_marked_and_say_so():
    template = "{{ ${first_name} }}: {% for offer in wallet.payload.user_offers %}{{ offer.name }}, {% endfor %}"
    async with cockpit() as running:
        await open_dialog(running, of_template(running, template))
        await all_back(running)
        rows = {line[1:17].strip(): line[18:] for line in widget_text(dialog(running).table).splitlines()[1:]}
        assert "! rendered" in rows["offers expired"]
        assert "shows expired offers" in rows["offers expired"]
        assert "! rendered" in rows["nobody known"]
        assert "1 hole: 1:4" in rows["nobody known"]
        assert "✓ rendered" in rows["0 points"] or "= same" in rows["0 points"]
        assert "shows expired offers" in rows["as it is"]  # Ana's wallet holds one that has ended
        await running.shows("! 3 not as it should be")
        await running.press("j", "j", "j")
        await running.shows("beware     shows expired offers: nothing tests expiration_date")


async def test_a_message_that_prints_errors_is_no_good_one_and_says_how_many():
    template = "{{ ${first_name} | default: 'you' }}, {{ 5 | divided_by: 0 }}"
    async with cockpit() as running:
        await open_dialog(running, of_template(running, template))
        await all_back(running)
        rows = {line[1:17].strip(): line[18:] for line in widget_text(dialog(running).table).splitlines()[1:]}
        assert "! 1 error" in rows["as it is"]
        assert "Liquid error" in rows["as it is"]
        assert "! 1 error" in rows["nobody known"]
        assert "= same" in rows["0 points"]
        assert "✓" not in widget_text(dialog(running).table)
        await running.shows("! 2 with errors", "= 9 same", "! rendered with 1 error", "error      1:")
        table = dialog(running).copyables()[0].text
        assert "| as it is | nothing | rendered with 1 error |" in table


async def test_a_push_about_an_offer_that_has_ended_is_marked():
    push = "{{ api_trigger_properties.${offer_title} }} until {{ api_trigger_properties.${expiration_date} }}."
    async with cockpit() as running:
        await open_dialog(running, of_template(running, push))
        await all_back(running)
        rows = {line[1:17].strip(): line[18:] for line in widget_text(dialog(running).table).splitlines()[1:]}
        assert "! rendered" in rows["offers expired"]
        assert "shows expired offers" in rows["offers expired"]
        assert "✓ rendered" in rows["as it is"]
        await running.shows("! 1 not as it should be", "✓ 1 rendered")


async def test_on_a_small_terminal_every_circumstance_is_in_view():
    async with starter((80, 24)) as running:
        await running.shows("as it is", "answer 401", "nobody known")
