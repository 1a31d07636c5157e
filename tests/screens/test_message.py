"""The Message room by keys: write, see it rendered, find what is wrong, lose nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime

import pytest
from rich.cells import cell_len, set_cell_size
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from core.messages import Draft
from core.render import Connected, RenderData, Rendered
from tests.screens.cockpit import Cockpit, cockpit, id_of
from tests.screens.driver import pieces, screen_lines
from tui.screens.message import MessageScreen
from tui.theme import inks
from tui.widgets.template_editor import TemplateEditor
from tui.widgets.trace_pane import TraceTree


def room(running: Cockpit) -> MessageScreen:
    screen = running.app.screen
    assert isinstance(screen, MessageScreen)
    return screen


async def to_the_message(running: Cockpit) -> None:
    """Key 2, and wait until the draft of last time was looked for."""
    await running.press("2")
    await running.until(lambda: isinstance(running.app.screen, MessageScreen), "the Message room")
    await running.until(lambda: isinstance(running.app.focused, TemplateEditor), "the focus in the editor")


async def write(pilot: Pilot[None], text: str) -> None:
    """Type `text`: key by key when it is short, else as a terminal pastes it, but for its last key."""
    names = {"\n": "enter", " ": "space"}
    if len(text) > 12:
        pilot.app.post_message(events.Paste(text[:-1]))
        await pilot.pause()
        text = text[-1]
    for character in text:
        await pilot.press(names.get(character, character))


def seen(running: Cockpit, widget: Widget) -> str:
    """What the terminal shows where `widget` is; it must be one without wide characters to its left."""
    area = widget.region
    lines = screen_lines(running.app)[area.y : area.bottom]
    return "\n".join(set_cell_size(line, area.right)[area.x :] for line in lines)


def marked_texts(running: Cockpit) -> list[str]:
    """What stands on the ground that marks a match."""
    ground = inks(running.app).match.bgcolor
    return [piece.strip() for piece in pieces(running.app, lambda style: style.bgcolor == ground)]


def message(running: Cockpit) -> str:
    return seen(running, room(running).reading)


async def test_what_is_typed_is_rendered_for_the_customer_as_one_types():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "<h1>Hi {{${first_name}}}</h1>\n<p>{{wallet.payload.available_points}} points</p>")
        await running.until(lambda: "1240 points" in message(running), "the rendered message")
        assert "Hi Ana" in message(running)
        assert "<h1>" not in message(running)
        await running.shows("rendered", "2 fields read", "HTML")
        await running.pilot.press("escape", "right_square_bracket")
        await running.until(lambda: "<h1>Hi Ana</h1>" in message(running), "the raw text in its tab")


async def test_a_problem_shows_line_and_column_and_leads_there():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "Hi\n{{wallet.payload.available_pints}}\n")
        await running.shows("2:3", "available_points?")
        await running.pilot.press("f8")
        assert room(running).writing.editor.place == (2, 3)
        await write(running.pilot, "x")
        await running.shows("undefined" if "undefined" in running.text else "Nothing is called xwallet")


async def test_the_problem_list_opens_its_place_with_enter():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "{{wallet.statos}}\n{{wallet.paylod}}\n")
        await running.shows("1:3", "2:3", "2 warnings")
        await running.pilot.press("tab")
        await running.until(lambda: room(running).writing.problem_list.has_focus, "the focus in the problems")
        await running.pilot.press("down", "enter")
        await running.until(lambda: running.app.focused is room(running).writing.editor, "the focus in the editor")
        assert room(running).writing.editor.place == (2, 3)


class Stubborn:
    """Renders a template as its own text with the customer's name; one that holds `slow` waits for a permit."""

    def __init__(self) -> None:
        self.permits = asyncio.Semaphore(0)
        self.asked: list[tuple[str, RenderData]] = []
        self.at_once = self.most_at_once = 0

    async def render(
        self,
        template: str,
        data: RenderData,
        *,
        connected: Connected = "off",
        name: str = "message",
        answers: Sequence[Mapping[str, object]] = (),
        now: datetime | None = None,
    ) -> Rendered:
        self.asked.append((template, data))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if "slow" in template:
            await self.permits.acquire()
        self.at_once -= 1
        return Rendered("rendered", output=f"{template} for {data.attributes.get('first_name', 'nobody')}")

    def is_asked(self, template: str, name: str) -> bool:
        """Whether `template` was asked for the customer called `name`."""
        return any(text == template and data.attributes.get("first_name") == name for text, data in self.asked)

    def permit_all(self) -> None:
        """What waits now and what is asked later: more of a customer that was read renders the message anew."""
        for _ in range(100):
            self.permits.release()

    async def aclose(self) -> None:
        """Nothing to end."""


async def settle(running: Cockpit) -> None:
    """Let everything that is on its way arrive."""
    for _ in range(5):
        await running.pilot.pause()


async def test_an_answer_that_is_out_of_date_is_never_shown_and_the_newest_text_wins():
    async with cockpit() as running:
        renderer = running.deck._renderer = Stubborn()  # type: ignore[assignment]
        await to_the_message(running)
        await write(running.pilot, "slow")
        await running.until(lambda: renderer.is_asked("slow", "Ana"), "the slow render")
        await write(running.pilot, "er")
        renderer.permits.release()
        await running.until(lambda: renderer.is_asked("slower", "Ana"), "the newest text asked for")
        await settle(running)
        assert "for Ana" not in message(running).replace("slo for Ana", "")
        renderer.permit_all()
        await running.until(lambda: "slower for Ana" in message(running), "the newest message")
        assert renderer.most_at_once == 1


async def test_while_a_wallet_is_being_read_its_absence_is_no_fault_of_the_template():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "{{wallet.payload.available_points}} points")
        await running.until(lambda: "1240 points" in message(running), "the message for Ana")
        running.sandbox.inject("latency=20000", service="connect")
        running.app.look_up(id_of("soon"))
        await running.shows("wallet loading", "the wallet is being read")
        await running.until(lambda: running.app.subject.braze.value is not None, "what Braze knows")
        await running.pilot.pause()
        assert (room(running).view, room(running).is_rendering) == (None, False)
        await running.shows("PROBLEMS  …", "the wallet is being read")


async def test_another_customer_leaves_nothing_of_the_one_before():
    async with cockpit() as running:
        renderer = running.deck._renderer = Stubborn()  # type: ignore[assignment]
        await to_the_message(running)
        await write(running.pilot, "hello")
        await running.until(lambda: "hello for Ana" in message(running), "the message for Ana")
        await write(running.pilot, " slow")
        await running.until(lambda: renderer.is_asked("hello slow", "Ana"), "the slow render")
        running.app.look_up(id_of("soon"))
        await running.until(lambda: "for Ana" not in message(running), "Ana gone")
        await running.read()
        renderer.permits.release()
        await running.until(lambda: renderer.is_asked("hello slow", "Cleo"), "the same for Cleo")
        await settle(running)
        assert "for Ana" not in message(running)
        await running.shows("being rendered")
        renderer.permit_all()
        await running.until(lambda: "hello slow for Cleo" in message(running), "the message for Cleo")


async def test_the_same_data_goes_to_the_renderer_while_only_the_template_changes():
    async with cockpit("many") as running:
        renderer = running.deck._renderer = Stubborn()  # type: ignore[assignment]
        await to_the_message(running)
        await running.until(lambda: bool(renderer.asked), "a first render")
        await running.read()
        renderer.asked.clear()
        await write(running.pilot, "abc")
        await running.until(lambda: any(text == "abc" for text, _ in renderer.asked), "the last render")
        assert len({id(data) for _, data in renderer.asked}) == 1
        assert len(renderer.asked[0][1].variables["wallet"]["payload"]["user_offers"]) == 1312


WALLET_PATH = "offers/api/2.0/offers/get_user_offers"
WALLET_CALL = f"{{% connected_content {{{{endpoint_connect}}}}/{WALLET_PATH} :method post :save wallet %}}"


async def test_the_trace_keeps_its_name_beside_large_numbers():
    async with cockpit("many") as running:
        await to_the_message(running)
        await write(running.pilot, "{% for o in wallet.payload.user_offers %}{{o.name}}{{o.description}}{% endfor %}")
        await running.until(lambda: "100 of 29," in seen(running, room(running).tracing), "the fields counted")
        assert "Trace" in seen(running, room(running).tracing)


async def test_a_field_of_the_trace_marks_the_lines_that_read_it_and_leads_to_the_first():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, f"{WALLET_CALL}\n{{{{wallet.status}}}}\n\n{{{{wallet.status}}}}")
        await running.until(lambda: "lines 2, 4" in seen(running, room(running).tracing), "the field's lines")
        room(running).tracing.tree_lines.focus()
        await running.until(lambda: room(running).tracing.tree_lines.has_focus, "the focus in the trace")
        await running.pilot.press("down", "down")
        editor = room(running).writing.editor
        await running.until(lambda: editor.shown_rows == {1, 3}, "the lines marked")
        await running.until(lambda: marked_texts(running).count("{{wallet.status}}") == 2, "marks to be seen")
        await running.pilot.press("enter")
        await running.until(lambda: editor.has_focus, "the focus in the editor")
        assert editor.place == (2, 1)
        await running.until(lambda: not editor.shown_rows, "no line marked")
        await running.until(lambda: "{{wallet.status}}" not in marked_texts(running), "the marks gone")


async def test_below_the_trace_stands_the_whole_path_and_value_of_the_field_that_is_looked_at():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "{% assign o = wallet.payload.user_offers[0] %}\n{{o.expiration_date}}{{o.nope}}")

        def foot() -> str:
            return seen(running, room(running).tracing.query_one("#trace-field"))

        await running.until(lambda: "✗" in seen(running, room(running).tracing.tree_lines), "the trace")
        room(running).writing.editor.go_to(2, 5)
        await running.until(lambda: "user_offers[0].expiration_date" in foot(), "the field under the cursor")
        value = running.app.subject.wallet.value.document["payload"]["user_offers"][0]["expiration_date"]
        assert value in foot()
        room(running).writing.editor.go_to(2, 26)
        await running.until(lambda: "user_offers[0].nope" in foot() and "✗ missing" in foot(), "the other field")
        room(running).writing.editor.go_to(1, 1)
        await running.until(lambda: "user_offers[0] " in foot() and "{19}" in foot(), "the offer as a whole")


async def test_the_start_and_the_end_of_the_text_are_one_key_away():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "one\ntwo\nthree")
        await running.pilot.press("ctrl+home")
        assert room(running).writing.editor.place == (1, 1)
        await running.pilot.press("ctrl+end")
        assert room(running).writing.editor.place == (3, 6)


async def test_while_the_template_is_broken_the_last_good_message_stays():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "Hello {{${first_name}}} ")
        await running.until(lambda: "Hello Ana" in message(running), "the message")
        await write(running.pilot, "{% if x %}")
        await running.shows("failed", "the last render that worked")
        assert "Hello Ana" in message(running)
        await write(running.pilot, "{% endif %}")
        await running.shows("rendered")


async def test_a_message_that_prints_errors_says_so_where_it_says_that_it_is_rendered():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "Hi {{ 5 | divided_by: 0 }} {% if a === 1 %}x{% endif %}")
        await running.shows("! rendered with 2 errors")
        assert "✓ rendered" not in running.text


async def test_an_abort_says_its_reason_and_that_nobody_gets_a_message():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "{% abort_message('empty wallet') %}")
        await running.shows("aborted: empty wallet", "No message for Ana Prado.")


async def test_escape_leaves_the_editor_and_then_the_room_and_the_text_stays():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "keep me 123")
        await running.pilot.press("escape")
        await running.until(lambda: not isinstance(running.app.focused, TemplateEditor), "the focus out of the editor")
        await running.pilot.press("escape")
        await running.until(lambda: running.app.current_mode == "customer", "the Customer room")
        await running.press("2")
        await running.shows("keep me 123")
        assert room(running).draft.text == "keep me 123"


async def test_letters_that_are_commands_elsewhere_are_text_in_the_editor():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "noSecydp[]2?:-/")
        assert room(running).draft.text == "noSecydp[]2?:-/"
        assert running.app.current_mode == "message"


async def test_a_starter_opens_by_keys_and_renders_on_the_live_wallet():
    async with cockpit() as running:
        await to_the_message(running)
        await running.shows("F9 to open")
        await running.pilot.press("f9")
        await running.shows("live-wallet.liquid")
        await write(running.pilot, "live")
        await running.pilot.press("enter")
        await running.until(lambda: "You have 1240 points" in message(running), "the rendered starter")
        await running.shows("1 call", "Free coffee until")
        await running.pilot.press("escape", "right_square_bracket", "right_square_bracket")
        await running.until(lambda: "POST" in message(running) and "saved as wallet" in message(running), "the call")
        await running.until(lambda: "line 27" in seen(running, room(running).tracing), "the trace")


async def test_a_message_of_a_braze_campaign_opens_and_the_text_before_goes_to_the_shelf():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "unsaved words")
        await running.pilot.press("escape", "o")
        await running.shows("CAMPAIGNS")
        await write(running.pilot, "expiring reminder")
        await running.pilot.press("enter")
        await running.shows("email", "ios_push", "esc goes back")
        await write(running.pilot, "email")
        await running.pilot.press("enter")
        name = "Offer expiring reminder · Variant 1 · email"
        await running.until(lambda: room(running).draft.name == name, "the campaign's message")
        assert room(running).draft.text.startswith("--- email ---\n--- from ---\nBrightleaf")
        await running.until(lambda: "Free coffee is yours until" in message(running), "it rendered on the live wallet")
        await running.pilot.press("escape", "f9")
        await running.shows("DRAFTS", "untitled.liquid (unsaved)")
        await write(running.pilot, "untitled")
        await running.pilot.press("enter")
        await running.until(lambda: room(running).draft.text == "unsaved words", "the words of before")


async def test_an_email_template_and_a_campaigns_only_message_open_at_once():
    async with cockpit() as running:
        await to_the_message(running)
        for group, words, name, beginning in (
            (
                "EMAIL TEMPLATES",
                "plain letter",
                "Plain letter",
                "--- email ---\n--- subject ---\nHello {{${first_name}}}\n--- preheader ---\n",
            ),
            ("CAMPAIGNS", "tag the segment", "Tag the segment in SessionM · Variant 1 · webhook", "--- webhook ---\n"),
        ):
            await running.pilot.press("escape", "f9")
            await running.shows("Open a template")
            await write(running.pilot, words)
            await running.shows(group)
            await running.pilot.press("enter")
            await running.until(lambda name=name: room(running).draft.name == name, name)
            assert room(running).draft.text.startswith(beginning)


async def test_a_file_opens_by_its_path_and_a_wrong_path_says_so(tmp_path):
    file = tmp_path / "mail.html"
    file.write_bytes(b"<p>one</p>\r\n<p>two</p>")
    async with cockpit() as running:
        await to_the_message(running)
        await running.pilot.press("escape", "o")
        await running.shows("Open a template")
        await write(running.pilot, f"{file}x")
        await running.shows("Enter opens this file")
        await running.pilot.press("enter")
        await running.shows("Could not read")
        await running.pilot.press("backspace", "enter")
        await running.until(lambda: room(running).draft.name == "mail.html", "the file")
        assert room(running).draft.text == "<p>one</p>\n<p>two</p>"
        assert file.read_bytes() == b"<p>one</p>\r\n<p>two</p>"


async def test_saving_asks_for_a_name_once_and_the_dot_goes():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "Hello")
        await running.shows("untitled.liquid ●")
        await running.pilot.press("ctrl+s")
        await running.shows("Save the draft as")
        await write(running.pilot, "mine.liquid")
        await running.pilot.press("enter")
        await running.hides("untitled")
        assert "mine.liquid ●" not in running.text
        assert room(running).draft == Draft("mine.liquid", "Hello", is_saved=True)
        await write(running.pilot, "!")
        await running.shows("mine.liquid ●")
        await running.pilot.press("ctrl+s")
        await running.until(lambda: room(running).draft.is_saved, "the draft saved")


async def test_one_s_own_editor_changes_the_draft_and_a_failing_one_does_not(tmp_path, monkeypatch):
    script = tmp_path / "ed.sh"
    async with cockpit(environ={"EDITOR": f"sh {script}", "PATH": "/usr/bin:/bin"}) as running:
        # A headless run has no terminal to hand over; all else is real.
        monkeypatch.setattr(running.app, "suspend", nullcontext)
        await to_the_message(running)
        await write(running.pilot, "before")
        script.write_text('printf " and after" >> "$1"')
        await running.pilot.press("f4")
        await running.until(lambda: room(running).draft.text == "before and after", "the edited text")
        script.write_text('printf "lost" > "$1"; exit 3')
        await running.pilot.press("escape", "e")
        await running.shows("ended with 3")
        assert room(running).draft.text == "before and after"


async def test_the_offer_under_the_cursor_comes_along_and_another_can_be_chosen():
    async with cockpit() as running:
        await running.pilot.press("down", "m")
        await running.until(lambda: isinstance(running.app.screen, MessageScreen), "the Message room")
        await running.until(lambda: isinstance(running.app.focused, TemplateEditor), "the focus in the editor")
        await write(running.pilot, "{{api_trigger_properties.${offer_title}}}")
        await running.until(lambda: "20 % off pastries" in message(running), "the second offer")
        await running.pilot.press("escape", "c")
        await running.shows("The offer whose properties")
        await write(running.pilot, "free coffee")
        await running.pilot.press("enter")
        await running.until(lambda: "Free coffee" in message(running), "the chosen offer")


async def test_data_of_one_s_own_stands_above_the_customer_and_a_fault_in_it_is_named():
    async with cockpit() as running:
        await to_the_message(running)
        await write(running.pilot, "Hi {{${first_name}}}")
        await running.pilot.press("escape", "d")
        await running.shows("Data of your own")
        await write(running.pilot, '{"atributes": {}}')
        await running.pilot.press("ctrl+s")
        await running.shows("unknown key 'atributes'")
        await running.pilot.press("escape", "d")
        await running.shows("atributes", "Data of your own")
        await running.pilot.press("end")
        await running.pilot.press("ctrl+u")
        await write(running.pilot, '{"attributes": {"first_name": "Bo"}}')
        await running.pilot.press("ctrl+s")
        await running.until(lambda: "Hi Bo" in message(running), "the message for Bo")
        await running.shows("data of your own")


async def test_a_narrow_screen_shows_one_thing_at_a_time_behind_tabs():
    async with cockpit(size=(60, 20)) as running:
        await to_the_message(running)
        await write(running.pilot, "Hi {{${first_name}}}")
        await running.pilot.press("escape")
        await running.shows("Template", "Hi Ana")
        await running.hides("{{${first_name}}}")
        for _ in range(4):
            await running.pilot.press("right_square_bracket")
        await running.until(lambda: isinstance(running.app.focused, TraceTree), "the trace")
        await running.pilot.press("right_square_bracket")
        await running.shows("{{${first_name}}}", "✓ esc preview", "⏎ write")
        await running.pilot.press("right_square_bracket")
        await running.shows("Template", "Hi Ana")
        await running.pilot.press("left_square_bracket", "enter")
        assert isinstance(running.app.focused, TemplateEditor)
        assert room(running).draft.text == "Hi {{${first_name}}}"


async def test_walking_the_problems_shows_the_whole_of_each():
    async with cockpit(size=(80, 24)) as running:
        await to_the_message(running)
        await write(running.pilot, "{{ 'a' | upcas }}\n" * 6)
        await running.until(lambda: len(room(running).writing.problem_list.problems) == 6, "the problems")
        problems = room(running).writing.problem_list
        for line in (1, 2, 3, 4, 5, 6):
            await running.pilot.press("f8")
            assert "Did you mean upcase?" in seen(running, problems).split(f"! {line}:")[1]


@pytest.mark.parametrize("size", [(160, 40), (120, 40), (80, 24), (60, 20)])
@pytest.mark.parametrize("customer", ["japanese", "hostile"])
async def test_no_text_breaks_a_column_or_reaches_the_terminal(customer: str, size: tuple[int, int]):
    template = (
        "<ul>{% for o in wallet.payload.user_offers limit:30 %}<li>{{o.name}} [/b] {{o.description}}</li>"
        "{% endfor %}</ul><a href='x'>{{${first_name}}} {{${last_name}}}</a>{{o.nothing}}"
    )
    async with cockpit(customer, size=size) as running:
        await to_the_message(running)
        running.app.screen.query_one(TemplateEditor).replace_all(template + "\n\x1b]52;c;x\x07 \u202e \u200b日本語\n")
        await running.until(lambda: room(running).view is not None, "the render")
        for _ in range(7):
            await running.pilot.pause()
            lines = screen_lines(running.app)
            assert {cell_len(line) for line in lines} == {size[0]}
            assert not any(character in "".join(lines) for character in "\x1b\x07\u202e\u200b\x00")
            await running.pilot.press(
                "escape" if isinstance(running.app.focused, TemplateEditor) else "right_square_bracket"
            )
        assert running.app.is_running


async def test_the_line_being_written_stays_in_sight_when_problems_come_up_below_it():
    async with cockpit(size=(80, 24)) as running:
        await to_the_message(running)
        lines = [WALLET_CALL, "{% if wallet == nil %}{% abort_message('no wallet') %}{% endif %}", "<h1>Hi</h1>"]
        lines += ["<p>You have {{wallet.payload.available_points}} points.</p>", "<ul>"]
        lines += [
            "{% for o in wallet.payload.user_offers limit:3 %}",
            "<li>{{o.expires}}</li>",
            "{% endfor %}",
            "</ul>",
        ]
        await write(running.pilot, "\n".join(lines))
        await running.until(lambda: "PROBLEMS  2 warnings" in running.text, "the problems")
        await running.until(lambda: "</ul>" in seen(running, room(running).writing.editor), "the line being written")
