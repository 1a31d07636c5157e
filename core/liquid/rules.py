"""Every rule a template can break: how much it matters, why, and which public page says so."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from core.render import Severity


class Rule(NamedTuple):
    """One rule. `fatal`: Ruby refuses the whole template, so it cannot be ignored. `of_data`: it shows with some data
    only, so a comment that ignores it may have nothing to ignore in one render and something in the next."""

    id: str
    severity: Severity
    reason: str
    source: str
    fatal: bool = False
    of_data: bool = False


_RUBY = "Ruby's liquid 5.4"
_OURS = "offerdeck's own limit"
_SESSIONM = "Braze's partner page on SessionM"

_FATAL = {
    "unbalanced-braces": ("A {{ must end in }}.", "Using Liquid"),
    "unclosed-tag": ("A {% must end in %}.", "Using Liquid"),
    "bad-tag": ("A tag begins with its name.", _RUBY),
    "unknown-tag": ("A tag that does not exist keeps the message from being parsed.", "Liquid FAQ"),
    "missing-end": ("Without its end tag the message cannot be parsed.", "Conditional logic"),
    "unexpected-tag": ("An end or a branch needs the block it belongs to.", "Conditional logic"),
    "bad-syntax": ("The tag is written in a way that cannot be parsed.", _RUBY),
    "too-deep": ("Blocks nest 100 deep at most.", _RUBY),
    "refused-by-switch": ("A switch in the data says that Braze refuses this.", "see the switch"),
}
_ERRORS = {
    "filter-arguments": ("A filter with too few or too many arguments is an error.", _RUBY),
    "second-else": ("A loop has one else.", _RUBY),
    "curly-quotes": ("Curly quotes are not quotes to Liquid.", "Using Liquid"),
}
_DATA_ERRORS = {
    "liquid-error": ("The expression cannot be computed; an error is printed or nothing is sent.", _RUBY),
    "internal-error": ("offerdeck failed here; please report it.", _OURS),
    "unknown-content-block": ("A block that does not exist prints nothing.", "Content Blocks"),
    "content-block-unread": ("The block could not be fetched.", "Content Blocks"),
    "catalog-unread": ("The item could not be fetched.", "Using catalogs"),
    "connected-refused": ("A guard of offerdeck's kept the call from leaving.", _OURS),
    "renderer-died": ("The renderer stopped.", _OURS),
    "limit-loops": ("Loops end after 300,000 turns.", _OURS),
    "limit-range": ("A range has a billion numbers at most.", _OURS),
    "limit-items": ("A list has a million items at most.", _OURS),
    "limit-number": ("A number has 6,000 digits at most.", _OURS),
    "limit-text": ("A text has 5,000,000 characters at most.", _OURS),
    "limit-output": ("A field prints 5,000,000 characters at most.", _OURS),
    "limit-size": ("A template has 2,000,000 characters at most.", _OURS),
    "limit-time": ("A render takes two seconds at most.", _OURS),
    "limit-memory": ("A render takes 512 MB at most.", _OURS),
    "limit-data": ("The data must be JSON of a sane depth.", _OURS),
    "limit-wants": ("A preview makes 50 calls at most.", _OURS),
}
_WARNINGS = {
    "broken-comment": ("Liquid up to 5.4 parses what is commented out.", _RUBY),
    "connected-body": ("Inline JSON in :body must not hold spaces.", "Making an API call"),
    "connected-option": ("An option that does not exist is skipped.", "Making an API call"),
    "post-cached": (
        "An answer is kept by its URL; that a body counts is nowhere said: it may reach somebody else.",
        "Caching responses",
    ),
    "connected-url": ("A URL has no spaces, begins with http or https and has port 80 or 443.", "Making an API call"),
    "catalog-syntax": ("A catalog tag names a catalog and what to take from it.", "Using catalogs"),
    "filter-in-condition": ("Filters work in output and assign only.", "Operators"),
    "filter-in-loop": ("Filters work in output and assign only.", "Operators"),
    "ignored-tail": ("What cannot be read there is skipped without a word.", _RUBY),
    "html-entity": ("What HTML writes for a quote or a sign is not that sign in Liquid.", "Using Liquid"),
    "invisible-character": ("Spaces that are none, and characters that do not show, belong to a word.", _RUBY),
    "json-elision": ("... stands for something left out; it is not JSON.", _SESSIONM),
    "json-trailing-comma": ("JSON takes no comma before a closing bracket.", _SESSIONM),
    "key-spelling": ("appkey_core and apikey_core are one value in two spellings.", _SESSIONM),
    "missing-spaces": ("An operator without spaces around it is not seen.", _RUBY),
    "parentheses": ("Conditions know no parentheses.", "Operators"),
    "nested-liquid": ("Liquid 5.4 knows no liquid tag in a liquid tag.", _RUBY),
    "raw-dash": ("Liquid 5.4 and 5.5 read the dashes of raw and endraw differently.", _RUBY),
    "shopping-cart": ("A cart has an id, and one option that is true or false.", "eCommerce use cases"),
    "tag-form": ("A tag is understood in the form its page shows.", "Supported personalization tags"),
    "translation-id": ("Each translation has an id of its own, and none holds another.", "Locales in messages"),
    "two-attributes": ("One {{ }} holds one attribute.", "Using Liquid"),
    "unclosed-quote": ("A quote must be closed.", _RUBY),
    "unknown-attribute": ("Braze has a fixed list of default attributes.", "Supported personalization tags"),
    "unknown-filter": ("A filter that does not exist does nothing.", "Filters"),
    "unknown-namespace": ("Braze has a fixed list of names before .${...}.", "Supported personalization tags"),
    "unknown-operator": ("There are == != > < >= <= and contains, joined by and, or.", "Operators"),
    "unpaired-braces": ("Braces inside an expression come in pairs.", "Using Liquid"),
    "variable-name": ("A variable's name is letters, digits and underscores.", "Using Liquid"),
    "wrong-property-bag": (
        "Campaigns read api_trigger_properties, Canvases context and canvas_entry_properties.",
        "Context variables",
    ),
}
_DATA_WARNINGS = {
    "bare-attribute": ("${name} outside of {{ }} is printed as it stands.", "Using Liquid"),
    "catalog-item-missing": ("An item that does not exist leaves items without it.", "Using catalogs"),
    "connected-differs": ("The call asks something else than the answer at hand is to.", "Making an API call"),
    "connected-failed": ("A call that fails leaves its variable nil.", "Connected Content retries"),
    "connected-headers": ("Headers are one JSON object.", "Making an API call"),
    "connected-not-recorded": ("The data holds no answer for this call.", "Making an API call"),
    "connected-cache": ("An answer is cached for 300 to 14,400 seconds.", "Caching responses"),
    "connected-method": ("Connected Content knows GET and POST only.", "Making an API call"),
    "connected-not-json": ("An answer that is no JSON is printed where the tag stands.", "Making an API call"),
    "connected-size": ("An answer has 1 MB at most.", "Making an API call"),
    "content-block-nesting": ("A block may hold a block; a third level vanishes.", "Content Blocks"),
    "content-block-size": ("A Content Block has 50 KB at most.", "Content Blocks"),
    "date-unread": ("A text that means no time passes date unchanged.", _RUBY),
    "date-milliseconds": ("A time in numbers is the seconds since 1970.", "Filters"),
    "message-extras": ("Extras are :key then :value, each key once, 1 KB in all.", "Message extras"),
    "misspelt-variable": ("The template sets a variable with almost this name.", "Using Liquid"),
    "no-cart-data": ("The data holds no shopping cart.", "eCommerce use cases"),
    "no-catalog-data": ("The data holds no such catalog, item or selection.", "Using catalogs"),
    "no-landing-page": ("The data holds no address of a landing page.", "Locales in messages"),
    "no-promotion-data": ("The data holds no such promotion list.", "Promotion codes"),
    "unknown-time-zone": ("A time zone that does not exist is UTC.", "Filters"),
    "bare-namespace": ("What Braze holds of a person or event is written name.${...}.", "Using Liquid"),
    "stand-in": ("What a preview has at hand is not in Braze: a call must save it first.", _SESSIONM),
    "undefined-variable": ("Nothing of that name is there.", "Using Liquid"),
}
_HINTS = {
    "html-comment-liquid": ("Liquid in an HTML comment never runs.", "Using Liquid"),
    "recommendation-unassigned": ("A recommendation is assigned before it is used.", "Using recommendations"),
    "label-as-name": ("A field's label has spaces, its key has not.", _SESSIONM),
    "nesting-deep": ("Conditions more than eight deep are hard to get right.", "Conditional logic"),
    "post-uncached": ("A POST is not cached unless :cache_max_age is given.", "Caching responses"),
    "status-unchecked": ("A call that fails leaves its variable nil: test for it.", "Aborting Connected Content"),
    "quoted-attribute": ("${name} between quotes: no page says what becomes of it.", "Using Liquid"),
    "undocumented-filter": ("The filter is in Ruby's gem but in no page of Braze's.", "Filters"),
    "undocumented-tag": ("The tag is in Ruby's gem but in no page of Braze's.", "Liquid FAQ"),
    "unknown-rule": ("The comment names a rule that does not exist.", "offerdeck's rules"),
    "unsupported-filter": ("Braze declares the filter not supported.", "Filters"),
    "unused-ignore": ("The comment ignores something that is not there.", "offerdeck's rules"),
}
_DATA_HINTS = {
    "connected-off": ("Connected Content is off in this preview.", "Making an API call"),
    "missed-before-abort": ("What is misspelt is nil, and may be why the message aborts.", "Aborting messages"),
    "missing-default": ("A missing value without default leaves a hole.", "Setting default values"),
    "missing-translation": ("Without a translation the default text stays.", "Locales in messages"),
    "unclear": ("Braze's pages leave this open; a switch sets the reading.", "see the switch"),
}


def _rules() -> dict[str, Rule]:
    groups: tuple[tuple[dict[str, tuple[str, str]], Severity, bool, bool], ...] = (
        (_FATAL, "error", True, False),
        (_ERRORS, "error", False, False),
        (_DATA_ERRORS, "error", False, True),
        (_WARNINGS, "warning", False, False),
        (_DATA_WARNINGS, "warning", False, True),
        (_HINTS, "hint", False, False),
        (_DATA_HINTS, "hint", False, True),
    )
    return {
        name: Rule(name, severity, reason, source, fatal, of_data)
        for group, severity, fatal, of_data in groups
        for name, (reason, source) in sorted(group.items())
    }


RULES: Mapping[str, Rule] = MappingProxyType(_rules())

# Behind these nothing was rendered: no comment makes them go away.
FINAL = frozenset(
    [
        *(rule.id for rule in RULES.values() if rule.fatal or rule.id.startswith("limit-")),
        *("internal-error", "renderer-died"),
    ]
)

# A render without data raises these for want of data: of the template itself they tell nothing.
NEEDS_DATA = frozenset(
    [
        *("unknown-content-block", "content-block-unread", "liquid-error"),
        *(
            "no-promotion-data",
            "no-catalog-data",
            "no-cart-data",
            "no-landing-page",
            "catalog-unread",
            "catalog-item-missing",
        ),
        *("connected-off", "connected-not-recorded", "connected-refused"),
    ]
)


# What a switch, at one of its readings, makes Braze refuse.
REFUSED_BY = {
    "broken-comment": ("gem", "5.4"),
    "nested-liquid": ("gem", "5.4"),
    "undocumented-tag": ("undocumented_tags", "refused"),
}


def severity(rule: str) -> Severity:
    """How much a rule matters; an unregistered one is a warning."""
    known = RULES.get(rule)
    return known.severity if known else "warning"
