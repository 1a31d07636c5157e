"""The warm child: it renders, it dies when it hangs, and nothing secret is in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from core.adapters.render_child import Renderer
from core.render import RenderData, Rendered


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
        assert Rendered.from_json(made.to_json()) == made


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
