"""How each channel looks: a mail, a notification, bubbles, a request, a card; and nothing a terminal obeys."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels.document import Message, compose
from core.channels.fields import CHANNELS, Channel, parse_channel
from core.channels.jsontext import indented_json
from core.channels.rendering import RenderedMessage, render_message
from core.channels.view import Block, channel_blocks, channel_words
from core.readable import Span
from core.render import RenderData, Rendered
from tests.growth import assert_grows_linearly


async def made(channel: str, /, lone: str | None = None, **texts: str | Rendered) -> RenderedMessage:
    """A message whose fields rendered to `texts` (`from_` stands for `from`)."""
    answers = {name.rstrip("_"): text for name, text in texts.items()}

    async def render(template: str, data: RenderData, *, connected: str, name: str, now: datetime | None) -> Rendered:
        answer = answers.get(name, template)
        return answer if isinstance(answer, Rendered) else Rendered("rendered", answer)

    text = lone if lone is not None else compose(parse_channel(channel), [(name, "x") for name in answers])
    return await render_message(render, Message.parse(text), RenderData())


def words(block: Block) -> str:
    return "\n".join("".join(span.text for span in line) for line in block.lines)


def shown(message: RenderedMessage) -> list[tuple[str, str]]:
    return [(block.kind, words(block)) for block in channel_blocks(message)]


async def test_an_email_is_a_mail_with_its_head_its_text_and_its_plain_part() -> None:
    message = await made(
        "email",
        from_="Beans & Co <hello@beans.test>",
        reply_to="help@beans.test",
        subject="\n 100 points,\n 3 offers\n",
        preheader="For you",
        headers="X-Own: 1",
        html="<style>p{}</style><h1>Hi Ana</h1><p>You have <b>100</b> points.</p>",
        plain="Hi Ana\n\n<b>100</b>\n",
    )
    assert shown(message) == [
        (
            "heading",
            "From       Beans & Co <hello@beans.test>\n"
            "Reply to   help@beans.test\n"
            "Subject    100 points, 3 offers\n"
            "Preheader  For you\n"
            "X-Own: 1",
        ),
        ("plain", "Hi Ana\n\nYou have 100 points."),
        ("heading", "Plain text"),
        ("plain", "Hi Ana\n\n<b>100</b>"),
    ]
    head = channel_blocks(message)[0].lines
    assert head[2] == (Span("Subject    ", "faint"), Span("100 points, 3 offers", "strong"))
    assert channel_blocks(message)[1].lines[0] == (Span("Hi Ana", "heading"),)


async def test_an_email_without_a_subject_or_a_body_says_so() -> None:
    assert shown(await made("email", html=" ")) == [
        ("heading", "Subject    no subject"),
        ("plain", "The mail is empty."),
    ]


async def test_a_push_is_a_notification() -> None:
    push = {
        "title": "Free coffee",
        "body": "Until\nSunday <b>",
        "image": "https://x.test/i.png",
        "link": "app://offers",
    }
    message = await made("ios", **push, values="id: 7")
    assert shown(message) == [
        (
            "card",
            "your app · iOS\nFree coffee\nUntil\nSunday <b>\n\n[picture] https://x.test/i.png\nopens app://offers",
        ),
        ("plain", "key-value pairs\nid: 7"),
    ]
    assert channel_blocks(message)[0].lines[1] == (Span("Free coffee", "strong"),)
    assert shown(await made("web", title="T", body="B")) == [("card", "your site · browser\nT\nB")]
    assert shown(await made("android", title=" ")) == [("card", "your app · Android\nIt is empty.")]


async def test_pairs_that_cannot_be_read_are_shown_all_the_same() -> None:
    message = await made("ios_push", body="Hi", values="a=1\nb: 2\nc=3")
    assert "b: 2\na=1\nc=3" in words(channel_blocks(message)[-1])
    many = await made("ios_push", body="Hi", values="\n".join(f"k{number}=v" for number in range(60)))
    assert words(channel_blocks(many)[-1]).endswith("k49=v\n10 more lines are not shown.")


async def test_an_sms_is_a_bubble_for_each_segment_and_says_what_it_counts() -> None:
    message = await made("sms", body="a" * 153 + "b" * 25, media="https://x.test/i.png")
    assert shown(message) == [
        ("bubble", "a" * 153),
        ("bubble", "b" * 25),
        ("plain", "[picture] https://x.test/i.png\n2 segments · 178 of 306 · GSM-7"),
    ]


async def test_an_sms_tells_the_character_that_costs_it_its_room() -> None:
    assert shown(await made("sms", body="Don’t")) == [
        ("bubble", "Don’t"),
        ("plain", "1 segment · 5 of 70 · UCS-2\n’ (U+2019) at character 4 is not in GSM-7"),
    ]


async def test_an_endless_sms_shows_some_bubbles_and_how_many_more_there_are() -> None:
    blocks = channel_blocks(await made("sms", body="a" * 153 * 1_040))
    assert [block.kind for block in blocks] == ["bubble"] * 30 + ["plain"]
    assert words(blocks[-1]).startswith("1,010 more segments are not shown.\n1,040 segments")


async def test_a_webhook_is_a_request() -> None:
    message = await made(
        "webhook",
        url=" https://x.test/users/1/tags\n",
        method="PUT",
        headers='{"Content-Type": "application/json"}',
        body='{"tags":["winback"],"ttl":2592000}',
    )
    assert shown(message) == [
        ("heading", "PUT https://x.test/users/1/tags\nContent-Type: application/json"),
        ("plain", 'formatted here; Raw has the bytes\n{\n  "tags": [\n    "winback"\n  ],\n  "ttl": 2592000\n}'),
    ]
    assert channel_blocks(message)[1].lines[0][0].tone == "faint"
    as_sent = '{\n  "ttl": 2592000\n}'
    assert shown(await made("webhook", body=f"\n{as_sent}\n"))[1] == ("plain", as_sent)
    assert shown(await made("webhook", body="a=1\n<b>")) == [("heading", "POST no URL"), ("plain", "a=1\n<b>")]


async def test_an_in_app_message_is_a_card_with_buttons() -> None:
    message = await made("in_app", header="Hi", body="There", buttons="Yes\n\n Not now ", link="app://x")
    assert shown(message) == [("card", "Hi\n\nThere\n\n[ Yes ]\n[ Not now ]\n\nopens app://x")]
    assert shown(await made("in_app", html="<p>a</p><p>b</p>")) == [("card", "a\n\nb")]
    assert shown(await made("in_app", body="")) == [("card", "It is empty.")]


async def test_a_content_card_has_its_picture_its_words_and_its_link() -> None:
    message = await made("card", image="i.png", header="Hi", body="There", link_text="Open", link="app://x")
    assert shown(message) == [("card", "[picture] i.png\n\nHi\nThere\n\nOpen\napp://x")]


async def test_a_lone_text_reads_as_it_is_html_or_not() -> None:
    assert shown(await made("message", lone="<p>a</p><p>b</p>")) == [("plain", "a\n\nb")]
    assert shown(await made("message", lone="\n\n  a\n\nb\n\n")) == [("plain", "  a\n\nb")]
    assert shown(await made("message", lone="")) == [("plain", "It is empty.")]


FAILED, ABORTED = Rendered("failed"), Rendered("aborted", abort_reason="no offers\x1b")


async def test_what_did_not_come_out_is_said_in_its_place() -> None:
    mail = shown(await made("email", subject=ABORTED, html=FAILED, plain=ABORTED, from_=FAILED))
    assert mail == [
        ("heading", "From       not rendered; see the problems\nSubject    aborted: no offers\\x1b"),
        ("plain", "HTML body not rendered; see the problems"),
        ("heading", "Plain text"),
        ("plain", "plain text aborted: no offers\\x1b"),
    ]
    assert shown(await made("sms", body=FAILED)) == [("plain", "body not rendered; see the problems")]
    assert shown(await made("sms", body=Rendered("waiting"))) == [("plain", "body waiting for an answer")]
    assert shown(await made("webhook", url=FAILED, headers=FAILED, body=ABORTED)) == [
        ("heading", "POST URL not rendered; see the problems\nheaders not rendered; see the problems"),
        ("plain", "body aborted: no offers\\x1b"),
    ]
    assert shown(await made("in_app", buttons=ABORTED)) == [("card", "buttons aborted: no offers\\x1b")]
    assert "title not rendered; see the problems\nx" in shown(await made("push", title=FAILED, body="x"))[0][1]


async def test_a_field_that_a_live_render_did_not_reach_says_so() -> None:
    async def render(template: str, data: RenderData, *, connected: str, name: str, now: datetime | None) -> Rendered:
        return ABORTED

    message = Message.parse("--- sms ---\n--- media ---\nu\n--- body ---\nHi")
    rendered = await render_message(render, message, RenderData(), connected="live")
    assert shown(rendered) == [("plain", "body not rendered yet")]


async def test_the_status_line_says_the_channel_and_what_matters_there() -> None:
    assert channel_words(await made("email", subject=" Hi  you ", html="x" * 4_100)) == (
        "email",
        "4.1 of 400 kB",
        "subject 6",
    )
    assert channel_words(await made("sms", body="a" * 161)) == ("SMS", "2 segments", "GSM-7")
    assert channel_words(await made("sms", body="ж")) == ("SMS", "1 segment", "UCS-2")
    assert channel_words(await made("push", title="abc", body="é" * 9)) == ("iOS push", "title 3", "body 9")
    assert channel_words(await made("card", body="é" * 600)) == ("Content Card", "1,200 bytes of 2 KB")
    assert channel_words(await made("webhook", url="x" * 50, body="y" * 150)) == ("webhook", "200 bytes")
    assert channel_words(await made("sms", body=ABORTED)) == ("SMS",)


# -- hostile


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda one: one.name)
@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "\x9b31m", "\u202eabc", "a\x00b", "\ud800", "\u2028", "<p>&#27;[2J&#x202e;</p>"]
)
async def test_nothing_a_terminal_would_obey_is_left_in_any_field(channel: Channel, hostile: str) -> None:
    for wrap in ("@", "@: @\n@", '{"a": "@"}', "n @ <a%@>"):
        text = wrap.replace("@", hostile).replace("%", "@")
        message = await made(channel.name, **dict.fromkeys(channel.field_names, text))
        for block in channel_blocks(message):
            assert words(block).replace("\n", "").isprintable()
            assert all("\n" not in span.text for line in block.lines for span in line)
        assert "".join(channel_words(message)).isprintable()


@pytest.mark.parametrize("piece", ["{", "[", '{"a":', "a: b\n", "<", "\n", '"', "[1,", "a"])
async def test_no_long_text_makes_it_slow(piece: str) -> None:
    for channel in CHANNELS:
        messages = {
            size: await made(channel.name, **{channel.main.name: piece * (size // len(piece))})
            for size in (20_000, 80_000)
        }
        assert_grows_linearly(lambda size, messages=messages: channel_blocks(messages[size]), 20_000)


async def test_beyond_a_million_characters_it_says_what_is_missing() -> None:
    (block,) = channel_blocks(await made("message", lone="x" * 1_000_005))
    assert words(block).endswith("\n\n5 more characters are not shown.")


# -- JSON

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


@settings(deadline=None)
@given(st.one_of(st.lists(JSON, max_size=4), st.dictionaries(st.text(max_size=4), JSON, max_size=4)), st.booleans())
def test_json_is_indented_as_python_would_and_keeps_what_it_says(value: object, ascii_only: bool) -> None:
    compact = json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"))
    assert indented_json(compact) == json.dumps(value, ensure_ascii=ascii_only, indent=2)
    assert indented_json(indented_json(compact)) == indented_json(compact)


def test_numbers_and_names_given_twice_stay_as_they_are_written() -> None:
    assert indented_json('{"a":1.50,"a":1e3, "b" : []}') == '{\n  "a": 1.50,\n  "a": 1e3,\n  "b": []\n}'


@pytest.mark.parametrize("text", ["", "hello", "1", '"a"', "{", "[1,]", "[" * 100_000])
def test_what_is_no_json_object_or_array_is_not_indented(text: str) -> None:
    assert indented_json(text) == ""


def test_what_is_nested_deep_is_not_pushed_to_the_right_without_end() -> None:
    assert max(map(len, indented_json("[" * 400 + "1" + "]" * 400).split("\n"))) == 41
