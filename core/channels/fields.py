"""The channels of a message and the fields of each (Braze docs, "Supported personalization tags" and channel pages)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.errors import InvalidInput

FieldKind = Literal["line", "text", "html", "json", "pairs"]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A field of a channel. A `line` is one line, `pairs` are `Name: value` lines or one JSON object."""

    name: str
    label: str
    kind: FieldKind
    required: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel and its fields in the order people write them; `main` takes what no marker claims."""

    name: str
    label: str
    main: FieldSpec
    fields: tuple[FieldSpec, ...]

    def field(self, name: str) -> FieldSpec | None:
        """The field called `name`, written as `normal_name()` gives it; None if the channel has none."""
        return next((one for one in self.fields if one.name == name), None)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(one.name for one in self.fields)


def _channel(name: str, label: str, main: str, *fields: FieldSpec) -> Channel:
    return Channel(name, label, next(one for one in fields if one.name == main), fields)


_TITLE = FieldSpec("title", "title", "line")
_BODY = FieldSpec("body", "body", "text")
_NEEDED_BODY = FieldSpec("body", "body", "text", required=True)
_IMAGE = FieldSpec("image", "image", "line")
_LINK = FieldSpec("link", "link", "line")
_HEADERS = FieldSpec("headers", "headers", "pairs")
_VALUES = FieldSpec("values", "key-value pairs", "pairs")
_HEADER = FieldSpec("header", "header", "line")

EMAIL = _channel(
    "email",
    "email",
    "html",
    FieldSpec("from", "sender", "line"),
    FieldSpec("reply_to", "reply-to", "line"),
    FieldSpec("subject", "subject", "line", required=True),
    FieldSpec("preheader", "preheader", "line"),
    _HEADERS,
    FieldSpec("html", "HTML body", "html", required=True),
    FieldSpec("plain", "plain text", "text"),
)
IOS_PUSH = _channel("ios_push", "iOS push", "body", _TITLE, _NEEDED_BODY, _IMAGE, _LINK, _VALUES)
ANDROID_PUSH = _channel(
    "android_push",
    "Android push",
    "body",
    FieldSpec("title", "title", "line", required=True),
    _BODY,
    _IMAGE,
    _LINK,
    _VALUES,
)
WEB_PUSH = _channel("web_push", "web push", "body", _TITLE, _BODY, _IMAGE, _LINK)
SMS = _channel("sms", "SMS", "body", _NEEDED_BODY, FieldSpec("media", "media URL", "line"))
WEBHOOK = _channel(
    "webhook",
    "webhook",
    "body",
    FieldSpec("url", "URL", "line", required=True),
    FieldSpec("method", "method", "line"),
    _HEADERS,
    FieldSpec("body", "body", "json"),
)
IN_APP_MESSAGE = _channel(
    "in_app_message",
    "in-app message",
    "body",
    _HEADER,
    _BODY,
    FieldSpec("buttons", "buttons", "text"),
    FieldSpec("html", "HTML", "html"),
    _LINK,
)
CONTENT_CARD = _channel(
    "content_card", "Content Card", "body", _HEADER, _BODY, FieldSpec("link_text", "link text", "line"), _LINK, _IMAGE
)

CHANNELS = (EMAIL, IOS_PUSH, ANDROID_PUSH, WEB_PUSH, SMS, WEBHOOK, IN_APP_MESSAGE, CONTENT_CARD)

# What a text is that names no channel.
MESSAGE = _channel("message", "message", "text", FieldSpec("text", "text", "text"))

_ALIASES = {
    "push": IOS_PUSH,
    "ios": IOS_PUSH,
    "android": ANDROID_PUSH,
    "web": WEB_PUSH,
    "in_app": IN_APP_MESSAGE,
    "card": CONTENT_CARD,
    "mail": EMAIL,
}
_NAMED = {one.name: one for one in CHANNELS} | _ALIASES
_BETWEEN = re.compile(r"[\s_-]+")


def normal_name(text: str) -> str:
    """A name as typed in the spelling of the tables: `Reply-To` is `reply_to`."""
    return _BETWEEN.sub("_", text.strip()).lower()


def find_channel(name: str) -> Channel | None:
    """The channel that a marker called `name` begins, by its name or an alias; None if there is none."""
    return _NAMED.get(normal_name(name))


def parse_channel(name: str) -> Channel:
    """The channel a person means, `message` included. Raises InvalidInput listing those there are."""
    found = MESSAGE if normal_name(name) == MESSAGE.name else find_channel(name)
    if found is None:
        known = ", ".join(one.name for one in (*CHANNELS, MESSAGE))
        raise InvalidInput(f"There is no channel {name[:40]!r}.", f"The channels are {known}.")
    return found
