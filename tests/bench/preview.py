"""From a key in the editor to the message that shows it: the whole cockpit, the sandbox's wallet of 1,312 offers."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from textual import events
from textual.pilot import Pilot

from tests.bench.measure import Comparison, Side

BETWEEN_KEYS_S = 0.1  # 120 words a minute
LIMIT_MS = 50.0  # a person takes what comes within that for at once
_LINE = "<p>{{ wallet.payload.user_offers[%d].name | upcase }} {%% if %d > 3 %%}soon{%% endif %%} and some words.</p>\n"
_LINES = "".join(_LINE % (number, number) for number in range(46))
_LOOP = "{%% for o in wallet.payload.user_offers%s %%}<p>{{ o.name }} {{ o.expiration_date }}</p>{%% endfor %%}\n"


def template(limit: str) -> str:
    """Some 5 kB that read the wallet; `limit` is the loop's."""
    return _LINES + _LOOP % limit


def preview(turns: int = 60) -> list[Comparison]:
    """A letter typed in front of 5 kB of template, or taken away, until the preview's first line says so."""
    return asyncio.run(_measured(turns))


async def _measured(turns: int) -> list[Comparison]:
    from tests.screens.cockpit import cockpit
    from tui.cli.cockpit import calm_collector
    from tui.widgets.block_lines import BlockLines
    from tui.widgets.template_editor import TemplateEditor

    calm_collector()  # as the program does
    compared = []
    async with cockpit("many") as running:
        await running.press("2")
        await running.until(lambda: isinstance(running.app.focused, TemplateEditor), "the editor")
        editor = running.app.screen.query_one(TemplateEditor)
        shown = running.app.screen.query_one("#preview-text", BlockLines)
        for what, limit in (("5 offers", " limit:5"), ("all 1,312 offers", "")):
            text = template(limit)
            editor.replace_all(text)
            data, _ = await running.app.screen.gather()
            wanted = (await running.deck.renderer().render(text, data, connected="stub")).output
            await running.until(lambda wanted=wanted: _output(running.app.screen) == wanted, what)
            await running.pilot.pause()
            keys, renders = [], []
            for turn in range(turns + 5):
                await asyncio.sleep(BETWEEN_KEYS_S)
                took = await _key(running.pilot, shown, ("x", "backspace")[turn % 2])
                await asyncio.sleep(BETWEEN_KEYS_S)
                alone = await _render(running, text)
                if turn >= 5:
                    keys.append(took)
                    renders.append(alone)
            floor = Side("the render alone, child and pipe", tuple(renders))
            ours = Side("key to refreshed preview", tuple(keys))
            note = f"template of {len(text) / 1000:.1f} kB, a loop over {what}"
            compared.append(Comparison(f"keystroke, {what}", ours, floor, None, limit=LIMIT_MS, notes=(note,)))
    return compared


def _output(screen: Any) -> str:
    return str(screen.view.rendered.output) if screen.view is not None else ""


async def _key(pilot: Pilot[Any], shown: Any, key: str) -> float:
    """Milliseconds from the key to a first line of the preview that begins otherwise than before."""
    before = _first(shown)
    begun = time.perf_counter()
    pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
    while _first(shown) == before:
        if time.perf_counter() - begun > 10:
            raise TimeoutError("the preview never changed")
        await asyncio.sleep(0.0005)
    return (time.perf_counter() - begun) * 1000


def _first(shown: Any) -> str:
    return "".join(segment.text for segment in shown.render_line(0))


async def _render(running: Any, text: str) -> float:
    data, _ = await running.app.screen.gather()
    begun = time.perf_counter()
    await running.deck.renderer().render(text, data, connected="stub")
    return (time.perf_counter() - begun) * 1000
