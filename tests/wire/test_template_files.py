"""Template files: what was opened is written back whole, in its own manner, and only where it still stands."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from core.adapters.template_files import TemplateFiles
from core.errors import InvalidInput
from core.messages import one_kind_of_break
from tests.unwritable import reachable_folder, unwritable

BOM = b"\xef\xbb\xbf"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path.resolve() / "a" / "sms.liquid"
    path.parent.mkdir()
    path.write_bytes(b"one\n")
    return path


def left(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


@pytest.mark.parametrize(
    ("held", "written"),
    [
        (b"one\ntwo\n", b"ONE\ntwo\n"),
        (b"one\r\ntwo\r\n", b"ONE\r\ntwo\r\n"),
        (b"one\rtwo\r", b"ONE\rtwo\r"),
        (b"one\r\ntwo\nthree", b"ONE\ntwo\nthree"),
        (BOM + b"one\r\ntwo", BOM + b"ONE\r\ntwo"),
        (BOM + b"one", BOM + b"ONE"),
        ("one\u2028\x0c日本\r\n".encode(), "ONE\u2028\x0c日本\r\n".encode()),
    ],
)
def test_line_breaks_and_the_byte_order_mark_stay_as_the_file_had_them(file: Path, held: bytes, written: bytes) -> None:
    files = TemplateFiles()
    file.write_bytes(held)
    mark, text = files.read(str(file))
    again = files.write(mark, one_kind_of_break(text).replace("one", "ONE"))
    assert file.read_bytes() == written
    assert files.read(str(file))[0] == again
    assert left(file) == ["sms.liquid"]


def test_permissions_stay_and_one_save_follows_another(file: Path) -> None:
    files = TemplateFiles()
    file.chmod(0o640)
    mark, _ = files.read(str(file))
    for text in ("two\n", "three\n"):
        mark = files.write(mark, text)
        assert file.read_text() == text
        assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_file_that_was_changed_meanwhile_is_not_written_and_it_is_said_what_to_do(file: Path) -> None:
    files = TemplateFiles()
    mark, _ = files.read(str(file))
    file.write_text("theirs\n")
    with pytest.raises(InvalidInput, match="changed on disk since it was opened") as caught:
        files.write(mark, "mine\n")
    assert "another name" in caught.value.hint and "F9" in caught.value.hint
    assert file.read_text() == "theirs\n" and left(file) == ["sms.liquid"]


def test_a_file_that_is_changed_while_it_is_saved_is_not_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = TemplateFiles()
    mark, _ = files.read(str(file))
    real = os.fsync

    def slow_disk(descriptor: int) -> None:
        file.write_text("theirs\n")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", slow_disk)
    with pytest.raises(InvalidInput, match="changed on disk"):
        files.write(mark, "mine\n")
    assert file.read_text() == "theirs\n" and left(file) == ["sms.liquid"]


def test_a_file_that_is_gone_is_not_made_anew(file: Path) -> None:
    files = TemplateFiles()
    mark, _ = files.read(str(file))
    file.unlink()
    with pytest.raises(InvalidInput, match="is gone since it was opened"):
        files.write(mark, "mine\n")
    assert left(file) == []


def test_a_link_put_in_the_place_of_the_file_or_of_a_folder_is_not_followed(file: Path, tmp_path: Path) -> None:
    files = TemplateFiles()
    mark, _ = files.read(str(file))
    target = tmp_path / "elsewhere" / "sms.liquid"
    target.parent.mkdir()
    target.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(target)
    with pytest.raises(InvalidInput, match="symbolic link"):
        files.write(mark, "mine\n")
    file.unlink()
    file.parent.rmdir()
    file.parent.symlink_to(target.parent)
    with pytest.raises(InvalidInput, match="symbolic link"):
        files.write(mark, "mine\n")
    assert target.read_text() == "one\n" and left(target) == ["sms.liquid"]


def test_a_link_that_was_opened_stays_and_what_it_led_to_is_written(file: Path) -> None:
    files = TemplateFiles()
    link = file.with_name("link.liquid")
    link.symlink_to(file)
    mark, _ = files.read(str(link))
    assert mark.path == str(file)
    files.write(mark, "two\n")
    assert link.is_symlink() and file.read_text() == "two\n"


def test_a_read_only_file_or_folder_keeps_what_it_holds(file: Path) -> None:
    files = TemplateFiles()
    mark, _ = files.read(str(file))
    file.chmod(0o444)
    with pytest.raises(InvalidInput, match=r"Could not write .*read-only") as caught:
        files.write(mark, "mine\n")
    assert "another name" in caught.value.hint
    file.chmod(0o644)
    with reachable_folder() as folder:
        other = folder.resolve() / "sms.liquid"
        other.write_text("one\n")
        mark, _ = files.read(str(other))
        with unwritable(other.parent), pytest.raises(InvalidInput, match="Could not write"):
            files.write(mark, "mine\n")
        assert other.read_text() == "one\n" and left(other) == ["sms.liquid"]


def test_half_of_a_pair_is_refused_rather_than_written_as_something_else(file: Path) -> None:
    files = TemplateFiles()
    mark, _ = files.read(str(file))
    with pytest.raises(InvalidInput, match="half of a pair"):
        files.write(mark, "x\ud800")
    assert file.read_text() == "one\n"


def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InvalidInput, match="no ordinary file"):
        TemplateFiles().read(str(pipe))
    with pytest.raises(InvalidInput, match="Could not read"):
        TemplateFiles().read(str(tmp_path))
