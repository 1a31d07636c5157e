"""Facts, titles and pictures: aligned, wrapped, never wider than their place."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from tests.screens.driver import until, widget_text
from tests.screens.stage import Stage
from tui.glyphs import ASCII, UNICODE
from tui.theme import DARK, inks_of
from tui.widgets.labels import Fact, Facts, Mark, Tone, facts_text, title
from tui.widgets.pictures import expiry_strip, life_bar, progress, sparkline

INK = inks_of(DARK)
FACTS = (
    Fact("SessionM", "6f1c0a52…a001"),
    Fact("Braze", "6f1c0a52…a001", mark=Mark.GOOD, note="same"),
    Fact("CRM", "CRM-000123", mark=Mark.BAD, note="differs", tone=Tone.DANGER),
)


def lines(facts: tuple[Fact, ...], width: int) -> list[str]:
    return facts_text(facts, width, INK)[0].plain.split("\n")


def colours(text: Text) -> list[object]:
    return [text.get_style_at_offset(None, at).color for at in range(len(text.plain))]  # type: ignore[arg-type]


def test_labels_values_and_marks_line_up():
    assert lines(FACTS, 60) == [
        "SessionM  6f1c0a52…a001",
        "Braze     6f1c0a52…a001  ✓ same",
        "CRM       CRM-000123  ✗ differs",
    ]


def test_a_long_value_goes_on_under_itself():
    assert lines((Fact("terms", "Once per visit, not with other offers"),), 25) == [
        "terms  Once per visit, ",
        "       not with other ",
        "       offers",
    ]


def test_without_room_beside_it_a_value_starts_under_its_label():
    assert lines((Fact("a label that is long", "short"),), 20) == ["a label that is long", "  short"]


texts = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


@given(st.lists(st.builds(Fact, texts, texts, texts, st.sampled_from(Mark)), max_size=5), st.integers(4, 80))
@settings(max_examples=300, deadline=None)
def test_no_line_is_wider_than_its_place_and_no_fact_is_lost(facts: list[Fact], width: int):
    text, owners = facts_text(facts, width, INK)
    drawn = text.plain.split("\n") if owners else []
    assert len(drawn) == len(owners)
    assert all(cell_len(line.rstrip()) <= width for line in drawn)
    assert sorted(set(owners)) == list(range(len(facts)))


async def test_arrows_walk_over_the_facts_that_have_a_key_and_enter_opens_one():
    facts = Facts([Fact("a", "1", key="a"), Fact("b", "2"), Fact("c", "3", key="c")], selectable=True)
    app = Stage(facts)
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("down", "enter")
        await until(pilot, lambda: bool(app.heard), what="the chosen fact")
        assert [event.fact.key for event in app.heard] == ["c"]
        facts.facts = [Fact("c", "33", key="c"), Fact("a", "1", key="a")]
        assert facts.current is not None
        assert facts.current.key == "c"
        await pilot.pause()
        assert widget_text(facts) == "c  33\na  1"


async def test_facts_grow_and_shrink_with_what_they_hold():
    facts = Facts(FACTS)
    app = Stage(facts)
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert facts.size.height == 3
        facts.facts = [*FACTS, Fact("more", "x")]
        await pilot.pause()
        assert facts.size.height == 4
        await pilot.resize_terminal(16, 12)
        await pilot.pause()
        assert facts.size.height > 4


def test_a_title_has_its_note_in_another_ink():
    made = title("TAGS", INK, note="soonest first")
    assert made.plain == "TAGS  soonest first"
    assert made.spans[0].style != made.spans[1].style


def test_the_expiry_strip_marks_today_red_the_week_amber_and_the_rest_in_the_accent():
    strip = expiry_strip([4, 2] + [1] * 28, INK)
    assert strip.plain[:3] == "█▅▃"
    assert len(strip.plain) == 30
    told = [str(span.style) for span in strip.spans]
    assert told == [str(INK.danger), str(INK.warn), str(INK.accent)]
    assert [(span.start, span.end) for span in strip.spans] == [(0, 1), (1, 8), (8, 30)]
    assert str(expiry_strip([0, 1], INK).spans[0].style) == str(INK.faint)
    assert expiry_strip([], INK).plain == ""
    assert expiry_strip([0, 4], INK, ASCII).plain == "_#"


def test_a_sparkline_fits_its_width_whatever_the_number_of_values():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8, INK).plain == "▁▂▃▄▅▆▇█"
    assert sparkline([1, 9, 1, 1], 2, INK).plain == "█▂"
    assert sparkline([0, 7], 4, INK).plain == "▁▁██"
    assert sparkline([], 3, INK).plain == "▁▁▁"
    assert sparkline([0, 0], 3, INK).plain == "▁▁▁"
    assert sparkline([5], 0, INK).plain == ""


@given(st.lists(st.floats(), max_size=120), st.integers(0, 60))
@settings(deadline=None)
def test_no_number_breaks_a_picture(values: list[float], width: int):
    assert len(sparkline(values, width, INK).plain) == width
    for value in values[:5]:
        assert len(life_bar(value, width, INK).plain) == width
        assert len(progress(value, width, INK, ASCII).plain) == width


def test_a_life_bar_is_red_when_short_and_never_empty_while_something_is_left():
    assert life_bar(1.0, 4, INK).plain == "━━━━"
    assert life_bar(0.5, 4, INK).plain == "━━──"
    assert life_bar(0.001, 4, INK).plain == "╸───"
    assert life_bar(0.0, 4, INK).plain == "────"
    assert str(life_bar(0.1, 4, INK).spans[0].style) == str(INK.danger)
    assert str(life_bar(0.4, 4, INK).spans[0].style) == str(INK.warn)
    assert str(life_bar(0.9, 4, INK).spans[0].style) == str(INK.accent)
    assert str(progress(0.1, 4, INK, UNICODE).spans[0].style) == str(INK.accent)
