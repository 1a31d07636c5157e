"""What a render leaves is freed at once: cycles would wait for the collector, and slow down every render after it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.liquid.engine import Dataset, Engine
from core.render import RenderData

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEMPLATE = """{% for o in offers %}{{ forloop.index }} {{ o.name | default: other | append: '!' }}{% endfor %}
{% capture c %}{{ offers | map: 'name' | join: x }}{% endcapture %}{{ c }}{{content_blocks.${B}}}{{ nope | nope }}
{% if offers.size > 1 and c contains 'a' %}{% assign d = 'now' | date: '%Y' %}{% cycle 'a', c %}{% endif %}"""
DATA = {
    "variables": {"offers": [{"name": "a"}, {"name": None}], "other": "b"},
    "content_blocks": {"B": "{{ other }}"},
}


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
def test_a_template_and_its_renders_leave_no_cycles() -> None:
    engine, dataset = Engine(), Dataset(RenderData.from_json(DATA))
    assert engine.render(TEMPLATE, dataset, connected="off", now=NOW).status == "rendered"
    gc.collect()
    for number in range(80):  # more than the engine keeps
        engine.render(TEMPLATE + str(number), dataset, connected="off", now=NOW)
    assert gc.collect() == 0
