"""Files opened in the Message room are saved where they lie, each for itself, and undo never mixes them up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.deck import Deck
from core.drafting import Shelf, draft_at
from core.messages import Draft
from tests.screens.cockpit import Cockpit, cockpit
from tests.screens.driver import screen_text, until
from tests.screens.test_message import room, to_the_message, write
from tests.screens.test_message_drafts import to_the_message as past_the_profile
from tests.screens.test_message_opening import room_is_shown
from tui.app import OfferdeckApp


def two_files(tmp_path: Path) -> tuple[Path, Path]:
    """Two files of one name."""
    found = tmp_path.resolve() / "alpha" / "sms.liquid", tmp_path.resolve() / "beta" / "sms.liquid"
    for path in found:
        path.parent.mkdir()
        path.write_text(f"file {path.parent.name[0]}\n")
    return found


async def open_file(running: Cockpit, path: Path) -> None:
    """F9 and the path, as a person types them."""
    await running.press("f9")
    await running.shows("Open a template")
    await running.press(f"text:{path}", "enter")
    await running.until(
        lambda: room_is_shown(running) and (mark := room(running).draft.file) is not None and mark.path == str(path),
        f"{path} opened",
    )


def title(running: Cockpit) -> str:
    return next(line for line in running.text.splitlines() if ".liquid" in line)


async def test_files_of_one_name_are_each_saved_where_they_lie_and_it_is_said_where(tmp_path: Path) -> None:
    one, two = two_files(tmp_path)
    async with cockpit() as running:
        await to_the_message(running)
        for path, letter in ((one, "X"), (two, "Y")):
            await open_file(running, path)
            assert "●" not in title(running)
            await write(running.pilot, letter)
            await running.until(lambda: "sms.liquid ●" in running.text, "unsaved")
            await running.press("ctrl+s")
            await running.shows("Saved to")
            await running.until(lambda: room(running).draft.is_saved, "saved")
            await running.hides("sms.liquid ●")
        assert (one.read_text(), two.read_text()) == ("Xfile a\n", "Yfile b\n")
        assert await Shelf(running.deck.drafts).names() == ()


async def test_unsaved_edits_of_files_of_one_name_are_kept_apart_and_save_where_they_belong(tmp_path: Path) -> None:
    one, two = two_files(tmp_path)
    async with cockpit() as running:
        await to_the_message(running)
        for path in (one, two, one, two):
            await open_file(running, path)
            await write(running.pilot, path.parent.name[0].upper())
            await running.until(lambda: not room(running).draft.is_saved, "unsaved")
        await open_file(running, one)
        shelf = Shelf(running.deck.drafts)
        assert sorted(await shelf.names()) == [f"{one} (unsaved)", f"{two} (unsaved)"]
        taken = [await shelf.take(f"{path} (unsaved)") for path in (one, two)]
        assert [draft.text for draft in taken if draft] == ["Afile a\n", "Bfile b\n"]
        await running.press("f9")
        await running.shows("DRAFTS", "sms.liquid (unsaved)")
        await running.press("text:unsaved beta")
        await running.press("enter")
        await running.until(lambda: room_is_shown(running) and room(running).draft.text == "Bfile b\n", "the edits")
        await running.press("ctrl+s")
        await running.until(lambda: two.read_text() == "Bfile b\n", "the file written")
        await running.until(lambda: room(running).draft.is_saved, "saved")
        assert one.read_text() == "file a\n"


async def test_a_file_that_changed_on_disk_is_left_alone_and_the_text_goes_elsewhere(tmp_path: Path) -> None:
    one, _ = two_files(tmp_path)
    async with cockpit() as running:
        await to_the_message(running)
        await open_file(running, one)
        await write(running.pilot, "X")
        one.write_text("theirs\n")
        await running.press("ctrl+s")
        await running.shows("changed on disk", "F12", "sms.liquid ●")
        assert one.read_text() == "theirs\n"
        await running.press("f12")
        await running.shows("Save the draft as")
        await write(running.pilot, "mine.liquid")
        await running.press("enter")
        await running.until(lambda: room(running).draft == Draft("mine.liquid", "Xfile a\n"), "saved elsewhere")
        await open_file(running, one)
        assert room(running).draft.text == "theirs\n"
        assert one.read_text() == "theirs\n"


async def test_a_read_only_file_says_so_and_the_draft_stays(tmp_path: Path) -> None:
    one, _ = two_files(tmp_path)
    one.chmod(0o444)
    async with cockpit() as running:
        await to_the_message(running)
        await open_file(running, one)
        await write(running.pilot, "X")
        await running.press("ctrl+s")
        await running.shows("Could not write", "read-only", "sms.liquid ●")
        kept = await Shelf(running.deck.drafts).working()
        assert kept is not None and kept.text == "Xfile a\n" and not kept.is_saved and kept.file is not None
        assert one.read_text() == "file a\n"


async def test_what_was_typed_into_a_file_is_saved_to_it_after_a_restart(tmp_path: Path) -> None:
    one, _ = two_files(tmp_path)
    home = tmp_path / "home"
    first = Deck.create({"OFFERDECK_HOME": str(home)})
    opened = draft_at(str(one), first.template_files)
    await Shelf(first.drafts).keep(replace(opened, text="Xfile a\n", is_saved=False))
    await first.close()
    deck = Deck.create({"OFFERDECK_HOME": str(home)})
    app = OfferdeckApp(deck, profile=None)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await past_the_profile(pilot, app)
        await until(pilot, lambda: "sms.liquid ●" in screen_text(app), what="the text of before")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: one.read_text() == "Xfile a\n", what="the file written")
    await deck.close()


async def test_saving_twice_in_a_row_takes_the_first_save_for_no_stranger(tmp_path: Path) -> None:
    one, _ = two_files(tmp_path)
    async with cockpit() as running:
        await to_the_message(running)
        await open_file(running, one)
        await running.press("X", "ctrl+s", "Y", "ctrl+s", "ctrl+s")
        await running.until(lambda: one.read_text() == "XYfile a\n", "both letters")
        await running.until(lambda: room(running).draft.is_saved, "saved")
        assert "changed on disk" not in running.text


async def test_undo_brings_a_template_back_with_its_name_and_its_file(tmp_path: Path) -> None:
    one, two = two_files(tmp_path)
    async with cockpit() as running:
        await to_the_message(running)
        await open_file(running, one)
        await write(running.pilot, "X")
        await open_file(running, two)
        await running.press("ctrl+z", "ctrl+s")
        await running.until(lambda: one.read_text() == "Xfile a\n", "the first file written")
        assert two.read_text() == "file b\n"
        await running.until(lambda: str(one) in str(room(running).draft.file), "the first file's name")
        await running.press("ctrl+y")
        await running.until(lambda: room(running).draft.text == "file b\n", "the second text")
        await running.press("Y", "ctrl+s")
        await running.until(lambda: "Y" in two.read_text(), "the second file written")
        assert one.read_text() == "Xfile a\n"


async def test_undo_brings_back_a_draft_without_a_name_as_one(tmp_path: Path) -> None:
    one, _ = two_files(tmp_path)
    one.write_text("")
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "words")
        await open_file(running, one)
        await running.press("ctrl+z")
        await running.shows("untitled.liquid ●")
        await running.press("ctrl+s")
        await running.shows("Save the draft as")
        assert one.read_text() == ""


async def test_nothing_opened_over_nothing_is_not_left_behind_by_an_undo(tmp_path: Path) -> None:
    one, _ = two_files(tmp_path)
    one.write_text("")
    async with cockpit() as running:
        await to_the_message(running)
        await running.press("a", "backspace")
        await open_file(running, one)
        await running.press("ctrl+z")
        await running.pilot.pause()
        assert room(running).draft.text == ""
        assert room(running).draft.file is not None


async def test_typing_the_text_of_another_file_does_not_make_it_that_file(tmp_path: Path) -> None:
    one, two = two_files(tmp_path)
    two.write_text("")
    async with cockpit() as running:
        await to_the_message(running)
        await open_file(running, one)
        await open_file(running, two)
        await write(running.pilot, "file a\n")
        await running.press("ctrl+s")
        await running.until(lambda: two.read_text() == "file a\n", "the second file written")


async def test_separators_that_no_editor_breaks_lines_at_stay(tmp_path: Path) -> None:
    one, _ = two_files(tmp_path)
    text = "one\u2028two\x0cthree\x85\x0b\x1cend\x0c"
    one.write_bytes(text.encode())
    async with cockpit() as running:
        await to_the_message(running)
        await open_file(running, one)
        assert room(running).writing.editor.text == text
        await running.press("X", "ctrl+s")
        await running.until(lambda: one.read_bytes() == f"X{text}".encode(), "the file written")
