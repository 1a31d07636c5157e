"""The trace as a tree: what was read, what was missing, what was left alone."""

from __future__ import annotations

import json
from dataclasses import replace

from core.fieldtree import count_fields, count_read, field_lines
from core.render import ConnectedCall, Read, RenderData

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


def test_what_a_call_saved_is_shown_in_place_of_the_wallet_at_hand():
    read_of_it = read(9, "wallet", "payload", "user_offers", found=False)
    assert drawn_after(CALL, answered(REFUSAL), read_of_it) == [
        "wallet {2} passed",
        "  status error unread",
        "  payload null passed",
        "    user_offers missing 9",
    ]


def test_a_call_that_failed_leaves_nothing_of_the_wallet_at_hand():
    failed = replace(CALL, status=500)
    read_of_it = read(9, "wallet", "payload", "available_points", found=False)
    lines = drawn_after(failed, RenderData(variables={"wallet": WALLET}), read_of_it)
    assert lines == ["wallet null passed", "  payload passed", "    available_points missing 9"]


def test_an_answer_that_nobody_has_shows_what_was_read_of_it_and_no_more():
    elsewhere = answered(REFUSAL, url="https://other.example/")
    lines = drawn_after(CALL, elsewhere, read(9, "wallet", "payload", "available_points", value=7))
    assert lines == ["wallet passed", "  payload passed", "    available_points 7 read 9"]


def test_a_wallet_that_stands_in_for_a_call_nobody_makes_is_what_was_read():
    unasked = replace(CALL, status=None)
    lines = drawn_after(unasked, DATA, read(9, "wallet", "payload", "available_points", value=100))
    assert lines[0] == "wallet {2} passed"
    assert "    available_points 100 read 9" in lines


def test_what_was_read_of_an_answer_is_counted_as_it_stands_there():
    data = answered({"payload": {"available_points": {"now": 5}}})
    assert count_read([read(9, "wallet", "payload", "available_points", value="1 fields")], data, [CALL]) == 0
