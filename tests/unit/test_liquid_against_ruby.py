"""Differential: every template of the corpus prints what Ruby's liquid prints in lax mode, or is explained here."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from core.liquid.engine import Dataset, Engine
from core.render import RenderData

CORPUS = Path(__file__).parents[1] / "golden" / "liquid_ruby"
ORACLE = """
require 'liquid'
require 'json'
STDIN.each_line do |line|
  job = JSON.parse(line)
  answer =
    begin
      { output: Liquid::Template.parse(job['template'], error_mode: :lax).render(job['data']).scrub }
    rescue Liquid::SyntaxError => error
      { refused: error.message }
    end
  puts JSON.generate(answer)
end
"""

# What differs on purpose: a mark in the template, and why.
EXPLAINED = {
    "blank": "Braze docs, Conditional logic: blank matches nil, false and white space; the bare gem knows no blank?.",
    "{%- endraw": "The gem takes this from 5.4.1 on.",
    "upcase? ": "A filter's name may end in ? for the strict reader only.",
    "big | date": "A year beyond 9999.",
    "'1,000.50' | date": "Ruby finds a day of the year 0 in it.",
    "cash | date": "Ruby finds a day of the year 0 in it.",
    "'10h' | date": "Ruby's hour mark.",
    "JST 1999": "A year behind an unknown zone.",
    "H31.04.30": "The Japanese era.",
    "%_5z": "An offset padded with spaces.",
}

pytestmark = pytest.mark.slow


def ruby(templates: list[str], data: dict[str, Any]) -> list[dict[str, str]]:
    """What Ruby makes of each; needs the packages ruby and ruby-liquid."""
    program = shutil.which("ruby")
    assert program, "install ruby and ruby-liquid: they are the oracle"
    jobs = "".join(json.dumps({"template": one, "data": data}) + "\n" for one in templates)
    environment = {"TZ": "UTC", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    done = subprocess.run(
        [program, "-e", ORACLE], input=jobs, capture_output=True, text=True, env=environment, timeout=300, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def differences(templates: list[str], data: dict[str, Any]) -> list[str]:
    engine, dataset = Engine(), Dataset(RenderData.from_json({"variables": data}))
    wrong = []
    for template, theirs in zip(templates, ruby(templates, data), strict=True):
        ours = engine.render(template, dataset, connected="off", now=datetime.now(UTC))
        same = ours.status == "failed" if "refused" in theirs else ours.output == theirs["output"]
        if not same and not any(mark in template for mark in EXPLAINED):
            wrong.append(f"{template!r}\n  ruby {theirs}\n  ours {ours.status} {ours.output!r}")
    return wrong


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.json")), ids=lambda file: file.stem)
def test_the_written_corpus_prints_what_ruby_prints(file: Path) -> None:
    corpus = json.loads(file.read_text())
    assert corpus["templates"]
    assert not (wrong := differences(corpus["templates"], corpus["data"])), "\n".join(wrong)


def test_every_filter_treats_every_kind_of_value_as_ruby_does() -> None:
    data = json.loads((CORPUS / "tags.json").read_text())["data"]
    templates = list(_matrix())
    assert len(templates) > 5_000
    assert not (wrong := differences(templates, data)), "\n".join(wrong[:40])


VALUES = [
    "s",
    "e",
    "ws",
    "n",
    "neg",
    "f",
    "z",
    "t",
    "fl",
    "nil",
    "arr",
    "mixed",
    "nested",
    "objs",
    "h",
    "eh",
    "ea",
    "html",
    "num",
    "dec",
    "big",
    "date",
    "iso",
    "uni",
    "lines",
    "csv",
    "fx",
    "fs",
    "cash",
    "(1..3)",
    "'lit'",
    "3.0",
    "-2",
    "1.5",
    "blank",
    "empty",
    "nosuch",
    "h.a",
    "h.size",
    "h.first",
    "arr.first",
    "arr.last",
    "arr[1]",
    "arr[-1]",
    "arr[9]",
    "objs[0].name",
    "h['a']",
    "objs[0][key]",
    "h.c[1].d",
    "s.size",
    "n.size",
    "arr.size",
    "eh.size",
    "arr.first.x",
    "nested.last.last",
]
PLAIN = [
    "size",
    "downcase",
    "upcase",
    "capitalize",
    "escape",
    "escape_once",
    "url_encode",
    "url_decode",
    "base64_encode",
    "truncate",
    "truncatewords",
    "strip",
    "lstrip",
    "rstrip",
    "strip_html",
    "strip_newlines",
    "join",
    "sort",
    "sort_natural",
    "uniq",
    "reverse",
    "compact",
    "first",
    "last",
    "newline_to_br",
    "abs",
    "round",
    "ceil",
    "floor",
    "default",
    "split",
    "plus",
]
WITH_ARGUMENTS = """plus: 2|plus: 0.5|minus: 1|times: 2.5|divided_by: 2|divided_by: 2.0|divided_by: 0|modulo: 3
modulo: -2.5|at_least: 3|at_most: 3|round: 1|round: -1|append: 'x'|append: arr|prepend: h|remove: 'l'|remove_first: 'l'
replace: 'l','L'|replace: '','-'|replace_first: 'o','0'|slice: 1|slice: 1,2|slice: -2,2|slice: 50|split: ','|split: ''
split: ' '|truncate: 7|truncate: 7,'~'|truncatewords: 1|join: ', '|map: 'name'|where: 'ok'|where: 'name','a'|sort: 'v'
sort: 'name'|sort_natural: 'name'|uniq: 'ok'|compact: 'v'|concat: arr|concat: n|default: 'D'|plus: num|nosuchfilter: 1
default: 'D', allow_false: true|date: '%Y-%m-%d'|date: ''|size: 1|upcase: 1,2|remove_last: 'l'|replace_last: 'l','R'"""
OPERATORS = ["==", "!=", "<", ">=", "contains"]


def _matrix() -> Iterator[str]:
    for value in VALUES:
        yield f"[{{{{ {value} }}}}]"
        yield f"{{% unless {value} %}}U{{% elsif n %}}E{{% endunless %}}"
        yield f"{{% for x in {value} %}}<{{{{x}}}}>{{% else %}}none{{% endfor %}}"
        yield f"{{% case {value} %}}{{% when 5 %}}five{{% when 'hello World', nil %}}hn{{% else %}}else{{% endcase %}}"
        yield from (f"[{{{{ {value} | {name} }}}}]" for name in PLAIN)
        yield from (f"[{{{{ {value} | {call} }}}}]" for call in WITH_ARGUMENTS.replace("\n", "|").split("|"))
    for left, operator, right in itertools.product(VALUES[:24], OPERATORS, VALUES[:24]):
        yield f"{{% if {left} {operator} {right} %}}T{{% else %}}F{{% endif %}}"


# Loose templates: what a hurried author types, quotes and pipes anywhere.
WORD = st.sampled_from(
    ["s", "n", "arr", "h.a", "h . a", "objs[0].name", "'x y'", '"z"', "5", "2.5", "nosuch", "(1..3)"]
)
GLUE = st.sampled_from(
    [" ", "", "  ", " | ", "|", ": ", ":", ", ", " == ", "==", " > ", " and ", " or ", "'", '"', " - "]
)
FILTER = st.sampled_from(["upcase", "append", "plus", "join", "size", "split", "first", "default", "nope"])
LOOSE = st.lists(st.one_of(WORD, GLUE, FILTER), min_size=1, max_size=9).map("".join)
WRAPPED = st.sampled_from(
    [
        "[{{%s}}]",
        "[{{- %s -}}]",
        "{%% if %s %%}T{%% else %%}F{%% endif %%}",
        "{%% assign q = %s %%}[{{q}}]",
        "{%% for i in %s %%}{{i}};{%% else %%}E{%% endfor %%}",
        "{%% case n %%}{%% when %s %%}W{%% else %%}L{%% endcase %%}",
    ]
)


def test_loose_templates_print_what_ruby_prints() -> None:
    templates: list[str] = []

    @seed(20261121)
    @settings(max_examples=1_500, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(WRAPPED, LOOSE)
    def collect(frame: str, inside: str) -> None:
        templates.append(frame % inside)

    collect()
    data = json.loads((CORPUS / "tags.json").read_text())["data"]
    assert not (wrong := differences(sorted(set(templates)), data)), "\n".join(wrong[:25])
