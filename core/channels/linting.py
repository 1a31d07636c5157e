"""What is wrong with a message whatever it is rendered with."""

from __future__ import annotations

from core.channels.limits import limit_problems
from core.channels.rendering import RenderedMessage, message_extras
from core.channels.rules import OF_THE_TEXT
from core.liquid.ignoring import silenced
from core.liquid.rules import NEEDS_DATA
from core.render import Problem, RenderData


def lint_problems(made: RenderedMessage) -> tuple[Problem, ...]:
    """The problems of the message's own text, in its order, out of a render without data; of what the channel's pages
    say, what holds with any data. Comments silence as they do in a render."""
    fields = made.fields
    found = [*made.message.problems, *(problem for field in fields.values() for problem in field.problems)]
    came_out = {name: field for name, field in fields.items() if field.status == "rendered"}
    limits = limit_problems(made.message, came_out, RenderData(), message_extras(came_out.values()))
    found += [problem for problem in limits if problem.rule in OF_THE_TEXT]
    told = [problem for problem in found if problem.rule not in NEEDS_DATA]
    return tuple(silenced(sorted(told, key=lambda one: (one.line, one.column)), made.message.to_text()))
