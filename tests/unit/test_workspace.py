"""What is known of a workspace: read once as messages name it, told with the nearest name where it is not there."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from core.borrowed import Borrowed
from core.braze.api import Braze
from core.calls import Call, Effect
from core.errors import CredentialsRefused, InvalidInput, NotFound
from core.liquid.connected import MAX_LACKS
from core.liquid.engine import Dataset, Engine
from core.render import RenderData, Rendered, Want
from core.workspace import MOST_ROUNDS, Workspace
from tests.pipe import over_the_pipe

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BLOCKS = {"footer": "12 Alder Street", "greeting": "Hello {{content_blocks.${footer}}}"}
ITEMS = {"oolong": {"id": "oolong", "title": "Oolong"}, "matcha": {"id": "matcha", "title": "Matcha"}}


class Tenant:
    """Two blocks, one catalog; `asked` is all that was read, `fails` what cannot be."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails: dict[str, Exception] = {}
        self.waits: asyncio.Event | None = None

    async def read(self, call: Call) -> Any:
        assert call.effect is Effect.READ
        name = call.endpoint.removeprefix("braze.")
        self.asked.append(name)
        if self.waits is not None:
            await self.waits.wait()
        if name in self.fails:
            raise self.fails[name]
        if name == "content_blocks.list":
            return {"content_blocks": [{"content_block_id": one, "name": one} for one in BLOCKS]}
        if name == "content_blocks.info":
            return {"content": BLOCKS[dict(call.query)["content_block_id"]]}
        if name == "catalogs.list":
            fields = [{"name": "id", "type": "string"}, {"name": "title", "type": "string"}]
            return {"catalogs": [{"name": "menu", "fields": fields, "num_items": 2, "description": "What we serve"}]}
        if name == "catalogs.items":
            return {"items": [*ITEMS.values()]}
        if call.path[1] == "menu" and call.path[3] in ITEMS:
            return {"items": [ITEMS[call.path[3]]]}
        raise NotFound("nothing", status=404)


def block(name: str) -> Want:
    return Want("content_block", {"name": name}, 1, 1)


def item(catalog: str, item_id: str) -> Want:
    return Want("catalog_item", {"catalog": catalog, "id": item_id}, 1, 1)


def render(template: str, known: Borrowed, **data: Any) -> Rendered:
    dataset = Dataset(RenderData.from_json(known.with_data(RenderData(**data)).to_json()))
    return over_the_pipe(Engine().render(template, dataset, connected="stub", now=NOW))


async def settled(template: str, workspace: Workspace, **data: Any) -> Rendered:
    """Rendered again and again as long as more of it becomes known."""
    while True:
        made = render(template, workspace.known, **data)
        if not await workspace.read(made.lacks, template):
            return made


def told(made: Rendered) -> list[tuple[str, str, str]]:
    return [(one.rule, one.message, one.hint) for one in made.problems]


async def test_what_a_message_names_is_not_called_missing_but_read() -> None:
    workspace = Workspace(Braze(Tenant().read))
    template = "{{content_blocks.${greeting}}}{% catalog_items menu oolong %}{{items[0].title}}"
    first = render(template, workspace.known)
    assert [one.request for one in first.lacks] == [{"name": "greeting"}, {"catalog": "menu", "id": "oolong"}]
    assert told(first) == [
        ("content-block-unread", "The Content Block greeting is not read from Braze yet.", "L reads it."),
        ("catalog-unread", "The item oolong of the catalog menu is not read from Braze yet.", "L reads it."),
    ]
    made = await settled(template, workspace)
    assert (made.output, made.problems, made.lacks) == ("Hello 12 Alder StreetOolong", (), ())


async def test_each_thing_is_asked_for_once_however_often_the_message_is_rendered() -> None:
    tenant = Tenant()
    workspace = Workspace(Braze(tenant.read))
    template = "{{content_blocks.${greeting}}}{{content_blocks.${no}}}{% catalog_items menu oolong nix %}"
    await settled(template, workspace)
    asked = [*tenant.asked]
    assert sorted(asked) == sorted(
        [
            *("content_blocks.list", "content_blocks.info", "content_blocks.info"),
            *("catalogs.item", "catalogs.item", "catalogs.list"),
        ]
    )
    known = workspace.known
    await settled(template, workspace)
    assert (tenant.asked, workspace.known is known) == (asked, True)
    workspace.forget()
    assert workspace.known == Borrowed(reads_braze=True)
    await settled(template, workspace)
    assert len(tenant.asked) == 2 * len(asked)


async def test_what_braze_does_not_have_is_told_with_the_nearest_name() -> None:
    workspace = Workspace(Braze(Tenant().read))
    await workspace.catalog_page("menu")
    template = (
        "{{content_blocks.${footr}}}{% catalog_items menu matche %}{% catalog_items menus x %}{{content_blocks.${q}}}"
    )
    assert told(await settled(template, workspace)) == [
        ("unknown-content-block", "Braze has no Content Block footr.", "Did you mean footer?"),
        ("catalog-item-missing", "The catalog menu has no item matche.", "Did you mean matcha?"),
        ("catalog-item-missing", "Braze has no catalog menus.", "Did you mean menu?"),
        ("unknown-content-block", "Braze has no Content Block q.", "Check the spelling; case counts."),
    ]


async def test_all_that_a_tag_lacks_is_told_at_once() -> None:
    made = await settled("{% catalog_items menu a oolong b %}{{items.size}}", Workspace(Braze(Tenant().read)))
    assert made.output == "1"
    ((rule, message, _),) = told(made)
    assert rule == "catalog-item-missing"
    assert message == "The catalog menu has no item a. The catalog menu has no item b."


async def test_a_key_without_the_permission_is_told_and_not_tried_at_every_keystroke() -> None:
    tenant = Tenant()
    tenant.fails["content_blocks.list"] = CredentialsRefused("The key lacks content_blocks.list.", "Make a new one.")
    workspace = Workspace(Braze(tenant.read))
    for end in "abc":
        made = await settled("{{content_blocks.${footer}}}" + end, workspace)
        assert told(made) == [("content-block-unread", "The key lacks content_blocks.list.", "Make a new one.")]
    assert tenant.asked == ["content_blocks.list"]
    tenant.fails.clear()
    assert (await workspace.answer(block("footer")))["outcome"] == "found"  # L asks all the same
    assert workspace.known.sources == ()
    assert (await settled("{{content_blocks.${footer}}}", workspace)).output == "12 Alder Street"


async def test_a_catalog_that_cannot_be_listed_still_has_no_such_item() -> None:
    tenant = Tenant()
    tenant.fails["catalogs.list"] = CredentialsRefused("no", "no")
    answer = await Workspace(Braze(tenant.read)).answer(item("menu", "nix"))
    assert (answer["outcome"], answer["message"]) == ("not_found", "Braze has no item nix in a catalog menu.")


async def test_ids_that_are_new_at_every_render_end_after_a_few_rounds() -> None:
    tenant = Tenant()
    workspace = Workspace(Braze(tenant.read))
    for number in range(20):
        await workspace.read([item("menu", f"r{number}")], "text")
    assert tenant.asked.count("catalogs.item") == MOST_ROUNDS
    assert await workspace.read([item("menu", "oolong")], "another text")


async def test_what_arrives_after_forgetting_is_not_taken_for_new() -> None:
    tenant = Tenant()
    workspace = Workspace(Braze(tenant.read))
    tenant.waits = asyncio.Event()
    reading = asyncio.create_task(workspace.read([block("footer"), item("menu", "oolong")]))
    await asyncio.sleep(0)
    workspace.forget()
    tenant.waits.set()
    assert await reading is False
    assert "footer" not in workspace.known.content_blocks


def test_what_the_data_holds_itself_is_not_asked_for() -> None:
    known = Borrowed({"B": "theirs"}, reads_braze=True)
    data: dict[str, Any] = {"content_blocks": {"B": "mine"}, "catalogs": {"menu": {"a": {"t": "A"}}}}
    made = render("{{content_blocks.${B}}}{% catalog_items menu a %}{{items[0].t}}", known, **data)
    assert (made.output, made.lacks) == ("mineA", ())


def test_without_a_workspace_the_data_is_all_there_is() -> None:
    catalogs = {"games": {"g1": {"t": "Go"}}}
    template = "{{content_blocks.${footr}}}{% catalog_items games g2 %}{% catalog_items books b %}"
    assert told(render(template, Borrowed(), catalogs=catalogs, content_blocks={"footer": "f"})) == [
        (
            "unknown-content-block",
            "The data has no Content Block footr.",
            'Did you mean footer? Give its text: {"content_blocks": {"footr": "..."}}.',
        ),
        ("catalog-item-missing", "The catalog games has no item g2.", "Check its id, or give the item in the data."),
        ("no-catalog-data", "The data has no catalog books.", "items is empty in this preview."),
    ]


def test_a_message_that_lacks_hundreds_of_things_asks_for_some_of_them() -> None:
    made = render("{% for i in (1..300) %}{% catalog_items menu {{i}} %}{% endfor %}", Borrowed(reads_braze=True))
    assert len(made.lacks) == MAX_LACKS


async def test_a_credential_is_never_opened_as_a_text() -> None:
    tenant = Tenant()
    workspace = Workspace(Braze(tenant.read))
    with pytest.raises(InvalidInput, match="credential"):
        await workspace.block_to_open("connect_authorization")
    assert tenant.asked == []
    assert await workspace.block_to_open("footer") == "12 Alder Street"
    with pytest.raises(NotFound, match="gone"):
        await workspace.block_to_open("gone")


async def test_an_item_looked_at_in_a_catalog_is_not_read_again() -> None:
    tenant = Tenant()
    workspace = Workspace(Braze(tenant.read))
    (menu,) = await workspace.catalogs()
    assert (menu.name, menu.size, menu.columns) == ("menu", 2, (("id", "string"), ("title", "string")))
    assert [one.id for one in await workspace.catalog_page("menu")] == ["oolong", "matcha"]
    assert (await settled("{% catalog_items menu matcha %}{{items[0].title}}", workspace)).output == "Matcha"
    await workspace.catalogs()
    await workspace.catalog_page("menu")
    assert tenant.asked == ["catalogs.list", "catalogs.items"]
    assert [one.name for one in await workspace.listed_blocks()] == [*BLOCKS]
