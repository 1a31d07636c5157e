"""`python -m tests.fuzz [--minutes N]`: throw mutated templates at the engine, steered by what they reach (atheris).

Every input must end in a Rendered within 2.5 seconds, with no exception of anybody's and no internal error. The first
that does not is printed, kept, and ends the run with a code other than 0. Needs `pip install atheris`.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

LIMIT_S = 2.5
OWN_LIMIT_S = 1.7  # the child's own clock, which the engine runs under
LONGEST = 4_096  # bytes of one template
NOW = datetime(2026, 11, 22, tzinfo=UTC)
GOLDEN = Path(__file__).parents[1] / "golden"
WORDS = """{{ }} {% %} {%- -%} {{- -}} ${ } | : , . .. [ ] ( ) ' " == != <> >= contains and or blank empty nil true
if elsif else endif unless endunless case when endcase for in reversed limit: offset: endfor tablerow cols: endtablerow
assign = capture endcapture increment decrement cycle break continue echo liquid raw endraw comment endcomment ifchanged
endifchanged connected_content :save :method :headers :body :retry :rerender catalog_items catalog_selection_items items
abort_message message_extras :key :value promotion translation endtranslation shopping_cart random content_blocks.${
custom_attribute.${ api_trigger_properties.${ first_name wallet.payload.user_offers forloop.index default: date: '%s'
append: split: sort map: where: slice: truncate: replace: times: divided_by: json_parse as_json_string strip_html round
<!-- --> offerdeck ignore 99999999999999999999 -1 2.5 now"""
DATA: dict[str, Any] = {
    "attributes": {"first_name": "Ann", "language": "de"},
    "custom_attribute": {"a": {"b": [1, None, "x"]}, "zip code": "3011"},
    "content_blocks": {"B": "{{ first_name }}{{content_blocks.${B}}}", "first_name": "{% if %}"},
    "catalogs": {"menu": {"1": {"title": "{{ 1 | plus: 1 }}", "price": 2.5}}},
    "selections": {"menu": {"all": ["1"]}},
    "promotions": {"p": ["CODE"]},
    "connected_content": [{"url": "https://x.test", "body": {"n": [7, {"a": "{{ 5 }}"}]}}],
    "variables": {
        "wallet": {"payload": {"user_offers": [{"name": "Coffee", "n": 1, "tags": ["x", "y"]}, {"name": None}]}},
        "x": 5,
        "s": "hello World",
        "big": "y" * 200_000,
        "d": "2026-11-22T10:00:00Z",
    },
}


class Failed(Exception):
    """The engine did what it must not."""


def _out_of_time(_signal: int, _frame: FrameType | None) -> None:
    from core.liquid.faults import TimedOut

    raise TimedOut


def _seeds(folder: Path) -> None:
    """The golden templates as the first inputs."""
    for file in sorted(GOLDEN.rglob("*.json")):
        raw = json.loads(file.read_text())
        cases = raw.get("templates") or raw.get("cases") or [] if isinstance(raw, dict) else raw
        for number, case in enumerate(cases):
            template = case if isinstance(case, str) else case["template"]
            (folder / f"{file.stem}-{number}").write_bytes(template.encode("utf-8", "replace")[:LONGEST])


def _dictionary(folder: Path) -> Path:
    file = folder / "words"
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in WORDS.split())
    file.write_text("".join(f'"{word}"\n' for word in escaped))
    return file


def main() -> int:
    """Fuzz for so many minutes. Does not return: libFuzzer ends the process."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    asked = parser.parse_args()
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: pip install atheris", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["core"]):
        from core.liquid.engine import Dataset, Engine
        from core.liquid.faults import TimedOut
        from core.render import RenderData
    sys.setrecursionlimit(3_000)  # the child's
    signal.signal(signal.SIGALRM, _out_of_time)
    engine, dataset = Engine(), Dataset(RenderData.from_json(DATA))

    def once(raw: bytes) -> None:
        template = raw.decode("utf-8", "replace")
        began = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, OWN_LIMIT_S)
        try:
            made = engine.render(template, dataset, connected="stub", now=NOW)
        except TimedOut:
            made = None  # while parsing: the child answers for it
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        took = time.monotonic() - began
        if took > LIMIT_S:
            raise Failed(f"{took:.1f} s for {template!r}")
        if made is not None and any(one.rule == "internal-error" for one in made.problems):
            raise Failed(f"{[one.message for one in made.problems]} for {template!r}")

    work = Path(tempfile.mkdtemp(prefix="offerdeck-fuzz-"))
    corpus = work / "corpus"
    corpus.mkdir()
    _seeds(corpus)
    limits = [f"-max_total_time={int(asked.minutes * 60)}", f"-max_len={LONGEST}", "-timeout=0", "-rss_limit_mb=2048"]
    places = [f"-dict={_dictionary(work)}", f"-artifact_prefix={work}/", str(corpus)]
    atheris.Setup([sys.argv[0], *limits, *places], once)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
