"""The trace as a tree: what was read, what was missing, what was left alone."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from core.channels.document import Message
from core.channels.rendering import render_message
from core.fieldtree import FieldState, count_fields, count_read, field_lines
from core.liquid.engine import Dataset, Engine
from core.render import NOT_MADE, Connected, ConnectedCall, Read, RenderData, Rendered
from tests.pipe import over_the_pipe

ENGINE = Engine()
NOW = datetime(2026, 11, 22, tzinfo=UTC)

WALLET = {
    "status": "ok",
    "payload": {
        "available_points": 100,
        "total_points": 1000,
        "user_offers": [{"name": "Free espresso", "id": "a"}, {"name": "20 % off", "id": "b"}, {"name": "Cake"}],
    },
}
DATA = RenderData(attributes={"first_name": "Ana"}, variables={"wallet": WALLET})


def read(line: int, *path: str | int, found: bool = True, value: object = None) -> Read:
    return Read("x", line, 1, path, found, value)


def drawn(*reads: Read, data: RenderData = DATA) -> list[str]:
    return [
        "  " * line.depth + " ".join(filter(None, (line.label, line.value, line.state, *map(str, line.lines))))
        for line in field_lines(reads, data)
    ]


def test_fields_stand_under_their_containers_with_value_and_lines():
    assert drawn(
        read(7, "wallet", "payload", "available_points"),
        read(8, "wallet", "payload", "user_offers"),
        read(9, "wallet", "payload", "user_offers", 1, "name"),
        read(9, "wallet", "payload", "user_offers", 1, "expires", found=False),
        read(7, "wallet", "payload", "available_points"),
        read(3, "wallet", "payload", "available_points"),
        read(1, "attributes", "first_name"),
    ) == [
        "wallet {2} passed",
        "  status ok unread",
        "  payload {3} passed",
        "    available_points 100 read 3 7",
        "    total_points 1000 unread",
        "    user_offers [3] read 8",
        "      1 {2} passed",
        "        name 20 % off read 9",
        "        expires missing 9",
        "      2 more not read more",
        "${first_name} Ana read 1",
    ]


def test_an_item_of_which_one_field_was_read_takes_one_line():
    lines = drawn(
        read(9, "wallet", "payload", "user_offers", 0, "name"),
        read(9, "wallet", "payload", "user_offers", 2, "expires", found=False),
    )
    assert lines[lines.index("    user_offers [3] passed") + 1 :] == [
        "      0 name Free espresso read 9",
        "      2 expires missing 9",
        "      1 more not read more",
    ]


def test_branches_know_whether_they_go_on():
    first = ("wallet", "payload", "user_offers", 0)
    lines = field_lines([read(1, *first, "name"), read(1, *first, "id"), read(1, "wallet", "status")], DATA)
    by_path = {line.path: line for line in lines}
    assert by_path["wallet", "status"].is_last is False
    assert by_path["wallet", "payload"].is_last is True
    assert by_path[*first, "name"].open_above == (False, False, True)


def test_a_field_that_is_null_is_found_and_not_missing():
    data = RenderData(variables={"a": {"b": None}})
    assert drawn(read(1, "a", "b"), data=data)[1] == "  b null read 1"


def test_values_of_an_answer_that_is_not_in_the_data_come_from_the_reads():
    assert drawn(read(2, "reply", "points", value=7), data=RenderData()) == ["reply passed", "  points 7 read 2"]


def test_what_tags_read_of_the_data_stands_among_the_fields_and_counts_as_one():
    data = RenderData(promotions={"spring": ["S-1", "S-2"]}, translations={"de": {"hi": "Hallo"}})
    reads = (read(1, "promotions", "spring", 0), read(2, "translations", "de", "hi"))
    assert drawn(*reads, data=data) == [
        "promotions {1} passed",
        "  spring [2] passed",
        "    0 S-1 read 1",
        "    1 more not read more",
        "translations {1} passed",
        "  de {1} passed",
        "    hi Hallo read 2",
    ]
    assert (count_fields(data), count_read(reads, data)) == (3, 2)


def test_long_containers_say_how_much_is_not_listed():
    data = RenderData(variables={"wide": {f"k{index}": index for index in range(60)}, "long": list(range(90))})
    wide = drawn(read(1, "wide", "k3"), data=data)
    assert wide[-1] == "  47 more not read more"
    long = drawn(*(read(1, "long", index) for index in range(70)), data=data)
    assert long[-2:] == ["  30 more read more", "  20 more not read more"]
    assert len(long) == 1 + 40 + 2


def test_hostile_keys_and_values_are_cleaned():
    data = RenderData(variables={"a\x1b[2J": {"\u202eb": "\x1b]52;c;x\x07"}})
    text = "".join(drawn(read(1, "a\x1b[2J", "\u202eb"), data=data))
    assert text.isprintable()


def test_counting_tells_fields_from_containers_and_counts_each_once():
    assert count_fields(DATA) == 1 + 1 + 2 + 5
    reads = [
        read(1, "wallet", "payload", "user_offers"),
        read(1, "wallet", "payload", "available_points"),
        read(2, "wallet", "payload", "available_points"),
        read(2, "attributes", "first_name"),
        read(2, "attributes", "last_name", found=False),
    ]
    assert count_read(reads, DATA) == 2


CALL = ConnectedCall("POST", "https://c.example/wallet", 401, "wallet", 12)
REFUSAL = {"status": "error", "payload": None}


def answered(body: object, *, url: str = CALL.url) -> RenderData:
    """A wallet at hand, and the recorded answer of the call that replaces it."""
    recorded = {"method": "POST", "url": url, "status": 401, "body": json.dumps(body)}
    return RenderData(variables={"wallet": WALLET}, connected_content=(recorded,))


def drawn_after(call: ConnectedCall, data: RenderData, *reads: Read) -> list[str]:
    return [
        "  " * line.depth + " ".join(filter(None, (line.label, line.value, line.state, *map(str, line.lines))))
        for line in field_lines(reads, data, [call])
    ]


def of_call(made: Read, call: int = 0) -> Read:
    return made._replace(call=call)


def test_what_a_call_saved_is_shown_in_place_of_the_wallet_at_hand():
    read_of_it = of_call(read(9, "wallet", "payload", "user_offers", found=False))
    assert drawn_after(CALL, answered(REFUSAL), read_of_it) == [
        "wallet {2} passed",
        "  status error unread",
        "  payload null passed",
        "    user_offers missing 9",
    ]


def test_a_call_that_failed_leaves_nothing_of_the_wallet_at_hand():
    failed = replace(CALL, status=500)
    read_of_it = of_call(read(9, "wallet", "payload", "available_points", found=False), NOT_MADE)
    lines = drawn_after(failed, RenderData(variables={"wallet": WALLET}), read_of_it)
    assert lines == ["wallet null passed", "  payload passed", "    available_points missing 9"]


def test_an_answer_that_nobody_has_shows_what_was_read_of_it_and_no_more():
    elsewhere = answered(REFUSAL, url="https://other.example/")
    lines = drawn_after(CALL, elsewhere, of_call(read(9, "wallet", "payload", "available_points", value=7)))
    assert lines == ["wallet passed", "  payload passed", "    available_points 7 read 9"]


def test_a_wallet_that_stands_in_for_a_call_nobody_makes_is_what_was_read():
    unasked = replace(CALL, status=None)
    lines = drawn_after(unasked, DATA, read(9, "wallet", "payload", "available_points", value=100))
    assert lines[0] == "wallet {2} passed"
    assert "    available_points 100 read 9" in lines


def test_what_was_read_of_an_answer_is_counted_as_it_stands_there():
    data = answered({"payload": {"available_points": {"now": 5}}})
    assert count_read([of_call(read(9, "wallet", "payload", "available_points", value="1 fields"))], data, [CALL]) == 0


# -- rendered: what stood under a name where it was read

URL, OTHER = "https://c.example/wallet", "https://c.example/other"
POINTS = "{{ wallet.payload.available_points }}"


def call(url: str = URL, name: str = "wallet") -> str:
    return f"{{% connected_content {url} :save {name} %}}"


def recorded(*answers: tuple[str, object], **more: Any) -> RenderData:
    return RenderData(
        connected_content=tuple({"url": url, "status": 200, "body": json.dumps(body)} for url, body in answers), **more
    )


def points(count: int) -> dict[str, Any]:
    return {"payload": {"available_points": count}}


async def reads_of(template: str, data: RenderData) -> list[str]:
    """The scalars that were met, as the trace shows them: root, field, value or state, lines."""

    async def render(text: str, data: RenderData, *, connected: Connected, name: str, now: datetime | None) -> Rendered:
        made = ENGINE.render(text, Dataset(data), connected=connected, now=NOW)
        return over_the_pipe(made)

    whole = (await render_message(render, Message.parse(template), data, connected="stub")).whole()
    shown, root = [], ""
    for line in field_lines(whole.reads, data, whole.calls):
        root = f"{line.label} {line.value}" if line.depth == 0 else root
        value = "missing" if line.state is FieldState.MISSING else line.value
        if line.lines:
            shown.append(" ".join((root, line.label, value, *map(str, line.lines))))
    return shown


async def test_what_another_field_saves_is_missing_where_it_is_not_made():
    text = f"--- email ---\n--- subject ---\n{POINTS}\n--- html ---\n{call()}<p>{POINTS}</p>\n"
    expected = ["wallet null available_points missing 3", "wallet {2} of call 1 available_points 5 5"]
    assert await reads_of(text, recorded((URL, points(5)))) == expected
    at_hand = recorded((URL, points(5)), variables={"wallet": points(5)}, stand_ins=("wallet",))
    assert await reads_of(text, at_hand) == expected


async def test_fields_that_save_the_same_answer_are_one_tree():
    html = f"{call()}<p>{POINTS}</p>"
    text = f"--- email ---\n--- subject ---\nHi\n--- html ---\n{html}\n--- plain ---\n{html}\n"
    assert await reads_of(text, recorded((URL, points(5)))) == ["wallet {2} available_points 5 5 7"]


async def test_fields_that_save_other_answers_under_one_name_are_trees_of_their_own():
    text = f"--- email ---\n--- subject ---\n{call()}{POINTS}\n--- html ---\n{call(OTHER)}<p>{POINTS}</p>\n"
    assert await reads_of(text, recorded((URL, points(5)), (OTHER, points(7)))) == [
        "wallet {2} of call 1 available_points 5 3",
        "wallet {2} of call 2 available_points 7 5",
    ]


async def test_a_variable_saved_twice_is_nothing_then_the_first_answer_then_the_second():
    text = f"{POINTS}\n{call()}{POINTS}\n{call(OTHER)}{POINTS}"
    assert await reads_of(text, recorded((URL, points(5)), (OTHER, points(7)))) == [
        "wallet null available_points missing 1",
        "wallet {2} of call 1 available_points 5 2",
        "wallet {2} of call 2 available_points 7 3",
    ]


async def test_one_expression_in_a_loop_reads_each_answer_that_was_saved():
    urls = f"{{% assign urls = '{URL},{OTHER}' | split: ',' %}}"
    text = f"{urls}{{% for url in urls %}}{call('{{url}}')}{POINTS}{{% endfor %}}"
    assert await reads_of(text, recorded((URL, points(5)), (OTHER, points(7)))) == [
        "wallet {2} of call 1 available_points 5 1",
        "wallet {2} of call 2 available_points 7 1",
    ]


async def test_a_part_assigned_to_another_name_stays_of_the_answer_it_was_taken_from():
    text = f"{call()}{{% assign kept = wallet.payload %}}{call(OTHER)}\n{{{{ kept.available_points }}}}\n{POINTS}"
    assert await reads_of(text, recorded((URL, points(5)), (OTHER, points(7)))) == [
        "wallet {2} of call 1 payload {1} 1",
        "wallet {2} of call 1 available_points 5 2",
        "wallet {2} of call 2 available_points 7 3",
    ]


async def test_one_answer_saved_under_two_names_is_read_under_the_one_that_is_written():
    text = f"{call(name='a')}{call(name='b')}{{{{ a.payload.available_points }}}}"
    assert await reads_of(text, recorded((URL, points(5)))) == ["a {2} available_points 5 1"]


async def test_a_wallet_at_hand_that_is_read_before_it_is_called_for_is_said_not_to_be_in_braze():
    data = recorded((URL, points(5)), variables={"wallet": points(1)}, stand_ins=("wallet",))
    assert await reads_of(f"{POINTS}\n{call()}{POINTS}", data) == [
        "wallet {1} at hand here, not in Braze available_points 1 1",
        "wallet {2} of call 1 available_points 5 2",
    ]
