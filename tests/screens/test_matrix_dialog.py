"""The matrix by keys: customers looked at and personas, each message beside the first; personas come and go."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from core.matrix import customers, persona_as_person
from core.messages import chosen_offer
from core.personas import Personas
from core.render import Problem, RenderData, Rendered
from core.verdicts import Render
from tests.screens.cockpit import Cockpit, cockpit, id_of
from tests.screens.driver import widget_text
from tests.starting import wallet_html
from tui.dialogs.ask import AskDialog
from tui.dialogs.matrix import MatrixDialog
from tui.dialogs.name_persona import NamePersona

BO = {
    "attributes": {"first_name": "Bo"},
    "variables": {"wallet": {"payload": {"available_points": 5, "total_records": 1, "user_offers": [{"name": "Tea"}]}}},
}


def dialog(running: Cockpit) -> MatrixDialog:
    screen = running.app.screen
    assert isinstance(screen, MatrixDialog)
    return screen


async def look_at(running: Cockpit, name: str) -> None:
    running.app.look_up(id_of(name))
    await running.pilot.pause()
    await running.read()


async def open_dialog(
    running: Cockpit, render: Render | None = None, *, own: Mapping[str, Any] | None = None, rows: int
) -> None:
    """The matrix on the starter that reads the wallet, for everybody looked at."""
    app, now = running.app, running.deck.clock.now()
    assert app.desk is not None
    profile, text = app.desk.profile, wallet_html(app.desk.profile)

    async def rendered(data: RenderData) -> Rendered:
        return await running.deck.renderer().render(text, data, connected="stub")

    offer = chosen_offer(app.subject, "", now)
    made = partial(customers, app.subject, app.visited.subjects, profile, now, offer=offer)
    app.push_screen(MatrixDialog(render or rendered, made, partial(persona_as_person, profile=profile), own=own))
    await running.until(lambda: isinstance(app.screen, MatrixDialog), "the dialog")
    await all_back(running, rows)


async def all_back(running: Cockpit, rows: int) -> None:
    def is_back() -> bool:
        screen = running.app.screen
        if not isinstance(screen, MatrixDialog):
            return False
        return len(screen.trials) == rows and all(trial.result is not None for trial in screen.trials)

    await running.until(is_back, f"{rows} rows")
    await running.pilot.pause()


async def test_customers_looked_at_are_compared_with_the_one_on_the_screen():
    async with cockpit() as running:
        await look_at(running, "soon")
        await look_at(running, "ana")
        await open_dialog(running, rows=2)
        first, second = widget_text(dialog(running).table).splitlines()[1:3]
        assert first.split()[:6] == ["▌Ana", "Prado", "on", "screen", "✓", "rendered"]
        assert first.split()[-1] == "—"
        assert "Cleo Winter" in second
        assert "lines" in second
        await running.press("j")
        await running.shows("- Hi Ana", "+ Hi Cleo")
        assert "Hi Cleo" in widget_text(dialog(running).message)


async def test_another_profile_forgets_who_was_looked_at():
    async with cockpit() as running:
        assert [one.name for one in running.app.visited.subjects] == ["Ana Prado"]
        running.app.open_profile("demo")
        await running.until(lambda: running.app.visited.subjects == (), "nobody looked at")


async def test_data_of_ones_own_becomes_a_persona_and_the_next_program_has_it():
    async with cockpit() as running:
        await open_dialog(running, own=BO, rows=1)
        await running.press("a")
        await running.until(lambda: isinstance(running.app.screen, NamePersona), "the question for a name")
        await running.press("enter")
        await running.shows("The persona has no name.")
        await running.press("text:Bo, 5 points\n")
        await all_back(running, 2)
        await running.press("end")
        await running.shows("Bo, 5 points", "You have 5 points.", "who        persona")
        found = await Personas(running.deck.drafts).load("Bo, 5 points")
        assert found is not None
        assert found.data == BO


async def test_without_data_of_ones_own_the_reason_is_said():
    async with cockpit() as running:
        await open_dialog(running, rows=1)
        await running.shows("Customers looked up join; a keeps your data as a persona")
        await running.press("a")
        await running.shows("There is no data of your own to keep")
        assert isinstance(running.app.screen, MatrixDialog)


async def test_a_persona_is_removed_only_after_asking_and_a_customer_never():
    async with cockpit() as running:
        await Personas(running.deck.drafts).save("Bo", BO)
        await open_dialog(running, rows=2)
        await running.press("delete")
        await running.pilot.pause()
        assert isinstance(running.app.screen, MatrixDialog)
        await running.press("end", "delete")
        await running.until(lambda: isinstance(running.app.screen, AskDialog), "the question")
        await running.press("enter")
        await running.until(lambda: isinstance(running.app.screen, MatrixDialog), "the matrix again")
        assert await Personas(running.deck.drafts).names() == ("Bo",)
        await running.press("delete")
        await running.until(lambda: isinstance(running.app.screen, AskDialog), "the question")
        await running.press("tab", "enter")
        await all_back(running, 1)
        assert await Personas(running.deck.drafts).names() == ()


async def test_a_persona_that_cannot_be_read_is_said_and_hides_nobody():
    async with cockpit() as running:
        personas = Personas(running.deck.drafts)
        await personas.save("Bo", BO)
        await personas.save("Cho", BO)
        running.deck.drafts.save("persona saved Bo", "{")
        await open_dialog(running, rows=2)
        await running.shows("Cho", "Persona Bo:")


async def test_too_long_and_blank_are_marked():
    async with cockpit() as running:
        await Personas(running.deck.drafts).save("Blank", {"attributes": {"first_name": " "}})
        await Personas(running.deck.drafts).save("Long", {"attributes": {"first_name": "L" * 30}})
        limit = Problem("limit-push-title", "warning", "The title is cut [/b].", "", 1, 1, 1, 2)

        async def render(data: RenderData) -> Rendered:
            name = data.attributes["first_name"]
            return Rendered("rendered", name, problems=(limit,) if len(name) > 20 else ())

        await open_dialog(running, render, rows=3)
        await running.shows("✗ too long", "○ blank", "✗ 1 too long", "○ 1 blank", "✓ 1 rendered")
        lines = widget_text(dialog(running).table).splitlines()
        assert next(line for line in lines if "Blank" in line).rstrip().endswith("outcome")
        await running.press("j")
        await running.shows("too long   The title is cut [/b].")


async def test_the_table_is_copied_as_markdown_with_everybody_in_it(monkeypatch: pytest.MonkeyPatch):
    async with cockpit() as running:
        await Personas(running.deck.drafts).save("a | b", BO)
        await open_dialog(running, rows=2)
        copied = []
        monkeypatch.setattr(running.app, "copy", copied.append)
        await running.press("y", "m")
        await running.until(lambda: bool(copied), "the copy")
        head, _, first, second = copied[0].text.splitlines()
        assert head.startswith("| for | who | outcome | why | characters |")
        assert first.startswith("| Ana Prado | on screen | rendered |")
        assert second.startswith(r"| a \| b | persona | rendered |")
        assert second.endswith("| Hi Ana | Hi Bo |")


def of_template(running: Cockpit, text: str) -> Render:
    async def render(data: RenderData) -> Rendered:
        return await running.deck.renderer().render(text, data, connected="stub")

    return render


async def test_who_gets_a_message_with_holes_or_an_offer_that_has_ended_is_marked():
    bag = "api_trigger_properties"
    push = f"{{{{ {bag}.${{offer_title}} }}}} for {{{{ ${{first_name}} }}}} until {{{{ {bag}.${{expiration_date}} }}}}."
    async with cockpit() as running:
        personas = Personas(running.deck.drafts)
        await personas.save("Ben", {"attributes": {"first_name": "Ben"}})
        ended = {"offer_title": "Tea", "expiration_date": "2020-01-01T00:00:00Z"}
        await personas.save("Cho", {"attributes": {"first_name": "Cho"}, bag: ended})
        await open_dialog(running, of_template(running, push), rows=3)
        lines = {name: line for line in widget_text(dialog(running).table).splitlines() for name in line.split()[:1]}
        assert "✓ rendered" in lines["▌Ana"]
        assert "! rendered" in lines["Ben"]
        assert "! rendered" in lines["Cho"]
        await running.shows("! 2 not as it should be", "✓ 1 rendered")
        await running.press("j")
        await running.shows("beware     shows expired offers: expiration_date is read, and they")
        await running.press("j")
        await running.shows("holes      2 holes: 1:4 api_trigger_properties.${offer_title}")
        table = dialog(running).copyables()[0].text
        assert "| Ben | persona | rendered | 2 holes: 1:4" in table


async def test_a_message_that_prints_errors_is_counted_apart():
    template = "{% if ${first_name} == 'Ana' %}Hi{% else %}{{ 5 | divided_by: 0 }}{% endif %}"
    async with cockpit() as running:
        await Personas(running.deck.drafts).save("Bo", BO)
        await open_dialog(running, of_template(running, template), rows=2)
        await running.shows("! 1 error", "! 1 with errors", "✓ 1 rendered")
        await running.press("j")
        await running.shows("! rendered with 1 error", "error      1:")
