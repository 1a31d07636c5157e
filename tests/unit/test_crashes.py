"""A fault is told by its kind and its places, and by nothing that anybody typed or keeps secret."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

from core.adapters.crash_file import keep_crash
from core.crashes import Crash
from core.secret import Secret

CANARY = "canary-5f2b1c"
AT = datetime(2026, 11, 22, 1, 45, 9, tzinfo=UTC)


def crashed() -> Crash:
    """A fault deep inside, with a secret in its variables, its message and its cause."""
    secret = Secret(CANARY).reveal()
    try:
        try:
            json.loads(f'{{"{secret}" 1}}')
        except ValueError as error:
            raise KeyError(secret) from error
    except KeyError as error:
        return Crash.of(error)


def test_kind_cause_and_places_are_told_and_no_value():
    crash = crashed()
    assert crash.kind == "KeyError"
    assert "JSONDecodeError" in crash.report
    assert "test_crashes.py:" in crash.report
    assert "in raw_decode" in crash.report
    assert "core/secret.py" not in crash.report
    assert CANARY not in crash.report


def test_the_place_is_the_innermost_line_of_our_own():
    from core.moments import span_words

    try:
        span_words(None)  # type: ignore[arg-type]
    except Exception as error:  # whatever it is: its place is what is tested
        assert Crash.of(error).place.startswith("core/moments.py:")


def test_errors_that_cause_each_other_in_a_ring_are_told_once():
    one, two = ValueError("a"), TypeError("b")
    one.__cause__, two.__cause__ = two, one
    assert Crash.of(one).report.splitlines()[1:] == ["ValueError", "TypeError"]


def test_it_is_kept_in_a_file_for_its_owner_alone(tmp_path: Path):
    kept = Path(keep_crash(tmp_path / "log", crashed(), AT))
    assert kept == tmp_path / "log" / "crash-20261122T014509Z.txt"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    text = kept.read_text()
    assert text.startswith("2026-11-22 01:45:09 UTC\nofferdeck ")
    assert CANARY not in text


def test_where_nothing_can_be_written_it_says_so_by_naming_no_file(tmp_path: Path):
    (tmp_path / "log").write_text("a file in the way")
    assert keep_crash(tmp_path / "log", crashed(), AT) == ""
