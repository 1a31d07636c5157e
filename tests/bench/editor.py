"""From a key in the template to the row that shows it: a message as long as they get, in one line and in many."""

from __future__ import annotations

import asyncio
import os
import time

os.environ["TEXTUAL_FPS"] = "100000"  # else a paint waits for its sixtieth of a second and hides what it cost
os.environ["TEXTUAL_ANIMATIONS"] = "none"

from textual import events
from textual.widgets import TextArea

from tests.bench.lists import Bench, _calm
from tests.bench.measure import Comparison, Side
from tui.widgets.template_editor import TemplateEditor

_CELL = '<td style="padding:0 10px;color:#333">Hello {{${first_name} | default: "you"}}, number %d</td>'
_HTML = "".join(_CELL % number for number in range(5_000))
_WIDE = _HTML.replace("Hello", "こんにちは ☕️ é")
# What is typed in, the highest ratio to a bare TextArea, and the most milliseconds that 19 keys of 20 may take.
TEXTS = (
    ("300 kB in one line", _HTML[:300_000], 0.05, 100.0),
    ("300 kB in one line, some of it wide", _WIDE[:300_000], 0.05, 100.0),
    ("30 kB in one line", _HTML[:30_000], 0.3, 30.0),
    ("400 kB in many lines", _HTML[:400_000].replace("</td>", "</td>\n"), 1.0, 60.0),
    ("5 kB in many lines", _HTML[:5_000].replace("</td>", "</td>\n"), 1.5, 30.0),
)
_KEYS = ("x", "backspace")
_BARE_TURNS = 10  # a key takes Textual's own up to three seconds


def editor(turns: int = 40) -> list[Comparison]:
    """A letter typed in the middle of a text, or taken away, from the key to the paint; ours and Textual's in turn."""
    return asyncio.run(_measured(turns))


async def _measured(turns: int) -> list[Comparison]:
    app, compared = Bench(), []
    async with app.run_test(size=(60, 40)):
        for what, text, goal, limit in TEXTS:
            made: list[tuple[TextArea, list[float]]] = []
            for area in (TemplateEditor(), TextArea(show_line_numbers=True)):
                await app.query_one("#stage").mount(area)
                area.load_text(text)
                row = area.document.line_count // 2
                area.move_cursor((row, len(area.document.get_line(row)) // 2))
                area.display = False
                made.append((area, []))
            for turn in range(turns + 2):
                for area, took in made[: 2 if turn < _BARE_TURNS + 2 else 1]:
                    took.append(await _typed(app, area, _KEYS[turn % 2]))
            ours, bare = (Side(type(area).__name__, tuple(took[2:])) for area, took in made)
            compared.append(Comparison(f"key in {what}", ours, bare, goal, limit=limit))
            for area, _ in made:
                await area.remove()
    return compared


async def _typed(app: Bench, area: TextArea, key: str) -> float:
    """Milliseconds from the key to the paint; nothing else is shown meanwhile."""
    area.display = True
    area.focus()
    await asyncio.sleep(0.05)
    await _calm(app)
    before = area.text
    begun = time.perf_counter()
    app.post_message(events.Key(key, key if len(key) == 1 else None))
    took = (await app.until_displayed(lambda: area.text != before) - begun) * 1000
    area.display = False
    await asyncio.sleep(0.05)
    return took
