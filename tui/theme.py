"""The look in numbers: grounds, inks and one accent, for CSS variables and for lines drawn by hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from rich.style import Style
from textual.app import App
from textual.theme import Theme

DARK = "offerdeck-dark"
LIGHT = "offerdeck-light"
ANSI = "offerdeck-ansi"


# Tuples, for dataclasses take more than twice as long to make, and this is made before the first paint.
class Palette(NamedTuple):
    """The colours of one theme: grounds, inks and signals. Every field is also a CSS variable of its name."""

    ground: str
    pane: str
    bar: str
    cursor: str
    match: str
    ink: str
    bright: str
    dim: str
    faint: str
    accent: str
    warn: str
    danger: str
    ok: str

    def variables(self) -> dict[str, str]:
        """Name to colour, for a stylesheet."""
        return self._asdict()


GROUNDS = ("ground", "pane", "bar", "cursor")
READ = ("ink", "bright", "dim", "accent", "warn", "danger", "ok")
PALETTES: Mapping[str, Palette] = {
    DARK: Palette(
        ground="#121418",
        pane="#191c21",
        bar="#20242a",
        cursor="#292e36",
        match="#2f5650",
        ink="#d5dae3",
        bright="#eef1f5",
        dim="#939daf",
        faint="#79828f",
        accent="#7fc4b4",
        warn="#e0ae59",
        danger="#e87e70",
        ok="#8fc493",
    ),
    LIGHT: Palette(
        ground="#f1f3f0",
        pane="#fbfcfa",
        bar="#e7ebe9",
        cursor="#dcebe7",
        match="#b5ded4",
        ink="#22292f",
        bright="#0b0f13",
        dim="#515b64",
        faint="#737c86",
        accent="#0b6b5c",
        warn="#855400",
        danger="#b02a1c",
        ok="#2f6b36",
    ),
    ANSI: Palette(
        ground="ansi_default",
        pane="ansi_default",
        bar="ansi_default",
        cursor="ansi_default",
        match="ansi_default",
        ink="ansi_default",
        bright="ansi_default",
        dim="ansi_default",
        faint="ansi_bright_black",
        accent="ansi_cyan",
        warn="ansi_yellow",
        danger="ansi_red",
        ok="ansi_green",
    ),
}


class Inks(NamedTuple):
    """Rich styles for lines drawn by hand; backgrounds only in `cursor`, `match`, `card` and `chip_*`."""

    name: str
    ink: Style
    bright: Style
    bold: Style
    dim: Style
    faint: Style
    accent: Style
    key: Style
    warn: Style
    danger: Style
    ok: Style
    struck: Style
    cursor: Style
    strong: Style
    underline: Style
    match: Style
    card: Style
    chip: Style
    chip_warn: Style
    chip_danger: Style


def _rich(colour: str) -> str:
    return "default" if colour == "ansi_default" else colour.removeprefix("ansi_")


@cache
def inks_of(theme: str) -> Inks:
    """The inks of a theme by name; a theme of somebody else's gets the dark ones."""
    palette = PALETTES.get(theme, PALETTES[DARK])
    colour = {name: _rich(value) for name, value in palette.variables().items()}
    plain = theme == ANSI

    def ink(name: str, **extra: Any) -> Style:
        return Style(color=colour[name], **extra)

    def chip(name: str) -> Style:
        if plain:
            return Style(color=colour[name], reverse=True, bold=True)
        return Style(color=colour["ground"], bgcolor=colour[name], bold=True)

    return Inks(
        name=theme,
        ink=ink("ink"),
        bright=ink("bright"),
        bold=ink("bright", bold=True),
        dim=ink("dim"),
        faint=Style(dim=True) if plain else ink("faint"),
        accent=ink("accent"),
        key=ink("accent", bold=True),
        warn=ink("warn"),
        danger=ink("danger"),
        ok=ink("ok"),
        struck=Style(dim=True, strike=True) if plain else ink("faint", strike=True),
        strong=Style(bold=True),
        underline=Style(underline=True),
        cursor=Style() if plain else Style(bgcolor=colour["cursor"]),
        match=Style(reverse=True) if plain else Style(bgcolor=colour["match"], color=colour["bright"]),
        card=Style() if plain else Style(bgcolor=colour["bar"]),
        chip=chip("accent"),
        chip_warn=chip("warn"),
        chip_danger=chip("danger"),
    )


def inks(app: App[Any]) -> Inks:
    """The inks of the theme `app` shows now."""
    return inks_of(app.theme)


def _theme(name: str, *, dark: bool) -> Theme:
    p = PALETTES[name]
    return Theme(
        name=name,
        dark=dark,
        ansi=name == ANSI,
        primary=p.accent,
        secondary=p.accent,
        accent=p.accent,
        warning=p.warn,
        error=p.danger,
        success=p.ok,
        foreground=p.ink,
        background=p.ground,
        surface=p.pane,
        panel=p.bar,
        variables={
            **p.variables(),
            **({"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"} if name == ANSI else {}),
            "border": p.faint,
            "border-blurred": p.faint,
            "block-cursor-background": p.accent if name == ANSI else p.cursor,
            "block-cursor-foreground": "ansi_black" if name == ANSI else p.bright,
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": p.cursor,
            "block-cursor-blurred-foreground": p.ink,
            "block-hover-background": p.bar,
            "footer-background": p.bar,
            "footer-foreground": p.dim,
            "footer-description-foreground": p.dim,
            "footer-key-foreground": p.accent,
            "scrollbar": p.faint if name == ANSI else p.match,
            "scrollbar-hover": p.faint,
            "scrollbar-active": p.accent,
            "scrollbar-background": p.pane,
            "scrollbar-background-hover": p.pane,
            "scrollbar-background-active": p.pane,
            "scrollbar-corner-color": p.pane,
            "input-cursor-background": p.accent,
            "input-cursor-foreground": "ansi_black" if name == ANSI else p.ground,
            "input-selection-background": "ansi_cyan" if name == ANSI else p.match,
            "input-selection-foreground": "ansi_black" if name == ANSI else p.bright,
            "link-color": p.accent,
            "link-color-hover": p.accent,
        },
    )


THEMES = (_theme(DARK, dark=True), _theme(LIGHT, dark=False), _theme(ANSI, dark=True))


def choose(environ: Mapping[str, str], wanted: str = DARK) -> str:
    """The theme to start with: `wanted`, or the terminal's own colours where those are all it has or NO_COLOR asks.

    Sources: no-color.org (set and not empty); TERM and COLORTERM as terminals set them.
    """
    if environ.get("NO_COLOR"):
        return ANSI
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or "WT_SESSION" in environ:
        return wanted
    term = environ.get("TERM", "").lower()
    few = term in ("", "linux", "vt100", "vt220", "ansi", "dumb", "xterm", "screen", "tmux", "rxvt", "cygwin")
    return ANSI if few or term.endswith("-16color") else wanted


def install(app: App[Any], name: str = DARK) -> None:
    """Register the themes on `app` and show `name`; call it last in the app's `__init__`, so nothing is styled twice.

    With `ANSI` the app must be made with `ansi_color=True`, else Textual turns the terminal's colours into its own.
    """
    for theme in THEMES:
        app.register_theme(theme)
    app.set_reactive(App.theme, name)
    app.set_class(app.current_theme.dark, "-dark-mode", update=False)
    app.set_class(not app.current_theme.dark, "-light-mode", update=False)
    app.stylesheet.set_variables(app.get_css_variables())
