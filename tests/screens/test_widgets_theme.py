"""Colours that can be read, glyphs one cell wide, and terminals that have neither."""

from __future__ import annotations

import itertools

import pytest
from rich.cells import cell_len
from rich.color import EIGHT_BIT_PALETTE, ColorSystem
from rich.color import Color as RichColor
from textual.color import Color
from textual.widgets import Static

from tests.screens.driver import drawn, screen_text
from tests.screens.stage import Stage, offers, table
from tui import glyphs, theme
from tui.theme import ANSI, DARK, LIGHT, PALETTES, Palette, choose, inks_of


def luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    parsed = Color.parse(colour)
    return 0.2126 * linear(parsed.r) + 0.7152 * linear(parsed.g) + 0.0722 * linear(parsed.b)


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_of_black_on_white_is_21_and_of_a_colour_on_itself_1():
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert contrast("#7fc4b4", "#7fc4b4") == 1


@pytest.mark.parametrize("name", [DARK, LIGHT])
def test_every_ink_can_be_read_on_every_ground(name: str):
    palette = PALETTES[name]
    colours = palette.variables()
    for ground, ink in itertools.product(theme.GROUNDS, theme.READ):
        assert contrast(colours[ground], colours[ink]) >= 4.5, f"{ink} on {ground}"
    for ground in theme.GROUNDS:
        assert contrast(colours[ground], palette.faint) >= 3, f"faint on {ground}"
    assert contrast(palette.match, palette.bright) >= 4.5
    for chip in ("accent", "warn", "danger"):
        assert contrast(colours[chip], palette.ground) >= 4.5, f"a chip in {chip}"


@pytest.mark.parametrize("name", [DARK, LIGHT])
def test_the_inks_differ_from_each_other_and_so_do_the_grounds(name: str):
    palette = PALETTES[name]
    assert len(set(palette.variables().values())) == len(Palette._fields)


def in_256_colours(colour: str) -> str:
    number = RichColor.parse(colour).downgrade(ColorSystem.EIGHT_BIT).number
    assert number is not None
    return "#{:02x}{:02x}{:02x}".format(*EIGHT_BIT_PALETTE[number])


@pytest.mark.parametrize("name", [DARK, LIGHT])
def test_in_256_colours_the_grounds_are_still_told_apart_and_the_inks_read(name: str):
    colours = {key: in_256_colours(value) for key, value in PALETTES[name].variables().items()}
    assert len({colours[ground] for ground in theme.GROUNDS}) == len(theme.GROUNDS)
    for ground, ink in itertools.product(theme.GROUNDS, theme.READ):
        assert contrast(colours[ground], colours[ink]) >= 3.9, f"{ink} on {ground}"
    for ground in theme.GROUNDS:
        assert contrast(colours[ground], colours["faint"]) >= 3, f"faint on {ground}"


def test_the_terminals_own_colours_are_chosen_where_those_are_all_it_has():
    assert choose({"NO_COLOR": "1", "COLORTERM": "truecolor"}) == ANSI
    assert choose({"TERM": "xterm"}) == ANSI
    assert choose({"TERM": "linux"}) == ANSI
    assert choose({}) == ANSI
    assert choose({"TERM": "xterm-256color"}) == DARK
    assert choose({"TERM": "xterm", "COLORTERM": "truecolor"}, LIGHT) == LIGHT
    assert choose({"NO_COLOR": "", "TERM": "xterm-kitty"}) == DARK


@pytest.mark.parametrize("look", [DARK, LIGHT, ANSI])
async def test_an_app_in_each_theme_shows_the_row_under_the_cursor_by_shape_and_weight(look: str):
    app = Stage(table(offers(5)), look=look)
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("down")
        await pilot.pause()
        lines = list(drawn(app.widgets[0]))
    marked = [line for line in lines if line[0].text == "▌"]
    assert len(marked) == 1
    assert any(segment.style is not None and segment.style.bold for segment in marked[0] if "Offer 1" in segment.text)


async def test_without_colour_nothing_drawn_carries_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = Stage(table(offers(5)), look=ANSI)
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.press("down")
        await pilot.pause()
        styles = [segment.style for line in drawn(app.widgets[0]) for segment in line if segment.style is not None]
        assert styles
        assert all(style.color is None or style.color.is_default for style in styles)
        assert all(style.bgcolor is None or style.bgcolor.is_default for style in styles)
        assert "▌" in screen_text(app)


async def test_switching_the_theme_repaints_the_table_in_the_new_inks():
    app = Stage(table(offers(3)))
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.pause()
        for look in (LIGHT, DARK):
            app.theme = look
            await pilot.pause()
            wanted = inks_of(look).ink.color
            last = list(drawn(app.widgets[0]))[3]
            assert [s.style.color for s in last if s.style and "Offer 2" in s.text] == [wanted]


async def test_every_variable_of_the_palette_can_be_used_in_a_stylesheet():
    class Everything(Stage):
        CSS = "".join(f"#{field} {{ color: ${field}; background: $ground; }}" for field in Palette._fields)

    for look in (DARK, LIGHT, ANSI):
        app = Everything(*(Static("x", id=field) for field in Palette._fields), look=look)
        async with app.run_test(size=(20, 20)):
            if look != ANSI:
                colours = {field: app.query_one(f"#{field}").styles.color.hex for field in Palette._fields}
                assert {name: value.lower() for name, value in colours.items()} == PALETTES[look].variables()


def test_every_glyph_is_one_cell_wide_and_the_ascii_ones_are_ascii():
    for signs, plain in ((glyphs.UNICODE, False), (glyphs.ASCII, True)):
        for field in signs._fields:
            shown = getattr(signs, field)
            assert plain is shown.isascii() or shown.isascii()
            if field == "spark":
                assert len(shown) == cell_len(shown) == 8
            elif field != "null":
                assert len(shown) == cell_len(shown) == 1, field


def test_ascii_glyphs_are_chosen_by_wish_or_by_locale():
    assert glyphs.choose({}) is glyphs.UNICODE
    assert glyphs.choose({"LANG": "de_DE.UTF-8"}) is glyphs.UNICODE
    assert glyphs.choose({"LANG": "de_DE.utf8"}) is glyphs.UNICODE
    assert glyphs.choose({"LANG": "C"}) is glyphs.ASCII
    assert glyphs.choose({"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"}) is glyphs.ASCII
    assert glyphs.choose({"OFFERDECK_ASCII": "1", "LANG": "de_DE.UTF-8"}) is glyphs.ASCII
    assert glyphs.choose({"OFFERDECK_ASCII": "0", "LANG": "C"}) is glyphs.UNICODE


async def test_with_ascii_glyphs_a_table_draws_nothing_but_ascii():
    glyphs.use(glyphs.ASCII)
    try:
        app = Stage(table(offers(3), empty="none"))
        async with app.run_test(size=(30, 6)) as pilot:
            app.widgets[0].mark_sorted("ends")
            await pilot.pause()
            assert screen_text(app).isascii()
    finally:
        glyphs.use(glyphs.UNICODE)


def test_a_theme_of_somebody_else_gets_the_dark_inks():
    assert inks_of("nord").ink == inks_of(DARK).ink
    assert theme.inks_of(LIGHT) is theme.inks_of(LIGHT)
