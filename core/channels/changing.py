"""A message for another channel: what has a place there goes along, markup becomes words, the rest is put aside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from core.channels.document import Field, Message, compose
from core.channels.fields import MESSAGE, Channel, parse_channel
from core.readable import MAX_CHARACTERS, is_html, readable

MARKUP = "markup"

_HEADLINES = ("subject", "title", "header")  # what stands above the text, under each channel's own name

_BEGINS = re.compile(r"\{\{|\{%|(?<=href=)[\"']|[\U000f0000-\U000ffffd]", re.IGNORECASE)
_ENDS = {"{{": "}}", "{%": "%}"}
_IN_ADDRESS = re.compile(r"\{\{|\{%|[\"'<>]")
_SIGN = re.compile("[\U000f0000-\U000ffffd]")
_FIRST, _MOST = 0xF0000, 0xFFFE
_PICTURE = re.compile(r"<img\b(?:\"[^\"<]*+\"|'[^'<]*+'|[^\"'<>])*+>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Changed:
    """The document for the other channel, and in words what of the former one has no place in it."""

    text: str
    aside: tuple[str, ...] = ()


def change_channel(text: str, channel: str) -> Changed:
    """`text` as a document of `channel`; without a channel, all of it as one text, for `message`.

    Fields keep their names; the main field becomes the main field, a subject a title or header, unless those are taken.
    A channel that shows no HTML gets the plain text, else the HTML as it reads, its Liquid untouched. What has no place
    is put aside: it is in no field and in no text of the document.
    Raises InvalidInput for a channel that does not exist.
    """
    target, message = parse_channel(channel), Message.parse(text)
    if target is message.channel:
        return Changed(text)
    if not message.marked:
        return _first_channel(text, target)
    if target is MESSAGE:
        only_main = len(message.parts) == 1 and message.fields[0].name == message.channel.main.name
        return Changed(message.preface + (message.fields[0].text if only_main else text[message.begins :]))
    return _changed(message, target)


def _first_channel(text: str, target: Channel) -> Changed:
    """A lone text that holds markers of the channel already is not marked once more."""
    alone = Message.parse(text, target.name).fields[0].text
    document = f"--- {target.name} ---\n{alone}\n"
    (first, *others) = Message.parse(document).parts
    if others or first.line != 2:
        return Changed(document)
    if target.main.kind != "html" and is_html(alone):
        return Changed(compose(target, [(target.main.name, as_read(alone))]), (MARKUP,))
    return Changed(compose(target, [(target.main.name, alone)]))


def _changed(message: Message, target: Channel) -> Changed:
    given = {one.name: one for one in message.fields}
    places = {name: name for name in given if target.field(name)}
    main = target.main.name
    if main not in places and (source := _main_of(message, given, target, places)):
        places[source] = main
    for headline in _HEADLINES:
        free = next((name for name in _HEADLINES if target.field(name) and name not in places.values()), None)
        if free and headline in given and headline not in places:
            places[headline] = free
    if target.field("plain") and "plain" not in places.values() and "body" in given and "body" not in places:
        places["body"] = "plain"
    aside = [_label(message.channel, one) for one in message.fields if one.name not in places and one.text.strip()]
    aside += [f"a second {_label(message.channel, one)}" for one in message.repeated if one.text.strip()]
    texts: list[tuple[str, str]] = []
    for name in filter(places.__contains__, given):
        words = given[name].text
        if _is_html_field(message.channel, name) and not _is_html_field(target, places[name]) and is_html(words):
            words = as_read(words)
            aside.append(MARKUP)
        texts.append((places[name], words))
    return Changed(message.preface + compose(target, texts), tuple(aside))


def _main_of(message: Message, given: Mapping[str, Field], target: Channel, places: Mapping[str, str]) -> str | None:
    """The field whose text becomes the main one: plain text before HTML where no HTML is shown."""
    names = [message.channel.main.name, "body", "html", "plain"]
    if target.main.kind != "html":
        names.insert(0, "plain")
    there = [name for name in names if name in given and name not in places]
    return next((name for name in there if given[name].text.strip()), next(iter(there), None))


def _is_html_field(channel: Channel, name: str) -> bool:
    spec = channel.field(name)
    return spec is not None and spec.kind == "html"


def _label(channel: Channel, field: Field) -> str:
    spec = channel.field(field.name)
    return spec.label if spec is not None else field.name


def as_read(html: str) -> str:
    """`html` as text: what a mail program shows of it, links with their addresses, no pictures; Liquid stays as it is.

    Liquid that stands in what is not shown (styles, the head, other attributes) is left out with it. Takes linear time.
    """
    pieces: list[str] = []
    kept: list[str] = []
    told = 0
    for start, end in _whole(html):
        if start >= told and len(kept) < _MOST:
            pieces += (html[told:start], chr(_FIRST + len(kept)))
            whole = html[start:end]
            kept.append(whole if whole.startswith(("{{", "{%")) else unescape(whole))
            told = end
    pieces.append(html[told:])
    signed = _PICTURE.sub("", "".join(pieces))[:MAX_CHARACTERS]
    lines = ("".join(span.text for span in line).rstrip() for line in readable(signed))
    return _SIGN.sub(lambda match: kept[ord(match[0]) - _FIRST], "\n".join(lines).strip("\n"))


def _whole(html: str) -> Iterator[tuple[int, int]]:
    """Where stands what must come through a reading as it is: Liquid, addresses of links, signs like those that stand
    in for them."""
    closed = {"{{": True, "{%": True}

    def end_of_liquid(at: int) -> int:
        kind = html[at : at + 2]
        end = html.find(_ENDS[kind], at + 2) if closed[kind] else -1
        closed[kind] = end >= 0
        return end + 2 if end >= 0 else at + 2

    at = 0
    while (found := _BEGINS.search(html, at)) is not None:
        at = end = found.end()
        if found[0] in _ENDS:
            at = end = end_of_liquid(found.start())
            if end > found.start() + 2:
                yield found.start(), end
        elif found[0] not in ("'", '"'):
            yield found.span()
        else:
            while (piece := _IN_ADDRESS.search(html, end)) is not None and piece[0] in _ENDS:
                end = end_of_liquid(piece.start())
            if piece is not None and piece[0] == found[0]:
                at = piece.end()
                if piece.start() > found.end():
                    yield found.end(), piece.start()
