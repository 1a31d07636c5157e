"""Problems are walked by key from where one stands: out of the editor no key of the walk becomes text."""

from __future__ import annotations

import pytest

from tests.screens.cockpit import Cockpit, cockpit
from tests.screens.test_message import room, to_the_message, write
from tui.widgets.template_editor import TemplateEditor

FAULTS = "{{ 'a' | upcas }}\n{{ 'b' | downcas }}{{ 'c' | siz }}\n"


async def with_faults(running: Cockpit, text: str = FAULTS) -> list[tuple[int, int]]:
    """Where the three problems are."""
    await to_the_message(running)
    await write(running.pilot, text)
    await running.until(lambda: len(room(running).writing.problem_list.problems) == 3, "the problems")
    return sorted((one.line, one.column) for one in room(running).writing.problem_list.problems)


@pytest.mark.parametrize("size", [(160, 40), (120, 40), (80, 24), (60, 20)])
async def test_n_in_the_message_walks_the_problems_and_types_nothing(size: tuple[int, int]) -> None:
    async with cockpit(size=size) as running:
        places = await with_faults(running)
        await running.press("escape")
        await running.until(lambda: not isinstance(running.app.focused, TemplateEditor), "the focus out of the editor")
        writing, stood = room(running).writing, []
        for key in ("n", "n", "n", "n", "N", "f8"):
            await running.press(key)
            await running.pilot.pause()
            current = writing.problem_list.current
            assert current is not None and (current.line, current.column) == writing.editor.place
            assert not isinstance(running.app.focused, TemplateEditor)
            assert writing.editor.shown_rows == {writing.editor.place[0] - 1}
            assert writing.editor.region.height > 0
            stood.append(writing.editor.place)
        assert stood == [*places, places[0], places[2], places[0]]
        assert room(running).draft.text == FAULTS
        await running.press("2")
        room(running).writing.editor.focus()
        await running.press("down")
        await running.until(lambda: not writing.editor.shown_rows, "no line marked but the cursor's")


async def test_f8_in_the_editor_walks_and_stays_there():
    async with cockpit() as running:
        places = await with_faults(running)
        for place in (*places, places[0]):
            await running.press("f8")
            assert room(running).writing.editor.place == place
            assert isinstance(running.app.focused, TemplateEditor)


async def test_n_typed_in_the_editor_is_text():
    async with cockpit() as running:
        await with_faults(running)
        await running.press("n")
        await running.until(lambda: room(running).draft.text == f"{FAULTS}n", "the letter")
