"""A message as one text: what is a marker, which text is whose, what is told, and that nothing is ever lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels.document import MAX_PROBLEMS, Message, compose, is_marker
from core.channels.fields import CHANNELS, EMAIL, MESSAGE, SMS, Channel
from core.errors import InvalidInput
from tests.growth import assert_grows_linearly

EMAIL_TEXT = """\
--- email ---
--- subject ---
Hi {{${first_name}}}
--- html ---
<h1>Hi</h1>

<p>bye</p>
"""


def texts(text: str, channel: str | None = None) -> dict[str, str]:
    return {one.name: one.text for one in Message.parse(text, channel).fields}


def told(text: str, channel: str | None = None) -> list[tuple[str, str, int]]:
    return [(one.rule, one.severity, one.line) for one in Message.parse(text, channel).problems]


# -- markers


def test_each_field_has_its_own_text_and_knows_where_it_begins() -> None:
    message = Message.parse(EMAIL_TEXT)
    assert (message.channel, message.marked, message.problems) == (EMAIL, True, ())
    assert [(one.name, one.text, one.line) for one in message.fields] == [
        ("subject", "Hi {{${first_name}}}", 3),
        ("html", "<h1>Hi</h1>\n\n<p>bye</p>", 5),
    ]


def test_a_field_is_found_by_its_name() -> None:
    message = Message.parse(EMAIL_TEXT)
    assert (message.field("html"), message.field("plain")) == (message.fields[1], None)


def test_text_before_the_first_marker_is_the_main_field_and_blank_lines_there_are_nothing() -> None:
    assert texts("--- email ---\n<p>x</p>\n--- subject ---\nHi") == {"html": "<p>x</p>", "subject": "Hi"}
    message = Message.parse("--- email ---\n\n \n--- html ---\nx\n--- subject ---\ny\n")
    assert [(one.name, one.line) for one in message.fields] == [("html", 5), ("subject", 7)]
    assert message.problems == ()


@pytest.mark.parametrize(
    "marker", ["--- subject ---", "---subject---", "---   SUBJECT\t---  ", " --- Subject ---", "--- subject ---\r"]
)
def test_a_marker_may_have_blanks_around_and_any_case(marker: str) -> None:
    assert texts(f"---  Email ---\n{marker}\nHi\n--- html ---\nx") == {"subject": "Hi", "html": "x"}


@pytest.mark.parametrize(
    "line",
    ["--- subject", "--- subjectxyz", "-- subject ---", "--- subject --- x", "---- subject ----", "---", "--- ---"],
)
def test_what_is_no_marker_is_text(line: str) -> None:
    assert texts(f"--- email ---\n{line}\nx") == {"html": f"{line}\nx"}


def test_one_line_break_before_a_marker_belongs_to_it_and_the_last_one_to_the_file() -> None:
    assert texts("--- sms ---\nHi\n\n--- media ---\nu\n\n") == {"body": "Hi\n", "media": "u\n"}
    assert texts("--- sms ---\r\nHi\r\n--- media ---\r\nu\r\n") == {"body": "Hi", "media": "u"}
    assert texts("--- sms ---\n--- body ---\n--- media ---\n") == {"body": "", "media": ""}


def test_a_text_without_a_channel_is_one_lone_field_untouched() -> None:
    message = Message.parse("Hi\n--- subject ---\nx\n")
    assert (message.channel, message.marked) == (MESSAGE, False)
    assert texts("Hi\n--- subject ---\nx\n") == {"text": "Hi\n--- subject ---\nx\n"}


def test_a_lone_text_is_the_main_field_of_the_channel_asked_for() -> None:
    assert texts("Hi\n", "sms") == {"body": "Hi"}
    assert texts("Hi", "email") == {"html": "Hi"}
    with pytest.raises(InvalidInput):
        Message.parse("Hi", "pigeon")


def test_the_channel_of_a_document_goes_before_the_one_asked_for() -> None:
    assert Message.parse("--- sms ---\nHi", "email").channel is SMS


@pytest.mark.parametrize(
    "above",
    [
        "\n",
        "\n \n\t\r\n",
        "<!-- offerdeck ignore-file limit-email-size, channel-bad-header -->\n",
        "\n{% comment %} offerdeck ignore-file unclear {% endcomment %}\n\n",
        "{%- # offerdeck ignore unclear -%}\n<!--offerdeck ignore x-y-->\n",
    ],
)
def test_blank_lines_and_comments_to_this_program_may_stand_above_the_channel(above: str) -> None:
    message = Message.parse(above + EMAIL_TEXT)
    assert (message.channel, message.marked, message.problems, message.preface) == (EMAIL, True, (), above)
    down = above.count("\n")
    assert [(one.name, one.line) for one in message.fields] == [("subject", 3 + down), ("html", 5 + down)]
    assert message.to_text() == above + EMAIL_TEXT
    bare = Message.parse(above + "--- sms ---\nHi")
    assert [(one.text, one.line) for one in bare.fields] == [("Hi", 2 + down)]


@pytest.mark.parametrize(
    "above",
    ["Hi\n", "<!-- a comment of one's own -->\n", "{% comment %}x{% endcomment %}\n", "<!-- offerdeck ignore x"],
)
def test_below_anything_else_the_channel_is_text(above: str) -> None:
    assert not Message.parse(above + EMAIL_TEXT).marked


# -- problems


def test_a_field_given_twice_counts_once_and_the_second_one_is_told() -> None:
    text = "--- sms ---\n--- body ---\none\n--- media ---\nu\n--- body ---\ntwo"
    message = Message.parse(text)
    assert texts(text) == {"body": "one", "media": "u"}
    assert [(one.name, one.text) for one in message.repeated] == [("body", "two")]
    assert told(text) == [("field-twice", "warning", 6)]


def test_a_main_field_with_a_marker_goes_before_text_without_one() -> None:
    text = "--- sms ---\n\none\n--- body ---\ntwo"
    assert texts(text) == {"body": "two"}
    (problem,) = Message.parse(text).problems
    assert (problem.rule, problem.severity) == ("field-twice", "warning")
    assert (problem.line, problem.column, problem.end_line, problem.end_column) == (2, 1, 2, 2)
    assert "before the first marker" in problem.message


def test_a_near_miss_is_text_with_a_problem_that_names_the_field() -> None:
    text = "--- email ---\n--- html ---\nx\n--- subjekt ---\nHi"
    (missing, unknown) = Message.parse(text).problems
    assert (missing.rule, missing.line) == ("missing-field", 1)
    assert (unknown.rule, unknown.line, unknown.column, unknown.end_column) == ("unknown-field", 4, 1, 16)
    assert unknown.hint == "Did you mean --- subject ---?"
    assert texts(text) == {"html": "x\n--- subjekt ---\nHi"}


def test_a_misspelt_first_marker_does_not_take_the_place_of_the_main_field() -> None:
    text = "--- email ---\n--- subjekt ---\nHi\n--- html ---\nx"
    assert texts(text) == {"html": "x"}
    assert [rule for rule, _, _ in told(text)] == ["missing-field", "unknown-field", "field-twice"]


def test_a_field_of_another_channel_and_a_second_channel_are_told_and_other_lines_are_not() -> None:
    assert told("--- sms ---\nHi\n--- subject ---\n--- email ---\n--- Sale ---\n") == [
        ("unknown-field", "warning", 3),
        ("unknown-field", "warning", 4),
    ]


def test_required_fields_that_are_absent_are_told_in_the_first_line() -> None:
    assert told("--- email ---\n--- plain ---\nx") == [("missing-field", "warning", 1)] * 2
    assert told("<p>x</p>", "email") == [("missing-field", "hint", 1)]
    assert told("x", "sms") == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("--- emial ---\nHi", "Did you mean --- email ---?"),
        ("\n--- emial ---\nHi", "Did you mean --- email ---?"),
        ("--- subject ---\nHi", "Name it above that, like --- email ---."),
        ("--- pigeon ---\n--- body ---\nHi", "The channels are email"),
    ],
)
def test_a_first_line_that_was_meant_to_name_a_channel_is_told(text: str, hint: str) -> None:
    (problem,) = Message.parse(text).problems
    assert (problem.rule, problem.severity) == ("unknown-channel", "warning")
    assert problem.line == 1 + text.startswith("\n")
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("before", "line"),
    [("1c", 2), ("Draft 3\n", 2), ("{% assign x = 1 %}\n", 2), ("<!-- a note -->\n", 2), ("x\ny\n", 3)],
)
def test_what_stands_before_the_line_of_the_channel_is_told(before: str, line: int) -> None:
    message = Message.parse(f"{before}--- email ---\n--- subject ---\nHi\n--- html ---\nHi")
    (problem,) = message.problems
    assert (message.channel, problem.rule, problem.line) == (MESSAGE, "unknown-channel", line)
    assert problem.hint == "Put --- email --- at the very beginning."


def test_a_line_that_only_looks_like_a_marker_is_no_problem() -> None:
    assert told("Hi\n--- sms ---\n--- note ---\n") == []
    assert told("--- Sale ---\nToday only") == []
    assert told("Hi\n--- email ---\n") == []


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("--- email ---", True),
        (" --- Reply-To ---", True),
        ("--- Sale ---", False),
        ("--- subject", False),
        ("", False),
    ],
)
def test_a_line_is_told_to_read_like_a_marker(line: str, marks: bool) -> None:
    assert is_marker(line) is marks


# -- any text

NAMES = sorted({name for channel in CHANNELS for name in (channel.name, *channel.field_names)})
LINES = st.one_of(
    st.sampled_from(NAMES).map(lambda name: f"--- {name} ---"),
    st.sampled_from(
        ["--- subjekt ---", "---", "------", "--- x", " ---body--- ", "", " ", "{{ x }}", "\r", "\x85", "\u2028"]
    ),
    st.text(max_size=12),
)
DOCUMENTS = st.one_of(
    st.lists(LINES, max_size=12).map("\n".join),
    st.builds(
        lambda channel, lines: "\n".join([f"--- {channel.name} ---", *lines]),
        st.sampled_from(CHANNELS),
        st.lists(LINES, max_size=12),
    ),
)


@settings(deadline=None)
@given(DOCUMENTS, st.sampled_from([None, "email", "sms", "message"]))
def test_whatever_is_read_is_written_again_to_the_byte(text: str, channel: str | None) -> None:
    assert Message.parse(text, channel).to_text() == text


@settings(deadline=None)
@given(DOCUMENTS)
def test_a_field_stands_where_it_says_at_the_start_of_its_line(text: str) -> None:
    message = Message.parse(text)
    assert message.parts
    for field in message.parts:
        assert text[field.start : field.start + len(field.text)] == field.text
        assert text.count("\n", 0, field.start) + 1 == field.line or field.start == len(text)
        assert field.start == 0 or text[field.start - 1] == "\n" or field.start == len(text)
    lines = text.split("\n")
    for problem in message.problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column < problem.end_column <= max(len(lines[problem.line - 1]), 1) + 1


@settings(deadline=None)
@given(st.sampled_from(CHANNELS), st.data())
def test_what_is_composed_is_read_as_the_same_fields(channel: Channel, data: st.DataObject) -> None:
    plain = st.text(st.characters(exclude_characters="\r")).filter(lambda text: "---" not in text)
    wanted = data.draw(st.dictionaries(st.sampled_from(channel.field_names), plain, min_size=1))
    message = Message.parse(compose(channel, wanted.items()))
    assert {one.name: one.text for one in message.fields} == wanted
    assert message.channel is channel


@pytest.mark.parametrize(
    "piece",
    ["--- subject ---\n", "--- x ---\n", "---", "--- ", "--- a", "- ", "\n", " \n", "---\t", "--- subjec{} ---\n"],
)
def test_no_repetition_makes_it_slow_or_long_winded(piece: str) -> None:
    for head in ("--- email ---\n", ""):

        def text(size: int, head: str = head) -> str:
            return head + "".join(piece.replace("{}", str(at)) for at in range(size // len(piece)))

        message = Message.parse(text(400_000))
        assert message.to_text() == text(400_000)
        assert len(message.problems) <= MAX_PROBLEMS
        texts = {size: text(size) for size in (50_000, 200_000)}
        assert_grows_linearly(lambda size, texts=texts: Message.parse(texts[size]).to_text(), 50_000)


@pytest.mark.parametrize(
    ("channel", "name", "meant"),
    [
        ("email", "Plain-Text", "plain"),
        ("email", "preview text", "preheader"),
        ("content_card", "message", "body"),
        ("content_card", "title", "header"),
        ("ios_push", "deep_link", "link"),
        ("sms", "image_url", "media"),
    ],
)
def test_another_name_for_a_field_is_told_by_its_own(channel: str, name: str, meant: str) -> None:
    message = Message.parse(f"--- {channel} ---\n--- {name} ---\nHi")
    (told,) = [one for one in message.problems if one.rule == "unknown-field"]
    assert told.hint == f"Did you mean --- {meant} ---?"
