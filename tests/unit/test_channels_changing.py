"""A message for another channel: nothing of markup or markers is texted, nothing is lost without being told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels.changing import MARKUP, Changed, as_read, change_channel
from core.channels.document import Message
from core.channels.fields import CHANNELS, MESSAGE, Channel
from core.errors import InvalidInput
from tests.growth import assert_grows_linearly
from tests.unit.test_channels_document import DOCUMENTS, EMAIL_TEXT, texts

WHOLE_EMAIL = """\
--- email ---
--- from ---
Beans & Co <hello@beans.example>
--- subject ---
{{${first_name}}}, your coffee
--- preheader ---
It runs out
--- html ---
<html><head><style>p { color: red }</style></head><body><!-- hidden -->
<h1>Hi {{${first_name} | default: "there"}}</h1>
{% if a < b %}
<p>Two &amp; <b>three</b> <a href="https://x.example/{{ o.id | url_param_escape }}?a=1&amp;b=2">here</a></p>
{% endif %}
<img src="https://x.example/p.png" alt="A picture">
<ul>{% for o in list %}<li>{{ o.name }}</li>{% endfor %}</ul></body></html>
"""


def test_an_email_becomes_a_text_message_of_its_plain_text() -> None:
    text = EMAIL_TEXT + "--- plain ---\nHi {{${first_name}}}\nbye\n"
    changed = change_channel(text, "sms")
    assert changed.text == "--- sms ---\n--- body ---\nHi {{${first_name}}}\nbye\n"
    assert changed.aside == ("subject", "HTML body")


def test_without_a_plain_text_it_is_the_html_as_it_reads() -> None:
    changed = change_channel(WHOLE_EMAIL, "sms")
    assert texts(changed.text)["body"] == (
        'Hi {{${first_name} | default: "there"}}\n\n{% if a < b %}\n\n'
        "Two & three here https://x.example/{{ o.id | url_param_escape }}?a=1&b=2\n\n"
        "{% endif %}\n\n{% for o in list %}\n  • {{ o.name }}\n{% endfor %}"
    )
    assert changed.aside == ("sender", "subject", "preheader", MARKUP)
    assert not Message.parse(changed.text).problems


def test_a_push_takes_the_subject_as_its_title() -> None:
    changed = change_channel(EMAIL_TEXT, "ios_push")
    assert texts(changed.text) == {"title": "Hi {{${first_name}}}", "body": "Hi\n\nbye"}
    card = change_channel(changed.text, "content_card")
    assert (texts(card.text), card.aside) == ({"header": "Hi {{${first_name}}}", "body": "Hi\n\nbye"}, ())


def test_a_channel_that_shows_html_keeps_it() -> None:
    changed = change_channel(EMAIL_TEXT, "in_app_message")
    assert texts(changed.text) == {"header": "Hi {{${first_name}}}", "html": "<h1>Hi</h1>\n\n<p>bye</p>"}
    assert (texts(change_channel(changed.text, "email").text), changed.aside) == (texts(EMAIL_TEXT), ())


def test_a_main_field_whose_place_is_taken_becomes_the_plain_text() -> None:
    text = "--- in_app_message ---\n--- body ---\nshort\n--- html ---\n<b>long</b>\n"
    changed = change_channel(text, "email")
    assert (texts(changed.text), changed.aside) == ({"plain": "short", "html": "<b>long</b>"}, ())


def test_a_lone_html_text_is_texted_as_it_reads_and_mailed_as_it_is() -> None:
    assert change_channel("<p>Hi {{ a }}</p><p>you</p>", "sms") == Changed(
        "--- sms ---\n--- body ---\nHi {{ a }}\n\nyou\n", (MARKUP,)
    )
    assert change_channel("<p>Hi</p>", "email") == Changed("--- email ---\n--- html ---\n<p>Hi</p>\n")


def test_a_lone_text_becomes_a_document_of_the_channel() -> None:
    assert change_channel("Hi\nyou\n", "sms").text == "--- sms ---\n--- body ---\nHi\nyou\n"
    assert change_channel("--- subject ---\nHi", "mail").text == "--- email ---\n--- subject ---\nHi\n"
    assert change_channel("Hi", "message").text == "Hi"


def test_a_document_without_its_channel_is_a_lone_text_again() -> None:
    assert change_channel("--- sms ---\n--- body ---\nHi\n", "message").text == "Hi"
    assert change_channel("--- email ---\n--- subject ---\nHi\n", "message").text == "--- subject ---\nHi\n"
    bare = change_channel(EMAIL_TEXT, "message").text
    assert bare.startswith("--- subject ---\n")
    assert texts(change_channel(bare, "email").text) == texts(EMAIL_TEXT)


def test_what_is_left_out_does_not_count_in_another_channel_either_and_is_told() -> None:
    changed = change_channel("--- sms ---\nout\n--- body ---\nin\n", "web_push")
    assert (texts(changed.text), changed.aside) == ({"body": "in"}, ("a second body",))


def test_what_stands_above_the_channel_stays_there() -> None:
    above = "\n<!-- offerdeck ignore-file unclear -->\n"
    assert change_channel(above + EMAIL_TEXT, "sms").text.startswith(above + "--- sms ---\n--- body ---\nHi\n")
    assert change_channel(above + "--- sms ---\nHi", "message").text == above + "Hi"


def test_the_same_channel_changes_nothing_and_one_that_does_not_exist_is_refused() -> None:
    text = "---  SMS---\n\n---body---\nHi"
    assert change_channel(text, "sms") == Changed(text)
    with pytest.raises(InvalidInput):
        change_channel("Hi", "pigeon")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>{{ a | default: '<b>' }}</p>", "{{ a | default: '<b>' }}"),
        ('<p><a href="{{ a | default: "x" }}">go</a></p>', 'go {{ a | default: "x" }}'),
        (f'<p><a href="https://x.example/{"y" * 90}">go</a></p>', f"go https://x.example/{'y' * 90}"),
        ("<p>{{ open <b>x</b></p>", "{{ open x"),
        ("<p>\U000f0000{{ a }}\U000f0001</p>", "\U000f0000{{ a }}\U000f0001"),
        ("<p>{% liquid\n assign a = 1\n echo a %}</p>", "{% liquid\n assign a = 1\n echo a %}"),
        ("<p>a &lt; b</p>", "a < b"),
    ],
)
def test_liquid_and_addresses_come_through_a_reading_of_html_whole(html: str, text: str) -> None:
    assert as_read(html) == text


@settings(deadline=None)
@given(DOCUMENTS, st.sampled_from([*CHANNELS, MESSAGE]))
def test_what_no_channel_has_a_place_for_is_told_and_everything_else_is_there(text: str, target: Channel) -> None:
    changed = change_channel(text, target.name)
    missing = [one for one in Message.parse(text).parts if one.text.rstrip("\r\n") not in changed.text]
    assert len(missing) <= len(changed.aside)


@pytest.mark.parametrize("target", [one.name for one in CHANNELS if one.main.kind != "html"])
def test_no_marker_of_an_email_and_no_tag_is_left_in_a_text(target: str) -> None:
    for part in Message.parse(change_channel(WHOLE_EMAIL, target).text).fields:
        if part.name != "html":
            assert not re.search(r"</?[a-z]|---", part.text)


@pytest.mark.parametrize(
    "piece", ["{{", "{%", "{{ a }}", '<a href="', "<a href='{{", "<img ", 'href="x"', "\U000f0000"]
)
def test_no_repetition_makes_reading_slow(piece: str) -> None:
    assert_grows_linearly(lambda size: as_read("<p>" + piece * (size // len(piece))), 20_000)
