"""The limits of each channel: on either side of every number, and where the problem is put."""

from __future__ import annotations

import pytest

from core.channels.document import Message, compose
from core.channels.fields import parse_channel
from core.channels.limits import extras_abort, limit_problems
from core.channels.limits_email import parse_sender
from core.channels.pairs import Pairs, parse_pairs
from core.render import PrintedSpan, Problem, RenderData, Rendered
from tests.growth import assert_grows_linearly


def problems(
    channel: str, data: RenderData | None = None, extras: dict[str, str] | None = None, **texts: str
) -> list[Problem]:
    """The limits' problems for fields that render to `texts`, one template line each (`from_` stands for `from`)."""
    outputs = {name.rstrip("_"): text for name, text in texts.items()}
    message = Message.parse(compose(parse_channel(channel), [(name, f"[{name}]") for name in outputs]))
    rendered = {name: Rendered("rendered", text) for name, text in outputs.items()}
    return limit_problems(message, rendered, data or RenderData(), extras or {})


def found(channel: str, **texts: str) -> list[tuple[str, str]]:
    return [(one.rule, one.severity) for one in problems(channel, **texts)]


def in_template(
    channel: str, field: str, template: str, output: str | None = None, data: RenderData | None = None
) -> list[Problem]:
    """The problems of one field, rendered to `output`, else to its own text."""
    message = Message.parse(compose(parse_channel(channel), [(field, template)]))
    rendered = {field: Rendered("rendered", template if output is None else output)}
    return limit_problems(message, rendered, data or RenderData(), {})


# -- all channels


@pytest.mark.parametrize(
    ("channel", "field", "severity"),
    [
        ("email", "subject", "error"),
        ("email", "html", "error"),
        ("android_push", "title", "error"),
        ("webhook", "url", "error"),
        ("ios_push", "body", "warning"),
        ("sms", "body", "warning"),
    ],
)
def test_a_required_field_that_comes_out_blank_is_told_at_its_line(channel: str, field: str, severity: str) -> None:
    (problem,) = problems(channel, **{field: ""})
    assert (problem.rule, problem.severity, problem.line, problem.column) == ("channel-blank-field", severity, 3, 1)
    assert problem.end_column == len(f"[{field}]") + 1


def test_a_field_that_need_not_be_there_may_be_blank() -> None:
    assert found("email", preheader="", plain=" \n") == []


def test_an_android_title_of_spaces_is_a_silent_push() -> None:
    assert found("android", title=" ") == [("channel-silent-push", "warning")]


def test_extras_are_measured_as_the_json_text_they_travel_as() -> None:
    def told(channel: str, size: int) -> list[tuple[str, str]]:
        field = parse_channel(channel).main.name
        extras = {"k": "v" * (size - len('{"k":""}'))}
        return [(one.rule, one.severity) for one in problems(channel, extras=extras, **{field: "x"})]

    assert told("sms", 1_000) == []
    assert told("sms", 1_001) == told("sms", 1_025) == [("limit-extras", "warning")]
    assert told("email", 1_024) == [("limit-extras", "warning")]
    assert told("email", 1_025) == [("limit-extras", "error")]


def test_only_an_email_is_aborted_for_its_extras() -> None:
    email, sms = parse_channel("email"), parse_channel("sms")
    fits, big = {"k": "v" * (1_024 - 8)}, {"k": "v" * (1_025 - 8)}
    assert (extras_abort(email, fits), extras_abort(email, big), extras_abort(sms, big)) == (False, True, False)


def test_extras_are_told_at_the_field_that_gives_them() -> None:
    message = Message.parse("--- email ---\n--- html ---\nx\n--- plain ---\n{% message_extras :key k :value v %}\n")
    rendered = {name: Rendered("rendered", "x") for name in ("html", "plain")}
    (problem,) = limit_problems(message, rendered, RenderData(), {"k": "v" * 2_000})
    assert problem.line == 5


def test_a_content_block_beyond_50_kb_is_told_where_it_is_used() -> None:
    data = RenderData(content_blocks={"Fits": "x" * 50_000, "Big": "x" * 50_001})
    template = "a\n{{content_blocks.${Fits}}} {{content_blocks.${Big}}} {{content_blocks.${Big}}}"
    (problem,) = in_template("sms", "body", template, "x", data)
    assert (problem.rule, problem.severity, problem.line, problem.column) == ("limit-content-block", "warning", 4, 30)


def test_email_and_cards_have_no_targeted_device_and_a_push_has() -> None:
    template = "{{targeted_device.${os}}}"
    for channel, field in (("email", "html"), ("card", "body")):
        (problem,) = in_template(channel, field, template, "x")
        assert (problem.rule, problem.severity) == ("channel-targeted-device", "warning")
        assert (problem.line, problem.column, problem.end_column) == (3, 3, 18)
    assert in_template("push", "body", template, "x") == []


# -- email


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (102_000, []),
        (102_001, [("limit-email-advice", "hint")]),
        (400_000, [("limit-email-advice", "hint")]),
        (400_001, [("limit-email-size", "warning")]),
        (409_600, [("limit-email-size", "warning")]),
        (409_601, [("limit-email-size", "error")]),
    ],
)
def test_an_email_has_400_kb_and_better_102(size: int, expected: list[tuple[str, str]]) -> None:
    assert found("email", html="x" * size) == expected
    assert found("email", html="é" * (size // 2) + "x" * (size % 2)) == expected


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Beans & Co <hello@beans.test>", ("Beans & Co", "hello@beans.test")),
        ('"Beans, Co"  <hello@beans.test> ', ("Beans, Co", "hello@beans.test")),
        ("hello@beans.test", ("", "hello@beans.test")),
        ("<hello@beans.test>", ("", "hello@beans.test")),
        ("Beans", ("Beans", "")),
        ("Beans 2 > 1", ("Beans 2 > 1", "")),
        ("Beans >", ("Beans >", "")),
        ("\n", ("", "")),
    ],
)
def test_a_sender_is_a_name_and_an_address(text: str, pair: tuple[str, str]) -> None:
    assert parse_sender(text) == pair


def test_the_from_field_takes_both_or_nothing_and_an_address_of_ascii() -> None:
    assert found("email", from_="Béans <hello@beans.test>") == found("email", from_=" ") == []
    assert found("email", from_="Beans") == found("email", from_="a@b.test") == [("channel-from-pair", "warning")]
    (problem,) = problems("email", from_="Beans <héllo@beans.test>")
    assert (problem.rule, problem.severity) == ("channel-from-unicode", "error")
    assert "'\\xe9'" in problem.message


def test_headers_given_twice_are_an_error_in_an_email_only() -> None:
    headers = "X-A: 1\nX-B: 2\nx-a: 3\n"
    assert found("email", headers=headers) == [("channel-duplicate-header", "error")]
    assert found("webhook", headers=headers) == [("channel-duplicate-header", "warning")]
    assert found("email", headers='{"X-A": "1", "X-A": "2"}') == [("channel-duplicate-header", "error")]
    assert found("email", headers="X-A: 1\nX-B: 1") == []


@pytest.mark.parametrize(
    "name",
    [
        *("From", "To", "SUBJECT", "Reply-To", "CC", "BCC", "MIME-Version", "Content-Type"),
        *("Content-Transfer-Encoding", "DKIM-Signature", "Received", "x-sg-eid", "x-sg-id"),
    ],
)
def test_headers_that_braze_overwrites_are_told_in_an_email(name: str) -> None:
    (problem,) = problems("email", headers=f"{name}: x\nX-Own: y")
    assert (problem.rule, problem.severity, problem.message) == (
        "channel-reserved-header",
        "warning",
        f"Braze overwrites {name}.",
    )
    assert found("webhook", headers=f"{name}: x") == []


def test_a_line_that_is_no_header_is_told() -> None:
    assert found("email", headers="X-A 1") == found("webhook", headers="{broken") == [("channel-bad-header", "warning")]


@pytest.mark.parametrize("channel", ["ios_push", "android_push"])
def test_key_value_pairs_that_cannot_be_read_are_told(channel: str) -> None:
    for values in ('{"name": "Ana "Bee""}', '{"a": 1,}', '{"a": 1} b', "a=1\nb=2", "a: 1\nb=2"):
        assert found(channel, values=values) == [("channel-bad-pair", "warning")], values
    for values in ('{"name": "Ana", "n": {"x": 1}}', "a: 1\nb: 2", "", " \n"):
        assert found(channel, values=values) == [], values
    (quoted,) = problems(channel, values='{"name": "Ana "Bee""}')
    assert ("no JSON" in quoted.message, "json_escape" in quoted.hint) == (True, True)
    (lines,) = problems(channel, values="a: 1\nb=2\nc=3")
    assert lines.message == "This is no key-value pair: 'b=2' and 1 more"
    (second,) = in_template(channel, "values", "a: 1\nb=2")
    assert (second.line, second.column) == (4, 1)


def test_pairs_are_lines_or_a_json_object() -> None:
    assert parse_pairs("A: b:c\n\n d :e\r\n").items == (("A", "b:c"), ("d", "e"))
    assert parse_pairs('{"A": "b", "n": 1, "o": {"x": [true]}, "A": null}').items == (
        ("A", "b"),
        ("n", "1"),
        ("o", '{"x": [true]}'),
        ("A", "null"),
    )
    assert parse_pairs("A: 1\na: 2").get("A") == "1"
    assert parse_pairs("").items == ()
    assert parse_pairs('{"a":' * 100_000).unread
    assert parse_pairs("a: 1\n\nb=2\n c = 3 \n") == Pairs((("a", "1"),), ("b=2", "c = 3"), 6)


@pytest.mark.parametrize("tag", ["script", "iframe", "embed", "object", "applet", "svg", "layer", "frameset"])
def test_tags_that_act_are_not_allowed_in_an_email(tag: str) -> None:
    template = f"<p>a</p>\n<b>b</b> <{tag.upper()} src='x'>c</{tag}>"
    (problem,) = in_template("email", "html", template)
    assert (problem.rule, problem.severity, problem.line, problem.column) == (
        "channel-disallowed-tag",
        "warning",
        4,
        10,
    )
    assert f"<{tag}>" in problem.message


@pytest.mark.parametrize("tag", ["xml", "meta", "link", "title", "!doctype"])
def test_tags_of_a_page_are_a_hint_for_nobody_misses_them_in_a_mail(tag: str) -> None:
    assert [(one.rule, one.severity) for one in in_template("email", "html", f"<{tag} a='b'>x")] == [
        ("channel-disallowed-tag", "hint")
    ]


def test_attributes_that_start_scripts_are_stripped() -> None:
    (problem,) = in_template("email", "html", "<p>a</p>\n<a href='x' onClick=\"go()\" ONLOAD = 'x'>b</a>")
    assert (problem.rule, problem.severity, problem.line) == ("channel-stripped-attribute", "warning", 4)
    assert problem.message == "Braze strips onclick, onload from the HTML."


@pytest.mark.parametrize(
    "html",
    [
        "<p title='onclick=x'>a</p>",
        '<a href="?a=1 onclick=2">a</a>',
        "<p>onclick=1 and <b>script</b></p>",
        "<!-- <script onload='x'> --><p>a</p>",
        "1 < 2 <scripted>",
        "<p on=1 data-onclick='x'>a</p>",
        "<linker>",
    ],
)
def test_what_only_sounds_like_it_is_allowed(html: str) -> None:
    assert in_template("email", "html", html) == []


def test_a_tag_that_data_brings_is_told_at_the_field() -> None:
    (problem,) = in_template("email", "html", "{{ offer }}", "<script>x</script>")
    assert (problem.rule, problem.line, problem.column) == ("channel-disallowed-tag", 3, 1)


@pytest.mark.parametrize(
    "piece", ["<!--", "<a ", "<", "<a href='", '<p "', "<a on", "<a onclick=", "-->", "<!---->", "<a b='<"]
)
def test_no_html_makes_it_slow(piece: str) -> None:
    assert_grows_linearly(lambda size: in_template("email", "html", "x", piece * (size // len(piece))), 100_000)


# -- push


@pytest.mark.parametrize(
    ("length", "image", "rule"),
    [
        (80, "", ""),
        (81, "", "limit-ios-banner"),
        (160, "", "limit-ios-banner"),
        (161, "", "limit-ios-lock-screen"),
        (65, "https://x.test/i.png", ""),
        (66, "https://x.test/i.png", "limit-ios-banner"),
        (130, "https://x.test/i.png", "limit-ios-banner"),
        (131, "https://x.test/i.png", "limit-ios-lock-screen"),
    ],
)
def test_ios_shows_so_much_of_a_body(length: int, image: str, rule: str) -> None:
    assert found("ios", body="é" * length, image=image) == ([(rule, "hint")] if rule else [])


@pytest.mark.parametrize(
    ("length", "rule"),
    [(49, ""), (50, "limit-android-lock-screen"), (597, "limit-android-lock-screen"), (598, "limit-android-drawer")],
)
def test_android_shows_so_much_of_a_body(length: int, rule: str) -> None:
    assert found("android", title="x", body="é" * length) == ([(rule, "hint")] if rule else [])


@pytest.mark.parametrize(("channel", "most"), [("ios", 2_000), ("android", 4_000)])
def test_a_push_payload_is_estimated_from_its_texts(channel: str, most: int) -> None:
    assert found(channel, title="t", values="v:" + "v" * (most - 3)) == []
    (problem,) = problems(channel, title="t", values="v:" + "v" * (most - 2))
    assert (problem.rule, problem.severity) == ("limit-push-payload", "warning")
    assert "estimate" in problem.message


def test_html_in_an_ios_push_is_told() -> None:
    assert found("ios", body="<b>Hi</b>") == [("channel-plain-text", "warning")]
    assert found("ios", body="1 < 2") == []


def test_a_web_push_names_the_browser_that_cuts_most() -> None:
    assert found("web", title="x" * 35, body="x" * 42) == []
    (title,) = problems("web", title="x" * 39)
    assert (title.rule, title.severity) == ("limit-web-title", "hint")
    assert title.message == "The title has 39 characters; Chrome on Android shows 35."
    assert [name in title.hint for name in ("Safari on macOS (38)", "Chrome, Edge and Opera on Windows")] == [
        True,
        False,
    ]
    (body,) = problems("web", body="x" * 43)
    assert body.message == "The body has 43 characters; Firefox and Opera on macOS shows 42."
    assert body.hint == "Cut by Firefox and Opera on macOS (42)."
    (all_cut,) = problems("web", body="x" * 201)
    assert all_cut.hint.count(";") == 6


@pytest.mark.parametrize(
    ("browser", "title", "body"),
    [
        ("Chrome on Android", 35, 50),
        ("Firefox on Android", 35, 50),
        ("Chrome, Edge and Opera on Windows", 50, 120),
        ("Firefox on Windows", 54, 200),
        ("Chrome on macOS", 35, 50),
        ("Safari on macOS", 38, 84),
        ("Firefox and Opera on macOS", 38, 42),
    ],
)
def test_a_browser_is_named_from_the_first_character_on_that_it_cuts(browser: str, title: int, body: int) -> None:
    def cut_by(field: str, length: int) -> list[str]:
        return [name for one in problems("web", **{field: "é" * length}) for name in one.hint[7:-1].split("; ")]

    for field, most in (("title", title), ("body", body)):
        assert f"{browser} ({most})" not in cut_by(field, most)
        assert f"{browser} ({most})" in cut_by(field, most + 1)


# -- SMS


def test_an_sms_may_hold_1600_characters_as_entered() -> None:
    assert in_template("sms", "body", "x" * 1_600, "x") == []
    (problem,) = in_template("sms", "body", "x" * 1_601, "x")
    assert (problem.rule, problem.severity) == ("limit-sms-entered", "error")


def test_an_sms_has_ten_segments_at_most() -> None:
    assert found("sms", body="x" * 1_530) == []
    assert found("sms", body="x" * 1_531) == [("limit-sms-segments", "error")]


def test_the_character_that_costs_a_segment_is_pointed_at_in_the_template() -> None:
    tail = "x" * 70
    (problem,) = in_template("sms", "body", f"Hi\nDon’t go{tail}")
    assert (problem.rule, problem.severity) == ("channel-sms-ucs2", "hint")
    assert (problem.line, problem.column, problem.end_column) == (4, 4, 5)
    assert "U+2019" in problem.message
    assert problem.hint == "It takes 2 segments; without such characters it would take 1."
    (first,) = in_template("sms", "body", "ж and more" + tail)
    assert (first.line, first.column, first.end_column) == (3, 1, 2)
    (brought,) = in_template("sms", "body", "{{ name }}", "ж" + tail)
    assert (brought.line, brought.column) == (3, 1)


def test_a_character_that_costs_nothing_is_no_problem() -> None:
    assert found("sms", body="Don’t 😀") == []


# -- webhook


@pytest.mark.parametrize(
    "url", ["https://x.test/a?b=c", " http://x.test:80\n", "https://x.test:443/", "HTTPS://x.test"]
)
def test_a_webhook_goes_to_an_address(url: str) -> None:
    assert found("webhook", url=url) == []


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("ftp://x.test", "channel-webhook-url"),
        ("x.test/a", "channel-webhook-url"),
        ("https://", "channel-webhook-url"),
        ("https://x.test/a b", "channel-webhook-url"),
        ("https://[x", "channel-webhook-url"),
        ("https://x.test:99999", "channel-webhook-url"),
        ("https://x.test:8443/", "channel-webhook-port"),
        ("https://x.test:0/", "channel-webhook-port"),
    ],
)
def test_an_address_that_braze_would_not_call_is_an_error(url: str, rule: str) -> None:
    assert found("webhook", url=url) == [(rule, "error")]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://x.test/a b", "no spaces"),
        ("https://x.test/a\tb", "no spaces"),
        ("x.test/a", "does not begin with https://"),
        ("ftp://x.test", "http and https only, not ftp"),
        ("https://", "names no host"),
        ("https://[x", "Invalid IPv6"),
        ("https://x.test:99999", "Port out of range"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(url: str, words: str) -> None:
    (problem,) = problems("webhook", url=url)
    assert words in problem.message
    assert ("url_param_escape" in problem.hint) == ("spaces" in words)


def test_the_space_in_an_address_is_told_where_it_was_printed() -> None:
    message = Message.parse("--- webhook ---\n--- url ---\nhttps://x.test/{{ name }}/b\n")
    spans = (PrintedSpan(15, 24, 3, 18, "field"),)
    (problem,) = limit_problems(
        message, {"url": Rendered("rendered", "https://x.test/Ana Prado/b", spans=spans)}, RenderData(), {}
    )
    assert (problem.line, problem.column) == (3, 18)


def test_a_sandbox_on_this_machine_is_a_hint_and_no_error() -> None:
    assert found("webhook", url="http://127.0.0.1:47310/a") == [("channel-webhook-here", "hint")]


def test_a_body_that_is_said_to_be_json_has_to_be() -> None:
    headers = "Content-Type: application/json; charset=utf-8"
    for body in ('{"a": 1,}', '{"a": NaN}', "[" * 100_000, "hello"):
        assert found("webhook", headers=headers, body=body) == [("channel-webhook-json", "error")], body[:20]
    for body in ('{"a": ' + "9" * 5_000 + "}", "[]", " "):
        assert found("webhook", headers=headers, body=body) == [], body[:20]
    assert found("webhook", headers="Content-Type: text/plain", body="{") == []


def test_a_body_that_begins_like_json_is_asked_whether_it_is_some_when_no_header_says() -> None:
    for body in ('{"a": "Free "coffee""}', " [1,,2]", "{"):
        assert found("webhook", body=body) == [("channel-webhook-json", "warning")], body
    for body in ('{"a": 1}', "a=1&b={2}", ""):
        assert found("webhook", body=body) == [], body


def test_broken_json_is_told_where_it_was_written_or_printed() -> None:
    def at(template: str, output: str, *spans: PrintedSpan) -> tuple[int, int, int]:
        message = Message.parse(f"--- webhook ---\n--- headers ---\ncontent-type: json\n--- body ---\n{template}\n")
        body = Rendered("rendered", output, spans=spans)
        rendered = {"headers": Rendered("rendered", "content-type: json"), "body": body}
        (problem,) = limit_problems(message, rendered, RenderData(), {})
        return problem.line, problem.column, problem.end_column

    written = '{\n "a": 1,\n}'
    assert at(written, written) == (7, 1, 2)
    printed = '{"a": "say "hi""}'
    spans = (PrintedSpan(0, 1, 5, 9, "literal"), PrintedSpan(7, 15, 6, 4, "field"), PrintedSpan(15, 16, 6, 9, "field"))
    assert at('{"a": "\n {{ x }}"}', printed, *spans) == (6, 4, 5)
    assert at('{"a": {{ x }}', '{"a": ', PrintedSpan(1, 3, 5, 7, "field")) == (5, 1, 14)


# -- in-app, card


def test_an_in_app_message_has_few_lines() -> None:
    assert found("in_app", header="a\nb\n", body="a\nb\nc\n") == []
    assert found("in_app", header="a\nb\nc", body="a\nb\nc\nd") == [("limit-in-app-lines", "hint")] * 2


@pytest.mark.parametrize(("size", "severity"), [(2_000, ""), (2_001, "warning"), (2_048, "warning"), (2_049, "error")])
def test_a_card_over_2_kb_is_not_sent(size: int, severity: str) -> None:
    assert found("card", header="h" * 10, body="é" * 500, link="x" * (size - 1_010)) == (
        [("limit-card-size", severity)] if severity else []
    )


def test_what_is_too_long_in_all_is_told_at_the_longest_field() -> None:
    (card,) = problems("card", header="x" * 3_000, link="y")
    (push,) = problems("push", title="x", body="y", values="z:" + "z" * 3_000)
    assert (card.line, push.line) == (3, 7)


def test_a_text_without_a_channel_has_no_limits() -> None:
    message = Message.parse("x")
    assert limit_problems(message, {"text": Rendered("rendered", "<script>" * 100_000)}, RenderData(), {}) == []


def test_a_field_that_did_not_render_is_not_checked() -> None:
    message = Message.parse("--- email ---\n--- subject ---\n{{\n--- html ---\nx\n")
    assert limit_problems(message, {"html": Rendered("rendered", "x")}, RenderData(), {}) == []
    assert limit_problems(message, {}, RenderData(), {"k": "v" * 2_000}) == []


@pytest.mark.parametrize(
    ("template", "columns"),
    [
        ("a{% connected_content https://x.test/a :save r :retry %}", [(48, 54)]),
        ("{%- promotion('spring') -%}", [(5, 14)]),
        ("{% connected_content https://x.test/a %}{% if a %}:retry promotion{% endif %}", []),
    ],
)
def test_an_in_app_message_retries_nothing_and_has_no_codes(template: str, columns: list[tuple[int, int]]) -> None:
    for channel, told in (("in_app_message", columns), ("content_card", [])):
        made = [one for one in in_template(channel, "body", template, "x") if one.rule == "channel-in-app-tag"]
        assert [(one.column, one.end_column) for one in made] == told


def test_looking_for_retries_takes_time_linear_in_the_text() -> None:
    assert_grows_linearly(
        lambda size: in_template("in_app_message", "body", "{% connected_content a " * size + "%}", "x"), 2_000
    )
