"""Every rule: a template that breaks it, and one that only looks as if it did; and the comments that silence rules."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from core.errors import InvalidInput
from core.liquid.engine import Dataset, Engine
from core.liquid.ignoring import Ignore, heeded, ignores_in, silenced
from core.liquid.rules import NEEDS_DATA, RULES
from core.liquid.switches import SWITCHES, Switches
from core.render import Problem, RenderData, Rendered
from tests.growth import assert_grows_linearly

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CALL = "{% connected_content https://x.test/a :save r %}"
ASKS = """{%% connected_content https://x.test/q :method post :save r :content_type application/json
:body {"culture":"%s"} %%}{%% if r.__http_status_code__ != 200 %%}{%% abort_message() %%}{%% endif %%}"""
POST = "{% connected_content https://x.test/p :method post :retry :save r"
TESTED = "{% if r %}{{ r.n }}{% endif %}"
CART = {"shopping_cart": {"cart_id": "k"}, "context": {"cart_id": "k"}}
BLOCKS = {
    "content_blocks": {"A": "{{content_blocks.${B}}}", "B": "{{content_blocks.${C}}}", "C": "c", "Big": "x" * 50_001}
}
ANSWERS = {
    "connected_content": [
        {"url": "https://x.test/a", "body": {"n": 1}},
        {"url": "https://x.test/late", "body": {}, "milliseconds": 2_001},
        {"url": "https://x.test/text", "body": "Service Unavailable"},
        {"url": "https://x.test/big", "body": "x" * 1_000_001},
        {"method": "POST", "url": "https://x.test/p", "body": {"n": 1}},
        {"method": "POST", "url": "https://x.test/q", "body": {}, "asked": {"body": {"culture": "de-DE"}}},
    ]
}

# rule -> what breaks it, what does not, and the data of both
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "unbalanced-braces": ("{{ 1 }", "{{ 1 }}", {}),
    "unclosed-tag": ("{% if 1", "{% if 1 %}{% endif %}", {}),
    "bad-tag": ("{% %}", "{% # %}", {}),
    "unknown-tag": ("{% abort %}", "{% echo 1 %}", {}),
    "missing-end": ("{% if 1 %}", "{% assign a = 1 %}", {}),
    "unexpected-tag": ("{% endif %}", "{% if 1 %}{% endif %}", {}),
    "bad-syntax": ("{% assign a %}", "{% assign a = 1 %}", {}),
    "too-deep": ("{% if 1 %}" * 101 + "{% endif %}" * 101, "{% if 1 %}" * 8 + "{% endif %}" * 8, {}),
    "refused-by-switch": (
        "{% increment n %}",
        "{% assign n = 1 %}",
        {"switches": {"undocumented_tags": "refused", "comments": "parsed"}},
    ),
    "second-else": (
        "{% for i in (1..2) %}{% else %}{% else %}",
        "{% for i in (1..2) %}{% else %}{% if i %}{% else %}{% endif %}{% endfor %}",
        {},
    ),
    "curly-quotes": ("{{ 1 | default: “x” }}", "“{{ 1 }}”", {}),
    "filter-arguments": ("{{ 1 | append }}", "{{ 1 | append: 'a' }}", {}),
    "liquid-error": ("{{ 1 | divided_by: 0 }}", "{{ 0 | divided_by: 1 }}", {}),
    "unknown-content-block": ("{{content_blocks.${No}}}", "{{content_blocks.${C}}}", BLOCKS),
    "limit-loops": ("{% for i in (1..300001) %}{% endfor %}", "{% for i in (1..9) %}{% endfor %}", {}),
    "limit-range": ("{% for i in (1..2000000000) %}{% endfor %}", "{{ (1..1000000000) | first }}", {}),
    "limit-items": ("{% assign l = l | concat: l %}" * 20, "{{ l | concat: l | size }}", {"variables": {"l": [0, 0]}}),
    "limit-number": ("{% assign n = 9 %}" + "{% assign n = n | times: n %}" * 20, "{{ 9 | times: 9 }}", {}),
    "limit-text": (
        "{% assign s = s | append: s %}" * 10,
        "{% assign t = s | append: s %}",
        {"variables": {"s": "x" * 9_999}},
    ),
    "limit-output": ("{{ s }}" * 99, "{{ s }}", {"variables": {"s": "x" * 99_999}}),
    "limit-size": ("x" * 2_000_001, "x" * 2_000_000, {}),
    "broken-comment": (
        "{% comment %}{% if %}{% endcomment %}",
        "{% comment %}{% if 1 %}{% endif %}{% bogus %}{% endcomment %}",
        {},
    ),
    "connected-body": (POST + ' :body {"a": 1} %}', POST + ' :body {"a":1} %}', ANSWERS),
    "connected-method": ("{% connected_content https://x.test/a :method put %}", CALL, ANSWERS),
    "connected-option": ("{% connected_content https://x.test/a :cache 9 %}", CALL, ANSWERS),
    "connected-url": ("{% connected_content https://x.test/a b %}", CALL, ANSWERS),
    "connected-differs": (ASKS % "en-US", ASKS % "de-DE", ANSWERS),
    "connected-failed": ("{% connected_content https://x.test/late %}", CALL, ANSWERS),
    "connected-headers": ("{% connected_content https://x.test/a :headers a=b %}", CALL, ANSWERS),
    "connected-cache": (
        CALL.replace("%}", ":cache_max_age 60 %}"),
        CALL.replace("%}", ":cache_max_age 300 %}"),
        ANSWERS,
    ),
    "connected-size": ("{% connected_content https://x.test/big %}", CALL, ANSWERS),
    "connected-not-recorded": ("{% connected_content https://x.test/no %}", CALL, ANSWERS),
    "catalog-syntax": ("{% catalog_items c %}", "{% catalog_items c a %}", {"catalogs": {"c": {"a": {}}}}),
    "filter-in-condition": ("{% if 1 | plus: 1 %}{% endif %}", "{% if {{1 | plus: 1}} %}{% endif %}", {}),
    "filter-in-loop": (
        "{% for i in l | sort %}{% endfor %}",
        "{% for i in {{l | sort}} %}{% endfor %}",
        {"variables": {"l": []}},
    ),
    "ignored-tail": ("{% assign a = 1 == 1 %}", "{% assign a = 1 | plus: 1 %}", {}),
    "html-entity": ("{{ 1 | default: &quot;x&quot; }}", "&gt;{{ 1 | default: '&gt;' }}", {}),
    "invisible-character": ("{{ 1 | default:\u00a0'x' }}", "{{ 1 | default: '\u00a0\u200b' }}\u00a0", {}),
    "json-elision": ('{"a": 1, ...}', '{"a": "..."}', {}),
    "json-trailing-comma": ('{"a": 1,}', '{"a": "1,}"}', {}),
    "key-spelling": ("appkey_core apikey_core", "appkey_core appkey_core", {}),
    "missing-spaces": ("{% if n==1 %}{% endif %}", "{% if n == 1 %}{% endif %}", {"variables": {"n": 1}}),
    "parentheses": ("{% if (1 == 1) %}{% endif %}", "{% for i in (1..2) %}{% endfor %}", {}),
    "tag-form": ("{% assign a = %}", "{% assign a = '' %}", {}),
    "translation-id": ("{% translation %}{% endtranslation %}", "{% translation a %}{% endtranslation %}", {}),
    "two-attributes": (
        "{{${city} | append: ${country}}}",
        "{{${city}}}{{${country}}}",
        {"attributes": {"city": "G", "country": "A"}},
    ),
    "unclosed-quote": ("{{ 1 | append: 'a }}", '{{ 1 | append: "it\'s" }}', {}),
    "unknown-attribute": ("{{${name} | default: 1}}", "{{${first_name} | default: 1}}", {}),
    "unknown-filter": ("{{ 1 | uppercase }}", "{{ 1 | upcase }}", {}),
    "unknown-namespace": ("{{custom.${a}}}", "{{custom_attribute.${a} | default: 1}}", {}),
    "unknown-operator": ("{% if 1 == 1 && 2 %}{% endif %}", "{% if 1 == 1 and 2 %}{% endif %}", {}),
    "unpaired-braces": ("{% if {{1 %}{% endif %}", "{% if {{1}} %}{% endif %}", {}),
    "variable-name": ("{% assign größe = 1 %}", "{% assign groesse = 1 %}", {}),
    "wrong-property-bag": (
        "{{context.${a} | default: 1}}",
        "{{api_trigger_properties.${a} | default: 1}}",
        {"kind": "campaign"},
    ),
    "nested-liquid": ("{% liquid\n liquid echo 1\n%}", "{% liquid\n echo 1\n%}", {}),
    "raw-dash": ("{% raw %}{{ 1 }}{%- endraw %}", "{%- raw %}{{ 1 }}{% endraw %}", {}),
    "shopping-cart": ("{% shopping_cart k :abort 1 %}", "{% shopping_cart k :abort_if_not_abandoned true %}", CART),
    "bare-attribute": ("Hi ${first_name}", "const a = `${b}`", {}),
    "content-block-nesting": ("{{content_blocks.${A}}}", "{{content_blocks.${B}}}", BLOCKS),
    "content-block-size": ("{{content_blocks.${Big}}}", "{{content_blocks.${C}}}", BLOCKS),
    "date-unread": ("{{ '01/31/2026' | date: '%F' }}", "{{ '31/01/2026' | date: '%F' }}{{ '' | date: '%F' }}", {}),
    "date-milliseconds": ("{{ 1700000000000 | date: '%F' }}", "{{ 1700000000 | date: '%F' }}", {}),
    "message-extras": ("{% message_extras :value 1 :key a %}", "{% message_extras :key a :value 1 %}", {}),
    "misspelt-variable": ("{% assign total = 1 %}{{ totl }}", "{% assign total = 1 %}{{ total }}", {}),
    "no-cart-data": ("{% shopping_cart k %}", "{{ shopping_cart.products }}", {}),
    "no-catalog-data": ("{% catalog_items c a %}", "{{ items }}", {}),
    "no-promotion-data": ("{% promotion('a') %}", "{% if false %}{% promotion('a') %}{% endif %}", {}),
    "undefined-variable": ("{{ walet }}", "{{ wallet }}", {"variables": {"wallet": 1}}),
    "unknown-time-zone": ("{{ 'now' | time_zone: 'Graz' }}", "{{ 'now' | time_zone: 'Europe/Vienna' }}", {}),
    "html-comment-liquid": ("<!-- {{ 1 }} -->", "<!-- {x} -->", {}),
    "label-as-name": ("{{context.${offer title} | default: 1}}", "{{custom_attribute.${zip code} | default: 1}}", {}),
    "nesting-deep": ("{% if 1 %}" * 9 + "{% endif %}" * 9, "{% if 1 %}{% endif %}" * 9, {}),
    "post-uncached": (POST + " %}", POST + " :cache_max_age 300 %}", ANSWERS),
    "post-cached": (
        POST + " :cache_max_age 300 :body u={{${user_id}}} %}",
        POST + " :cache_max_age 300 :body {{ b }} %}",
        {**ANSWERS, "variables": {"b": "x"}},
    ),
    "connected-not-json": (
        "{% connected_content https://x.test/text :save r %}" + TESTED,
        "{% connected_content https://x.test/text %}",
        ANSWERS,
    ),
    "bare-namespace": (
        "{{ event_properties.price }}",
        "{{ event_properties.${price} }}{% assign card = 1 %}{{ card.x }}{{ 'app.name' }}{{ context.x }}",
        {"event_properties": {"price": 1}, "context": {"x": 1}, "variables": {"card": {"x": 1}}},
    ),
    "stand-in": (
        "{{ wallet }}",
        CALL.replace(":save r", ":save wallet") + "{% if wallet %}{{ wallet.n }}{% endif %}",
        {**ANSWERS, "variables": {"wallet": 1}, "stand_ins": ["wallet"]},
    ),
    "recommendation-unassigned": (
        "{{product_recommendation.${A}}}",
        "{% assign a = product_recommendation.${A} %}",
        {},
    ),
    "status-unchecked": (CALL + "{{ r.n }}", CALL + TESTED, ANSWERS),
    "undocumented-filter": ("{{ 'a' | url_decode }}", "{{ 'a | url_decode' | url_encode }}", {}),
    "quoted-attribute": ("{{ 'Hi ${city}' }}", "{{ '${b}' | append: 'c' }}", {}),
    "no-landing-page": ("{% landing_page_url %}", "{{ landing_page_url }}", {}),
    "undocumented-tag": ("{% increment n %}", "{% assign n = 1 %}", {}),
    "unknown-rule": ("<!-- offerdeck ignore unbalanced-brace -->", "<!-- offerdeck ignores nothing -->", {}),
    "unsupported-filter": ("{{ 1 | lstrip }}", "{{ 1 | strip }}", {}),
    "unused-ignore": ("<!-- offerdeck ignore two-attributes -->", "<!-- offerdeck ignore undefined-variable -->", {}),
    "connected-off": (CALL, "", {}),
    "missed-before-abort": (
        "{% if api_trigger_properties.${ends} < 5 %}{% else %}{% abort_message %}{% endif %}",
        "{% if api_trigger_properties.${ends} == blank %}{% abort_message %}{% endif %}",
        {"attributes": {"city": "Graz"}},
    ),
    "missing-default": ("{% if x %}{{${city}}}{% endif %}", "{% if ${city} %}{{${city}}}{% endif %}", {}),
    "missing-translation": (
        *("{% translation a %}{% endtranslation %}", "{% translation b %}{% endtranslation %}"),
        {"translations": {"": {"b": "B"}}},
    ),
    "unclear": ("{{ 1000 | money }}", "{{ 999 | money }}", {}),
}

# These tell of the machine, the guards or a fetch, not of a template.
ELSEWHERE = {
    *("internal-error", "renderer-died", "limit-time", "limit-memory", "limit-data", "limit-wants"),
    *("connected-refused", "content-block-unread", "catalog-unread", "catalog-item-missing"),
}


def render(template: str, data: dict[str, Any] | None = None, *, connected: str = "stub") -> Rendered:
    return Engine().render(template, Dataset(RenderData.from_json(data or {})), connected=connected, now=NOW)


def rules(template: str, data: dict[str, Any] | None = None) -> list[str]:
    return [problem.rule for problem in render(template, data).problems]


def test_every_rule_has_a_case() -> None:
    assert {*CASES} == {*RULES} - ELSEWHERE


@pytest.mark.parametrize("rule", CASES)
def test_the_rule_is_raised_by_its_case_and_not_by_a_near_miss(rule: str) -> None:
    broken, sound, data = CASES[rule]
    connected = "off" if rule == "connected-off" else "stub"
    raised = [one for one in render(broken, data, connected=connected).problems if one.rule == rule]
    assert raised
    assert {one.severity for one in raised} == {RULES[rule].severity}
    assert rule not in [one.rule for one in render(sound, data, connected=connected).problems]


def test_every_rule_the_engine_names_is_registered() -> None:
    source = Path(__file__).parents[2] / "core" / "liquid"
    named = r'(?:report|add|failure|LimitReached|Finding|_report)\(\s*(?:context, )?"([a-z]+(?:-[a-z]+)+)"'
    found = {rule for file in source.glob("*.py") for rule in re.findall(named, file.read_text())}
    assert len(found) > 50
    assert found <= {*RULES}
    assert {*NEEDS_DATA} <= {*RULES}


def test_every_rule_says_why_and_where_it_comes_from() -> None:
    for rule in RULES.values():
        assert rule.reason.endswith(".")
        assert rule.source


TWO = "{{ 1 | lstrip }}"


@pytest.mark.parametrize(
    "template",
    [
        TWO + "{% comment %}offerdeck ignore unsupported-filter{% endcomment %}",
        TWO + "{%- comment -%} offerdeck ignore unsupported-filter {%- endcomment -%}",
        "<!-- offerdeck ignore unsupported-filter -->" + TWO,
        "<!-- offerdeck ignore unsupported-filter -->\n" + TWO,
        "  <!-- offerdeck ignore unsupported-filter -->  \r\n" + TWO,
        "<!--\n offerdeck ignore\n unsupported-filter\n-->\n" + TWO,
        "{% comment %}offerdeck ignore unsupported-filter{% endcomment %}\n" + TWO,
        "<!-- offerdeck ignore unsupported-filter -->\n<!-- offerdeck ignore unknown-filter -->\n"
        + TWO
        + "{{ 1 | bogus }}",
        "{{ 1 | bogus }}" + TWO + "<!-- offerdeck ignore unknown-filter unsupported-filter -->",
        "{{ 1 | bogus }}" + TWO + "<!-- offerdeck ignore unknown-filter, unsupported-filter -->",
        TWO + "\n\n" + TWO + "\n<!-- offerdeck ignore-file unsupported-filter -->",
    ],
)
def test_a_comment_silences_a_rule(template: str) -> None:
    made = render(template)
    assert (made.status, made.problems) == ("rendered", ())


IN_LIQUID = """{%- liquid
  assign a = 1
  comment
    offerdeck ignore unsupported-filter
  endcomment
  echo a | lstrip
-%}"""


@pytest.mark.parametrize(
    "template",
    [
        IN_LIQUID,
        IN_LIQUID.replace("\n", "\r\n"),
        IN_LIQUID.replace("comment\n    offerdeck", "comment offerdeck"),
        IN_LIQUID.replace("unsupported-filter", "unknown-filter,\n unsupported-filter").replace("a |", "a | no |"),
        "{% liquid comment\n offerdeck ignore unsupported-filter\n endcomment\n echo 1 | lstrip %}",
        "{% liquid\n comment\n offerdeck ignore unsupported-filter\n endcomment %}\n" + TWO,
        "{% liquid\n comment\n offerdeck ignore-file unsupported-filter\n endcomment\n%}\n\n" + TWO,
    ],
)
def test_a_comment_in_a_liquid_tag_silences_a_rule(template: str) -> None:
    made = render(template)
    assert (made.status, made.problems) == ("rendered", ())


def test_a_line_of_a_liquid_tag_that_begins_with_a_hash_silences_a_rule_on_the_next_line() -> None:
    for template in (
        "{% liquid\n  # offerdeck ignore unsupported-filter\n  echo 1 | lstrip\n%}",
        "{% liquid # offerdeck ignore unsupported-filter\n  echo 1 | lstrip %}",
        "{% liquid\n  # offerdeck ignore unsupported-filter -%}\n" + TWO,
        "{% liquid\n  # offerdeck ignore unsupported-filter %}" + TWO,
        "{% liquid\n  # offerdeck ignore unsupported-filter-%}" + TWO,
    ):
        assert rules(template) == ["undocumented-tag"], template  # which the hash itself is
        assert ignores_in(template) == [Ignore("unsupported-filter", template.count("\n", 0, -5) + 1, ANY)], template
    for template in (
        "{% liquid\n  # offerdeck ignore unsupported-filter\n  echo 1\n  echo 1 | lstrip\n%}",
        "{% liquid\n  # offerdeck ignore unsupported\n  echo 1 | lstrip\n%}",
        "{% liquid\n  assign a = 1 # offerdeck ignore unsupported-filter\n  echo 1 | lstrip\n%}",
        "# offerdeck ignore unsupported-filter\n" + TWO,
    ):
        assert "unsupported-filter" in rules(template), template


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<!-- offerdeck ignore",
            "<!-- offerdeck ignore a -->\n",
            "{% liquid",
            "{% liquid\n# offerdeck ignore a\n%}\n",
        ),
        *(
            "{% liquid\n comment\n offerdeck ignore ",
            "{% liquid\n comment\n offerdeck ignore a\n endcomment\n",
            "\n",
            " ",
        ),
    ],
)
def test_comments_are_read_in_linear_time(piece: str) -> None:
    def read(size: int) -> list[Ignore]:
        once = "{% liquid\n# offerdeck ignore %}<!-- offerdeck ignore"
        return ignores_in(once + piece * (size // len(piece)))

    assert_grows_linearly(read, 50_000)


def test_an_inline_comment_silences_a_rule_too() -> None:
    assert rules(TWO + "{% # offerdeck ignore unsupported-filter undocumented-tag %}") == []


@pytest.mark.parametrize(
    "template",
    [
        TWO + "\n<!-- offerdeck ignore unsupported-filter -->",
        "<!-- offerdeck ignore unsupported-filter -->x\n" + TWO,
        "<!-- offerdeck ignore unsupported-filter -->\n\n" + TWO,
        "<!-- offerdeck ignore unsupported -->" + TWO,
        "<!-- offerdeck ignore -->" + TWO,
        "<!-- ignore unsupported-filter -->" + TWO,
        "offerdeck ignore unsupported-filter " + TWO,
    ],
)
def test_a_comment_silences_nothing_else(template: str) -> None:
    assert "unsupported-filter" in rules(template)


def test_what_makes_ruby_refuse_a_template_cannot_be_ignored() -> None:
    made = render("{% if 1 %}<!-- offerdeck ignore missing-end -->")
    assert made.status == "failed"
    assert [one.rule for one in made.problems] == ["missing-end", "unused-ignore"]
    assert "cannot be ignored" in made.problems[1].message
    looped = render("{% for i in (1..300001) %}{% endfor %}<!-- offerdeck ignore limit-loops -->")
    assert (looped.status, [one.rule for one in looped.problems]) == ("failed", ["limit-loops", "unused-ignore"])


def test_a_comment_about_an_unknown_rule_comes_with_the_nearest_one() -> None:
    (problem,) = render("x\n <!-- offerdeck ignore two-atributes -->").problems
    assert (problem.rule, problem.line, problem.column, problem.end_column) == ("unknown-rule", 2, 24, 37)
    assert problem.hint == "Did you mean two-attributes?"


def test_a_comment_about_data_is_never_called_unused() -> None:
    assert rules("<!-- offerdeck ignore missing-default -->{{${city}}}", {"attributes": {"city": "Graz"}}) == []


def test_rules_of_a_whole_message_can_be_ignored_in_its_document() -> None:
    long = Problem("limit-sms-entered", "error", "Too long.", "", 2, 1, 2, 5)
    text = "<!-- offerdeck ignore limit-sms-entered -->\nlong"
    assert silenced([long], text) == []
    assert silenced([long], "long\n" + text) == [long]
    assert heeded([], text) == []
    assert heeded([], "<!-- offerdeck ignore channel-plain-text -->") == []
    (misspelt,) = heeded([], "<!-- offerdeck ignore channel-plain-txt -->")
    assert (misspelt.rule, misspelt.hint) == ("unknown-rule", "Did you mean channel-plain-text?")


def test_a_default_that_lint_misses_is_shown_without_data_and_not_with() -> None:
    template = "{% if custom_attribute.${vip} %}Dear {{${first_name}}}{% endif %}"
    (problem,) = render(template).problems
    assert (problem.rule, problem.column, problem.end_column) == ("missing-default", 40, 53)
    assert rules(template, {"attributes": {"first_name": "Ann"}}) == []


LONG = json.loads((Path(__file__).parents[1] / "golden" / "liquid" / "long_messages.json").read_text())


@pytest.mark.parametrize("template", sorted({case["template"] for case in LONG}))
def test_a_sound_message_has_hints_at_most_without_data(template: str) -> None:
    problems = render(template, connected="off").problems
    assert [one for one in problems if one.rule not in NEEDS_DATA and one.severity != "hint"] == []


MANY = {"attributes": {"first_name": "Ann"}, "custom_attribute": {"plan": "gold"}, "one_of_many": True}


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{{${first_name}}} {{custom_attribute.${plan}}}", 2),
        ("{{${first_name} | default: 'x'}}", 0),
        ("{% if ${first_name} %}{{${first_name}}}{% endif %}", 0),
        ("{{${last_name}}}", 1),
        ("{{event_properties.${price}}}{{${user_id}}}", 0),
    ],
)
def test_a_person_who_lacks_nothing_does_not_hide_what_others_may_lack(template: str, told: int) -> None:
    data = {**MANY, "event_properties": {"price": 1}}
    rules = [one.rule for one in render(template, data).problems]
    assert rules == ["missing-default"] * told
    alone = render(template, {**data, "one_of_many": False}).problems
    assert len(alone) == (1 if "last_name" in template else 0)


def test_lint_reads_a_large_email_in_linear_time() -> None:
    for piece in (
        '"\\"',
        "{{${a}}}",
        "context.${a b} ",
        '{"a":',
        ",  ",
        "{% raw %}{{{% endraw %}",
        "aaaaaaaa",
        "apikey_co",
    ):
        assert_grows_linearly(lambda size, piece=piece: render('{"x": "' + piece * (size // len(piece))), 30_000)


def test_every_switch_has_a_default_among_its_readings_and_a_page() -> None:
    for name, switch in SWITCHES.items():
        assert getattr(Switches(), name) == switch.default
        assert len(switch.readings) >= 2
        assert switch.source
    assert {*Switches.__dataclass_fields__} == {*SWITCHES, "decided"}


def test_switches_come_with_the_data_and_survive_its_json() -> None:
    raw = {"switches": {"blank": "ruby", "url_space": "percent"}, "kind": "canvas", "locale": "de"}
    data = RenderData.from_json(raw)
    assert (data.switches.blank, data.switches.money_thousands) == ("ruby", "none")
    assert data.switches.decided == {"blank", "url_space"}
    assert data.to_json() == raw


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ({"switches": []}, "object"),
        ({"switches": {"blanc": "ruby"}}, "blank"),
        ({"switches": {"blank": "perl"}}, "ruby"),
        ({"switches": {"blank": True}}, "ruby"),
        ({"switches": {"blank": []}}, "ruby"),
        ({"kind": "banner"}, "campaign or canvas"),
        ({"locale": 5}, "locale"),
        ({"translations": {"de": {"a": 1}}}, "translations.de"),
        ({"translations": {"de": "x"}}, "translations.de"),
        ({"shopping_cart": []}, "shopping_cart"),
        ({"whats_app": 1}, "whats_app"),
    ],
)
def test_wrong_switches_and_places_are_refused_by_name(raw: dict[str, Any], names: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        RenderData.from_json(raw)
    assert names in str(refused.value)


@pytest.mark.parametrize(
    ("template", "switch", "data"),
    [
        ("{{ 1000 | money }}", "money_thousands", {}),
        ("{{ 1.5 | number_with_delimiter }}", "delimiter_fraction", {}),
        ("{{ 'a b' | url_param_escape }}", "url_space", {}),
        ("{{ 'a' | hmac_sha512: 'k' }}", "sha512_form", {}),
        ("{{ x | property_accessor: 'k' }}", "missing_property", {"variables": {"x": {}}}),
        ("{{ 'now' | time_zone: 'X/Y' }}", "bad_time_zone", {}),
        ("{{ 1 | bogus }}", "unknown_filter", {}),
        ("{{ 1 | divided_by: 0 }}", "liquid_errors", {}),
        ("{% comment %}{{ 1 }{% endcomment %}", "gem", {}),
        ("{% raw %}{{ 1 }}{%- endraw %}", "gem", {}),
        ("{% raw -%}{{ 1 }}{% endraw %} x", "gem", {}),
        ("{{ 'Hi ${city}' }}", "quoted_attribute", {}),
        ("{% increment n %}", "undocumented_tags", {}),
        ("Hi ${city}", "bare_attribute", {}),
        ("{{content_blocks.${Big} | size}}", "content_block_limit", BLOCKS),
        ("{% message_extras :key a :value {{x}} %}", "extras_limit", {"variables": {"x": "y" * 2_000}}),
        (CALL + TESTED, "not_found", {"connected_content": [{"url": "https://x.test/a", "status": 404, "body": ""}]}),
        (CALL + TESTED, "status_key", {"connected_content": [{"url": "https://x.test/a", "status": 401, "body": {}}]}),
    ],
)
def test_a_problem_of_an_open_question_names_its_switch(template: str, switch: str, data: dict[str, Any]) -> None:
    hints = [one.hint for one in render(template, data).problems]
    assert any(f"the switch {switch} can be" in hint for hint in hints), hints


def test_what_was_decided_is_not_told_again() -> None:
    for name, switch in SWITCHES.items():
        data = {"switches": {name: switch.default}, "variables": {"x": {}}}
        template = "{{ 1000 | money }}{{ 1.5 | number_with_delimiter }}{{ 'a b' | url_param_escape }}"
        template += "{{ 'a' | hmac_sha512: 'k' }}{{ x | property_accessor: 'k' }}"
        told = [one.hint for one in render(template, data).problems]
        assert not any(f"the switch {name} " in hint for hint in told), name


@pytest.mark.parametrize(
    ("template", "rule", "place", "hint"),
    [
        ("a\n{% if n\u00a0== 5 %}{% endif %}", "invisible-character", (2, 8, 9), "plain space"),
        ("{%\u00a0if n %}", "bad-tag", (1, 1, 11), "U+00A0"),
        ("{% {{n}} %}", "bad-tag", (1, 1, 12), "printed by {{ }}"),
        ('{"a":{{{n}}}}', "unpaired-braces", (1, 8, 9), "space behind it"),
        ("{{n}}}", "unpaired-braces", (1, 6, 7), "}}"),
        ("{% if n == 5 }a{% endif %}", "unpaired-braces", (1, 16, 18), "%}"),
        ("{% if n and not n %}{% endif %}", "unknown-operator", (1, 13, 16), "unless"),
        ("{% if n and !n %}{% endif %}", "unknown-operator", (1, 13, 14), "unless"),
        ("{% if n equals 5 %}{% endif %}", "unknown-operator", (1, 9, 15), "=="),
        ("{% if n => 5 %}{% endif %}", "unknown-operator", (1, 9, 11), ">="),
        ("{% if 'a' in n %}{% endif %}", "unknown-operator", (1, 11, 13), "contains"),
        ("{% if n >= %}{% endif %}", "unknown-operator", (1, 9, 11), "both sides"),
        ("{% for i in n limit:2 reversed %}{% endfor %}", "ignored-tail", (1, 23, 31), "reversed, then limit"),
        ("{% for i in (1 .. 3) %}{% endfor %}", "ignored-tail", (1, 16, 21), "(1..3)"),
        ("{{ n | default('x') }}", "ignored-tail", (1, 15, 20), "Write default: 'x'"),
        ("{{ n | default = 'x' }}", "ignored-tail", (1, 16, 21), "Write default: 'x'"),
        ("{{ n || 'x' }}", "unknown-filter", (1, 9, 12), "default: 'x'"),
        ("{{${first_name | upcase}}}", "unknown-attribute", (1, 3, 25), "${first_name} | upcase"),
        ("{{${custom_attribute.n}}}", "unknown-attribute", (1, 3, 24), "custom_attribute.${n}"),
        ("{% if n %}a{% end %}", "unexpected-tag", (1, 12, 19), "{% endif %}"),
        ("{% if n %}{% elif n %}{% endif %}", "unknown-tag", (1, 11, 21), "elsif"),
        ("{{ connected_content }}", "undefined-variable", (1, 4, 21), "{% connected_content"),
        ("{{ content_blocks.Head }}", "undefined-variable", (1, 4, 23), "content_blocks.${Name}"),
        ("{{ today | date: '%F' }}", "undefined-variable", (1, 4, 9), "quotes"),
        ("{{items[0].t}}{% catalog_items c a %}", "undefined-variable", (1, 3, 13), "catalog_items"),
        ("{{ 'x' | date: '%F' }}", "date-unread", (1, 10, 14), "2026-01-31"),
        ("{% connected_content api.test/a %}", "connected-url", (1, 22, 32), "https://"),
        ("{% connected_content 'https://api.test/a' %}", "connected-url", (1, 22, 42), "Take them out"),
        ("{% connected_content n %}", "connected-url", (1, 22, 23), "{{n}}"),
    ],
)
def test_a_mistake_is_told_where_it_is_made_with_what_to_do(
    template: str, rule: str, place: tuple[int, int, int], hint: str
) -> None:
    told = [
        (one.line, one.column, one.end_column, one.hint)
        for data in ({}, {"variables": {"n": 5}})
        for one in render(template, data).problems
        if one.rule == rule
    ]
    assert told
    assert all(one[:3] == place and hint in one[3] for one in told)


@pytest.mark.parametrize("space", ["", "\u00a0"])
def test_a_comparison_of_text_with_a_number_says_how_to_make_one_of_it(space: str) -> None:
    (told,) = [
        one
        for one in render("{% if n > 3 %}" + space + "{% endif %}", {"variables": {"n": "5"}}).problems
        if one.rule == "liquid-error"
    ]
    assert "plus: 0" in told.hint
