"""The JSON tree by keys: opening, walking, finding, and what stays when fresh data comes."""

from __future__ import annotations

from core.jsontree import MISSING
from tests.screens.driver import drawn, until, widget_text
from tests.screens.stage import Stage
from tui.widgets.json_tree import Decoration, JsonTree

WALLET = {
    "status": "ok",
    "payload": {
        "available_points": 100,
        "note": None,
        "empty": "",
        "user_offers": [{"id": f"{n}", "name": f"Offer {n}"} for n in range(30)],
    },
}


async def test_keys_open_walk_in_and_out_and_close():
    tree = JsonTree(WALLET)
    app = Stage(tree)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("down", "right")
        assert "available_points 100" in widget_text(tree)
        await pilot.press("right")
        assert tree.current_path == ("payload", "available_points")
        await pilot.press("left")
        assert tree.current_path == ("payload",)
        await pilot.press("left")
        await pilot.pause()
        assert "available_points" not in widget_text(tree)
        await pilot.press("enter")
        await pilot.pause()
        assert "available_points" in widget_text(tree)
        await pilot.press("space")
        await pilot.pause()
        assert "available_points" not in widget_text(tree)


async def test_enter_on_a_value_chooses_it():
    tree = JsonTree(WALLET)
    app = Stage(tree)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.heard), what="the chosen value")
        assert [event.node.value for event in app.heard] == ["ok"]
        assert tree.current_value == "ok"
        assert tree.path_text(tree.current_node) == "status"


async def test_null_empty_and_counts_look_different():
    tree = JsonTree(WALLET)
    app = Stage(tree)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("down", "right")
        await pilot.pause()
        shown = widget_text(tree)
        assert "note ∅" in shown
        assert 'empty ""' in shown
        assert "user_offers [30]" in shown


async def test_an_object_in_a_list_shows_its_name_until_it_is_opened():
    tree = JsonTree(WALLET["payload"]["user_offers"])  # type: ignore[index]
    app = Stage(tree)
    async with app.run_test(size=(60, 20)) as pilot:
        assert "▸ 1 {2} Offer 1" in widget_text(tree)
        await pilot.press("down", "right")
        await pilot.pause()
        assert "▾ 1 {2}\n" in widget_text(tree)


async def test_find_opens_what_hides_a_match_and_goes_round():
    tree = JsonTree(WALLET)
    app = Stage(tree)
    async with app.run_test(size=(60, 20)) as pilot:
        assert str(tree.find("offer 2")) == "1 of 11"
        assert tree.current_path == ("payload", "user_offers", 2, "name")
        await pilot.press("n")
        assert tree.current_path == ("payload", "user_offers", 20, "name")
        await pilot.press("N", "N")
        assert tree.current_path == ("payload", "user_offers", 29, "name")
        await pilot.pause()
        assert 'name "Offer 29"' in widget_text(tree)
        assert "▌" in widget_text(tree)


async def test_fresh_data_keeps_what_was_open_and_the_place():
    tree = JsonTree(WALLET)
    app = Stage(tree)
    async with app.run_test(size=(60, 20)) as pilot:
        assert tree.show_path(("payload", "user_offers", 1, "name"))
        await pilot.press("down", "right")
        assert tree.current_path == ("payload", "user_offers", 2)
        tree.value = {"new": 1, **WALLET}
        await pilot.pause()
        assert tree.current_path == ("payload", "user_offers", 2)
        assert 'name "Offer 1"' in widget_text(tree)
        assert 'name "Offer 2"' in widget_text(tree)
        assert not tree.show_path(("payload", "nothing"))
        tree.value = {"status": "error"}
        assert tree.current_path == ("status",)
        tree.value = MISSING
        assert tree.current_value is MISSING
        await pilot.press("down", "right", "left", "space", "enter", "asterisk", "n")


async def test_open_all_is_bounded_and_keeps_the_place():
    tree = JsonTree({"a": [[0] * 100 for _ in range(200)], "b": 1})
    app = Stage(tree)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("end")
        assert tree.current_path == ("b",)
        assert not tree.open_all(limit=2_000)
        assert tree.current_path == ("b",)
        await pilot.press("home", "down")
        tree.close_all()
        assert tree.current_path == ("a",)
        await pilot.press("asterisk")
        assert 200 < tree.line_count() <= 5_200


async def test_a_decoration_marks_a_line_and_adds_a_note():
    def decorate(node, ink):  # type: ignore[no-untyped-def]
        return Decoration("danger", "missing, line 9") if node.key == "status" else None

    tree = JsonTree(WALLET, decorate=decorate)
    app = Stage(tree)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert 'status "ok"   missing, line 9' in widget_text(tree)


async def test_deep_and_wide_values_keep_every_line_as_wide_as_the_tree():
    deep: object = {"二杯目" * 40: "半額" * 40}
    for _ in range(200):
        deep = {"k": deep}
    tree = JsonTree(deep)
    app = Stage(tree)
    async with app.run_test(size=(41, 20)) as pilot:
        tree.open_all()
        await pilot.press("end")
        await pilot.pause()
        assert {sum(segment.cell_length for segment in line) for line in drawn(tree)} == {41}
        assert "二杯目" in widget_text(tree)


async def test_showing_another_path_scrolls_it_into_view():
    tree = JsonTree(WALLET)
    app = Stage(tree)
    async with app.run_test(size=(60, 10)) as pilot:
        tree.show_path(("payload", "user_offers", 25, "name"))
        await pilot.pause()
        assert "Offer 25" in widget_text(tree)
