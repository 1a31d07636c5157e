"""How a render ends: rendered, aborted, waiting for an answer, or failed for a reason that can be told."""

from __future__ import annotations

from typing import NamedTuple

from core.liquid.context import Context, Output
from core.liquid.faults import Aborted, LimitReached, Mismatched, TimedOut, Waiting
from core.liquid.nodes import Body
from core.liquid.source import Source
from core.render import Status, Want


class End(NamedTuple):
    """One end: an abort has its `reason`, a wait what it `wants`."""

    status: Status
    reason: str | None = None
    wants: Want | None = None


def rendered(body: Body, context: Context, output: Output, source: Source) -> End:
    """Render `body` into `output`; why it failed goes to the context's findings, for the template as a whole."""
    try:
        body.render(context, output)
    except Aborted as stop:
        return End("aborted", reason=stop.reason)
    except Waiting as stop:
        return End("waiting", wants=Want(stop.kind, stop.request, *source.position(stop.span[0])))
    except Mismatched as stop:
        return _failed(context, "internal-error", stop.words, "This is a fault of offerdeck; report it.")
    except LimitReached as stop:
        return _failed(context, stop.rule, stop.message, stop.hint)
    except TimedOut:
        return _failed(context, "limit-time", "Rendering took longer than two seconds.", "Look for loops in loops.")
    except RecursionError:
        return _failed(context, "too-deep", "Rendering went too deep.", "Look for values nested without end.")
    return End("rendered")


def _failed(context: Context, rule: str, message: str, hint: str) -> End:
    context.findings.add(rule, 0, 1, message, hint)
    return End("failed")
