"""The rooms stay apart: what imports what, proved in a fresh interpreter and in the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OUTSIDE_TUI = {
    "httpx",
    "keyring",
    "liquid",
    "sqlite3",
    "platformdirs",
    "h11",
    "socket",
    "tomli_w",
    "subprocess",
    "shutil",
}


def modules_after(statement: str) -> set[str]:
    """Names in sys.modules of a fresh interpreter once `statement` ran."""
    code = f"import sys; {statement}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def top_level(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def imports_of(path: Path) -> set[str]:
    """Top-level names of everything a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def core_modules() -> list[str]:
    files = sorted((ROOT / "core").rglob("*.py"))
    return [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in files]


def test_all_of_core_loads_without_the_screen() -> None:
    wanted = [name for name in core_modules() if not name.startswith("core.liquid.child")]
    loaded = top_level(modules_after("; ".join(f"import {name}" for name in wanted)))
    assert not loaded & {"textual", "rich", "tui"}


@pytest.mark.parametrize("path", sorted((ROOT / "core").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_core_file_names_the_screen(path: Path) -> None:
    assert not imports_of(path) & {"textual", "rich", "tui"}


@pytest.mark.parametrize("path", sorted((ROOT / "tui").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_tui_file_names_a_way_to_the_world(path: Path) -> None:
    assert not imports_of(path) & OUTSIDE_TUI
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "open" not in calls


def test_the_sandbox_is_reached_from_the_demo_and_the_sandbox_command_only() -> None:
    allowed = {"core/demo.py", "tui/cli/sandbox.py"}
    for path in [*(ROOT / "core").rglob("*.py"), *(ROOT / "tui").rglob("*.py")]:
        relative = path.relative_to(ROOT).as_posix()
        if not relative.startswith("core/sandbox/") and "core.sandbox" in path.read_text(encoding="utf-8"):
            assert relative in allowed


def test_version_and_the_command_line_load_no_textual_and_nothing_heavy() -> None:
    heavy = {"textual", "rich", "httpx", "liquid", "keyring", "sqlite3", "click"}
    assert not top_level(modules_after("import tui.cli.main")) & heavy
    version = "import tui.cli.main as m\ntry: m.main(['--version'])\nexcept SystemExit: pass"
    code = f"import sys\n{version}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = top_level(set(done.stdout.split()))
    assert not loaded & (heavy | {"argparse", "asyncio"})


def test_the_first_frame_loads_none_of_the_adapters_libraries() -> None:
    loaded = top_level(modules_after("import tui.app, tui.screens.customer"))
    assert not loaded & {"httpx", "liquid", "keyring", "sqlite3", "h11", "click"}
