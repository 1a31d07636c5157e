"""Signs one cell wide that common fonts have, with ASCII stand-ins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Glyphs(NamedTuple):
    """One set of signs; each is one cell wide, `spark` has eight levels from low to high."""

    check: str = "✓"
    cross: str = "✗"
    clock: str = "◔"
    ring: str = "○"
    dot: str = "●"
    bullet: str = "•"
    middle: str = "·"
    warn: str = "!"
    diamond: str = "◆"
    triangle: str = "▲"
    ascending: str = "▲"
    descending: str = "▼"
    closed: str = "▸"
    opened: str = "▾"
    cursor: str = "▌"
    ellipsis: str = "…"
    times: str = "×"
    arrow: str = "→"
    crumb: str = "›"
    null: str = "∅"
    dash: str = "—"
    bar_full: str = "━"
    bar_half: str = "╸"
    bar_rest: str = "─"
    rule: str = "─"
    search: str = "/"
    spark: str = "▁▂▃▄▅▆▇█"


UNICODE = Glyphs()
ASCII = Glyphs(
    check="+",
    cross="x",
    clock="@",
    ring="o",
    dot="*",
    bullet="*",
    middle="-",
    warn="!",
    diamond="#",
    triangle="!",
    ascending="^",
    descending="v",
    closed=">",
    opened="v",
    cursor="|",
    ellipsis="~",
    times="x",
    arrow=">",
    crumb=">",
    null="null",
    dash="-",
    bar_full="=",
    bar_half="-",
    bar_rest=".",
    rule="-",
    search="/",
    spark="_.-:=+*#",
)


def choose(environ: Mapping[str, str]) -> Glyphs:
    """The set this environment can show: ASCII when OFFERDECK_ASCII is set (and not 0) or the locale is not UTF-8.

    The locale is LC_ALL, else LC_CTYPE, else LANG (POSIX order); Windows Terminal and an unset locale count as UTF-8.
    """
    if (asked := environ.get("OFFERDECK_ASCII")) is not None:
        return UNICODE if asked in ("", "0") else ASCII
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    spoken = locale.lower().replace("-", "")
    return ASCII if spoken and "utf8" not in spoken and "WT_SESSION" not in environ else UNICODE


_in_use = [UNICODE]


def use(glyphs: Glyphs) -> None:
    """Make `glyphs` what `current()` answers from now on; bootstrap calls it once."""
    _in_use[0] = glyphs


def current() -> Glyphs:
    """The set in use."""
    return _in_use[0]
