"""Personas: kept, listed, forgotten; whatever ends the program in between, each name has its data."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.adapters.files import Drafts, Places
from core.errors import InvalidInput
from core.personas import Personas, parse_persona_name

BO = {"attributes": {"first_name": "Bo"}, "variables": {"wallet": {"payload": {"available_points": 5}}}}
CHO = {"attributes": {"first_name": "Cho 조"}}


class Memory:
    """Drafts in memory; with `breaks_at` the n-th change fails, as if the program had ended there."""

    def __init__(self, breaks_at: int = 0) -> None:
        self.texts: dict[str, str] = {}
        self.breaks_at = breaks_at
        self.changes = 0

    def load(self, name: str) -> str | None:
        return self.texts.get(name)

    def save(self, name: str, text: str) -> None:
        self._change()
        self.texts[name] = text

    def remove(self, name: str) -> None:
        self._change()
        self.texts.pop(name, None)

    def _change(self) -> None:
        self.changes += 1
        if self.changes == self.breaks_at:
            raise InvalidInput("The disk is full.", "Make room.")


def holding(folder: Path, content: bytes) -> list[Path]:
    """The files under `folder` that hold `content`."""
    return [path for path in folder.rglob("*") if path.is_file() and content in path.read_bytes()]


async def test_a_persona_is_kept_on_disk_for_the_next_program(tmp_path: Path) -> None:
    saved = await Personas(Drafts(Places.under(tmp_path))).save("  gold / 조 \N{SNOWMAN} ", BO)
    again = Personas(Drafts(Places.under(tmp_path)))
    assert saved.name == "gold / 조 \N{SNOWMAN}"
    assert await again.names() == (saved.name,)
    assert await again.load(saved.name) == saved


async def test_the_newest_stands_first_and_a_name_taken_is_replaced() -> None:
    personas = Personas(Memory())
    await personas.save("Bo", BO)
    await personas.save("Cho", CHO)
    await personas.save("Bo", CHO)
    assert await personas.names() == ("Bo", "Cho")
    found = await personas.load("Bo")
    assert found is not None
    assert found.data == CHO


async def test_a_persona_forgotten_leaves_nothing_behind(tmp_path: Path) -> None:
    personas = Personas(Drafts(Places.under(tmp_path)))
    await personas.save("Bo", BO)
    assert holding(tmp_path, b"first_name")
    await personas.remove("Bo")
    await personas.remove("nobody")
    assert await personas.names() == ()
    assert await personas.load("Bo") is None
    assert not holding(tmp_path, b"first_name")


@pytest.mark.parametrize("breaks_at", [1, 2])
async def test_whatever_ends_the_program_a_name_listed_has_its_data(breaks_at: int) -> None:
    store = Memory()
    await Personas(store).save("Bo", BO)
    for change in ("save", "remove"):
        broken = Memory(breaks_at)
        broken.texts = dict(store.texts)
        personas = Personas(broken)
        with pytest.raises(InvalidInput):
            await (personas.save("Cho", CHO) if change == "save" else personas.remove("Bo"))
        for name in await personas.names():
            assert await personas.load(name) is not None


async def test_what_is_no_data_is_refused_and_nothing_is_written() -> None:
    store = Memory()
    for data, words in (({}, "needs data"), ({"atributes": {}}, "unknown key"), ({"attributes": []}, "attributes")):
        with pytest.raises(InvalidInput, match=words):
            await Personas(store).save("Bo", data)
    assert store.texts == {}


async def test_a_damaged_file_is_said_and_the_others_still_load() -> None:
    store = Memory()
    personas = Personas(store)
    await personas.save("Bo", BO)
    await personas.save("Cho", CHO)
    key = next(key for key in store.texts if key.endswith("Bo"))
    store.texts[key] = store.texts[key][:20]
    with pytest.raises(InvalidInput):
        await personas.load("Bo")
    assert await personas.load("Cho") is not None


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x1bb", "x" * 81])
def test_a_name_is_one_line_that_can_be_seen(name: str) -> None:
    with pytest.raises(InvalidInput):
        parse_persona_name(name)
