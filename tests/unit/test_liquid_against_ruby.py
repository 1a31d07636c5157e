"""Differential: every template of the corpus prints what Ruby's liquid prints in lax mode, or is explained here."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from core.liquid.engine import Dataset, Engine
from core.render import RenderData, Rendered
from tests.unit import liquid_grammar

# The first night of a March behind a 29 February: west of Greenwich it is another day, month and weekday.
NOW = datetime(2024, 3, 1, 1, 2, 3, tzinfo=UTC)
CORPUS = Path(__file__).parents[1] / "golden" / "liquid_ruby"
ORACLE = """
require 'liquid'
require 'json'
now = Time.at(Integer(ARGV[0]))
Time.define_singleton_method(:now) { now }
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


class Difference(NamedTuple):
    """One template on which the two do not agree."""

    template: str
    ours: Rendered
    theirs: dict[str, str]

    def __str__(self) -> str:
        return f"{self.template!r}\n  ruby {self.theirs}\n  ours {self.ours.status} {self.ours.output!r}"


class Explanation(NamedTuple):
    """Why a difference is meant to be: a template that shows it, and which differences it covers."""

    why: str
    example: str
    covers: Callable[[Difference], bool]


_BRACES_IN_A_TAG = re.compile(r"\{%(?:(?!%\}).)*\{\{.*?\}\}", re.DOTALL)
_BRAZE_FILTER = re.compile(
    r"\|\s*(?:base64|md5|sha[12]|hmac_\w+|url_escape|url_param_escape|property_accessor|number_with_delimiter|money"
    r"|json_escape|json_parse|as_json_string|time_zone)\b"
)
EXPLAINED = {
    "braces inside of a tag": Explanation(
        'Braze docs, "Using Liquid": {{ }} inside of a tag holds an expression, where the gem knows no such thing.',
        "{% assign q = {{n | plus: 1}} %}{{ q }}",
        lambda one: _BRACES_IN_A_TAG.search(one.template) is not None,
    ),
    "a filter of Braze's own": Explanation(
        'Braze docs, "Filters" and "Advanced filters": filters that the gem has not, and lets pass.',
        "{{ 'a' | base64 }}",
        lambda one: _BRAZE_FILTER.search(one.template) is not None,
    ),
}

pytestmark = pytest.mark.slow


def ruby(templates: list[str], data: dict[str, Any]) -> list[dict[str, str]]:
    """What Ruby makes of each; needs the packages ruby and ruby-liquid."""
    program = shutil.which("ruby")
    assert program, "install ruby and ruby-liquid: they are the oracle"
    jobs = "".join(json.dumps({"template": one, "data": data}) + "\n" for one in templates)
    environment = {"TZ": "UTC", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    command = [program, "-e", ORACLE, str(int(NOW.timestamp()))]
    done = subprocess.run(command, input=jobs, capture_output=True, text=True, env=environment, timeout=300, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def compared(templates: list[str], data: dict[str, Any]) -> list[Difference]:
    """Where we print something else than Ruby, or refuse something else."""
    engine = Engine()
    dataset = Dataset(RenderData.from_json({"variables": data, "switches": {"blank": "ruby", "gem": "5.4"}}))
    found = []
    for template, theirs in zip(templates, ruby(templates, data), strict=True):
        ours = engine.render(template, dataset, connected="off", now=NOW)
        same = ours.status == "failed" if "refused" in theirs else ours.output == theirs["output"]
        if not same:
            found.append(Difference(template, ours, theirs))
    return found


def assert_agreed(templates: list[str], data: dict[str, Any], *, least: int = 1) -> None:
    """No difference without an explanation, over at least `least` templates."""
    assert len(templates) >= least
    found = compared(templates, data)
    wrong = [one for one in found if not any(each.covers(one) for each in EXPLAINED.values())]
    assert not wrong, f"{len(wrong)} of {len(templates)}:\n" + "\n".join(map(str, wrong[:25]))


DATA: dict[str, Any] = json.loads((CORPUS / "tags.json").read_text())["data"]


def drawn(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """What hypothesis makes of a strategy, always the same."""
    made: list[Any] = []

    @seed(20261121)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(one: Any) -> None:
        made.append(one)

    collect()
    return made


def generated(strategy: SearchStrategy[str], count: int) -> list[str]:
    """The templates hypothesis makes of a strategy, always the same ones."""
    return sorted(set(drawn(strategy, count)))


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.json")), ids=lambda file: file.stem)
def test_the_written_corpus_prints_what_ruby_prints(file: Path) -> None:
    corpus = json.loads(file.read_text())
    assert_agreed(corpus["templates"], corpus["data"])


def test_every_filter_treats_every_kind_of_value_as_ruby_does() -> None:
    assert_agreed(list(_matrix()), DATA, least=5_000)


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
    loose = st.builds(lambda frame, inside: frame % inside, WRAPPED, LOOSE)
    assert_agreed(generated(loose, 1_500), DATA, least=1_000)


def test_templates_of_the_grammar_print_what_ruby_prints() -> None:
    assert_agreed(generated(liquid_grammar.templates, 3_000), DATA, least=2_000)


def test_damaged_templates_print_what_ruby_prints_or_are_refused_alike() -> None:
    assert_agreed(generated(liquid_grammar.damaged(), 2_000), DATA, least=1_500)


def test_comments_and_raw_text_hide_what_they_hide_in_ruby() -> None:
    assert_agreed(generated(liquid_grammar.hiding, 3_000), DATA, least=2_000)


def test_liquid_tags_of_many_lines_print_what_ruby_prints() -> None:
    assert_agreed(generated(liquid_grammar.lines(), 2_500), DATA, least=1_500)


def test_dates_of_any_year_and_zone_are_read_and_written_as_ruby_does() -> None:
    assert_agreed(generated(liquid_grammar.dated(), 4_000), DATA, least=3_000)


def test_sums_come_out_as_ruby_reckons_them() -> None:
    assert_agreed(generated(liquid_grammar.sums(), 2_000), DATA, least=1_500)


def test_lists_of_all_kinds_come_into_the_order_ruby_gives_them() -> None:
    lists = drawn(liquid_grammar.lists, 400)
    calls = ["sort", "sort_natural", "sort: 'k'", "sort_natural: 'k'", "sort: 'nosuch'", "sort_natural: 'nosuch'"]
    templates = [f"{{{{ lists[{at}] | {call} | join: '&' }}}}" for at in range(len(lists)) for call in calls]
    assert_agreed(templates, {"lists": lists}, least=2_000)


@pytest.mark.parametrize("name", EXPLAINED)
def test_an_explanation_explains_a_difference_that_is_there(name: str) -> None:
    (found,) = compared([EXPLAINED[name].example], DATA)
    assert EXPLAINED[name].covers(found)
    assert [each for each in EXPLAINED if EXPLAINED[each].covers(found)] == [name]


def test_a_difference_without_an_explanation_is_found() -> None:
    with pytest.raises(AssertionError, match="promotion"):
        assert_agreed(["{% promotion('x') %}"], DATA)
