"""The channels, as people name them."""

from __future__ import annotations

import pytest

from core.channels.fields import CHANNELS, MESSAGE, find_channel, parse_channel
from core.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("push", "ios_push"),
        ("ios", "ios_push"),
        ("android", "android_push"),
        ("web", "web_push"),
        ("in_app", "in_app_message"),
        ("card", "content_card"),
        ("mail", "email"),
        ("message", "message"),
        (" E-Mail", ""),
        ("Content-Card ", "content_card"),
        ("In App Message", "in_app_message"),
        ("WEB_push", "web_push"),
    ],
)
def test_a_channel_is_known_by_its_name_and_its_aliases_however_they_are_spelt(typed: str, name: str) -> None:
    if not name:
        with pytest.raises(InvalidInput, match="no channel"):
            parse_channel(typed)
        return
    assert parse_channel(typed).name == name


def test_an_unknown_channel_is_refused_with_the_list_of_those_there_are() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_channel("pigeon")
    assert all(one.name in caught.value.hint for one in (*CHANNELS, MESSAGE))


def test_no_marker_begins_a_message_without_a_channel() -> None:
    assert find_channel("message") is None


def test_every_channel_has_the_fields_that_the_document_format_promises() -> None:
    def words(name: str) -> str:
        channel = parse_channel(name)
        marks = {True: "!", False: ""}
        return " ".join(one.name + "*" * (one is channel.main) + marks[one.required] for one in channel.fields)

    assert {one.name: words(one.name) for one in CHANNELS} == {
        "email": "from reply_to subject! preheader headers html*! plain",
        "ios_push": "title body*! image link values",
        "android_push": "title! body* image link values",
        "web_push": "title body* image link",
        "sms": "body*! media",
        "webhook": "url! method headers body*",
        "in_app_message": "header body* buttons html link",
        "content_card": "header body* link_text link image",
    }
