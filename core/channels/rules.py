"""Every rule a message can break: those about its fields and channel, and the catalogue in which Liquid's stand too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from core.liquid.explained import EXPLAINED
from core.liquid.rules import RULES, Rule
from core.render import Severity


class Entry(NamedTuple):
    """A rule as it is told: what breaks it, why that matters, which page says so, and an example.

    `severity` is the worst it can have: what lies within a page's doubt, or matters less in another channel, is milder.
    """

    id: str
    severity: Severity
    what: str
    why: str
    source: str
    example: str


_EMAIL = "--- email ---\n--- subject ---\nHi\n--- html ---\n"
_WEBHOOK = "--- webhook ---\n--- url ---\n"
_TEN = "{{% for i in (1..{}) %}}ten letters{{% endfor %}}"

_DOCUMENT: dict[str, tuple[Severity, str, str, str, str]] = {
    "unknown-channel": (
        "warning",
        "a channel that does not exist, or is not named at the beginning",
        "Without a channel at its beginning all of a document is text.",
        "offerdeck's documents",
        "--- emial ---\n--- subject ---\nHi",
    ),
    "unknown-field": (
        "warning",
        "a field that the channel does not have",
        "The line is read as text, and so is what stands below it.",
        "offerdeck's documents",
        "--- email ---\n--- subjekt ---\nHi",
    ),
    "field-twice": (
        "warning",
        "a field given twice",
        "The first one counts; the other is left out.",
        "offerdeck's documents",
        "--- sms ---\n--- body ---\nHi\n--- body ---\nHello",
    ),
    "missing-field": (
        "warning",
        "a field that the channel needs and nobody wrote",
        "Without it the message cannot be sent, or says nothing.",
        "Creating an email; Message and image formats; Creating a webhook",
        "--- email ---\n--- html ---\n<p>Hi</p>",
    ),
    "other-field-variable": (
        "warning",
        "a variable that another field makes",
        "Each field is rendered on its own, so it is empty here.",
        "Making an API call",
        "--- email ---\n--- subject ---\n{% assign total = 5 %}\n--- html ---\n{{ total }}",
    ),
}
_CHANNELS: dict[str, tuple[Severity, str, str, str, str]] = {
    "channel-blank-field": (
        "error",
        "a needed field that comes out blank",
        "A blank email body or subject is an error; a push or text without words says nothing.",
        "Creating an email",
        "--- email ---\n--- subject ---\n{{ nothing }}\n--- html ---\n<p>Hi</p>",
    ),
    "channel-silent-push": (
        "warning",
        "a title of spaces only",
        "On Android such a push is silent.",
        "Message and image formats",
        "--- android_push ---\n--- title ---\n{{ ' ' }}\n--- body ---\nHi",
    ),
    "channel-targeted-device": (
        "warning",
        "targeted_device in an email or a Content Card",
        "It is always empty there.",
        "Supported personalization tags",
        _EMAIL + "{{targeted_device.${model}}}",
    ),
    "channel-in-app-tag": (
        "warning",
        "a promotion code or :retry in an in-app message",
        "In-app messages do not retry calls; those of a Canvas, or all, have no promotion codes.",
        "Connected Content retries; Promotion codes",
        "--- in_app_message ---\n--- body ---\n{% connected_content https://x.test/a :retry %}",
    ),
    "channel-from-pair": (
        "warning",
        "a sender without name or without address",
        "Braze takes name and address together.",
        "Creating an email",
        "--- email ---\n--- from ---\nhello@example.com\n--- subject ---\nHi\n--- html ---\n<p>Hi</p>",
    ),
    "channel-from-unicode": (
        "error",
        "a sender's address beyond ASCII",
        "The address holds no Unicode; the name may.",
        "Creating an email",
        "--- email ---\n--- from ---\nCafé <café@example.com>\n--- subject ---\nHi\n--- html ---\n<p>Hi</p>",
    ),
    "channel-bad-header": (
        "warning",
        "a header that is no Name: value",
        "What is no header does not go along.",
        "Creating an email; Creating a webhook",
        _EMAIL + "<p>Hi</p>\n--- headers ---\nno colon here",
    ),
    "channel-bad-pair": (
        "warning",
        "key-value pairs of a push that cannot be read",
        "What is no pair does not go along.",
        "Message and image formats",
        "--- ios_push ---\n--- body ---\nHi\n--- values ---\n" + '{"name": "Ana "Bee""}',
    ),
    "channel-duplicate-header": (
        "error",
        "a header given twice",
        "In an email the same key twice is an error.",
        "Creating an email",
        _EMAIL + "<p>Hi</p>\n--- headers ---\nX-A: 1\nX-A: 2",
    ),
    "channel-reserved-header": (
        "warning",
        "a header of Braze's own",
        "Braze overwrites it.",
        "Creating an email",
        _EMAIL + "<p>Hi</p>\n--- headers ---\nReply-To: me@example.com",
    ),
    "channel-disallowed-tag": (
        "warning",
        "a tag that an email must not hold",
        "Braze takes it out, or refuses the message.",
        "Creating an email",
        _EMAIL + "<script>alert(1)</script>",
    ),
    "channel-stripped-attribute": (
        "warning",
        "an attribute that runs a script",
        "Braze strips it from the HTML.",
        "Creating an email",
        _EMAIL + '<p onclick="x()">Hi</p>',
    ),
    "channel-plain-text": (
        "warning",
        "HTML in an iOS push",
        "iOS shows it as plain text, tags and all.",
        "iOS rich notifications",
        "--- ios_push ---\n--- body ---\n<b>Free</b> coffee",
    ),
    "channel-sms-ucs2": (
        "hint",
        "a character that costs segments",
        "One character outside of GSM-7 makes all of a text UCS-2, of which fewer fit a segment.",
        "SMS billing calculator",
        "--- sms ---\n" + _TEN.format(8) + "☕",
    ),
    "channel-webhook-url": (
        "error",
        "a URL that is no address of a web service",
        "The webhook goes nowhere.",
        "Creating a webhook",
        _WEBHOOK + "ftp://example.com/\n--- body ---\n{}",
    ),
    "channel-webhook-port": (
        "error",
        "a port that Braze does not call",
        "Braze calls ports 80 and 443.",
        "Creating a webhook",
        _WEBHOOK + "https://example.com:8443/\n--- body ---\n{}",
    ),
    "channel-webhook-here": (
        "hint",
        "an address of this machine",
        "A sandbox stands in for the service; Braze cannot reach it.",
        "Creating a webhook",
        _WEBHOOK + "http://127.0.0.1/x\n--- body ---\n{}",
    ),
    "channel-webhook-json": (
        "error",
        "a body that is said to be JSON and is none",
        "The service will refuse it.",
        "Creating a webhook",
        _WEBHOOK + 'https://example.com/\n--- headers ---\nContent-Type: application/json\n--- body ---\n{"a": }',
    ),
}
_LIMITS: dict[str, tuple[Severity, str, str, str, str]] = {
    "limit-email-size": (
        "error",
        "an HTML body of more than 400 KB",
        "The editor does not take it.",
        "Creating an email",
        _EMAIL + _TEN.format(45_000),
    ),
    "limit-email-advice": (
        "hint",
        "an HTML body of more than 102 KB",
        "Mail programs cut long ones.",
        "Email guidelines",
        _EMAIL + _TEN.format(12_000),
    ),
    "limit-extras": (
        "error",
        "message extras of more than 1 KB in all",
        "An email with more is aborted; elsewhere they are cut off.",
        "Message extras; Creating an email",
        _EMAIL + "{% capture x %}" + _TEN.format(120) + "{% endcapture %}{% message_extras :key a :value {{x}} %}",
    ),
    "limit-content-block": (
        "warning",
        "a Content Block of more than 50 KB",
        "One page says 50 KB, another 5 MB.",
        "Content Blocks",
        _EMAIL + "{{content_blocks.${Big}}}",
    ),
    "limit-sms-entered": (
        "error",
        "more than 1,600 characters typed into a text message",
        "Braze takes no more, Liquid included.",
        "SMS billing calculator",
        "a body of 1,601 characters",
    ),
    "limit-sms-segments": (
        "error",
        "a text of more than 10 segments",
        "Braze sends 10 at most.",
        "SMS billing calculator",
        "--- sms ---\n" + _TEN.format(160),
    ),
    "limit-push-payload": (
        "warning",
        "a push of more than 2 KB (iOS) or 4 KB (Android)",
        "The payload is limited; what Braze adds itself is not counted here.",
        "Message and image formats",
        "--- ios_push ---\n--- body ---\n" + _TEN.format(200),
    ),
    "limit-ios-banner": (
        "hint",
        "a body longer than a banner shows",
        "A banner shows about 80 characters, 65 beside a picture.",
        "Message and image formats",
        "--- ios_push ---\n--- body ---\n" + _TEN.format(9),
    ),
    "limit-ios-lock-screen": (
        "hint",
        "a body longer than the lock screen shows",
        "The lock screen shows about 160 characters, 130 beside a picture.",
        "Message and image formats",
        "--- ios_push ---\n--- body ---\n" + _TEN.format(17),
    ),
    "limit-android-lock-screen": (
        "hint",
        "a body longer than the lock screen shows",
        "The lock screen shows about 49 characters.",
        "Message and image formats",
        "--- android_push ---\n--- title ---\nHi\n--- body ---\n" + _TEN.format(6),
    ),
    "limit-android-drawer": (
        "hint",
        "a body longer than the drawer shows",
        "The notification drawer shows about 597 characters.",
        "Message and image formats",
        "--- android_push ---\n--- title ---\nHi\n--- body ---\n" + _TEN.format(60),
    ),
    "limit-web-title": (
        "hint",
        "a title longer than some browser shows",
        "Browsers cut it, each at another length.",
        "Message and image formats",
        "--- web_push ---\n--- title ---\n" + _TEN.format(6) + "\n--- body ---\nHi",
    ),
    "limit-web-body": (
        "hint",
        "a body longer than some browser shows",
        "Browsers cut it, each at another length.",
        "Message and image formats",
        "--- web_push ---\n--- title ---\nHi\n--- body ---\n" + _TEN.format(6),
    ),
    "limit-in-app-lines": (
        "hint",
        "more lines than an in-app message should have",
        "Braze advises 2 lines of header and 3 of body at most.",
        "In-app creative details",
        "--- in_app_message ---\n--- body ---\n1\n2\n3\n4",
    ),
    "limit-card-size": (
        "error",
        "a Content Card of more than 2 KB",
        'It is not sent ("Content Card invalid").',
        "Content Card creative details",
        "--- content_card ---\n--- header ---\nHi\n--- body ---\n" + _TEN.format(220),
    ),
}

MESSAGE_RULES: Mapping[str, Entry] = MappingProxyType(
    {name: Entry(name, *told) for group in (_DOCUMENT, _CHANNELS, _LIMITS) for name, told in sorted(group.items())}
)


# What holds of a message's own text with any data; the other limits depend on what is filled in.
OF_THE_TEXT = frozenset(
    [
        *(
            "limit-sms-entered",
            "channel-targeted-device",
            "channel-in-app-tag",
            "channel-reserved-header",
            "channel-plain-text",
        ),
        *("channel-disallowed-tag", "channel-stripped-attribute"),
    ]
)


def catalogue() -> Iterator[Entry]:
    """Every rule there is: what keeps a template from being read first, then by severity, then those of messages."""
    yield from (_of_liquid(rule) for rule in RULES.values())
    yield from MESSAGE_RULES.values()


def _of_liquid(rule: Rule) -> Entry:
    told = EXPLAINED[rule.id]
    return Entry(rule.id, rule.severity, told.what, rule.reason, rule.source, told.example)
