"""The exact request that a yes would send, as it stands now, and what to be careful about."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from core.planning import body_preview
from core.plans import Plan
from tui import glyphs
from tui.frame import Head
from tui.theme import Inks, inks


class RequestPane(VerticalScroll, can_focus=True):
    """Set with `show()`."""

    DEFAULT_CSS = """
    RequestPane { scrollbar-size-vertical: 1;
        & Static { height: auto; margin-bottom: 1; }
        & Head { margin-bottom: 1; }
        & .hidden { display: none; }
    }
    """

    def compose(self) -> Iterator[Widget]:
        """Head, warnings, request."""
        yield Head(id="request-head")
        yield Static(id="request-warnings")
        yield Static(id="request-text")

    def show(self, plan: Plan | None, reason: str) -> None:
        """The request of `plan`, or why there is none yet."""
        ink = inks(self.app)
        warnings = plan.warnings if plan is not None else ()
        head = Text.assemble(("Request", ink.bold), "   ", ("as it stands now", ink.faint))
        self.query_one(Head).show(head)
        shown = self.query_one("#request-warnings", Static)
        shown.set_class(not warnings, "hidden")
        shown.update(warning_lines(warnings, ink))
        self.query_one("#request-text", Static).update(request_text(plan, ink) if plan else Text(reason, ink.faint))


def warning_lines(warnings: tuple[str, ...], ink: Inks) -> Text:
    """Each warning on its own line, behind its sign."""
    sign = glyphs.current().warn
    lines = [Text.assemble((f"{sign} ", ink.warn + ink.strong), (warning, ink.warn)) for warning in warnings]
    return Text("\n").join(lines)


def request_text(plan: Plan, ink: Inks) -> Text:
    """Verb, host and path, then the body as it can be read."""
    call, host = plan.call, plan.base_url.split("://", 1)[-1]
    head = Text.assemble((call.method, ink.accent + ink.strong), (f" {host}{call.target}", ink.ink))
    return head.append("\n").append(body_preview(plan), ink.dim)
