"""Of every rule about Liquid: what is wrong, in a few words, and an example; why is told with the rule itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Explained(NamedTuple):
    """What breaks a rule, and a template or data that does."""

    what: str
    example: str


_ERRORS = {
    "unbalanced-braces": ("a {{ without its }}", "{{ wallet.name }"),
    "unclosed-tag": ("a {% without its %}", "{% if wallet"),
    "bad-tag": ("a tag without a name", "{% %}"),
    "unknown-tag": ("a tag that does not exist", "{% abort %}"),
    "missing-end": ("a block that is never closed", "{% if wallet %}yes"),
    "unexpected-tag": ("an end or a branch outside of its block", "yes{% endif %}"),
    "bad-syntax": ("a tag that cannot be read", "{% assign points 100 %}"),
    "too-deep": ("blocks more than 100 deep", "{% if a %} inside of a hundred others"),
    "refused-by-switch": ("something a switch says is refused", "{% increment n %}"),
    "filter-arguments": ("too few or too many arguments of a filter", "{{ 1 | append }}"),
    "second-else": ("a loop with two else", "{% for i in (1..2) %}{% else %}no{% else %}none"),
    "curly-quotes": ("a curly quote where a quote belongs", "{{ ${city} | default: “you” }}"),
    "liquid-error": ("something that cannot be computed", "{{ 1 | divided_by: 0 }}"),
    "internal-error": ("a fault of this program", "none is known"),
    "unknown-content-block": ("a Content Block that does not exist", "{{content_blocks.${No}}}"),
    "content-block-unread": ("a Content Block that could not be fetched", "{{content_blocks.${Footer}}} off line"),
    "catalog-unread": ("a catalog item that could not be fetched", "{% catalog_items books b1 %} off line"),
    "connected-refused": ("a call that a guard stopped", "{% connected_content http://10.0.0.1/x :save r %} live"),
    "renderer-died": ("a renderer that stopped", "a machine out of memory"),
    "limit-loops": ("loops of more than 300,000 turns", "{% for i in (1..300001) %}{% endfor %}"),
    "limit-range": ("a range of more than a billion numbers", "{% for i in (1..2000000000) %}{% endfor %}"),
    "limit-items": (
        "a list of more than a million items",
        "{% assign l = 'a' | split: '' %}{% for i in (1..25) %}{% assign l = l | concat: l %}{% endfor %}",
    ),
    "limit-number": (
        "a number of more than 6,000 digits",
        "{% assign n = 9 %}{% for i in (1..20) %}{% assign n = n | times: n %}{% endfor %}",
    ),
    "limit-text": (
        "a text of more than 5,000,000 characters",
        "{% assign s = 'a' %}{% for i in (1..25) %}{% assign s = s | append: s %}{% endfor %}",
    ),
    "limit-output": (
        "more than 5,000,000 characters printed",
        "{% for i in (1..300000) %}twenty characters ok{% endfor %}",
    ),
    "limit-size": ("a template of more than 2,000,000 characters", "two megabytes of HTML"),
    "limit-time": ("a render of more than two seconds", "a loop over 1,000 offers in a loop over 1,000 offers"),
    "limit-memory": ("a render that needs more than 512 MB", "a list of lists that doubles in a loop"),
    "limit-data": ("data that is nested too deep or has numbers too large", '{"variables": {"a": [[[[[ ... ]]]]]}}'),
    "limit-wants": (
        "more than 50 calls",
        "{% for i in (1..51) %}{% connected_content https://x.test/{{i}} %}{% endfor %} live",
    ),
}
_WARNINGS = {
    "broken-comment": ("a comment that holds broken Liquid", "{% comment %}{% if %}{% endcomment %}"),
    "connected-body": (
        "JSON with spaces after :body",
        '{% connected_content https://x.test/p :method post :body {"a": 1} %}',
    ),
    "connected-option": ("an option that does not exist", "{% connected_content https://x.test/a :cache 9 %}"),
    "post-cached": (
        "a POST's answer that is kept and may be another person's",
        "{% connected_content https://x.test/p :method post :body u={{${user_id}}} :cache_max_age 300 :save r %}",
    ),
    "connected-url": ("a URL with a space", "{% connected_content https://x.test/a b %}"),
    "catalog-syntax": ("a catalog without an id", "{% catalog_items books %}"),
    "filter-in-condition": ("a filter in a condition", "{% if offers | size > 1 %}{% endif %}"),
    "filter-in-loop": ("a filter in a loop", "{% for offer in offers | sort %}{% endfor %}"),
    "ignored-tail": ("something behind a value that is no filter", "{% assign a = 1 == 1 %}"),
    "html-entity": ("a sign as HTML writes it", "{% if points &gt; 100 %}{% endif %}"),
    "invisible-character": (
        "a no-break space or a character that does not show",
        "{% if points\u00a0> 100 %}{% endif %}",
    ),
    "json-elision": ("... in JSON", '{"offers": [1, ...]}'),
    "json-trailing-comma": ("a comma before a closing bracket", '{"a": 1,}'),
    "key-spelling": ("one key in two spellings", "appkey_core apikey_core"),
    "missing-spaces": ("an operator without spaces", "{% if points>100 %}{% endif %}"),
    "parentheses": ("parentheses in a condition", "{% if (1 == 1) %}{% endif %}"),
    "nested-liquid": ("a liquid tag in a liquid tag", "{% liquid\n liquid echo 1\n%}"),
    "raw-dash": ("a dash at the end of raw", "{% raw %}{{ 1 }}{%- endraw %}"),
    "shopping-cart": ("a cart without id, or another option", "{% shopping_cart k :abort 1 %}"),
    "tag-form": ("a tag that is not written as its page shows it", "{% promotion %}"),
    "translation-id": ("a translation without an id of its own", "{% translation %}Hi{% endtranslation %}"),
    "two-attributes": ("two attributes in one {{ }}", "{{${city} | append: ${country}}}"),
    "unclosed-quote": ("a quote that is never closed", "{{ 1 | append: 'a }}"),
    "unknown-attribute": ("an attribute that does not exist", "{{${name} | default: 'you'}}"),
    "unknown-filter": ("a filter that does not exist", "{{ 1 | uppercase }}"),
    "unknown-namespace": ("a namespace that does not exist", "{{custom.${a}}}"),
    "unknown-operator": ("an operator that does not exist", "{% if 1 == 1 && 2 %}{% endif %}"),
    "unpaired-braces": ("braces inside an expression without a partner", "{% if {{1 %}{% endif %}"),
    "variable-name": ("a name that is cut short", "{% assign größe = 1 %}"),
    "wrong-property-bag": ("properties of the other kind of send", "{{context.${a} | default: 1}}"),
    "bare-attribute": ("an attribute outside of {{ }}", "Hi ${first_name}"),
    "catalog-item-missing": ("a catalog item that does not exist", "{% catalog_items books b999 %}"),
    "connected-differs": (
        "a call that asks something else than the answer at hand is to",
        '{% connected_content https://x.test/q :method post :body {"culture":"en-US"} %}',
    ),
    "connected-failed": ("a call that failed", "{% connected_content https://x.test/late %}"),
    "connected-headers": ("headers that are no JSON object", "{% connected_content https://x.test/a :headers a=b %}"),
    "connected-not-recorded": ("a call without a recorded answer", "{% connected_content https://x.test/no %}"),
    "connected-cache": (
        "an answer kept too short or too long",
        "{% connected_content https://x.test/a :save r :cache_max_age 60 %}",
    ),
    "connected-method": (
        "a method that is neither GET nor POST",
        "{% connected_content https://x.test/a :method put %}",
    ),
    "connected-not-json": (
        "text where JSON was to be saved",
        "{% connected_content https://x.test/text :save r %}{% if r %}{% endif %}",
    ),
    "connected-size": ("an answer of more than 1 MB", "{% connected_content https://x.test/big %}"),
    "content-block-nesting": ("a block in a block in a block", "{{content_blocks.${A}}}"),
    "content-block-size": ("a Content Block of more than 50 KB", "{{content_blocks.${Big}}}"),
    "message-extras": ("extras malformed, twice or too long", "{% message_extras :value 1 :key a %}"),
    "misspelt-variable": ("a variable spelt in two ways", "{% assign total = 1 %}{{ totl }}"),
    "no-cart-data": ("no cart in the data", "{% shopping_cart k %}"),
    "no-catalog-data": ("no such catalog in the data", "{% catalog_items books b1 %}"),
    "no-landing-page": ("no landing page in the data", "{% landing_page_url %}"),
    "no-promotion-data": ("no such promotion list in the data", "{% promotion('spring') %}"),
    "date-unread": ("a date that date cannot read", "{{ '01/31/2026' | date: '%d' }}"),
    "date-milliseconds": ("a time in milliseconds", "{{ 1700000000000 | date: '%F' }}"),
    "unknown-time-zone": ("a time zone that does not exist", "{{ 'now' | time_zone: 'Graz' }}"),
    "bare-namespace": ("a namespace without ${ }", "{{ event_properties.price }}"),
    "stand-in": ("a wallet that nothing in the message calls for", "{{ wallet.status }}"),
    "undefined-variable": ("a name that means nothing", "{{ walet }}"),
}
_HINTS = {
    "html-comment-liquid": ("Liquid in an HTML comment", "<!-- {{ 1 }} -->"),
    "recommendation-unassigned": ("a recommendation used where it stands", "{{product_recommendation.${A}}}"),
    "label-as-name": ("a label in the place of a key", "{{context.${offer title} | default: 1}}"),
    "nesting-deep": ("conditions more than eight deep", "{% if 1 %}" * 9 + "{% endif %}" * 9),
    "post-uncached": (
        "a POST that is made for every message",
        "{% connected_content https://x.test/p :method post :save r %}",
    ),
    "status-unchecked": ("an answer used unseen", "{% connected_content https://x.test/a :save r %}{{ r.n }}"),
    "quoted-attribute": ("an attribute between quotes", "{{ 'Hi ${city}' }}"),
    "undocumented-filter": ("a filter that no page mentions", "{{ 'a' | url_decode }}"),
    "undocumented-tag": ("a tag that no page mentions", "{% increment n %}"),
    "unknown-rule": ("a comment about a rule that does not exist", "<!-- offerdeck ignore missing-defaults -->"),
    "unsupported-filter": ("a filter that Braze does not support", "{{ 1 | lstrip }}"),
    "unused-ignore": ("a comment that ignores nothing", "<!-- offerdeck ignore two-attributes -->"),
    "connected-off": ("a call in a preview that makes none", "{% connected_content https://x.test/a %}"),
    "missed-before-abort": (
        "a property that is not there, in a message that aborts",
        "{% if api_trigger_properties.${ends} < 5 %}{% else %}{% abort_message %}{% endif %}",
    ),
    "missing-default": ("an attribute without a default", "Hi {{${first_name}}}"),
    "missing-translation": ("an id that the locale has no text for", "{% translation a %}Hi{% endtranslation %}"),
    "unclear": ("something Braze's pages leave open", "{{ 1000 | money }}"),
}

EXPLAINED: Mapping[str, Explained] = MappingProxyType(
    {name: Explained(*words) for group in (_ERRORS, _WARNINGS, _HINTS) for name, words in group.items()}
)
