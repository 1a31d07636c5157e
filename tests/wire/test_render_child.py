"""The warm child: it renders, it dies when it hangs, and nothing secret is in it. The looks into /proc want Linux."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.adapters import render_child
from core.adapters.render_child import Renderer
from core.render import RenderData
from tests.pipe import over_the_pipe


@asynccontextmanager
async def a_renderer() -> AsyncGenerator[Renderer]:
    renderer = Renderer()
    await renderer.start()
    try:
        yield renderer
    finally:
        await renderer.aclose()


ANN = RenderData.from_json(
    {"attributes": {"first_name": "Ann"}, "variables": {"wallet": {"payload": {"user_offers": [{"title": "Coffee"}]}}}}
)


async def test_a_template_is_rendered_on_the_data() -> None:
    async with a_renderer() as renderer:
        made = await renderer.render(
            "Hi {{${first_name}}}: {% for o in wallet.payload.user_offers %}{{o.title}}{% endfor %}", ANN
        )
        assert (made.status, made.output) == ("rendered", "Hi Ann: Coffee")
        assert ("wallet", "payload", "user_offers", 0, "title") in [read.path for read in made.reads]
        assert over_the_pipe(made) == made


async def test_new_data_replaces_the_old() -> None:
    async with a_renderer() as renderer:
        assert (await renderer.render("{{${first_name}}}", ANN)).output == "Ann"
        bob = RenderData.from_json({"attributes": {"first_name": "Bob"}})
        assert (await renderer.render("{{${first_name}}}", bob)).output == "Bob"
        assert (await renderer.render("{{${first_name}}}", ANN)).output == "Ann"


async def test_renders_at_once_each_get_their_own_answer() -> None:
    async with a_renderer() as renderer:
        made = await asyncio.gather(*(renderer.render(f"{{{{ {n} | plus: 1 }}}}", ANN) for n in range(20)))
        assert [one.output for one in made] == [str(n + 1) for n in range(20)]


async def test_an_endless_template_ends_as_a_problem_and_the_next_render_works() -> None:
    async with a_renderer() as renderer:
        await renderer.render("warm", ANN)
        slow = "{% for a in (1..290000) %}{% assign s = 'xxxxxxxx' | split: '' | sort | join: ',' %}{% endfor %}"
        began = time.monotonic()
        made = await renderer.render(slow, ANN)
        assert time.monotonic() - began < 2.5
        assert made.status == "failed"
        assert made.problems[0].rule == "limit-time"
        assert (await renderer.render("{{${first_name}}}", ANN)).output == "Ann"


async def test_a_template_that_eats_memory_ends_as_a_problem_and_the_next_render_works() -> None:
    async with a_renderer() as renderer:
        eater = "".join(f"{{% assign v{n} = s | split: '' %}}" for n in range(16))
        made = await renderer.render(eater, RenderData(variables={"s": "x" * 4_900_000}))
        assert made.status == "failed"
        assert made.problems[0].rule == "limit-memory"
        assert (await renderer.render("{{${first_name}}}", ANN)).output == "Ann"


def the_child() -> int:
    """The process id of the one render child of this test process."""
    (found,) = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdecimal() and b"core.liquid.child" in _read(entry / "cmdline") and _parent(entry) == os.getpid()
    ]
    return found


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _parent(process: Path) -> int:
    stat = _read(process / "stat").rpartition(b")")[2].split()
    return int(stat[1]) if len(stat) > 1 else 0


def told(process: int) -> bytes:
    """Everything a process was given at its birth: environment, arguments, open files."""
    folder = Path("/proc") / str(process)
    files = b" ".join(str(link.readlink()).encode() for link in (folder / "fd").iterdir())
    return _read(folder / "environ") + _read(folder / "cmdline") + files


async def test_the_child_is_told_no_secret_by_environment_argument_or_open_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OFFERDECK_SECRET_BRAZE_KEY", "canary-7f3a")
    with (tmp_path / "held").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        control = await asyncio.create_subprocess_exec("sleep", "60", close_fds=False)
        async with a_renderer() as renderer:
            await renderer.render("warm", ANN)
            seen, seen_by_control = told(the_child()), told(control.pid)
        control.kill()
        await control.wait()
    for secret in (b"canary-7f3a", str(tmp_path).encode()):
        assert secret in seen_by_control
        assert secret not in seen


async def test_the_child_may_take_512_megabytes_and_no_more() -> None:
    async with a_renderer() as renderer:
        await renderer.render("warm", ANN)
        limits = _read(Path("/proc") / str(the_child()) / "limits")
    assert re.search(rb"Max address space +536870912 +536870912", limits)


async def test_a_child_that_dies_is_replaced() -> None:
    async with a_renderer() as renderer:
        await renderer.render("warm", ANN)
        os.kill(the_child(), signal.SIGKILL)
        made = await renderer.render("{{${first_name}}}", ANN)
        assert made.output == "Ann" or made.problems[0].rule == "renderer-died"
        assert (await renderer.render("{{${first_name}}}", ANN)).output == "Ann"


async def test_a_child_that_hangs_is_killed_within_two_seconds_and_replaced() -> None:
    async with a_renderer() as renderer:
        await renderer.render("warm", ANN)
        frozen = the_child()
        os.kill(frozen, signal.SIGSTOP)
        began = time.monotonic()
        made = await renderer.render("{{${first_name}}}", ANN)
        assert 1.5 < time.monotonic() - began < 2.5
        assert made.problems[0].rule == "limit-time"
        assert not _alive(frozen)
        assert (await renderer.render("{{${first_name}}}", ANN)).output == "Ann"


_BABBLING = """
import os, struct, sys
def say(body):
    sys.stdout.buffer.write(struct.pack(">IB", len(body), 65) + body)
    sys.stdout.buffer.flush()
if os.path.exists(FLAG):
    os.remove(FLAG)
    say(b"")
    while len(head := sys.stdin.buffer.read(5)) == 5:
        length, kind = struct.unpack(">IB", head)
        sys.stdin.buffer.read(length)
        if kind == ord("R"):
            say(GARBAGE)
"""


@pytest.mark.parametrize(
    "garbage",
    [
        'b""',
        'b"hello"',
        'b"\\0" * 100_000',
        """b'{"rendered":{"status":"exploded"}}'""",
        """b'{"rendered":{"status":"rendered","output":"\\xff"}}'""",
        'b"[" * 200_000',
        """b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}" """,
    ],
    ids=["empty", "no JSON", "zeros", "a status nobody knows", "no UTF-8", "an open end", "an abyss"],
)
async def test_a_child_that_answers_garbage_is_replaced(
    garbage: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    flag = tmp_path / "babble"
    flag.touch()
    babbling = _BABBLING.replace("FLAG", repr(str(flag))).replace("GARBAGE", garbage)
    monkeypatch.setattr(render_child, "_BOOT", babbling + render_child._BOOT.replace("; ", "\n"))
    async with a_renderer() as renderer:
        made = await renderer.render("{{${first_name}}}", ANN)
        assert made.problems[0].hint == "Try again. (its answer made no sense)"
        assert not flag.exists()
        assert (await renderer.render("{{${first_name}}}", ANN)).output == "Ann"


async def test_closing_ends_the_child() -> None:
    async with a_renderer() as renderer:
        await renderer.render("warm", ANN)
        child = the_child()
        assert _alive(child)
    assert not _alive(child)


def test_a_parent_that_is_killed_takes_the_child_with_it() -> None:
    program = (
        "import asyncio, sys, os\n"
        "from core.adapters.render_child import Renderer\n"
        "from core.render import RenderData\n"
        "async def main():\n"
        "    renderer = Renderer()\n"
        "    await renderer.render('x', RenderData())\n"
        "    print(renderer._child.result().pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen([sys.executable, "-c", program], cwd=root, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert _alive(child)
        parent.kill()
    deadline = time.monotonic() + 5
    while _alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(child)


def _alive(process: int) -> bool:
    state = _read(Path(f"/proc/{process}/stat")).rpartition(b")")[2].split()
    return bool(state) and state[0] != b"Z"


async def test_a_render_nobody_waits_for_does_not_hold_up_the_next_one() -> None:
    async with a_renderer() as renderer:
        await renderer.render("warm", ANN)
        slow = "{% for a in (1..290000) %}{% assign s = 'xxxxxxxx' | split: '' | sort | join: ',' %}{% endfor %}"
        abandoned = asyncio.create_task(renderer.render(slow, ANN))
        await asyncio.sleep(0.05)
        abandoned.cancel()
        began = time.monotonic()
        made = await renderer.render("{{${first_name}}}", ANN)
        assert made.output == "Ann"
        assert time.monotonic() - began < 1.9
        assert abandoned.cancelled()


async def test_the_loop_goes_on_while_a_render_runs() -> None:
    async with a_renderer() as renderer:
        await renderer.render("warm", ANN)
        slow = "{% for a in (1..290000) %}{% assign s = 'xxxxxxxx' | split: '' | sort | join: ',' %}{% endfor %}"
        render = asyncio.create_task(renderer.render(slow, ANN))
        longest, last = 0.0, time.monotonic()
        while not render.done():
            await asyncio.sleep(0.005)
            now = time.monotonic()
            longest, last = max(longest, now - last), now
        assert longest < 0.25


async def test_closing_answers_the_render_under_way() -> None:
    async with a_renderer() as renderer:
        await renderer.render("warm", ANN)
        slow = "{% for a in (1..290000) %}{% assign s = 'xxxxxxxx' | split: '' | sort | join: ',' %}{% endfor %}"
        render = asyncio.create_task(renderer.render(slow, ANN))
        await asyncio.sleep(0.05)
    assert (await render).problems[0].rule == "renderer-died"


async def test_after_closing_a_render_answers_with_a_problem() -> None:
    async with a_renderer() as renderer:
        await renderer.render("warm", ANN)
    made = await renderer.render("x", ANN)
    assert made.problems[0].rule == "renderer-died"


async def test_text_no_pipe_can_carry_is_still_rendered() -> None:
    async with a_renderer() as renderer:
        made = await renderer.render("a\udc80b\x00é😀{{ x }}", RenderData(variables={"x": "\u2028"}))
        assert made.output == "a\ufffdb\x00é😀\u2028"


@pytest.mark.parametrize(
    ("value", "printed"),
    [("\ud800x", "\ufffdx"), (10**30, str(10**30)), (2.5, "2.5"), ([1, ["\x00"]], "1\x00"), (float("nan"), "")],
)
async def test_odd_values_reach_the_template(value: object, printed: str) -> None:
    async with a_renderer() as renderer:
        assert (await renderer.render("{{ x }}", RenderData(variables={"x": value}))).output == printed


async def test_data_that_no_pipe_can_carry_is_answered_with_a_problem() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    async with a_renderer() as renderer:
        for hopeless in (
            {"variables": {"x": deep}},
            {"variables": {"x": object()}},
            {"namespaces": {"nope": {}, "x": 1}},
        ):
            made = await renderer.render("x", RenderData(**hopeless))
            assert made.problems[0].rule == "limit-data"
        assert (await renderer.render("{{${first_name}}}", ANN)).output == "Ann"


async def test_an_answer_with_half_a_character_comes_back() -> None:
    async with a_renderer() as renderer:
        data = RenderData(variables={"t": '{"a":"\\ud800"}'})
        assert (await renderer.render("{% assign o = t | json_parse %}{{ o.a }}", data)).output == "\ufffd"
