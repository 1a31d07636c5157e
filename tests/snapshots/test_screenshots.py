"""The pictures in `screenshots/` are what the program shows today."""

from __future__ import annotations

import importlib.util
import itertools
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent.parent.parent / "screenshots"


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("screenshots_make", FOLDER / "make.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


make = _maker()


@pytest.mark.parametrize("shot", make.SHOTS, ids=lambda shot: shot.name)
async def test_a_picture_is_what_the_program_shows(shot: Any, tmp_path: Path) -> None:
    kept = FOLDER / f"{shot.name}.svg"
    assert kept.exists(), f"missing: run screenshots/make.py and look at {kept.name}"
    wanted = kept.read_text(encoding="utf-8")
    # A busy machine may be caught between two frames; what is stale stays so.
    for _ in range(3):
        fresh = (await make.take(shot, tmp_path)).read_text(encoding="utf-8")
        if fresh == wanted:
            return
    told = f"{kept.name} is stale: run screenshots/make.py and look at it\n{first_differences(wanted, fresh)}"
    pytest.fail(told, pytrace=False)


def first_differences(kept: str, fresh: str) -> str:
    """The first texts in which two pictures differ."""
    words = [re.findall(r">([^<>]+)</text>", picture) for picture in (kept, fresh)]
    pairs = itertools.zip_longest(*words, fillvalue="")
    differing = [f"  kept  {old!r}\n  fresh {new!r}" for old, new in pairs if old != new]
    return "\n".join(differing[:4]) or "  (the same words in other places or colours)"


def test_every_kept_picture_has_its_shot_and_the_readme_shows_only_kept_ones() -> None:
    names = {shot.name for shot in make.SHOTS}
    assert {path.stem for path in FOLDER.glob("*.svg")} == names
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    shown = {
        part.split(")")[0].removeprefix("screenshots/") for part in readme.split("](")[1:] if "screenshots/" in part
    }
    assert shown and {Path(name).stem for name in shown} <= names
