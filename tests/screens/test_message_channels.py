"""A message of several fields, as its channel shows it; and what can be tried with it."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.adapters.texts import read_text
from core.desk import Desk
from core.errors import InvalidInput
from tests.screens.cockpit import Cockpit, cockpit, id_of
from tests.screens.test_message import message, seen, to_the_message, write
from tui.dialogs.matrix import MatrixDialog
from tui.dialogs.what_if import WhatIfDialog
from tui.screens.message import MessageScreen
from tui.widgets.template_editor import TemplateEditor
from tui.widgets.trace_pane import TraceTree

EMAIL = """\
--- email ---
--- subject ---
{{${first_name}}}, {{wallet.payload.available_points}} points
--- html ---
<h1>Hi {{${first_name}}}</h1>
"""
SMS = "--- sms ---\nHi {{${first_name}}}, {{wallet.payload.user_offers[0].name}}"
FIELDS = {
    "push": ("--- ios_push ---\n--- title ---\nFor {{${first_name}}}\n--- body ---\nCoffee", ("For Ana", "your app")),
    "webhook": ('--- webhook ---\n--- url ---\nhttps://x.example/a\n--- body ---\n{"id": 1}', ("POST", '"id": 1')),
    "card": ("--- content_card ---\n--- header ---\nFree\n--- body ---\nCoffee for {{${first_name}}}", ("Free",)),
    "in-app": ("--- in_app_message ---\n--- header ---\nFree\n--- buttons ---\nUse it\nLater", ("[ Use it ]",)),
}


async def test_an_email_is_a_mail_with_its_fields_rendered_each_on_its_own():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, EMAIL)
        await running.until(lambda: "Ana, 1240 points" in message(running), "the subject")
        shown = message(running)
        assert "Subject" in shown
        assert "Hi Ana" in shown
        assert "---" not in shown
        assert "<h1>" not in shown
        await running.shows("email · 0.0 of 400 kB")


async def test_an_sms_is_bubbles_with_its_segments():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, SMS)
        await running.until(lambda: "Hi Ana, Free coffee" in message(running), "the text")
        await running.shows("1 segment", "GSM-7")


@pytest.mark.parametrize("channel", FIELDS)
async def test_every_channel_looks_like_what_it_is(channel: str):
    text, words = FIELDS[channel]
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, text)
        await running.until(lambda: all(word in message(running) for word in words), f"{words} in the message")


async def test_an_abort_in_the_subject_stops_the_mail():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, EMAIL.replace("{{${first_name}}},", "{% abort_message('no points') %}"))
        await running.until(lambda: "The template aborts: no points" in message(running), "the abort")
        assert "Hi Ana" not in message(running)


async def test_a_problem_in_a_field_has_the_line_of_the_document():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, EMAIL.replace("available_points", "available_pints"))
        await running.shows("3:", "There is no available_pints")
        await running.press("escape", "n")
        editor = running.app.screen.query_one(TemplateEditor)
        await running.until(lambda: editor.place[0] == 3, "the cursor on the subject's line")


async def test_a_channel_is_chosen_by_key_and_every_text_stays():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "Hi {{${first_name}}}")
        await running.press("escape", "C", "s")
        editor = running.app.screen.query_one(TemplateEditor)
        await running.until(lambda: editor.text.startswith("--- sms ---"), "the document")
        await running.until(lambda: "1 segment" in message(running), "the bubble")
        await running.press("ctrl+z")
        await running.until(lambda: editor.text == "Hi {{${first_name}}}", "the text of before")


async def test_an_email_becomes_a_text_of_its_words_and_undo_brings_back_what_was_put_aside():
    html = "--- html ---\n<h1>Hi {{${first_name}}}</h1>"
    email = f"--- email ---\n--- from ---\nA <a@x.example>\n--- subject ---\nS\n{html}"
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, email)
        await running.until(lambda: "Hi Ana" in message(running), "the mail")
        await running.press("escape", "C", "s")
        editor = running.app.screen.query_one(TemplateEditor)
        await running.until(lambda: editor.text == "--- sms ---\n--- body ---\nHi {{${first_name}}}\n", "the text")
        await running.shows("Put aside: sender, subject, markup.", "1 segment")
        await running.press("ctrl+z")
        await running.until(lambda: editor.text == email, "the mail of before")


async def test_what_if_and_the_matrix_open_on_the_message():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "{% if wallet.payload.total_records == 0 %}{% abort_message('none') %}{% endif %}Hi")
        await running.press("escape", "w")
        await running.until(lambda: isinstance(running.app.screen, WhatIfDialog), "what if")
        await running.shows("empty wallet", "aborted", "none")
        await running.press("escape", "M")
        await running.until(lambda: isinstance(running.app.screen, MatrixDialog), "the matrix")
        await running.shows("Ana Prado", "rendered")
        await running.press("escape")
        await running.until(lambda: isinstance(running.app.screen, MessageScreen), "the room")


@pytest.mark.parametrize("key", ["o", "O"])
async def test_the_browser_gets_the_true_html_from_a_page_that_is_gone_at_the_end(key: str, tmp_path: Path):
    program = tmp_path / "browser"
    program.write_text(f"#!{sys.executable}\nimport sys\nopen({str(tmp_path / 'told')!r}, 'w').write(sys.argv[1])\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    async with cockpit(environ={"BROWSER": str(program)}) as running:
        await to_the_message(running)
        await write(running.pilot, EMAIL)
        await running.until(lambda: "Hi Ana" in message(running), "the mail")
        await running.press("escape")
        await running.shows("o browser", "F9 open")
        await running.press(key)
        await running.until((tmp_path / "told").exists, "the browser")
        page = Path((tmp_path / "told").read_text().removeprefix("file://"))
        assert "<h1>Hi Ana</h1>" in read_text(str(page))
    with pytest.raises(InvalidInput):
        read_text(str(page))


async def test_a_message_without_html_says_that_there_is_nothing_for_the_browser():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, SMS)
        await running.until(lambda: "Hi Ana" in message(running), "the text")
        await running.press("escape")
        await running.shows("o open")
        assert "o browser" not in running.text
        await running.press("O")
        await running.shows(InvalidInput("This message has no HTML.", "").message)
        await running.press("escape", "o")
        await running.shows("Open a template")


async def test_help_says_which_key_opens_the_html_in_the_browser():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, EMAIL)
        await running.until(lambda: "Hi Ana" in message(running), "the mail")
        await running.press("escape", "f1")
        await running.until(lambda: "The true HTML in your browser" in running.text, "the key in the help")


async def test_the_cursor_on_an_expression_lights_what_it_read_and_a_raw_line_names_its_source():
    async with cockpit(size=(140, 40)) as running:
        await to_the_message(running)
        await write(running.pilot, "{{${first_name}}}\n{{wallet.payload.available_points}}")
        await running.until(lambda: "1240" in message(running), "the render")
        tree = running.app.screen.query_one("#tracing").query_one(TraceTree)
        await running.until(
            lambda: {read.path for read in tree.lit} == {("wallet", "payload", "available_points")}, "the field lit"
        )
        await running.press("up")
        await running.until(
            lambda: {read.path for read in tree.lit} == {("attributes", "first_name")}, "the other field"
        )
        await running.press("escape", "right_square_bracket")
        await running.until(lambda: "printed by line 1" in message(running), "the source")
        await running.press("down")
        await running.until(lambda: "wallet.payload.available_points" in message(running), "the other source")
        editor = running.app.screen.query_one(TemplateEditor)
        assert editor.shown_rows == {1}
        assert "first_name" in seen(running, editor)


SAYING = """\
{% promotion('spring') %}
{% translation hi %}Hi{% endtranslation %}
{% connected_content https://x.test/t %}
{{ 1 | divided_by: 0 }}
{% cycle 'a' %}{{${first_name}}}"""
SAID = (
    ("printed by line 1", "a code of the promotion list spring"),
    ("printed by line 2", "the translation hi (de)"),
    ("printed by line 3", "the answer to GET https://x.test/t"),
    ("printed by line 4", "an error"),
    ("printed by line 5", "cycle, 1 more"),
)


async def test_a_raw_line_names_the_tag_that_said_it_and_the_cursor_on_the_tag_lights_what_it_read():
    async with cockpit(size=(160, 40)) as running:
        await to_the_message(running)
        await write(running.pilot, SAYING)
        given: dict[str, Any] = {
            "promotions": {"spring": ["SAVE-1"]},
            "translations": {"de": {"hi": "Hallo"}},
            "locale": "de",
        }
        given["connected_content"] = [{"url": "https://x.test/t", "body": "not json"}]
        await running.press("escape", "d")
        await running.shows("Data of your own")
        await write(running.pilot, json.dumps(given))
        await running.pilot.press("ctrl+s")
        await running.until(lambda: "SAVE-1" in message(running), "the code")
        await running.press("right_square_bracket")
        for number, words in enumerate(SAID):
            await running.until(lambda words=words: all(one in message(running) for one in words), words[1])
            assert running.app.screen.query_one(TemplateEditor).shown_rows == {number}
            await running.press("down")
        tree = running.app.screen.query_one("#tracing").query_one(TraceTree)
        await running.press("enter", "ctrl+home")
        await running.until(lambda: {read.path for read in tree.lit} == {("promotions", "spring", 0)}, "the code lit")
        await running.press("down")
        await running.until(
            lambda: {read.path for read in tree.lit} == {("translations", "de", "hi")}, "the translation lit"
        )
        await running.shows("SAVE-1", "Hallo")


async def test_connected_content_is_called_live_by_key_once_and_its_answer_is_kept():
    async with cockpit() as running:
        await to_the_message(running)
        await running.press("f9")
        await running.shows("live-wallet.liquid")
        await running.press("text:live-wallet", "enter")
        await running.until(lambda: "Free coffee" in message(running), "the wallet as it was recorded")
        before = len(running.sandbox.requests)
        await running.press("escape", "L")
        await running.shows("Called live", "200 in")
        called = [request.path for request in running.sandbox.requests[before:]]
        assert called == ["/offers/api/2.0/offers/get_user_offers"]
        await running.press("left_square_bracket", "left_square_bracket")
        await running.until(lambda: "Free coffee" in message(running), "the message")
        assert len(running.sandbox.requests) == before + 1


async def test_a_post_to_anywhere_else_asks_first_and_enter_does_not_make_it():
    async with cockpit() as running:
        await to_the_message(running)
        url = running.app.desk.profile.connect_url + "/offers/api/2.0/offers/redeem_offer"
        await write(running.pilot, "{% connected_content " + url + " :method post :body a=1 :save x %}{{x}}")
        await running.until(lambda: running.app.screen.view is not None, "the render")
        before = len(running.sandbox.requests)
        await running.press("escape", "L")
        await running.shows("Make this call?", "redeem_offer")
        await running.press("enter")
        await running.shows("not called")
        assert len(running.sandbox.requests) == before


CALLS = "{% connected_content @/x :save x %}" * 3 + "{{x}}done"


async def calling(running: Cockpit, template: str = CALLS) -> int:
    """A live render under way that takes some six seconds; the requests there were before."""
    await to_the_message(running)
    await write(running.pilot, template.replace("@", running.app.desk.profile.connect_url))
    await running.until(lambda: running.app.screen.view is not None, "the render")
    before = len(running.sandbox.requests)
    running.sandbox.inject("latency=20000", service="connect", path="/x")
    await running.press("escape", "L")
    await running.until(lambda: len(running.sandbox.requests) == before + 1, "the first call")
    return before


async def test_escape_stops_live_calls_and_a_second_press_makes_none_of_its_own():
    async with cockpit() as running:
        before = await calling(running)
        screen = running.app.screen
        await running.press("L")
        await running.shows("Calls are being made already")
        assert screen.is_calling and sum(worker.group == "live" for worker in running.app.workers) == 1
        await running.press("escape")
        await running.until(lambda: not screen.is_calling, "the end of the calls")
        await running.shows("Stopped.")
        assert running.app.screen is screen and screen.kept.records == ()
        running.sandbox.clear_faults()
        await running.press("L")
        await running.shows("Called live")
        assert len(running.sandbox.requests) == before + 1 + 3


async def test_another_customer_stops_the_calls_made_for_the_one_before():
    async with cockpit() as running:
        before = await calling(running)
        screen = running.app.screen
        running.app.look_up(id_of("ben"))
        await running.until(lambda: not screen.is_calling, "the end of the calls")
        await running.read()
        assert screen.kept.records == ()
        asked = [request.path for request in running.sandbox.requests[before:]]
        assert sum(path.endswith("/x") for path in asked) == 1


async def test_while_another_tenant_opens_nobody_of_the_one_before_is_called_for_there():
    async with cockpit() as running:
        await to_the_message(running)
        app, screen = running.app, running.app.screen
        await write(running.pilot, "{% connected_content {{endpoint_core}}/x?id={{${user_id}}} :save x %}{{x}}done")
        await running.until(lambda: screen.view is not None and screen.view.rendered.calls, "the render")
        before, closing, left, opening = len(running.sandbox.requests), asyncio.Event(), app.desk, running.deck.open

        async def open_other(name: str) -> Desk:
            desk = await opening("demo")
            desk.profile = replace(desk.profile, name="other")
            return desk

        async def close_late() -> None:
            await closing.wait()
            await Desk.aclose(left)

        left.aclose, running.deck.open = close_late, open_other  # type: ignore[method-assign]
        try:
            app.open_profile("other")
            await running.until(lambda: app.desk is not left, "the other tenant's desk")
            assert app.subject.name == "Ana Prado", "the control: the old desk is still being closed"
            data, _ = await screen.gather()
            assert not data.attributes and "wallet" not in data.variables and not data.connected_content
            await running.press("escape", "L")
            await running.until(lambda: len(running.sandbox.requests) > before, "the call")
            assert [one.path for one in running.sandbox.requests[before:]] == ["/x?id="]
        finally:
            closing.set()
        await running.until(lambda: app.subject.ticket.profile == "other", "a customer of the other tenant")


async def test_a_post_is_not_asked_about_in_another_room():
    async with cockpit() as running:
        before = await calling(running, CALLS + "{% connected_content @/offers/redeem :method post :save y %}")
        screen = running.app.screen
        await running.press("1")
        running.sandbox.clear_faults()
        await running.until(lambda: not screen.is_calling, "the end of the calls")
        assert "Make this call?" not in running.text
        assert not any("redeem" in request.path for request in running.sandbox.requests[before:])
        assert "somebody says yes" in screen.kept.records[-1].refused


async def test_leaving_does_not_wait_for_calls_under_way():
    async with cockpit() as running:
        await calling(running)
        began_at_s = time.monotonic()
        running.app.exit()
    assert time.monotonic() - began_at_s < 5


async def test_what_is_mended_is_rendered_before_the_other_fields_of_what_was_broken():
    """Seven fields of one and a half seconds each: the person has mended the text after the first of them."""
    slow = "{% for i in (1..1500) %}{% for j in (1..60) %}{{ i | times: j }}{% endfor %}{% endfor %}"
    fields = ("from", "reply_to", "subject", "preheader", "headers", "html", "plain")
    async with cockpit() as running:
        await to_the_message(running)
        rendered: list[str] = []
        renderer = running.deck.renderer()
        render = renderer.render

        async def listening(template: str, *arguments: Any, **options: Any) -> Any:
            rendered.append(options["name"] if template == slow else template)
            return await render(template, *arguments, **options)

        renderer.render = listening
        await write(running.pilot, "--- email ---\n" + "".join(f"--- {name} ---\n{slow}\n" for name in fields))
        await running.until(lambda: "from" in rendered, "the first field")
        running.app.screen.writing.editor.replace_all("mended")
        await running.until(lambda: "mended" in message(running), "the mended text")
        assert len([name for name in rendered if name in fields]) <= 2


def reads(running: Cockpit, path: str) -> int:
    """How often Braze was asked for what begins with `path`."""
    return sum(request.path.startswith(path) for request in running.sandbox.requests)


async def test_what_a_message_borrows_of_braze_is_read_by_itself_and_what_is_not_there_is_told():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "{{content_blocks.${greeting}}}! {% catalog_items menu oolong %}{{items[0].title}}")
        await running.until(lambda: "Hello Ana! Oolong" in message(running), "the block and the item")
        assert not running.app.screen.view.rendered.problems
        running.app.screen.writing.editor.replace_all("{{content_blocks.${greting}}}{% catalog_items menus a %}")
        await running.shows("Braze has no Content Block", "Did you mean greeting?", "Did you mean menu?")
        asked = len(running.sandbox.requests)
        await write(running.pilot, "{{content_blocks.${greeting}}} again")
        await running.until(lambda: "Hello Ana again" in message(running), "the block again")
        assert len(running.sandbox.requests) == asked


async def test_a_name_still_being_typed_is_not_asked_for():
    async with cockpit() as running:
        await to_the_message(running)
        for end in ("f", "fl", "fla", "flat", "flat-", "flat-white"):
            running.app.screen.writing.editor.replace_all(f"{{% catalog_items menu {end} %}}{{{{items[0].title}}}}")
            await running.until(lambda: not running.app.screen.is_rendering, "the render")
        await running.until(lambda: "Flat white" in message(running), "the item")
        assert reads(running, "/catalogs/menu/items/") <= 2


async def test_a_refresh_reads_content_blocks_of_braze_anew():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "{{content_blocks.${footer}}}")
        await running.until(lambda: "12 Alder Street" in message(running), "the block")
        await running.press("escape", "L")
        await running.until(lambda: not running.app.screen.is_calling, "the end of the calls")
        assert reads(running, "/content_blocks/list") == 1
        await running.press("f5")
        await running.until(lambda: reads(running, "/content_blocks/list") == 2, "the blocks read anew")
        await running.until(lambda: "12 Alder Street" in message(running), "the block again")
