"""What Braze's pages leave open, as switches: each has a default, and whoever knows better can turn it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from core.errors import InvalidInput


class Switch(NamedTuple):
    """One open question: what may be chosen, the default first, with what each means; and the page that leaves it."""

    readings: Mapping[str, str]
    source: str

    @property
    def default(self) -> str:
        """The reading taken unless another is asked for."""
        return next(iter(self.readings))


def _switch(source: str, **readings: str) -> Switch:
    return Switch(MappingProxyType({name.replace("_", "-"): words for name, words in readings.items()}), source)


SWITCHES: Mapping[str, Switch] = MappingProxyType(
    {
        "status_key": _switch(
            "Local Connected Content variables",
            success="__http_status_code__ is there for a 2xx answer only",
            always="__http_status_code__ is there whatever the status",
        ),
        "not_found": _switch(
            "Making an API call",
            nothing="an answer of 404 saves nothing",
            saved="the JSON of a 404 is saved like any other",
        ),
        "bare_attribute": _switch(
            "Using Liquid; User profile fields in Connected Content",
            text="${name} in plain text is printed as it stands",
            replaced="${name} in plain text is replaced by its value",
        ),
        "bare_namespace": _switch(
            "Using Liquid; Context variables",
            read="event_properties.price reads the field like event_properties.${price}",
            nil="event_properties.price is nil",
        ),
        "blank": _switch(
            "Conditional logic",
            braze="blank is nil, false, empty or white space",
            ruby="blank is nothing at all, as in the bare gem",
        ),
        "url_space": _switch(
            "Filters",
            percent="url_param_escape writes a space as %20",
            plus="url_param_escape writes a space as +",
        ),
        "money_thousands": _switch(
            "Filters",
            none="money writes 1234.50",
            comma="money writes 1,234.50",
        ),
        "delimiter_fraction": _switch(
            "Filters",
            kept="number_with_delimiter leaves a fraction as it is",
            dropped="number_with_delimiter drops the fraction",
        ),
        "bad_time_zone": _switch(
            "Filters",
            utc="an unknown time zone is UTC",
            unchanged="an unknown time zone leaves the value as it was",
            error="an unknown time zone is a Liquid error",
        ),
        "unknown_filter": _switch(
            "Filters",
            passes="a filter that does not exist passes the value on",
            error="a filter that does not exist is a Liquid error",
        ),
        "missing_property": _switch(
            "Advanced filters",
            nil="property_accessor gives nil for a missing key",
            error="property_accessor raises a Liquid error for a missing key",
        ),
        "json_spacing": _switch(
            "Advanced filters",
            compact='as_json_string writes {"a":1}',
            spaced='as_json_string writes {"a": 1}',
        ),
        "sha512_form": _switch(
            "Filters",
            hex="hmac_sha512 gives hex",
            base64="hmac_sha512 gives Base64",
        ),
        "abort_scope": _switch(
            "Aborting messages",
            message="an abort in one field stops the whole message",
            field="an abort in one field empties that field alone",
        ),
        "liquid_errors": _switch(
            "Liquid FAQ",
            printed='an error while rendering prints "Liquid error: ..." in its place',
            not_sent="an error while rendering keeps the message from being sent",
        ),
        "undocumented_tags": _switch(
            "Liquid FAQ",
            run="a tag of Ruby's that no page mentions works as in Ruby",
            refused="a tag of Ruby's that no page mentions keeps the message from being parsed",
        ),
        "quoted_attribute": _switch(
            "Using Liquid",
            text="${name} between quotes is text",
            replaced="${name} between quotes is replaced by its value",
        ),
        "gem": Switch(
            MappingProxyType(
                {
                    "5.5": "as from Liquid 5.5 on: comments hold anything, {%- endraw %} ends raw, liquid holds liquid",
                    "5.4": "as up to Liquid 5.4: comments hold Liquid, {%- endraw %} is text, no liquid in liquid",
                }
            ),
            "Using Liquid; Ruby's liquid 5.4 and 5.5",
        ),
        "extras_limit": _switch(
            "Message extras; Creating an email",
            truncated="message extras beyond 1 KB are cut off",
            aborted="message extras beyond 1 KB keep the message from being sent",
        ),
        "content_block_limit": _switch(
            "Content Blocks; Use cases",
            kilobytes="a Content Block may hold 50 KB",
            megabytes="a Content Block may hold 5 MB",
        ),
    }
)


_COMMENTS = {"skipped": "5.5", "parsed": "5.4"}  # the switch gem was called so when it spoke of comments alone


@dataclass(frozen=True, slots=True)
class Switches:
    """One reading for each open question, by name; `SWITCHES` holds the readings, their meaning and the page.

    `decided` are the switches somebody set on purpose: about those no hint is given any more.
    """

    status_key: str = "success"
    not_found: str = "nothing"
    bare_attribute: str = "text"
    bare_namespace: str = "read"
    blank: str = "braze"
    url_space: str = "percent"
    money_thousands: str = "none"
    delimiter_fraction: str = "kept"
    bad_time_zone: str = "utc"
    unknown_filter: str = "passes"
    missing_property: str = "nil"
    json_spacing: str = "compact"
    sha512_form: str = "hex"
    abort_scope: str = "message"
    liquid_errors: str = "printed"
    undocumented_tags: str = "run"
    quoted_attribute: str = "text"
    gem: str = "5.5"
    extras_limit: str = "truncated"
    content_block_limit: str = "kilobytes"
    decided: frozenset[str] = frozenset()

    @classmethod
    def from_json(cls, raw: Any) -> Switches:
        """Read `{"switch": "reading"}`. Raises InvalidInput naming the known switches, or the readings of one."""
        if not isinstance(raw, dict):
            raise InvalidInput("switches in the data must be an object.", 'Write {"switches": {"blank": "ruby"}}.')
        if "comments" in raw:
            others = {name: reading for name, reading in raw.items() if name != "comments"}
            raw = {"gem": _COMMENTS.get(str(raw["comments"]), raw["comments"])} | others
        for name, reading in raw.items():
            if name not in SWITCHES:
                raise InvalidInput(f"There is no switch {name!r}.", "Known switches: " + ", ".join(SWITCHES) + ".")
            if not isinstance(reading, str) or reading not in SWITCHES[name].readings:
                known = "; ".join(f"{one}: {words}" for one, words in SWITCHES[name].readings.items())
                raise InvalidInput(f"The switch {name} cannot be {reading!r}.", f"Known readings: {known}.")
        return cls(**raw, decided=frozenset(raw))

    def to_json(self) -> dict[str, str]:
        """The switches that were set; the inverse of `from_json()`."""
        return {name: getattr(self, name) for name in SWITCHES if name in self.decided}


def left_open(name: str) -> str:
    """The sentence that tells of a switch in a problem's hint."""
    others = [reading for reading in SWITCHES[name].readings if reading != SWITCHES[name].default]
    return f"Braze's pages leave this open: the switch {name} can be {' or '.join(others)}."


DEFAULTS = Switches()
