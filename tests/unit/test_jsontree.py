"""The lines of a JSON value: what opens, what is found, what a path is called."""

from __future__ import annotations

import json
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clean import safe
from core.jsontree import MISSING, Node, Tree, jq_text, path_text, value_at
from tests.growth import cpu_s

WALLET = {
    "status": "ok",
    "payload": {
        "available_points": 100,
        "note": None,
        "user_offers": [{"id": "1a2b", "name": "Free espresso"}, {"id": "3c4d", "name": "二杯目"}],
        "a b": {"x.y": [True]},
    },
}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=25,
)


def seen(tree: Tree) -> list[str]:
    return [path_text(node.path) for node in tree.lines]


def test_a_tree_opens_on_its_first_level_and_one_line_at_a_time():
    tree = Tree(WALLET)
    assert seen(tree) == ["status", "payload"]
    assert tree.open(1) == 4
    assert seen(tree)[2:] == ["payload.available_points", "payload.note", "payload.user_offers", 'payload["a b"]']
    assert tree.open(0) == 0
    tree.open(4)
    assert tree.close(1) == 6
    assert seen(tree) == ["status", "payload"]
    assert tree.open(1) == 6


def test_null_empty_and_missing_values_look_different():
    shown = [Node(None, "k", value, 0).text for value in (None, "", [], {}, MISSING, 0, False, [1] * 12, {"a": 1})]
    assert shown == ["null", '""', "[]", "{}", "missing", "0", "false", "[12]", "{1}"]
    assert len(set(shown)) == len(shown)


def test_text_from_outside_is_clean_in_labels_values_summaries_and_paths():
    node = Node(None, "k\x1b]0;x\x07", "a\x1b[31m\u202eb\nc", 0)
    assert node.label == "k\\x1b]0;x\\x07"
    assert node.text == '"a\\x1b[31m\\u202eb\\x0ac"'
    assert Node(None, 3, {"name": "\x9b31m"}, 0).summary == "\\x9b31m"
    assert path_text(("\u202e", "ok")) == '["\\u202e"].ok'


@given(values)
@settings(max_examples=200, deadline=None)
def test_nothing_a_terminal_would_obey_is_ever_shown(value: object):
    for node in Tree(value).ordered():
        for shown in (node.label, node.text, node.summary, path_text(node.path)):
            assert safe(shown) == shown


@given(values)
@settings(max_examples=200, deadline=None)
def test_the_path_of_every_node_leads_back_to_its_value(value: object):
    tree = Tree(value)
    assert tree.open_all()
    assert tree.lines == tree.ordered()
    for node in tree.lines:
        assert value_at(value, node.path) is node.value
        assert tree.at(node.path) is node


@given(values, st.text(min_size=1, max_size=2))
@settings(max_examples=200, deadline=None)
def test_find_meets_what_is_closed_and_reveals_it(value: object, needle: str):
    tree = Tree(value)
    hits = tree.find(needle)
    expected = Tree(value)
    expected.open_all()
    assert hits == [at for at, node in enumerate(expected.lines) if node.holds(needle.lower())]
    for hit in hits:
        node = tree.ordered()[hit]
        at = tree.reveal(node)
        assert tree.lines[at] is node


def test_find_looks_into_keys_strings_and_numbers_and_turns_round():
    tree = Tree(WALLET)
    assert [tree.ordered()[hit].label for hit in tree.find("ESPRESSO")] == ["name"]
    assert [tree.ordered()[hit].label for hit in tree.find("available")] == ["available_points"]
    assert [tree.ordered()[hit].label for hit in tree.find("100")] == ["available_points"]
    assert len(tree.find("name", inverted=True)) + 2 == sum(1 for node in tree.ordered() if not node.size)


def test_paths_read_as_liquid_and_jq_write_them():
    assert path_text(("payload", "user_offers", 0, "name")) == "payload.user_offers[0].name"
    assert path_text((0, "a")) == "[0].a"
    assert jq_text(("payload", "a b", "x.y", 0)) == '.payload["a b"]["x.y"][0]'
    assert jq_text(()) == "."
    assert jq_text((0,)) == ".[0]"
    assert value_at(WALLET, ("payload", "user_offers", 9)) is MISSING
    assert value_at(WALLET, ("status", "x")) is MISSING


@pytest.mark.slow
def test_jq_reads_the_same_value_at_every_path():
    for node in Tree(WALLET).ordered():
        told = subprocess.run(
            ["jq", "-c", jq_text(node.path)], input=json.dumps(WALLET), capture_output=True, text=True
        )
        assert json.loads(told.stdout) == node.value


def test_opening_everything_stops_at_its_limit_and_says_so():
    tree = Tree([[0] * 100 for _ in range(100)])
    assert not tree.open_all(limit=1_000)
    assert len(tree.lines) <= 1_000
    assert tree.open_all(limit=20_000)
    assert len(tree.lines) == 10_100
    tree.close_all()
    assert len(tree.lines) == 100


def test_what_was_open_opens_again_in_fresh_data():
    tree = Tree(WALLET)
    tree.open(1)
    tree.open(4)
    fresh = Tree({"status": "ok", "new": 1, "payload": {**WALLET["payload"], "more": 1}})  # type: ignore[dict-item]
    fresh.reopen([*tree.opened_paths(), ("gone",)])
    assert "payload.user_offers[1]" in seen(fresh)


def test_a_value_nested_ten_thousand_deep_opens_all_the_way():
    value: object = "bottom"
    for _ in range(10_000):
        value = [value]
    tree = Tree(value)
    (hit,) = tree.find("bottom")
    assert tree.reveal(tree.ordered()[hit]) == 9_999
    assert len(path_text(tree.lines[-1].path)) == 30_000


def test_a_scalar_or_an_empty_value_is_one_line():
    for value, text in ((None, "null"), ([], "[]"), ("x", '"x"'), (7, "7")):
        tree = Tree(value)
        assert [node.text for node in tree.lines] == [text]
        assert tree.open(0) == tree.close(0) == 0


def test_a_number_too_long_to_write_is_told_by_its_size():
    assert Node(None, "k", 1 << 20_000, 0).text == "a number of 20001 bits"


def test_what_is_not_opened_costs_nothing():
    def opened(wallet: object) -> Tree:
        tree = Tree(wallet)
        tree.open(0)
        tree.open(1)
        return tree

    small, large = (
        {"payload": {"user_offers": [{f"k{n}": n for n in range(keys)} for _ in range(1_000)]}} for keys in (5, 200)
    )
    assert len(opened(large).lines) == 1_002
    assert cpu_s(lambda: opened(large)) < 5 * (cpu_s(lambda: opened(small)) + 0.004)
